"""The command line: what it says first, how it stops, and that it names the nearest right thing to a wrong one."""

import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner, Result
from conftest import ACCOUNT
from processes import serving

from mockserver import __version__
from mockserver.cli import main
from mockserver.providers import PROVIDERS

CREDENTIALS = {"grant_type": "client_credentials", "client_id": "demo-client", "client_secret": "demo-secret"}
SEARCH = f"/2026-07/retail-media/accounts/{ACCOUNT}/audience-segments/search?limit=0"
OF_MY_OWN = f"""
criteo:
  retailers: [{{id: "12", name: Mine}}]
  accounts: [{{id: "{ACCOUNT}", name: Mine, retailers: ["12"]}}]
  applications:
    - {{client_id: mine, client_secret: s, accounts: ["{ACCOUNT}"], permissions: [RetailMedia_Audience_Manage]}}
  segments:
    - {{id: "7", account: "{ACCOUNT}", retailer: "12", name: Mine, created_at: 2024-01-23T09:33:40Z,
       contact_list: {{identifier_type: Email}}}}
"""


@contextmanager
def visiting(first: str, **credentials: str) -> Iterator[httpx.Client]:
    """A client with a token, of a server that said this first."""
    with httpx.Client(base_url=first.rsplit(maxsplit=1)[-1], timeout=30, verify=False) as web:
        token = web.post("/oauth2/token", data={**CREDENTIALS, **credentials}).json()["access_token"]
        web.headers["authorization"] = f"Bearer {token}"
        yield web


