"""The rules a segment is held to: each met alone, several at once, and what a bulk request makes of it."""

from typing import Any

import pytest
from conftest import EMPTY, Client, codes, engine_of

LIST: dict[str, Any] = {"name": "A list", "retailerId": "12", "contactList": {"identifierType": "Email"}}
BUYERS: dict[str, Any] = {"shopperActivity": "Buy", "lookbackDays": "Last30Days", "categoryIds": ["1042"]}
EVENTS: dict[str, Any] = {"name": "Buyers", "retailerId": "12", "events": BUYERS}


def names(client: Client) -> list[str]:
    return [each["attributes"]["name"] for each in client.search().json()["data"]]


SCOPELESS = {"shopperActivity": "Buy", "lookbackDays": "Last7Days"}
RULES: list[tuple[dict[str, Any], str, str, str]] = [
    ({**LIST, "name": ""}, "name-must-not-be-empty", "Segment name property must not be empty", "name"),
    ({**LIST, "name": " \t"}, "name-must-not-be-empty", "Segment name property must not be empty", "name"),
    ({**LIST, "name": "Taken"}, "name-must-be-unique", "Segment name must be unique", "name"),
    ({**LIST, "name": "n" * 257}, "invalid", "Segment name must not be longer than 256 characters", "name"),
    (
        {**LIST, "description": "d" * 501},
        "invalid",
        "Segment description must not be longer than 500 characters",
        "description",
    ),
    ({**LIST, "retailerId": "99"}, "retailer-not-found", "Retailer is not found", "retailerId"),
    ({**LIST, "retailerId": "77"}, "retailer-not-found", "Retailer is not found", "retailerId"),
    ({"name": "N", "retailerId": "12"}, "required-field", "One of contactList and events is required", "contactList"),
    ({**LIST, "events": BUYERS}, "invalid", "Only one of contactList and events can be given", "events"),
    ({**LIST, "contactList": {}}, "required-field", "identifierType is required", "contactList/identifierType"),
    (
        {**EVENTS, "events": SCOPELESS},
        "required-field",
        "At least one of categoryIds and brandIds is required",
        "events/categoryIds",
    ),
    (
        {**EVENTS, "events": {**SCOPELESS, "categoryIds": [], "brandIds": None}},
        "required-field",
        "At least one of categoryIds and brandIds is required",
        "events/categoryIds",
    ),
    (
        {**EVENTS, "events": {**BUYERS, "minPrice": 5.01, "maxPrice": 5}},
        "invalid-range",
        "minPrice must not be greater than maxPrice",
        "events/minPrice",
    ),
]


@pytest.mark.parametrize(("attributes", "code", "title", "place"), RULES)
def test_a_rule_that_is_broken_is_told_and_the_others_are_kept(
    client: Client, attributes: dict[str, Any], code: str, title: str, place: str
) -> None:
    client.create_list("Taken")
    answer = client.create({**LIST, "name": "Before"}, attributes, {**LIST, "name": "After"})
    pointer = f"data/1/attributes/{place}"
    assert answer.status == 200
    assert [each["attributes"]["name"] for each in answer.json()["data"]] == ["Before", "After"]
    assert answer.json()["errors"] == []
    assert [(each["type"], each["code"], each["title"], each["source"]) for each in answer.json()["warnings"]] == [
        ("validation", code, title, {place.rpartition("/")[2]: pointer})
    ]


def test_an_item_is_told_every_rule_it_breaks(empty: Client) -> None:
    events = {**SCOPELESS, "minPrice": 2, "maxPrice": 1}
    answer = empty.create({"name": " ", "retailerId": "0", "description": "d" * 501, "events": events})
    assert sorted(codes(answer)) == sorted(
        ["name-must-not-be-empty", "retailer-not-found", "invalid", "required-field", "invalid-range"]
    )
    assert answer.json()["data"] == []


def test_a_request_is_200_even_if_every_item_failed(empty: Client) -> None:
    answer = empty.create({**LIST, "name": ""}, {**LIST, "retailerId": "99"}, {"name": "x", "retailerId": "12"})
    assert (answer.status, answer.json()["data"]) == (200, [])
    assert [next(iter(each["source"].values())).split("/")[1] for each in answer.json()["warnings"]] == ["0", "1", "2"]
    assert names(empty) == []


def test_the_longest_name_and_description_are_allowed(empty: Client) -> None:
    answer = empty.create({**LIST, "name": "é" * 256, "description": "d" * 500})
    assert codes(answer) == []
    assert names(empty) == ["é" * 256]


def test_a_taken_name_is_named(empty: Client) -> None:
    empty.create_list("ABCD")
    answer = empty.create({**LIST, "name": "ABCD"})
    assert answer.json()["warnings"][0]["detail"] == "Another Segment exists with the name: ABCD"


def test_of_two_with_one_name_in_a_request_the_first_is_kept(empty: Client) -> None:
    answer = empty.create(LIST, {**EVENTS, "name": LIST["name"]})
    assert [each["attributes"]["type"] for each in answer.json()["data"]] == ["ContactList"]
    assert codes(answer) == ["name-must-be-unique"]


def test_a_name_is_unique_in_its_account_whatever_the_retailer(empty: Client) -> None:
    empty.create_list("One", retailer="12")
    assert codes(empty.create({**LIST, "name": "One", "retailerId": "1234"})) == ["name-must-be-unique"]


def test_another_account_may_use_the_name(client: Client) -> None:
    client.create_list("Shared")
    stranger = Client(client.engine, client_id="stranger-client", client_secret="stranger-secret")
    body = {"data": [{"attributes": {**LIST, "name": "Shared", "retailerId": "77"}}]}
    answer = stranger.ask("POST", "/accounts/625702934721171999/audience-segments/create", body)
    assert len(answer.json()["data"]) == 1


def test_the_name_of_a_deleted_segment_is_free(empty: Client) -> None:
    empty.delete(empty.create_list("One"))
    assert empty.create_list("One")


def test_names_that_differ_in_case_are_two_unless_a_reading_says_otherwise(empty: Client) -> None:
    empty.create_list("Coffee")
    assert codes(empty.create({**LIST, "name": "COFFEE"})) == []
    client = Client(engine_of(EMPTY, readings={"segment-name-comparison": "ignoring-case"}))
    id = client.create_list("Straße")
    assert codes(client.create({**LIST, "name": "STRASSE"})) == ["name-must-be-unique"]
    assert codes(client.update({"id": id, "attributes": {"name": "STRASSE"}})) == []


def test_events_segments_are_refused_where_a_reading_says_so() -> None:
    client = Client(engine_of(EMPTY, readings={"events-segments": "refused"}))
    answer = client.create(EVENTS, LIST)
    assert answer.json()["warnings"][0]["title"] == "Only contact list segments can be created and updated"
    assert [each["attributes"]["type"] for each in answer.json()["data"]] == ["ContactList"]
