"""Contact lists: identifiers added, removed, cleared and counted."""

from typing import Any

import pytest
from conftest import EMPTY, TODAY, Client, codes, engine_of

from mockserver.message import Response

SAMPLE = "225702933721171456"
READ_ONLY = "56159923678901880"
BY_EVENTS = "225702933721195672"
NOW = TODAY.replace("Z", ".000Z")


def people(count: int, start: int = 0) -> list[str]:
    return [f"person{number}@example.com" for number in range(start, start + count)]


def counted(response: Response) -> tuple[int, int, list[str]]:
    """Valid, invalid and a sample of the invalid, as an add-remove answer tells."""
    data = response.json()["data"]
    return data["nbValidIdentifiers"], data["nbInvalidIdentifiers"], data["sampleInvalidIdentifiers"]


def figures(client: Client, segment: str) -> dict[str, Any]:
    return dict(client.statistics(segment).json()["data"]["attributes"])


def held(client: Client, segment: str) -> int:
    return int(figures(client, segment)["numberOfIdentifiers"])


def matched(client: Client, segment: str) -> int:
    return int(figures(client, segment)["numberOfMatches"])


def under(**readings: str) -> Client:
    """A client of an empty world under the readings given, `-` written as `_`."""
    return Client(engine_of(EMPTY, readings={name.replace("_", "-"): value for name, value in readings.items()}))


def test_adding_answers_flat_and_nested_at_once(empty: Client) -> None:
    segment = empty.create_list("A list")
    members = {
        "contactListId": int(segment),
        "operation": "add",
        "requestDate": NOW,
        "identifierType": "Email",
        "nbValidIdentifiers": 3,
        "nbInvalidIdentifiers": 1,
        "sampleInvalidIdentifiers": ["nobody"],
    }
    assert empty.amend(segment, "add", [*people(3), "nobody"]).json() == {
        "type": "AddRemoveContactlistResult",
        "data": {**members, "type": "AddRemoveContactlistResult", "attributes": members},
        "errors": [],
        "warnings": [],
    }


def test_a_reading_answers_flat_only() -> None:
    client = under(add_remove_shape="flat")
    answer = client.amend(client.create_list("A list"), "remove", []).json()
    assert list(answer) == ["type", "data", "errors", "warnings"]
    assert answer["data"]["operation"] == "remove"
    assert "attributes" not in answer["data"]
    assert "type" not in answer["data"]


def test_a_reading_answers_nested_only() -> None:
    client = under(add_remove_shape="nested")
    answer = client.amend(client.create_list("A list"), "remove", []).json()
    assert list(answer) == ["data", "errors", "warnings"]
    assert list(answer["data"]) == ["type", "attributes"]
    assert answer["data"]["attributes"]["operation"] == "remove"


def test_a_reading_writes_the_request_date_in_ticks() -> None:
    client = under(request_date="ticks")
    answer = client.amend(client.create_list("A list"), "add", [])
    assert answer.json()["data"]["requestDate"] == "2026-11-22T10:00:00.0000000+00:00"


def test_an_amendment_always_lists_its_problems_even_where_empty_lists_are_omitted() -> None:
    client = under(empty_problem_lists="omitted")
    segment = client.create_list("A list")
    answer = client.amend(segment, "add", []).json()
    assert (answer["errors"], answer["warnings"]) == ([], [])
    assert list(client.clear(segment).json()) == list(client.statistics(segment).json()) == ["data"]


def test_the_contact_list_id_is_the_segments_as_a_number(client: Client) -> None:
    assert client.amend(SAMPLE, "add", []).json()["data"]["contactListId"] == int(SAMPLE)


def test_a_list_is_a_set(empty: Client) -> None:
    segment = empty.create_list("A list")
    empty.amend(segment, "add", people(5))
    empty.amend(segment, "add", people(5, start=3))
    assert held(empty, segment) == 8
    empty.amend(segment, "remove", people(5, start=6))
    assert held(empty, segment) == 6
    empty.amend(segment, "remove", people(100))
    assert (held(empty, segment), matched(empty, segment)) == (0, 0)


def test_fifty_thousand_identifiers_pass_at_once(empty: Client) -> None:
    segment = empty.create_list("A list")
    assert counted(empty.amend(segment, "add", people(50_000))) == (50_000, 0, [])
    assert held(empty, segment) == 50_000


