"""Sizes of segments and audiences, computed and estimated; and what becomes of them when a segment goes."""

from typing import Any

import pytest
from conftest import Client, engine_of

from mockserver.message import Response

A, B = "258216562069631686", "920472839472539402"
LIST, READ_ONLY, EVENTS = "225702933721171456", "56159923678901880", "225702933721195672"
VIEWERS = {"shopperActivity": "View", "lookbackDays": "Last30Days", "brandIds": ["1"]}


@pytest.fixture
def preview(client: Client) -> Client:
    client.version = "preview"
    return client


def ask(client: Client, path: str, **said: Any) -> Response:
    return client.ask(
        "POST", f"/{{account}}/{path}", {"data": {"type": "Anything", "attributes": {"channel": "Onsite"} | said}}
    )


def sizes(client: Client, kind: str, *ids: Any, **said: Any) -> dict[str, int]:
    answer = ask(client, f"{kind}/compute-sizes", ids=ids, **said)
    return {each["id"]: each["attributes"]["size"] for each in answer.json()["data"]}


def refusals(answer: Response) -> list[tuple[str, str]]:
    assert answer.status == 400
    return [(problem["code"], next(iter(problem["source"].values()))) for problem in answer.json()["errors"]]


@pytest.mark.parametrize("version", ["preview", "experimental"])
def test_each_answer_has_its_documented_shape(client: Client, version: str) -> None:
    client.version = version
    algebra = {"audienceSegmentId": LIST}
    answers = {
        "AudienceSegment": [
            ask(client, "audience-segments/compute-sizes", ids=[LIST]),
            ask(client, "audience-segments/estimate-size", retailerId="12", events=VIEWERS),
        ],
        "RetailMediaAudience": [
            ask(client, "audiences/compute-sizes", ids=[A]),
            ask(client, "audiences/estimate-size", retailerId=12, algebra=algebra),
        ],
    }
    for kind, (computed, estimated) in answers.items():
        assert (computed.status, estimated.status) == (200, 200)
        for answer in (computed, estimated):
            assert (answer.json()["errors"], answer.json()["warnings"]) == ([], [])
        assert list(computed.json()["data"][0]) == ["id", "type", "attributes"]
        assert list(estimated.json()["data"]) == ["type", "attributes"]
        for found in (computed.json()["data"][0], estimated.json()["data"]):
            assert found["type"] == kind
            assert type(found["attributes"]["size"]) is int
            assert 0 < found["attributes"]["relativeSize"] < 1


@pytest.mark.parametrize("version", ["2026-01", "2026-07", "2027-01"])
@pytest.mark.parametrize("kind", ["audience-segments", "audiences"])
def test_no_stable_version_has_sizes(client: Client, version: str, kind: str) -> None:
    client.version = version
    assert ask(client, f"{kind}/compute-sizes", ids=[]).status == 404
    assert ask(client, f"{kind}/estimate-size", retailerId="12").status == 404


def test_a_reader_sees_no_size(preview: Client) -> None:
    reader = Client(preview.engine, "preview", "reader-client", "reader-secret")
    assert ask(reader, "audiences/compute-sizes", ids=[A]).status == 403


def test_without_the_permission_the_size_is_absent_and_the_share_stays(preview: Client) -> None:
    hidden = Client(preview.engine, "preview", "relative-client", "relative-secret")
    for path, said in (
        ("audience-segments/compute-sizes", {"ids": [LIST]}),
        ("audiences/compute-sizes", {"ids": [A]}),
        ("audience-segments/estimate-size", {"retailerId": "12", "events": VIEWERS}),
        ("audiences/estimate-size", {"retailerId": "12", "algebra": {"audienceSegmentId": LIST}}),
    ):
        seen, whole = (ask(each, path, **said).json()["data"] for each in (hidden, preview))
        for one, other in zip(*(each if isinstance(each, list) else [each] for each in (seen, whole)), strict=True):
            assert one["attributes"] == {"relativeSize": other["attributes"]["relativeSize"]}


def test_ids_that_are_not_there_are_listed_and_the_others_sized(preview: Client) -> None:
    foreign = next(str(each.id) for each in preview.engine.world.parts["criteo"].segments if each.retailer_id == "77")
    answer = ask(preview, "audience-segments/compute-sizes", ids=[LIST, "1", int(EVENTS), foreign, A])
    assert [each["id"] for each in answer.json()["data"]] == [LIST, EVENTS]
    assert [(each["code"], list(each["source"].values())) for each in answer.json()["errors"]] == [
        ("segment-not-found", [f"data/attributes/ids/{position}"]) for position in (1, 3, 4)
    ]
    answer = ask(preview, "audiences/compute-sizes", ids=["1", A, LIST])
    assert [each["id"] for each in answer.json()["data"]] == [A]
    assert [each["code"] for each in answer.json()["errors"]] == ["audience-not-found"] * 2


def test_an_id_given_twice_is_computed_once(preview: Client) -> None:
    for path, id in (("audience-segments", LIST), ("audiences", A)):
        answer = ask(preview, f"{path}/compute-sizes", ids=[id, int(id), id])
        assert [each["id"] for each in answer.json()["data"]] == [id]


def test_an_id_given_twice_is_computed_once_however_it_is_written(preview: Client) -> None:
    answer = ask(preview, "audience-segments/compute-sizes", ids=[READ_ONLY, READ_ONLY.zfill(19)])
    assert [each["id"] for each in answer.json()["data"]] == [READ_ONLY]


