"""A run as JUnit XML: a test case for each check, the layers as suites."""

import re
from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from mockserver.check.outcome import Outcome
from mockserver.check.redaction import scrubbed
from mockserver.check.reports import words
from mockserver.check.reports.curl import curl
from mockserver.check.reports.grouping import layers
from mockserver.check.reports.hiding import with_tokens
from mockserver.check.reports.summary import told_finding
from mockserver.check.result import Result
from mockserver.clock import written

_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(result: Result, secrets: Iterable[str]) -> str:
    """The document. What a baseline accepts is skipped."""
    counts = {"tests": len(result.outcomes), "time": f"{result.seconds:.3f}"}
    root = Element("testsuites", {"name": "mockserver check", **_texts(counts)})
    for layer in layers(result):
        outcomes = [each for each in result.outcomes if each.check.layer == layer.name]
        accepted = sum(_is_accepted(each, result) for each in outcomes)
        said = {
            "name": layer.name,
            "tests": len(outcomes),
            "failures": layer.verdicts["failed"] - accepted,
            "errors": layer.verdicts["broke off"],
            "skipped": layer.verdicts["skipped"] + accepted,
            "time": f"{layer.seconds:.3f}",
            "timestamp": written(result.began)[:19],
            "hostname": result.target,
        }
        suite = SubElement(root, "testsuite", _texts(said))
        for outcome in outcomes:
            _case(suite, outcome, result, secrets)
    indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _is_accepted(outcome: Outcome, result: Result) -> bool:
    return outcome.finding is not None and outcome.finding.identity in result.known


def _case(suite: Element, outcome: Outcome, result: Result, secrets: Iterable[str]) -> None:
    said = {"classname": f"mockserver.check.{outcome.check.layer}", "name": outcome.check.name}
    case = SubElement(suite, "testcase", {**said, "time": f"{outcome.seconds:.3f}"})
    finding = outcome.finding
    if finding is not None and finding.identity in result.known:
        SubElement(case, "skipped", {"message": "accepted by the baseline"})
    elif finding is not None:
        message = _clean(words.expected(finding.expectation, with_tokens(finding.exchanges, secrets)))
        failure = SubElement(case, "failure", {"message": message, "type": finding.check.evidence.kind})
        failure.text = _clean(told_finding(finding, secrets))
        SubElement(case, "system-out").text = _clean(curl(finding, result, secrets))
    elif outcome.verdict == "skipped":
        SubElement(case, "skipped", {"message": _clean(outcome.reason)})
    elif outcome.verdict == "broke off":
        SubElement(case, "error", {"message": _clean(scrubbed(outcome.reason, secrets)), "type": "broke off"})


def _texts(said: dict[str, object]) -> dict[str, str]:
    return {name: _clean(str(value)) for name, value in said.items()}


def _clean(text: str) -> str:
    """Without what XML cannot hold."""
    return _NO_XML.sub("\ufffd", text)
