"""What a script does to repeat a finding, whatever it is written in: steps, what each hands on, and what is expected."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from mockserver.check.expectation import Expectation
from mockserver.check.outcome import Finding
from mockserver.check.reports.handed import Handed, handed_out
from mockserver.check.reports.hiding import with_tokens
from mockserver.check.reports.introducing import introduced
from mockserver.check.reports.parts import Minted, Name, Text, names
from mockserver.check.reports.template import Template
from mockserver.check.reports.variables import Variable, variables
from mockserver.check.result import Result
from mockserver.check.session import Exchange
from mockserver.message import Request

_FORM = "application/x-www-form-urlencoded"
_PATH = "/%:@!$&'()*+,;=~"
_QUERY = "/%:@!$&'()*+,;=~?"
_FRAMING = frozenset({"content-length", "host", "connection", "accept-encoding", "transfer-encoding"})
_RUNNING = frozenset({"getRealTimeReport", "retrieveCampaignStats"})
"""Operations whose answers change while nobody does anything."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Step:
    """A call. `gives` are variables by the places in its body that they are taken from; `times` it is made in a row.

    `form` are the fields of a body that is a form, `body` is any other, as text, or as bytes if it is none; `document` is the
    only member of a tuple if that is JSON as everybody writes it.
    """

    exchange: int
    method: str
    url: Text
    headers: tuple[tuple[str, Text], ...] = ()
    form: tuple[tuple[str, Text], ...] | None = None
    body: Text | bytes | None = None
    document: tuple[Any] | None = None
    moved: float = 0.0
    gives: tuple[tuple[str, str], ...] = ()
    times: int = 1
    status: int = 0

    @property
    def texts(self) -> Iterator[Text]:
        """Everything it says."""
        yield self.url
        yield from (text for _, text in self.headers)
        yield from (text for _, text in self.form or ())
        if isinstance(self.body, tuple):
            yield self.body


@dataclass(frozen=True, slots=True)
class Plan:
    """`variables` are what the environment gives. `at` is what the clock showed, in seconds since 1970, if it matters;
    `secrets` is what no comment may show.
    """

    finding: Finding
    result: Result
    steps: Sequence[Step]
    variables: Sequence[Variable]
    template: Template = field(repr=False)
    at: float | None = None
    secrets: frozenset[str] = field(default=frozenset(), repr=False)

    @property
    def expectation(self) -> Expectation:
        """What breaks."""
        return self.finding.expectation

    @property
    def wrong(self) -> int:
        """The place of the step whose answer is wrong."""
        return max(place for place, step in enumerate(self.steps) if step.exchange <= self.expectation.exchange)

    @property
    def needs_run(self) -> bool:
        """Whether names are made."""
        return any("RUN" in names(text) for step in self.steps for text in step.texts)

    @property
    def mints(self) -> bool:
        """Whether tokens are made."""
        return any(map(_mints, self.steps))

    def value(self, thing: Any) -> Any:
        """A value with its texts taken apart."""
        return self.template.value(thing)


def planned(finding: Finding, result: Result, secrets: Iterable[str]) -> Plan:
    """How to repeat a finding."""
    finding = introduced(finding, result.setting)
    handed = handed_out(finding.exchanges, finding.expectation)
    known = variables(result.setting, secrets)
    called = _called(handed)
    named = {each.value: Name(each.name) for each in known} | {value: Name(name) for value, name in called.items()}
    hidden = [each.value for each in known if each.secret] + [each.value for each in handed if each.is_token]
    template = Template(named, hidden, result.setting.run, result.setting.customer)
    gives = _gives(handed, called)
    each_step = (_step(number, each, template, gives.get(number, ())) for number, each in enumerate(finding.exchanges))
    steps = _folded(each_step, finding.expectation.exchange)
    used = {name for step in steps for text in step.texts for name in names(text)} | _wanted(finding.expectation, template)
    at = _moment(finding, steps)
    if at is not None:
        steps[0] = replace(steps[0], moved=0.0)  # the clock is shown after it
    given = [each for each in known if each.name in used]
    return Plan(finding, result, steps, given, template, at, with_tokens(finding.exchanges, secrets))


