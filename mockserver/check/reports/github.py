"""What GitHub shows of a run: annotations, and a summary of the step in Markdown."""

from collections.abc import Iterable, Iterator

from mockserver.check.redaction import scrubbed
from mockserver.check.reports import words
from mockserver.check.reports.curl import curl
from mockserver.check.reports.grouping import VERDICTS, Group, grouped, layers, left_out
from mockserver.check.reports.summary import readings_told, told_group, verdict
from mockserver.check.result import Result

_MOST = 10
"""GitHub shows no more annotations of one kind of a step."""
_LONGEST_SUMMARY = 900_000
"""Bytes. GitHub takes no summary of more than a mebibyte."""


def annotations(result: Result, secrets: Iterable[str]) -> str:
    """Workflow commands: an error for what breaks something known, a warning for an assumption that does not hold."""
    return "".join(f"{line}\n" for line in _annotations(result, frozenset(secrets)))


def _annotations(result: Result, secrets: frozenset[str]) -> Iterator[str]:
    for group in grouped(result.findings)[:_MOST]:
        kind = "warning" if group.first.check.evidence.kind == "assumed" else "error"
        yield _command(kind, group.first.check.name, told_group(group, secrets))
    for reason, outcomes in list(left_out(result, "broke off").items())[:_MOST]:
        names = ", ".join(outcome.check.name for outcome in outcomes[:_MOST])
        yield _command("error", f"{words.counted(len(outcomes), 'check')} broke off", scrubbed(f"{reason} ({names})", secrets))
    for each in result.observations:
        if each.contradicted:
            told = f"{each.reading.question} No alternative does this: {each.reason}"
            yield _command("warning", f"reading {each.reading.name}", scrubbed(told, secrets))
    for note in result.notes:
        yield _command("notice", "mockserver check", scrubbed(note, secrets))


def _command(kind: str, title: str, message: str) -> str:
    return f"::{kind} title={_property(title)}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def step_summary(result: Result, secrets: Iterable[str]) -> str:
    """Markdown for `$GITHUB_STEP_SUMMARY`."""
    secrets = frozenset(secrets)
    parts = [f"## {_text(verdict(result))}", _table(result)]
    for group in grouped(result.findings):
        told = _found(group, result, secrets)
        if sum(len(part.encode()) for part in (*parts, told)) > _LONGEST_SUMMARY:
            parts.append("There is more than a summary may hold.")
            break
        parts.append(told)
    parts += [f"**{title}**\n\n{lists}" for title, lists in _lists(result, secrets)]
    return "\n\n".join(parts) + "\n"


def _table(result: Result) -> str:
    rows = [
        [each.name, *(str(each.verdicts[verdict] or "") for verdict in VERDICTS), f"{each.calls:,}", f"{each.seconds:.1f}"]
        for each in layers(result)
    ]
    head = ["layer", *VERDICTS, "calls", "seconds"]
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _found(group: Group, result: Result, secrets: frozenset[str]) -> str:
    name, told = _text(group.first.check.name), told_group(group, secrets)
    script = curl(group.first, result, secrets)
    return (
        f"### {name}\n\n{_fenced(told, 'text')}\n\n"
        f"<details><summary>As a shell script</summary>\n\n{_fenced(script, 'bash')}\n\n</details>"
    )


def _fenced(text: str, language: str) -> str:
    """A block that nothing in it can end."""
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def _lists(result: Result, secrets: frozenset[str]) -> Iterator[tuple[str, str]]:
    for title, which in (("Skipped", "skipped"), ("Broke off", "broke off")):
        reasons = left_out(result, which)
        if reasons:
            lines = (f"- {len(outcomes)}: {_text(scrubbed(reason, secrets))}" for reason, outcomes in reasons.items())
            yield title, "\n".join(lines)
    if result.observations:
        told = (scrubbed(line.strip(), secrets) for line in readings_told(result.observations))
        yield "Readings", "\n".join(f"- {_text(line)}" for line in told)
    if result.notes:
        yield "Notes", "\n".join(f"- {_text(scrubbed(note, secrets))}" for note in result.notes)


def _text(text: str) -> str:
    """Text that Markdown takes as it is."""
    return "".join(f"\\{each}" if each in "\\`*_{}[]<>#|" else each for each in text.replace("\n", " "))
