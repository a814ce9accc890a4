"""The statistics of campaigns: which campaigns a period holds, what they tell, and what is no period."""

from typing import Any

import pytest
from shoplive.asking import EXAMPLE, OURS, THAT_DAY, THEIRS, Customer, campaign, customer

from mockserver.message import Response

DOCUMENTED = {
    "campaignId": "1234",
    "campaignKey": "1234fef8e8e3",
    "accessKey": "a1b2c3d4",
    "title": "test campaign",
    "scheduledAt": "2022-07-08T06:30:00Z",
    "startedAt": "2022-07-08T06:21:06Z",
    "endedAt": "2022-07-11T12:38:59Z",
    "totalViewers": 123456,
    "totalLoginViewers": 100000,
    "peakConcurrentViewers": 12345,
    "newLoginViewers": 123455,
    "averageViewingTime": 15,
    "totalViewingTime": 1851840,
    "likes": 123456,
    "likeViewers": 123456,
    "averageLikes": 1,
    "chats": 123456,
    "chatViewers": 123456,
    "averageChats": 1.0,
    "productClicks": 123456,
    "productClickViewers": 123456,
    "averageProductClicks": 1.0,
    "bannerClicks": 123456,
}
GROWING = [name for name, value in DOCUMENTED.items() if isinstance(value, int) and not name.startswith("average")]
HALVES = ("2026-11-22T00:00:00Z", "2026-11-22T08:30:00Z"), ("2026-11-22T08:30:01Z", "2026-11-22T23:59:59Z")


def invalid(response: Response) -> bool:
    said = response.json()
    assert list(said) == ["_s", "_e"]
    return (response.status, said["_s"]) == (400, -510) and said["_e"].startswith("Invalid argument")


def test_the_documents_example_is_told_figure_for_figure() -> None:
    told = customer(OURS).stats(*EXAMPLE, campaignKeys="1234fef8e8e3")
    assert told == [DOCUMENTED]
    assert list(told[0]) == list(DOCUMENTED)
    assert {name: type(value) for name, value in told[0].items()} == {name: type(value) for name, value in DOCUMENTED.items()}


@pytest.mark.parametrize(
    "query",
    [
        "",
        "from=2022-07-08T00:00:00Z",
        "to=2022-07-08T00:00:00Z",
        "from=&to=",
        "from=2022-07-08&to=2022-07-09",
        "from=2022-07-08T00:00:00&to=2022-07-09T00:00:00",
        "from=2022-07-08T00:00:00.000Z&to=2022-07-09T00:00:00Z",
        "from=2022-07-08T00:00:00%2B00:00&to=2022-07-09T00:00:00Z",
        "from=2022-07-08t00:00:00z&to=2022-07-09T00:00:00Z",
        "from=1657238400&to=1657324800",
        "from=2022-02-30T00:00:00Z&to=2022-03-01T00:00:00Z",
        "from=2023-02-28T00:00:00Z&to=2023-02-29T00:00:00Z",
        "from=2022-07-08T24:00:00Z&to=2022-07-09T00:00:00Z",
        "from=2022-07-08T23:59:60Z&to=2022-07-09T00:00:00Z",
        "from=0000-01-01T00:00:00Z&to=0000-01-02T00:00:00Z",
    ],
)
def test_what_is_no_moment_is_refused(query: str) -> None:
    asking = customer()
    assert invalid(asking.get(query, {"authorization": f"Bearer {asking.token()}"}))


@pytest.mark.parametrize(
    ("start", "end", "sound"),
    [
        ("2024-02-28T12:00:00Z", "2024-03-06T12:00:00Z", True),
        ("2024-02-28T12:00:00Z", "2024-03-06T12:00:01Z", False),
        ("2024-02-28T12:00:00Z", "2024-02-28T12:00:00Z", True),
        ("2024-02-28T12:00:00Z", "2024-02-28T11:59:59Z", False),
        ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", False),
        ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z", True),
    ],
)
def test_a_period_goes_forward_and_has_seven_days_at_most(start: str, end: str, sound: bool) -> None:
    response = customer().ask(start, end)
    assert response.status == 200 if sound else invalid(response)


@pytest.mark.parametrize("year", ["0001", "0999", "1969"])
def test_campaigns_of_long_ago_keep_the_contract(year: str) -> None:
    assert customer(OURS).ask(f"{year}-01-01T00:00:00Z", f"{year}-01-05T00:00:00Z").status == 200


