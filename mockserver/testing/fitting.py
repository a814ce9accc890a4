"""Makes what was drawn member by member fit together: one kind, ordered prices, new names, ids of one retailer."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from mockserver.providers.criteo.inputs import id_text, nillable
from mockserver.providers.criteo.records import Segment
from mockserver.testing.holdings import Holdings

Said = dict[str, Any]
_SCOPE = ("categoryIds", "brandIds")


def _segment_creations(body: Said, held: Holdings) -> Said:
    return _each(body, held.segment_names, lambda attributes: _of_one_kind(attributes, held))


def _audience_creations(body: Said, held: Holdings) -> Said:
    return _each(body, held.audience_names, lambda attributes: _of_one_retailer(attributes, held))


def _each(body: Said, names: frozenset[str], fit: Callable[[Said], Said]) -> Said:
    """The items of a creation with attributes that fit and names that nobody has."""
    taken = set(names)
    items = [{**item, "attributes": _newly_named(fit(item["attributes"]), taken)} for item in body["data"]]
    return {**body, "data": items}


def _newly_named(said: Said, taken: set[str]) -> Said:
    """With a name that is not taken, which from now on is."""
    if "name" not in said:
        return said
    name, number = said["name"], 2
    while name.casefold() in taken:
        name, number = f"{said['name']} {number}", number + 1
    taken.add(name.casefold())
    return {**said, "name": name}


def _of_one_kind(said: Said, held: Holdings) -> Said:
    """With exactly one of a contact list, its type told, and events."""
    if said.get("events") is not None and not held.events_are_refused:
        return {**_without(said, "contactList"), "events": _of_some_scope(_ordered(said["events"]))}
    return {**_without(said, "events"), "contactList": {"identifierType": "Email", **(said.get("contactList") or {})}}


def _without(said: Said, *names: str) -> Said:
    """Without the members of these names; those that are null may stay."""
    return {name: value for name, value in said.items() if name not in names or value is None}


def _of_some_scope(events: Said) -> Said:
    return events if any(events.get(name) for name in _SCOPE) else {**events, "categoryIds": ["1"]}


def _ordered(events: Said) -> Said:
    least, most = events.get("minPrice"), events.get("maxPrice")
    if least is None or most is None or least <= most:
        return events
    return {**events, "minPrice": most, "maxPrice": least}


def _segment_updates(body: Said, held: Holdings) -> Said:
    taken = set(held.segment_names)
    return {**body, "data": [_segment_update(item, taken, held) for item in _once(body["data"])]}


def _segment_update(item: Said, taken: set[str], held: Holdings) -> Said:
    segment, said = held.segments[int(item["id"])], item.get("attributes")
    if not said:
        return item
    kept = _without(said, "contactList" if segment.events else "events")
    if segment.events and kept.get("events"):
        kept["events"] = _in_order_with(segment, kept["events"])
    return {**item, "attributes": _newly_named(kept, taken)}


def _in_order_with(segment: Segment, said: Said) -> Said:
    """Changes of events that leave prices in order, or say nothing of prices."""
    assert segment.events is not None
    least = nillable(said, "minPrice", segment.events.min_price)
    most = nillable(said, "maxPrice", segment.events.max_price)
    if least is None or most is None or least <= most:
        return said
    return {name: value for name, value in said.items() if name not in ("minPrice", "maxPrice")}


def _deletions(body: Said, held: Holdings) -> Said:
    return {**body, "data": list(_once(body["data"]))}


def _once(items: Iterable[Said]) -> Iterator[Said]:
    """The items less those with an id that came before."""
    seen: dict[str, Said] = {}
    for item in items:
        seen.setdefault(id_text(item["id"]), item)
    return iter(seen.values())


def _audience_updates(body: Said, held: Holdings) -> Said:
    taken = set(held.audience_names)
    return {**body, "data": [_audience_update(item, taken, held) for item in _once(body["data"])]}


def _audience_update(item: Said, taken: set[str], held: Holdings) -> Said:
    said = item.get("attributes")
    if not said:
        return item
    retailer = held.audiences[int(item["id"])].retailer_id
    return {**item, "attributes": _newly_named(_over_segments_of(retailer, said, held), taken)}


def _of_one_retailer(said: Said, held: Holdings) -> Said:
    return _over_segments_of(id_text(said["retailerId"]), said, held)


def _over_segments_of(retailer: str, said: Said, held: Holdings) -> Said:
    if said.get("algebra") is None:
        return said
    ids = held.segments_of(retailer)
    if not ids:  # which were deleted since the audience was made
        return {name: value for name, value in said.items() if name != "algebra"}
    return {**said, "algebra": _settled(said["algebra"], ids)}


def _settled(node: Said, ids: Sequence[str]) -> Said:
    """An algebra with ids where it has positions; every seventh is a number."""
    (member,) = node
    if member == "audienceSegmentId":
        at = node[member]
        return {member: int(ids[at % len(ids)]) if at % 7 == 6 else ids[at % len(ids)]}
    inner = node[member]
    return {member: _settled(inner, ids) if member == "not" else [_settled(each, ids) for each in inner]}


def _segment_estimate(body: Said, held: Holdings) -> Said:
    return _attributes(body, lambda said: {**said, "events": _of_some_scope(_ordered(said["events"]))})


def _audience_estimate(body: Said, held: Holdings) -> Said:
    return _attributes(body, lambda said: _of_one_retailer(said, held))


def _report(body: Said, held: Holdings) -> Said:
    return _attributes(body, lambda said: _of_these_advertisers(said, held))


def _of_these_advertisers(said: Said, held: Holdings) -> Said:
    """With campaigns and ad sets that are the advertisers', one of the other; or none if that leaves none."""
    found = [each for each in held.ad_sets if each.advertiser_id in _texts(said["advertiserIds"])]
    said, campaigns = _only(said, "campaignIds", {each.campaign_id for each in found})
    return _only(said, "adsetIds", {each.id for each in found if not campaigns or each.campaign_id in campaigns})[0]


def _only(said: Said, name: str, among: set[str]) -> tuple[Said, set[str]]:
    left = [id for id in said.get(name) or () if id_text(id) in among]
    return ({**said, name: left} if said.get(name) else said), _texts(left)


def _texts(ids: Iterable[Any]) -> set[str]:
    return {id_text(id) for id in ids}


def _attributes(body: Said, fit: Callable[[Said], Said]) -> Said:
    return {**body, "data": {**body["data"], "attributes": fit(body["data"]["attributes"])}}


FITS: Mapping[str, Callable[[Said, Holdings], Said]] = {
    "bulkCreateAudienceSegments": _segment_creations,
    "bulkUpdateAudienceSegments": _segment_updates,
    "bulkDeleteAudienceSegments": _deletions,
    "bulkCreateAudience": _audience_creations,
    "bulkUpdateAudience": _audience_updates,
    "bulkDeleteAudiences": _deletions,
    "estimateAudienceSegmentSize": _segment_estimate,
    "estimateAudienceSize": _audience_estimate,
    "getRealTimeReport": _report,
}
"""By operation, what makes a body of the contract one of the domain."""
