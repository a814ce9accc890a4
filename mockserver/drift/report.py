"""A survey as text for people and as plain JSON."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from tabulate import tabulate

from mockserver.drift.comparison import BREAKING, LOOSER, NEW, TIGHTER
from mockserver.drift.survey import Finding, Survey

_ORDER = (BREAKING, TIGHTER, LOOSER, NEW)
_WIDTHS = [None, None, None, None, 36, 36]


def as_text(surveys: Sequence[Survey]) -> str:
    """Counts, then what nobody explained, then what moved, then the reasons given for the rest."""
    return "\n\n".join(paragraph for survey in surveys for paragraph in _paragraphs(survey))


def as_json(surveys: Sequence[Survey]) -> list[dict[str, Any]]:
    """Everything, a survey each."""
    return [
        {
            "provider": survey.provider,
            "drifted": survey.drifted,
            "operations": survey.operations,
            "differences": [_told(finding) for finding in survey.findings],
            "moved": survey.moved,
            "stale": survey.stale,
            "notes": survey.notes,
        }
        for survey in surveys
    ]


def _told(finding: Finding) -> dict[str, Any]:
    difference, reason = finding.difference, finding.reason
    facet = difference.facet
    told = {
        "version": difference.version,
        "place": difference.place,
        "kind": facet.kind,
        "class": difference.classed,
        "relation": facet.relation,
        "ours": facet.ours,
        "theirs": facet.theirs,
    }
    if reason is None:
        return told
    evidence = {"kind": reason.evidence.kind, "source": reason.evidence.source}
    return told | {"reason": reason.reason, "evidence": evidence}


def _paragraphs(survey: Survey) -> Iterator[str]:
    explained = [finding for finding in survey.findings if finding.reason is not None]
    open_ = [finding for finding in survey.findings if finding.reason is None]
    told = f"{len(survey.findings)} differences" + (f", {len(open_)} of them unexplained" if explained else "")
    yield f"{survey.provider}: {survey.operations} operations compared, {told}"
    if survey.findings:
        yield tabulate(_counts(survey.findings), ["version", *_ORDER, "unexplained"])
    if open_:
        headers = ["versions", "class", "place", "kind", *survey.sides]
        yield tabulate(list(_rows(open_)), headers, maxcolwidths=_WIDTHS)
    for name, lines in (("Moved", survey.moved), ("Stale", survey.stale), ("Noted", survey.notes)):
        if lines:
            yield "\n".join((f"{name}:", *(f"  {line}" for line in lines)))
    if explained:
        yield tabulate(list(_reasons(explained)), ["times", "class", "reason", "evidence"], maxcolwidths=[None, None, 64, 44])


def _counts(findings: Iterable[Finding]) -> list[list[Any]]:
    counts = Counter((each.difference.version, each.difference.classed) for each in findings)
    open_ = Counter(each.difference.version for each in findings if each.reason is None)
    versions = sorted({version for version, _ in counts})
    return [[version, *(counts[version, classed] for classed in _ORDER), open_[version]] for version in versions]


def _rows(findings: Iterable[Finding]) -> Iterator[list[str]]:
    """A row for each difference, whatever the number of versions it is in."""
    versions: dict[tuple[str, str, str, str, str], list[str]] = {}
    for each in (finding.difference for finding in findings):
        row = (each.classed, each.place, each.facet.kind, each.facet.ours, each.facet.theirs)
        versions.setdefault(row, []).append(each.version)
    for row in sorted(versions, key=lambda row: (_ORDER.index(row[0]), row)):
        yield [" ".join(versions[row]), *row]


def _reasons(findings: Iterable[Finding]) -> Iterator[list[Any]]:
    counts = Counter(each.reason for each in findings if each.reason is not None)
    for reason, times in sorted(counts.items(), key=lambda pair: _ORDER.index(pair[0].classed)):
        yield [times, reason.classed, reason.reason, str(reason.evidence)]