def test_one_more_is_refused_whole(empty: Client) -> None:
    segment = empty.create_list("A list")
    answer = empty.amend(segment, "add", people(50_001))
    problem = answer.json()["errors"][0]
    assert (answer.status, problem["type"], problem["code"]) == (400, "validation", "invalid")
    assert problem["source"] == {"identifiers": "data/attributes/identifiers"}
    assert held(empty, segment) == 0


def test_a_refusal_does_not_repeat_all_that_it_refuses(empty: Client) -> None:
    answer = empty.amend(empty.create_list("A list"), "add", people(50_001))
    assert len(answer.body) < 2000


def test_a_cleared_list_is_empty_and_its_segment_stays(client: Client) -> None:
    answer = client.clear(SAMPLE)
    assert (answer.status, answer.json()) == (
        200,
        {"data": {"type": "ContactListAudienceSegment", "id": SAMPLE}, "errors": [], "warnings": []},
    )
    assert figures(client, SAMPLE) == {"numberOfIdentifiers": 0, "numberOfMatches": 0, "matchRate": 0}
    assert client.search(audienceSegmentIds=[SAMPLE]).json()["meta"]["totalItems"] == 1


def test_an_empty_list_can_be_cleared_and_filled_again(empty: Client) -> None:
    segment = empty.create_list("A list")
    assert [empty.clear(segment).status for _ in range(2)] == [200, 200]
    empty.amend(segment, "add", people(2))
    assert held(empty, segment) == 2


@pytest.mark.parametrize("headers", [{}, {"content-type": "application/json", "content-length": "0"}])
def test_clearing_asks_for_no_body(client: Client, headers: dict[str, str]) -> None:
    client.search()
    said = {"authorization": f"Bearer {client.token}", **headers}
    path = f"/audience-segments/{SAMPLE}/contact-list/clear"
    assert client.ask("POST", path, headers=said).status == 200
    assert client.ask("POST", path, json={"data": 5}, headers=said).status == 200


def test_a_reading_clears_without_a_word() -> None:
    client = under(contact_list_clear="204")
    segment = client.create_list("A list")
    client.amend(segment, "add", people(3))
    answer = client.clear(segment)
    assert (answer.status, answer.body) == (204, b"")
    assert held(client, segment) == 0


def test_the_figures_of_the_documents_sample_are_its_own(client: Client) -> None:
    assert client.statistics(SAMPLE).json() == {
        "data": {
            "id": SAMPLE,
            "type": "AudienceSegment",
            "attributes": {"numberOfIdentifiers": 10000, "numberOfMatches": 5000, "matchRate": 0.5},
        },
        "errors": [],
        "warnings": [],
    }


def test_a_new_list_has_zeros(empty: Client) -> None:
    assert figures(empty, empty.create_list("A list")) == {"numberOfIdentifiers": 0, "numberOfMatches": 0, "matchRate": 0}


def test_the_match_rate_is_a_fraction_or_by_a_reading_a_percentage(client: Client) -> None:
    world = client.engine.world
    world.readings = world.readings.changed({"match-rate": "percentage"})
    assert figures(client, SAMPLE)["matchRate"] == 50


def test_a_reading_gives_statistics_their_canonical_type(client: Client) -> None:
    world = client.engine.world
    world.readings = world.readings.changed({"statistics-resource-type": "ContactListStatistics"})
    assert client.statistics(SAMPLE).json()["data"]["type"] == "ContactListStatistics"


def test_an_identifier_matches_the_same_whenever_it_is_added(empty: Client) -> None:
    one, other = empty.create_list("One"), empty.create_list("Other")
    empty.amend(one, "add", people(400))
    for start in range(0, 400, 100):
        empty.amend(other, "add", people(100, start=300 - start))
    assert matched(empty, one) == matched(empty, other)
    empty.amend(one, "remove", people(200))
    empty.amend(other, "remove", people(200))
    assert figures(empty, one) == figures(empty, other)


def test_matches_follow_the_retailers_rate(empty: Client) -> None:
    for retailer, rate in (("12", 0.5), ("1234", 0.62)):
        segment = empty.create_list(retailer, retailer=retailer)
        empty.amend(segment, "add", people(2000))
        assert abs(figures(empty, segment)["matchRate"] - rate) < 0.05