@pytest.fixture
def taken() -> Iterator[str]:
    """A port that is taken, so that no server of a test ever starts to serve."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield str(listening.getsockname()[1])


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def assert_mistake(result: Result, *texts: str) -> None:
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    for text in texts:
        assert text in result.stderr


def test_a_server_says_where_it_is_and_ends_when_told_to() -> None:
    with serving() as (process, first):
        assert re.fullmatch(r"mockserver ready at http://127\.0\.0\.1:[1-9][0-9]*\n", first)
        with visiting(first) as web:
            assert web.post(SEARCH, json={}).json()["meta"]["totalItems"] == 424
            assert web.get("/_mock/settings").json() == {"rate_limit": 250, "seed": 0}
            assert web.get("/_mock/clock").json()["frozen"] is False
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=30)
        assert (process.returncode, out) == (-signal.SIGTERM, "")
        assert [line.split()[5] for line in err.splitlines()] == ["requestToken", "searchAudienceSegments"]


def test_a_server_is_founded_as_the_options_say(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(OF_MY_OWN)
    options = ["--clock", "2026-01-15T10:00:00Z", "--seed", "9", "--profile", "openapi", "--rate-limit", "3"]
    choices = ["--reading", "match-rate=fraction", "--reading", "default-page-size=500"]
    with (
        serving("--world", str(file), *options, *choices) as (_, first),
        visiting(first, client_id="mine", client_secret="s") as web,
    ):
        found = web.post(SEARCH.replace("limit=0", ""), json={})
        assert [each["id"] for each in found.json()["data"]] == ["7"]
        assert found.json()["data"][0]["type"] == "RetailMediaAudienceSegment"
        assert found.json()["meta"]["limit"] == 500
        assert found.headers["x-ratelimit-limit"] == "3"
        assert web.get("/_mock/clock").json() == {"now": "2026-01-15T10:00:00.000Z", "epoch": 1768471200.0, "frozen": True}
        assert web.get("/_mock/settings").json() == {"rate_limit": 3, "seed": 9}
        told = web.get("/_mock/readings").json()
        assert (told["profile"], told["readings"]["match-rate"]["chosen"]) == ("openapi", "fraction")


def test_a_port_that_is_taken_is_told_in_one_line(taken: str) -> None:
    assert_mistake(run("serve", "--port", taken), f"cannot listen on 127.0.0.1 port {taken}", "; port 0 takes a free one")


def test_a_host_that_is_not_here_is_told_in_one_line() -> None:
    assert_mistake(run("serve", "--host", "192.0.2.1", "--port", "0"), "cannot listen on 192.0.2.1")


@pytest.mark.parametrize(
    ("option", "value", "hint"),
    [
        ("--world", "dmo", "unknown world 'dmo'; did you mean 'demo'?"),
        ("--world", "nothing-like-it", "known: demo, empty"),
        ("--world", "missing.yaml", "there is no world file missing.yaml"),
        ("--profile", "gide", "unknown profile 'gide'; did you mean 'guide'?"),
        ("--reading", "macth-rate=fraction", "unknown reading 'macth-rate'; did you mean 'match-rate'?"),
        ("--reading", "match-rate=fractoin", "did you mean 'fraction'?"),
        ("--reading", "match-rate", "NAME=VALUE, not 'match-rate'"),
        ("--reading", "=fraction", "NAME=VALUE"),
        ("--reading", "match-rate=", "NAME=VALUE"),
        ("--clock", "tomorrow", "a time is written like 2026-01-15T10:00:00Z, not 'tomorrow'"),
        ("--clock", "9999-01-01T00:00:00Z", "years 1970 to 9989"),
        ("--rate-limit", "0", "1 or more, or 'off', not '0'"),
        ("--rate-limit", "many", "'off', not 'many'"),
        ("--rate-limit", "of", "'off', not 'of'"),
    ],
)
def test_an_option_that_is_wrong_is_told_with_what_would_be_right(taken: str, option: str, value: str, hint: str) -> None:
    assert_mistake(run("serve", "--port", taken, option, value), hint)


@pytest.mark.parametrize(("option", "value"), [("--port", "70000"), ("--port", "x"), ("--seed", "-1"), ("--sed", "1")])
def test_a_number_out_of_bounds_or_an_unknown_option_is_a_wrong_usage(option: str, value: str) -> None:
    result = run("serve", option, value)
    assert result.exit_code == 2
    assert option in result.stderr


@pytest.mark.parametrize("option", ["--rate-limit", "--clock", "--profile"])
def test_what_is_right_gets_as_far_as_the_port(taken: str, option: str) -> None:
    value = {"--rate-limit": "off", "--clock": "2026-01-15", "--profile": "openapi"}[option]
    assert_mistake(run("serve", "--port", taken, option, value), "cannot listen")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("identifier_type: Email", "identifier_type: Emial", ":9: criteo.segments.0.contact_list.identifier_type: "),
        (
            "name: Mine, created_at",
            "nam: Mine, created_at",
            ":8: criteo.segments.0.nam: unknown field 'nam'; did you mean 'name'?",
        ),
        ("client_secret: s", "client_secret: 5", "criteo.applications.0.client_secret"),
        ('retailers: ["12"]', "retailers: []", "criteo.accounts.0.retailers"),
        ("criteo:", "critoe:", ":2: critoe: unknown field 'critoe'; did you mean 'criteo'?"),
        ("criteo:", "criteo: {}\nshoplive:", "criteo: "),
        ("criteo:", "criteo: [", "not YAML"),
        ("criteo:", "\x00", "not YAML"),
    ],
)
def test_a_world_file_that_is_wrong_is_told_by_file_and_field(
    taken: str, tmp_path: Path, old: str, new: str, told: str
) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(OF_MY_OWN.replace(old, new, 1))
    result = run("serve", "--port", taken, "--world", str(file))
    assert result.exit_code == 1
    assert result.stderr.startswith(f"Error: {file}:")
    assert told in result.stderr


def test_an_empty_world_file_is_told_by_its_name(taken: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.yml"
    file.write_text("")
    assert_mistake(run("serve", "--port", taken, "--world", str(file)), f"{file}:1: the file: ")


def test_a_world_file_that_is_no_text_is_told_by_its_name(taken: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.yml"
    file.write_bytes(b"\xff\xfe\xfd")
    assert_mistake(run("serve", "--port", taken, "--world", str(file)), f"{file}: not YAML")


LEADING_NOWHERE = [
    ('retailers: ["12"]', 'retailers: ["13"]', "unknown retailer"),
    (f'accounts: ["{ACCOUNT}"]', 'accounts: ["625702934721171443"]', "did you mean"),
    ('retailer: "12"', 'retailer: "13"', "unknown retailer of segment 7"),
]


@pytest.mark.parametrize(("old", "new", "told"), LEADING_NOWHERE)
def test_a_reference_that_leads_nowhere_is_told(taken: str, tmp_path: Path, old: str, new: str, told: str) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(OF_MY_OWN.replace(old, new, 1))
    assert_mistake(run("serve", "--port", taken, "--world", str(file)), told)


@pytest.mark.parametrize(("old", "new"), [("2024-01-23T", "2024-99-99T"), ('retailer: "12"', 'retailer: "13"')])
def test_what_is_wrong_between_fields_is_told_by_file_too(taken: str, tmp_path: Path, old: str, new: str) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(OF_MY_OWN.replace(old, new, 1))
    assert_mistake(run("serve", "--port", taken, "--world", str(file)), str(file))


def test_operations_are_printed_with_their_versions() -> None:
    result = run("operations")
    assert result.exit_code == 0
    [line] = [line for line in result.stdout.splitlines() if "/audience-segments/create" in line]
    assert line.startswith("POST")
    for version in ("2026-01", "2026-07", "2027-01", "preview", "experimental"):
        assert version in line


def test_operations_are_printed_as_json() -> None:
    rows: list[dict[str, Any]] = json.loads(run("operations", "--json").stdout)
    assert {row["operation"] for row in rows} == {id for provider in PROVIDERS for id in provider.handlers}
    assert all(set(row) == {"provider", "operation", "method", "path", "versions"} for row in rows)
    by_id = {row["operation"]: row for row in rows}
    assert by_id["requestToken"]["path"] == "/oauth2/token"
    assert by_id["searchAudiences"]["path"] == "/{version}/retail-media/accounts/{account-id}/audiences/search"
    assert sorted(by_id["searchAudiences"]["versions"]) == ["2026-01", "2026-07", "2027-01", "experimental", "preview"]


def test_assumptions_are_what_no_document_settles() -> None:
    rows: list[dict[str, str]] = json.loads(run("assumptions", "--json").stdout)
    assert all(list(row) == ["sort", "name", "statement", "evidence", "source"] for row in rows)
    assert all(all(row.values()) for row in rows)
    documented = [row for row in rows if row["sort"] != "reading" and row["evidence"] not in ("assumed", "inferred")]
    assert all("; unproven: " in row["source"] for row in documented)
    told = {(row["sort"], row["name"]) for row in rows}
    assert ("rule", "page-beyond") in told
    assert ("problem", "contact-list-read-only") in told
    assert ("rule", "token-lifetime") not in told


def test_assumptions_name_every_alternative_of_every_reading() -> None:
    rows: list[dict[str, str]] = json.loads(run("assumptions", "--json").stdout)
    told = {row["name"] for row in rows if row["sort"] == "reading"}
    known = [reading for provider in PROVIDERS for reading in provider.readings]
    assert told == {f"{reading.name}={alternative}" for reading in known for alternative in reading.alternatives}


def test_all_claims_are_printed_on_demand() -> None:
    some = json.loads(run("assumptions", "--json").stdout)
    every = json.loads(run("assumptions", "--all", "--json").stdout)
    assert len(every) > len(some)
    assert all(row in every for row in some)
    assert {"wire", "ci", "openapi", "guide"} <= {row["evidence"] for row in every}


def test_assumptions_are_printed_as_a_table() -> None:
    result = run("assumptions")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0].split() == ["sort", "name", "statement", "evidence", "source"]
    assert "page-beyond" in result.stdout


def test_the_version_is_printed() -> None:
    assert run("--version").stdout == f"mockserver, version {__version__}\n"


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["serve", "--help"], ["operations", "-h"], ["assumptions", "-h"]])
def test_every_command_explains_itself(arguments: list[str]) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("Usage: ")


def test_the_module_runs_like_the_command() -> None:
    command = [sys.executable, "-m", "mockserver", "operations", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == json.loads(run("operations", "--json").stdout)
