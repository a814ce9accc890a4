"""The names that stand on a tape for secrets, ids, traces and times: equal for equal ones, and of nothing else."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any
from urllib.parse import quote, unquote_plus

from mockserver.check.players import given_names, secret_names
from mockserver.check.redaction import parsed, redacted, secrets_of, written_text
from mockserver.check.reports.minting import JWT, taken_apart
from mockserver.check.scrubbing import Vocabulary
from mockserver.check.session import Exchange, Session
from mockserver.check.tapes.references import as_written, marked, outside_marks
from mockserver.check.tapes.standins import StandIns, form_of
from mockserver.clock import parse_moment
from mockserver.masking import form_fields
from mockserver.message import Request
from mockserver.mistake import Mistake

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
_ID = re.compile(r"(?=.*[0-9])[0-9A-Za-z-]{5,64}")
_COMPACT: Mapping[str, Any] = {"ensure_ascii": False, "separators": (",", ":")}
_DIGIT = re.compile("[1-9]")
_ID_WORD = re.compile(r"[0-9A-Za-z-]{5,64}")
_TRACES = ("traceId", "traceIdentifier")
_LONG = 8
"""From how many characters on a text is known wherever it stands: shorter ones could be anything."""

_WORD = re.compile(rf"[0-9A-Za-z-]{{{_LONG},}}")


def is_moment(name: str) -> bool:
    """Whether a name is of a time."""
    return name.startswith("moment ")


def moment_form(text: str) -> str:
    """How a time is written after its seconds: `.3Z` with milliseconds, in UTC."""
    fraction, zone = re.fullmatch(r"\.?([0-9]*)(.*)", text[19:]).groups()  # type: ignore[union-attr]  # any text is so
    return f".{len(fraction)}{zone}"


class Naming:
    """The names of one session's tape."""

    def __init__(self, session: Session, codes: Iterable[str], tokens: Mapping[str, str]):
        """`codes` are those that users' consents brought, `tokens` the roles of those that any session fetched."""
        self.tokens: dict[str, Mapping[str, Any]] = {}
        self._exchanges: Sequence[Exchange] = session.exchanges
        self._setting = session.setting
        self._counts: Counter[str] = Counter()
        self._stand_ins = StandIns()
        self._given = given_names(self._setting)
        self._ids: dict[str, str] = {}
        self._times: dict[str, str] = {}
        self._customers: set[str] = set()
        self._said: set[str] = set()
        self._kept: dict[str, str] = {}
        self._vocabulary = Vocabulary((), self._mark)
        for name, text in secret_names(self._setting).items():
            self._vocabulary.name(text, marked(name))
        for code in sorted(codes):
            self._vocabulary.name(code, marked(self._next("code")))
        self._name_tokens(tokens)
        long = {text: name for name, text in self._given.items() if len(text) >= _LONG}
        everywhere = sorted(map(re.escape, long), key=lambda each: (-len(each), each))
        run = rf"{re.escape(self._setting.run)}(?= [0-9])"
        self._names = {**long, self._setting.run: "run"}
        self._pattern = re.compile(rf"(?<![0-9A-Za-z])(?:{'|'.join([*everywhere, run])})(?![0-9A-Za-z])")

    def told(self) -> list[dict[str, Any]]:
        """The session's exchanges with names in them."""
        for exchange in self._exchanges:
            self._find(exchange)
        plain = redacted(self._exchanges, secrets_of(self._setting), self._vocabulary)
        for exchange, step in zip(self._exchanges, plain, strict=True):
            step["request"] |= self._as_sent(exchange.request)
        return [self._named(each) for each in plain]

    def _as_sent(self, request: Request) -> dict[str, Any]:
        """What a body that is not written as JSON usually is has besides what it says: its text, or its size at least."""
        body = request.body
        try:
            plain = not body or (body != b"null" and json.dumps(parsed(body), **_COMPACT).encode() == body)
        except ValueError:
            plain = False
        if plain:
            return {}
        text = written_text(body, request.header(b"content-type"), self._vocabulary)
        if text is None:
            return {"size": len(body)}
        return {"text": "&".join(map(self._field, text.split("&"))) if form_fields(body) else text}

    def _field(self, field: str) -> str:
        """A field of a form, with a name for what is the run's own, in whatever way that is written."""
        name, equals, value = field.partition("=")
        given = next((known for known, text in self._given.items() if text == unquote_plus(value)), None)
        return f"{name}={marked(given)}" if equals and given else field

    @property
    def moments(self) -> list[str]:
        """The names of the times told, earliest first."""
        return [name for _, name in sorted((parse_moment(text), name) for text, name in self._times.items())]

    def text(self, text: str) -> str:
        """A text with names, as it is kept."""
        return self._written(self._vocabulary.scrub(text))

    # Secrets, as redaction finds them.

    def _mark(self, kind: str, text: str) -> str:
        if kind.endswith("identifier"):
            if kind.startswith("numeric"):
                return marked(f"#identifier {self._stand_ins.number(text)} {quote(_DIGIT.sub('d', text), safe='')}")
            return marked(f"identifier {self._stand_ins.number(text)} {quote(form_of(text), safe='')}")
        return marked(self._next(kind))

    def _next(self, kind: str) -> str:
        self._counts[kind] += 1
        return f"{kind} {self._counts[kind]}"

    def _name_tokens(self, tokens: Mapping[str, str]) -> None:
        """Tokens that no answer of this session hands out: made by a customer, or fetched in an earlier session."""
        for exchange in self._exchanges:
            header = exchange.request.header(b"authorization") or ""
            for found in JWT.finditer(header):
                made = taken_apart(found[0], self._setting.customer, exchange.at)
                if made is not None and found[0] not in self._customers:
                    name = self._next("own token")
                    self._vocabulary.name(found[0], marked(name))
                    self._customers.add(found[0])
                    self.tokens[name] = asdict(made)
        handed = {token for exchange in self._exchanges for token, _ in fetched(exchange)}
        for token, role in tokens.items():
            if token not in handed:
                self._vocabulary.name(token, marked(f"token of {role}"))

    # Ids, traces and times, as answers hand them out.

    def _find(self, exchange: Exchange) -> None:
        """Remember what an answer hands out; what was said before the target said it is known from somewhere else."""
        request = exchange.request
        self._said.update(_ID_WORD.findall(f"{request.path} {request.query} {request.body.decode('latin-1')}"))
        try:
            body = parsed(exchange.response.body) if exchange.response.body else None
        except ValueError:
            return
        for name, value in _leaves(body, ""):
            if isinstance(value, str) and MOMENT.fullmatch(value):
                self._find_moment(value)
            elif name in _TRACES and isinstance(value, str):
                self._give(value, "trace")
            elif _names_id(name) and isinstance(value, str | int) and _ID.fullmatch(str(value)):
                self._give(str(value), _noun(name, exchange))

    def _find_moment(self, text: str) -> None:
        try:
            parse_moment(text)
        except Mistake:
            return
        if text not in self._times:
            self._times[text] = f"{self._next('moment')} {moment_form(text)}"

    def _give(self, text: str, noun: str) -> None:
        if text not in self._ids and text not in self._said and text not in self._given.values():
            self._ids[text] = self._next(noun)

    # A step as it is kept.

    def _named(self, told: dict[str, Any]) -> dict[str, Any]:
        request, response = told["request"], told["response"]
        for message in (request, response):
            headers = message["headers"].items()
            message["headers"] = {self._written(name): self._written(value) for name, value in headers}
            message["body"] = self._in_body(message["body"], "", answered=message is response)
        request["path"] = "/".join(self._whole(step, "id") or self._written(step) for step in request["path"].split("/"))
        request["query"] = self._written(request["query"])
        if "text" in request:
            request["text"] = self._in_quotes(self._written(request["text"]))
            request["body"] = None
        return told

    def _in_quotes(self, text: str) -> str:
        """A text of JSON, in which short ids are known where they are all that a pair of quotes holds."""
        for name, given in self._given.items():
            text = text.replace(f'"{given}"', f'"{{{name}}}"')
        return text

    def _in_body(self, thing: Any, name: str, *, answered: bool) -> Any:
        if isinstance(thing, dict):
            return {self._written(key): self._in_body(value, key, answered=answered) for key, value in thing.items()}
        if isinstance(thing, list):
            return [self._in_body(each, name, answered=answered) for each in thing]
        if type(thing) is int or (type(thing) is float and thing.is_integer()):
            found = self._whole(str(int(thing)), name)
            return f"{{#{'.' if type(thing) is float else ''}{found[1:]}" if found else thing
        if not isinstance(thing, str):
            return thing
        if answered and thing in self._times:
            return f"{{{self._times[thing]}}}"
        return self._whole(thing, name) or self._written(thing)

    def _whole(self, text: str, member: str) -> str | None:
        """The name for what a member holds as a whole; a short text is only known where an id is looked for."""
        if text in self._ids:
            return f"{{{self._ids[text]}}}"
        if len(text) < _LONG and not _names_id(member):
            return None
        found = [name for name, given in self._given.items() if given == text]
        fitting = [name for name in found if name.split()[0] in member.lower()]
        return f"{{{(fitting or found)[0]}}}" if found else None

    def _written(self, text: str) -> str:
        """A text as it is kept, names for ids and for the run in it."""
        if text not in self._kept:
            known = outside_marks(text, lambda part: self._pattern.sub(lambda found: marked(self._names[found[0]]), part))
            self._kept[text] = as_written(outside_marks(known, lambda part: _WORD.sub(self._id_in, part)))
        return self._kept[text]

    def _id_in(self, found: re.Match[str]) -> str:
        word = found[0]
        return marked(self._ids[word]) if word in self._ids else word


