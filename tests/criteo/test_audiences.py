"""Audiences: found by id, by retailer, by the segments they are made of, and by any combination."""

from collections.abc import Iterator
from typing import Any

import pytest
from conftest import ACCOUNT, Client, codes

A, B = "258216562069631686", "920472839472539402"
SEGMENT_OF_A, SEGMENT_OF_B = "56159923678901880", "225702933721195672"


def search(client: Client, **filters: Any) -> list[dict[str, Any]]:
    answer = client.ask("POST", "/{account}/audiences/search?limit=500", {"data": {"type": "Audience", "attributes": filters}})
    assert (answer.status, answer.json()["errors"], answer.json()["warnings"]) == (200, [], [])
    assert answer.json()["meta"]["totalItems"] == len(answer.json()["data"])
    return list(answer.json()["data"])


def ids(found: list[dict[str, Any]]) -> set[str]:
    return {each["id"] for each in found}


def segments(algebra: dict[str, Any]) -> Iterator[str]:
    """The segments an algebra mentions, read off the answer."""
    if "audienceSegmentId" in algebra:
        yield algebra["audienceSegmentId"]
    for node in (*algebra.get("and", ()), *algebra.get("or", ()), *([algebra["not"]] if "not" in algebra else ())):
        yield from segments(node)


def test_the_documents_sample_is_in_the_demo_world(client: Client) -> None:
    assert search(client, audienceIds=[A]) == [
        {
            "attributes": {
                "name": "My audience A",
                "description": None,
                "createdAt": "2024-01-12T11:46:13.770Z",
                "updatedAt": "2024-02-12T11:46:13.770Z",
                "accountId": ACCOUNT,
                "retailerId": "12",
                "algebra": {"audienceSegmentId": SEGMENT_OF_A},
                "createdById": "j.doe",
                "channels": ["Onsite", "Offsite"],
            },
            "id": A,
            "type": "RetailMediaAudience",
        }
    ]


def test_the_type_is_the_same_under_every_reading_of_segments(client: Client) -> None:
    world = client.engine.world
    world.readings = world.readings.changed({"segment-resource-type": "RetailMediaAudienceSegment"})
    assert search(client, audienceIds=[A])[0]["type"] == "RetailMediaAudience"


def test_an_audience_is_found_by_any_of_several_ids(client: Client) -> None:
    assert ids(search(client, audienceIds=[B, A, A, "1"])) == {A, B}


def test_ids_may_come_as_numbers(client: Client) -> None:
    assert ids(search(client, audienceIds=[int(A)], retailerIds=[12], audienceSegmentIds=[int(SEGMENT_OF_A)])) == {A}


def test_an_audience_is_found_by_its_retailer(client: Client) -> None:
    here, there = search(client, retailerIds=["12"]), search(client, retailerIds=["1234"])
    assert {each["attributes"]["retailerId"] for each in here} == {"12"}
    assert {each["attributes"]["retailerId"] for each in there} == {"1234"}
    assert ids(here) | ids(there) == ids(search(client)) == ids(search(client, retailerIds=["12", "1234", "99"]))
    assert (len(here), len(there)) == (400, 12)


def test_an_audience_is_found_by_each_segment_its_algebra_mentions(client: Client) -> None:
    everything = search(client)
    mentioned = {each["id"]: set(segments(each["attributes"]["algebra"])) for each in everything}
    for segment in sorted(set().union(*mentioned.values()))[:20]:
        assert ids(search(client, audienceSegmentIds=[segment])) == {id for id, used in mentioned.items() if segment in used}


def test_a_segment_is_found_below_and_or_and_not(client: Client) -> None:
    nested = next(each for each in search(client) if "not" in str(each["attributes"]["algebra"]))
    for segment in segments(nested["attributes"]["algebra"]):
        assert nested["id"] in ids(search(client, audienceSegmentIds=[segment]))


def test_several_segments_are_ored(client: Client) -> None:
    both = ids(search(client, audienceSegmentIds=[SEGMENT_OF_A, SEGMENT_OF_B]))
    assert both == ids(search(client, audienceSegmentIds=[SEGMENT_OF_A])) | ids(
        search(client, audienceSegmentIds=[SEGMENT_OF_B])
    )
    assert {A, B} <= both


def test_filters_are_anded(client: Client) -> None:
    assert ids(search(client, audienceIds=[A, B], audienceSegmentIds=[SEGMENT_OF_A])) == {A}
    assert ids(search(client, audienceIds=[A, B], retailerIds=["1234"])) == set()
    assert ids(search(client, audienceIds=[B], audienceSegmentIds=[SEGMENT_OF_A])) == set()
    assert ids(search(client, audienceIds=[B], audienceSegmentIds=[SEGMENT_OF_B], retailerIds=["12"])) == {B}
    assert ids(search(client, retailerIds=["1234"], audienceSegmentIds=[SEGMENT_OF_A])) == set()


def test_several_filters_page_like_one(client: Client) -> None:
    body = {"data": {"attributes": {"audienceIds": [B, A], "retailerIds": ["12"]}}}
    first = client.ask("POST", "/{account}/audiences/search?limit=1", body).json()
    second = client.ask("POST", "/{account}/audiences/search?limit=1&offset=1", body).json()
    assert [each["id"] for each in first["data"] + second["data"]] == [A, B]
    assert first["meta"]["totalItems"] == second["meta"]["totalItems"] == 2


@pytest.mark.parametrize("filters", [{"audienceIds": None}, {"retailerIds": []}, {"audienceSegmentIds": []}, {"unknown": 5}])
def test_null_empty_and_unknown_filters_are_none(client: Client, filters: dict[str, Any]) -> None:
    assert len(search(client, **filters)) == len(search(client))


@pytest.mark.parametrize("body", [{}, {"data": {}}, {"data": {"attributes": None}}])
def test_a_search_may_say_nothing(client: Client, body: dict[str, Any]) -> None:
    assert client.ask("POST", "/{account}/audiences/search", body).json()["meta"]["totalItems"] == 412


@pytest.mark.parametrize("name", ["audienceIds", "audienceSegmentIds", "retailerIds"])
def test_what_is_not_there_does_not_match_and_is_no_problem(client: Client, name: str) -> None:
    for value in ("1", "abc", "-1", 10**19, "99"):
        assert search(client, **{name: [value]}) == []


@pytest.mark.parametrize("filters", [{"audienceIds": "1"}, {"retailerIds": [None]}, {"audienceSegmentIds": [True]}])
def test_a_filter_of_the_wrong_type_is_refused(client: Client, filters: dict[str, Any]) -> None:
    answer = client.ask("POST", "/{account}/audiences/search", {"data": {"attributes": filters}})
    assert (answer.status, codes(answer, "errors")) == (400, ["invalid"])


def test_an_account_sees_only_its_own_audiences(client: Client) -> None:
    stranger = Client(client.engine, client_id="stranger-client", client_secret="stranger-secret")
    path = "/accounts/625702934721171999/audiences/search"
    theirs = stranger.ask("POST", path, {}).json()
    assert theirs["meta"]["totalItems"] == 2
    assert ids(theirs["data"]).isdisjoint(ids(search(client)))
    assert search(client, audienceIds=[each["id"] for each in theirs["data"]]) == []
    used = next(segments(theirs["data"][0]["attributes"]["algebra"]))
    assert search(client, audienceSegmentIds=[used]) == []
