"""What can be wrong with a body: where, what, and how a valid body comes to have it; here, what breaks a schema."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from mockserver.testing.generation import Grammar, Schema, merged, types

ABSENT: Final = object()
"""What a member is changed to that goes away."""

Steps = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Flaw:
    """The one thing wrong with a body: `pointer` is where, such as `data/0/attributes/name`, `what` says what."""

    pointer: str
    what: str


@dataclass(frozen=True, slots=True)
class Change:
    """What makes a valid body a flawed one: another value at some place. `below` is where in that value the flaw is."""

    what: str
    steps: Steps
    value: Any
    below: str = ""

    @property
    def flaw(self) -> Flaw:
        """What the change brings about."""
        steps = [*map(str, self.steps), *([self.below] if self.below else [])]
        return Flaw("/".join(steps), self.what)

    def applied(self, body: Any) -> Any:
        """The body with the change; whatever else is in it is shared with the one given."""
        return _changed(body, self.steps, self.value)


class Repeated(list[Any]):
    """Items over and over, shown in short: Hypothesis warns of examples that fill pages."""

    def __init__(self, items: list[Any], times: int):
        super().__init__(items * times)
        self._shown = f"{items!r} * {times}"

    def __repr__(self) -> str:
        return self._shown


def _changed(node: Any, steps: Steps, value: Any) -> Any:
    if not steps:
        return value
    step, rest = steps[0], steps[1:]
    if isinstance(step, int):
        items = list(node)
        items[step : step + 1] = [_changed(node[step] if step < len(node) else None, rest, value)]
        return items
    members = dict(node or {})
    if value is ABSENT and not rest:
        members.pop(step, None)
    else:
        members[step] = _changed(members.get(step), rest, value)
    return members


_SAMPLES: Mapping[str, Any] = {
    "string": "text",
    "integer": 7,
    "number": 1.5,
    "boolean": True,
    "array": [],
    "object": {},
    "null": None,
}
_MISFITS = ("?", "", "§ 1")


def breaches(schema: Schema, body: Any, grammar: Grammar, steps: Steps = ()) -> Iterator[Change]:
    """Every way in which one change to a valid body breaks its schema. A member that is absent counts as null."""
    whole = merged(schema, grammar)
    yield from _wrong_types(whole, steps)
    if "enum" in whole or "const" in whole:
        yield Change("not one of the values", steps, "Nonsense")
    if isinstance(body, dict):
        yield from _of_object(whole, body, grammar, steps)
    elif isinstance(body, list):
        yield from _of_array(whole, body, grammar, steps)
    elif isinstance(body, str):
        yield from _of_string(whole, steps)
    elif isinstance(body, int | float) and not isinstance(body, bool):
        yield from _of_number(whole, steps)


def _wrong_types(schema: Schema, steps: Steps) -> Iterator[Change]:
    allowed = types(schema)
    for name, sample in _SAMPLES.items() if allowed else ():
        if name not in allowed and not (name == "integer" and "number" in allowed):
            yield Change("of a wrong type", steps, sample)


def _of_object(schema: Schema, body: Mapping[str, Any], grammar: Grammar, steps: Steps) -> Iterator[Change]:
    for name in schema.get("required", ()):
        yield Change("missing", (*steps, name), ABSENT)
    for name, inner in schema.get("properties", {}).items():
        yield from breaches(inner, body.get(name), grammar, (*steps, name))


def _of_array(schema: Schema, body: list[Any], grammar: Grammar, steps: Steps) -> Iterator[Change]:
    for at, item in enumerate(body):
        yield from breaches(schema["items"], item, grammar, (*steps, at))
    if body and "maxItems" in schema:
        yield Change("too many", steps, Repeated(body, schema["maxItems"] // len(body) + 1))
    if schema.get("minItems", 0) > 0:
        yield Change("too few", steps, body[: schema["minItems"] - 1])
    if body and schema.get("uniqueItems"):
        yield Change("given twice", steps, [*body, body[0]])


def _of_string(schema: Schema, steps: Steps) -> Iterator[Change]:
    if "maxLength" in schema:
        yield Change("too long", steps, "a" * (schema["maxLength"] + 1))
    if schema.get("minLength", 0) > 0:
        yield Change("too short", steps, "a" * (schema["minLength"] - 1))
    if "pattern" in schema:
        misfits = [text for text in _MISFITS if not re.search(schema["pattern"], text)]
        yield Change("not of the form", steps, misfits[0])


def _of_number(schema: Schema, steps: Steps) -> Iterator[Change]:
    if "maximum" in schema:
        yield Change("above the most", steps, schema["maximum"] + 1)
    if "minimum" in schema:
        yield Change("below the least", steps, schema["minimum"] - 1)