def test_channels_reach_different_people_and_repeatably(preview: Client) -> None:
    onsite, offsite = (sizes(preview, "audience-segments", LIST, EVENTS, channel=channel) for channel in ("Onsite", "Offsite"))
    assert all(onsite[id] > offsite[id] > 0 for id in (LIST, EVENTS))
    assert sizes(Client(engine_of(), "preview"), "audience-segments", LIST, EVENTS) == onsite


def test_an_audience_of_one_segment_is_as_large_as_it(preview: Client) -> None:
    assert sizes(preview, "audiences", A)[A] == sizes(preview, "audience-segments", READ_ONLY)[READ_ONLY]
    assert sizes(preview, "audiences", B)[B] == sizes(preview, "audience-segments", EVENTS)[EVENTS]


def test_a_segment_by_events_is_as_large_as_it_was_estimated(preview: Client) -> None:
    estimate = ask(preview, "audience-segments/estimate-size", retailerId="12", events=VIEWERS).json()["data"]["attributes"]
    id = preview.create({"name": "Viewers", "retailerId": "12", "events": VIEWERS}).json()["data"][0]["id"]
    answer = ask(preview, "audience-segments/compute-sizes", ids=[id])
    assert answer.json()["data"][0]["attributes"] == estimate


def test_a_list_is_at_most_as_large_as_its_matches(preview: Client) -> None:
    assert 2000 < sizes(preview, "audience-segments", LIST)[LIST] <= 5000
    preview.clear(LIST)
    assert sizes(preview, "audience-segments", LIST) == {LIST: 0}


@pytest.mark.parametrize(
    ("path", "said", "expected"),
    [
        ("audiences", {"retailerId": "77", "algebra": {"audienceSegmentId": LIST}}, ("retailer-not-found", "retailerId")),
        (
            "audiences",
            {"retailerId": "1234", "algebra": {"audienceSegmentId": LIST}},
            ("segment-not-found", "audienceSegmentId"),
        ),
        ("audiences", {"retailerId": "12", "algebra": {"audienceSegmentId": "1"}}, ("segment-not-found", "audienceSegmentId")),
        ("audiences", {"retailerId": "12", "algebra": {}}, ("invalid", "algebra")),
        ("audiences", {"retailerId": "12", "algebra": {"and": []}}, ("invalid", "and")),
        ("audience-segments", {"retailerId": "1", "events": VIEWERS}, ("retailer-not-found", "retailerId")),
        ("audience-segments", {"retailerId": "12", "events": VIEWERS | {"brandIds": []}}, ("required-field", "categoryIds")),
        (
            "audience-segments",
            {"retailerId": "12", "events": VIEWERS | {"minPrice": 2, "maxPrice": 1}},
            ("invalid-range", "minPrice"),
        ),
    ],
)
def test_what_could_not_be_created_is_not_estimated(
    preview: Client, path: str, said: dict[str, Any], expected: tuple[str, str]
) -> None:
    [(code, pointer)] = refusals(ask(preview, f"{path}/estimate-size", **said))
    assert (code, pointer.rpartition("/")[2]) == expected


def test_under_the_guide_s_reading_no_segment_by_events_is_estimated() -> None:
    client = Client(engine_of(readings={"events-segments": "refused"}), "preview")
    assert refusals(ask(client, "audience-segments/estimate-size", retailerId="12", events=VIEWERS))[0][0] == "invalid"


@pytest.mark.parametrize(
    "said",
    [{"channel": "Instore"}, {"channel": "onsite"}, {"channel": None}, {"ids": None}, {"ids": [None]}, {"ids": LIST}],
)
def test_what_breaks_the_schema_is_refused(preview: Client, said: dict[str, Any]) -> None:
    assert ask(preview, "audience-segments/compute-sizes", **({"ids": [LIST]} | said)).status == 400


# A segment that an audience uses.


def test_a_used_segment_can_be_deleted_and_holds_nobody_from_then_on(preview: Client) -> None:
    assert preview.delete(READ_ONLY).json()["errors"] == []
    assert sizes(preview, "audiences", A) == {A: 0}
    kept = preview.ask("POST", "/{account}/audiences/search", {"data": {"attributes": {"audienceIds": [A]}}}).json()["data"]
    assert kept[0]["attributes"]["algebra"] == {"audienceSegmentId": READ_ONLY}
    estimate = ask(preview, "audiences/estimate-size", retailerId="12", algebra={"audienceSegmentId": READ_ONLY})
    assert [code for code, _ in refusals(estimate)] == ["segment-not-found"]


def test_under_the_other_reading_a_used_segment_stays() -> None:
    client = Client(engine_of(readings={"delete-used-segment": "refused"}), "preview")
    unused = client.create_list("Unused")
    answer = client.delete(READ_ONLY, unused)
    [problem] = answer.json()["errors"]
    assert (problem["code"], problem["source"]) == ("segment-in-use", {"id": "data/0/id"})
    assert [each["id"] for each in answer.json()["data"]] == [unused]
    assert len(client.search(audienceSegmentIds=[READ_ONLY]).json()["data"]) == 1
    used = client.ask("POST", "/{account}/audiences/search", {"data": {"attributes": {"audienceSegmentIds": [READ_ONLY]}}})
    ids = [each["id"] for each in used.json()["data"]]
    client.ask("POST", "/{account}/audiences/delete", {"data": [{"id": id} for id in ids]})
    assert client.delete(READ_ONLY).json()["errors"] == []
