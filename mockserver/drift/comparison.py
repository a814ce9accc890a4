"""Two operations compared, ours and theirs: every difference by its place, its kind and what it means for a client."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.drift.dialect import shape
from mockserver.drift.endpoint import Content, Endpoint
from mockserver.drift.facet import ACROSS, ADDED, GONE, NARROWER, WIDER, Facet, facets, presence
from mockserver.drift.shape import Shape

BREAKING, NEW, LOOSER, TIGHTER = "breaking", "new", "looser", "tighter"
CLASSES = frozenset({BREAKING, NEW, LOOSER, TIGHTER})
Classes = Mapping[tuple[str, str], str]

AGAINST_OFFICIAL: Classes = {
    ("operation", ADDED): NEW,
    ("operation", GONE): NEW,
    ("request", NARROWER): TIGHTER,  # the fake refuses what the vendor's document takes
    ("request", WIDER): LOOSER,
    ("request", ACROSS): BREAKING,
    ("request", ADDED): NEW,
    ("request", GONE): LOOSER,  # whatever is said there is passed over
    ("response", NARROWER): TIGHTER,  # the fake says less than the document lets it say
    ("response", WIDER): BREAKING,  # a client built on the document may stumble
    ("response", ACROSS): BREAKING,
    ("response", ADDED): NEW,
    ("response", GONE): TIGHTER,
}
"""What a difference between our contract and the vendor's document means for a client built on the document."""
FROM_AN_OLDER: Classes = {
    **AGAINST_OFFICIAL,
    ("operation", GONE): BREAKING,
    ("request", NARROWER): BREAKING,
    ("request", GONE): BREAKING,
    ("response", GONE): BREAKING,
}
"""What a difference between a version (ours) and an older one (theirs) means for a client of the older one."""


@dataclass(frozen=True, slots=True)
class Difference:
    """`place` is like `bulkCreateAudienceSegments/request/body/data[]/attributes/name`; `classed` one of the four classes."""

    version: str
    place: str
    facet: Facet
    classed: str


Found = Iterator[tuple[str, Facet]]


def compared(ours: Endpoint, theirs: Endpoint, version: str, classes: Classes) -> Iterator[Difference]:
    """Every difference of an operation of ours from theirs."""
    pair = _Pair(ours, theirs)
    for place, facet in (*_request(pair), *_answers(pair)):
        direction = place.partition("/")[0]
        yield Difference(version, f"{ours.id}/{place}", facet, classes[direction, facet.relation])


def lone(endpoint: Endpoint, version: str, ours: bool, classes: Classes) -> Difference:
    """The difference that only one has an operation at all."""
    relation = ADDED if ours else GONE
    facet = presence("operation", ours, f"{endpoint.method} {endpoint.path}", relation)
    return Difference(version, endpoint.id, facet, classes["operation", relation])


@dataclass(frozen=True, slots=True)
class _Pair:
    ours: Endpoint
    theirs: Endpoint


def _request(pair: _Pair) -> Found:
    for scope in sorted(pair.ours.scopes ^ pair.theirs.scopes):
        mine = scope in pair.ours.scopes
        yield "request", presence("scope", mine, scope, NARROWER if mine else WIDER)
    yield from _parameters(pair)
    place, ours, theirs = "request/body", pair.ours.body, pair.theirs.body
    if ours is None or theirs is None:
        if ours is not theirs:
            yield place, presence("body", ours is not None, "a body", ADDED if theirs is None else GONE)
        return
    if pair.ours.body_required != pair.theirs.body_required:
        yield place, _required(pair.ours.body_required)
    yield from _contents(pair, place, ours, theirs)


def _parameters(pair: _Pair) -> Found:
    for key in dict.fromkeys((*pair.theirs.parameters, *pair.ours.parameters)):
        ours, theirs = pair.ours.parameters.get(key), pair.theirs.parameters.get(key)
        place = f"request/{'/'.join(key)}"
        if ours is None or theirs is None:
            needed = ours is not None and ours.required
            relation = GONE if ours is None else NARROWER if needed else ADDED
            yield place, presence("parameter", ours is not None, "required" if needed else "there", relation)
            continue
        if ours.required != theirs.required:
            yield place, _required(ours.required)
        yield from _schemas(pair, place, ours.schema, theirs.schema)