def _called(handed: Sequence[Handed]) -> dict[str, str]:
    """A variable's name for each value."""
    counts = Counter(each.word for each in handed)
    numbers: Counter[str] = Counter()
    called = {}
    for each in handed:
        numbers[each.word] += 1
        called[each.value] = f"the_{each.word}" if counts[each.word] == 1 else f"{each.word}_{numbers[each.word]}"
    return called


def _gives(handed: Sequence[Handed], called: Mapping[str, str]) -> dict[int, tuple[tuple[str, str], ...]]:
    gives: dict[int, tuple[tuple[str, str], ...]] = {}
    for each in handed:
        gives[each.exchange] = (*gives.get(each.exchange, ()), (called[each.value], each.pointer))
    return gives


def _step(number: int, exchange: Exchange, template: Template, gives: tuple[tuple[str, str], ...]) -> Step:
    request = exchange.request
    url = quote(request.path, safe=_PATH) + (f"?{quote(request.query, safe=_QUERY)}" if request.query else "")
    form = _form(request)
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers]
    return Step(
        number,
        request.method,
        template.text(url),
        tuple(
            (name, template.header(value, exchange.at))
            for name, value in headers
            if name not in _FRAMING and not (form is not None and name == "content-type")
        ),
        form=None if form is None else tuple((name, template.text(value)) for name, value in form),
        body=_body(request.body, template) if form is None and request.body else None,
        document=_document(request, template) if form is None else None,
        moved=exchange.moved,
        gives=gives,
        status=exchange.response.status,
    )


def _form(request: Request) -> list[tuple[str, str]] | None:
    """The fields of a form that every client would write as it is written."""
    if request.header(b"content-type") != _FORM or not request.body.isascii():
        return None
    fields = parse_qsl(request.body.decode(), keep_blank_values=True)
    return fields if urlencode(fields).encode() == request.body and len(dict(fields)) == len(fields) else None


def _body(body: bytes, template: Template) -> Text | bytes:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return template.opaque(body)
    return template.opaque(body) if "\0" in text else template.text(text)


def _document(request: Request, template: Template) -> tuple[Any] | None:
    if request.header(b"content-type") != "application/json":
        return None
    try:
        thing = json.loads(request.body)
        again = json.dumps(thing, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    except (ValueError, RecursionError):
        return None
    return (template.value(thing),) if again == request.body else None


def _folded(steps: Iterable[Step], wrong: int) -> list[Step]:
    """Equal calls in a row as one that is made often; the one that is answered wrongly stands alone."""
    folded: list[Step] = []
    for step in steps:
        last = folded[-1] if folded else None
        if last and not last.gives and last.exchange != wrong != step.exchange and _same(last, step):
            folded[-1] = replace(last, times=last.times + 1, status=step.status)
        else:
            folded.append(step)
    return folded


def _same(one: Step, other: Step) -> bool:
    return replace(one, exchange=0, times=1, status=0) == replace(other, exchange=0, times=1, status=0)


def _wanted(expectation: Expectation, template: Template) -> set[str]:
    """The variables that stand in what is expected."""
    return names(template.text(repr(expectation.wanted)))


def _moment(finding: Finding, steps: Sequence[Step]) -> float | None:
    """What the clock showed, if something is said or done that depends on it."""
    first = finding.exchanges[0] if finding.exchanges else None
    timely = any(step.moved or step.times > 1 or _mints(step) for step in steps)
    timely = timely or any(_says_a_day(each) for each in finding.exchanges)
    return first.at if first is not None and first.at and timely else None


def _mints(step: Step) -> bool:
    """Whether it makes a token that runs out."""
    return any(isinstance(part, Minted) for text in step.texts for part in text)


def _says_a_day(exchange: Exchange) -> bool:
    said = f"{exchange.request.query} {exchange.request.body.decode('latin-1')}"
    return exchange.operation in _RUNNING or _DAY.search(said) is not None
