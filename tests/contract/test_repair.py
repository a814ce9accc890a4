"""A document made to keep its schema: it does afterwards, and whatever was right about it is still there."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from conftest import engine_of
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from laws.patience import PATIENT

from mockserver.contract.repair import repaired, sample
from mockserver.contract.schema import Schema
from mockserver.testing.bodies import bodies, nearly_valid_bodies

DEMO = engine_of()
OPERATIONS = {
    each.id: each
    for provider in DEMO.providers.values()
    for each in DEMO.contract(provider).operations
    if each.body is not None
}
PARAMETERS = {
    f"{each.id} {parameter.name}": parameter.schema
    for provider in DEMO.providers.values()
    for each in DEMO.contract(provider).operations
    for parameter in each.parameters
    if each.id != "retrieveCampaignStats"  # whose moments follow a pattern, which nothing knows an example of
}
Place = tuple[str | int, ...]
each_operation = pytest.mark.parametrize("operation", OPERATIONS)
LITTLE = settings(PATIENT, max_examples=30)

numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
leaves = st.none() | st.booleans() | numbers | numbers.map(str) | st.text(st.characters(categories=["L", "P", "Z"]), max_size=8)
junk: SearchStrategy[Any] = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3), max_leaves=6
)


def body_schema(operation: str) -> Schema:
    schema = OPERATIONS[operation].body
    assert schema is not None
    return schema


def valid(operation: str) -> SearchStrategy[Any]:
    return bodies(operation, version=OPERATIONS[operation].version, engine=DEMO)


def places(node: Any, at: Place = ()) -> Iterator[Place]:
    yield at
    for step, inner in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from places(inner, (*at, step))


def spoilt(node: Any, at: Place, value: Any) -> Any:
    """A copy with another value at a place."""
    if not at:
        return value
    if isinstance(node, dict):
        return {**node, at[0]: spoilt(node[at[0]], at[1:], value)}
    return [spoilt(each, at[1:], value) if number == at[0] else each for number, each in enumerate(node)]


def drawn_place(data: st.DataObject, body: Any) -> Place:
    """Somewhere in a body."""
    return data.draw(st.sampled_from(list(places(body))))


@each_operation
@given(data=st.data())
@settings(LITTLE)
def test_a_valid_document_stays_as_it_is(operation: str, data: st.DataObject) -> None:
    body = data.draw(valid(operation))
    assert repaired(body_schema(operation), body) == body


@each_operation
@given(data=st.data())
@settings(LITTLE)
def test_a_document_spoilt_in_places_keeps_its_schema_again(operation: str, data: st.DataObject) -> None:
    body = data.draw(valid(operation))
    for _ in range(data.draw(st.integers(1, 3))):
        body = spoilt(body, drawn_place(data, body), data.draw(junk))
    before = deepcopy(body)
    assert body_schema(operation).accepts(repaired(body_schema(operation), body))
    assert body == before


@each_operation
@given(data=st.data())
@settings(LITTLE)
def test_a_flaw_of_the_kit_is_repaired_and_nothing_beside_it_changed(operation: str, data: st.DataObject) -> None:
    body, flaw = data.draw(nearly_valid_bodies(operation, version=OPERATIONS[operation].version, engine=DEMO))
    if flaw.pointer.rpartition("/")[0].rpartition("/")[2] in ("metrics", "dimensions"):
        return
    mended = repaired(body_schema(operation), body)
    assert body_schema(operation).accepts(mended)
    for place in places(body):
        pointer = "/".join(map(str, place))
        if not is_near(pointer, flaw.pointer):
            assert at(mended, place) == at(body, place)


def is_near(one: str, other: str) -> bool:
    """Whether a place is above another or below it, or the same."""
    return f"{one}/".startswith(f"{other}/") or f"{other}/".startswith(f"{one}/") or not one


def at(node: Any, place: Place) -> Any:
    for step in place:
        node = node[step]
    return node


@each_operation
@given(document=junk)
@settings(LITTLE)
def test_anything_at_all_is_repaired(operation: str, document: Any) -> None:
    assert body_schema(operation).accepts(repaired(body_schema(operation), document))


@pytest.mark.parametrize("name", PARAMETERS)
@given(value=leaves)
@settings(LITTLE)
def test_a_parameter_is_repaired(name: str, value: Any) -> None:
    schema = PARAMETERS[name]
    found = repaired(schema, value)
    assert schema.accepts(found)
    assert found == value or not schema.accepts(value)


@each_operation
def test_a_sample_keeps_the_schema(operation: str) -> None:
    assert body_schema(operation).accepts(sample(body_schema(operation)))


def attributes(**said: Any) -> Any:
    return {"data": {"attributes": said}}


def item(**said: Any) -> Any:
    return {"data": [{"attributes": said}]}


AMEND, CREATE, REPORT, SEARCH, TOKEN = (
    "AddRemoveContactListByAudienceSegment",
    "bulkCreateAudienceSegments",
    "getRealTimeReport",
    "searchAudienceSegments",
    "requestToken",
)
EXAMPLES: dict[str, tuple[str, Any, Any]] = {
    "a misspelt value": (AMEND, attributes(operation="ad", identifiers=[]), attributes(operation="add", identifiers=[])),
    "a value in another case": (
        AMEND,
        attributes(operation="REMOVE", identifiers=["a"]),
        attributes(operation="remove", identifiers=["a"]),
    ),
    "a missing list": (AMEND, attributes(operation="add"), attributes(operation="add", identifiers=[])),
    "a text for a list": (
        AMEND,
        attributes(operation="add", identifiers="a"),
        attributes(operation="add", identifiers=["a"]),
    ),
    "a number for a text": (
        AMEND,
        attributes(operation="add", identifiers=["a", 5]),
        attributes(operation="add", identifiers=["a", "5"]),
    ),
    "a list too long": (
        AMEND,
        attributes(operation="add", identifiers=["a"] * 50_001),
        attributes(operation="add", identifiers=["a"] * 50_000),
    ),
    "a missing name": (CREATE, item(retailerId="12"), item(retailerId="12", name="A name")),
    "a null name": (CREATE, item(retailerId="12", name=None), item(retailerId="12", name="A name")),
    "a misspelt look-back": (
        CREATE,
        item(retailerId="12", name="N", events={"shopperActivity": "view", "lookbackDays": "Last7days"}),
        item(retailerId="12", name="N", events={"shopperActivity": "View", "lookbackDays": "Last7Days"}),
    ),
    "a look-back too long": (
        REPORT,
        {"data": {"type": "x", "attributes": {"advertiserIds": ["1"], "lookbackWindow": 48}}},
        {"data": {"type": "x", "attributes": {"advertiserIds": ["1"], "lookbackWindow": 24}}},
    ),
    "a number as text": (
        REPORT,
        {"data": {"type": "x", "attributes": {"advertiserIds": ["1"], "lookbackWindow": "6"}}},
        {"data": {"type": "x", "attributes": {"advertiserIds": ["1"], "lookbackWindow": 6}}},
    ),
    "an id for a list": (SEARCH, attributes(retailerIds="12"), attributes(retailerIds=["12"])),
    "a name for a number": (TOKEN, {"grant_type": 5}, {"grant_type": "5"}),
}


@pytest.mark.parametrize(("operation", "document", "expected"), EXAMPLES.values(), ids=EXAMPLES)
def test_what_is_nearest(operation: str, document: Any, expected: Any) -> None:
    assert repaired(body_schema(operation), document) == expected


@pytest.mark.parametrize("many", [1, 10, 20])
def test_many_items_are_repaired_one_by_one(many: int) -> None:
    items = [{"attributes": {"name": f"List {number}"}} for number in range(many)]
    found = repaired(body_schema(CREATE), {"data": items})
    assert body_schema(CREATE).accepts(found)
    assert [each["attributes"]["name"] for each in found["data"]] == [f"List {number}" for number in range(many)]
