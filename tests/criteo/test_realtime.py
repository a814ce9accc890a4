"""Realtime reports: what may be asked and how it is spelled, what is refused and in which words."""

from typing import Any

import pytest
from conftest import EMPTY, TODAY, Client, engine_of

from mockserver.clock import parse_moment
from mockserver.message import Response, compose

DIMENSIONS = ["AdvertiserId", "Advertiser", "CampaignId", "Campaign", "AdsetId", "Adset", "Day", "Hour"]
METRICS = ["Displays", "Clicks", "Cost"]


def ask(client: Client, attributes: Any, version: str = "preview") -> Response:
    token = client.login().json()["access_token"]
    said = {"data": {"type": "string", "attributes": attributes}}
    headers = {"authorization": f"Bearer {token}"}
    return client.engine.handle(compose("POST", f"/{version}/reports/realtime", json=said, headers=headers))


def report(client: Client, **asked: Any) -> Response:
    return ask(client, {"advertiserIds": ["123"], **asked})


def rows(client: Client, **asked: Any) -> list[dict[str, str]]:
    answer = report(client, **asked)
    assert answer.status == 200
    return list(answer.json()["data"][0]["attributes"]["rows"])


def problem(answer: Response, status: int = 400) -> dict[str, Any]:
    """The only problem of a refusal."""
    assert answer.status == status
    [only] = answer.json()["errors"]
    return dict(only)


def moved(client: Client, moment: str) -> Client:
    client.engine.world.clock.set(parse_moment(moment))
    return client


@pytest.mark.parametrize("version", ["preview", "experimental"])
def test_a_report_has_one_element_with_rows_of_the_documented_columns(client: Client, version: str) -> None:
    answer = ask(client, {"advertiserIds": ["123"]}, version)
    assert answer.status == 200
    body = answer.json()
    assert (body["warnings"], body["errors"]) == ([], [])
    [element] = body["data"]
    assert list(element) == ["type", "attributes"]
    assert element["type"] == "RealtimeStatisticsReport"
    assert list(element["attributes"]) == ["rows"]
    found = element["attributes"]["rows"]
    assert all(list(row) == DIMENSIONS + METRICS for row in found)
    assert found[0] | {"Displays": "", "Clicks": "", "Cost": ""} == {
        "AdvertiserId": "123",
        "Advertiser": "Fourth Coffee",
        "CampaignId": "111",
        "Campaign": "Spring beans",
        "AdsetId": "135",
        "Adset": "Homepage",
        "Day": "2026-11-22",
        "Hour": "09",
        "Displays": "",
        "Clicks": "",
        "Cost": "",
    }


@pytest.mark.parametrize("version", ["2026-01", "2026-07", "2027-01", "2025-10"])
def test_no_stable_version_has_realtime_reports(client: Client, version: str) -> None:
    assert problem(ask(client, {"advertiserIds": ["123"]}, version), 404)["code"] == "not-found"


def test_everything_said_out_loud_is_what_nothing_said_means(client: Client) -> None:
    plain = rows(client)
    nothing = dict.fromkeys(["campaignIds", "adsetIds", "dimensions", "metrics", "lookbackWindow", "currency", "timezone"])
    said = {"dimensions": DIMENSIONS, "metrics": METRICS, "lookbackWindow": 12, "currency": "EUR", "timezone": "UTC"}
    assert rows(client, **nothing) == plain
    assert rows(client, **said) == plain
    assert rows(client, campaignIds=[], adsetIds=[]) == plain
    assert ask(client, {"advertiserIds": ["123"], "unheardOf": 1}).json()["data"][0]["attributes"]["rows"] == plain


def test_the_documents_sample_asked_in_its_own_spelling(client: Client) -> None:
    moved(client, "2025-03-31T13:00:00Z")
    dimensions = ["advertiser", "advertiserId", "adset", "adsetId", "campaign", "campaignId"]
    calendar = ["hour", "day", "week", "month", "year"]
    metrics = ["clicks", "displays", "cost"]
    said = {"advertiserIds": [1234], "campaignIds": ["3456"], "adsetIds": [2345], "dimensions": dimensions + calendar}
    first, second = rows(client, **said, metrics=metrics)[:2]
    assert list(first) == dimensions + calendar + metrics
    assert [first[name] for name in dimensions] == ["Advertiser1", "1234", "AdsetName", "2345", "CampaignName", "3456"]
    assert [first[name] for name in calendar] == ["12", "2025-03-31", "2025-03-31", "2025-03-01", "2025-01-01"]
    assert second["hour"] == "11"
    assert len(first["cost"].rpartition(".")[2]) == 3


def test_ids_may_be_numbers_or_text_and_come_twice(client: Client) -> None:
    assert rows(client, advertiserIds=[123]) == rows(client, advertiserIds=["123"])
    assert rows(client, advertiserIds=[123, "456"]) == rows(client, advertiserIds=["456", 123, "123"])
    assert rows(client, campaignIds=[111]) == rows(client, campaignIds=["111"], adsetIds=["135"])


