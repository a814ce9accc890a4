"""Audience segments updated: what changes, what stays, and what is refused whole or by item."""

from typing import Any

import pytest
from conftest import Client, codes

LIST: dict[str, Any] = {"name": "A list", "retailerId": "12", "contactList": {"identifierType": "Email"}}
BUYERS: dict[str, Any] = {"shopperActivity": "Buy", "lookbackDays": "Last30Days", "categoryIds": ["1042"]}
EVENTS: dict[str, Any] = {"name": "Buyers", "retailerId": "12", "events": BUYERS}


def made(client: Client, **attributes: Any) -> dict[str, Any]:
    """The one segment that a creation gives back."""
    answer = client.create(attributes).json()
    assert (answer["errors"], answer["warnings"]) == ([], [])
    return dict(answer["data"][0])


def updated(client: Client, id: str, **attributes: Any) -> dict[str, Any]:
    """The attributes that an update gives back."""
    answer = client.update({"id": id, "attributes": attributes}).json()
    assert (answer["errors"], answer["warnings"]) == ([], [])
    return dict(answer["data"][0]["attributes"])


def found(client: Client, id: str) -> dict[str, Any]:
    return dict(client.search(audienceSegmentIds=[id]).json()["data"][0])


def names(client: Client) -> list[str]:
    return [each["attributes"]["name"] for each in client.search().json()["data"]]


def test_a_renamed_segment_keeps_all_else(empty: Client) -> None:
    before = made(empty, **LIST, description="Kept")
    empty.engine.world.clock.advance(61.5)
    after = updated(empty, before["id"], name="Renamed")
    assert after == {**before["attributes"], "name": "Renamed", "updatedAt": "2026-11-22T10:01:01.500Z"}
    assert found(empty, before["id"])["attributes"] == after
    assert names(empty) == ["Renamed"]


def test_a_renamed_segment_frees_its_name_and_holds_the_new_one(empty: Client) -> None:
    id = empty.create_list("Old")
    updated(empty, id, name="New")
    assert codes(empty.create({**LIST, "name": "New"})) == ["name-must-be-unique"]
    assert empty.create_list("Old")


@pytest.mark.parametrize(
    ("said", "becomes"), [({"value": "New"}, "New"), ({"value": ""}, ""), ({"value": None}, None), ({}, None), (None, "Old")]
)
def test_a_description_is_nillable(empty: Client, said: dict[str, Any] | None, becomes: str | None) -> None:
    id = made(empty, **LIST, description="Old")["id"]
    assert updated(empty, id, description=said)["description"] == becomes


@pytest.mark.parametrize("price", ["minPrice", "maxPrice"])
@pytest.mark.parametrize(("said", "becomes"), [({"value": 7.5}, 7.5), ({"value": None}, None), ({}, None), (None, 5)])
def test_prices_are_nillable(empty: Client, price: str, said: dict[str, Any] | None, becomes: float | None) -> None:
    id = made(empty, **{**EVENTS, "events": {**BUYERS, price: 5}})["id"]
    assert updated(empty, id, events={price: said})["events"][price] == becomes


def test_lists_of_events_are_replaced_and_what_is_not_named_stays(empty: Client) -> None:
    id = made(empty, **{**EVENTS, "events": {**BUYERS, "brandIds": ["1", "2"], "minPrice": 3}})["id"]
    events = updated(empty, id, events={"brandIds": ["9"], "lookbackDays": "Last7Days"})["events"]
    assert events == {**BUYERS, "lookbackDays": "Last7Days", "brandIds": ["9"], "minPrice": 3, "maxPrice": None}
    events = updated(empty, id, events={"categoryIds": [], "shopperActivity": "View"})["events"]
    assert (events["categoryIds"], events["brandIds"], events["shopperActivity"]) == ([], ["9"], "View")


@pytest.mark.parametrize("wrong", ["text", 5, ["x"], {"value": 5}])
def test_a_description_that_is_no_nillable_object_is_refused_whole(empty: Client, wrong: Any) -> None:
    id = empty.create_list("Kept")
    answer = empty.update({"id": id, "attributes": {"name": "New"}}, {"id": id, "attributes": {"description": wrong}})
    assert (answer.status, codes(answer, "errors")) == (400, ["invalid"])
    assert names(empty) == ["Kept"]


def test_retailer_kind_and_identifier_type_cannot_be_changed(empty: Client) -> None:
    before = made(empty, **LIST)
    said = {"retailerId": "1234", "type": "Events", "contactList": {"identifierType": "PhoneNumber", "isReadOnly": True}}
    assert updated(empty, before["id"], **said) == before["attributes"]


