"""Audience segments: created, changed, deleted in bulk, found by page."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import product
from typing import Any

import orjson

from mockserver.clock import written as moment
from mockserver.evidence import Rule, assumed, guide, openapi
from mockserver.problem import LEFT_OUT, Objection
from mockserver.provider import Call, Reply
from mockserver.providers.criteo.inputs import filters, id_text, nearest, nillable, numeric
from mockserver.providers.criteo.paging import page
from mockserver.providers.criteo.records import ContactListSettings, EventsSettings, Segment
from mockserver.providers.criteo.segment_rules import (
    IDENTIFIER_TYPE_MISSING,
    KIND_DOUBLE,
    KIND_FIXED,
    KIND_MISSING,
    SEGMENT_NOT_FOUND,
    object_to,
    object_to_deletion,
)
from mockserver.providers.criteo.sources import OPENAPI, SEGMENT_GUIDE
from mockserver.providers.criteo.world import CriteoWorld

PARTIAL = Rule(
    "partial-approval",
    "A bulk request answers 200 even if every item failed; data holds the good ones, and each objection is an entry.",
    guide(SEGMENT_GUIDE),
)
CREATOR = Rule(
    "created-by",
    "createdById is the consenting user, null for client credentials.",
    guide(f"null if by a service: {SEGMENT_GUIDE}"),
)
CHANNELS = Rule("channels", "A new segment is for both channels.", assumed("no sample shows the member"))
OWN_LIST = Rule(
    "own-list", "A new contact list is writable and NotShared.", assumed("the sample's read-only new list is implausible")
)
NILLABLE = Rule(
    "nillable",
    "In an update an absent member stays, an object sets, an object without value empties; lists replace.",
    openapi(OPENAPI),
)
UPDATED = Rule("updated-at", "Every update moves updatedAt; adding identifiers does not.", assumed("nobody published it"))


def create_segments(call: Call[CriteoWorld]) -> Reply:
    """Judge each segment on its own: the sound ones are kept, the others come back as problems."""
    kept, failures = [], []
    for position, item in enumerate(call.body.get("data", ())):
        pointer = f"data/{position}/attributes"
        objections, segment = _drafted(item["attributes"], call, pointer)
        objections += object_to(segment, call, pointer)
        if objections:
            failures += objections
        else:
            call.world.keep_segment(segment)
            kept.append(segment)
    return Reply(_entities(kept, call), failures=failures, outline=[])


def update_segments(call: Call[CriteoWorld]) -> Reply:
    """Change what is named and nothing else, each segment on its own."""
    kept, failures = [], []
    for position, item in enumerate(call.body.get("data", ())):
        segment = _own_segment(item["id"], call)
        if segment is None:
            failures.append(_not_found(item["id"], position, call))
            continue
        pointer = f"data/{position}/attributes"
        objections, changed = _changed(segment, item.get("attributes") or {}, call, pointer)
        objections += object_to(changed, call, pointer)
        if objections:
            failures += objections
        else:
            call.world.keep_segment(changed)
            kept.append(changed)
    return Reply(_entities(kept, call), failures=failures, outline=[])


def delete_segments(call: Call[CriteoWorld]) -> Reply:
    """Forget segments and what their contact lists held."""
    gone, failures = [], []
    for position, item in enumerate(call.body.get("data", ())):
        segment = _own_segment(item["id"], call)
        if segment is None:
            failures.append(_not_found(item["id"], position, call))
        elif objections := list(object_to_deletion(segment, call, f"data/{position}/id")):
            failures += objections
        else:
            call.world.forget_segment(segment)
            gone.append({"id": str(segment.id), "type": call.readings["segment-resource-type"]})
    return Reply(gone, failures=failures)


def search_segments(call: Call[CriteoWorld]) -> Reply:
    """Filters are and-ed, the values of one are or-ed; ids that are not there simply do not match."""
    account = call.arguments[0]
    ids, retailers, kinds = filters(call, "audienceSegmentIds", "retailerIds", "audienceSegmentTypes")
    offset, limit = call.parameters["offset"], call.parameters["limit"]
    if ids is None:
        keys = {(account, *filed) for filed in product(retailers or (None,), kinds or (None,))}
        total, found = call.world.segments.page(keys, offset, limit)
    else:
        named = (call.world.segments.get(id) for id in sorted({numeric(id) or 0 for id in ids}))
        every = [
            segment
            for segment in named
            if segment is not None
            and segment.account_id == account
            and (retailers is None or segment.retailer_id in retailers)
            and (kinds is None or segment.kind in kinds)
        ]
        total, found = len(every), every[offset : offset + limit]
    return page(call, total, _entities(found, call))


def _entities(segments: Iterable[Segment], call: Call[CriteoWorld]) -> list[orjson.Fragment]:
    """Segments as every answer shows them, each written once."""
    resource_type = call.readings["segment-resource-type"]
    return [segment.written.get(resource_type) or _write(segment, resource_type, call) for segment in segments]


def _write(segment: Segment, resource_type: str, call: Call[CriteoWorld]) -> orjson.Fragment:
    fragment = segment.written[resource_type] = call.written("Segment", _view(segment, resource_type))
    return fragment


def _view(segment: Segment, resource_type: str) -> dict[str, Any]:
    created = moment(segment.created_at)
    attributes: dict[str, Any] = {
        "name": segment.name,
        "description": segment.description,
        "type": segment.kind,
        "accountId": segment.account_id,
        "retailerId": segment.retailer_id,
        "createdAt": created,
        "updatedAt": created if segment.updated_at == segment.created_at else moment(segment.updated_at),
        "createdById": segment.created_by,
        "channels": segment.channels,
    }
    if segment.contact_list:
        attributes["contactList"] = {
            "identifierType": segment.contact_list.identifier_type,
            "isReadOnly": segment.contact_list.is_read_only,
            "sharingStatus": segment.contact_list.sharing_status,
        }
    if segment.events:
        attributes["events"] = {
            "shopperActivity": segment.events.shopper_activity,
            "lookbackDays": segment.events.lookback_days,
            "categoryIds": segment.events.category_ids,
            "brandIds": segment.events.brand_ids,
            "minPrice": segment.events.min_price,
            "maxPrice": segment.events.max_price,
        }
    return {"id": str(segment.id), "type": resource_type, "attributes": attributes}


def _drafted(said: dict[str, Any], call: Call[CriteoWorld], pointer: str) -> tuple[list[Objection], Segment]:
    """The segment that a creation describes, and what is wrong with its being of one kind."""
    objections: list[Objection] = []
    contact_list, events = said.get("contactList"), said.get("events")
    if contact_list is not None and events is not None:
        objections.append(KIND_DOUBLE.at(f"{pointer}/events", instead=lambda: LEFT_OUT))
    elif contact_list is None and events is None:
        objections.append(KIND_MISSING.at(f"{pointer}/contactList", instead=lambda: {"identifierType": "Email"}))
    elif contact_list is not None and "identifierType" not in contact_list:
        objections.append(IDENTIFIER_TYPE_MISSING.at(f"{pointer}/contactList/identifierType", instead=lambda: "Email"))
    segment = Segment(
        id=call.world.coming_segment_id(),
        account_id=call.arguments[0],
        retailer_id=id_text(said["retailerId"]),
        name=said["name"],
        description=said.get("description"),
        created_at=call.now,
        updated_at=call.now,
        created_by=call.caller.user,
        channels=("Onsite", "Offsite"),
        contact_list=None if contact_list is None else ContactListSettings(contact_list.get("identifierType", "")),
        events=None if events is None else events_of(events),
    )
    return objections, segment


def events_of(said: dict[str, Any]) -> EventsSettings:
    """What a request says of events, as it is kept."""
    return EventsSettings(
        said["shopperActivity"],
        said["lookbackDays"],
        _ids(said.get("categoryIds")),
        _ids(said.get("brandIds")),
        said.get("minPrice"),
        said.get("maxPrice"),
    )


def _ids(said: list[Any] | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(id_text(id) for id in said or ()))


def _changed(segment: Segment, said: dict[str, Any], call: Call[CriteoWorld], pointer: str) -> tuple[list[Objection], Segment]:
    """A segment as an update wants it, and what about that is out of its reach."""
    objections: list[Objection] = []
    if segment.events and said.get("contactList"):  # empty objects have nothing to change
        objections.append(KIND_FIXED.at(f"{pointer}/contactList", seen={"type": segment.kind}, instead=lambda: LEFT_OUT))
    if segment.contact_list and said.get("events"):
        objections.append(KIND_FIXED.at(f"{pointer}/events", seen={"type": segment.kind}, instead=lambda: LEFT_OUT))
    events = segment.events
    if events and said.get("events") is not None:
        events = _changed_events(events, said["events"])
    changed = replace(
        segment,
        name=said.get("name", segment.name),
        description=nillable(said, "description", segment.description),
        updated_at=call.now,
        events=events,
    )
    return objections, changed


def _changed_events(events: EventsSettings, said: dict[str, Any]) -> EventsSettings:
    return EventsSettings(
        said.get("shopperActivity", events.shopper_activity),
        said.get("lookbackDays", events.lookback_days),
        events.category_ids if said.get("categoryIds") is None else _ids(said["categoryIds"]),
        events.brand_ids if said.get("brandIds") is None else _ids(said["brandIds"]),
        nillable(said, "minPrice", events.min_price),
        nillable(said, "maxPrice", events.max_price),
    )


def _own_segment(id: Any, call: Call[CriteoWorld]) -> Segment | None:
    segment = call.world.segments.get(numeric(id) or 0)
    return segment if segment is not None and segment.account_id == call.arguments[0] else None


def _not_found(id: Any, position: int, call: Call[CriteoWorld]) -> Objection:
    own = call.world.segments.filed((call.arguments[0], None, None))
    return SEGMENT_NOT_FOUND.at(
        f"data/{position}/id",
        detail=f"No segment of this account has the id {id}",
        seen={"segments of the account": len(own)},
        instead=lambda: nearest(id, own),
    )
