"""What of a run may be shown or kept: exchanges and texts without a secret or an identifier, wherever it stands."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import unquote_plus

import orjson

from mockserver.check.scrubbing import Vocabulary, credential
from mockserver.check.session import Exchange
from mockserver.check.setting import Credentials, Customer, Setting
from mockserver.masking import IDENTIFIERS, form_fields, masked_detail

_SOURCE = "source"
_FORM = "application/x-www-form-urlencoded"
_DEEPEST = 100
_HIDDEN_HEADERS = ("authorization", "cookie", "token", "secret", "apikey", "password", "jwt")
_HIDDEN_MEMBERS = (*_HIDDEN_HEADERS, "secretkey", "codeverifier", "codechallenge", "assertion", "credentials")
_IDENTIFIERS = frozenset(name.lower() for name in IDENTIFIERS)
_LONGEST = 10_000
OPAQUE = "bytes that are no JSON"


def secrets_of(setting: Setting) -> frozenset[str]:
    """What a run was given and must never show."""
    given = [getattr(setting, name) for name in Setting.__slots__]
    secrets = [each.client_secret for each in given if isinstance(each, Credentials)]
    return frozenset(secrets + [each.secret_key for each in given if isinstance(each, Customer)]) - {""}


def scrubbed(text: str, secrets: Iterable[str] = ()) -> str:
    """A line of a log or the text of an error, with marks for the secrets, and for what looks like one."""
    return Vocabulary(secrets).scrub(text)


def redacted(
    exchanges: Sequence[Exchange], secrets: Iterable[str] = (), vocabulary: Vocabulary | None = None
) -> list[dict[str, Any]]:
    """Each exchange as JSON data, with a mark for every secret and identifier, equal for equal ones.

    `secrets` are hidden wherever they stand, and so is everything that is seen to be one anywhere in the exchanges.
    A vocabulary brings marks of its own.
    """
    known = vocabulary or Vocabulary()
    known.add(secrets)
    for exchange in exchanges:
        _learn(exchange, known)
    return [_told(exchange, known) for exchange in exchanges]


def _told(exchange: Exchange, known: Vocabulary) -> dict[str, Any]:
    request, response = exchange.request, exchange.response
    return {
        "operation": exchange.operation,
        "version": exchange.version,
        "request": {
            "method": request.method,
            "path": known.scrub(request.path),
            "query": _query(request.query, known),
            "headers": _headers(request.headers, known),
            "body": _body(request.body, request.header(b"content-type"), known, asked=True),
        },
        "response": {
            "status": response.status,
            "headers": _headers(response.headers, known),
            "body": _body(response.body, response.header("content-type"), known, asked=False),
        },
    }


@lru_cache(1024)
def _hides(name: str, endings: Sequence[str] = _HIDDEN_MEMBERS) -> bool:
    """Whether a member, field or header of that name holds a secret, however the name is written."""
    return "".join(filter(str.isalnum, name.lower())).endswith(tuple(endings))


@lru_cache(1024)
def _identifies(name: str) -> bool:
    """Whether everything below a member of that name is an identifier."""
    return name.lower() in _IDENTIFIERS


def _kind(name: str) -> str:
    """What a secret is called where it is shown: every sort of token is one, so that it is known again in a header."""
    plain = "".join(filter(str.isalnum, name.lower()))
    if plain.startswith("refresh"):
        return "refresh token"
    return "token" if plain.endswith(("token", "authorization", "jwt")) else plain


def parsed(body: bytes) -> Any:
    """A body as JSON, large numbers whole. Raises `ValueError` for what no strict reader takes, or could write again."""
    orjson.loads(body)
    thing = json.loads(body)
    try:
        json.dumps(thing, allow_nan=False)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return thing


# What is a secret, by where it stands.


def _learn(exchange: Exchange, known: Vocabulary) -> None:
    """Remember the secrets of an exchange."""
    request, response = exchange.request, exchange.response
    for headers in (request.headers, response.headers):
        for name, value in headers:
            if _hides(name.decode("latin-1"), _HIDDEN_HEADERS):
                _, secret = credential(value.decode("latin-1"))
                known.learn(_kind(name.decode("latin-1")), secret)
    for field, said in _fields(request.query):
        if _hides(field) or field == "code":
            known.learn(_kind(field), said)
    for body, media, asked in (
        (request.body, request.header(b"content-type"), True),
        (response.body, response.header("content-type"), False),
    ):
        for kind, text in _secrets(_readable(body, media), "", asked):
            known.learn(kind, text)


def _readable(body: bytes, media: str | None) -> Any:
    """A body as JSON or as the fields of a form; nothing if it is neither."""
    try:
        return parsed(body) if body else None
    except ValueError:
        return form_fields(body) if (media or "").startswith(_FORM) else None


def _secrets(thing: Any, name: str, asked: bool, depth: int = 0) -> Iterator[tuple[str, str]]:
    """The secrets and identifiers of parsed JSON, each with its kind."""
    if depth > _DEEPEST:
        return
    if isinstance(thing, Mapping):
        for key, value in thing.items():
            yield from _secrets(value, _inside(name, key, asked), asked, depth + 1)
    elif isinstance(thing, list):
        for each in thing:
            yield from _secrets(each, name, asked, depth + 1)
    elif _identifies(name) and isinstance(thing, str):
        yield "identifier", thing
    elif isinstance(thing, str) and _covers(name, asked):
        yield _kind(name), thing


@lru_cache(1024)
def _covers(name: str, asked: bool) -> bool:
    """Whether everything below a member of that name is hidden. The code of a problem is no authorization code."""
    return _identifies(name) or _hides(name) or (asked and name == "code")


def _inside(name: str, key: str, asked: bool) -> str:
    """What a value counts as a member of. The source of a problem names fields, and holds none of their values."""
    if _covers(name, asked) or (name == _SOURCE and not asked):
        return name
    return key


# What is shown in its place.


def written_text(body: bytes, media: str | None, known: Vocabulary) -> str | None:
    """A body as it was written, with marks for its secrets; nothing if they could not be told from the rest, or it is long.

    Each character is a byte.
    """
    text = body.decode("latin-1")
    if len(body) > _LONGEST:
        return None
    if form_fields(body):
        return _query(text, known)
    plain = "".join(filter(str.isalnum, text.lower()))
    if any(name in plain for name in (*_HIDDEN_MEMBERS, "identifiers", "code")):
        return None
    return known.scrub(text)


def _headers(headers: Iterable[tuple[bytes, bytes]], known: Vocabulary) -> dict[str, str]:
    """Headers by lower-case name; those of one name are joined."""
    told: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        if _hides(name, _HIDDEN_HEADERS):
            scheme, secret = credential(value)
            shown = f"{scheme} {known.learn(_kind(name), secret)}".strip() if secret else value
        else:
            shown = known.scrub(value)
        told[known.scrub(name)] = f"{told[name]}, {shown}" if name in told else shown
    return told


def _fields(query: str) -> list[tuple[str, str]]:
    pairs = [field.partition("=") for field in query.split("&")] if query else []
    return [(unquote_plus(name), unquote_plus(value)) for name, _, value in pairs]


def _query(query: str, known: Vocabulary) -> str:
    """A query as it was written, with marks for its secrets."""
    told = []
    for written in query.split("&") if query else []:
        name, _, value = written.partition("=")
        hidden = _hides(unquote_plus(name)) or unquote_plus(name) == "code"
        told.append(f"{name}={known.learn(_kind(name), unquote_plus(value))}" if hidden and value else known.scrub(written))
    return "&".join(told)


def _body(body: bytes, media: str | None, known: Vocabulary, *, asked: bool) -> Any:
    """A body as JSON data; what is neither JSON nor a form by its size."""
    if not body:
        return None
    try:
        thing = parsed(body)
    except ValueError:
        fields = form_fields(body) if (media or "").startswith(_FORM) else {}
        return _masked(fields, "", known, asked) if fields else f"<{len(body)} {OPAQUE}>"
    return _masked(thing, "", known, asked)


def _masked(thing: Any, name: str, known: Vocabulary, asked: bool, depth: int = 0) -> Any:
    if depth > _DEEPEST:
        return "<nested more deeply>"
    if isinstance(thing, dict):
        if isinstance(thing.get("detail"), str):
            thing = thing | {"detail": masked_detail(thing["detail"], str(thing.get("source")))}
        return {
            known.learn("identifier", key) if _identifies(name) else known.scrub(key): _masked(
                value, _inside(name, key, asked), known, asked, depth + 1
            )
            for key, value in thing.items()
        }
    if isinstance(thing, list):
        return [_masked(each, name, known, asked, depth + 1) for each in thing]
    if isinstance(thing, str):
        if _identifies(name):
            return known.learn("identifier", thing)
        return known.learn(_kind(name), thing) if _covers(name, asked) else known.scrub(thing)
    return thing if thing is None or isinstance(thing, bool) else _number(thing, name, known, asked)


def _number(thing: float, name: str, known: Vocabulary, asked: bool) -> Any:
    """A number, which can be a secret or an identifier like a text."""
    if _covers(name, asked):
        return known.learn("numeric identifier" if _identifies(name) else _kind(name), str(thing))
    return thing if (shown := known.scrub(str(thing))) == str(thing) else shown
