"""How many shoppers a segment or an audience reaches: computed from the sets, so sizes obey the algebra of sets."""

from collections.abc import Callable, Iterable
from typing import Any

from mockserver.evidence import Rule, assumed, openapi
from mockserver.problem import LEFT_OUT, Objection, Problem, Refused
from mockserver.provider import Call, Reply
from mockserver.providers.criteo.algebra import evaluated, object_to_algebra, understood
from mockserver.providers.criteo.audience_rules import AUDIENCE_NOT_FOUND
from mockserver.providers.criteo.inputs import id_text, numeric
from mockserver.providers.criteo.records import Algebra
from mockserver.providers.criteo.segment_rules import SEGMENT_NOT_FOUND, object_to_events, object_to_retailer
from mockserver.providers.criteo.segments import events_of
from mockserver.providers.criteo.shoppers import EVERYONE, POPULATION, by_events, in_channel, shoppers
from mockserver.providers.criteo.sources import OPENAPI
from mockserver.providers.criteo.world import CriteoWorld
from mockserver.store import Collection

RETAILER_UNKNOWN = Problem(
    400, "validation", "retailer-not-found", "Retailer is not found", assumed("named like segment-not-found")
)
ABSOLUTE = Rule(
    "absolute-sizes",
    "An application that may not see absolute sizes gets no size, only the relative one.",
    openapi(f"that it is hidden: {OPENAPI}; who may see it, the world file says (sees_absolute_sizes)"),
)
GONE_SEGMENTS = Rule(
    "gone-segments", "A segment that an algebra mentions and that is gone holds nobody.", assumed("nobody published it")
)
DUPLICATES = Rule("size-duplicates", "An id given twice is computed once.", assumed("nobody published it"))
ESTIMATE_REFUSED = Rule(
    "estimate-refused",
    "An estimate of what could not be created is refused with 400.",
    assumed("there is no item to list it for"),
)


def segment_sizes(call: Call[CriteoWorld]) -> Reply:
    """A size for each segment; those that are not there come back as problems."""
    resource_type = call.readings["segment-resource-type"]
    return _sizes(call, call.world.segments, resource_type, SEGMENT_NOT_FOUND, lambda each: shoppers(each, call.world))


def audience_sizes(call: Call[CriteoWorld]) -> Reply:
    """A size for each audience; those that are not there come back as problems."""
    audiences = call.world.audiences
    return _sizes(call, audiences, "RetailMediaAudience", AUDIENCE_NOT_FOUND, lambda each: _evaluated(each.algebra, call))


def _sizes(
    call: Call[CriteoWorld], among: Collection[Any], resource_type: str, missing: Problem, shoppers_of: Callable[[Any], int]
) -> Reply:
    said = call.body["data"]["attributes"]
    sized, failures = [], []
    for position, id in _once(said["ids"]):
        found = among.get(numeric(id) or 0)
        if found is None or found.account_id != call.arguments[0]:
            detail = f"Nothing of this account has the id {id}"
            failures.append(missing.at(f"data/attributes/ids/{position}", detail=detail, instead=lambda: LEFT_OUT))
        else:
            attributes = _size(shoppers_of(found), said["channel"], found.retailer_id, call)
            sized.append({"id": str(found.id), "type": resource_type, "attributes": attributes})
    return Reply(sized, failures=failures)


def estimate_segment(call: Call[CriteoWorld]) -> Reply:
    """The size that a segment by these events would have."""
    said = call.body["data"]["attributes"]
    retailer, events = _retailer(said, call), events_of(said["events"])
    _refuse_any(object_to_events(events, call, "data/attributes/events"))
    found = by_events(events, retailer, call.world.seed)
    attributes = _size(found, said["channel"], retailer, call)
    return Reply({"type": call.readings["segment-resource-type"], "attributes": attributes})


def estimate_audience(call: Call[CriteoWorld]) -> Reply:
    """The size that an audience of this algebra would have."""
    said = call.body["data"]["attributes"]
    retailer = _retailer(said, call)
    _refuse_any(object_to_algebra(said["algebra"], retailer, call, "data/attributes/algebra"))
    found = _evaluated(understood(said["algebra"]), call)
    return Reply({"type": "RetailMediaAudience", "attributes": _size(found, said["channel"], retailer, call)})


def _once(ids: Iterable[Any]) -> Iterable[tuple[int, Any]]:
    first: dict[int | str, tuple[int, Any]] = {}
    for position, id in enumerate(ids):
        first.setdefault(numeric(id) or id_text(id), (position, id))
    return first.values()


def _evaluated(algebra: Algebra, call: Call[CriteoWorld]) -> int:
    def leaf(id: str) -> int:
        segment = call.world.segments.get(int(id))
        return 0 if segment is None else shoppers(segment, call.world)

    return evaluated(algebra, leaf, EVERYONE)


def _size(found: int, channel: str, retailer: str, call: Call[CriteoWorld]) -> dict[str, Any]:
    size = (found & in_channel(channel, retailer, call.world.seed)).bit_count()
    shown = {"size": size} if call.caller.application.sees_absolute_sizes else {}
    return {**shown, "relativeSize": size / POPULATION}


def _retailer(said: dict[str, Any], call: Call[CriteoWorld]) -> str:
    retailer = id_text(said["retailerId"])
    _refuse_any(object_to_retailer(retailer, call, "data/attributes/retailerId", RETAILER_UNKNOWN))
    return retailer


def _refuse_any(objections: Iterable[Objection]) -> None:
    found = list(objections)
    if found:
        raise Refused(*found, status=400)
