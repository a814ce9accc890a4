"""`mockserver drift`: what it exits with, what it writes, and that it names the nearest right thing to a wrong one."""

import dataclasses
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from drift.documents import document, operation, written

from mockserver import cli
from mockserver.contract.router import Contracts
from mockserver.drift import command, fingerprints, reasons
from mockserver.providers import PROVIDERS
from mockserver.readings import PROFILES, Readings

CRITEO = PROVIDERS[0]
FOLDER = CRITEO.contracts.library.folder
VERSION = "2026-01"
OURS = CRITEO.contracts.under(Readings(CRITEO.readings, "openapi")).documents[VERSION]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.main, ["drift", *arguments])


@pytest.fixture(autouse=True)
def apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Contracts of their own, so that nothing that is accepted is accepted for good."""
    folder = tmp_path / "contracts" / "criteo"
    shutil.copytree(FOLDER, folder)
    copy = dataclasses.replace(CRITEO, contracts=Contracts(folder))
    monkeypatch.setattr(command, "PROVIDERS", (copy, *PROVIDERS[1:]))
    return folder


@pytest.fixture
def same(tmp_path: Path) -> str:
    """A document that says what our contract says."""
    return written(tmp_path / "same.json", OURS)


@pytest.fixture
def other(tmp_path: Path) -> str:
    """The same, but that a name may not be as long."""
    changed = json.loads(json.dumps(OURS))
    named = changed["components"]["schemas"]["SegmentCreation"]["properties"]["attributes"]["properties"]
    named["name"]["maxLength"] = 20
    return written(tmp_path / "other.json", changed)


def test_a_document_is_looked_at_accepted_and_followed(same: str, other: str) -> None:
    first = run("--official", same)
    assert (first.exit_code, "was not looked at before" in first.stdout) == (1, True)
    accepted = run("--official", same, "--accept")
    assert (accepted.exit_code, "fingerprints written to" in accepted.stdout) == (0, True)
    assert run("--official", same).exit_code == 0
    moved = run("--official", other)
    assert moved.exit_code == 1
    assert f"{VERSION}: bulkCreateAudienceSegments changed in" in moved.stdout
    assert "bulkCreateAudienceSegments/request/body/data[]/attributes/name" in moved.stdout
    assert moved.stdout.count("looser") > 0


def test_a_difference_is_not_accepted_away(other: str) -> None:
    assert run("--official", other, "--accept").exit_code == 1
    after = run("--official", other)
    assert (after.exit_code, "Moved:" in after.stdout) == (1, False)


def test_documents_of_one_version_can_be_chosen(tmp_path: Path, same: str) -> None:
    run("--official", same, "--accept")
    more = written(tmp_path / "more.json", document("preview", things=operation()))
    chosen = run("--official", same, "--official", more, "--version", VERSION)
    assert chosen.exit_code == 0
    assert "preview:" not in chosen.stdout
    none = run("--official", same, "--version", "2026-07")
    assert (none.exit_code, "none of the documents is of version 2026-07" in none.stderr) == (2, True)


def test_operations_of_the_vendor_alone_count_on_demand(tmp_path: Path) -> None:
    theirs = json.loads(json.dumps(OURS))
    theirs["paths"][f"/{VERSION}/retail-media/things"] = {"post": operation()}
    source = written(tmp_path / "more.json", theirs)
    run("--official", source, "--accept")
    assert run("--official", source).exit_code == 0
    every = run("--official", source, "--all-operations")
    assert (every.exit_code, "makeThing" in every.stdout) == (1, True)


@pytest.mark.parametrize("as_format", ["json", "sarif"])
def test_what_is_found_can_be_written(tmp_path: Path, other: str, as_format: str) -> None:
    file = tmp_path / "found"
    result = run("--official", other, "--format", as_format, "--output", str(file))
    assert (result.exit_code, result.stdout) == (1, "")
    found = json.loads(file.read_text())
    told = found[0]["differences"] if as_format == "json" else found["runs"][0]["results"]
    assert [each for each in told if "attributes/name" in json.dumps(each)]
    nowhere = run("--official", other, "--output", str(tmp_path / "no" / "where"))
    assert (nowhere.exit_code, "cannot write" in nowhere.stderr) == (2, True)


def test_the_profile_is_the_documents_unless_told_otherwise(tmp_path: Path, same: str) -> None:
    run("--official", same, "--accept")
    assert run("--official", same).exit_code == 0
    assert run("--official", same, "--profile", "guide").exit_code == 1
    assert run("--official", same, "--reading", "default-page-size=500").exit_code == 1


def test_another_provider_has_documents_too(tmp_path: Path) -> None:
    shoplive = PROVIDERS[1]
    ours = shoplive.contracts.under(Readings(shoplive.readings)).documents["v2"]
    result = run("--official", written(tmp_path / "v2.json", ours))
    assert (result.exit_code, result.stdout.split(":")[0]) == (1, "shoplive")


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        ((), "give --official, or both --from and --to"),
        (("--from", VERSION), "give --official, or both --from and --to"),
        (("--official", "a.json", "--from", VERSION, "--to", "preview"), "give --official, or both --from and --to"),
        (("--from", VERSION, "--to", "preview", "--accept"), "go with --official"),
        (("--official", "a.json", "--journal", "b.json"), "--journal goes with --from and --to"),
        (("--official", "missing.json"), "cannot read missing.json"),
        (("--from", "2026-10", "--to", "preview"), "unknown version '2026-10'; did you mean '2026-0"),
        (("--from", VERSION, "--to", "privew"), "unknown version 'privew'; did you mean 'preview'?"),
        (("--from", VERSION, "--to", "preview", "--journal", "missing.json"), "cannot read missing.json"),
        (("--from", VERSION, "--to", "preview", "--profile", "gide"), "did you mean 'guide'?"),
        (("--from", VERSION, "--to", "preview", "--reading", "macth-rate=fraction"), "did you mean 'match-rate'?"),
        (("--official", "a.json", "--version", "2026-1"), "unknown version '2026-1'; did you mean '2026-01'?"),
        (("--from", VERSION, "--to", "preview", "--format", "xml"), "xml"),
    ],
)
def test_a_wrong_usage_exits_with_two_and_says_what_would_be_right(arguments: tuple[str, ...], hint: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert hint in result.stderr


def test_what_changes_for_one_client_is_told(tmp_path: Path) -> None:
    journal = tmp_path / "journal.json"
    calls = [
        {"operation": "computeAudiencesSizes", "version": "preview"},
        {"operation": "searchAudiences", "version": "preview"},
    ]
    journal.write_text(json.dumps({"calls": calls, "count": 2, "evicted": 0}))
    broken = run("--from", "preview", "--to", VERSION, "--journal", str(journal))
    assert broken.exit_code == 1
    assert "breaking  computeAudiencesSizes" in broken.stdout
    journal.write_text(json.dumps({"calls": calls[1:], "count": 1, "evicted": 0}))
    fine = run("--from", "preview", "--to", VERSION, "--journal", str(journal))
    assert (fine.exit_code, "nothing changes but the version in the paths" in fine.stdout) == (0, True)


def test_it_explains_itself() -> None:
    result = run("--help")
    assert result.exit_code == 0
    assert "Exits with 1 if a difference is unexplained" in result.stdout


def known_operations() -> set[str]:
    documents = CRITEO.contracts.under(Readings(CRITEO.readings)).documents
    return {node["operationId"] for each in documents.values() for item in each["paths"].values() for node in item.values()}


def test_every_fingerprint_is_of_an_operation_of_ours_and_every_operation_has_one() -> None:
    kept = fingerprints.read_fingerprints(FOLDER)
    recorded: dict[str, set[str]] = {}
    for versions in kept.values():
        for version, of_version in versions.items():
            recorded.setdefault(version, set()).update(of_version)
    contract = CRITEO.contracts.under(Readings(CRITEO.readings))
    ours: dict[str, set[str]] = {}
    for each in contract.operations:
        ours.setdefault(each.version, set()).add(each.id)
    assert {version: names - {"requestToken"} for version, names in ours.items()} == recorded


def test_every_reason_of_the_bundled_contract_is_about_something_there() -> None:
    found = reasons.read_reasons(FOLDER)
    assert len(found) > 30
    known = known_operations()
    choices = {f"{each.name}={alternative}" for each in CRITEO.readings for alternative in each.alternatives}
    for reason in found:
        assert reason.reading is None or reason.reading in choices
        for pattern in reason.at:
            first = pattern.partition("/")[0]
            assert first == "**" or any(reasons._matches([first.replace("**", "*")], name) for name in known), pattern


@pytest.mark.parametrize("profile", PROFILES)
def test_the_bundled_contract_can_be_compared_under_every_profile(profile: str, same: str) -> None:
    assert run("--official", same, "--profile", profile, "--format", "json").exit_code in (0, 1)


def test_nothing_is_said_of_a_version_that_nobody_gave(same: str) -> None:
    told: Any = json.loads(run("--official", same, "--format", "json").stdout)
    assert {each["version"] for each in told[0]["differences"]} <= {VERSION}
    assert any("no document was given of" in note for note in told[0]["notes"])
