"""Audiences created, changed and deleted in bulk: each item on its own, what is refused listed in `errors`."""

from typing import Any

import pytest
from conftest import ACCOUNT, TODAY, Client, codes

from mockserver.message import Response

A, B = "258216562069631686", "920472839472539402"
LIST, READ_ONLY, EVENTS = "225702933721171456", "56159923678901880", "225702933721195672"
LEAF = {"audienceSegmentId": LIST}
TREE = {"and": [{"or": [LEAF, {"audienceSegmentId": EVENTS}]}, {"not": {"audienceSegmentId": READ_ONLY}}]}
SOUND = {"name": "An audience", "retailerId": "12", "algebra": LEAF}
NOW = TODAY.replace("Z", ".000Z")
ONE_MEMBER = "An algebra node has exactly one of audienceSegmentId, and, or, not"


@pytest.fixture
def preview(client: Client) -> Client:
    client.version = "preview"
    return client


def create(client: Client, *attributes: dict[str, Any]) -> Response:
    return client.ask("POST", "/{account}/audiences/create", {"data": [{"attributes": each} for each in attributes]})


def update(client: Client, *items: dict[str, Any]) -> Response:
    return client.ask("PATCH", "/{account}/audiences", {"data": list(items)})


def delete(client: Client, *ids: Any) -> Response:
    return client.ask("POST", "/{account}/audiences/delete", {"data": [{"id": id} for id in ids]})


def found(client: Client, **filters: Any) -> list[dict[str, Any]]:
    answer = client.ask("POST", "/{account}/audiences/search?limit=500", {"data": {"attributes": filters}})
    return list(answer.json()["data"])


def made(client: Client, **attributes: Any) -> str:
    return str(create(client, SOUND | attributes).json()["data"][0]["id"])


def problems(answer: Response) -> list[tuple[str, dict[str, str]]]:
    assert answer.status == 200
    assert answer.json()["warnings"] == []
    return [(problem["code"], problem["source"]) for problem in answer.json()["errors"]]


@pytest.mark.parametrize("version", ["preview", "experimental"])
def test_what_is_created_comes_back_whole_and_is_found(client: Client, version: str) -> None:
    client.version = version
    answer = create(client, SOUND | {"algebra": TREE, "description": "Said of it"})
    assert (answer.status, answer.json()["errors"], answer.json()["warnings"]) == (200, [], [])
    [audience] = answer.json()["data"]
    assert audience["type"] == "RetailMediaAudience"
    assert int(audience["id"]) > max(int(A), int(B))
    assert audience["attributes"] == {
        "name": "An audience",
        "description": "Said of it",
        "createdAt": NOW,
        "updatedAt": NOW,
        "accountId": ACCOUNT,
        "retailerId": "12",
        "algebra": TREE,
        "createdById": None,
        "channels": ["Onsite", "Offsite"],
    }
    assert found(client, audienceIds=[audience["id"]]) == [audience]
    assert audience in found(client, audienceSegmentIds=[EVENTS])


@pytest.mark.parametrize("version", ["2026-01", "2026-07", "2027-01"])
def test_stable_versions_only_search_audiences(client: Client, version: str) -> None:
    client.version = version
    answers = [create(client, SOUND), update(client, {"id": A}), delete(client, A)]
    assert [answer.status for answer in answers] == [404] * 3
    assert found(client, audienceIds=[A])


def test_a_reader_changes_nothing(preview: Client) -> None:
    reader = Client(preview.engine, "preview", "reader-client", "reader-secret")
    assert [answer.status for answer in (create(reader, SOUND), update(reader, {"id": A}), delete(reader, A))] == [403] * 3


