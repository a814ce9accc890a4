"""Bodies that keep the contract made to keep the rules beyond it: known ids, one kind, names, prices in order."""

from collections.abc import Callable, Iterator, Mapping
from itertools import cycle
from typing import Any

from mockserver.check.drafting.cast import LIST, RETAILERS
from mockserver.clock import parse_moment
from mockserver.mistake import Mistake
from mockserver.testing.fitting import FITS
from mockserver.testing.holdings import Holdings

Said = dict[str, Any]
Query = tuple[tuple[str, str], ...]

_WEEK = 7 * 24 * 3600
_PERIOD = {"from": "2026-11-01T00:00:00Z", "to": "2026-11-08T00:00:00Z"}


def fitted(operation: str, body: Any, held: Holdings) -> Any:
    """A body that a call succeeds with, as near as can be to one that the contract takes."""
    if operation not in _BY_OPERATION:
        return body
    settled = _BY_OPERATION[operation](body, held)
    return FITS[operation](settled, held) if operation in FITS and settled.get("data") is not None else settled


def fitted_query(operation: str, query: Query) -> Query:
    """A query that a call succeeds with: of Shoplive's, a period that there is, of at most a week."""
    said = dict(query)
    if operation != "retrieveCampaignStats" or _is_period(said.get("from", ""), said.get("to", "")):
        return query
    return tuple((name, _PERIOD.get(name, value)) for name, value in query)


def _is_period(start: str, end: str) -> bool:
    try:
        return 0 <= parse_moment(end) - parse_moment(start) <= _WEEK
    except (Mistake, ValueError, OverflowError):
        return False


def _each(body: Said, change: Callable[[Said], Said]) -> Said:
    return body if "data" not in body else {**body, "data": [change(item) for item in body["data"]]}


def _attributes(body: Said, change: Callable[[Said], Said]) -> Said:
    data = body.get("data")
    if not data or not data.get("attributes"):
        return body
    return {**body, "data": {**data, "attributes": change(data["attributes"])}}


def _known(said: Said, name: str, known: Iterator[str]) -> Said:
    """With known ids in place of others, spelled as those are: text or number."""
    if name not in said or said[name] is None:
        return said
    value = said[name]
    if isinstance(value, list):
        return {**said, name: [_like(id, next(known)) for id in value]}
    return {**said, name: _like(value, next(known))}


def _like(said: Any, known: str) -> Any:
    return int(known) if isinstance(said, int | float) and known.isdigit() else known


def _named(said: Said) -> Said:
    return {**said, "name": "named"} if "name" in said and not said["name"].strip() else said


def _retailer(said: Said) -> Said:
    return _known(said, "retailerId", iter(RETAILERS[:1]))


def _segment_creations(body: Said, held: Holdings) -> Said:
    return _each(body, lambda item: {**item, "attributes": _retailer(_named(item["attributes"]))})


def _segment_updates(body: Said, held: Holdings) -> Said:
    lists = iter([id for id, each in held.segments.items() if each.contact_list])
    eventful = iter([id for id, each in held.segments.items() if each.events])
    return _each(body, lambda item: _segment_update(item, lists, eventful))


def _segment_update(item: Said, lists: Iterator[int], eventful: Iterator[int]) -> Said:
    said = item.get("attributes") or {}
    found = next(eventful, None) if said.get("events") is not None else None
    id = next(lists, LIST) if found is None else found
    changed = {**item, "id": _like(item["id"], str(id))}
    return {**changed, "attributes": _scoped(_named(said))} if said else changed


def _scoped(said: Said) -> Said:
    """Events that are not left without categories and brands."""
    events = said.get("events")
    return said if not events or events.get("categoryIds") != [] else {**said, "events": {**events, "categoryIds": ["1"]}}


def _deletions(body: Said, held: Holdings) -> Said:
    ids = iter([str(each.id) for each in held.deletable()])
    return _each(body, lambda item: {**item, "id": _like(item["id"], next(ids, str(LIST)))})


