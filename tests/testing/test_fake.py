"""The fake as a test holds it: time, faults, readings, the journal's claims, worlds that go back and differ."""

import asyncio
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
import respx
from conftest import ACCOUNT

from mockserver import testing
from mockserver.mistake import Mistake
from mockserver.testing import CallsSpent, Delay, Fake, Fault, Lost, Revoked, Status, Throttled, compose, faked, respond

WEB = httpx.Client()  # making one takes longer than the calls
SEGMENTS = f"https://api.criteo.com/2026-07/retail-media/accounts/{ACCOUNT}/audience-segments"


def authorization(fake: Fake) -> dict[str, str]:
    return {"authorization": f"Bearer {fake.token()}"}


def create(fake: Fake, name: str) -> httpx.Response:
    attributes = {"name": name, "retailerId": "12", "contactList": {"identifierType": "Email"}}
    return WEB.post(f"{SEGMENTS}/create", json={"data": [{"attributes": attributes}]}, headers=authorization(fake))


def search(headers: dict[str, str], **options: Any) -> httpx.Response:
    return WEB.post(f"{SEGMENTS}/search?limit=0", json={}, headers=headers, **options)


def test_two_fakes_know_nothing_of_each_other_and_the_last_opened_is_reached() -> None:
    with faked() as outer:
        create(outer, "Outer")
        with faked() as inner:
            assert create(inner, "Outer").json()["warnings"] == []
        assert create(outer, "Outer").json()["warnings"][0]["code"] == "name-must-be-unique"
        assert (len(outer.diff()), len(inner.diff())) == (1, 1)


def test_a_token_expires_when_time_is_advanced_past_its_age() -> None:
    with faked() as fake:
        headers = authorization(fake)
        fake.clock.advance(minutes=14, seconds=59)
        assert search(headers).status_code == 200
        fake.clock.advance(1)
        refused = search(headers)
        assert (refused.status_code, refused.json()["errors"][0]["code"]) == (401, "authorization-token-expired")


def test_a_clock_takes_moments_and_durations_in_every_form() -> None:
    with faked(clock="2026-03-01T00:00:00Z") as fake:
        fake.clock.advance(timedelta(days=1))
        fake.clock.advance(hours=2)
        assert fake.clock.time.isoformat() == "2026-03-02T02:00:00+00:00"
        fake.clock.freeze(datetime(2026, 7, 1, tzinfo=ZoneInfo("Europe/Paris")))
        assert fake.clock.time.isoformat() == "2026-06-30T22:00:00+00:00"
        fake.clock.set("2026-08-01T00:00:00Z")
        fake.clock.resume()
        assert not fake.clock.frozen
        with pytest.raises(Mistake, match="0 seconds or more"):
            fake.clock.advance(-1)


def test_a_month_of_nightly_syncs_with_a_token_every_quarter_of_an_hour_takes_no_time() -> None:
    """2,880 tokens, over the end of summer time in Paris and in New York."""
    zones = [ZoneInfo("Europe/Paris"), ZoneInfo("America/New_York")]
    started = time.perf_counter()
    with faked(clock="2026-10-10T00:00:00Z", rate_limit=250) as fake, httpx.Client() as client:
        synced, offsets, tokens = set(), set(), 0
        for _ in range(30 * 96):
            headers = authorization(fake)
            tokens += 1
            here = fake.clock.time.astimezone(zones[0])
            offsets |= {(zone.key, fake.clock.time.astimezone(zone).utcoffset()) for zone in zones}
            if here.hour == 2 and here.date() not in synced:  # the hour that comes twice is synced once
                synced.add(here.date())
                answer = client.post(f"{SEGMENTS}/search?limit=500", json={}, headers=headers)
                assert len(answer.json()["data"]) == 424
            fake.clock.advance(minutes=15)
        assert search(headers).status_code == 401
        assert (tokens, len(synced), len(offsets)) == (2880, 30, 4)
        assert fake.journal[-1].response.status == 401
        assert len(fake.journal.calls("searchAudienceSegments", status=401)) == 1
    assert time.perf_counter() - started < 60, "nothing slept"


def test_a_late_answer_moves_the_clock_or_times_the_client_out() -> None:
    with faked([Fault(effect=Delay(seconds=30), operation="searchAudienceSegments")]) as fake:
        headers, before = authorization(fake), fake.clock.now()
        assert search(headers, timeout=60).status_code == 200
        assert fake.clock.now() == before + 30
        with pytest.raises(httpx.ReadTimeout):
            search(headers, timeout=10)
        assert fake.clock.now() == before + 40


