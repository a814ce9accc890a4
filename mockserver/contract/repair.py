"""A document made to keep a schema, changing as little of it as is known how."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from difflib import get_close_matches
from typing import Any

import jsonschema_rs

from mockserver.contract.schema import Schema

_ROUNDS = 60
_LOOKED_AT = 20
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
    "EUR",
    "2026-01-15",
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


def repaired(schema: Schema, document: Any) -> Any:
    """The document, or a copy that keeps the schema, or comes nearer to it."""
    document = deepcopy(document)
    for _ in range(_ROUNDS):
        errors = _errors(schema, document)
        if not errors:
            break
        better = min(_tries(errors[0], document), key=lambda each: _weight(_errors(schema, each)))
        if _weight(_errors(schema, better)) >= _weight(errors):
            break
        document = better
    return document


def sample(schema: Schema) -> Any:
    """Some document that keeps the schema, or comes near it."""
    return repaired(schema, {})


Errors = list[jsonschema_rs.ValidationError]


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
    if isinstance(value, str) and value.lstrip("-").isdigit():
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
}


def _changed(document: Any, path: list[Any], value: Any) -> Any:
    """A copy with another value at a place."""
    if not path:
        return deepcopy(value)
    twin = deepcopy(document)
    home = twin
    for step in path[:-1]:
        home = home[step]
    home[path[-1]] = deepcopy(value)
    return twin
