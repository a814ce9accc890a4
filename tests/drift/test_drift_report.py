"""What is found is told in three ways: to people, to programs, to code hosts."""

import json
from pathlib import Path
from typing import Any

import pytest
from drift.documents import document, operation, provider, written

from mockserver.drift.official import read_all
from mockserver.drift.report import as_json, as_text
from mockserver.drift.sarif import as_sarif
from mockserver.drift.survey import Survey, surveyed
from mockserver.drift.versions import versions_compared

SHORT = {"type": "string", "maxLength": 5}
OURS = {"things": operation(body=SHORT, answer=SHORT, responses={**operation(answer=SHORT)["responses"], "404": {}})}
REASONS = [
    {"at": "**/response/**", "kind": kind, "classed": classed, "reason": reason, "evidence": {"inferred": "from the samples"}}
    for kind, classed, reason in [
        ("bound", "tighter", "Names are short."),
        ("status", "new", "What is not there is not found."),
    ]
] + [
    {"at": "sell/**", "kind": "bound", "classed": "looser", "reason": "Not needed.", "evidence": {"guide": "the shop's guide"}}
]


@pytest.fixture
def survey(tmp_path: Path) -> Survey:
    """One difference that is unexplained in two versions, two that are explained, a reason too many, and two moves."""
    (tmp_path / "contract").mkdir()
    shop = provider(tmp_path / "contract", REASONS, v1=OURS, v2=OURS)
    theirs = operation(body={"type": "string"}, answer={"type": "string"})
    sources = [written(tmp_path / f"{version}.json", document(version, things=theirs)) for version in ("v1", "v2")]
    return surveyed(shop, {}, read_all(sources, ["v1", "v2"]))


def test_people_are_told_what_differs_and_why(survey: Survey) -> None:
    text = as_text([survey])
    assert text.startswith("shop: 2 operations compared, 6 differences, 2 of them unexplained\n")
    lines = [line.split() for line in text.splitlines()]
    assert ["v1", "0", "2", "0", "1", "1"] in lines
    (row,) = [line for line in lines if "makeThing/request/body" in line]
    assert row[:5] == ["v1", "v2", "tighter", "makeThing/request/body", "bound"]
    assert "Moved:\n  v1: makeThing was not looked at before in 'A shop'\n" in text
    assert "Stale:\n  nothing needs sell/**, bound" in text
    assert ["2", "tighter", "Names", "are", "short.", "inferred:", "from", "the", "samples"] in lines


def test_programs_are_told_everything(survey: Survey) -> None:
    (told,) = json.loads(json.dumps(as_json([survey])))
    assert (told["provider"], told["drifted"], told["operations"], len(told["moved"]), len(told["stale"])) == (
        "shop",
        True,
        2,
        2,
        1,
    )
    assert told["differences"][0] == {
        "version": "v1",
        "place": "makeThing/request/body",
        "kind": "bound",
        "class": "tighter",
        "relation": "narrower",
        "ours": "maxLength 5",
        "theirs": "no maxLength",
    }
    reasons = [(each.get("reason"), each.get("evidence")) for each in told["differences"]]
    assert ("Names are short.", {"kind": "inferred", "source": "from the samples"}) in reasons


def results(log: dict[str, Any], rule: str) -> list[dict[str, Any]]:
    return [each for each in log["runs"][0]["results"] if each["ruleId"] == rule]


def test_code_hosts_are_told_in_sarif(survey: Survey) -> None:
    log = json.loads(json.dumps(as_sarif([survey])))
    assert (log["version"], log["$schema"]) == ("2.1.0", "https://json.schemastore.org/sarif-2.1.0.json")
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "mockserver drift"
    rules = {rule["id"]: rule for rule in driver["rules"]}
    assert set(rules) == {"tighter/bound", "new/status", "moved", "stale"} == {each["ruleId"] for each in run["results"]}
    for rule in rules.values():
        assert rule["shortDescription"]["text"]
        assert rule["defaultConfiguration"]["level"] in ("error", "warning", "note")
    for result in run["results"]:
        assert result["message"]["text"]
        assert result["level"] in ("error", "warning", "note")
        (location,) = result["locations"]
        place = location["physicalLocation"]
        assert place["artifactLocation"]["uri"].startswith("contracts/shop/")
        assert place["region"]["startLine"] == 1
    assert len({each["partialFingerprints"]["difference/v1"] for each in run["results"]}) == len(run["results"])


def test_what_is_explained_is_suppressed_in_sarif(survey: Survey) -> None:
    log = as_sarif([survey])
    told = [(each.get("suppressions", [{}])[0].get("justification"), each["level"]) for each in results(log, "tighter/bound")]
    assert told.count((None, "warning")) == 2
    assert told.count(("Names are short. (inferred: from the samples)", "warning")) == 2
    (first, _) = results(log, "new/status")
    assert first["suppressions"][0] | {"justification": ""} == {"kind": "external", "status": "accepted", "justification": ""}
    assert first["locations"][0]["logicalLocations"] == [{"fullyQualifiedName": "makeThing/response/404"}]
    assert [each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for each in results(log, "stale")] == [
        "contracts/shop/official/intent.yaml"
    ]


def test_versions_are_told_by_their_names(tmp_path: Path) -> None:
    shop = provider(tmp_path, v1={"things": operation(body={"type": "string"})}, v2=OURS)
    text = as_text([versions_compared(shop, {}, "v1", "v2")])
    assert "unexplained\n" not in text.splitlines()[0]
    (headers,) = [line.split() for line in text.splitlines() if line.startswith("versions ")]
    assert headers == ["versions", "class", "place", "kind", "v2", "v1"]
    assert "v2 maxLength 5; v1 no maxLength" in json.dumps(as_sarif([versions_compared(shop, {}, "v1", "v2")]))


def test_nothing_found_is_told_too(tmp_path: Path) -> None:
    shop = provider(tmp_path, v1=OURS, v2=OURS)
    survey = versions_compared(shop, {}, "v1", "v2")
    assert as_text([survey]) == (
        "shop: 1 operations compared, 0 differences\n\nNoted:\n  nothing changes but the version in the paths, v1 to v2"
    )
    assert as_sarif([survey])["runs"][0]["results"] == []
