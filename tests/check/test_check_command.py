"""`mockserver check` as somebody types it: what it prints, what it writes, how it ends."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from mockserver.check.command import check
from mockserver.check.fresh import fresh_engine
from mockserver.check.laws import paging
from mockserver.check.outcome import Outcome
from mockserver.check.result import Result as Ran
from mockserver.control import control_app
from mockserver.http import Door
from mockserver.providers.criteo.paging import page
from mockserver.server import in_background
from mockserver.serving.admission import Admission
from mockserver.worlds import Worlds

QUICK = ("--only", "laws/page*")


def typed(*arguments: str | Path) -> Result:
    return CliRunner().invoke(check, [str(each) for each in arguments])


def test_a_fresh_fake_keeps_its_contract() -> None:
    told = typed(*QUICK)
    assert told.exit_code == 0, told.output
    assert "PASSED" in told.stdout
    assert "against a fresh fake in this process" in told.stdout


def test_the_checks_are_listed_with_what_they_claim_and_why() -> None:
    told = typed("--list", *QUICK)
    assert len(told.stdout.splitlines()) == len([each for each in paging.CHECKS if each.name.startswith("laws/page")])
    assert all(" [" in line for line in told.stdout.splitlines())


def test_every_report_is_written(tmp_path: Path) -> None:
    files = {name: tmp_path / f"report.{name}" for name in ("junit", "json", "html")}
    told = typed(
        *QUICK, *(part for name, file in files.items() for part in (f"--{name}", file)), "--learn", tmp_path / "learnt"
    )
    assert told.exit_code == 0, told.output
    assert len(ElementTree.parse(files["junit"]).getroot().findall(".//testcase")) > 3
    told_checks = json.loads(files["json"].read_text("utf-8"))["checks"]
    assert {each["verdict"] for each in told_checks} == {"passed"}
    assert "<title>" in files["html"].read_text("utf-8")
    assert "add-remove-shape" in (tmp_path / "learnt").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--layer", "lawz"), "unknown layer 'lawz'; did you mean 'laws'?"),
        (("--only", "laws/pagez"), "unknown check 'laws/pagez'; did you mean 'laws/pages"),
        (("--operation", "searchAudience"), "unknown operation 'searchAudience'; did you mean 'searchAudiences'?"),
        (("--version", "2026-70"), "unknown version '2026-70'; did you mean '2026-07'?"),
        (("--reading", "match-rat=percentage"), "unknown reading 'match-rat'; did you mean 'match-rate'?"),
        (("--client-id", "me"), "--client-id and --client-secret go together"),
        (("--dry-run",), "a dry run is of a --target"),
        (("--clean", "mockserver-check 3f9a2c"), "a run is cleaned up after at a --target"),
        (("--target", "http://127.0.0.1:9/", "--clean", "Newsletter"), "a run is named like 'mockserver-check 3f9a2c'"),
        (("--target", "http://127.0.0.1:9/"), "http://127.0.0.1:9 takes no connection"),
        (("--replay", "nowhere-at-all"), "nowhere-at-all"),
        (("--readings", "nowhere-at-all"), "nowhere-at-all"),
        (("--update-baseline",), "--update-baseline goes with --baseline"),
        (("--self-test", "--lie", "no-such-lie"), "unknown lie 'no-such-lie'"),
        (("--baseline", "nowhere-at-all"), "nowhere-at-all"),
        (("--junit", "/dev/null/report.xml"), "cannot write /dev/null/report.xml: /dev/null is no folder"),
        (("--layer", "fuzz", "--only", "laws/page*"), "no check is of these layers, patterns and operations at once"),
    ],
)
def test_a_mistake_is_one_sentence_and_exit_2(arguments: tuple[str, ...], sentence: str) -> None:
    told = typed(*arguments)
    assert told.exit_code == 2
    assert sentence in told.stderr
    assert "Traceback" not in told.output


def test_what_is_recorded_of_a_fresh_fake_is_what_another_answers(tmp_path: Path) -> None:
    assert typed(*QUICK, "--record", tmp_path / "tape").exit_code == 0
    told = typed("--replay", tmp_path / "tape")
    assert told.exit_code == 0, told.output
    assert ": 0 differences" in told.stdout
    assert not told.stdout.startswith("0 calls")


def test_another_profile_is_replayed_with_differences(tmp_path: Path) -> None:
    assert typed("--only", "examples/*", "--record", tmp_path / "tape").exit_code == 0
    told = typed("--replay", tmp_path / "tape", "--profile", "openapi")
    assert told.exit_code == 1
    assert "recorded" in told.stdout


def test_a_fake_by_its_url_is_checked_in_worlds_of_its_own() -> None:
    worlds = Worlds(fresh_engine())
    with in_background(Door(worlds)) as url:
        told = typed("--target", url, "--only", "laws/segment-*", "--examples", "0.1")
    assert told.exit_code == 0, told.output
    assert worlds.names() == ["default"]


def test_a_fake_that_wants_a_token_is_shown_it() -> None:
    worlds = Worlds(fresh_engine())
    with in_background(Door(worlds, control=Admission(control_app(worlds), token="s3cret"))) as url:
        refused = typed("--target", url, *QUICK)
        told = typed("--target", url, *QUICK, "--control-token", "s3cret")
    assert refused.exit_code == 2
    assert "this server has a control token" in refused.stderr
    assert told.exit_code == 0, told.output
    assert "s3cret" not in told.output


def test_an_account_that_the_application_may_not_use_is_told_at_once() -> None:
    with in_background(Door(Worlds(fresh_engine()))) as url:
        credentials = ("--client-id", "demo-client", "--client-secret", "demo-secret", "--account", "42")
        told = typed("--target", url, *credentials, *QUICK)
    assert told.exit_code == 2
    assert "does not let 'demo-client' read the segments of account 42" in told.stderr


def test_a_run_that_checked_nothing_is_no_success() -> None:
    outcomes = [Outcome(each, "skipped", reason="it would write") for each in paging.CHECKS]
    assert Ran("http://somewhere", "run", 0.0, 0.0, 0, outcomes).exit_code == 2


def test_a_finding_is_repeated_under_the_options_that_found_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockserver.providers.criteo.paging.page", _one_too_many)
    monkeypatch.setattr("mockserver.providers.criteo.segments.page", _one_too_many)
    only = ("--only", "laws/page-default-full-segments")
    told = typed(*only, "--version", "2026-01", "--examples", "0.5", "--reading", "match-rate=percentage", "--seed", "3")
    assert told.exit_code == 1
    repeated = (
        "--only laws/page-default-full-segments --seed 3 --version 2026-01 --examples 0.5 --reading match-rate=percentage"
    )
    assert repeated in " ".join(told.stdout.split())


def _one_too_many(call: Any, total: int, entities: list[Any]) -> Any:
    return page(call, total + 1, entities)


def test_the_kit_is_a_pytest_suite_too(tmp_path: Path) -> None:
    with in_background(Door(Worlds(fresh_engine()))) as url:
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:randomly",
            "--pyargs",
            "mockserver.check",
        ]
        command += ["--mockserver-target", url, "--mockserver-layer", "laws", "-k", "page or clear or nobody", "-q"]
        told = subprocess.run(command, cwd=tmp_path, env=os.environ, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr
    assert " passed" in told.stdout


def test_the_pytest_suite_says_in_one_sentence_that_there_is_nobody(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--pyargs", "mockserver.check", "-q", "-k", "laws"]
    command += ["--mockserver-target", "http://127.0.0.1:9"]
    told = subprocess.run(command, cwd=tmp_path, env=os.environ, capture_output=True, text=True, check=False)
    assert told.returncode == 2
    assert "http://127.0.0.1:9 takes no connection" in told.stdout