def test_a_contact_list_cannot_become_events(empty: Client) -> None:
    id = made(empty, **LIST)["id"]
    answer = empty.update({"id": id, "attributes": {"events": {"brandIds": ["1"]}, "name": "New"}})
    assert answer.json()["warnings"][0]["title"] == "A segment cannot change between contact list and events"
    assert names(empty) == [LIST["name"]]


def test_the_guides_own_update_is_taken(client: Client) -> None:
    said = {"name": "New Name", "description": {"value": "New Description"}, "contactList": {}}
    answer = client.update({"attributes": said, "id": "225702933721171456", "identifierType": "AudienceSegment"}).json()
    attributes = answer["data"][0]["attributes"]
    assert (attributes["name"], attributes["description"]) == ("New Name", "New Description")
    assert attributes["contactList"] == {"identifierType": "Email", "isReadOnly": False, "sharingStatus": "NotShared"}


UPDATE_RULES: list[tuple[dict[str, Any], list[str]]] = [
    ({"name": ""}, ["name-must-not-be-empty"]),
    ({"name": "Taken"}, ["name-must-be-unique"]),
    ({"name": "n" * 257}, ["invalid"]),
    ({"description": {"value": "d" * 501}}, ["invalid"]),
    ({"events": {"categoryIds": []}}, ["required-field"]),
    ({"events": {"minPrice": {"value": 11}}}, ["invalid-range"]),
    ({"name": " ", "description": {"value": "d" * 501}}, ["name-must-not-be-empty", "invalid"]),
]


@pytest.mark.parametrize(("attributes", "told"), UPDATE_RULES)
def test_an_update_is_held_to_the_same_rules_and_changes_nothing_if_refused(
    empty: Client, attributes: dict[str, Any], told: list[str]
) -> None:
    empty.create_list("Taken")
    before = made(empty, **{**EVENTS, "events": {**BUYERS, "maxPrice": 10}})
    empty.engine.world.clock.advance(60)
    answer = empty.update({"id": before["id"], "attributes": attributes})
    assert (answer.status, answer.json()["data"], codes(answer)) == (200, [], told)
    assert found(empty, before["id"]) == before


def test_a_segment_may_keep_its_own_name(empty: Client) -> None:
    id = empty.create_list("Mine")
    assert updated(empty, id, name="Mine")["name"] == "Mine"


@pytest.mark.parametrize("attributes", [{}, None])
def test_an_update_of_nothing_only_moves_updated_at(empty: Client, attributes: dict[str, Any] | None) -> None:
    before = made(empty, **LIST)
    empty.engine.world.clock.advance(1)
    after = empty.update({"id": before["id"], "attributes": attributes}).json()["data"][0]["attributes"]
    assert after == {**before["attributes"], "updatedAt": "2026-11-22T10:00:01.000Z"}


def test_an_unknown_segment_is_refused_and_the_others_are_updated(empty: Client) -> None:
    id = empty.create_list("Old")
    answer = empty.update({"id": "1", "attributes": {"name": "X"}}, {"id": id, "attributes": {"name": "New"}}, {"id": "abc"})
    assert [each["attributes"]["name"] for each in answer.json()["data"]] == ["New"]
    assert [(each["code"], each["title"], each["source"]) for each in answer.json()["warnings"]] == [
        ("segment-not-found", "Segment is not found", {"id": "data/0/id"}),
        ("segment-not-found", "Segment is not found", {"id": "data/2/id"}),
    ]


def test_two_updates_of_one_segment_are_made_in_order(empty: Client) -> None:
    id = empty.create_list("Old")
    answer = empty.update(
        {"id": id, "attributes": {"name": "One"}}, {"id": id, "attributes": {"description": {"value": "Two"}}}
    )
    assert [each["attributes"]["name"] for each in answer.json()["data"]] == ["One", "One"]
    assert found(empty, id)["attributes"]["description"] == "Two"


def test_that_reading_keeps_events_segments_from_being_updated_too(client: Client) -> None:
    world = client.engine.world
    world.readings = world.readings.changed({"events-segments": "refused"})
    assert codes(client.update({"id": "225702933721195672", "attributes": {"name": "New"}})) == ["invalid"]
    assert found(client, "225702933721195672")["attributes"]["name"] == "Bought coffee in the last 30 days"


def test_an_empty_contact_list_in_an_update_changes_nothing(client: Client) -> None:
    events = "225702933721195672"
    answer = client.update({"id": events, "attributes": {"contactList": {}, "events": {"maxPrice": {"value": 50}}}})
    assert answer.json()["warnings"] == []
    assert answer.json()["data"][0]["attributes"]["events"]["maxPrice"] == 50