def test_what_was_asked_is_done_though_the_answer_was_lost() -> None:
    with faked() as fake:
        fake.faults.add(Lost(), operation="bulkCreateAudienceSegments", times=1)
        with pytest.raises(httpx.RemoteProtocolError):
            create(fake, "Mine")
        assert [change.what for change in fake.diff()] == ["added"]
        assert create(fake, "Mine").json()["warnings"][0]["code"] == "name-must-be-unique"


def test_a_token_that_was_revoked_is_good_no_more_and_another_is() -> None:
    with faked() as fake:
        headers = authorization(fake)
        armed = fake.faults.add(Revoked(), times=1, operation="searchAudienceSegments")
        assert [search(headers).status_code for _ in range(3)] == [401, 401, 401]
        assert (search(authorization(fake)).status_code, armed.struck) == (200, 1)


def test_a_fault_for_what_is_not_there_is_a_mistake_at_once() -> None:
    with faked() as fake:
        with pytest.raises(Mistake, match="did you mean 'searchAudiences'"):
            fake.faults.add(Status(503), operation="searchAudience")
        with pytest.raises(Mistake, match="did you mean 'demo'"), faked(world="dem"):
            pass
        with pytest.raises(Mistake, match="1 or more"):
            fake.faults.add(Status(503), nth=0)
        with pytest.raises(Mistake, match="unknown snapshot"):
            fake.restore("never")
        with pytest.raises(Mistake, match="did you mean 'contact-list-clear'"):
            fake.readings["contact-list-clean"] = "204"
        with pytest.raises(Mistake, match="did you mean '204'"):
            fake.readings["contact-list-clear"] = "20"
        with pytest.raises(Mistake, match="always one way or another"):
            del fake.readings["contact-list-clear"]
        assert len(fake.faults) == 0


def test_a_world_goes_back_to_a_snapshot_and_to_its_beginning() -> None:
    with faked() as fake:
        create(fake, "First")
        fake.snapshot()
        create(fake, "Second")
        fake.readings["match-rate"] = "percentage"
        fake.clock.advance(60)
        assert [each.after["name"] for each in fake.diff("snapshot") if each.after] == ["Second"]
        fake.restore()
        assert ([each.after["name"] for each in fake.diff() if each.after], fake.readings["match-rate"]) == (
            ["First"],
            "fraction",
        )
        fake.reset()
        assert fake.diff() == []
        fake.restore()
        assert len(fake.diff()) == 1


def test_a_fork_has_the_same_past_and_its_own_future() -> None:
    with faked() as fake:
        create(fake, "First")
        with fake.trial([Fault(effect=Status(500), operation="searchAudiences")], {"contact-list-clear": "204"}) as twin:
            assert create(twin, "First").json()["warnings"] != []
            create(twin, "Second")
            assert (len(twin.faults), twin.readings["contact-list-clear"]) == (1, "204")
        assert (len(fake.diff()), len(fake.faults), fake.readings["contact-list-clear"]) == (1, 0, "200-body")


def test_the_journal_finds_calls_by_everything_that_is_wanted() -> None:
    with faked() as fake:
        create(fake, "Mine")
        search(authorization(fake))
        search({"authorization": "Bearer nonsense"})
        calls = fake.journal
        assert [each.response.status for each in calls.calls("searchAudienceSegments")] == [200, 401]
        assert len(calls.calls(caller="demo-client")) == 2
        assert len(calls.calls(version="2026-07", method="POST", status=200)) == 2
        body = {"data": [{"attributes": {"name": "Mine"}}]}
        calls.assert_called("bulkCreateAudienceSegments", times=1, body=body, answer=body)
        form = {"grant_type": "client_credentials", "client_id": "demo-client", "client_secret": "demo-secret"}
        assert WEB.post("https://api.criteo.com/oauth2/token", data=form).status_code == 200
        calls.assert_called("requestToken", body={"grant_type": "client_credentials"}, times=1)
        calls.assert_not_called("searchAudiences")
        calls.clear()
        assert len(calls) == 0


