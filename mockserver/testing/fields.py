"""What people write into each member of a request: strategies by operation and member, of ids that are there."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from mockserver.mistake import Mistake
from mockserver.providers.criteo.calendar import UNITS
from mockserver.providers.criteo.realtime import DIMENSIONS, METRICS
from mockserver.testing.holdings import Holdings
from mockserver.testing.identifiers import VALID, kind, spellings

Fields = Mapping[str, SearchStrategy[Any]]

ZONES = """UTC Europe/Paris Europe/London Europe/Berlin America/New_York America/Los_Angeles America/Sao_Paulo America/St_Johns
    Asia/Tokyo Asia/Kolkata Asia/Kathmandu Asia/Seoul Australia/Lord_Howe Pacific/Apia Pacific/Chatham Etc/GMT+12""".split()
_WHO = ("Loyal", "Lapsed", "New", "Frequent", "Treue", "Fidèles", "新規")
_WHAT = ("shoppers", "coffee buyers", "buyers of skin care", "Kundinnen", "clients d'été", "顧客", "☕️ lovers", 'the "A" list')
_TYPES = ("AudienceSegment", "RetailMediaAudienceSegment", "RetailMediaAudience", "")

_plain_names = st.sampled_from([f"{who} {what}" for who in _WHO for what in _WHAT])
_names = (
    _plain_names
    | st.builds("{} {}".format, _plain_names, st.integers(2, 2030))
    | st.text(min_size=1, max_size=30).map(lambda text: text if text.strip() else f"{text}a")
)
_descriptions = st.just("") | _names | st.text(max_size=500)
_prices = st.integers(0, 500) | st.integers(0, 50_000).map(lambda cents: cents / 100)
_nillable_prices = st.fixed_dictionaries({}, optional={"value": st.none() | _prices})
_nillable_texts = st.fixed_dictionaries({}, optional={"value": st.none() | _descriptions})
_numbers = st.builds(lambda number, spelled: spelled(number), st.integers(1, 5000), st.sampled_from([str, int]))
_identities = st.lists(_numbers, min_size=1, max_size=4, unique_by=str)
_COMMON: Fields = {"type": st.sampled_from(_TYPES), "name": _names, "description": _descriptions}
_EVENTS: Fields = {"categoryIds": _identities, "brandIds": _identities, "minPrice": _prices, "maxPrice": _prices}
_trees: SearchStrategy[Any] = st.recursive(
    st.fixed_dictionaries({"audienceSegmentId": st.integers(0, 2**16)}),
    lambda node: (
        st.fixed_dictionaries({"or": st.lists(node, min_size=1, max_size=3)})
        | st.fixed_dictionaries({"and": st.lists(node, min_size=1, max_size=3)})
        | st.fixed_dictionaries({"not": node})
    ),
    max_leaves=5,
)
"""Algebras whose leaves are positions, for `fitting` to put the ids there."""


def _spelled(id: Any, numeric: bool) -> Any:
    text = str(id)
    return int(text) if numeric and text.isdigit() and str(int(text)) == text else text


def _ids(among: Sequence[Any], what: str) -> SearchStrategy[Any]:
    """An id among these, as text or as a number. Raises `Mistake` if there is none."""
    if not among:
        raise Mistake(f"this world holds no {what}")
    return st.builds(_spelled, st.sampled_from(among), st.booleans())


def _lists(among: Sequence[Any], least: int = 1) -> SearchStrategy[Any]:
    if not among:
        return st.just([])
    return st.lists(_ids(among, ""), min_size=least, max_size=4, unique_by=str)


def _creation(held: Holdings) -> Fields:
    return {**_EVENTS, "retailerId": _ids(held.retailers, "retailer of the account")}


def _update(held: Holdings) -> Fields:
    changes = {"minPrice": _nillable_prices, "maxPrice": _nillable_prices, "description": _nillable_texts}
    return {**_EVENTS, **changes, "id": _changeable(held), "contactList": st.just({})}


def _changeable(held: Holdings) -> SearchStrategy[Any]:
    """Ids of contact lists as often as of segments by events."""
    changeable = held.changeable()
    by_kind = [[each.id for each in changeable if each.kind == kind] for kind in ("ContactList", "Events")]
    return st.one_of([_ids(ids, "segment to change") for ids in by_kind if ids] or [_ids([], "segment to change")])


def _deletion(held: Holdings) -> Fields:
    return {"id": _ids([each.id for each in held.deletable()], "segment to delete")}


def _search(held: Holdings) -> Fields:
    segments = _lists(list(held.segments))
    return {"audienceSegmentIds": segments, "retailerIds": _lists(held.retailers), "audienceIds": _lists(list(held.audiences))}


def _amendment(held: Holdings) -> Fields:
    spoken = [(None, held.holds), *((spelling, kind(spelling)) for spelling in spellings(held.holds))]
    return {"attributes": st.one_of([_identifiers(spelling, VALID[form]) for spelling, form in spoken])}


def _identifiers(spelling: str | None, valid: SearchStrategy[str]) -> SearchStrategy[Any]:
    """The attributes of an amendment; the type is said wherever it is not the list's own."""
    amendment = {"operation": st.sampled_from(["add", "remove"]), "identifiers": st.lists(valid, min_size=1, max_size=6)}
    said = {"identifierType": st.just(spelling)}
    if spelling is None:
        return st.fixed_dictionaries(amendment, optional=said)
    return st.fixed_dictionaries({**amendment, **said})