def _required(ours: bool) -> Facet:
    return presence("required", ours, "required", NARROWER if ours else WIDER)


def _answers(pair: _Pair) -> Found:
    ours, theirs = pair.ours.answers, pair.theirs.answers
    common = [status for status in theirs if status in ours]
    for status in ours.keys() - theirs.keys():
        yield f"response/{status}", presence("status", True, status, WIDER if status.startswith("2") else ADDED)
    for status in theirs.keys() - ours.keys():
        still = any(each.startswith("2") for each in common) or not status.startswith("2")
        yield f"response/{status}", presence("status", False, status, NARROWER if still else ACROSS)
    for status in common:
        yield from _contents(pair, f"response/{status}/body", ours[status], theirs[status])


def _contents(pair: _Pair, place: str, ours: Content, theirs: Content) -> Found:
    if not (ours.media and theirs.media):
        if ours.media != theirs.media:
            relation = WIDER if place.startswith("response") else ADDED if ours.media else GONE
            yield place, presence("body", bool(ours.media), "a body", relation)
        return
    for media in sorted(ours.media ^ theirs.media):
        mine = media in ours.media
        yield place, presence("media", mine, media, WIDER if mine else NARROWER)
    yield from _schemas(pair, place, ours.schema, theirs.schema)


def _schemas(pair: _Pair, place: str, ours: Any, theirs: Any, above: frozenset[str] = frozenset()) -> Found:
    """Two schemas and all that is inside them, once round where they hold themselves."""
    both = json.dumps([ours, theirs], sort_keys=True)
    if both in above:
        return
    above |= {both}
    mine, other = shape(ours, pair.ours.document), shape(theirs, pair.theirs.document)
    yield from ((place, facet) for facet in facets(mine, other))
    shared = mine.types & other.types
    if "object" in shared:
        for name in dict.fromkeys((*other.members, *mine.members, *sorted(other.required | mine.required))):
            yield from _member(pair, f"{place}/{name}", name, mine, other, above)
        yield from _extras(pair, place, mine, other, above)
    if "array" in shared:
        yield from _schemas(pair, f"{place}[]", mine.items, other.items, above)


def _member(pair: _Pair, place: str, name: str, ours: Shape, theirs: Shape, above: frozenset[str]) -> Found:
    mine, other = _knows(ours, name), _knows(theirs, name)
    if not mine:
        told = "required" if name in theirs.required else "there"
        yield place, presence("member", False, told, _lacking(place, name, ours, theirs))
        return
    if not other:
        yield place, presence("member", True, "there", WIDER if theirs.extras is False else ADDED)
    if (name in ours.required) != (name in theirs.required):
        yield place, _required(name in ours.required)
    if other:
        yield from _schemas(pair, place, ours.member(name), theirs.member(name), above)


def _knows(shape: Shape, name: str) -> bool:
    return name in shape.members or name in shape.required or not isinstance(shape.extras, bool)


def _lacking(place: str, name: str, ours: Shape, theirs: Shape) -> str:
    """How ours is to theirs if it does not know a member of theirs."""
    needed, closed, asked = name in theirs.required, ours.extras is False, place.startswith("request")
    if needed and (closed or not asked):
        return ACROSS
    return NARROWER if closed and asked else GONE


def _extras(pair: _Pair, place: str, ours: Shape, theirs: Shape, above: frozenset[str]) -> Found:
    if (ours.extras is False) != (theirs.extras is False):
        closed = ours.extras is False
        yield place, presence("extras", not closed, "any", NARROWER if closed else WIDER)
    elif ours.extras != theirs.extras:
        yield from _schemas(pair, f"{place}/{{any}}", ours.extras, theirs.extras, above)
