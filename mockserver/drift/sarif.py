"""A survey in SARIF 2.1.0, which code hosts read; what is explained is there too, as suppressed."""

from collections.abc import Iterator, Sequence
from typing import Any

from mockserver import __version__
from mockserver.drift import fingerprints, reasons
from mockserver.drift.comparison import BREAKING, LOOSER, NEW, TIGHTER
from mockserver.drift.facet import KINDS
from mockserver.drift.survey import Finding, Survey
from mockserver.fingerprint import hex_fingerprint

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {BREAKING: "error", TIGHTER: "warning", LOOSER: "warning", NEW: "note"}
_OF_DOCUMENTS = {
    "moved": "the vendor's document is not as it was when it was last looked at",
    "stale": "a reason that no difference needs any more",
}


def as_sarif(surveys: Sequence[Survey]) -> dict[str, Any]:
    """One run, its rules and its results."""
    results = [result for survey in surveys for result in _results(survey)]
    used = {result["ruleId"] for result in results}
    driver = {"name": "mockserver drift", "version": __version__, "rules": [rule for rule in _rules() if rule["id"] in used]}
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]}


def _rules() -> Iterator[dict[str, Any]]:
    for classed, level in _LEVELS.items():
        for kind, told in KINDS.items():
            yield _rule(f"{classed}/{kind}", f"{classed} for a client: {told}", level)
    for name, told in _OF_DOCUMENTS.items():
        yield _rule(name, told, "error")


def _rule(id: str, told: str, level: str) -> dict[str, Any]:
    return {"id": id, "shortDescription": {"text": told}, "defaultConfiguration": {"level": level}}


def _results(survey: Survey) -> Iterator[dict[str, Any]]:
    yield from (_result(finding, survey) for finding in survey.findings)
    for rule, lines, file in (("moved", survey.moved, fingerprints.FILE), ("stale", survey.stale, reasons.FILE)):
        yield from (_line(rule, line, f"contracts/{survey.provider}/{file}") for line in lines)


def _result(finding: Finding, survey: Survey) -> dict[str, Any]:
    difference, facet = finding.difference, finding.difference.facet
    ours, theirs = survey.sides
    text = f"{difference.place} ({difference.version}): {facet.kind}: {ours} {facet.ours}; {theirs} {facet.theirs}"
    result = _line(f"{difference.classed}/{facet.kind}", text, f"contracts/{survey.provider}/{difference.version}.yaml")
    result["level"] = _LEVELS[difference.classed]
    result["locations"][0]["logicalLocations"] = [{"fullyQualifiedName": difference.place}]
    if finding.reason is not None:
        justification = f"{finding.reason.reason} ({finding.reason.evidence})"
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": justification}]
    return result


def _line(rule: str, text: str, file: str) -> dict[str, Any]:
    place = {"artifactLocation": {"uri": file}, "region": {"startLine": 1}}
    return {
        "ruleId": rule,
        "level": "error",
        "message": {"text": text},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"difference/v1": hex_fingerprint(0, f"{rule} {text}")},
    }
