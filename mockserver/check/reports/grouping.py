"""What belongs together in a report: findings of one cause, checks left out for one reason, counts of each layer."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mockserver.check.law import LAYERS
from mockserver.check.outcome import Finding, Outcome
from mockserver.check.result import Result

VERDICTS = ("passed", "failed", "skipped", "broke off")


@dataclass(frozen=True, slots=True)
class Group:
    """Findings that expect the same of the same operation at the same place; `first` shows it with the fewest
    calls, on the best evidence."""

    first: Finding
    others: Sequence[Finding]


def operation_of(finding: Finding) -> tuple[str, str]:
    """The operation and version that was answered wrongly."""
    if not finding.exchanges:
        return "", ""
    exchange = finding.exchanges[finding.expectation.exchange]
    return exchange.operation, exchange.version


def grouped(findings: Iterable[Finding]) -> list[Group]:
    """The largest first: what breaks most is most likely what to look at."""
    together: dict[tuple[str, ...], list[Finding]] = {}
    for finding in findings:
        expectation = finding.expectation
        place = "/".join("*" if step.isdigit() else step for step in expectation.pointer.split("/"))
        cause = (operation_of(finding)[0], place, expectation.relation, _said(expectation.wanted))
        together.setdefault(cause, []).append(finding)
    groups = [sorted(each, key=_told_last) for each in together.values()]
    return [Group(first, others) for first, *others in sorted(groups, key=len, reverse=True)]


def _told_last(finding: Finding) -> tuple[bool, int]:
    """What breaks something known goes before what breaks an assumption of ours."""
    return finding.check.evidence.kind == "assumed", len(finding.exchanges)


def _said(wanted: object) -> str:
    """What is expected, if it is the same for everybody: a status, but no id."""
    return str(wanted) if isinstance(wanted, bool | int | None) else ""


@dataclass(frozen=True, slots=True)
class Layer:
    """What came of a layer."""

    name: str
    verdicts: Counter[str]
    calls: int
    seconds: float


def layers(result: Result) -> list[Layer]:
    """Each layer that had a check."""
    found = []
    for name in LAYERS:
        outcomes = [each for each in result.outcomes if each.check.layer == name]
        if outcomes:
            verdicts = Counter(each.verdict for each in outcomes)
            found.append(Layer(name, verdicts, sum(each.calls for each in outcomes), sum(each.seconds for each in outcomes)))
    return found


def left_out(result: Result, verdict: str = "skipped") -> dict[str, list[Outcome]]:
    """The checks that were skipped, or that broke off, by the reason, the most frequent first."""
    reasons: dict[str, list[Outcome]] = {}
    for outcome in result.outcomes:
        if outcome.verdict == verdict:
            reasons.setdefault(outcome.reason, []).append(outcome)
    return dict(sorted(reasons.items(), key=lambda each: -len(each[1])))
