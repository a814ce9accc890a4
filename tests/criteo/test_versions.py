"""Versions: one world behind all of them, and the clock takes each from stable over deprecated to retired."""

import pytest
from conftest import ACCOUNT, EMPTY, Client, codes, engine_of

from mockserver.clock import parse_moment
from mockserver.message import Response

SERVED = ["2026-01", "2026-07", "2027-01", "preview", "experimental"]
RETIRED = ["2021-10", "2023-10", "2025-07", "2025-10"]
NEVER = ["1999-13", "2026-04", "2026-13", "2028-01", "2026-7", "v2026-07", "latest", "Preview", "", "2026-07-01", "%20"]


def at(moment: str, version: str = "2026-01", **readings: str) -> Client:
    """A client of an empty world at a moment, `-` in readings written as `_`."""
    chosen = {name.replace("_", "-"): value for name, value in readings.items()}
    return Client(engine_of(EMPTY, frozen_at=parse_moment(moment), readings=chosen), version=version)


def notice(response: Response) -> tuple[str | None, str | None]:
    return response.header("deprecation"), response.header("sunset")


@pytest.mark.parametrize("version", SERVED)
def test_what_one_version_made_every_other_finds(client: Client, version: str) -> None:
    client.version = version
    id = client.create_list(f"Made in {version}")
    client.amend(id, "add", ["a@example.com"])
    shown = []
    for other in SERVED:
        client.version = other
        shown.append((client.search(audienceSegmentIds=[id]).json(), client.statistics(id).json()))
    assert shown[0][0]["meta"]["totalItems"] == 1
    assert shown[0][1]["data"]["attributes"]["numberOfIdentifiers"] == 1
    assert shown == [shown[0]] * len(SERVED)
    assert client.delete(id).json()["data"]
    client.version = version
    assert client.search(audienceSegmentIds=[id]).json()["data"] == []


@pytest.mark.parametrize("version", SERVED)
def test_the_instance_of_a_problem_names_the_version_asked_for(empty: Client, version: str) -> None:
    empty.version = version
    instance = empty.search("?limit=501").json()["errors"][0]["instance"]
    assert instance == f"/{version}/retail-media/accounts/{ACCOUNT}/audience-segments/search"


@pytest.mark.parametrize("reading", ["fall-forward", "gone"])
@pytest.mark.parametrize("version", NEVER)
def test_a_version_that_never_was_is_not_found(version: str, reading: str) -> None:
    answer = at("2026-11-22T10:00:00Z", version, retired_version=reading).search()
    assert (answer.status, codes(answer, "errors")) == (404, ["not-found"])


@pytest.mark.parametrize("version", RETIRED)
def test_a_retired_version_falls_forward_to_the_current_one(version: str) -> None:
    client = at("2026-11-22T10:00:00Z", version)
    id = client.create_list("Made in the past")
    answer = client.search()
    assert answer.status == 200
    assert [each["id"] for each in answer.json()["data"]] == [id]
    assert notice(answer) == (None, None)


def test_falling_forward_keeps_the_path_that_was_asked_for() -> None:
    problem = at("2026-11-22T10:00:00Z", "2025-10").search("?limit=501").json()["errors"][0]
    assert problem["instance"].startswith("/2025-10/")


def test_falling_forward_leads_nowhere_where_the_current_version_has_nothing() -> None:
    client = at("2026-11-22T10:00:00Z", "2025-10")
    assert client.ask("POST", "/{account}/nothing", {}).status == 404
    assert client.ask("GET", "/{account}/audience-segments").status == 405


@pytest.mark.parametrize("version", RETIRED)
def test_a_reading_tells_that_a_retired_version_is_gone(version: str) -> None:
    answer = at("2026-11-22T10:00:00Z", version, retired_version="gone").search()
    problem = answer.json()["errors"][0]
    assert (answer.status, problem["type"], problem["code"]) == (410, "deprecation", "version-decommissioned")
    assert list(answer.json()) == ["warnings", "errors"]


@pytest.mark.parametrize("version", SERVED)
def test_that_reading_leaves_the_versions_that_live(version: str) -> None:
    assert at("2026-11-22T10:00:00Z", version, retired_version="gone").search().status == 200


LIVES = [
    ("2025-10", "2026-07-01", "2026-10-01", "Thu, 01 Oct 2026 00:00:00 GMT"),
    ("2026-01", "2026-10-01", "2027-01-01", "Fri, 01 Jan 2027 00:00:00 GMT"),
    ("2026-07", "2027-04-01", "2027-07-01", "Thu, 01 Jul 2027 00:00:00 GMT"),
    ("2027-01", "2027-10-01", "2028-01-01", "Sat, 01 Jan 2028 00:00:00 GMT"),
]
EACH_LIFE = pytest.mark.parametrize(("version", "deprecated", "retired", "sunset"), LIVES)


def moved(client: Client, moment: float) -> Client:
    """The client at another moment, with a token of that time."""
    client.engine.world.clock.set(moment)
    client.token = None
    return client


@EACH_LIFE
def test_the_clock_retires_a_version_twelve_months_after_its_first_day(
    version: str, deprecated: str, retired: str, sunset: str
) -> None:
    client = at(f"{retired}T00:00:00Z", version, retired_version="gone")
    assert client.search().status == 410
    assert moved(client, parse_moment(retired) - 0.001).search().status == 200


@EACH_LIFE
def test_a_version_that_the_clock_retired_falls_forward(version: str, deprecated: str, retired: str, sunset: str) -> None:
    answer = at(f"{retired}T00:00:00Z", version).search()
    assert (answer.status, notice(answer)) == (200, (None, None))


@EACH_LIFE
def test_the_last_three_months_are_announced(version: str, deprecated: str, retired: str, sunset: str) -> None:
    client = at(f"{deprecated}T00:00:00Z", version)
    assert notice(client.search()) == ("true", sunset)
    assert notice(moved(client, parse_moment(retired) - 1).search()) == ("true", sunset)
    assert notice(moved(client, parse_moment(deprecated) - 1).search()) == (None, None)


@pytest.mark.parametrize("version", ["2026-07", "2027-01", "preview", "experimental", "2025-10"])
def test_no_other_version_is_announced(version: str) -> None:
    assert notice(at("2026-11-22T10:00:00Z", version).search()) == (None, None)


def test_refusals_of_a_deprecated_version_announce_it_too() -> None:
    client = at("2026-11-22T10:00:00Z")
    for answer in (client.search("?limit=501"), client.ask("POST", "/{account}/audience-segments/search", {}, headers={})):
        assert answer.status in (400, 401)
        assert notice(answer)[0] == "true"


def test_a_reading_announces_nothing() -> None:
    assert notice(at("2026-11-22T10:00:00Z", deprecation_headers="absent").search()) == (None, None)


def test_a_release_candidate_answers_before_its_first_day() -> None:
    assert at("2026-11-22T10:00:00Z", "2027-01").search().status == 200


@pytest.mark.parametrize(("version", "moment"), [("2025-10", "2026-01-15T10:00:00Z"), ("2025-07", "2026-01-15T10:00:00Z")])
def test_a_version_that_is_retired_today_answered_in_its_time(version: str, moment: str) -> None:
    assert at(moment, version).search().status == 200
