"""The fewest exchanges that show a finding, as a pytest test that stands alone: plain httpx, plain asserts."""

import json
import re
from collections.abc import Iterable, Iterator

from mockserver.check.judging import KEEPS
from mockserver.check.outcome import Finding
from mockserver.check.redaction import scrubbed
from mockserver.check.reports import phrases, words
from mockserver.check.reports.plan import Plan, Step, planned
from mockserver.check.reports.variables import BASE
from mockserver.check.result import Result
from mockserver.clock import written

_READING = '''
MISSING = object()


def at(answer, pointer):
    """What stands at a place of an answer such as `body/data/0/id`; `*` takes every item of a list."""
    headers = {name.lower(): value for name, value in answer.headers.items()}
    try:
        body = answer.json() if answer.content else None
    except ValueError:
        body = answer.text
    return found_at({"status": answer.status_code, "headers": headers, "body": body}, pointer.split("/"))


def found_at(found, steps):
    for place, step in enumerate(steps):
        if step == "*" and isinstance(found, list):
            return [found_at(each, steps[place + 1 :]) for each in found]
        if isinstance(found, dict) and step in found:
            found = found[step]
        elif isinstance(found, list) and step.isdigit() and int(step) < len(found):
            found = found[int(step)]
        else:
            return MISSING
    return found
'''
_TOLD = """
def told(expected, found):
    return f"{expected}; {'nothing is there' if found is MISSING else f'it is {found!r}'}"
"""
_LONGEST_LINE = 100
_MODULES = ("base64", "hmac", "json", "os", "re", "time")


def repeat(finding: Finding, result: Result, secrets: Iterable[str]) -> str:
    """The text of a test file. It fails as the check did, as long as the target does."""
    plan = planned(finding, result, secrets)
    test = "\n".join(_test(plan))
    helpers = [_READING] if "at(" in test else []
    helpers += [_TOLD] if "told(" in test else []
    helpers += [code for call, code in phrases.FUNCTIONS.items() if call in test]
    rest = "\n".join(["\n".join(_settings(plan)), *helpers, "", test])
    return f"{_about(plan)}\n\n{_imports(rest, plan)}\n\n{rest}\n"


def _about(plan: Plan) -> str:
    check = plan.finding.check
    asked = ", ".join(["BASE", *(each.name for each in plan.variables)])
    said = f"{check.name}: {check.statement}\n\n{words.grounds(check)}\nThe environment may say otherwise: {asked}."
    return '"""' + scrubbed(said, plan.secrets).replace("\\", "\\\\").replace('"""', "'''") + '\n"""'


def _imports(code: str, plan: Plan) -> str:
    modules = [f"import {module}" for module in _MODULES if re.search(rf"\b{module}\.", code)]
    modules += ["from urllib.parse import quote"] if "quote(" in code else []
    modules += ["from uuid import uuid4"] if "uuid4()" in code else []
    others = ["import httpx"]
    if plan.expectation.relation == KEEPS:
        others.append("\nfrom mockserver.check.keeping import assert_keeps")
    return "\n".join([*modules, "", *others])


def _settings(plan: Plan) -> Iterator[str]:
    target = plan.result.target
    base = target if target.startswith(("http://", "https://")) else BASE
    yield f'BASE = os.environ.get("BASE", {json.dumps(base)})'
    for each in plan.variables:
        if each.default is None:
            yield f'{each.name} = os.environ["{each.name}"]  # a secret, and not kept in reports'
        else:
            yield f'{each.name} = os.environ.get("{each.name}", {json.dumps(each.default)})'
    if plan.needs_run:
        length = len(plan.result.setting.run)
        yield f'RUN = ("r" + uuid4().hex * {length // 32 + 1})[:{length}]  # begins every name'


def _test(plan: Plan) -> Iterator[str]:
    name = re.sub(r"\W+", "_", plan.finding.check.name)
    yield f"def test_{name}():"
    yield "    with httpx.Client(base_url=BASE, timeout=60) as client:"
    lines = [*_clock(plan), *(line for place, step in enumerate(plan.steps) for line in _step(plan, place, step))]
    yield from (f"        {line}" for line in lines)
    yield from (f"    {line}" for line in _verdict(plan))


def _clock(plan: Plan) -> Iterator[str]:
    if plan.at is not None:
        yield "# what happens depends on the time: a fake is shown the one at which this was found"
        yield f'client.post("/_mock/clock", json={{"now": "{written(plan.at)}"}})'


def _step(plan: Plan, place: int, step: Step) -> Iterator[str]:
    if step.moved:
        yield f"move(client, {words.seconds(step.moved)})"
    if step.times > 1:
        yield f"for _ in range({step.times}):"
        yield from (f"    {line}" for line in _call(step))
        return
    first, *rest = _call(step)
    source = "wrong" if place == plan.wrong else "answer"
    yield from (f"{source} = {first}", *rest)
    yield from (f"{name} = at({source}, {json.dumps(f'body/{pointer}')})" for name, pointer in step.gives)


def _call(step: Step) -> list[str]:
    """A call in one line, or in several if it is long."""
    told = [json.dumps(step.method), phrases.text(step.url)]
    kept = [(name, text) for name, text in step.headers if not (step.document and name == "content-type")]
    if kept:
        pairs = [f"{json.dumps(name)}: {phrases.text(text)}" for name, text in kept]
        told.append(f"headers={{{', '.join(pairs)}}}")
    told += _body(step)
    line = f"client.request({', '.join(told)})"
    return [line] if len(line) <= _LONGEST_LINE else ["client.request(", *(f"    {each}," for each in told), ")"]


def _body(step: Step) -> list[str]:
    if step.form is not None:
        pairs = [f"{json.dumps(name)}: {phrases.text(text)}" for name, text in step.form]
        return [f"data={{{', '.join(pairs)}}}"]
    if step.document is not None:
        return [f"json={phrases.value(step.document[0])}"]
    if isinstance(step.body, bytes):
        return [f"content={step.body!r}"]
    return [] if step.body is None else [f"content=({phrases.text(step.body)}).encode()"]


def _verdict(plan: Plan) -> Iterator[str]:
    """The last lines: what was found is what was wanted."""
    expectation, finding = plan.expectation, plan.finding
    if finding.why:
        yield "# " + " ".join(scrubbed(finding.why, plan.secrets).split())
    if expectation.relation == KEEPS:
        exchange = finding.exchanges[expectation.exchange]
        readings = dict(sorted(plan.result.readings.items()))
        yield f"assert_keeps(wrong, {json.dumps(exchange.operation)}, {json.dumps(exchange.version)}, {readings!r})"
        return
    yield f"found = at(wrong, {json.dumps(expectation.pointer)})"
    said = json.dumps(f"{expectation.pointer} {expectation.relation}")[1:-1].replace("{", "{{").replace("}", "}}")
    if expectation.relation in words.VALUELESS:
        yield f'assert {phrases.condition(expectation.relation, None, "")}, told("{said}", found)'
        return
    yield f"wanted = {phrases.value(plan.value(expectation.wanted))}"
    yield f'assert {phrases.condition(expectation.relation, expectation.wanted, "wanted")}, told(f"{said} {{wanted!r}}", found)'