def test_a_claim_that_fails_tells_which_call_came_closest_and_how_it_differs() -> None:
    with faked() as fake:
        create(fake, "Mine")
        with pytest.raises(AssertionError) as caught:
            fake.journal.assert_called(
                "bulkCreateAudienceSegments", status=200, body={"data": [{"attributes": {"name": "Yours", "retailerId": "12"}}]}
            )
    told = str(caught.value).splitlines()
    assert told[0].startswith("wanted once or more, seen 0 times: operation='bulkCreateAudienceSegments', status=200")
    assert told[1].startswith("The closest of 1: #1 ")
    assert told[2:] == ["  body.data[0].attributes.name: wanted 'Yours', was 'Mine'"]


def test_a_claim_masks_identifiers_and_says_when_calls_are_missing() -> None:
    with faked() as fake:
        fake.world.journal.entries = 2
        for name in ("one", "two", "three"):
            create(fake, name)
        with pytest.raises(AssertionError, match="1 earlier calls are not in the journal any more"):
            fake.journal.assert_called(body={"data": {"attributes": {"identifiers": ["eve@example.com"]}}})
        with pytest.raises(AssertionError) as caught:
            fake.journal.assert_called(body={"data": {"attributes": {"identifiers": ["eve@example.com"]}}})
        assert "eve@" not in str(caught.value).partition("\n")[2]


def test_a_claim_about_what_is_not_there_is_a_mistake_not_a_failure() -> None:
    with faked() as fake:
        with pytest.raises(Mistake, match="did you mean 'searchAudiences'"):
            fake.journal.assert_not_called("searchAudience")
        with pytest.raises(Mistake, match="did you mean 'status'"):
            fake.journal.calls(statu=200)
        with pytest.raises(Mistake, match="no call in the journal was refused"):
            fake.journal.why()


def test_why_is_asked_of_the_last_call_that_met_an_objection() -> None:
    with faked() as fake:
        create(fake, "Segment Name")
        search(authorization(fake))
        assert fake.journal.why()["objections"][0]["rule"] == "name-must-be-unique"


def test_the_readings_that_calls_depended_on_are_remembered_over_a_reset() -> None:
    with faked() as fake:
        assert fake.readings.touched() == []
        search(authorization(fake))
        touched = {"empty-problem-lists", "segment-resource-type"}
        assert touched <= set(fake.readings.touched())
        assert "default-page-size" in fake.readings.touched(), "what an operation takes varies with it"
        assert "contact-list-clear" not in fake.readings.touched()
        fake.reset()
        fake.readings["match-rate"] = "percentage"
        assert touched <= set(fake.readings.touched())


def test_eight_threads_make_as_many_segments_as_they_ask_for() -> None:
    with faked(rate_limit="off") as fake:
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda number: create(fake, f"list {number}").json(), range(200)))
        ids = {answer["data"][0]["id"] for answer in answers}
        assert (len(ids), len(fake.diff())) == (200, 200)


def test_an_async_client_may_be_told_to_sleep_by_the_clock() -> None:
    async def work(fake: Fake) -> int:
        async with httpx.AsyncClient() as client:
            await fake.async_wait(3600)
            answer = await client.post(f"{SEGMENTS}/search?limit=0", json={}, headers=authorization(fake))
            return answer.status_code

    with faked() as fake:
        before = fake.clock.now()
        assert asyncio.run(work(fake)) == 200
        assert fake.clock.now() == before + 3600


def test_respx_stays_in_charge_of_other_hosts_and_may_route_to_the_fake() -> None:
    with faked() as fake, respx.mock(assert_all_called=True) as router:
        router.get("https://example.com/").respond(204)
        router.route(host="proxy.example").mock(side_effect=lambda request: respond(fake, request))
        assert WEB.get("https://example.com/").status_code == 204
        assert search(authorization(fake)).status_code == 200
        other = SEGMENTS.replace("api.criteo.com", "proxy.example")
        assert WEB.post(f"{other}/search", json={}, headers=authorization(fake)).status_code == 200


def test_a_token_for_nobody_is_told() -> None:
    with faked() as fake, pytest.raises(ValueError, match="no token for client_id=nobody"):
        fake.token("nobody", "secret")


def test_shoplive_is_reached_at_its_own_host() -> None:
    with faked() as fake:
        answer = WEB.get("https://private.shopliveapi.com/v2/a1b2c3d4/campaign/stats")
        assert (answer.status_code, answer.json()["_s"]) == (401, -102)
        fake.journal.assert_called("retrieveCampaignStats", caller=None, status=401)


