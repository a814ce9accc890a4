"""A full and sound body for each operation, of stand-ins: what boundaries are found in, member by member."""

from collections.abc import Mapping
from typing import Any

from mockserver.check.drafting.cast import BOUGHT, CARDS, LIST, ONE, RETAILERS, SECOND, TWO, VIEWED
from mockserver.testing.holdings import Holdings

_RETAILER = RETAILERS[0]
_EVENTS = {
    "shopperActivity": "View",
    "lookbackDays": "Last14Days",
    "categoryIds": ["1042", "77"],
    "brandIds": ["5"],
    "minPrice": 2.5,
    "maxPrice": 10,
}
_LISTED = {
    "name": "listed",
    "retailerId": _RETAILER,
    "description": "those we wrote to",
    "contactList": {"identifierType": "Email"},
}
_EVENTFUL = {"name": "eventful", "retailerId": _RETAILER, "description": "those who looked", "events": _EVENTS}
_CHANGED_EVENTS = {
    "shopperActivity": "AddToCart",
    "lookbackDays": "Last7Days",
    "categoryIds": ["8"],
    "brandIds": ["9"],
    "minPrice": {"value": 1},
    "maxPrice": {"value": 9.5},
}
_TREE = {
    "and": [
        {"audienceSegmentId": str(LIST)},
        {"or": [{"audienceSegmentId": str(SECOND)}, {"not": {"audienceSegmentId": str(CARDS)}}]},
    ]
}
_COMBINED = {"name": "combined", "retailerId": _RETAILER, "description": "both", "algebra": _TREE}
_RENAMED = {"name": "renamed", "description": {"value": "said anew"}}


def _items(type: str, *attributes: Mapping[str, Any], ids: tuple[int, ...] = ()) -> dict[str, Any]:
    items = [{"type": type, "attributes": each} for each in attributes]
    return {"data": [{**item, "id": str(id)} for item, id in zip(items, ids, strict=True)] if ids else items}


def _one(type: str, **attributes: Any) -> dict[str, Any]:
    return {"data": {"type": type, "attributes": attributes}}


_SAMPLES: Mapping[str, Any] = {
    "bulkCreateAudienceSegments": _items("AudienceSegment", _LISTED, _EVENTFUL),
    "bulkUpdateAudienceSegments": _items(
        "AudienceSegment",
        {**_RENAMED, "contactList": {}},
        {"name": "retold", "description": {"value": None}, "events": _CHANGED_EVENTS},
        ids=(LIST, BOUGHT),
    ),
    "bulkDeleteAudienceSegments": _items("AudienceSegment", {}, {}, ids=(LIST, SECOND)),
    "searchAudienceSegments": _one(
        "AudienceSegment",
        audienceSegmentIds=[str(LIST), str(CARDS)],
        retailerIds=[_RETAILER],
        audienceSegmentTypes=["ContactList"],
    ),
    "AddRemoveContactListByAudienceSegment": _one(
        "AddRemoveContactlist", operation="add", identifierType="Email", identifiers=["ann@mail.example", "bob@mail.example"]
    ),
    "searchAudiences": _one("Audience", audienceIds=[str(ONE)], retailerIds=[_RETAILER], audienceSegmentIds=[str(LIST)]),
    "bulkCreateAudience": _items("RetailMediaAudience", _COMBINED, {**_COMBINED, "name": "again"}),
    "bulkUpdateAudience": _items("RetailMediaAudience", {**_RENAMED, "algebra": _TREE}, ids=(ONE,)),
    "bulkDeleteAudiences": _items("RetailMediaAudience", {}, {}, ids=(ONE, TWO)),
    "computeAudienceSegmentsSizes": _one("AudienceSegment", channel="Onsite", ids=[str(LIST), str(CARDS)]),
    "computeAudiencesSizes": _one("RetailMediaAudience", channel="Offsite", ids=[str(ONE), str(TWO)]),
    "estimateAudienceSegmentSize": _one("AudienceSegment", channel="Onsite", retailerId=_RETAILER, events=_EVENTS),
    "estimateAudienceSize": _one("RetailMediaAudience", channel="Onsite", retailerId=_RETAILER, algebra=_TREE),
}


def sample(operation: str, held: Holdings) -> Any:
    """A sound body of an operation, under the readings in force. Raises `KeyError` for one that takes none."""
    if operation == "getRealTimeReport":
        return _report(held)
    body = _SAMPLES[operation]
    if VIEWED not in held.segments and operation in ("bulkCreateAudienceSegments", "bulkUpdateAudienceSegments"):
        return {"data": body["data"][:1]}
    if not held.audiences and operation == "searchAudiences":
        return _one("Audience", audienceIds=[], retailerIds=[_RETAILER], audienceSegmentIds=[str(LIST)])
    return body


def _report(held: Holdings) -> Any:
    first = held.ad_sets[0]
    return _one(
        "GenerateRealtimeStatisticsReport",
        advertiserIds=[first.advertiser_id],
        campaignIds=[first.campaign_id] if first.campaign_id else [],
        adsetIds=[first.id] if first.id else [],
        dimensions=["Campaign", "campaignId", "Day", "hour"],
        metrics=["Clicks", "displays"],
        lookbackWindow=24,
        currency="EUR",
        timezone="Europe/Paris",
    )