def test_sound_items_are_kept_and_each_other_is_told_of(preview: Client) -> None:
    answer = create(
        preview, SOUND, SOUND, SOUND | {"name": " "}, SOUND | {"name": "Another", "retailerId": 1234, "algebra": LEAF}
    )
    assert [each["attributes"]["name"] for each in answer.json()["data"]] == ["An audience"]
    assert problems(answer) == [
        ("name-must-be-unique", {"name": "data/1/attributes/name"}),
        ("name-must-not-be-empty", {"name": "data/2/attributes/name"}),
        ("segment-not-found", {"audienceSegmentId": "data/3/attributes/algebra/audienceSegmentId"}),
    ]
    assert answer.json()["errors"][0]["title"] == "Audience name must be unique"
    assert answer.json()["errors"][0]["detail"] == "Another Audience exists with the name: An audience"


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"name": ""}, ["name-must-not-be-empty"]),
        ({"name": "x" * 257}, ["invalid"]),
        ({"name": "My audience A"}, ["name-must-be-unique"]),
        ({"description": "x" * 501}, ["invalid"]),
        ({"retailerId": "77"}, ["retailer-not-found", "segment-not-found"]),
        ({"algebra": {"audienceSegmentId": "1"}}, ["segment-not-found"]),
        ({"algebra": {"audienceSegmentId": ""}}, ["segment-not-found"]),
        (
            {"algebra": {"and": [LEAF, {"audienceSegmentId": "1"}, {"not": {"audienceSegmentId": 2}}]}},
            ["segment-not-found"] * 2,
        ),
        ({"name": "", "description": "x" * 501, "algebra": {}}, ["name-must-not-be-empty", "invalid", "invalid"]),
    ],
)
def test_everything_wrong_with_an_item_is_told(preview: Client, wrong: dict[str, Any], expected: list[str]) -> None:
    answer = create(preview, SOUND | wrong)
    assert [code for code, _ in problems(answer)] == expected
    assert answer.json()["data"] == []


def test_as_long_as_they_may_be(preview: Client) -> None:
    assert create(preview, SOUND | {"name": "x" * 256, "description": "x" * 500}).json()["errors"] == []


@pytest.mark.parametrize(
    ("algebra", "place"),
    [
        ({}, ""),
        ({"and": [LEAF], "or": [LEAF]}, ""),
        ({"audienceSegmentId": LIST, "not": LEAF}, ""),
        ({"and": None, "or": None}, ""),
        ({"not": {}}, "/not"),
        ({"or": [LEAF, {"not": {"and": [{}]}}]}, "/or/1/not/and/0"),
    ],
)
def test_a_node_has_exactly_one_member(preview: Client, algebra: dict[str, Any], place: str) -> None:
    answer = create(preview, SOUND | {"algebra": algebra})
    [(code, source)] = problems(answer)
    assert (code, answer.json()["errors"][0]["title"]) == ("invalid", ONE_MEMBER)
    assert list(source.values()) == [f"data/0/attributes/algebra{place}"]


@pytest.mark.parametrize("member", ["and", "or"])
def test_a_list_of_nodes_has_one_at_least(preview: Client, member: str) -> None:
    assert problems(create(preview, SOUND | {"algebra": {"not": {member: []}}})) == [
        ("invalid", {member: f"data/0/attributes/algebra/not/{member}"})
    ]
    assert create(preview, SOUND | {"algebra": {member: [LEAF]}}).json()["data"][0]["attributes"]["algebra"] == {member: [LEAF]}


def test_members_that_are_null_are_as_good_as_absent(preview: Client) -> None:
    said = {"audienceSegmentId": None, "and": [{"audienceSegmentId": int(LIST), "not": None}], "or": None, "not": None}
    assert create(preview, SOUND | {"algebra": said}).json()["data"][0]["attributes"]["algebra"] == {"and": [LEAF]}


@pytest.mark.parametrize(
    "wrong", [{"algebra": None}, {"name": None}, {"name": 1}, {"algebra": []}, {"algebra": {"and": [None]}}]
)
def test_what_breaks_the_schema_refuses_the_whole_call(preview: Client, wrong: dict[str, Any]) -> None:
    answer = create(preview, SOUND, SOUND | {"name": "Another"} | wrong)
    assert answer.status == 400
    assert found(preview, audienceSegmentIds=[LIST]) == [
        each for each in found(preview, audienceSegmentIds=[LIST]) if each["attributes"]["name"] != "An audience"
    ]


def test_a_segment_id_with_zeros_before_it_is_kept_as_the_id(preview: Client) -> None:
    answer = create(preview, SOUND | {"algebra": {"audienceSegmentId": READ_ONLY.zfill(19)}})
    assert answer.status == 200
    assert [each["attributes"]["algebra"] for each in answer.json()["data"]] == [{"audienceSegmentId": READ_ONLY}]