def test_the_kit_offers_what_it_says() -> None:
    assert {name: getattr(testing, name).__name__ for name in testing.__all__} == {name: name for name in testing.__all__}
    with pytest.raises(AttributeError, match="no attribute 'Fakes'"):
        testing.Fakes  # noqa: B018


def test_a_window_that_was_shut_stays_so_until_it_turns() -> None:
    with faked() as fake:
        headers = authorization(fake)
        fake.faults.add(Throttled(reset=7), nth=1)
        assert [search(headers).status_code for _ in range(3)] == [429, 429, 429]
        assert search({"authorization": f"Bearer {fake.token('reader-client', 'reader-secret')}"}).status_code == 200
        fake.clock.advance(6.5)
        refused = search(headers)
        assert (refused.status_code, int(refused.headers["x-ratelimit-reset"]) - fake.now()) == (429, 0.5)
        fake.clock.advance(0.5)
        assert search(headers).status_code == 200


def test_a_client_that_never_gives_up_is_ended() -> None:
    def stubborn(fake: Fake) -> None:
        while True:
            with suppress(Exception):
                search(authorization(fake)).raise_for_status()

    with faked([Fault(effect=Status(503))], most_calls=50) as fake:
        with pytest.raises(CallsSpent, match="50 calls"):
            stubborn(fake)
        assert len(fake.journal) == 50


def test_sleeping_by_the_clock_reaches_those_who_imported_sleep_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    client = ModuleType("a_client")
    client.__dict__.update(sleep=time.sleep, time=time.time, nap=asyncio.sleep)
    monkeypatch.setitem(sys.modules, "a_client", client)
    with faked(sleep="clock") as fake:
        before = fake.now()
        assert client.time() == time.time() == before
        client.sleep(60)
        time.sleep(60)
        assert (fake.now(), time.time()) == (before + 120, before + 120)
    assert client.sleep is time.sleep
    assert client.time is time.time


def test_somebody_else_is_neither_struck_nor_noted() -> None:
    with faked([Fault(effect=Status(503))]) as fake:
        attributes = {"name": "Theirs", "retailerId": "12", "contactList": {"identifierType": "Email"}}
        path = SEGMENTS.removeprefix("https://api.criteo.com") + "/create"
        said = compose("POST", path, json={"data": [{"attributes": attributes}]}, headers=authorization(fake))
        assert fake.handle_aside(said).status == 200
        assert (len(fake.journal), len(fake.diff()), fake.handle(said).status) == (0, 1, 503)


def test_a_want_that_no_call_can_meet_is_a_mistake() -> None:
    with faked() as fake:
        for want in ({"status": "200"}, {"version": "2026-7"}, {"method": "post"}, {"path": "x"}, {"path": "/x?y=1"}):
            with pytest.raises(Mistake):
                fake.journal.assert_not_called(**want)
        with pytest.raises(Mistake, match="'times' is a whole number"):
            fake.journal.assert_called(times=-1)


def test_a_fault_that_struck_nobody_is_told() -> None:
    with faked() as fake:
        fault = fake.faults.add(Status(503), operation="searchAudiences")
        with pytest.raises(AssertionError, match=r"fault-1: Fault.*searchAudiences.*aimed at 0 calls"):
            fake.faults.assert_all_struck()
        fake.faults.remove(fault)
        fake.faults.assert_all_struck()
        with pytest.raises(Mistake, match="did you mean 'operation'"):
            fake.faults.add(Status(503), operatoin="searchAudiences")
        with pytest.raises(Mistake, match="the fault has its own aim"):
            fake.faults.add(Fault(effect=Lost()), times=1)


def test_the_journal_is_a_sequence() -> None:
    with faked() as fake:
        headers = authorization(fake)
        search(headers)
        search({})
        assert (fake.journal[0].response.status, fake.journal[-1].response.status) == (200, 401)


def test_how_often_something_was_called_is_not_claimed_when_calls_are_missing() -> None:
    with faked() as fake:
        fake.world.journal.entries = 1
        create(fake, "Mine")
        search(authorization(fake))
        for claim in (
            {"operation": "bulkCreateAudienceSegments", "times": 0},
            {"operation": "searchAudienceSegments", "times": 1},
        ):
            with pytest.raises(AssertionError, match="1 earlier calls are not in the journal any more"):
                fake.journal.assert_called(**claim)
        with pytest.raises(AssertionError, match="says nothing of them"):
            fake.journal.assert_not_called("bulkCreateAudienceSegments")
        fake.journal.assert_called("searchAudienceSegments")
