"""A run as JSON, everything that is known of it, for other tools. The format has a version."""

import json
from collections.abc import Iterable
from typing import Any

from mockserver.check.expectation import ABSENT
from mockserver.check.observation import Observation
from mockserver.check.outcome import Finding, Outcome
from mockserver.check.redaction import redacted, scrubbed
from mockserver.check.reports.curl import curl
from mockserver.check.reports.repeat import repeat
from mockserver.check.result import Result
from mockserver.clock import written

FORMAT = "mockserver-check/1"


def as_json(result: Result, secrets: Iterable[str]) -> str:
    """The document."""
    secrets = frozenset(secrets)
    said = {
        "format": FORMAT,
        "target": scrubbed(result.target, secrets),
        "run": result.run,
        "began": written(result.began),
        "seconds": round(result.seconds, 3),
        "seed": result.seed,
        "exit_code": result.exit_code,
        "calls": result.calls,
        "checks": [_check(outcome, result, secrets) for outcome in result.outcomes],
        "matrix": [
            {"operation": operation, "version": version, "calls": dict(calls)}
            for (operation, version), calls in sorted(result.matrix.items())
        ],
        "readings": [_reading(each, secrets) for each in result.observations],
        "taken_to_follow": dict(result.readings),
        "known": sorted(result.known),
        "gone": sorted(result.gone),
        "notes": [scrubbed(note, secrets) for note in result.notes],
    }
    return json.dumps(said, indent=2, ensure_ascii=False) + "\n"


def _check(outcome: Outcome, result: Result, secrets: frozenset[str]) -> dict[str, Any]:
    check = outcome.check
    return {
        "name": check.name,
        "layer": check.layer,
        "statement": check.statement,
        "evidence": {"kind": check.evidence.kind, "source": check.evidence.source, "unproven": check.evidence.unproven},
        "operations": list(check.operations),
        "needs": sorted(check.needs),
        "verdict": outcome.verdict,
        "reason": scrubbed(outcome.reason, secrets),
        "calls": outcome.calls,
        "seconds": round(outcome.seconds, 3),
        "finding": None if outcome.finding is None else _finding(outcome.finding, result, secrets),
    }


def _finding(finding: Finding, result: Result, secrets: frozenset[str]) -> dict[str, Any]:
    expectation = finding.expectation
    return {
        "identity": finding.identity,
        "accepted": finding.identity in result.known,
        "why": scrubbed(finding.why, secrets),
        "exchange": expectation.exchange,
        "pointer": expectation.pointer,
        "relation": expectation.relation,
        "wanted": plain(expectation.wanted, secrets),
        "found": plain(expectation.found, secrets),
        "absent": expectation.found is ABSENT,
        "exchanges": redacted(finding.exchanges, secrets),
        "curl": curl(finding, result, secrets),
        "pytest": repeat(finding, result, secrets),
    }


def plain(value: Any, secrets: frozenset[str]) -> Any:
    """A value as JSON can hold it, without secrets; where nothing is, `null`."""
    if isinstance(value, str):
        return scrubbed(value, secrets)
    if value is ABSENT or value is None or isinstance(value, bool | int):
        return None if value is ABSENT else value
    if isinstance(value, float):
        return value if value - value == 0 else str(value)  # no infinity in JSON
    if isinstance(value, dict):
        return {scrubbed(str(key), secrets): plain(each, secrets) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each, secrets) for each in value]
    if isinstance(value, set | frozenset):
        return [plain(each, secrets) for each in sorted(value, key=repr)]
    return scrubbed(str(value), secrets)


def _reading(observation: Observation, secrets: frozenset[str]) -> dict[str, Any]:
    reading = observation.reading
    return {
        "name": reading.name,
        "question": reading.question,
        "alternative": observation.alternative,
        "contradicted": observation.contradicted,
        "reason": scrubbed(observation.reason, secrets),
        "guide": reading.guide,
        "openapi": reading.openapi,
        "exchanges": redacted(observation.exchanges, secrets),
    }