def test_an_update_changes_what_it_names(preview: Client) -> None:
    id = made(preview, description="Old")
    preview.engine.world.clock.advance(60)
    [changed] = update(preview, {"id": int(id), "attributes": {"name": "New"}}).json()["data"]
    attributes = changed["attributes"]
    assert (attributes["name"], attributes["description"], attributes["algebra"]) == ("New", "Old", LEAF)
    assert (attributes["createdAt"], attributes["updatedAt"]) == (NOW, "2026-11-22T10:01:00.000Z")
    assert found(preview, audienceIds=[id]) == [changed]
    assert create(preview, SOUND).json()["errors"] == []  # its old name is free again


def test_an_update_replaces_the_algebra_and_what_is_searched_by_it(preview: Client) -> None:
    id = made(preview)
    [changed] = update(preview, {"id": id, "attributes": {"algebra": {"not": {"audienceSegmentId": EVENTS}}}}).json()["data"]
    assert changed in found(preview, audienceSegmentIds=[EVENTS])
    assert changed not in found(preview, audienceSegmentIds=[LIST])


@pytest.mark.parametrize(
    ("said", "left"),
    [({"value": "New"}, "New"), ({"value": None}, None), ({}, None), (None, "Old")],
)
def test_a_description_can_be_emptied(preview: Client, said: Any, left: str | None) -> None:
    id = made(preview, description="Old")
    [changed] = update(preview, {"id": id, "attributes": {"description": said}}).json()["data"]
    assert changed["attributes"]["description"] == left


def test_an_update_may_keep_its_own_name_but_not_take_anothers(preview: Client) -> None:
    assert update(preview, {"id": A, "attributes": {"name": "My audience A"}}).json()["errors"] == []
    answer = update(preview, {"id": A, "attributes": {"name": "My audience B"}}, {"id": B, "attributes": {"name": "Renamed"}})
    assert problems(answer) == [("name-must-be-unique", {"name": "data/0/attributes/name"})]
    assert [each["attributes"]["name"] for each in answer.json()["data"]] == ["Renamed"]
    assert found(preview, audienceIds=[A])[0]["attributes"]["name"] == "My audience A"


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"name": " "}, ["name-must-not-be-empty"]),
        ({"name": "x" * 257, "description": {"value": "x" * 501}}, ["invalid", "invalid"]),
        ({"algebra": {"audienceSegmentId": "1"}}, ["segment-not-found"]),
        ({"algebra": {}}, ["invalid"]),
    ],
)
def test_an_update_is_held_to_the_same_rules(preview: Client, wrong: dict[str, Any], expected: list[str]) -> None:
    before = found(preview, audienceIds=[A])
    assert [code for code, _ in problems(update(preview, {"id": A, "attributes": wrong}))] == expected
    assert found(preview, audienceIds=[A]) == before


@pytest.mark.parametrize("attributes", [{}, None, {"retailerId": "1234"}])
def test_an_update_that_names_nothing_changes_nothing_but_its_time(preview: Client, attributes: Any) -> None:
    [before] = found(preview, audienceIds=[A])
    [after] = update(preview, {"id": A, "attributes": attributes}).json()["data"]
    assert after["attributes"] == before["attributes"] | {"updatedAt": NOW}


def test_deleting_answers_with_the_ids_and_once_only(preview: Client) -> None:
    answer = delete(preview, A, "1", A, int(B))
    assert answer.json()["data"] == [{"id": id, "type": "RetailMediaAudience"} for id in (A, B)]
    assert problems(answer) == [("audience-not-found", {"id": "data/1/id"}), ("audience-not-found", {"id": "data/2/id"})]
    assert found(preview, audienceIds=[A, B]) == []
    assert len(preview.search(audienceSegmentIds=[READ_ONLY, EVENTS]).json()["data"]) == 2
    assert problems(update(preview, {"id": A})) == [("audience-not-found", {"id": "data/0/id"})]


def test_an_audience_of_another_account_is_not_there(preview: Client) -> None:
    world = preview.engine.world.parts["criteo"]
    foreign = next(str(each.id) for each in world.audiences if each.account_id != ACCOUNT)
    assert (
        codes(delete(preview, foreign), "errors") == codes(update(preview, {"id": foreign}), "errors") == ["audience-not-found"]
    )
    assert world.audiences.get(int(foreign)) is not None


def test_nothing_asked_is_nothing_done(preview: Client) -> None:
    for answer in (create(preview), update(preview), delete(preview)):
        assert (answer.status, answer.json()) == (200, {"data": [], "errors": [], "warnings": []})
