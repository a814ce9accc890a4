"""Campaigns and what viewers did in them can be written into a world; no endpoint of the vendor's feeds viewers."""

from typing import Any

import httpx
import pytest
from conftest import DEMO, Client, Server, engine_of
from shoplive.asking import EXAMPLE, OURS, THAT_DAY, THEIRS, Customer, campaign, customer, event

from mockserver.mistake import Mistake

THAT_DAY_BEFORE = ("2026-11-21T00:00:00Z", "2026-11-21T23:59:59Z")
EVENTS = [
    event("08:00:00", "ann", "view", login=True, new=True, seconds=600),
    event("08:05:00", "bob", "view", seconds=300),
    event("08:09:59", "eve", "view", login=True, seconds=60),
    event("08:10:00", "ann", "view", login=True, new=True, seconds=100),
    event("08:10:30", "ann", "like", login=True),
    event("08:10:31", "ann", "like", login=True),
    event("08:10:32", "bob", "like"),
    event("08:11:00", "eve", "chat", login=True),
    event("08:11:01", "eve", "chat", login=True),
    event("08:11:02", "eve", "chat", login=True),
    event("08:11:03", "bob", "chat"),
    event("08:12:00", "tom", "productClick"),
    event("08:12:01", "bob", "productClick"),
    event("08:12:02", "bob", "productClick"),
    event("08:13:00", "dot", "bannerClick", login=True, new=True),
]
BY_HAND = {
    "totalViewers": 5,
    "totalLoginViewers": 3,
    "peakConcurrentViewers": 3,
    "newLoginViewers": 2,
    "averageViewingTime": 212,
    "totalViewingTime": 1060,
    "likes": 3,
    "likeViewers": 2,
    "averageLikes": 1,
    "chats": 4,
    "chatViewers": 2,
    "averageChats": 2.0,
    "productClicks": 3,
    "productClickViewers": 2,
    "averageProductClicks": 1.5,
    "bannerClicks": 1,
}


def figures(asking: Customer) -> dict[str, Any]:
    told = asking.stats(*THAT_DAY)[0]
    return {name: told[name] for name in BY_HAND}


def test_figures_are_counted_from_events() -> None:
    asking = customer()
    asking.write(campaign(events=EVENTS))
    assert figures(asking) == BY_HAND


def test_events_may_come_in_any_order() -> None:
    asking = customer()
    asking.write(campaign(events=EVENTS[::-1]))
    assert figures(asking) == BY_HAND


def test_events_count_once_they_happened() -> None:
    asking = customer().at("2026-11-22T08:09:59Z")
    asking.write(campaign(events=EVENTS))
    told = figures(asking)
    assert (told["totalViewers"], told["peakConcurrentViewers"], told["likes"]) == (3, 3, 0)
    assert told["totalViewingTime"] == 599 + 299  # a view counts as far as it came
    assert figures(asking.at("2026-11-22T09:00:00Z")) == BY_HAND


@pytest.mark.parametrize(
    ("views", "peak"),
    [
        ([], 0),
        ([(0, 60)], 1),
        ([(0, 60), (60, 60)], 1),
        ([(0, 61), (60, 60)], 2),
        ([(0, 60), (0, 60), (30, 10), (45, 5)], 3),
        ([(0, 10), (20, 10), (40, 10)], 1),
    ],
)
def test_the_peak_is_the_most_that_watched_at_once(views: list[tuple[int, int]], peak: int) -> None:
    asking = customer()
    events = [
        event(f"08:{at // 60:02}:{at % 60:02}", f"v{number}", "view", seconds=seconds)
        for number, (at, seconds) in enumerate(views)
    ]
    asking.write(campaign(events=events))
    assert figures(asking)["peakConcurrentViewers"] == peak


def test_a_campaign_without_events_or_figures_has_zeros() -> None:
    asking = customer()
    asking.write(campaign())
    assert set(figures(asking).values()) == {0}


def test_a_written_campaign_is_told_as_it_was_written() -> None:
    asking = customer()
    assert asking.write(campaign("first", id="77", title="Éclairs"), campaign("second")) == {"written": ["first", "second"]}
    second, first = asking.stats(*THAT_DAY)
    assert (first["campaignId"], first["title"], first["scheduledAt"], first["accessKey"]) == ("77", "Éclairs", None, THEIRS)
    assert second["campaignId"] not in ("77", "1234")


def test_a_campaign_takes_the_place_of_the_one_with_its_key() -> None:
    asking = customer()
    asking.write(campaign(title="Before"), campaign("other"))
    ids = {each["campaignKey"]: each["campaignId"] for each in asking.stats(*THAT_DAY)}
    asking.write(campaign(title="After", started_at="2026-11-22T08:30:00Z"))
    told = asking.stats(*THAT_DAY)
    assert [(each["campaignKey"], each["title"]) for each in told] == [("live", "After"), ("other", "Autumn")]
    assert {each["campaignKey"]: each["campaignId"] for each in told} == ids


