"""The end of what a run says on the terminal: the verdict, each finding in full, and then the figures."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from shlex import quote
from textwrap import fill

from tabulate import tabulate

from mockserver.check.observation import Observation
from mockserver.check.outcome import Finding
from mockserver.check.redaction import scrubbed
from mockserver.check.reports import words
from mockserver.check.reports.grouping import VERDICTS, Group, grouped, layers, left_out, operation_of
from mockserver.check.reports.hiding import with_tokens
from mockserver.check.result import Result

_WIDTH = 100
_MOST_CALLS = 12
_MOST_NAMES = 6


def summary(result: Result, secrets: Iterable[str]) -> str:
    """Everything a person needs to know who reads nothing else."""
    groups = grouped(result.findings)
    parts = [
        verdict(result),
        *(
            "\n".join([f"{number}. {told_group(group, secrets)}", _repeated(group, result)])
            for number, group in enumerate(groups, 1)
        ),
        _figures(result),
        *_lists(result),
        *result.notes,
    ]
    return scrubbed("\n\n".join(part for part in parts if part), secrets) + "\n"


def verdict(result: Result) -> str:
    """The first line."""
    groups, findings, seconds = grouped(result.findings), result.findings, f"{result.seconds:.1f} s"
    ran = sum(outcome.verdict in ("passed", "failed") for outcome in result.outcomes)
    figures = f"{words.counted(ran, 'check')}, {words.counted(result.calls, 'call')}, {seconds}, seed {result.seed}"
    if findings:
        things = words.counted(len(groups), "finding")
        return f"FAILED: {things} by {words.counted(len(findings), 'check')} ({figures}) against {result.target}"
    contradicted = sum(each.contradicted for each in result.observations)
    if contradicted:
        return f"FAILED: {words.counted(contradicted, 'reading')} contradicted ({figures}) against {result.target}"
    broke_off = sum(outcome.verdict == "broke off" for outcome in result.outcomes)
    if broke_off:
        return f"NOT FINISHED: {words.counted(broke_off, 'check')} broke off ({figures}) against {result.target}"
    if not ran:
        return f"NOTHING RUN: every check was skipped, against {result.target}"
    return f"PASSED: {figures}, against {result.target}"


def told_group(group: Group, secrets: Iterable[str]) -> str:
    """Findings of one cause: the simplest, and who else meets it."""
    told = told_finding(group.first, secrets)
    if not group.others:
        return told
    names = [each.check.name for each in group.others]
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    met = f"met by {', '.join(names[:_MOST_NAMES])}{more}"
    return f"{told}\n{_named('also', [met])}"


def told_finding(finding: Finding, secrets: Iterable[str]) -> str:
    """What is claimed, on what evidence, what was expected and what was there, and the fewest calls that show it."""
    expectation, secrets = finding.expectation, with_tokens(finding.exchanges, secrets)
    operation = " ".join(operation_of(finding)).strip()
    lines = [
        f"{finding.check.name}: {finding.check.statement}",
        fill(words.grounds(finding.check), _WIDTH, initial_indent="   ", subsequent_indent="   "),
        _named("at", [f"{operation}{f': {finding.why}' if finding.why else ''}"]),
        _named("expected", [words.expected(expectation, secrets)]),
        _named("found", [words.was(expectation, secrets)]),
        _named("calls", _shortened(words.sequence(finding))),
    ]
    return scrubbed("\n".join(lines), secrets)


def _named(name: str, lines: Sequence[str]) -> str:
    """Lines with a name before the first."""
    return "\n".join(f"   {name if place == 0 else '':10}{line}" for place, line in enumerate(lines))


def _shortened(lines: Sequence[str]) -> list[str]:
    if len(lines) <= _MOST_CALLS:
        return list(lines)
    left_out = len(lines) - _MOST_CALLS
    return [*lines[: _MOST_CALLS // 2], f"… {left_out} more …", *lines[-_MOST_CALLS // 2 :]]


def _repeated(group: Group, result: Result) -> str:
    return _named("repeat", [command(group.first, result)])


def command(finding: Finding, result: Result) -> str:
    """The command that runs only this check, with the same chance."""
    target = f" --target {quote(result.target)}" if result.target.startswith(("http://", "https://")) else ""
    options = "".join(f" {quote(option)}" for option in result.options)
    return f"mockserver check --only {quote(finding.check.name)} --seed {result.seed}{target}{options}"


def _figures(result: Result) -> str:
    rows = [
        [each.name, *(each.verdicts[verdict] or "" for verdict in VERDICTS), f"{each.calls:,}", f"{each.seconds:.1f}"]
        for each in layers(result)
    ]
    right = ("right",) * (len(VERDICTS) + 2)
    return tabulate(rows, ["layer", *VERDICTS, "calls", "seconds"], colalign=("left", *right)) if rows else ""


def _lists(result: Result) -> Iterator[str]:
    for title, verdict in (("Skipped", "skipped"), ("Broke off", "broke off")):
        reasons = left_out(result, verdict)
        if reasons:
            yield "\n".join([f"{title}:", *(f"  {len(outcomes):4}  {reason}" for reason, outcomes in reasons.items())])
    if result.observations:
        yield "\n".join(["Readings:", *readings_told(result.observations)])
    accepted = len(result.every_finding) - len(result.findings)
    if accepted:
        yield f"Accepted by the baseline: {words.counted(accepted, 'finding')}."


def readings_told(observations: Sequence[Observation]) -> Iterator[str]:
    """How many readings were seen, and those that are not as the guides have it, or could not be seen."""
    usual = [each for each in observations if each.alternative == each.reading.guide]
    yield f"  {len(usual)} of {len(observations)} as the vendors' guides have it"
    for each in observations:
        if each.contradicted:
            yield f"  {each.reading.name}: CONTRADICTED, no alternative does this: {each.reason}"
        elif each.alternative is not None and each.alternative != each.reading.guide:
            yield f"  {each.reading.name}: {each.alternative} (the guides: {each.reading.guide})"
    unseen = Counter(each.reason for each in observations if each.alternative is None and not each.contradicted)
    yield from (f"  {count} not seen: {reason}" for reason, count in unseen.most_common())
