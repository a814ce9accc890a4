"""What a segment may be: each rule that a created or changed segment is held to, item by item."""

from collections.abc import Iterator

from mockserver.evidence import Rule, assumed, guide, openapi
from mockserver.problem import Objection, Problem
from mockserver.provider import Call
from mockserver.providers.criteo.inputs import nearest
from mockserver.providers.criteo.naming import LONGEST_DESCRIPTION, LONGEST_NAME, Naming
from mockserver.providers.criteo.records import EventsSettings, Segment
from mockserver.providers.criteo.sources import OLD_OPENAPI, SEGMENT_COM, SEGMENT_GUIDE
from mockserver.providers.criteo.world import CriteoWorld

SEGMENT_NOT_FOUND = Problem(200, "validation", "segment-not-found", "Segment is not found", guide(SEGMENT_GUIDE))
NAME_TAKEN = Problem(
    200,
    "validation",
    "name-must-be-unique",
    "Segment name must be unique",
    guide(f"{SEGMENT_GUIDE}; the detail from {SEGMENT_COM}"),
)
NAME_EMPTY = Problem(
    200, "validation", "name-must-not-be-empty", "Segment name property must not be empty", guide(SEGMENT_GUIDE)
)
NAME_TOO_LONG = Problem(
    200,
    "validation",
    "invalid",
    f"Segment name must not be longer than {LONGEST_NAME} characters",
    guide("256 for audiences: preview pages", unproven="the code"),
)
DESCRIPTION_TOO_LONG = Problem(
    200,
    "validation",
    "invalid",
    f"Segment description must not be longer than {LONGEST_DESCRIPTION} characters",
    guide("500: preview pages", unproven="the code"),
)
RETAILER_UNKNOWN = Problem(
    200, "validation", "retailer-not-found", "Retailer is not found", assumed("named like segment-not-found")
)
KIND_MISSING = Problem(
    200,
    "validation",
    "required-field",
    "One of contactList and events is required",
    guide(SEGMENT_GUIDE, unproven="the code"),
)
KIND_DOUBLE = Problem(
    200,
    "validation",
    "invalid",
    "Only one of contactList and events can be given",
    guide(SEGMENT_GUIDE, unproven="the code"),
)
KIND_FIXED = Problem(
    200,
    "validation",
    "invalid",
    "A segment cannot change between contact list and events",
    openapi("an update has no member for it", unproven="that it is refused and not ignored"),
)
EVENTS_REFUSED = Problem(
    200,
    "validation",
    "invalid",
    "Only contact list segments can be created and updated",
    guide(SEGMENT_GUIDE, unproven="the code"),
)
IDENTIFIER_TYPE_MISSING = Problem(
    200,
    "validation",
    "required-field",
    "identifierType is required",
    assumed("the OpenAPI documents let it out; a list without a type could not be checked"),
)
SCOPE_MISSING = Problem(
    200,
    "validation",
    "required-field",
    "At least one of categoryIds and brandIds is required",
    guide(SEGMENT_GUIDE, unproven="the code"),
)
PRICES_CROSSED = Problem(
    200, "validation", "invalid-range", "minPrice must not be greater than maxPrice", assumed("no document compares them")
)
SEGMENT_IN_USE = Problem(
    200,
    "validation",
    "segment-in-use",
    "Segment is used by an audience",
    assumed("nobody published it; reading delete-used-segment"),
)
NAME_SCOPE = Rule("name-scope", "A segment's name is unique in its account.", openapi(OLD_OPENAPI))
TRIMMED = Rule(
    "names-as-sent",
    "Names are kept and compared as sent, spaces and all; one of spaces alone is empty.",
    assumed("nobody published it"),
)
FIRST_WINS = Rule(
    "first-wins",
    "Items of a bulk request are handled in order: of two with one name the first is kept.",
    assumed("request order is documented, this is not"),
)


NAMING = Naming("Segment", NAME_EMPTY, NAME_TOO_LONG, NAME_TAKEN, DESCRIPTION_TOO_LONG)


def object_to(segment: Segment, call: Call[CriteoWorld], pointer: str) -> Iterator[Objection]:
    """Everything that keeps a segment from being kept as it would be."""
    yield from NAMING.object_to(segment, call.world.segments, call.readings["segment-name-comparison"], pointer)
    yield from object_to_retailer(segment.retailer_id, call, f"{pointer}/retailerId")
    if segment.events:
        yield from object_to_events(segment.events, call, f"{pointer}/events")


def object_to_retailer(
    retailer: str, call: Call[CriteoWorld], pointer: str, problem: Problem = RETAILER_UNKNOWN
) -> Iterator[Objection]:
    """That a retailer is none of the account's in the path."""
    known = call.world.accounts[call.arguments[0]].retailers
    if retailer not in known:
        detail = f"Retailer {retailer} is not one of the account's"
        seen = {"retailers of the account": list(known)}
        yield problem.at(pointer, detail=detail, seen=seen, instead=lambda: nearest(retailer, known))


def object_to_deletion(segment: Segment, call: Call[CriteoWorld], pointer: str) -> Iterator[Objection]:
    """What keeps a segment from being deleted: nothing, unless the reading in force protects those in use."""
    users = call.world.audiences.filed(("uses", segment.account_id, str(segment.id)))
    if users and call.readings["delete-used-segment"] == "refused":
        seen = {"audiences that use it": [str(id) for id in users.page(0, 10)]}
        yield SEGMENT_IN_USE.at(pointer, detail=f"{len(users)} audiences use segment {segment.id}", seen=seen)


def object_to_events(events: EventsSettings, call: Call[CriteoWorld], pointer: str) -> Iterator[Objection]:
    """Everything wrong with how a segment describes its shoppers."""
    if call.readings["events-segments"] == "refused":
        yield EVENTS_REFUSED.at(pointer)
    if not (events.category_ids or events.brand_ids):
        yield SCOPE_MISSING.at(f"{pointer}/categoryIds", instead=lambda: ["1"])
    if events.min_price is not None and events.max_price is not None and events.min_price > events.max_price:
        detail = f"{events.min_price} is greater than {events.max_price}"
        yield PRICES_CROSSED.at(f"{pointer}/minPrice", detail=detail, instead=lambda: events.max_price)
