"""Other bodies that keep the schema of one that does: each bound, each value, each null, each member left out."""

from collections.abc import Iterator, Mapping
from typing import Any

from mockserver.testing.flaws import ABSENT, Change, Steps
from mockserver.testing.generation import Grammar, Schema, merged, types

LONGEST_LIST = 1000
"""Longer ones are not worth sending for their length alone."""


def variants(schema: Schema, body: Any, grammar: Grammar, steps: Steps = ()) -> Iterator[Change]:
    """Every way in which one change to a body leaves its schema kept, `what` saying which."""
    whole = merged(schema, grammar)
    if "null" in types(whole):
        yield Change("null", steps, None)
    for value in whole.get("enum", ()):
        yield Change("another of the values", steps, value)
    if {"string", "integer"} <= set(types(whole)):
        yield from _spelled_otherwise(body, steps)
    if isinstance(body, dict):
        yield from _of_object(whole, body, grammar, steps)
    elif isinstance(body, list):
        yield from _of_array(whole, body, grammar, steps)
    else:
        yield from _of_scalar(whole, body, steps)


def _spelled_otherwise(body: Any, steps: Steps) -> Iterator[Change]:
    if isinstance(body, str) and body.isdigit():
        yield Change("an id as a number", steps, int(body))


def _of_object(whole: Schema, body: Mapping[str, Any], grammar: Grammar, steps: Steps) -> Iterator[Change]:
    yield Change("a member nobody knows", (*steps, "unheardOf"), {"of": [1, None]})
    for name, inner in whole.get("properties", {}).items():
        if name in body:
            if name not in whole.get("required", ()):
                yield Change("left out", (*steps, name), ABSENT)
            yield from variants(inner, body[name], grammar, (*steps, name))


def _of_array(whole: Schema, body: list[Any], grammar: Grammar, steps: Steps) -> Iterator[Change]:
    least, most = whole.get("minItems", 0), whole.get("maxItems")
    yield Change("the fewest", steps, body[:least])
    if body and most is not None and most <= LONGEST_LIST:
        yield Change("the most", steps, [*body * most][:most])
    for at, item in enumerate(body):
        yield from variants(whole["items"], item, grammar, (*steps, at))


def _of_scalar(whole: Schema, body: Any, steps: Steps) -> Iterator[Change]:
    if isinstance(body, int | float) and not isinstance(body, bool):
        for keyword, words in (("minimum", "the least"), ("maximum", "the most")):
            if keyword in whole:
                yield Change(words, steps, whole[keyword])
        if "number" in types(whole):
            yield Change("a fraction", steps, 3.25)
    if "pattern" in whole and isinstance(body, str):
        for spelled in (body.lower(), body.upper(), body.capitalize()):
            yield Change("spelled otherwise", steps, spelled)