def test_no_dimension_is_one_row_and_one_metric_is_enough(client: Client) -> None:
    [row] = rows(client, dimensions=[], metrics=["cost"])
    assert list(row) == ["cost"]


@pytest.mark.parametrize("spelling", ["adsetid", "adsetId", "AdsetId", "ADSETID", "adSetID"])
def test_a_row_echoes_whatever_the_case(client: Client, spelling: str) -> None:
    assert {tuple(row) for row in rows(client, dimensions=[spelling], metrics=["Cost"])} == {(spelling, "Cost")}


def test_filters_are_anded(client: Client) -> None:
    def found(**asked: Any) -> set[str]:
        return {row["AdsetId"] for row in rows(client, dimensions=["AdsetId"], **asked)}

    everything = found()
    assert {"135", "12300101", "12300102", "12300201", "12300202"} == everything
    assert found(campaignIds=["123001"]) == {"12300101", "12300102"}
    assert found(campaignIds=["123001", "111", "999"]) == {"12300101", "12300102", "135"}
    assert found(campaignIds=["123001"], adsetIds=["12300102", "135"]) == {"12300102"}


@pytest.mark.parametrize(
    "asked",
    [
        {"campaignIds": ["999"]},
        {"adsetIds": ["999"]},
        {"campaignIds": ["456001"]},  # another advertiser's
        {"campaignIds": ["111"], "adsetIds": ["12300101"]},
        {"advertiserIds": ["456"], "campaignIds": [111]},
    ],
)
def test_when_no_campaign_matches_it_is_forbidden(client: Client, asked: dict[str, Any]) -> None:
    found = problem(report(client, **asked), 403)
    assert (found["type"], found["code"], found["title"]) == ("access-control", "campaign-not-found", "No campaign found")


@pytest.mark.parametrize("ids", [["999"], ["123", "999"], ["0123"], [0]])
def test_an_advertiser_who_is_not_the_applications_is_forbidden(client: Client, ids: list[Any]) -> None:
    found = problem(report(client, advertiserIds=ids), 403)
    assert (found["type"], found["code"]) == ("access-control", "insufficient-account-permissions")
    assert found["title"] == "You do not have the rights to generate a report on these accounts"


def test_an_application_of_no_advertiser_or_without_the_permission_is_forbidden(client: Client) -> None:
    for id, secret in (("relative-client", "relative-secret"), ("stranger-client", "stranger-secret")):
        answer = report(Client(client.engine, client_id=id, client_secret=secret))
        assert problem(answer, 403)["code"] == "permission-denied"
    reader = Client(client.engine, client_id="reader-client", client_secret="reader-secret")
    assert rows(reader) == rows(client)


def test_one_to_ten_advertisers() -> None:
    known = [{"id": str(id), "name": f"Number {id}", "generate": {"campaigns": 1}} for id in range(1, 12)]
    applications = [each | {"advertisers": [every["id"] for every in known]} for each in EMPTY["criteo"]["applications"]]
    client = Client(engine_of({"criteo": EMPTY["criteo"] | {"advertisers": known, "applications": applications}}))
    ten = rows(client, advertiserIds=[each["id"] for each in known[:10]], dimensions=["AdvertiserId"])
    assert [row["AdvertiserId"] for row in ten] == [str(id) for id in range(1, 11)]
    assert problem(report(client, advertiserIds=[each["id"] for each in known]))["code"] == "invalid"
    assert problem(report(client, advertiserIds=[]))["code"] == "invalid"


@pytest.mark.parametrize(
    ("said", "field"), [({}, "data"), ({"data": {}}, "attributes"), ({"data": {"attributes": {}}}, "advertiserIds")]
)
def test_a_missing_field_is_told_in_the_documented_words(client: Client, said: Any, field: str) -> None:
    headers = {"authorization": f"Bearer {client.login().json()['access_token']}"}
    found = problem(client.engine.handle(compose("POST", "/preview/reports/realtime", json=said, headers=headers)))
    assert (found["type"], found["code"]) == ("validation", "invalid")
    assert found["title"] == f"The {field} field is required"


@pytest.mark.parametrize("zone", ["Mars/Olympus", "Europe", "zone.tab", "../UTC", "/etc/localtime", "UTC\0", "utc+02:00"])
def test_an_unknown_time_zone_is_told_in_the_documented_sentence(client: Client, zone: str) -> None:
    found = problem(report(client, timezone=zone))
    assert (found["type"], found["code"]) == ("validation", "invalid")
    assert found["title"] == f"Time zone {zone} is not valid. See criteo developer portal for supported time zones."


def test_a_time_zone_too_long_for_a_file_s_name_is_refused_too(client: Client) -> None:
    assert problem(report(client, timezone="x" * 5000))["title"].startswith("Time zone xxx")


def test_the_zone_of_the_machine_is_none(client: Client) -> None:
    assert report(client, timezone="localtime").status == 400