def _audience(held: Holdings) -> Fields:
    usable = [retailer for retailer in held.retailers if held.segments_of(retailer)]
    return {"retailerId": _ids(usable, "retailer with segments"), "algebra": _trees}


def _audience_update(held: Holdings) -> Fields:
    return {
        "id": _ids(list(held.audiences), "audience"),
        "description": _nillable_texts,
        "algebra": _trees,
    }


def _report(held: Holdings) -> Fields:
    advertisers = list(dict.fromkeys(each.advertiser_id for each in held.ad_sets))
    _ids(advertisers, "advertiser with ad sets")
    return {
        "advertiserIds": _lists(advertisers),
        "campaignIds": _lists(list(dict.fromkeys(each.campaign_id for each in held.ad_sets)), 0),
        "adsetIds": _lists([each.id for each in held.ad_sets], 0),
        "dimensions": st.lists(_either(sorted({*DIMENSIONS, *map(str.capitalize, UNITS)})), max_size=5, unique_by=str.lower),
        "metrics": st.lists(_either(METRICS), min_size=1, max_size=3, unique_by=str.lower),
        "currency": st.sampled_from(held.currencies),
        "timezone": st.sampled_from(ZONES),
    }


def _either(names: Sequence[str]) -> SearchStrategy[str]:
    """Names as the guide spells them, as the OpenAPI documents do, and without any capital."""
    spelled = [spelling for name in names for spelling in (name, name[0].lower() + name[1:], name.lower())]
    return st.sampled_from(list(dict.fromkeys(spelled)))


_BY_OPERATION: Mapping[str, Callable[[Holdings], Fields]] = {
    "bulkCreateAudienceSegments": _creation,
    "bulkUpdateAudienceSegments": _update,
    "bulkDeleteAudienceSegments": _deletion,
    "searchAudienceSegments": _search,
    "AddRemoveContactListByAudienceSegment": _amendment,
    "searchAudiences": _search,
    "bulkCreateAudience": _audience,
    "bulkUpdateAudience": _audience_update,
    "bulkDeleteAudiences": lambda held: {"id": _ids(list(held.audiences), "audience")},
    "computeAudienceSegmentsSizes": lambda held: {"ids": _lists(list(held.segments))},
    "computeAudiencesSizes": lambda held: {"ids": _lists(list(held.audiences))},
    "estimateAudienceSegmentSize": _creation,
    "estimateAudienceSize": _audience,
    "getRealTimeReport": _report,
}

_BY_ID_ALONE = ("bulkDeleteAudienceSegments", "bulkDeleteAudiences")


def fields(operation: str, held: Holdings) -> Fields:
    """The strategies of the members of a body that mean something. Raises `Mistake` where a world holds none of it."""
    own = _BY_OPERATION.get(operation)
    return {**_COMMON, **(own(held) if own else {})}


def always(operation: str) -> frozenset[str]:
    """The members that are there although the schema lets them out, as there is nothing to do without them."""
    return frozenset({"data"} if operation in _BY_ID_ALONE else {"data", "attributes"})


def forms(held: Holdings) -> SearchStrategy[dict[str, str]]:
    """Forms that get a token from the token endpoint without anybody's consent."""
    return st.sampled_from(held.applications).map(
        lambda each: {"grant_type": "client_credentials", "client_id": each.client_id, "client_secret": each.client_secret}
    )
