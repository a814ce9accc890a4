"""Pages of a search: `offset` and `limit` in, `meta` out, by ascending id; the same for segments and audiences."""

from typing import Any

import pytest
from conftest import EMPTY, Client, codes, engine_of

from mockserver.message import Response

BOTH = pytest.mark.parametrize("noun", ["audience-segments", "audiences"])
NOTHING = {"meta": {"totalItems": 0, "limit": 50, "offset": 0}, "data": [], "errors": [], "warnings": []}


def page(client: Client, noun: str, query: str = "", **filters: Any) -> Response:
    return client.ask("POST", f"/{{account}}/{noun}/search{query}", {"data": {"attributes": filters}})


def ids(response: Response) -> list[int]:
    return [int(each["id"]) for each in response.json()["data"]]


def everything(client: Client, noun: str, limit: int) -> list[int]:
    """Every id, read page by page as a client does: on while there is more than has been read."""
    found: list[int] = []
    total = 1
    while total > len(found):
        answer = page(client, noun, f"?limit={limit}&offset={len(found)}")
        total = answer.json()["meta"]["totalItems"]
        found += ids(answer)
    return found


@BOTH
def test_a_page_holds_fifty_unless_told_otherwise(client: Client, noun: str) -> None:
    answer = page(client, noun)
    assert len(answer.json()["data"]) == 50
    assert answer.json()["meta"] == {"totalItems": answer.json()["meta"]["totalItems"], "limit": 50, "offset": 0}


@BOTH
def test_a_reading_makes_it_500(client: Client, noun: str) -> None:
    world = client.engine.world
    world.readings = world.readings.changed({"default-page-size": "500"})
    answer = page(client, noun)
    assert answer.json()["meta"]["limit"] == 500
    assert len(answer.json()["data"]) == answer.json()["meta"]["totalItems"] > 400
    assert len(page(client, noun, "?limit=50").json()["data"]) == 50


@BOTH
def test_nothing_is_found_in_an_empty_world(empty: Client, noun: str) -> None:
    assert page(empty, noun).json() == NOTHING


@BOTH
@pytest.mark.parametrize("limit", [1, 77, 100, 500])
def test_pages_add_up_to_everything_once_by_ascending_number(client: Client, noun: str, limit: int) -> None:
    found = everything(client, noun, limit)
    assert len(found) == page(client, noun).json()["meta"]["totalItems"]
    assert found == sorted(set(found))


def test_ids_are_compared_as_numbers(client: Client) -> None:
    found = ids(page(client, "audience-segments", "?limit=500"))
    assert found[0] == 56159923678901880
    assert found != sorted(found, key=str)


@BOTH
def test_the_meta_echoes_limit_and_offset_and_counts_before_paging(client: Client, noun: str) -> None:
    total = page(client, noun).json()["meta"]["totalItems"]
    assert page(client, noun, "?limit=7&offset=3").json()["meta"] == {"totalItems": total, "limit": 7, "offset": 3}
    assert ids(page(client, noun, "?limit=7&offset=3")) == ids(page(client, noun))[3:10]


@BOTH
def test_the_last_page_holds_what_is_left(client: Client, noun: str) -> None:
    total = page(client, noun).json()["meta"]["totalItems"]
    assert len(page(client, noun, f"?limit=50&offset={total - 3}").json()["data"]) == 3


@BOTH
@pytest.mark.parametrize("beyond", [0, 1, 10**6])
def test_an_offset_beyond_the_end_is_an_empty_page_with_the_same_total(client: Client, noun: str, beyond: int) -> None:
    total = page(client, noun).json()["meta"]["totalItems"]
    answer = page(client, noun, f"?offset={total + beyond}")
    assert answer.status == 200
    assert answer.json() == {**NOTHING, "meta": {"totalItems": total, "limit": 50, "offset": total + beyond}}


