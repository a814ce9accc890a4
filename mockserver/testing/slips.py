"""What can be wrong with a body that keeps its schema: names taken, ids unknown, prices crossed; by operation."""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

from mockserver.providers.criteo.algebra import DEEPEST
from mockserver.providers.criteo.inputs import id_text
from mockserver.providers.criteo.naming import LONGEST_DESCRIPTION, LONGEST_NAME
from mockserver.providers.criteo.records import Audience, Segment
from mockserver.testing.flaws import ABSENT, Change, Steps
from mockserver.testing.holdings import Holdings
from mockserver.testing.identifiers import MALFORMED, kind, spellings

Said = Mapping[str, Any]
Changes = Iterator[Change]

_ATTRIBUTES: Steps = ("data", "attributes")
_EVENTS = {"shopperActivity": "View", "lookbackDays": "Last7Days", "categoryIds": ["1"]}
_CURRENCIES = ("XXX", "XTS", "ZZZ")


def _items(body: Said) -> Iterator[tuple[Said, Steps]]:
    """The items of a bulk request, each with where its attributes are."""
    for at, item in enumerate(body["data"]):
        yield item, ("data", at, "attributes")


def _segment_creations(body: Said, held: Holdings) -> Changes:
    yield from _names(body, str)
    for item, at in _items(body):
        said = item["attributes"]
        yield from _taken_name(held.segments, at)
        yield from _retailer(at, held)
        if said.get("contactList") is not None:
            yield Change("the identifier type is missing", (*at, "contactList"), {}, "identifierType")
            yield Change("both contactList and events", (*at, "events"), _EVENTS)
            yield Change("neither contactList nor events", (*at, "contactList"), None)
        if said.get("events") is not None:
            yield Change("both contactList and events", at, {**said, "contactList": {"identifierType": "Email"}}, "events")
            yield Change("neither contactList nor events", at, {**said, "events": None}, "contactList")
            yield from _events(said["events"], at)


def _names(body: Said, spelled: Callable[[str], Any]) -> Changes:
    """What can be wrong with the names of new things or changed ones; descriptions are `spelled` so."""
    first: str | None = None
    for item, at in _items(body):
        said = item.get("attributes") or {}
        yield Change("the name is empty", (*at, "name"), " ")
        yield Change("the name is too long", (*at, "name"), "n" * (LONGEST_NAME + 1))
        yield Change("the description is too long", (*at, "description"), spelled("d" * (LONGEST_DESCRIPTION + 1)))
        if first is not None:
            yield Change("the name is given twice", (*at, "name"), first)
        first = said.get("name", first)


def _retailer(at: Steps, held: Holdings) -> Changes:
    for retailer in ("no-retailer", *held.strange_retailers):
        yield Change("not a retailer of the account", (*at, "retailerId"), retailer)


def _events(said: Said, at: Steps) -> Changes:
    place: Steps = (*at, "events")
    yield Change("neither categoryIds nor brandIds", place, {**said, "categoryIds": [], "brandIds": []}, "categoryIds")
    yield Change("the prices are crossed", place, {**said, "minPrice": 9.5, "maxPrice": 9}, "minPrice")


def _segment_updates(body: Said, held: Holdings) -> Changes:
    yield from _strange_ids(body, held)
    yield from _names(body, _nillable)
    for item, at in _items(body):
        segment = held.segments[int(item["id"])]
        yield from _taken_name(held.segments, at, segment.id)
        events = (item.get("attributes") or {}).get("events") or {}
        if segment.events is None:
            yield Change("a contact list becomes events", (*at, "events"), {"lookbackDays": "Last7Days"})
            continue
        yield Change("events become a contact list", (*at, "contactList"), {"identifierType": "Email"})
        yield Change(
            "neither categoryIds nor brandIds", (*at, "events"), {**events, "categoryIds": [], "brandIds": []}, "categoryIds"
        )
        crossed = {"minPrice": _nillable(9.5), "maxPrice": _nillable(9)}
        yield Change("the prices are crossed", (*at, "events"), {**events, **crossed}, "minPrice")


def _nillable(value: Any) -> Any:
    return {"value": value}


def _taken_name(among: Mapping[int, Segment] | Mapping[int, Audience], at: Steps, own: int | None = None) -> Changes:
    """The name of another that is there."""
    others = (each.name for id, each in among.items() if id != own)
    for name in islice(others, 1):
        yield Change("the name is taken", (*at, "name"), name)


def _strange_ids(body: Said, held: Holdings) -> Changes:
    for at, _ in enumerate(body["data"]):
        for id in _nobodys(held):
            yield Change("nothing has this id", ("data", at, "id"), id)


def _nobodys(held: Holdings) -> list[Any]:
    """Ids of nothing that this account has: of nothing at all, none, another account's."""
    vacant = held.vacant_id()
    return [vacant, int(vacant), "abc", "-1", *map(str, held.strange_segments[:1])]


def _deletions(body: Said, held: Holdings) -> Changes:
    yield from _strange_ids(body, held)
    end = len(body["data"])
    yield Change("deleted twice", ("data", end), body["data"][0], "id")


def _segment_deletions(body: Said, held: Holdings) -> Changes:
    yield from _deletions(body, held)
    deletable = {each.id for each in held.deletable()}
    for id in [each for each in held.segments if each not in deletable][:1]:
        yield Change("an audience uses it", ("data", 0, "id"), str(id))


def _sizes(body: Said, held: Holdings) -> Changes:
    end = len(body["data"]["attributes"]["ids"])
    for id in _nobodys(held):
        yield Change("nothing has this id", (*_ATTRIBUTES, "ids", end), id)


