"""Audience segments: what can be created, deleted and found, and how they are shown."""

from typing import Any

import pytest
from conftest import ACCOUNT, EMPTY, TODAY, Client, codes, engine_of

from mockserver.providers.criteo import CRITEO

NOW = TODAY.replace("Z", ".000Z")
LIST: dict[str, Any] = {"name": "A list", "retailerId": "12", "contactList": {"identifierType": "Email"}}
BUYERS: dict[str, Any] = {"shopperActivity": "Buy", "lookbackDays": "Last30Days", "categoryIds": ["1042"]}
EVENTS: dict[str, Any] = {"name": "Buyers", "retailerId": "12", "events": BUYERS}
IDENTIFIER_TYPES = ["Email", "UserIdentifier", "IdentityLink", "CustomerId", "PhoneNumber"]
ACTIVITIES = ["View", "Buy", "AddToCart"]
LOOKBACKS = [f"Last{days}Days" for days in (7, 14, 30, 45, 60, 90, 120, 150, 180)]


def made(client: Client, **attributes: Any) -> dict[str, Any]:
    """The one segment that a creation gives back."""
    answer = client.create(attributes).json()
    assert (answer["errors"], answer["warnings"]) == ([], [])
    return dict(answer["data"][0])


def found(client: Client, id: str) -> dict[str, Any]:
    return dict(client.search(audienceSegmentIds=[id]).json()["data"][0])


def names(client: Client) -> list[str]:
    return [each["attributes"]["name"] for each in client.search().json()["data"]]


def test_a_created_contact_list_shows_every_attribute(empty: Client) -> None:
    segment = made(empty, **LIST, description="For a test")
    assert segment["id"].isdigit()
    assert segment == {
        "id": segment["id"],
        "type": "AudienceSegment",
        "attributes": {
            "name": "A list",
            "description": "For a test",
            "type": "ContactList",
            "accountId": ACCOUNT,
            "retailerId": "12",
            "createdAt": NOW,
            "updatedAt": NOW,
            "createdById": None,
            "channels": ["Onsite", "Offsite"],
            "contactList": {"identifierType": "Email", "isReadOnly": False, "sharingStatus": "NotShared"},
        },
    }


def test_a_created_events_segment_shows_every_attribute(empty: Client) -> None:
    segment = made(empty, **EVENTS)["attributes"]
    assert (segment["type"], segment["description"]) == ("Events", None)
    assert "contactList" not in segment
    assert segment["events"] == {**BUYERS, "brandIds": [], "minPrice": None, "maxPrice": None}


def test_what_is_created_is_found_the_same(empty: Client) -> None:
    for segment in empty.create(LIST, EVENTS).json()["data"]:
        assert found(empty, segment["id"]) == segment


@pytest.mark.parametrize("identifier_type", IDENTIFIER_TYPES)
def test_a_contact_list_is_of_any_of_five_types(empty: Client, identifier_type: str) -> None:
    segment = made(empty, **{**LIST, "contactList": {"identifierType": identifier_type}})
    assert segment["attributes"]["contactList"]["identifierType"] == identifier_type


@pytest.mark.parametrize("identifier_type", ["Gum", "Unknown", "", "Phone", 5, None])
def test_a_contact_list_is_of_no_other_type(empty: Client, identifier_type: Any) -> None:
    answer = empty.create({**LIST, "contactList": {"identifierType": identifier_type}})
    assert (answer.status, codes(answer, "errors")) == (400, ["invalid"])


@pytest.mark.parametrize("activity", ACTIVITIES)
@pytest.mark.parametrize("lookback", LOOKBACKS)
def test_events_are_of_three_activities_and_nine_windows(empty: Client, activity: str, lookback: str) -> None:
    events = made(empty, **{**EVENTS, "events": {**BUYERS, "shopperActivity": activity, "lookbackDays": lookback}})
    assert events["attributes"]["events"]["shopperActivity"] == activity
    assert events["attributes"]["events"]["lookbackDays"] == lookback