def test_the_documents_campaign_can_be_written_anew() -> None:
    asking = customer(OURS)
    asking.write(campaign("1234fef8e8e3", access_key=OURS, started_at=EXAMPLE[0], ended_at=EXAMPLE[1], title="Mine"))
    told = asking.stats(*EXAMPLE, campaignKeys="1234fef8e8e3")
    assert [(each["campaignId"], each["title"], each["likes"]) for each in told] == [("1234", "Mine", 0)]


def test_customers_may_use_the_same_key() -> None:
    asking = customer()
    asking.write(campaign(title="Theirs"), campaign(access_key=OURS, title="Ours"))
    assert [each["title"] for each in asking.stats(*THAT_DAY)] == ["Theirs"]
    ours = Customer(asking.engine, OURS).stats(*THAT_DAY, campaignKeys="live")
    assert [each["title"] for each in ours] == ["Ours"]


def test_a_campaign_does_not_take_the_place_of_another_customers() -> None:
    asking = customer()
    with pytest.raises(Mistake):
        asking.write(campaign("1234fef8e8e3", id="1234"))


def test_a_campaign_with_an_id_of_null_keeps_its_id() -> None:
    asking = customer()
    asking.write(campaign())
    asking.write({**campaign(), "id": None})
    assert asking.keys(*THAT_DAY) == ["live"]


def test_a_made_up_campaign_can_be_written_anew() -> None:
    asking = customer(OURS)
    key = asking.keys(*THAT_DAY_BEFORE)[0]
    asking.write(campaign(key, access_key=OURS, started_at="2026-11-21T08:00:00Z", ended_at="2026-11-21T09:00:00Z"))
    assert asking.keys(*THAT_DAY_BEFORE).count(key) == 1