def _segment_estimate(body: Said, held: Holdings) -> Changes:
    yield from _retailer(_ATTRIBUTES, held)
    yield from _events(body["data"]["attributes"]["events"], _ATTRIBUTES)


def _audience_creations(body: Said, held: Holdings) -> Changes:
    yield from _names(body, str)
    for item, at in _items(body):
        yield from _taken_name(held.audiences, at)
        yield from _retailer(at, held)
        yield from _algebra(item["attributes"], id_text(item["attributes"]["retailerId"]), at, held)


def _audience_updates(body: Said, held: Holdings) -> Changes:
    yield from _strange_ids(body, held)
    yield from _names(body, _nillable)
    for item, at in _items(body):
        audience = held.audiences[int(item["id"])]
        yield from _taken_name(held.audiences, at, audience.id)
        yield from _algebra(item.get("attributes") or {}, audience.retailer_id, at, held)


def _audience_estimate(body: Said, held: Holdings) -> Changes:
    said = body["data"]["attributes"]
    yield from _retailer(_ATTRIBUTES, held)
    yield from _algebra(said, id_text(said["retailerId"]), _ATTRIBUTES, held)


def _algebra(said: Said, retailer: str, at: Steps, held: Holdings) -> Changes:
    root: Steps = (*at, "algebra")
    leaf = {"audienceSegmentId": next(iter(held.segments_of(retailer)), held.vacant_id())}
    deep: Any = leaf
    for _ in range(DEEPEST):
        deep = {"not": deep}
    yield Change("the algebra is too deep", root, deep)
    yield Change("nodes of nobody", root, {"and": []}, "and")
    yield Change("nodes of nobody", root, {"or": []}, "or")
    nodes = list(_nodes(said.get("algebra") or leaf, root))
    for node, place in nodes:
        yield Change("a node without a member", place, {})
        yield Change("a node with two members", place, {**node, **({"not": leaf} if "not" not in node else {"or": [leaf]})})
    strangers = [id for each in held.retailers if each != retailer for id in held.segments_of(each)[:1]]
    for place in [place for node, place in nodes if "audienceSegmentId" in node]:
        for id in _nobodys(held):
            yield Change("nothing has this id", (*place, "audienceSegmentId"), id)
        for id in strangers:
            yield Change("a segment of another retailer", (*place, "audienceSegmentId"), id)


def _nodes(node: Said, at: Steps) -> Iterator[tuple[Said, Steps]]:
    """Every node of an algebra, with where it is."""
    yield node, at
    for member in ("and", "or"):
        for number, inner in enumerate(node.get(member, ())):
            yield from _nodes(inner, (*at, member, number))
    if "not" in node:
        yield from _nodes(node["not"], (*at, "not"))


def _amendment(body: Said, held: Holdings) -> Changes:
    said = body["data"]["attributes"]
    place: Steps = (*_ATTRIBUTES, "identifiers")
    for text in MALFORMED[kind(said.get("identifierType") or held.holds)]:
        yield Change("a malformed identifier", (*place, 0), text)
        yield Change("a malformed identifier", (*place, len(said["identifiers"])), text)
    if held.readings["identifier-type-mismatch"] == "refused":
        for spelling in [each for each in ("Email", "customerId", "phoneNumber", "madid") if each not in spellings(held.holds)]:
            yield Change("not what the list holds", (*_ATTRIBUTES, "identifierType"), spelling)


def _report(body: Said, held: Holdings) -> Changes:
    vacant = "9" * 12
    end = len(body["data"]["attributes"]["advertiserIds"])
    yield Change("not an advertiser of the caller", (*_ATTRIBUTES, "advertiserIds", end), vacant)
    yield Change("no campaign has this id", (*_ATTRIBUTES, "campaignIds"), [vacant])
    yield Change("no ad set has this id", (*_ATTRIBUTES, "adsetIds"), [vacant])
    for zone in ("Mars/Olympus_Mons", "localtime", "europe/paris", "+02:00"):
        yield Change("not a time zone", (*_ATTRIBUTES, "timezone"), zone)
    for currency in [each for each in _CURRENCIES if each not in held.currencies]:
        yield Change("not a currency", (*_ATTRIBUTES, "currency"), currency)


def _form(body: Said, held: Holdings) -> Changes:
    for member in ("grant_type", "client_id", "client_secret"):
        yield Change("missing", (member,), ABSENT)
        yield Change("empty", (member,), "")
    for grant in ("password", "CLIENT_CREDENTIALS", "authorization_code", "refresh_token"):
        yield Change("not a grant of these", ("grant_type",), grant)
    yield Change("no application has this id", ("client_id",), "no-client")
    yield Change("not the application's secret", ("client_secret",), f"{body['client_secret']}?")


_BY_OPERATION: Mapping[str, Callable[[Said, Holdings], Changes]] = {
    "requestToken": _form,
    "bulkCreateAudienceSegments": _segment_creations,
    "bulkUpdateAudienceSegments": _segment_updates,
    "bulkDeleteAudienceSegments": _segment_deletions,
    "AddRemoveContactListByAudienceSegment": _amendment,
    "bulkCreateAudience": _audience_creations,
    "bulkUpdateAudience": _audience_updates,
    "bulkDeleteAudiences": _deletions,
    "computeAudienceSegmentsSizes": _sizes,
    "computeAudiencesSizes": _sizes,
    "estimateAudienceSegmentSize": _segment_estimate,
    "estimateAudienceSize": _audience_estimate,
    "getRealTimeReport": _report,
}


def slips(operation: str, body: Any, held: Holdings) -> Changes:
    """Every way in which one change to a valid body breaks a rule of the domain that no schema tells."""
    if operation in _BY_OPERATION:
        yield from _BY_OPERATION[operation](body, held)