def fetched(exchange: Exchange) -> Iterator[tuple[str, str]]:
    """The access token that an answer hands out, and the client it is for, if one was named."""
    if exchange.operation != "requestToken" or exchange.response.status != 200:
        return
    try:
        token = exchange.response.json()["access_token"]
    except (ValueError, LookupError, TypeError):
        return
    if isinstance(token, str) and token:
        yield token, form_fields(exchange.request.body).get("client_id", "")


def _leaves(thing: Any, name: str) -> Iterator[tuple[str, Any]]:
    if isinstance(thing, dict):
        for key, value in thing.items():
            yield from _leaves(value, key)
    elif isinstance(thing, list):
        for each in thing:
            yield from _leaves(each, name)
    else:
        yield name, thing


def _names_id(name: str) -> bool:
    """Whether a member of that name holds ids of things that the target knows."""
    plain = name.lower().removesuffix("s")
    return plain.endswith(("id", "key")) and plain != "createdbyid"


def _noun(name: str, exchange: Exchange) -> str:
    """What an id is of; `found` unless this exchange made it."""
    thing = name.removesuffix("s").removesuffix("Id").removesuffix("Key") or "thing"
    if name == "id":
        operation = exchange.operation
        thing = "segment" if "Segment" in operation else "audience" if "Audience" in operation else "thing"
    made = exchange.operation.startswith("bulkCreate") and name == "id"
    return thing if made else f"found {thing}"