@pytest.mark.parametrize("currency", ["XXX", "eur", "EURO", "", "E€R", "EUR\n"])
def test_a_currency_that_the_world_has_no_rate_for_is_refused(client: Client, currency: str) -> None:
    found = problem(report(client, currency=currency))
    assert (found["type"], found["code"]) == ("validation", "invalid")


@pytest.mark.parametrize(
    "asked",
    [
        {"advertiserIds": "123"},
        {"advertiserIds": [None]},
        {"advertiserIds": [1.5]},
        {"dimensions": ["Country"]},
        {"dimensions": "Day"},
        {"dimensions": [" Day"]},
        {"dimensions": ["Day\n"]},
        {"dimensions": ["Cost"]},
        {"metrics": []},
        {"metrics": ["Sales"]},
        {"lookbackWindow": 0},
        {"lookbackWindow": 25},
        {"lookbackWindow": "12"},
        {"lookbackWindow": 1.5},
        {"lookbackWindow": True},
        {"timezone": ""},
        {"campaignIds": "111"},
    ],
)
def test_what_the_documents_do_not_allow_is_refused(client: Client, asked: dict[str, Any]) -> None:
    assert problem(report(client, **asked))["code"] == "invalid"


@pytest.mark.parametrize("window", range(1, 12))
def test_the_guide_s_range_begins_at_twelve_hours(window: int) -> None:
    engine = engine_of(EMPTY, readings={"lookback-range": "12-24"})
    assert problem(report(Client(engine), lookbackWindow=window))["code"] == "invalid"
    assert report(Client(engine), lookbackWindow=window + 12).status == 200


@pytest.mark.parametrize("moment", [TODAY, "2026-11-22T10:14:59Z"])
def test_the_running_hour_alone_has_no_rows_before_its_first_quarter_is_over(client: Client, moment: str) -> None:
    assert rows(moved(client, moment), lookbackWindow=1) == []


def test_the_running_hour_shows_its_quarters_as_they_end(client: Client) -> None:
    seen = []
    for minute in (15, 29, 30, 45, 59):
        moved(client, f"2026-11-22T10:{minute}:59Z")
        [row] = rows(client, advertiserIds=["123", "456", "1234"], dimensions=["Hour"], lookbackWindow=1)
        assert row["Hour"] == "10"
        seen.append(int(row["Displays"]))
    assert seen[0] == seen[1] < seen[2] < seen[3] == seen[4]


def test_an_advertiser_without_campaigns_has_no_rows_to_filter(empty: Client) -> None:
    assert problem(report(empty, advertiserIds=["456"]), 403)["code"] == "campaign-not-found"
    assert {row["AdvertiserId"] for row in rows(empty, advertiserIds=["123", "456"])} == {"123"}


def test_rows_are_latest_first_and_then_by_advertiser(client: Client) -> None:
    found = rows(client, advertiserIds=["1234", "456", "123"], dimensions=["Day", "Hour", "AdvertiserId"])
    moments = [(row["Day"], row["Hour"]) for row in found]
    assert moments == sorted(moments, reverse=True)
    assert [row["AdvertiserId"] for row in found][:6] == ["123", "456", "1234"] * 2


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param({"metrics": ["Click\u017f"]}, id="long s in a metric"),
        pytest.param({"dimensions": ["Ad\u017fet"]}, id="long s in a dimension"),
        pytest.param({"dimensions": ["Wee\u212a"]}, id="Kelvin for k"),
    ],
)
def test_letters_that_only_fold_to_the_documented_ones_are_refused(client: Client, asked: dict[str, Any]) -> None:
    assert report(client, **asked).status == 400


def test_a_whole_number_may_be_written_with_a_point(client: Client) -> None:
    assert rows(client, lookbackWindow=12.0) == rows(client)


def test_a_name_asked_for_twice_is_there_once(client: Client) -> None:
    answer = report(client, dimensions=["Day", "Day"], metrics=["Cost", "Cost"])
    assert answer.status == 400 or answer.body.count(b'"Day"') == answer.body.count(b'"Cost"') == len(
        rows(client, dimensions=["Day"])
    )


def test_two_hundred_reports_a_minute_beside_the_applications_own_limit() -> None:
    client = Client(engine_of(EMPTY, rate_limit=250))
    headers = {"authorization": f"Bearer {client.login().json()['access_token']}"}
    call = compose(
        "POST", "/preview/reports/realtime", json={"data": {"attributes": {"advertiserIds": [123]}}}, headers=headers
    )
    answers = [client.engine.handle(call) for _ in range(201)]
    assert [answer.status for answer in answers] == [200] * 200 + [429]
    assert answers[0].header("x-ratelimit-limit") == "200"
    assert [client.search().status for _ in range(51)] == [200] * 50 + [429]
    client.engine.world.clock.advance(60)
    assert client.engine.handle(call).status == 200


def test_an_application_that_is_out_of_calls_gets_no_report_either() -> None:
    client = Client(engine_of(EMPTY, rate_limit=3))
    assert [client.search().status for _ in range(3)] == [200] * 3
    assert report(client).status == 429
