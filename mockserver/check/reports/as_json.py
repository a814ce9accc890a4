"""A run as JSON, everything that is known of it, for other tools. The format has a version."""

import json
import math
from collections.abc import Iterable
from typing import Any

from mockserver.check.expectation import ABSENT
from mockserver.check.observation import Observation
from mockserver.check.outcome import Finding, Outcome
from mockserver.check.redaction import redacted, scrubbed
from mockserver.check.reports import words
from mockserver.check.reports.curl import curl
from mockserver.check.reports.hiding import with_tokens
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
    expectation, scripts = finding.expectation, (curl(finding, result, secrets), repeat(finding, result, secrets))
    secrets = with_tokens(finding.exchanges, secrets)
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
        "curl": scripts[0],
        "pytest": scripts[1],
    }


def plain(value: Any, secrets: frozenset[str]) -> Any:
    """A value as JSON can hold it, without secrets; where nothing is, `null`."""
    if value is ABSENT or value is None:
        return None
    return json.loads(json.dumps(_finite(words.hidden(value, secrets)), default=str))


def _finite(value: Any) -> Any:
    """JSON has no infinity."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, dict):
        return {str(key): _finite(each) for key, each in value.items()}
    return [_finite(each) for each in value] if isinstance(value, list | tuple) else value


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
