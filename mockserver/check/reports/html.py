"""A run as one page that needs nothing else: no script, no font, no picture from anywhere."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined

from mockserver.check.law import LAYERS
from mockserver.check.observation import Observation
from mockserver.check.redaction import redacted, scrubbed
from mockserver.check.reports import words
from mockserver.check.reports.curl import curl
from mockserver.check.reports.grouping import VERDICTS, Group, grouped, layers, left_out, operation_of
from mockserver.check.reports.hiding import with_tokens
from mockserver.check.reports.matrix import matrix
from mockserver.check.reports.repeat import repeat
from mockserver.check.reports.summary import command, verdict
from mockserver.check.result import Result
from mockserver.check.session import Exchange
from mockserver.clock import written
from mockserver.evidence import KINDS

_SHOWN_EXCHANGES = 4
"""Of a long sequence so many at its beginning and at its end are shown in full."""
_LONGEST_BODY = 6_000


def html(result: Result, secrets: Iterable[str]) -> str:
    """The page."""
    secrets = frozenset(secrets)
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["counted"] = words.counted
    page = environment.from_string(files(__package__).joinpath("page.html.jinja").read_text("utf-8"))
    return page.render(
        result=result,
        state=_state(result),
        verdict=scrubbed(verdict(result), secrets),
        target=scrubbed(result.target, secrets),
        began=written(result.began),
        figures=_figures(result),
        layers=layers(result),
        verdicts=VERDICTS,
        layer_names=LAYERS,
        matrix=matrix(result),
        groups=[_group(number, group, result, secrets) for number, group in enumerate(grouped(result.findings), 1)],
        readings=[_reading(each, secrets) for each in result.observations],
        grounds=_grounds(result),
        left_out=_left_out(result, secrets),
        notes=[scrubbed(note, secrets) for note in result.notes],
    )


def _state(result: Result) -> str:
    """What colours the page: `failed`, `unfinished`, `empty` or `passed`."""
    if result.exit_code == 1:
        return "failed"
    if result.exit_code:
        return "unfinished"
    return "passed" if any(outcome.verdict == "passed" for outcome in result.outcomes) else "empty"


def _figures(result: Result) -> Mapping[str, str]:
    counts = Counter(outcome.verdict for outcome in result.outcomes)
    return {
        "findings": f"{len(grouped(result.findings)):,}",
        **{f"checks {each}": f"{counts[each]:,}" for each in VERDICTS},
        "calls": f"{result.calls:,}",
        "seconds": f"{result.seconds:.1f}",
        "seed": str(result.seed),
    }


def _group(number: int, group: Group, result: Result, secrets: frozenset[str]) -> Mapping[str, Any]:
    """A finding, as the page shows it."""
    finding = group.first
    operation, version = operation_of(finding)
    scripts = {"curl": curl(finding, result, secrets), "pytest": repeat(finding, result, secrets)}
    secrets = with_tokens(finding.exchanges, secrets)
    return {
        "number": number,
        "name": finding.check.name,
        "statement": finding.check.statement,
        "kind": finding.check.evidence.kind,
        "grounds": words.grounds(finding.check),
        "operation": operation,
        "version": version,
        "why": scrubbed(finding.why, secrets),
        "expected": words.expected(finding.expectation, secrets),
        "found": words.was(finding.expectation, secrets),
        "sequence": [scrubbed(line, secrets) for line in words.sequence(finding)],
        "exchanges": _exchanges(finding.exchanges, secrets),
        "wrong": finding.expectation.exchange + 1,
        "command": scrubbed(command(finding, result), secrets),
        **scripts,
        "others": [other.check.name for other in group.others],
        "identity": finding.identity,
    }


def _exchanges(exchanges: Sequence[Exchange], secrets: frozenset[str]) -> list[Mapping[str, Any]]:
    """The exchanges in full, of a long sequence only its ends."""
    told = [{"number": number, **each} for number, each in enumerate(redacted(exchanges, secrets), 1)]
    if len(told) > 2 * _SHOWN_EXCHANGES:
        told = [*told[:_SHOWN_EXCHANGES], *told[-_SHOWN_EXCHANGES:]]
    return [{**each, "asked": _message(each["request"]), "answered": _message(each["response"])} for each in told]


def _message(said: Mapping[str, Any]) -> str:
    """Headers and body, as text."""
    headers = "\n".join(f"{name}: {value}" for name, value in said["headers"].items())
    body = said["body"]
    text = "" if body is None else body if isinstance(body, str) else json.dumps(body, indent=2, ensure_ascii=False)
    if len(text) > _LONGEST_BODY:
        text = f"{text[:_LONGEST_BODY]}\n… {len(text) - _LONGEST_BODY:,} more characters"
    return f"{headers}\n\n{text}".strip()


def _reading(observation: Observation, secrets: frozenset[str]) -> Mapping[str, Any]:
    reading = observation.reading
    return {
        "name": reading.name,
        "question": reading.question,
        "alternatives": {name: str(evidence) for name, evidence in reading.alternatives.items()},
        "seen": observation.alternative,
        "guide": reading.guide,
        "contradicted": observation.contradicted,
        "reason": scrubbed(observation.reason, secrets),
        "exchanges": _exchanges(observation.exchanges, secrets),
    }


def _grounds(result: Result) -> list[Mapping[str, Any]]:
    """The checks by the kind of evidence that they rest on."""
    told: list[Mapping[str, Any]] = []
    for kind, meaning in KINDS.items():
        outcomes = [each for each in result.outcomes if each.check.evidence.kind == kind]
        if outcomes:
            counts = Counter(each.verdict for each in outcomes)
            told.append({"kind": kind, "meaning": meaning, "counts": counts, "outcomes": outcomes})
    return told


def _left_out(result: Result, secrets: frozenset[str]) -> list[Mapping[str, Any]]:
    return [
        {"verdict": each, "reason": scrubbed(reason, secrets), "names": [outcome.check.name for outcome in outcomes]}
        for each in ("broke off", "skipped")
        for reason, outcomes in left_out(result, each).items()
    ]
