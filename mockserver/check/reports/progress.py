"""What is seen while a run goes on: a line that lives on a terminal, lines that stay anywhere else."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from mockserver.check.law import Check
from mockserver.check.outcome import Outcome
from mockserver.check.redaction import scrubbed
from mockserver.check.reports import words
from mockserver.check.reports.hiding import with_tokens


def watched(
    checks: Sequence[Check], outcomes: Iterable[Outcome], console: Console, secrets: Iterable[str]
) -> Iterator[Outcome]:
    """The outcomes of these checks, each told as it passes by."""
    show = _live if console.is_terminal else _line_by_line
    return show(checks, outcomes, console, frozenset(secrets))


def _live(checks: Sequence[Check], outcomes: Iterable[Outcome], console: Console, secrets: frozenset[str]) -> Iterator[Outcome]:
    columns = (
        SpinnerColumn(),
        TextColumn("[bold]{task.fields[layer]:9}"),
        BarColumn(bar_width=24),
        TextColumn("{task.completed}/{task.total}"),
        TextColumn("{task.fields[calls]:,} calls"),
        TextColumn("[{task.fields[style]}]{task.fields[findings]} findings"),
        TimeElapsedColumn(),
        TextColumn("[dim]{task.description}"),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=len(checks), layer="", calls=0, findings=0, style="dim")
        calls = findings = 0
        _next(progress, task, checks, 0)
        for number, outcome in enumerate(outcomes, 1):
            calls, findings = calls + outcome.calls, findings + (outcome.finding is not None)
            for line in _said(outcome, secrets):
                progress.console.print(f"[bold red]{escape(line)}" if outcome.finding else f"[yellow]{escape(line)}")
            progress.update(task, advance=1, calls=calls, findings=findings, style="bold red" if findings else "dim")
            _next(progress, task, checks, number)
            yield outcome


def _next(progress: Progress, task: TaskID, checks: Sequence[Check], number: int) -> None:
    """Say which check is running."""
    if number < len(checks):
        check = checks[number]
        progress.update(task, layer=check.layer, description=escape(check.name.partition("/")[2]))


def _line_by_line(
    checks: Sequence[Check], outcomes: Iterable[Outcome], console: Console, secrets: frozenset[str]
) -> Iterator[Outcome]:
    """A line for each finding, and one for each layer when it is done."""
    last = {check.layer: check.name for check in checks}
    counts: dict[str, Counter[str]] = {}
    for outcome in outcomes:
        for line in _said(outcome, secrets):
            _print(console, line)
        count = counts.setdefault(outcome.check.layer, Counter())
        count.update({outcome.verdict: 1, "calls": outcome.calls})
        if last.get(outcome.check.layer) == outcome.check.name:
            _print(console, _layer_done(outcome.check.layer, count))
        yield outcome


def _print(console: Console, line: str) -> None:
    console.print(line, markup=False, highlight=False, soft_wrap=True)


def _said(outcome: Outcome, secrets: frozenset[str]) -> Iterator[str]:
    if outcome.finding is not None:
        expectation, secrets = outcome.finding.expectation, with_tokens(outcome.finding.exchanges, secrets)
        told = f"FAILED {outcome.check.name}: {words.expected(expectation, secrets)}; found {words.was(expectation, secrets)}"
        yield scrubbed(told, secrets)
    elif outcome.verdict == "broke off":
        yield scrubbed(f"BROKE OFF {outcome.check.name}: {outcome.reason}", secrets)


def _layer_done(layer: str, count: Counter[str]) -> str:
    verdicts = ", ".join(f"{count[each]} {each}" for each in ("passed", "failed", "skipped", "broke off") if count[each])
    return f"{layer}: {verdicts}; {words.counted(count['calls'], 'call')}"
