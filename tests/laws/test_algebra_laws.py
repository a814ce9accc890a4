"""Sizes obey the algebra of sets: what a model that only adds and compares can say of any segments, asked over the API."""

from typing import Any

import orjson
import pytest
from conftest import ACCOUNT, Client, engine_of
from hypothesis import given, settings
from hypothesis import strategies as st
from patience import PATIENT

from mockserver.message import Request, Response

ENGINE = engine_of()
CLIENT = Client(ENGINE, version="preview")
LIST, EVENTS = "225702933721171456", "225702933721195672"
Algebra = dict[str, Any]


def segments_of(retailer: str) -> list[str]:
    found = CLIENT.search("?limit=40", retailerIds=[retailer]).json()["data"]
    return [each["id"] for each in found]


def population() -> int:
    """How many shoppers a retailer has, as an estimate of about everybody lets us work out."""
    size = answered("estimate-size", channel="Onsite", retailerId="12", algebra=someone)
    return round(size["size"] / size["relativeSize"])


def answered(path: str, client: Client = CLIENT, **said: Any) -> dict[str, Any]:
    answer = client.ask("POST", f"/{{account}}/audiences/{path}", {"data": {"attributes": said}})
    assert (answer.status, answer.json()["errors"], answer.json()["warnings"]) == (200, [], [])
    return dict(answer.json()["data"]["attributes"])


someone: Algebra = {"not": {"and": [{"audienceSegmentId": LIST}, {"not": {"audienceSegmentId": LIST}}]}}
leaves = st.sampled_from([LIST, EVENTS, *segments_of("12")]).map(lambda segment: {"audienceSegmentId": segment})
trees = st.recursive(
    leaves,
    lambda node: (
        st.lists(node, min_size=1, max_size=3).map(lambda nodes: {"and": nodes})
        | st.lists(node, min_size=1, max_size=3).map(lambda nodes: {"or": nodes})
        | node.map(lambda one: {"not": one})
    ),
    max_leaves=6,
)
channels = st.sampled_from(["Onsite", "Offsite"])


def both(*nodes: Algebra) -> Algebra:
    return {"and": list(nodes)}


def either(*nodes: Algebra) -> Algebra:
    return {"or": list(nodes)}


def none(node: Algebra) -> Algebra:
    return {"not": node}


@given(trees, trees, trees, channels)
@settings(PATIENT, max_examples=80)
def test_sizes_obey_the_algebra_of_sets(a: Algebra, b: Algebra, c: Algebra, channel: str) -> None:
    def size(node: Algebra) -> int:
        return int(answered("estimate-size", channel=channel, retailerId="12", algebra=node)["size"])

    assert size(either(a, b)) + size(both(a, b)) == size(a) + size(b)
    assert size(none(none(a))) == size(both(a)) == size(either(a)) == size(both(a, a)) == size(either(a, a)) == size(a)
    assert size(both(a, b)) == size(both(b, a)) <= min(size(a), size(b))
    assert size(either(a, b)) == size(either(b, a)) >= max(size(a), size(b))
    assert size(none(either(a, b))) == size(both(none(a), none(b)))
    assert size(none(both(a, b))) == size(either(none(a), none(b)))
    assert size(both(a, either(b, c))) == size(either(both(a, b), both(a, c)))
    assert size(either(a, both(b, c))) == size(both(either(a, b), either(a, c)))
    assert size(both(a, b, c)) == size(both(a, both(b, c)))
    assert size(either(a, either(a, b))) - size(either(a, b)) == size(both(a, none(a))) == 0
    assert size(a) + size(none(a)) == size(either(a, none(a))) == size(someone)


