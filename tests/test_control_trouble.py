"""The control plane over a socket: faults, journal, snapshots, differences."""

from typing import Any

import httpx
import pytest
from over_http import SEGMENTS, authorization, create
from test_control import assert_mistake, total


def search(web: httpx.Client, headers: dict[str, str], root: str = "") -> httpx.Response:
    return web.post(f"{root}{SEGMENTS}/search?limit=0", json={}, headers=headers)


def test_a_fault_strikes_counts_and_is_taken_back(web: httpx.Client) -> None:
    headers = authorization(web)
    said = {"effect": "status", "status": 503, "operation": "searchAudienceSegments", "nth": 2}
    (fault,) = web.post("/_mock/faults", json=said).json()["faults"]
    assert {name: fault[name] for name in said} == said
    assert [search(web, headers).status_code for _ in range(3)] == [200, 503, 200]
    (fault,) = web.get("/_mock/faults").json()["faults"]
    assert (fault["aimed"], fault["struck"]) == (3, 1)
    assert web.delete(f"/_mock/faults/{fault['name']}").json() == {"removed": [fault["name"]]}
    assert web.get("/_mock/faults").json() == {"faults": []}


def test_of_several_faults_all_are_set_or_none(web: httpx.Client) -> None:
    good, bad = {"effect": "lost", "operation": "searchAudiences"}, {"effect": "lost", "operation": "searchAudience"}
    assert_mistake(web.post("/_mock/faults", json={"faults": [good, bad]}), "did you mean 'searchAudiences'?")
    assert web.get("/_mock/faults").json() == {"faults": []}
    assert len(web.post("/_mock/faults", json={"faults": [good, good]}).json()["faults"]) == 2
    assert len(web.delete("/_mock/faults").json()["removed"]) == 2


def test_a_delay_tells_its_percentiles(web: httpx.Client) -> None:
    quantiles = [[0.5, 0.2], [0.95, 2], [1, 8]]
    (fault,) = web.post("/_mock/faults", json={"effect": "delay", "quantiles": quantiles, "caller": "nobody"}).json()["faults"]
    assert fault["percentiles"] == {"p50": 0.2, "p95": 2.0, "p99": 6.8}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"effect": "statsu"}, "did you mean 'status'?"),
        ({"effect": "status"}, "needs 'status'"),
        ({"effect": "status", "status": 503, "operaton": "x"}, "did you mean 'operation'?"),
        ({"effect": "status", "status": "503"}, "'status'"),
        ({"effect": "lost", "version": "2026-08"}, "did you mean '2026-0"),
        ({"effect": "lost", "nth": 0}, "1 or more"),
        ({"faults": {}}, "list"),
        ({"faults": [3]}, "object"),
        ({}, "a fault needs an 'effect'"),
    ],
)
def test_a_fault_that_cannot_be_is_told(web: httpx.Client, said: Any, told: str) -> None:
    assert_mistake(web.post("/_mock/faults", json=said), told)


def test_an_unknown_fault_is_told(web: httpx.Client) -> None:
    assert_mistake(web.delete("/_mock/faults/fault-9"), "unknown fault 'fault-9'")


def test_the_journal_tells_the_calls_and_why_one_was_refused(web: httpx.Client) -> None:
    headers = authorization(web)
    create(web, "Segment Name", headers=headers)
    journal = web.get("/_mock/journal").json()
    assert [each["operation"] for each in journal["calls"]] == ["requestToken", "bulkCreateAudienceSegments"]
    assert (journal["count"], journal["evicted"]) == (2, 0)
    last = journal["calls"][-1]
    assert last["problems"] == [{"code": "name-must-be-unique", "pointer": "data/0/attributes/name"}]
    assert web.get(f"/_mock/journal/{last['number']}").json() == last
    why = web.get(f"/_mock/journal/{last['number']}/why").json()
    assert why["objections"][0]["evidence"]["kind"] == "guide"
    assert why["nearest"]["request"]["body"]["data"][0]["attributes"]["name"] == "Segment Name 2"
    assert headers["authorization"].removeprefix("Bearer ") not in web.get("/_mock/journal").text
    assert web.delete("/_mock/journal").json() == {"forgotten": 2}
    assert web.get("/_mock/journal").json() == {"calls": [], "count": 0, "evicted": 0}


def test_the_journal_is_filtered_by_query(web: httpx.Client) -> None:
    headers = authorization(web)
    search(web, headers)
    search(web, {"authorization": "Bearer nobody"})

    def found(query: str) -> list[int]:
        return [each["number"] for each in web.get(f"/_mock/journal?{query}").json()["calls"]]

    assert found("operation=searchAudienceSegments") == [2, 3]
    assert found("status=401") == [3]
    assert found("caller=demo-client") == [1, 2]
    assert found("version=2026-07&status=200") == [2]
    assert found("last=1") == [3]
    assert_mistake(web.get("/_mock/journal?operatoin=x"), "did you mean 'operation'?")
    for wrong in ("few", "%C2%B2", "9" * 5000, "-1"):
        assert_mistake(web.get(f"/_mock/journal?last={wrong}"), "number of calls")
    assert_mistake(web.get("/_mock/journal/99/why"), "unknown entry")
    assert_mistake(web.get("/_mock/journal/last/why"), "by its number")


def test_a_world_goes_back_to_a_snapshot(web: httpx.Client) -> None:
    before = total(web)
    assert web.post("/_mock/snapshots", json={"name": "before"}).json() == {"name": "before"}
    create(web, "To be undone")
    web.post("/_mock/clock", json={"advance": 60})
    (change,) = web.get("/_mock/diff?since=before").json()["changes"]
    assert (change["what"], change["kind"], change["after"]["name"]) == ("added", "segment", "To be undone")
    assert web.post("/_mock/snapshots/before/restore").json() == {"restored": "before"}
    assert total(web) == before
    assert web.get("/_mock/diff").json() == {"changes": []}
    assert [each["name"] for each in web.get("/_mock/snapshots").json()["snapshots"]] == ["before"]
    assert web.delete("/_mock/snapshots/before").json() == {"forgotten": ["before"]}
    assert_mistake(web.delete("/_mock/snapshots/before"), "unknown snapshot 'before'")
    assert web.delete("/_mock/snapshots").json() == {"forgotten": []}


def test_each_world_has_its_own_faults_journal_and_snapshots(web: httpx.Client) -> None:
    web.post("/_mock/worlds", json={"name": "other"})
    web.post("/worlds/other/_mock/faults", json={"effect": "status", "status": 500})
    web.post("/worlds/other/_mock/snapshots", json={"name": "mine"})
    headers = authorization(web)
    assert (search(web, headers).status_code, search(web, headers, "/worlds/other").status_code) == (200, 500)
    assert len(web.get("/worlds/other/_mock/journal").json()["calls"]) == 1
    assert web.get("/_mock/snapshots").json() == {"snapshots": []}


@pytest.mark.parametrize("name", [None, 3, "", "a/b", "x" * 65, "a\nb"])
def test_a_snapshot_has_a_sound_name(web: httpx.Client, name: Any) -> None:
    assert_mistake(web.post("/_mock/snapshots", json={} if name is None else {"name": name}), "")


def test_an_unknown_snapshot_is_told_with_the_nearest(web: httpx.Client) -> None:
    web.post("/_mock/snapshots", json={"name": "before"})
    assert_mistake(web.post("/_mock/snapshots/befor/restore"), "did you mean 'before'?")
    assert_mistake(web.get("/_mock/diff?since=befor"), "did you mean 'before'?")
    assert_mistake(web.get("/_mock/diff?sinse=before"), "did you mean 'since'?")
