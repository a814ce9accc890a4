"""The algebra of audiences: a tree of segments, and, or, not, of any shape that keeps the rules."""

from collections.abc import Callable, Iterator
from typing import Any

from mockserver.evidence import Rule, assumed, guide
from mockserver.problem import Objection, Problem
from mockserver.provider import Call
from mockserver.providers.criteo.inputs import nearest, numeric
from mockserver.providers.criteo.records import Algebra
from mockserver.providers.criteo.segment_rules import SEGMENT_NOT_FOUND
from mockserver.providers.criteo.sources import ALGEBRA_GUIDE
from mockserver.providers.criteo.world import CriteoWorld

DEEPEST = 32

NODE_INVALID = Problem(
    200,
    "validation",
    "invalid",
    "An algebra node has exactly one of audienceSegmentId, and, or, not",
    guide(ALGEBRA_GUIDE, unproven="the code"),
)
NODE_EMPTY = Problem(
    200, "validation", "invalid", "A list of algebra nodes must not be empty", assumed("nobody of nothing is no audience")
)
TOO_DEEP = Problem(
    200,
    "validation",
    "invalid",
    f"An algebra is at most {DEEPEST} nodes deep",
    assumed("self-protection; no limit is documented"),
)
SAME_RETAILER = Rule(
    "algebra-retailer",
    "The segments of an algebra are of the audience's account and retailer; any other is not found.",
    assumed("a size is a share of one retailer's users"),
)

_MEMBERS = ("audienceSegmentId", "and", "or", "not")


def understood(said: dict[str, Any]) -> Algebra:
    """The tree without its null members, ids as text. Of a tree that keeps the rules."""
    (member,) = _present(said)
    if member == "audienceSegmentId":
        return {member: str(numeric(said[member]))}
    return {member: understood(said[member]) if member == "not" else [understood(node) for node in said[member]]}


def object_to_algebra(said: dict[str, Any], retailer: str, call: Call[CriteoWorld], pointer: str) -> Iterator[Objection]:
    """Everything wrong with a tree, node by node."""
    pending = [(said, pointer, 1)]
    while pending:
        node, place, depth = pending.pop()
        members = _present(node)
        if len(members) != 1:
            detail = f"The node has {' and '.join(members) or 'none of them'}"
            yield NODE_INVALID.at(place, detail=detail, instead=lambda: _some_node(retailer, call))
        elif depth > DEEPEST:
            yield TOO_DEEP.at(place, seen={"depth": depth}, instead=lambda: _some_node(retailer, call), mends=pointer)
        elif members == ["audienceSegmentId"]:
            yield from _object_to_segment(node["audienceSegmentId"], retailer, call, f"{place}/audienceSegmentId")
        elif members == ["not"]:
            pending.append((node["not"], f"{place}/not", depth + 1))
        elif not node[members[0]]:
            yield NODE_EMPTY.at(f"{place}/{members[0]}", instead=lambda: [_some_node(retailer, call)])
        else:
            inner = [(each, f"{place}/{members[0]}/{at}", depth + 1) for at, each in enumerate(node[members[0]])]
            pending += reversed(inner)


def evaluated(algebra: Algebra, leaf: Callable[[str], int], everyone: int) -> int:
    """The set that a tree comes to; sets are bits of a number, `leaf` gives that of a segment."""
    if "audienceSegmentId" in algebra:
        return leaf(algebra["audienceSegmentId"])
    if "not" in algebra:
        return everyone & ~evaluated(algebra["not"], leaf, everyone)
    if "and" in algebra:
        found = everyone
        for node in algebra["and"]:
            found &= evaluated(node, leaf, everyone)
        return found
    found = 0
    for node in algebra["or"]:
        found |= evaluated(node, leaf, everyone)
    return found


def _present(node: dict[str, Any]) -> list[str]:
    return [member for member in _MEMBERS if node.get(member) is not None]


def _some_node(retailer: str, call: Call[CriteoWorld]) -> dict[str, Any]:
    """The simplest algebra that would be taken."""
    return {"audienceSegmentId": nearest("", call.world.segments.filed((call.arguments[0], retailer, None)))}


def _object_to_segment(id: Any, retailer: str, call: Call[CriteoWorld], pointer: str) -> Iterator[Objection]:
    segment = call.world.segments.get(numeric(id) or 0)
    if segment is None or segment.account_id != call.arguments[0] or segment.retailer_id != retailer:
        own = call.world.segments.filed((call.arguments[0], retailer, None))
        yield SEGMENT_NOT_FOUND.at(
            pointer,
            detail=f"No segment of this account and retailer has the id {id}",
            seen={"segments of the account and retailer": len(own)},
            instead=lambda: nearest(id, own),
        )