def _audience_deletions(body: Said, held: Holdings) -> Said:
    ids = cycle(map(str, held.audiences))
    return _each(body, lambda item: {**item, "id": _like(item["id"], next(ids))})


def _audience_creations(body: Said, held: Holdings) -> Said:
    return _each(body, lambda item: {**item, "attributes": _with_tree(_retailer(_named(item["attributes"])))})


def _audience_updates(body: Said, held: Holdings) -> Said:
    ids = cycle(map(str, held.audiences))
    return _each(body, lambda item: _audience_update(item, next(ids)))


def _audience_update(item: Said, id: str) -> Said:
    said = item.get("attributes")
    changed = {**item, "id": _like(item["id"], id)}
    return {**changed, "attributes": _with_tree(_named(said))} if said else changed


def _with_tree(said: Said) -> Said:
    """With an algebra as `FITS` takes it: one member a node, positions for ids."""
    return said if said.get("algebra") is None else {**said, "algebra": _tree(said["algebra"])}


def _tree(node: Said, depth: int = 1) -> Said:
    for member in ("and", "or"):
        if node.get(member) and depth < _DEEP:
            return {member: [_tree(each, depth + 1) for each in node[member]]}
    if node.get("not") is not None and depth < _DEEP:
        return {"not": _tree(node["not"], depth + 1)}
    return {"audienceSegmentId": 6 if isinstance(node.get("audienceSegmentId"), int) else 0}


_DEEP = 30


def _estimate(body: Said, held: Holdings) -> Said:
    return _attributes(body, lambda said: _with_tree(_retailer(said)))


def _segment_sizes(body: Said, held: Holdings) -> Said:
    ids = cycle(map(str, held.segments))
    return _attributes(body, lambda said: _known(said, "ids", ids))


def _audience_sizes(body: Said, held: Holdings) -> Said:
    ids = cycle(map(str, held.audiences))
    return _attributes(body, lambda said: _known(said, "ids", ids))


def _report(body: Said, held: Holdings) -> Said:
    return _attributes(body, lambda said: _asked(said, held))


def _asked(said: Said, held: Holdings) -> Said:
    first = held.ad_sets[0]
    advertisers = cycle([each.advertiser_id for each in held.ad_sets])
    said = _known(said, "advertiserIds", advertisers)
    said = _only(_only(said, "campaignIds", first.campaign_id), "adsetIds", first.id)
    for name, known in (("timezone", "Europe/Paris"), ("currency", "EUR")):
        said = {**said, name: known} if said.get(name) else said
    return said


def _only(said: Said, name: str, known: str) -> Said:
    if not said.get(name):
        return said
    return _known(said, name, cycle([known])) if known else {**said, name: []}


def _amendment(body: Said, held: Holdings) -> Said:
    def of_addresses(said: Said) -> Said:
        kind = said.get("identifierType")
        addressed = [f"a{number}@mail.example" for number in range(len(said["identifiers"]))]
        named = {} if kind is None or kind.lower() == "email" else {"identifierType": "email"}
        return {**said, **named, "identifiers": addressed}

    return _attributes(body, of_addresses)


_BY_OPERATION: Mapping[str, Callable[[Said, Holdings], Said]] = {
    "bulkCreateAudienceSegments": _segment_creations,
    "bulkUpdateAudienceSegments": _segment_updates,
    "bulkDeleteAudienceSegments": _deletions,
    "AddRemoveContactListByAudienceSegment": _amendment,
    "bulkCreateAudience": _audience_creations,
    "bulkUpdateAudience": _audience_updates,
    "bulkDeleteAudiences": _audience_deletions,
    "computeAudienceSegmentsSizes": _segment_sizes,
    "computeAudiencesSizes": _audience_sizes,
    "estimateAudienceSegmentSize": _estimate,
    "estimateAudienceSize": _estimate,
    "getRealTimeReport": _report,
}
