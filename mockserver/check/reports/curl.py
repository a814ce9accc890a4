"""The fewest exchanges that show a finding, as a shell script to paste: curl, and Python for a little reading of JSON."""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from shlex import quote as shell_quoted

from mockserver.check.outcome import Finding
from mockserver.check.redaction import scrubbed
from mockserver.check.reports import words
from mockserver.check.reports.parts import Name
from mockserver.check.reports.plan import Plan, Step, planned
from mockserver.check.reports.shell import needed, word
from mockserver.check.reports.variables import BASE, Variable
from mockserver.check.result import Result
from mockserver.clock import written

_LONGEST_WORD = 100_000
"""Bytes of an argument. More are not passed on by every system, and come in on standard input."""


def curl(finding: Finding, result: Result, secrets: Iterable[str]) -> str:
    """The script. It prints the answer that is wrong; the comment before says what was expected."""
    plan = planned(finding, result, secrets)
    calls = [line for place, step in enumerate(plan.steps) for line in _step(plan, place, step)]
    body = [*calls, "", *_verdict(plan)]
    head = ["#!/usr/bin/env bash", *_about(plan), "set -euo pipefail", "", *_settings(plan, result)]
    functions = [line for text in needed("\n".join([*body, *_clock(plan)])) for line in ("", text)]
    return "\n".join([*head, *functions, "", *_clock(plan), *body]) + "\n"


def _about(plan: Plan) -> list[str]:
    check = plan.finding.check
    return [_comment(plan, f"{check.name}: {check.statement}"), _comment(plan, words.grounds(check))]


def _comment(plan: Plan, text: str) -> str:
    return "# " + " ".join(scrubbed(text, plan.secrets).split())


def _settings(plan: Plan, result: Result) -> Iterator[str]:
    base = result.target if result.target.startswith(("http://", "https://")) else BASE
    yield f"BASE=${{BASE:-{shell_quoted(base)}}}"
    yield "BASE=${BASE%/}"
    yield from (_setting(each) for each in plan.variables)
    if plan.needs_run:
        length = len(result.setting.run)
        made = f'("r" + uuid.uuid4().hex * {length // 32 + 1})[:{length}]'
        yield f"RUN=$(python3 -c 'import uuid; print({made})')  # begins every name"
    if _is_of_headers(plan):
        yield "HEADERS=$(mktemp)"


def _setting(variable: Variable) -> str:
    name = variable.name
    if variable.default is None:
        return f"{name}=${{{name}:?set it: it is a secret, and not kept in reports}}"
    return f"{name}=${{{name}:-{shell_quoted(variable.default)}}}"


def _clock(plan: Plan) -> list[str]:
    if plan.at is None:
        return []
    told = f'{{"now": "{written(plan.at)}"}}'
    return [
        "# What happens depends on the time: a fake is shown the one at which this was found.",
        f'curl -s -o /dev/null -d {shell_quoted(told)} "$BASE/_mock/clock" || true',
    ]


def _step(plan: Plan, place: int, step: Step) -> Iterator[str]:
    if step.moved:
        yield f"move {words.seconds(step.moved)}"
    call = " \\\n  ".join(_call(plan, place, step))
    yield call if step.times == 1 else f"for _ in $(seq {step.times}); do\n{call}\ndone 2>&1 | uniq -c >&2"
    yield from (f"{name}=$(pick {shell_quoted(pointer)})" for name, pointer in step.gives)
    if place == plan.wrong and place < len(plan.steps) - 1:
        yield "wrong_status=$status wrong_answer=$answer"


def _call(plan: Plan, place: int, step: Step) -> Iterator[str]:
    """A command by its lines."""
    yield f"call {step.method} {word(*step.url)}"
    for name, text in step.headers:
        yield f"-H {word(f'{name}: ', *text) if text else word(f'{name};')}"
    if step.method == "HEAD":
        yield "--head"
    if place == plan.wrong and _is_of_headers(plan):
        yield '-D "$HEADERS"'
    yield from _data(step)


def _is_of_headers(plan: Plan) -> bool:
    return plan.expectation.pointer.startswith("headers")


def _data(step: Step) -> list[str]:
    """The options for a body, and where a large one comes from."""
    if step.form is not None:
        return [f"--data-urlencode {word(f'{name}=', *text)}" for name, text in step.form]
    if step.body is None:
        return [] if step.method in ("GET", "HEAD") else [*_untyped(step), "-d ''"]
    if isinstance(step.body, bytes):
        packed = b64encode(step.body).decode()
        return [*_untyped(step), f"--data-binary @- < <(printf %s {packed} | base64 -d)"]
    if sum(len(part) for part in step.body if isinstance(part, str)) > _LONGEST_WORD:
        return [*_untyped(step), f"--data-binary @- < <(printf %s {word(*step.body)})"]
    return [*_untyped(step), f"--data-binary {word(*step.body)}"]


def _untyped(step: Step) -> list[str]:
    """Curl would say that it sends a form."""
    return [] if any(name == "content-type" for name, _ in step.headers) else ["-H 'Content-Type:'"]


def _verdict(plan: Plan) -> Iterator[str]:
    if plan.finding.why:
        yield _comment(plan, f"Why: {plan.finding.why}")
    yield _comment(plan, f"Expected: {_wanted(plan)}")
    yield _comment(plan, f"Found: {words.was(plan.expectation, plan.secrets)}")
    kept = "" if plan.wrong == len(plan.steps) - 1 else "wrong_"
    if _is_of_headers(plan):
        yield 'cat "$HEADERS"'
    else:
        yield f'printf \'status %s\\n%s\\n\' "${kept}status" "${kept}answer"'


def _wanted(plan: Plan) -> str:
    """What was expected, what was handed out as the variable that it is in."""
    told = plan.template.text(words.expected(plan.expectation, plan.secrets))
    return "".join(part if isinstance(part, str) else f"${part.name}" for part in told if isinstance(part, str | Name))