@pytest.mark.parametrize("rate", [0, 1])
def test_a_retailer_may_know_nobody_or_everybody(rate: int) -> None:
    retailers = [{"id": "12", "name": "All or nothing", "match_rate": rate}, EMPTY["criteo"]["retailers"][1]]
    client = Client(engine_of({"criteo": {**EMPTY["criteo"], "retailers": retailers}}))
    segment = client.create_list("A list")
    client.amend(segment, "add", people(100))
    assert figures(client, segment) == {"numberOfIdentifiers": 100, "numberOfMatches": 100 * rate, "matchRate": rate}


def test_statistics_show_at_once_what_was_added(empty: Client) -> None:
    segment = empty.create_list("A list")
    empty.amend(segment, "add", people(3))
    assert held(empty, segment) == 3


def test_a_reading_shows_five_hours_after_noon_and_midnight_what_was_added_before() -> None:
    client = under(statistics_computed="on-schedule")  # the clock stands at 10:00
    clock, segment = client.engine.world.clock, client.create_list("A list")
    seen = []
    client.amend(segment, "add", people(3))
    for hours in (0, 2.5, 4.499, 0.001, 0, 11.999, 0.001):  # 10:00, 12:30, just before 17:00, 17:00, 17:00, before 05:00, 05:00
        clock.advance(hours * 3600)
        client.token = None
        seen.append(held(client, segment))
        if hours == 2.5:
            client.amend(segment, "add", people(2, start=3))
    assert seen == [0, 0, 0, 3, 3, 3, 5]


def test_that_reading_shows_a_cleared_list_until_the_next_computation() -> None:
    client = under(statistics_computed="on-schedule")
    clock, segment = client.engine.world.clock, client.create_list("A list")
    client.amend(segment, "add", people(3))
    clock.advance(12 * 3600)
    client.token = None
    client.clear(segment)
    assert held(client, segment) == 3
    clock.advance(12 * 3600)
    client.token = None
    assert held(client, segment) == 0


def test_adding_leaves_updated_at_alone(empty: Client) -> None:
    segment = empty.create_list("A list")
    empty.engine.world.clock.advance(60)
    empty.amend(segment, "add", people(1))
    assert empty.search().json()["data"][0]["attributes"]["updatedAt"] == NOW


def test_a_segment_by_events_has_no_contact_list(client: Client) -> None:
    for answer in (client.statistics(BY_EVENTS), client.amend(BY_EVENTS, "add", []), client.clear(BY_EVENTS)):
        problem = answer.json()["errors"][0]
        assert (answer.status, problem["type"], problem["code"]) == (400, "validation", "invalid")


def test_a_read_only_list_can_be_looked_at_and_not_changed(client: Client) -> None:
    shown = client.search(audienceSegmentIds=[READ_ONLY]).json()["data"][0]["attributes"]["contactList"]
    assert shown == {"identifierType": "CustomerId", "isReadOnly": True, "sharingStatus": "SharedWithDemandAccounts"}
    for answer in (client.amend(READ_ONLY, "add", ["1"]), client.amend(READ_ONLY, "remove", ["1"]), client.clear(READ_ONLY)):
        problem = answer.json()["errors"][0]
        assert (answer.status, problem["type"], problem["code"]) == (403, "access-control", "contact-list-read-only")
    assert held(client, READ_ONLY) == 1200


def test_the_segment_of_a_read_only_list_can_be_renamed_and_deleted(client: Client) -> None:
    assert client.update({"id": READ_ONLY, "attributes": {"name": "New"}}).json()["data"]
    assert client.delete(READ_ONLY).json()["data"]


@pytest.mark.parametrize("segment", ["abc", "1.5", "-1", "1" * 20, "%20", "0x1", "e"])
def test_a_segment_id_that_is_no_number_is_refused(client: Client, segment: str) -> None:
    for answer in (client.statistics(segment), client.amend(segment, "add", []), client.clear(segment)):
        assert (answer.status, codes(answer, "errors")) == (400, ["invalid"])
        assert answer.json()["errors"][0]["source"] == {"audience-segment-id": "audience-segment-id"}


def test_a_forked_world_keeps_its_own_lists(client: Client) -> None:
    client.amend(SAMPLE, "add", people(5))
    twin = Client(client.engine.fork())
    twin.amend(SAMPLE, "add", people(7, start=5))
    client.amend(SAMPLE, "remove", people(2))
    assert (held(client, SAMPLE), held(twin, SAMPLE)) == (10003, 10012)
    twin.engine.world.reset()
    assert held(twin, SAMPLE) == 10005