@given(trees, channels)
@settings(PATIENT, max_examples=60)
def test_what_is_created_has_the_size_that_was_estimated(tree: Algebra, channel: str) -> None:
    client = Client(ENGINE.fork(), version="preview")
    said = {"data": [{"attributes": {"name": "A tree", "retailerId": "12", "algebra": tree}}]}
    [made] = client.ask("POST", "/{account}/audiences/create", said).json()["data"]
    assert made["attributes"]["algebra"] == tree
    asked = {"data": {"attributes": {"channel": channel, "ids": [made["id"]]}}}
    computed = client.ask("POST", "/{account}/audiences/compute-sizes", asked).json()["data"]
    estimate = answered("estimate-size", channel=channel, retailerId="12", algebra=tree)
    assert computed == [{"id": made["id"], "type": "RetailMediaAudience", "attributes": estimate}]


@given(trees, channels)
@settings(PATIENT, max_examples=60)
def test_a_relative_size_is_the_share_of_the_retailers_shoppers(tree: Algebra, channel: str) -> None:
    found = answered("estimate-size", channel=channel, retailerId="12", algebra=tree)
    assert 0 <= found["relativeSize"] <= 1
    assert found["size"] / population() == found["relativeSize"]
    hidden = Client(ENGINE, "preview", "relative-client", "relative-secret")
    seen = answered("estimate-size", hidden, channel=channel, retailerId="12", algebra=tree)
    assert seen == {"relativeSize": found["relativeSize"]}


# Lists grow with what is added and shrink with what is removed.

people = st.lists(st.integers(0, 60).map(lambda number: f"{number}@example.com"), max_size=12)
changes = st.lists(st.tuples(st.sampled_from(["add", "add", "remove", "clear"]), people), max_size=8)


@given(changes, channels)
@settings(PATIENT, max_examples=60)
def test_a_list_never_shrinks_by_adding_nor_grows_by_removing(changes: list[tuple[str, list[str]]], channel: str) -> None:
    client = Client(ENGINE.fork(), version="preview")
    segment, seen, held = client.create_list("A list"), {frozenset[str](): 0}, frozenset[str]()
    for operation, identifiers in changes:
        if operation == "clear":
            client.clear(segment)
        else:
            client.amend(segment, operation, identifiers)
        after = {"add": held | set(identifiers), "remove": held - set(identifiers), "clear": frozenset[str]()}[operation]
        asked = {"data": {"attributes": {"channel": channel, "ids": [segment]}}}
        [found] = client.ask("POST", "/{account}/audience-segments/compute-sizes", asked).json()["data"]
        size = found["attributes"]["size"]
        matched = client.statistics(segment).json()["data"]["attributes"]["numberOfMatches"]
        assert seen.setdefault(after, size) == size <= matched
        assert size >= seen[held] if after >= held else size <= seen[held] if after <= held else True
        held = after


def test_a_fork_goes_its_own_way_whatever_was_computed_before() -> None:
    client = Client(ENGINE.fork(), version="preview")
    segment = client.create_list("A list")
    asked = {"data": {"attributes": {"channel": "Onsite", "ids": [segment]}}}
    twin = Client(client.engine.fork(), version="preview")
    for each in (client, twin):
        assert (
            each.ask("POST", "/{account}/audience-segments/compute-sizes", asked).json()["data"][0]["attributes"]["size"] == 0
        )
    client.amend(segment, "add", [f"{number}@example.com" for number in range(200)])
    sizes = [
        each.ask("POST", "/{account}/audience-segments/compute-sizes", asked).json()["data"][0]["attributes"]["size"]
        for each in (client, twin)
    ]
    assert sizes[0] > 50
    assert sizes[1] == 0


# Who did such a thing: more days, wider prices, more brands never mean fewer; another condition never means more.

DAYS = [f"Last{days}Days" for days in (7, 14, 30, 45, 60, 90, 120, 150, 180)]
prices = st.none() | st.integers(-1, 250) | st.floats(0, 250)
some = st.lists(st.sampled_from(["1", "2", "3"]), max_size=3)