@pytest.mark.parametrize("wrong", [{"shopperActivity": "Sell"}, {"lookbackDays": "Last8Days"}, {"lookbackDays": 30}])
def test_events_are_of_no_other_activity_or_window(empty: Client, wrong: dict[str, Any]) -> None:
    answer = empty.create({**EVENTS, "events": {**BUYERS, **wrong}})
    assert (answer.status, codes(answer, "errors")) == (400, ["invalid"])


def test_events_scope_by_category_by_brand_or_by_both(empty: Client) -> None:
    for number, scope in enumerate(({"brandIds": ["7"]}, {"categoryIds": ["1"]}, {"categoryIds": ["2", "1"], "brandIds": [7]})):
        events = {"shopperActivity": "View", "lookbackDays": "Last7Days", **scope}
        shown = made(empty, **{**EVENTS, "name": str(number), "events": events})["attributes"]["events"]
        assert shown["categoryIds"] == scope.get("categoryIds", [])
        assert shown["brandIds"] == (["7"] if "brandIds" in scope else [])


def test_category_and_brand_ids_are_unique(empty: Client) -> None:
    for scope in ("categoryIds", "brandIds"):
        answer = empty.create({**EVENTS, "events": {**BUYERS, scope: ["1", "1"]}})
        assert (answer.status, codes(answer, "errors")) == (400, ["invalid"])


@pytest.mark.parametrize("prices", [(5, 10), (5.5, 5.5), (None, 3), (3, None), (0, 0.01)])
def test_prices_are_numbers_and_may_be_open(empty: Client, prices: tuple[float | None, float | None]) -> None:
    events = made(empty, **{**EVENTS, "events": {**BUYERS, "minPrice": prices[0], "maxPrice": prices[1]}})["attributes"][
        "events"
    ]
    assert (events["minPrice"], events["maxPrice"]) == prices


def test_null_is_as_good_as_absent(empty: Client) -> None:
    segment = made(empty, **LIST, description=None, events=None)["attributes"]
    assert (segment["type"], segment["description"]) == ("ContactList", None)


def test_ids_may_come_as_numbers(empty: Client) -> None:
    id = made(empty, **{**LIST, "retailerId": 12})["id"]
    assert found(empty, id)["attributes"]["retailerId"] == "12"
    assert empty.search(audienceSegmentIds=[int(id)], retailerIds=[12]).json()["meta"]["totalItems"] == 1
    assert empty.update({"id": int(id), "attributes": {"name": "New"}}).json()["data"][0]["id"] == id
    assert empty.delete(int(id)).json()["data"] == [{"id": id, "type": "AudienceSegment"}]


@pytest.mark.parametrize("kind", [None, "AudienceSegment", "Audience Segment", "anything"])
def test_the_type_of_a_request_is_not_looked_at(empty: Client, kind: str | None) -> None:
    item = {"type": kind, "identifierType": "AudienceSegment", "attributes": LIST}
    answer = empty.ask("POST", "/{account}/audience-segments/create", {"data": [item]})
    assert answer.json()["data"][0]["type"] == "AudienceSegment"


def test_members_that_nobody_can_set_are_ignored(empty: Client) -> None:
    own = {
        "id": "1",
        "accountId": "1",
        "createdAt": "2001-01-01T00:00:00Z",
        "createdById": "me",
        "channels": [],
        "type": "Events",
    }
    segment = made(empty, **LIST, **own)
    assert segment["id"] != "1"
    assert segment["attributes"] == {
        **made(empty, **{**LIST, "name": "Another"})["attributes"],
        "name": "A list",
    }