BAD: dict[str, dict[str, Any]] = {
    "no key": campaign(key=None),
    "an empty key": campaign(key=""),
    "a key that is a number": campaign(key=7),
    "a key with a hyphen": campaign(key="a-b"),
    "a key beyond ASCII": campaign(key="é"),
    "a key of 33": campaign(key="k" * 33),
    "no customer": campaign(access_key=None),
    "an unknown customer": campaign(access_key="nobody"),
    "no title": campaign(title=None),
    "an empty title": campaign(title=""),
    "a title that is a list": campaign(title=["a"]),
    "an unknown member": campaign(status="ONAIR"),
    "an id that is no number": campaign(id="one"),
    "a negative id": campaign(id=-1),
    "an id that is another's": campaign(id="1234"),
    "an end before the start": campaign(ended_at="2026-11-22T07:00:00Z"),
    "an end at the start": campaign(ended_at="2026-11-22T08:00:00Z"),
    "an end without a start": campaign(started_at=None),
    "a start that is no moment": campaign(started_at="soon"),
    "a start that is a number": campaign(started_at=1_795_334_400),
    "figures and events": campaign(figures={}, events=[]),
    "figures without an end": campaign(ended_at=None, figures={"viewers": 1}),
    "figures that are a list": campaign(figures=[1]),
    "an unknown figure": campaign(figures={"viewer": 1}),
    "a negative figure": campaign(figures={"viewers": -1}),
    "a figure with a fraction": campaign(figures={"viewers": 1.5}),
    "a figure that is true": campaign(figures={"viewers": True}),
    "an event that is text": campaign(events=["view"]),
    "an event without a moment": campaign(events=[{"viewer": "ann", "kind": "view"}]),
    "an event without a viewer": campaign(events=[{"at": "2026-11-22T08:00:00Z", "kind": "view"}]),
    "an event of no kind": campaign(events=[event("08:00:00", "ann", "wave")]),
    "an event with an unknown member": campaign(events=[event("08:00:00", "ann", "view", second=1)]),
    "a view of less than nothing": campaign(events=[event("08:00:00", "ann", "view", seconds=-1)]),
    "a view of a fraction": campaign(events=[event("08:00:00", "ann", "view", seconds=0.5)]),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_a_bad_campaign_is_a_mistake_and_nothing_is_written(bad: dict[str, Any]) -> None:
    asking = customer()
    asking.write(campaign("before"))
    with pytest.raises(Mistake):
        asking.write(campaign("good"), bad)
    assert asking.keys(*THAT_DAY) == ["before"]


FAR: dict[str, dict[str, Any]] = {
    "an id beyond int64": campaign(id=10**19),
    "a figure beyond int64": campaign(figures={"viewers": 2**63}),
    "a schedule in year 1": campaign(scheduled_at="0001-01-01T00:00:00Z"),
    "a schedule before year 1": campaign(scheduled_at="0001-01-01T00:00:00+14:00"),
    "a schedule after year 9999": campaign(scheduled_at="9999-12-31T23:59:59-12:00"),
    "a start in year 999": campaign(started_at="0999-01-01T00:00:00Z"),
}


@pytest.mark.parametrize("far", FAR.values(), ids=FAR)
def test_what_is_written_can_be_told_or_is_a_mistake(far: dict[str, Any]) -> None:
    asking = customer()
    try:
        asking.write(far)
    except Mistake:
        return
    assert asking.ask(*THAT_DAY).status == 200


@pytest.mark.parametrize("events", [5, None, True, 1.5])
def test_events_that_are_no_list_are_a_mistake(events: object) -> None:
    with pytest.raises(Mistake):
        customer().write({**campaign(), "events": events})


@pytest.mark.parametrize("said", [{}, {"campaigns": None}, {"campaigns": {}}, {"campaigns": [], "more": 1}, {"campaign": []}])
def test_what_is_written_is_a_list_of_campaigns(server: Server, said: Any) -> None:
    response = httpx.post(f"{server.url}/_mock/shoplive/campaigns", json=said)
    assert response.status_code == 400
    assert "campaigns" in response.json()["error"]


def test_campaigns_are_written_and_read_over_a_socket(server: Server) -> None:
    response = httpx.post(f"{server.url}/_mock/shoplive/campaigns", json={"campaigns": [campaign(events=EVENTS)]})
    assert (response.status_code, response.json()) == (200, {"written": ["live"]})
    asking = Customer(server.engine)
    told = httpx.get(
        f"{server.url}/v2/{THEIRS}/campaign/stats",
        params={"from": THAT_DAY[0], "to": THAT_DAY[1], "campaignKeys": "live,other"},
        headers={"Authorization": f"Bearer {asking.token()}"},
    )
    assert told.json()["results"][0].items() >= BY_HAND.items()


def test_a_bad_campaign_over_a_socket_is_told_and_not_written(server: Server) -> None:
    said = {"campaigns": [campaign("good"), campaign("bad", access_key="a1b2c3d5")]}
    response = httpx.post(f"{server.url}/_mock/shoplive/campaigns", json=said)
    assert response.status_code == 400
    assert "a1b2c3d4" in response.json()["error"]  # the nearest
    assert Customer(server.engine).keys(*THAT_DAY) == []


def test_worlds_keep_their_campaigns_to_themselves(server: Server) -> None:
    server.worlds.open("elsewhere")
    httpx.post(f"{server.url}/worlds/elsewhere/_mock/shoplive/campaigns", json={"campaigns": [campaign()]})
    elsewhere = Customer(server.worlds.get("elsewhere"))
    assert (Customer(server.engine).keys(*THAT_DAY), elsewhere.keys(*THAT_DAY)) == ([], ["live"])
    httpx.post(f"{server.url}/worlds/elsewhere/_mock/reset")
    assert elsewhere.keys(*THAT_DAY) == []


def test_a_fork_keeps_what_was_written_and_goes_its_own_way() -> None:
    asking = customer()
    asking.write(campaign("both"))
    twin = Customer(asking.engine.fork())
    twin.write(campaign("twin"))
    asking.write(campaign("first"))
    assert (asking.keys(*THAT_DAY), twin.keys(*THAT_DAY)) == (["first", "both"], ["twin", "both"])


def test_a_world_file_is_held_to_the_same() -> None:
    for name in ("an unknown customer", "an end before the start", "figures without an end"):
        with pytest.raises(Mistake, match="the world: "):
            engine_of({**DEMO, "shoplive": {**DEMO["shoplive"], "campaigns": [BAD[name]]}})


def test_a_secret_that_is_not_base64_is_a_mistake() -> None:
    with pytest.raises(Mistake, match="the secret_key of a is not base64"):
        engine_of({"shoplive": {"customers": [{"access_key": "a", "secret_key": "?"}]}})


def test_campaigns_are_no_business_of_criteos(client: Client) -> None:
    asking = Customer(client.engine)
    before = client.search().json()["meta"]
    asking.write(campaign())
    assert client.search().json()["meta"] == before


def test_who_watches_twice_at_a_time_watches_once() -> None:
    asking = customer()
    views = [event(f"08:0{minute}:00", "v", "view", seconds=300) for minute in (0, 1)]
    asking.write(campaign(events=views))
    told = figures(asking)
    assert (told["totalViewers"], told["peakConcurrentViewers"]) == (1, 1)


@pytest.mark.parametrize("member", ["login", "new"])
def test_whether_a_viewer_is_known_is_true_or_false(member: str) -> None:
    with pytest.raises(Mistake, match="true or false"):
        customer().write(campaign(events=[event("08:00:00", "v", "view", **{member: "no"})]))


def test_a_campaign_that_was_given_an_id_can_be_written_again() -> None:
    asking = customer()
    asking.write(campaign(key="largest", id=999_999_999_999))
    for _ in range(2):
        assert asking.write(campaign(key="next")) == {"written": ["next"]}


def test_a_part_of_a_campaign_is_never_more_than_the_whole() -> None:
    asking = customer()
    early = [event("07:30:00", "early", "view", seconds=60), event("07:40:00", "early", "like")]
    asking.write(campaign(events=[*early, event("08:10:00", "v", "view", seconds=60)]))
    whole = figures(asking)
    part = figures(asking.read(campaign_activity="period-only"))
    assert all(part[name] <= whole[name] for name in whole if isinstance(whole[name], int | float))