def three() -> Customer:
    """One customer with three campaigns of that day, and one of the day before."""
    asking = customer()
    yesterday = campaign("yesterday", started_at="2026-11-21T08:00:00Z", ended_at="2026-11-21T09:00:00Z")
    asking.write(campaign("one"), campaign("two"), campaign("three"), yesterday)
    return asking


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        ("", {"one", "two", "three"}),
        (" , ,", {"one", "two", "three"}),
        ("one", {"one"}),
        ("one,three", {"one", "three"}),
        (" one , three ", {"one", "three"}),
        ("one,one,one", {"one"}),
        ("one,", {"one"}),
        ("ONE", set()),
        ("one two", set()),
        ("unknown", set()),
        ("unknown,two", {"two"}),
        ("1234fef8e8e3", set()),
        ("yesterday", set()),
        ("stats", set()),
    ],
)
def test_campaign_keys_narrow_the_campaigns_of_the_period(keys: str, found: set[str]) -> None:
    assert set(three().keys(*THAT_DAY, campaignKeys=keys)) == found


@pytest.mark.parametrize(
    ("start", "end", "live"),
    [
        ("07:00:00", "07:59:59", False),
        ("07:00:00", "08:00:00", True),
        ("08:00:00", "08:00:00", True),
        ("08:10:00", "08:20:00", True),
        ("07:00:00", "09:30:00", True),
        ("09:00:00", "09:30:00", True),
        ("09:00:01", "09:30:00", False),
    ],
)
def test_a_campaign_is_of_a_period_that_it_was_live_in(start: str, end: str, live: bool) -> None:
    asking = customer()
    asking.write(campaign(scheduled_at="2026-11-22T12:00:00Z"))
    assert asking.keys(f"2026-11-22T{start}Z", f"2026-11-22T{end}Z") == ["live"] * live


def test_a_campaign_is_of_the_period_it_was_scheduled_for_under_that_reading() -> None:
    asking = customer().read(campaign_in_period="scheduled-start")
    asking.write(campaign(scheduled_at="2026-11-22T07:30:00Z"), campaign("unscheduled"))
    assert asking.keys("2026-11-22T07:30:00Z", "2026-11-22T07:30:00Z") == ["live"]
    assert asking.keys("2026-11-22T07:30:01Z", "2026-11-22T23:00:00Z") == []


def test_a_campaign_on_air_has_not_ended_and_is_of_every_period_until_now() -> None:
    asking = customer()
    asking.write(campaign(ended_at=None), campaign("tobe", started_at="2026-11-22T09:30:00Z", ended_at="2026-11-22T10:30:00Z"))
    assert [each["endedAt"] for each in asking.stats("2026-11-22T09:59:00Z", "2026-11-22T10:00:00Z")] == [None, None]
    assert asking.keys("2026-11-22T10:00:01Z", "2026-11-22T11:00:00Z") == []
    asking.at("2026-11-22T10:30:00Z")
    assert [each["endedAt"] for each in asking.stats(*THAT_DAY)] == ["2026-11-22T10:30:00Z", None]
    assert asking.keys("2026-11-22T10:30:00Z", "2026-11-22T11:00:00Z") == ["tobe", "live"]


def test_a_campaign_that_has_not_started_has_no_statistics() -> None:
    asking = customer()
    later = campaign("later", started_at="2026-11-22T10:00:01Z", ended_at="2026-11-22T11:00:00Z")
    asking.write(later, campaign("never", scheduled_at="2026-11-22T09:00:00Z", started_at=None, ended_at=None))
    for reading in ("live-interval", "scheduled-start"):
        assert asking.read(campaign_in_period=reading).keys(*THAT_DAY) == []
    assert asking.read(campaign_in_period="live-interval").at("2026-11-22T10:00:01Z").keys(*THAT_DAY) == ["later"]


def test_the_campaign_that_started_last_comes_first() -> None:
    asking = customer()
    starts = {"a": "08:20", "b": "08:30", "c": "08:10", "d": "08:30"}
    asking.write(*(campaign(key, started_at=f"2026-11-22T{start}:00Z") for key, start in starts.items()))
    assert asking.keys(*THAT_DAY) == ["d", "b", "a", "c"]
    started = [each["startedAt"] for each in customer(OURS).stats("2026-11-10T00:00:00Z", "2026-11-17T00:00:00Z")]
    assert len(started) > 10
    assert started == sorted(started, reverse=True)


def test_figures_grow_while_on_air_and_stay_from_the_end_on() -> None:
    asking = customer().at("2026-11-22T08:00:00Z")
    figures = {"viewers": 977, "peak_viewers": 311, "likes": 3001, "like_viewers": 97, "viewing_time": 100_003}
    asking.write(campaign(figures=figures))
    told = []
    for _ in range(41):
        told += asking.stats(*THAT_DAY)
        asking.engine.world.clock.advance(100)
    for name in GROWING:
        values = [each[name] for each in told]
        assert values == sorted(values)
    first, last = told[0], told[-1]
    assert {first[name] for name in GROWING} == {0}
    whole = last["totalViewers"], last["peakConcurrentViewers"], last["likes"], last["likeViewers"], last["totalViewingTime"]
    assert whole == (977, 311, 3001, 97, 100_003)
    assert told[36:] == [last] * 5  # it ended after 3600 seconds