def test_client_credentials_create_for_nobody_and_a_consent_for_its_user(empty: Client) -> None:
    world, callback = empty.engine.world, "https://client.example/callback"
    assert made(empty, **LIST)["attributes"]["createdById"] is None
    said = {"client_id": "demo-client", "redirect_uri": callback, "user": "j.doe"}
    code = CRITEO.controls["authorization-codes"](world, world.parts["criteo"], said)["code"]
    empty.token = empty.login(grant_type="authorization_code", code=code, redirect_uri=callback).json()["access_token"]
    id = made(empty, **EVENTS)["id"]
    assert found(empty, id)["attributes"]["createdById"] == "j.doe"


def test_a_later_segment_has_a_higher_id_even_after_a_deletion(client: Client) -> None:
    first = client.create_list("One")
    client.delete(first)
    assert int(client.create_list("Two")) > int(first)


def test_an_empty_request_changes_nothing_and_is_none_the_worse(empty: Client) -> None:
    nothing = {"data": [], "errors": [], "warnings": []}
    for method, path in (("POST", "/create"), ("PATCH", ""), ("POST", "/delete")):
        for body in ({}, {"data": []}):
            answer = empty.ask(method, f"/{{account}}/audience-segments{path}", body)
            assert (answer.status, answer.json()) == (200, nothing)


@pytest.mark.parametrize(
    ("version", "member"),
    [
        ("2026-01", "warnings"),
        ("2026-07", "warnings"),
        ("2027-01", "warnings"),
        ("preview", "errors"),
        ("experimental", "errors"),
    ],
)
def test_refused_items_are_warnings_in_dated_versions_and_errors_in_the_others(
    empty: Client, version: str, member: str
) -> None:
    client = Client(empty.engine, version=version)
    other = {"warnings": "errors", "errors": "warnings"}[member]
    for answer in (client.create({**LIST, "name": ""}), client.update({"id": "1"}), client.delete("1")):
        assert len(answer.json()[member]) == 1
        assert answer.json()[other] == []


@pytest.mark.parametrize("member", ["warnings", "errors"])
@pytest.mark.parametrize("version", ["2026-07", "preview"])
def test_a_reading_says_where_refused_items_are(member: str, version: str) -> None:
    client = Client(engine_of(EMPTY, readings={"failed-items-in": member}), version=version)
    assert codes(client.delete("1"), member) == ["segment-not-found"]


def test_a_reading_omits_problem_lists_that_are_empty() -> None:
    client = Client(engine_of(EMPTY, readings={"empty-problem-lists": "omitted"}))
    assert list(client.create(LIST).json()) == ["data"]
    assert list(client.delete("1").json()) == ["data", "warnings"]


def test_a_reading_gives_segments_their_canonical_type() -> None:
    client = Client(engine_of(EMPTY, readings={"segment-resource-type": "RetailMediaAudienceSegment"}))
    segment = made(client, **LIST)
    assert segment["type"] == found(client, segment["id"])["type"] == "RetailMediaAudienceSegment"
    assert client.delete(segment["id"]).json()["data"][0]["type"] == "RetailMediaAudienceSegment"


def test_a_deleted_segment_is_gone(empty: Client) -> None:
    id, kept = empty.create_list("Gone"), empty.create_list("Kept")
    answer = empty.delete(id)
    assert answer.json() == {"data": [{"id": id, "type": "AudienceSegment"}], "errors": [], "warnings": []}
    assert names(empty) == ["Kept"]
    assert codes(empty.delete(id)) == codes(empty.update({"id": id})) == ["segment-not-found"]
    assert empty.statistics(id).status == 403
    assert found(empty, kept)


def test_of_a_deletion_the_known_ids_are_gone_and_the_others_are_told(empty: Client) -> None:
    id = empty.create_list("Gone")
    answer = empty.delete("1", id, id, "abc", -5, 10**19)
    assert [each["id"] for each in answer.json()["data"]] == [id]
    assert codes(answer) == ["segment-not-found"] * 5


