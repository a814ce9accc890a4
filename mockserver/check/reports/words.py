"""What was claimed, on what evidence, what was expected and what was there, in sentences."""

from collections.abc import Iterable
from typing import Any

from mockserver.check.expectation import ABSENT, Expectation
from mockserver.check.judging import KEEPS
from mockserver.check.law import Check
from mockserver.check.outcome import Finding
from mockserver.check.redaction import scrubbed
from mockserver.evidence import KINDS

_LONGEST = 300
VALUELESS = ("is there", "is absent")


def shown(value: Any, secrets: Iterable[str]) -> str:
    """A value without secrets, shortened."""
    if value is ABSENT:
        return "nothing"
    text = repr(hidden(value, secrets))
    return text if len(text) <= _LONGEST else f"{text[:200]} … {text[-80:]}"


def hidden(value: Any, secrets: Iterable[str]) -> Any:
    """A value with marks for the secrets in its texts, before these are written in any other way or cut."""
    if isinstance(value, str):
        return scrubbed(value, secrets)
    if isinstance(value, dict):
        return {hidden(key, secrets): hidden(each, secrets) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(hidden(each, secrets) for each in value)
    return sorted((hidden(each, secrets) for each in value), key=repr) if isinstance(value, set | frozenset) else value


def expected(expectation: Expectation, secrets: Iterable[str]) -> str:
    """What should have been there."""
    if expectation.relation == KEEPS:
        return scrubbed(f"{expectation.pointer} {KEEPS} ({expectation.wanted})", secrets)
    wanted = "" if expectation.relation in VALUELESS else f" {shown(expectation.wanted, secrets)}"
    return f"{scrubbed(expectation.pointer, secrets)} {expectation.relation}{wanted}"


def was(expectation: Expectation, secrets: Iterable[str]) -> str:
    """What was there."""
    return "nothing is there" if expectation.found is ABSENT else shown(expectation.found, secrets)


def grounds(check: Check) -> str:
    """What it means that a check fails, which depends on the evidence that it rests on."""
    kind, source = check.evidence.kind, check.evidence.source
    if kind == "assumed":
        return f"An assumption of ours does not hold here (assumed: {source})."
    if kind == "inferred":
        return f"What we inferred does not hold here (inferred: {source})."
    unproven = f"; unproven: {check.evidence.unproven}" if check.evidence.unproven else ""
    return f"Broken: {KINDS[kind]} ({kind}: {source}{unproven})."


def sequence(finding: Finding) -> list[str]:
    """The exchanges as short lines, equal ones in a row as one; the one that is wrong is pointed at."""
    lines: list[tuple[str, int, bool]] = []
    for number, exchange in enumerate(finding.exchanges):
        request = exchange.request
        query = f"?{request.query}" if request.query else ""
        line = f"{request.method} {request.path}{query} -> {exchange.response.status}"
        if exchange.moved:
            lines.append((f"(the clock is moved by {seconds(exchange.moved)} s)", 1, False))
        wrong = number == finding.expectation.exchange
        if lines and lines[-1][0] == line and not lines[-1][2] and not wrong:
            lines[-1] = (line, lines[-1][1] + 1, False)
        else:
            lines.append((line, 1, wrong))
    return [f"{line}{f'  ({times} times)' if times > 1 else ''}{'  <- here' if wrong else ''}" for line, times, wrong in lines]


def seconds(number: float) -> str:
    """A length of time in figures, to the millisecond."""
    return f"{number:.3f}".rstrip("0").rstrip(".")


def counted(number: int, noun: str, plural: str = "") -> str:
    """`1 check`, `2 checks`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