@given(
    st.sampled_from(["View", "Buy", "AddToCart"]),
    st.tuples(st.integers(0, 8), st.integers(0, 8)).map(sorted),
    st.tuples(prices, prices),
    st.tuples(prices, prices),
    st.tuples(some, some),
    channels,
)
@settings(PATIENT, max_examples=100)
def test_wider_events_never_find_fewer_shoppers(
    activity: str, windows: list[int], least: tuple[Any, Any], most: tuple[Any, Any], brands: tuple[Any, Any], channel: str
) -> None:
    def size(window: int, low: float | None, high: float | None, ids: list[str]) -> int | None:
        events = {"shopperActivity": activity, "lookbackDays": DAYS[window], "categoryIds": ["5"], "brandIds": ids}
        said = {"channel": channel, "retailerId": "12", "events": events | {"minPrice": low, "maxPrice": high}}
        answer = CLIENT.ask("POST", "/{account}/audience-segments/estimate-size", {"data": {"attributes": said}})
        assert answer.status == (400 if low is not None and high is not None and low > high else 200)
        return int(answer.json()["data"]["attributes"]["size"]) if answer.status == 200 else None

    wide_low, narrow_low = sorted(least, key=lambda price: -1000 if price is None else price)
    narrow_high, wide_high = sorted(most, key=lambda price: 1000 if price is None else price)
    more, fewer = sorted({*brands[0], *brands[1]}), sorted({*brands[0]})
    wide = size(windows[1], wide_low, wide_high, more if fewer else [])
    narrow = size(windows[0], narrow_low, narrow_high, fewer)
    assert narrow is None or (wide is not None and narrow <= wide)


# Depth: as deep as it is allowed, and as deep as anybody may send.


def nested(levels: int, member: str) -> bytes:
    """An estimate's body, with so many nodes one in the other."""
    opening, closing = (b'{"not":', b"}") if member == "not" else (f'{{"{member}":['.encode(), b"]}")
    leaf = b'{"audienceSegmentId":"%s"}' % LIST.encode()
    tree = opening * (levels - 1) + leaf + closing * (levels - 1)
    return b'{"data":{"attributes":{"channel":"Onsite","retailerId":"12","algebra":%s}}}' % tree


def deep(levels: int, member: str) -> Response:
    CLIENT.search()
    headers = ((b"authorization", f"Bearer {CLIENT.token}".encode()), (b"content-type", b"application/json"))
    path = f"/preview/retail-media/accounts/{ACCOUNT}/audiences/estimate-size"
    return ENGINE.handle(Request("POST", path, "", headers, nested(levels, member)))


@pytest.mark.parametrize("member", ["and", "or", "not"])
def test_an_algebra_may_be_32_nodes_deep(member: str) -> None:
    alone, complement = (orjson.loads(deep(levels, "not").body)["data"]["attributes"]["size"] for levels in (1, 2))
    found = deep(32, member).json()["data"]["attributes"]["size"]
    assert found == (complement if member == "not" else alone)


@pytest.mark.parametrize("levels", [33, 100, 300, 500, 1020, 5000, 100_000])
@pytest.mark.parametrize("member", ["and", "or", "not"])
def test_a_deeper_algebra_is_refused_whatever_its_depth(levels: int, member: str) -> None:
    answer = deep(levels, member)
    assert answer.status == 400
    assert answer.json()["errors"][0]["type"] == "validation"
    if levels == 33:
        assert answer.json()["errors"][0]["title"] == "An algebra is at most 32 nodes deep"


@pytest.mark.parametrize("levels", [33, 500, 5000])
def test_a_bulk_with_an_algebra_too_deep_keeps_nothing_of_it(levels: int) -> None:
    client = Client(ENGINE.fork(), version="preview")
    client.search()
    tree = b'{"not":' * (levels - 1) + b'{"audienceSegmentId":"%s"}' % LIST.encode() + b"}" * (levels - 1)
    body = b'{"data":[{"attributes":{"name":"Deep","retailerId":"12","algebra":%s}}]}' % tree
    headers = ((b"authorization", f"Bearer {client.token}".encode()), (b"content-type", b"application/json"))
    path = f"/preview/retail-media/accounts/{ACCOUNT}/audiences/create"
    answer = client.engine.handle(Request("POST", path, "", headers, body))
    assert answer.status in (200, 400)
    assert len(answer.json()["errors"]) == 1
    assert not answer.json().get("data")