def test_a_segment_that_an_audience_uses_can_be_deleted(client: Client) -> None:
    used = "225702933721195672"
    before = client.ask("POST", "/{account}/audiences/search", {"data": {"attributes": {"audienceSegmentIds": [used]}}})
    assert client.delete(used).json()["data"]
    after = client.ask("POST", "/{account}/audiences/search", {"data": {"attributes": {"audienceSegmentIds": [used]}}})
    assert after.json() == before.json()
    assert before.json()["meta"]["totalItems"] > 0


def test_the_documents_sample_is_in_the_demo_world(client: Client) -> None:
    assert found(client, "225702933721171456")["attributes"] == {
        "name": "Segment Name",
        "description": "Segment Description",
        "type": "ContactList",
        "accountId": ACCOUNT,
        "retailerId": "12",
        "createdAt": "2024-01-23T09:33:40.822Z",
        "updatedAt": "2024-01-23T09:33:40.822Z",
        "createdById": "j.doe",
        "channels": ["Onsite", "Offsite"],
        "contactList": {"identifierType": "Email", "isReadOnly": False, "sharingStatus": "NotShared"},
    }


def total(client: Client, **filters: Any) -> int:
    return int(client.search("?limit=0", **filters).json()["meta"]["totalItems"])


def test_filters_are_ored_inside_and_anded_between(client: Client) -> None:
    lists, events = "225702933721171456", "225702933721195672"
    assert total(client, audienceSegmentIds=[lists, events]) == 2
    assert total(client, audienceSegmentIds=[lists, events], audienceSegmentTypes=["Events"]) == 1
    assert total(client, audienceSegmentIds=[lists, events], audienceSegmentTypes=["Events"], retailerIds=["1234"]) == 0
    assert total(client, retailerIds=["12"]) + total(client, retailerIds=["1234"]) == total(client)
    assert total(client, retailerIds=["12", "1234"]) == total(client, retailerIds=["12", "12", "1234", "99"]) == total(client)
    kinds = [total(client, audienceSegmentTypes=[kind], retailerIds=["12"]) for kind in ("ContactList", "Events")]
    assert sum(kinds) == total(client, retailerIds=["12"])
    assert min(kinds) > 0


def test_what_a_filter_finds_is_what_it_says(client: Client) -> None:
    for segment in client.search("?limit=500", retailerIds=["1234"], audienceSegmentTypes=["Events"]).json()["data"]:
        assert segment["attributes"]["retailerId"] == "1234"
        assert segment["attributes"]["type"] == "Events"


@pytest.mark.parametrize("filters", [{"audienceSegmentIds": []}, {"retailerIds": None}, {"audienceSegmentTypes": []}])
def test_null_and_empty_filters_are_none(client: Client, filters: dict[str, Any]) -> None:
    assert total(client, **filters) == total(client)


@pytest.mark.parametrize("body", [{}, {"data": {}}, {"data": {"attributes": {}}}, {"data": {"type": "x", "attributes": None}}])
def test_a_search_may_say_nothing(client: Client, body: dict[str, Any]) -> None:
    answer = client.ask("POST", "/{account}/audience-segments/search", body)
    assert answer.json()["meta"]["totalItems"] == total(client)


@pytest.mark.parametrize(
    "filters", [{"audienceSegmentIds": ["1", "abc", "-1"]}, {"retailerIds": ["77"]}, {"audienceSegmentTypes": ["Unknown"]}]
)
def test_what_is_not_there_does_not_match_and_is_no_problem(client: Client, filters: dict[str, Any]) -> None:
    answer = client.search(**filters)
    assert answer.json() == {
        "meta": {"totalItems": 0, "limit": 50, "offset": 0},
        "data": [],
        "errors": [],
        "warnings": [],
    }


@pytest.mark.parametrize(
    "filters", [{"audienceSegmentTypes": ["Audience"]}, {"retailerIds": "12"}, {"audienceSegmentIds": [None]}]
)
def test_a_filter_of_the_wrong_type_is_refused(client: Client, filters: dict[str, Any]) -> None:
    assert client.search(**filters).status == 400
