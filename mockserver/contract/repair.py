"""A document made to keep a schema, changing as little of it as is known how."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from difflib import get_close_matches
from functools import partial
from itertools import islice
from typing import Any

import jsonschema_rs

from mockserver.contract.schema import Schema

_ROUNDS = 60
_LOOKED_AT = 2000
_USUAL: tuple[Any, ...] = (
    {},
    [],
    "A name",
    "12",
    1,
    1.0,
    True,
    "Email",
    "add",
    "View",
    "Last30Days",
    "Onsite",
    "Displays",
    "Day",
    "EUR",
    "2026-01-15",
    "2026-01-15T00:00:00Z",
    ["12"],
    {"value": "text"},
    {"value": 1},
    {"audienceSegmentId": "12"},
    None,
)
"""What a member is tried with of which nothing better is known, until one is taken."""
_BY_NAME: dict[str, Any] = {
    "name": "A name",
    "grant_type": "client_credentials",
    "identifiers": [],
    "lookbackDays": "Last30Days",
}


Errors = list[jsonschema_rs.ValidationError]
Way = Callable[[jsonschema_rs.ValidationError, Any], Iterator[Any]]


def repaired(schema: Schema, document: Any) -> Any:
    """The document, or a copy that keeps the schema, or comes nearer to it. What is wrong in the same way is mended alike."""
    for _ in range(_ROUNDS):
        errors = _errors(schema, document)
        if not errors:
            break
        way = _best_way(schema, document, errors)
        if way is None:
            break
        alike = [error for error in errors if list(error.schema_path) == list(errors[0].schema_path)]
        for error in reversed(alike):  # the last first, as one that is left out moves those behind it
            document = next(islice(way(error, document), 1), document)
    return document


def _best_way(schema: Schema, document: Any, errors: Errors) -> Way | None:
    """How what is wrong first is mended best: by a candidate, or if none helps by leaving it out."""
    for way in _WAYS:
        weights = [_weight(_errors(schema, each)) for each in way(errors[0], document)]
        if weights and min(weights) < _weight(errors):
            return partial(_nth, way, weights.index(min(weights)))
    return None


def _nth(way: Way, number: int, error: jsonschema_rs.ValidationError, document: Any) -> Iterator[Any]:
    yield from islice(way(error, document), number, number + 1)


def sample(schema: Schema) -> Any:
    """Some document that keeps the schema, or comes near it."""
    return repaired(schema, {})


def _errors(schema: Schema, document: Any) -> Errors:
    errors = sorted(schema.compiled.iter_errors(document), key=lambda error: len(list(error.instance_path)))
    return errors[:_LOOKED_AT]


def _weight(errors: Errors) -> float:
    """How wrong a document is: deep inside counts less than at the top, a wrong type more than what is missing in it."""
    return sum((8.0 if error.kind.name == "type" else 1.0) * 4.0 ** -len(list(error.instance_path)) for error in errors)


def _tries(error: jsonschema_rs.ValidationError, document: Any) -> Iterator[Any]:
    """The document with the erring place changed in every way that may help, the likeliest first."""
    path: list[Any] = list(error.instance_path)
    kind: Any = error.kind
    if kind.name == "required":
        path.append(kind.property)
        likely: Iterable[Any] = [_BY_NAME.get(kind.property, "A name")]
    else:
        likely = _LIKELY[kind.name](kind, error.instance) if kind.name in _LIKELY else ()
    for candidate in (*likely, *_USUAL):
        yield _changed(document, path, candidate)


def _spelled(kind: Any, value: Any) -> Iterator[Any]:
    yield from get_close_matches(str(value), [each for each in kind.options if isinstance(each, str)], n=1, cutoff=0.0)
    yield from kind.options


def _converted(kind: Any, value: Any) -> Iterator[Any]:
    if value is not None:
        yield from (str(value), [value])
    if isinstance(value, str) and re.fullmatch("-?[0-9]{1,18}", value):
        yield int(value)


def _shorter(kind: Any, value: Any) -> Iterator[Any]:
    yield value[: kind.limit]


def _longer(kind: Any, value: Any) -> Iterator[Any]:
    yield from ([*value, each] for each in _USUAL)


def _within(kind: Any, value: Any) -> Iterator[Any]:
    yield from (kind.limit, kind.limit + 1, kind.limit - 1)


def _once(kind: Any, value: Any) -> Iterator[Any]:
    yield [each for at, each in enumerate(value) if each not in value[:at]]


def _known(kind: Any, value: Any) -> Iterator[Any]:
    yield {name: each for name, each in value.items() if name not in kind.unexpected}


def _formed(kind: Any, value: Any) -> Iterator[Any]:
    yield from (f"{value}T00:00:00Z", f"{str(value)[:19]}Z", str(value).strip())


def _expected(kind: Any, value: Any) -> Iterator[Any]:
    yield kind.expected_value


_LIKELY: Mapping[str, Callable[[Any, Any], Iterator[Any]]] = {
    "enum": _spelled,
    "const": _expected,
    "type": _converted,
    "anyOf": _converted,
    "oneOf": _converted,
    "maxLength": _shorter,
    "maxItems": _shorter,
    "minItems": _longer,
    "minimum": _within,
    "maximum": _within,
    "exclusiveMinimum": _within,
    "exclusiveMaximum": _within,
    "uniqueItems": _once,
    "additionalProperties": _known,
    "pattern": _formed,
}


def _changed(document: Any, path: list[Any], value: Any) -> Any:
    """The document with another value at a place; only what is on the way there is copied."""
    if not path:
        return deepcopy(value)
    twin = document.copy()
    twin[path[0]] = _changed(document[path[0]] if len(path) > 1 else None, path[1:], value)
    return twin


def _left_out(error: jsonschema_rs.ValidationError, document: Any) -> Iterator[Any]:
    """The document without the item of a list that errs."""
    path: list[Any] = list(error.instance_path)
    if path and isinstance(path[-1], int):
        home = document
        for step in path[:-1]:
            home = home[step]
        yield _changed(document, path[:-1], [*home[: path[-1]], *home[path[-1] + 1 :]])


_WAYS: tuple[Way, ...] = (_tries, _left_out)
