"""From one version to another, for the operations that a client really uses."""

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import Client, engine_of
from drift.documents import operation, provider

from mockserver.drift.survey import Survey
from mockserver.drift.usage import read_usage
from mockserver.drift.versions import versions_compared
from mockserver.mistake import Mistake
from mockserver.providers import PROVIDERS
from mockserver.readings import Readings
from mockserver.testing.reliance import Reliance
from mockserver.why import told_journal

CRITEO = PROVIDERS[0]
OPENAPI = Readings(CRITEO.readings, "openapi")
SEARCHES = {"searchAudienceSegments", "searchAudiences"}


def told(survey: Survey) -> list[tuple[str, str]]:
    return [(each.difference.place, each.difference.classed) for each in survey.findings]


def row(name: str, version: str | None = "v1") -> dict[str, Any]:
    return {"operation": name, "version": version}


@pytest.fixture
def shop(tmp_path: Path) -> Any:
    """Three operations in a version; in the next one is narrower, one gone, one as it was and one new."""
    text, short = ({"type": "string", **more} for more in ({}, {"maxLength": 5}))
    was = {"make": operation("make", body=text), "sell": operation("sell"), "look": operation("look")}
    now = {"make": operation("make", body=short), "look": operation("look"), "lend": operation("lend")}
    return provider(tmp_path, v1=was, v2=now)


def journal(tmp_path: Path, *rows: Any, **more: Any) -> Path:
    file = tmp_path / "journal.json"
    file.write_text(json.dumps({"calls": list(rows), "count": len(rows), "evicted": 0, **more}))
    return file


def test_everything_that_changes_is_told(shop: Any) -> None:
    found = versions_compared(shop, {}, "v1", "v2")
    assert told(found) == [("make/request/body", "breaking"), ("sell", "breaking"), ("lend", "new")]
    assert (found.operations, found.drifted, found.sides) == (3, True, ("v2", "v1"))


def test_what_only_gains_breaks_nobody(shop: Any, tmp_path: Path) -> None:
    found = versions_compared(shop, {}, "v2", "v1", journal(tmp_path, row("make", "v2"), row("look", "v2")))
    assert (told(found), found.drifted) == ([("make/request/body", "looser")], False)


@pytest.mark.parametrize(
    ("used", "differences"),
    [("make", [("make/request/body", "breaking")]), ("sell", [("sell", "breaking")]), ("look", [])],
)
def test_only_what_is_used_counts(shop: Any, tmp_path: Path, used: str, differences: Any) -> None:
    found = versions_compared(shop, {}, "v1", "v2", journal(tmp_path, row(used), row(used), row("searchUnknown")))
    assert (told(found), found.operations, found.drifted) == (differences, 1, bool(differences))
    assert ("nothing changes but the version in the paths, v1 to v2" in found.notes) is (not differences)
    assert "1 operations of v2 are not in v1" in found.notes


def test_what_the_file_does_not_tell_is_noted(shop: Any, tmp_path: Path) -> None:
    file = journal(tmp_path, row("look"), row("make", "v2"), row("look", None), evicted=3)
    usage = read_usage(file, "v1", ["look", "make"])
    assert usage.operations == {"look"}
    assert usage.notes == ("calls of v2 are not looked at", "the file does not tell of every call: some were let go")


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        ("{", "is not JSON"),
        ("[]", "is neither what GET /_mock/journal answers nor what --mockserver-report writes"),
        ('{"calls": 1}', "is neither"),
        ('{"calls": []}', "tells of no call of v1"),
        ('{"calls": [{"operation": "look", "version": "v11"}, 5]}', "did you mean 'v11'"),
    ],
)
def test_a_file_that_tells_of_nothing_is_told(tmp_path: Path, content: str, hint: str) -> None:
    file = tmp_path / "journal.json"
    file.write_text(content)
    with pytest.raises(Mistake) as caught:
        read_usage(file, "v1", ["look"])
    assert str(file) in str(caught.value)
    assert hint in str(caught.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="cannot read"):
        read_usage(tmp_path / "none.json", "v1", ["look"])


def test_a_version_that_is_none_is_told() -> None:
    with pytest.raises(Mistake, match="did you mean '2027-01'"):
        versions_compared(CRITEO, OPENAPI, "2026-01", "2027-10")
    with pytest.raises(Mistake, match="compared with itself"):
        versions_compared(CRITEO, OPENAPI, "2026-01", "2026-01")


def test_a_real_journal_is_read(tmp_path: Path) -> None:
    client = Client(engine_of(), version="preview")
    client.search()
    client.ask("POST", "/{account}/audience-segments/compute-sizes", {})
    file = tmp_path / "journal.json"
    whole = client.engine.world.journal
    file.write_text(json.dumps(told_journal(whole, whole)))
    found = versions_compared(CRITEO, OPENAPI, "preview", "2027-01", file)
    assert found.operations == 3
    assert told(found) == [("computeAudienceSegmentsSizes", "breaking")]


def test_a_real_report_is_read(tmp_path: Path) -> None:
    engine = engine_of()
    client = Client(engine, version="2026-01")
    client.search()
    client.ask("POST", "/{account}/audiences/search", {})
    reliance = Reliance()
    for entry in engine.world.journal:
        reliance.hear(entry)
    reliance.write(tmp_path / "report.json")
    found = versions_compared(CRITEO, OPENAPI, "2026-01", "2027-01", tmp_path / "report.json")
    assert (told(found), found.operations) == ([], len(SEARCHES) + 1)


@pytest.mark.parametrize(("older", "newer"), [("2026-01", "2026-07"), ("2026-07", "2027-01"), ("2027-01", "preview")])
def test_no_dated_version_breaks_who_comes_from_an_older_one(older: str, newer: str) -> None:
    found = versions_compared(CRITEO, OPENAPI, older, newer)
    assert {classed for _, classed in told(found)} <= {"new"}
    assert not found.drifted
