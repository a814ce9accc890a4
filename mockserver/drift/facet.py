"""One way in which a shape of ours and one of theirs differ, and which of the two takes more."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mockserver.drift.shape import BOUNDED, LOWER, Shape, types_told, value_type
from mockserver.mistake import Mistake

NARROWER = "narrower"
"""What keeps ours keeps theirs, as far as this goes, and not the other way round."""
WIDER = "wider"
"""What keeps theirs keeps ours, and not the other way round."""
ACROSS = "across"
"""Neither."""
ADDED = "added"
"""Ours has what theirs is silent about."""
GONE = "gone"
"""Theirs has what ours is silent about."""

KINDS = {
    "operation": "an operation that only one has",
    "parameter": "a parameter that only one has",
    "member": "a member that only one has",
    "extras": "whether members may stand there that are not told of",
    "names": "how the names of members are spelled",
    "required": "whether something has to be there",
    "type": "a type that only one takes",
    "nullable": "whether null may stand there",
    "enum": "a value that only one takes",
    "pattern": "how a text is spelled",
    "bound": "how large, long or many",
    "unique": "whether items may be there twice",
    "default": "what stands for what is absent",
    "body": "a body that only one has",
    "media": "a media type that only one has",
    "status": "an answer that only one has",
    "scope": "a permission that only one asks for",
}


@dataclass(frozen=True, slots=True)
class Facet:
    """`kind` is one of `KINDS`, `relation` says how ours is to theirs; `ours` and `theirs` are told in a few words."""

    kind: str
    relation: str
    ours: str
    theirs: str


def facets(ours: Shape, theirs: Shape) -> Iterator[Facet]:
    """Every difference of two shapes but for what stands inside them."""
    yield from _types(ours, theirs)
    if ours == theirs or not ours.types & theirs.types:
        return
    yield from _enums(ours, theirs)
    if ours.enum is None and theirs.enum is None:  # else the values say how they are spelled and how large they are
        yield from _spellings(ours, theirs)
        yield from _bounds(ours, theirs)
    yield from _names(ours, theirs)
    if ours.unique != theirs.unique and "array" in ours.types & theirs.types:
        yield Facet("unique", NARROWER if ours.unique else WIDER, *_words(ours.unique, theirs.unique, "once", "may repeat"))
    if ours.default != theirs.default:
        relation = GONE if ours.default is None else ADDED if theirs.default is None else ACROSS
        yield Facet("default", relation, ours.default or "none", theirs.default or "none")


def presence(kind: str, ours: bool, what: str, relation: str) -> Facet:
    """The facet of something that one has and the other lacks."""
    return Facet(kind, relation, what if ours else "none", "none" if ours else what)


def _words(ours: bool, theirs: bool, true: str, false: str) -> tuple[str, str]:
    return true if ours else false, true if theirs else false


def _types(ours: Shape, theirs: Shape) -> Iterator[Facet]:
    if ("null" in ours.types) != ("null" in theirs.types):
        nullable = "null" in ours.types
        yield Facet("nullable", WIDER if nullable else NARROWER, *_words(nullable, not nullable, "may be null", "never null"))
    mine, other = ours.types - {"null"}, theirs.types - {"null"}
    if mine != other:
        relation = NARROWER if mine < other else WIDER if mine > other else ACROSS
        yield Facet("type", relation, types_told(mine), types_told(other))


def _enums(ours: Shape, theirs: Shape) -> Iterator[Facet]:
    """Values: each that the other does not take, and that one has a list of them where the other has none."""
    for value in sorted(ours.enum or (), key=str):
        if not _takes(theirs, value):
            yield presence("enum", True, _value(value), WIDER)
    for value in sorted(theirs.enum or (), key=str):
        if not _takes(ours, value):
            yield presence("enum", False, _value(value), NARROWER)
    if (ours.enum is None) != (theirs.enum is None):
        relation = NARROWER if theirs.enum is None else WIDER
        yield Facet("enum", relation, _values(ours), _values(theirs))


def _takes(shape: Shape, value: Any) -> bool:
    """Whether a value may stand there; of one that is of a type that may not, the types tell."""
    if value_type(value) not in shape.types:
        return True
    if shape.enum is not None and value not in shape.enum:
        return False
    if isinstance(value, str):
        bounded = {"minLength": len(value), "maxLength": len(value)}
    else:
        bounded = dict.fromkeys(shape.bounds, value) if value_type(value) in ("integer", "number") else {}
    kept = all(_within(keyword, bounded[keyword], bound) for keyword, bound in shape.bounds.items() if keyword in bounded)
    return kept and (not isinstance(value, str) or all(_spelled(value, pattern) for pattern in shape.patterns))


def _spelled(value: str, pattern: str) -> bool:
    try:
        return re.search(pattern, value) is not None
    except re.error as error:
        raise Mistake(f"a pattern is none that is understood here: {pattern!r}: {error}") from None


def _within(keyword: str, value: Any, bound: float) -> bool:
    if keyword.startswith("exclusive"):
        return bool(value > bound if keyword in LOWER else value < bound)
    return bool(value >= bound if keyword in LOWER else value <= bound)


def _value(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _values(shape: Shape) -> str:
    return _spelling(shape) or "any" if shape.enum is None else ", ".join(sorted(map(_value, shape.enum)))


def _spelling(shape: Shape) -> str:
    """How a text is spelled: by pattern, else by format."""
    return " and ".join(sorted(shape.patterns)) or shape.format or ""


def _spellings(ours: Shape, theirs: Shape) -> Iterator[Facet]:
    if "string" not in ours.types & theirs.types:
        return
    mine, other = _spelling(ours), _spelling(theirs)
    if mine != other:
        # that a pattern keeps to a format is for the reason to say: a format has many spellings, a pattern is one of them
        narrower = not other or (ours.patterns and not theirs.patterns)
        relation = NARROWER if narrower else WIDER if not mine or (theirs.patterns and not ours.patterns) else ACROSS
        yield Facet("pattern", relation, mine or "any", other or "any")


def _bounds(ours: Shape, theirs: Shape) -> Iterator[Facet]:
    for keyword in sorted({*ours.bounds, *theirs.bounds}):
        mine, other = ours.bounds.get(keyword), theirs.bounds.get(keyword)
        if mine != other and not BOUNDED[keyword].isdisjoint(ours.types & theirs.types):
            relation = WIDER if mine is None or (other is not None and _looser(keyword, mine, other)) else NARROWER
            yield Facet("bound", relation, _bound(keyword, mine), _bound(keyword, other))


def _looser(keyword: str, one: float, other: float) -> bool:
    return one < other if keyword in LOWER else one > other


def _bound(keyword: str, value: float | None) -> str:
    return f"no {keyword}" if value is None else f"{keyword} {value}"


def _names(ours: Shape, theirs: Shape) -> Iterator[Facet]:
    if ours.names != theirs.names and "object" in ours.types & theirs.types:
        relation = NARROWER if ours.names > theirs.names else WIDER if ours.names < theirs.names else ACROSS
        yield Facet("names", relation, " and ".join(sorted(ours.names)) or "any", " and ".join(sorted(theirs.names)) or "any")