@BOTH
def test_a_limit_of_nothing_counts_all_the_same(client: Client, noun: str) -> None:
    total = page(client, noun).json()["meta"]["totalItems"]
    answer = page(client, noun, "?limit=0")
    assert (answer.status, answer.json()) == (200, {**NOTHING, "meta": {"totalItems": total, "limit": 0, "offset": 0}})


@BOTH
@pytest.mark.parametrize(
    "value", ["501", "-1", "x", "", "1.5", "1e2", "2147483648", "9" * 30, "true", " 5", "5%20", "0x10", "%D9%A5"]
)
def test_a_limit_out_of_bounds_is_refused(client: Client, noun: str, value: str) -> None:
    answer = page(client, noun, f"?limit={value}")
    problem = answer.json()["errors"][0]
    assert (answer.status, problem["type"], problem["code"]) == (400, "validation", "invalid")
    assert problem["source"] == {"limit": "limit"}


@BOTH
@pytest.mark.parametrize("value", ["-1", "x", "", "1.5", "2147483648", "9" * 30])
def test_an_offset_out_of_bounds_is_refused(client: Client, noun: str, value: str) -> None:
    answer = page(client, noun, f"?offset={value}")
    assert answer.status == 400
    assert answer.json()["errors"][0]["source"] == {"offset": "offset"}


@BOTH
def test_the_bounds_themselves_are_allowed(client: Client, noun: str) -> None:
    for query in ("?limit=500", "?limit=0", "?offset=0", "?offset=2147483647", "?limit=%2B5", "?limit=007"):
        assert page(client, noun, query).status == 200


@BOTH
def test_a_wrong_limit_and_a_wrong_offset_and_a_wrong_filter_are_all_told(client: Client, noun: str) -> None:
    answer = page(client, noun, "?offset=-1&limit=501", retailerIds=5)
    told = [problem["source"] for problem in answer.json()["errors"]]
    assert sorted(told, key=str) == [
        {"limit": "limit"},
        {"offset": "offset"},
        {"retailerIds": "data/attributes/retailerIds"},
    ]


@BOTH
@pytest.mark.parametrize("query", ["?limit=5&limit=5", "?limit=5&limit=6", "?offset=0&offset="])
def test_a_parameter_given_twice_is_refused(client: Client, noun: str, query: str) -> None:
    answer = page(client, noun, query)
    assert (answer.status, codes(answer, "errors")) == (400, ["invalid"])


@BOTH
def test_other_query_parameters_are_ignored(client: Client, noun: str) -> None:
    answer = page(client, noun, "?limit=3&page=9&Limit=700&x")
    assert len(answer.json()["data"]) == 3


def test_what_is_created_while_paging_comes_after_what_was_read(client: Client) -> None:
    before = everything(client, "audience-segments", 100)
    made = [int(client.create_list(f"New {number}")) for number in range(3)]
    assert everything(client, "audience-segments", 100) == before + made


def test_what_is_deleted_is_gone_from_every_page(client: Client) -> None:
    before = everything(client, "audience-segments", 100)
    client.delete(*before[10:20])
    assert everything(client, "audience-segments", 100) == before[:10] + before[20:]


@BOTH
def test_pages_of_two_retailers_are_merged_by_id(client: Client, noun: str) -> None:
    apart = [ids(page(client, noun, "?limit=500", retailerIds=[retailer])) for retailer in ("12", "1234")]
    together = page(client, noun, "?limit=500", retailerIds=["12", "1234"])
    assert ids(together) == sorted(apart[0] + apart[1])
    half = page(client, noun, "?limit=30&offset=395", retailerIds=["12", "1234"])
    assert ids(half) == ids(together)[395:425]


def test_a_reading_omits_empty_problem_lists() -> None:
    client = Client(engine_of(EMPTY, readings={"empty-problem-lists": "omitted"}))
    for noun in ("audience-segments", "audiences"):
        assert page(client, noun).json() == {"meta": NOTHING["meta"], "data": []}