def test_averages_follow_from_totals() -> None:
    asking = customer()
    asking.write(
        campaign(
            figures={"viewers": 3, "viewing_time": 11, "likes": 11, "like_viewers": 3, "chats": 11, "chat_viewers": 3}
            | {"product_clicks": 1, "product_click_viewers": 3}
        ),
        campaign("nobody", figures={"viewing_time": 5, "likes": 5, "chats": 5, "product_clicks": 5}),
    )
    nobody, some = asking.stats(*THAT_DAY)
    names = "averageViewingTime", "averageLikes", "averageChats", "averageProductClicks"
    assert [some[name] for name in names] == [3, 3, 3.7, 0.3]
    assert [nobody[name] for name in names] == [0, 0, 0.0, 0.0]
    assert [type(each[name]) for each in (some, nobody) for name in names] == [int, int, float, float] * 2


def test_figures_made_up_are_likely() -> None:
    for told in customer(OURS).stats("2026-11-10T00:00:00Z", "2026-11-17T00:00:00Z"):
        assert told["totalViewers"] >= told["totalLoginViewers"] >= told["newLoginViewers"]
        assert told["totalViewers"] >= told["peakConcurrentViewers"]
        for total, people in (("likes", "likeViewers"), ("chats", "chatViewers"), ("productClicks", "productClickViewers")):
            assert told[total] >= told[people]
            assert told["totalViewers"] >= told[people]


@pytest.mark.parametrize("counted", ["figures", "events"])
def test_figures_are_of_the_period_alone_under_that_reading(counted: str) -> None:
    events = [{"at": f"2026-11-22T08:{minute:02}:30Z", "viewer": f"v{minute}", "kind": "like"} for minute in range(2, 60, 6)]
    said: dict[str, Any] = {"figures": {"viewers": 10, "likes": 10, "like_viewers": 10}, "events": events}
    asking = customer()
    asking.write(campaign(**{counted: said[counted]}))
    whole = asking.stats(*THAT_DAY)[0]["likes"]
    assert [asking.stats(*half)[0]["likes"] for half in HALVES] == [whole, whole]
    asking.read(campaign_activity="period-only")
    parts = [asking.stats(*half)[0]["likes"] for half in HALVES]
    assert all(parts)
    assert sum(parts) == asking.stats(*THAT_DAY)[0]["likes"] == whole == 10


def test_a_path_that_leads_nowhere_is_not_found() -> None:
    response = customer().get(rest="/more")
    assert response.status == 404
    assert list(response.json()) == ["_s", "_e"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_another_method_is_not_allowed(method: str) -> None:
    response = customer().get(method=method)
    assert response.status == 405
    assert "GET" in (response.header("allow") or "")
    assert list(response.json()) == ["_s", "_e"]


def test_made_up_campaigns_are_repeatable_for_a_seed() -> None:
    period = "2026-11-10T00:00:00Z", "2026-11-17T00:00:00Z"
    assert customer(OURS, seed=7).ask(*period).body == customer(OURS, seed=7).ask(*period).body
    assert customer(OURS, seed=7).ask(*period).body != customer(OURS, seed=8).ask(*period).body


def test_a_campaign_is_the_same_in_every_period_that_has_it() -> None:
    asking = customer(OURS)
    week = {each["campaignKey"]: each for each in asking.stats("2026-11-10T00:00:00Z", "2026-11-17T00:00:00Z")}
    for day in range(10, 17):
        for each in asking.stats(f"2026-11-{day}T00:00:00Z", f"2026-11-{day}T23:59:59Z"):
            assert week.pop(each["campaignKey"]) == each
    assert not week


def test_no_two_campaigns_share_a_key_or_an_id() -> None:
    asking = customer(OURS)
    weeks = [(f"2026-{month:02}-01T00:00:00Z", f"2026-{month:02}-08T00:00:00Z") for month in range(1, 11)]
    told = [each for week in weeks for each in asking.stats(*week)]
    assert len(told) > 100
    assert len({each["campaignKey"] for each in told}) == len({each["campaignId"] for each in told}) == len(told)


def test_a_customer_without_campaigns_has_none() -> None:
    assert customer(THEIRS).stats(*EXAMPLE) == []
