"""Worlds founded from files: what the demo world holds, what is made up for it, and what cannot be founded."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ACCOUNT, DEMO, EMPTY, Client, engine_of

from mockserver.mistake import Mistake
from mockserver.world_files import read_world

SEGMENT: dict[str, Any] = {
    "id": "7",
    "account": ACCOUNT,
    "retailer": "12",
    "name": "A list",
    "contact_list": {"identifier_type": "Email"},
}
AUDIENCE: dict[str, Any] = {
    "id": "9",
    "account": ACCOUNT,
    "retailer": "12",
    "name": "An audience",
    "algebra": {"audienceSegmentId": "7"},
}
GENERATING = {"id": "12", "name": "Northwind Market", "match_rate": 0.3, "generate": {"segments": 40, "audiences": 30}}
SILENT_OTHER = EMPTY["criteo"]["retailers"][1]


def world(**criteo: Any) -> dict[str, Any]:
    """The empty world with some of it said otherwise."""
    return {"criteo": {**EMPTY["criteo"], **criteo}}


def everything(client: Client, noun: str) -> list[dict[str, Any]]:
    return list(client.ask("POST", f"/{{account}}/{noun}/search?limit=500", {}).json()["data"])


def total(client: Client, noun: str, retailer: str) -> int:
    body = {"data": {"attributes": {"retailerIds": [retailer]}}}
    return int(client.ask("POST", f"/{{account}}/{noun}/search", body).json()["meta"]["totalItems"])


def test_the_demo_world_has_enough_to_page_through(client: Client) -> None:
    assert (total(client, "audience-segments", "12"), total(client, "audiences", "12")) == (400, 400)
    assert total(client, "audience-segments", "1234") > 0


@pytest.mark.parametrize("noun", ["audience-segments", "audiences"])
def test_a_seed_gives_the_same_world_every_time_and_another_seed_another(noun: str) -> None:
    said = world(retailers=[GENERATING, SILENT_OTHER])
    one, again, other = (everything(Client(engine_of(said, seed=seed)), noun) for seed in (0, 0, 1))
    assert one == again
    assert {each["id"] for each in one}.isdisjoint(each["id"] for each in other)


def test_made_up_segments_keep_the_rules_of_created_ones(client: Client) -> None:
    segments = [each["attributes"] for each in everything(client, "audience-segments")]
    assert len({segment["name"] for segment in segments}) == len(segments)
    for segment in segments:
        assert segment["createdAt"] <= segment["updatedAt"] < "2026"
        events = segment.get("events")
        if events:
            assert events["categoryIds"] or events["brandIds"]
            assert events["minPrice"] is None or events["maxPrice"] is None or events["minPrice"] <= events["maxPrice"]


def test_made_up_audiences_use_segments_that_are_there(client: Client) -> None:
    known = {each["id"] for each in everything(client, "audience-segments")}
    for audience in everything(client, "audiences"):
        pending = [audience["attributes"]["algebra"]]
        while pending:
            node = pending.pop()
            assert len(node) == 1
            assert node.get("audienceSegmentId") in {*known, None}
            pending += [*node.get("and", ()), *node.get("or", ()), *([node["not"]] if "not" in node else ())]


def test_made_up_lists_match_by_the_retailers_rate() -> None:
    client = Client(engine_of(world(segments=[{**SEGMENT, "identifiers": 5000}], retailers=[GENERATING, SILENT_OTHER])))
    figures = client.statistics("7").json()["data"]["attributes"]
    assert figures["numberOfIdentifiers"] == 5000
    assert abs(figures["matchRate"] - 0.3) < 0.05


@pytest.mark.parametrize(("identifiers", "matches"), [(10, 0), (10, 3), (10, 10), (0, 0), (2000, 1)])
def test_a_list_has_exactly_the_matches_it_is_said_to_have(identifiers: int, matches: int) -> None:
    client = Client(engine_of(world(segments=[{**SEGMENT, "identifiers": identifiers, "matches": matches}])))
    figures = client.statistics("7").json()["data"]["attributes"]
    assert (figures["numberOfIdentifiers"], figures["numberOfMatches"]) == (identifiers, matches)


@pytest.mark.parametrize(("rate", "identifiers", "matches"), [(0, 10, 1), (1, 10, 9), (0.5, 10, 11)])
def test_matches_that_cannot_be_are_a_mistake(rate: float, identifiers: int, matches: int) -> None:
    retailers = [{**SILENT_OTHER, "id": "12", "match_rate": rate}, SILENT_OTHER]
    with pytest.raises(Mistake, match="segment 7 cannot have"):
        engine_of(world(retailers=retailers, segments=[{**SEGMENT, "identifiers": identifiers, "matches": matches}]))


def test_what_is_created_comes_after_what_was_founded() -> None:
    client = Client(engine_of(world(segments=[{**SEGMENT, "id": "800000000000000000"}])))
    assert int(client.create_list("Later")) > 800000000000000000


def test_what_the_file_does_not_say_has_a_default() -> None:
    client = Client(engine_of(world(segments=[SEGMENT], audiences=[AUDIENCE])))
    for noun in ("audience-segments", "audiences"):
        shown = everything(client, noun)[0]["attributes"]
        assert (shown["description"], shown["createdById"], shown["channels"]) == (None, None, ["Onsite", "Offsite"])
        assert shown["createdAt"] == shown["updatedAt"]


LEADING_NOWHERE = [
    ({"accounts": [{"id": ACCOUNT, "name": "A", "retailers": ["13"]}]}, "unknown retailer of account .* '13'"),
    (
        {"applications": [{**EMPTY["criteo"]["applications"][0], "accounts": ["625702934721171443"]}]},
        "unknown account of application demo-client '625702934721171443'; did you mean",
    ),
    ({"segments": [{**SEGMENT, "account": "1"}]}, "unknown account of segment 7 '1'"),
    ({"segments": [{**SEGMENT, "retailer": "13"}]}, "unknown retailer of segment 7 '13'"),
    ({"segments": [SEGMENT], "audiences": [{**AUDIENCE, "account": "1"}]}, "unknown account of audience 9 '1'"),
    ({"audiences": [AUDIENCE]}, "audience 9 uses the segment 7, which is not there"),
    (
        {"segments": [SEGMENT], "audiences": [{**AUDIENCE, "algebra": {"not": {"or": [{"audienceSegmentId": "8"}]}}}]},
        "audience 9 uses the segment 8",
    ),
    ({"segments": [{**SEGMENT, "created_at": "2024-99-99T00:00:00Z"}]}, "2024-99-99"),
]


@pytest.mark.parametrize(("said", "told"), LEADING_NOWHERE)
def test_a_reference_that_leads_nowhere_is_a_mistake(said: dict[str, Any], told: str) -> None:
    with pytest.raises(Mistake, match=told):
        engine_of(world(**said))


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"segments": [SEGMENT, {**SEGMENT, "name": "Another"}]}, "two segments have the id 7"),
        ({"segments": [SEGMENT, {**SEGMENT, "id": "8"}]}, "two segments of account .* have the name 'A list'"),
        ({"segments": [SEGMENT], "audiences": [AUDIENCE, {**AUDIENCE, "name": "B"}]}, "two audiences have the id 9"),
    ],
)
def test_what_is_there_twice_is_a_mistake(said: dict[str, Any], told: str) -> None:
    with pytest.raises(Mistake, match=told):
        engine_of(world(**said))


@pytest.mark.parametrize("part", ["retailers", "accounts", "applications"])
def test_retailers_accounts_and_applications_are_there_once_too(part: str) -> None:
    there = EMPTY["criteo"][part]
    with pytest.raises(Mistake):
        engine_of(world(**{part: [*there, there[0]]}))


@pytest.mark.parametrize("audiences", [[{**AUDIENCE, "retailer": "13"}], [AUDIENCE, {**AUDIENCE, "id": "10"}]])
def test_an_audience_has_a_retailer_of_its_account_and_a_name_of_its_own(audiences: list[Mapping[str, Any]]) -> None:
    with pytest.raises(Mistake):
        engine_of(world(segments=[SEGMENT], audiences=audiences))


def test_an_id_of_more_than_64_bits_is_a_mistake(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(yaml.safe_dump(world(segments=[{**SEGMENT, "id": "9" * 19}])))
    with pytest.raises(Mistake):
        read_world(file)


def test_the_worlds_of_ours_keep_the_schema_of_world_files(tmp_path: Path) -> None:
    for said in (DEMO, EMPTY, world(segments=[SEGMENT], audiences=[AUDIENCE])):
        file = tmp_path / "mine.yaml"
        file.write_text(yaml.safe_dump(said))
        assert read_world(file) == said
