"""Audiences: segments combined by and, or, not; found by page."""

from typing import Any

import orjson

from mockserver.clock import written
from mockserver.evidence import Rule
from mockserver.provider import Call, Reply
from mockserver.providers.criteo.paging import filters, numeric, page
from mockserver.providers.criteo.records import Audience
from mockserver.providers.criteo.sources import inferred
from mockserver.providers.criteo.world import CriteoWorld

USED_SEGMENTS = Rule(
    "audience-segment-filter",
    "The filter audienceSegmentIds finds the audiences whose algebra mentions one of the segments.",
    inferred("the guide speaks of searching by segment ids; elsewhere Criteo speaks of segments linked to the audience"),
)

_TYPE = "RetailMediaAudience"


def search_audiences(call: Call[CriteoWorld]) -> Reply:
    """Filters are and-ed, the values of one are or-ed; ids that are not there simply do not match."""
    account = call.arguments[0]
    ids, retailers, segments = filters(call, "audienceIds", "retailerIds", "audienceSegmentIds")
    offset, limit = call.parameters["offset"], call.parameters["limit"]
    audiences = call.world.audiences
    if ids is None and segments is None:
        total, found = audiences.page({(account, retailer) for retailer in retailers or (None,)}, offset, limit)
    else:
        named = {numeric(id) or 0 for id in ids} if ids is not None else None
        using = {id for segment in segments for id in audiences.filed(("uses", account, segment))} if segments else None
        sought = named & using if named is not None and using is not None else named if using is None else using
        every = [
            audience
            for audience in map(audiences.get, sorted(sought or ()))
            if audience is not None
            and audience.account_id == account
            and (retailers is None or audience.retailer_id in retailers)
        ]
        total, found = len(every), every[offset : offset + limit]
    return page(call, total, [_written(audience, call) for audience in found])


def _written(audience: Audience, call: Call[CriteoWorld]) -> orjson.Fragment:
    """An audience as every answer shows it, written once."""
    fragment = audience.written.get(_TYPE)
    if fragment is None:
        fragment = audience.written[_TYPE] = call.written("Audience", _view(audience))
    return fragment


def _view(audience: Audience) -> dict[str, Any]:
    attributes = {
        "name": audience.name,
        "description": audience.description,
        "createdAt": written(audience.created_at),
        "updatedAt": written(audience.updated_at),
        "accountId": audience.account_id,
        "retailerId": audience.retailer_id,
        "algebra": audience.algebra,
        "createdById": audience.created_by,
        "channels": audience.channels,
    }
    return {"attributes": attributes, "id": str(audience.id), "type": _TYPE}
