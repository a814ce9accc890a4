"""The control plane over a socket: worlds, clock, readings, settings, contracts."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from over_http import CREDENTIALS, NOW, SEGMENTS, authorization, create

from mockserver import __version__
from mockserver.providers import PROVIDERS


def total(web: httpx.Client, root: str = "") -> int:
    answer = web.post(f"{root}{SEGMENTS}/search?limit=0", json={}, headers=authorization(web, root))
    return int(answer.json()["meta"]["totalItems"])


def assert_mistake(answer: httpx.Response, text: str, status: int = 400) -> None:
    assert answer.status_code == status
    assert list(answer.json()) == ["error"]
    assert text in answer.json()["error"]


def test_health_tells_the_version_and_the_time_of_the_world(web: httpx.Client) -> None:
    answer = web.get("/_mock/health")
    well = {"status": "ok", "live": True, "ready": True, "troubles": {}}
    assert (answer.status_code, answer.json()) == (200, well | {"version": __version__, "now": NOW})
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("path", ["/_mock", "/_mock/"])
def test_the_index_lists_every_control(web: httpx.Client, path: str) -> None:
    index = web.get(path).json()
    assert index["/_mock/clock"] == ["GET", "POST"]
    assert {"/_mock/health", "/_mock/reset", "/_mock/worlds", "/_mock/readings", "/_mock/settings"} < set(index)


def test_a_reset_brings_back_state_clock_readings_and_settings(web: httpx.Client) -> None:
    before = total(web)
    create(web, "To be forgotten")
    web.post("/_mock/clock", json={"advance": 60})
    web.patch("/_mock/readings", json={"match-rate": "percentage"})
    web.patch("/_mock/settings", json={"rate_limit": 5})
    assert web.post("/_mock/reset").json() == {"reset": True}
    assert total(web) == before
    assert web.get("/_mock/clock").json()["now"] == NOW
    assert web.get("/_mock/readings").json()["readings"]["match-rate"]["chosen"] == "fraction"
    assert web.get("/_mock/settings").json() == {"rate_limit": "off", "seed": 0}


def test_a_clock_that_stands_still_is_moved_by_hand(web: httpx.Client) -> None:
    assert web.get("/_mock/clock").json() == {"now": NOW, "epoch": 1795341600.0, "frozen": True}
    assert web.post("/_mock/clock", json={"advance": 1.5}).json()["now"] == "2026-11-22T10:00:01.500Z"
    assert web.post("/_mock/clock", json={"now": "2027-01-01"}).json()["now"] == "2027-01-01T00:00:00.000Z"
    assert web.post("/_mock/clock", json={"freeze": "2026-05-05T00:00:00+02:00"}).json()["now"] == "2026-05-04T22:00:00.000Z"
    assert web.get("/_mock/clock").json()["frozen"] is True


def test_a_resumed_clock_runs_on_from_where_it_stood_until_it_is_frozen(web: httpx.Client) -> None:
    running = web.post("/_mock/clock", json={"resume": True}).json()
    assert (running["frozen"], running["now"][:16]) == (False, NOW[:16])
    assert web.post("/_mock/clock", json={"now": "2030-01-01T12:00:00Z"}).json()["frozen"] is False
    frozen = web.post("/_mock/clock", json={"freeze": True}).json()
    assert (frozen["frozen"], frozen["now"][:16]) == (True, "2030-01-01T12:00")
    assert web.get("/_mock/clock").json() == frozen


def test_several_moves_of_the_clock_are_made_in_one_call(web: httpx.Client) -> None:
    said = {"advance": 10, "freeze": True, "now": "2026-12-24T18:00:00Z"}
    assert web.post("/_mock/clock", json=said).json()["now"] == "2026-12-24T18:00:10.000Z"


def test_the_clock_expires_tokens(web: httpx.Client) -> None:
    headers = authorization(web)
    web.post("/_mock/clock", json={"advance": 900})
    assert create(web, "Too late", headers=headers).json()["errors"][0]["code"] == "authorization-token-expired"


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ({"advance": -1}, "to go back, set another time"),
        ({"advance": "5"}, "number of seconds, not '5'"),
        ({"advance": True}, "number of seconds, not True"),
        ({"advance": None}, "number of seconds"),
        ({"advance": 1e300}, "years 1970 to 9989"),
        ({"now": "tomorrow"}, "written like 2026-01-15T10:00:00Z, not 'tomorrow'"),
        ({"now": 1795341600}, "written like"),
        ({"now": None}, "written like"),
        ({"now": "1969-12-31"}, "years 1970 to 9989"),
        ({"now": "9999-12-31T23:59:59-14:00"}, "years 1970 to 9989"),
        ({"now": "0001-01-01T00:00:00+14:00"}, "years 1970 to 9989"),
        ({"freeze": "x"}, "written like"),
        ({"freeze": 5}, "written like"),
        ({"advence": 5}, "did you mean 'advance'"),
    ],
)
def test_a_clock_that_cannot_be_set_so_is_left_alone(web: httpx.Client, said: dict[str, Any], text: str) -> None:
    assert_mistake(web.post("/_mock/clock", json=said), text)
    assert web.get("/_mock/clock").json()["now"] == NOW


def test_of_several_moves_of_the_clock_all_are_made_or_none(web: httpx.Client) -> None:
    assert_mistake(web.post("/_mock/clock", json={"now": "2030-01-01", "advance": "bad"}), "number of seconds")
    assert web.get("/_mock/clock").json()["now"] == NOW


def test_a_new_world_is_as_the_server_began(web: httpx.Client) -> None:
    before = total(web)
    create(web, "In the default world")
    assert web.post("/_mock/worlds", json={"name": "a"}).json() == {"name": "a", "root": "/worlds/a"}
    assert (total(web), total(web, "/worlds/a")) == (before + 1, before)


def test_worlds_know_nothing_of_each_other(web: httpx.Client) -> None:
    for name in ("a", "b"):
        web.post("/_mock/worlds", json={"name": name})
    before = total(web)
    create(web, "Only in a", "/worlds/a")
    web.post("/worlds/a/_mock/clock", json={"advance": 60})
    web.patch("/worlds/a/_mock/readings", json={"match-rate": "percentage"})
    web.patch("/worlds/a/_mock/settings", json={"rate_limit": 9})
    assert [total(web, root) for root in ("", "/worlds/a", "/worlds/b")] == [before, before + 1, before]
    for root in ("", "/worlds/b"):
        assert web.get(f"{root}/_mock/clock").json()["now"] == NOW
        assert web.get(f"{root}/_mock/readings").json()["readings"]["match-rate"]["chosen"] == "fraction"
        assert web.get(f"{root}/_mock/settings").json()["rate_limit"] == "off"


def test_a_world_can_begin_as_another_now_is_and_comes_back_to_that(web: httpx.Client) -> None:
    web.post("/_mock/worlds", json={"name": "a"})
    create(web, "First", "/worlds/a")
    web.post("/worlds/a/_mock/clock", json={"advance": 60})
    web.post("/_mock/worlds", json={"name": "b", "from": "a"})
    known = total(web, "/worlds/a")
    create(web, "Second", "/worlds/b")
    assert (total(web, "/worlds/a"), total(web, "/worlds/b")) == (known, known + 1)
    web.post("/worlds/b/_mock/reset")
    assert total(web, "/worlds/b") == known
    assert web.get("/worlds/b/_mock/clock").json()["now"] == "2026-11-22T10:01:00.000Z"


def test_the_default_world_has_a_root_like_the_others(web: httpx.Client) -> None:
    create(web, "By its name", "/worlds/default")
    assert total(web) == total(web, "/worlds/default")


def test_worlds_are_listed_with_their_roots_and_closed(web: httpx.Client) -> None:
    for name in ("b", "a.1_x-y"):
        web.post("/_mock/worlds", json={"name": name})
    assert web.get("/_mock/worlds").json()["worlds"] == [
        {"name": "a.1_x-y", "root": "/worlds/a.1_x-y"},
        {"name": "b", "root": "/worlds/b"},
        {"name": "default", "root": "/"},
    ]
    assert web.delete("/_mock/worlds/b").json() == {"closed": ["b"]}
    assert web.delete("/_mock/worlds").json() == {"closed": ["a.1_x-y"]}
    assert [each["name"] for each in web.get("/_mock/worlds").json()["worlds"]] == ["default"]


def test_a_closed_world_is_gone_and_its_name_is_free(web: httpx.Client) -> None:
    web.post("/_mock/worlds", json={"name": "a"})
    create(web, "Gone", "/worlds/a")
    before = total(web)
    web.delete("/_mock/worlds/a")
    assert web.get("/worlds/a/_mock/health").status_code == 404
    web.post("/_mock/worlds", json={"name": "a"})
    assert total(web, "/worlds/a") == before


@pytest.mark.parametrize("path", ["/worlds/defalt/oauth2/token", "/worlds/defalt/_mock/health", "/worlds/defalt"])
def test_an_unknown_world_names_the_nearest(web: httpx.Client, path: str) -> None:
    assert_mistake(web.get(path), "unknown world 'defalt'; did you mean 'default'?", 404)


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ({}, "needs a name"),
        ({"name": 5}, "needs a name"),
        ({"name": ""}, "1 to 64 letters"),
        ({"name": "a b"}, "1 to 64 letters"),
        ({"name": "a/b"}, "1 to 64 letters"),
        ({"name": ".."}, "1 to 64 letters"),
        ({"name": "é"}, "1 to 64 letters"),
        ({"name": "n" * 65}, "1 to 64 letters"),
        ({"name": "default"}, "already"),
        ({"name": "a", "from": "defalt"}, "did you mean 'default'"),
        ({"name": "a", "form": "default"}, "did you mean 'from'"),
    ],
)
def test_a_world_that_cannot_be_is_not_opened(web: httpx.Client, said: dict[str, Any], text: str) -> None:
    assert_mistake(web.post("/_mock/worlds", json=said), text)
    assert len(web.get("/_mock/worlds").json()["worlds"]) == 1


@pytest.mark.parametrize("origin", [5, {}, ["default"], True])
def test_a_world_comes_from_one_that_is_named_by_text(web: httpx.Client, origin: Any) -> None:
    assert web.post("/_mock/worlds", json={"name": "a", "from": origin}).status_code == 400


def test_the_default_world_stays(web: httpx.Client) -> None:
    assert_mistake(web.delete("/_mock/worlds/default"), "reset it instead")
    assert_mistake(web.delete("/_mock/worlds/defalt"), "did you mean 'default'")


def test_a_problem_in_a_world_names_the_path_after_its_root(web: httpx.Client) -> None:
    assert web.post("/worlds/default/2026-07/nowhere").json()["errors"][0]["instance"] == "/2026-07/nowhere"


def test_every_reading_is_shown_with_its_question_and_evidence(web: httpx.Client) -> None:
    told = web.get("/_mock/readings").json()
    assert told["profile"] == "guide"
    assert set(told["readings"]) == {reading.name for provider in PROVIDERS for reading in provider.readings}
    for reading in told["readings"].values():
        assert reading["question"].endswith(("?", ")"))
        assert reading["chosen"] in reading["alternatives"]
        assert all(": " in evidence for evidence in reading["alternatives"].values())


def test_a_reading_is_chosen_from_now_on(web: httpx.Client) -> None:
    told = web.patch("/_mock/readings", json={"contact-list-clear": "204", "match-rate": "percentage"}).json()
    assert told["readings"]["contact-list-clear"]["chosen"] == "204"
    id = create(web, "To be cleared").json()["data"][0]["id"]
    path = f"/2026-07/retail-media/audience-segments/{id}/contact-list/clear"
    answer = web.post(path, headers=authorization(web))
    assert (answer.status_code, answer.content) == (204, b"")
    web.patch("/_mock/readings", json={"contact-list-clear": "200-body"})
    assert web.post(path, headers=authorization(web)).status_code == 200
    assert web.get("/_mock/readings").json()["readings"]["match-rate"]["chosen"] == "percentage"


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ({"macth-rate": "fraction"}, "unknown reading 'macth-rate'; did you mean 'match-rate'?"),
        ({"match-rate": "percent"}, "did you mean 'percentage'?"),
        ({"match-rate": None}, "takes one of fraction, percentage"),
        ({"contact-list-clear": 204}, "takes one of 200-body, 204, as a string"),
        ({"match-rate": "percentage", "unknown": "x"}, "unknown reading 'unknown'"),
    ],
)
def test_a_reading_that_is_none_changes_nothing(web: httpx.Client, said: dict[str, Any], text: str) -> None:
    before = web.get("/_mock/readings").json()
    assert_mistake(web.patch("/_mock/readings", json=said), text)
    assert web.get("/_mock/readings").json() == before


def test_the_rate_limit_is_a_setting(web: httpx.Client) -> None:
    assert web.patch("/_mock/settings", json={"rate_limit": 1}).json() == {"rate_limit": 1, "seed": 0}
    headers = authorization(web)
    assert [create(web, name, headers=headers).status_code for name in ("One", "Two")] == [200, 429]
    assert web.patch("/_mock/settings", json={"rate_limit": "off"}).json()["rate_limit"] == "off"
    assert create(web, "Three", headers=headers).status_code == 200
    assert web.patch("/_mock/settings", json={}).json()["rate_limit"] == "off"


@pytest.mark.parametrize("limit", [0, -1, None, True, 2.5, [], "many", "", "0", "1 ", 10**30])
def test_a_rate_limit_is_a_number_of_calls_or_off(web: httpx.Client, limit: Any) -> None:
    assert_mistake(web.patch("/_mock/settings", json={"rate_limit": limit}), "1 or more, or 'off'")
    assert_mistake(web.patch("/_mock/settings", json={"ratelimit": 5}), "did you mean 'rate_limit'")


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        yield from (value for name, value in node.items() if name == "$ref" and isinstance(value, str))
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def led_to(document: dict[str, Any], reference: str) -> Any:
    node: Any = document
    for step in reference.removeprefix("#/").split("/"):
        node = node[step]
    return node


@pytest.mark.parametrize("version", ["2026-01", "2026-07", "2027-01", "preview", "experimental"])
def test_a_contract_is_served_whole(web: httpx.Client, version: str) -> None:
    document = web.get(f"/_mock/contracts/criteo/{version}.json").json()
    assert document["openapi"].startswith("3.1")
    assert document["info"]["version"] == version
    assert f"/{version}/retail-media/accounts/{{account-id}}/audience-segments/create" in document["paths"]
    assert "x-reading" not in json.dumps(document)
    found = list(references(document))
    assert found
    for reference in found:
        assert reference.startswith("#/")
        assert led_to(document, reference) is not None


def test_a_contract_is_that_of_the_readings_in_force(web: httpx.Client) -> None:
    def answers() -> set[str]:
        paths = web.get("/_mock/contracts/criteo/2026-07.json").json()["paths"]
        clear = paths["/2026-07/retail-media/audience-segments/{audience-segment-id}/contact-list/clear"]["post"]
        return {status for status in clear["responses"] if status.startswith("2")}

    assert answers() == {"200"}
    web.patch("/_mock/readings", json={"contact-list-clear": "204"})
    assert answers() == {"204"}


def test_a_contract_that_is_not_there_names_the_nearest(web: httpx.Client) -> None:
    assert_mistake(web.get("/_mock/contracts/criteo/2026-70.json"), "did you mean '2026-07'")
    assert_mistake(web.get("/_mock/contracts/critio/2026-07.json"), "did you mean 'criteo'")


def test_a_consent_is_given_over_the_socket(web: httpx.Client) -> None:
    callback = "https://client.example/callback"
    said = {"client_id": "demo-client", "redirect_uri": callback, "user": "m.lee"}
    code = web.post("/_mock/criteo/authorization-codes", json=said).json()["code"]
    form = {**CREDENTIALS, "grant_type": "authorization_code", "code": code, "redirect_uri": callback}
    token = web.post("/oauth2/token", data=form).json()["access_token"]
    made = create(web, "Hers", headers={"authorization": f"Bearer {token}"})
    assert made.json()["data"][0]["attributes"]["createdById"] == "m.lee"


def test_a_control_of_a_provider_that_is_not_there_names_the_nearest(web: httpx.Client) -> None:
    for path in ("/_mock/criteo/authorization-code", "/_mock/critio/authorization-codes"):
        assert_mistake(web.post(path, json={}), "did you mean '/_mock/criteo/authorization-codes'", 404)
    assert_mistake(
        web.post("/_mock/criteo/authorization-codes", json={"client_id": "demo-clent"}), "did you mean 'demo-client'"
    )


def test_an_unknown_control_names_the_nearest(web: httpx.Client) -> None:
    assert_mistake(web.get("/_mock/clok"), "unknown control '/_mock/clok'; did you mean '/_mock/clock'?", 404)
    assert_mistake(web.get("/worlds/default/_mock/clok"), "did you mean '/_mock/clock'?", 404)


def test_a_slash_too_many_does_not_lead_to_another_world(web: httpx.Client) -> None:
    web.post("/_mock/worlds", json={"name": "a"})
    create(web, "To be kept")
    before = total(web)
    web.post("/worlds/a/_mock/reset/", follow_redirects=True)
    assert total(web) == before


def test_a_control_tells_its_methods(web: httpx.Client) -> None:
    answer = web.put("/_mock/clock")
    assert answer.status_code == 405
    assert {"GET", "POST"} <= set(answer.headers["allow"].split(", "))


@pytest.mark.parametrize("body", [b"{", b"\xff", b"NaN", b"[1,]", b"{'a': 1}"])
def test_a_control_that_hears_no_json_says_so(web: httpx.Client, body: bytes) -> None:
    assert_mistake(web.post("/_mock/clock", content=body), "not JSON")


@pytest.mark.parametrize("body", [b"[]", b"5", b"null", b'"x"', b"true"])
def test_a_control_hears_objects_only(web: httpx.Client, body: bytes) -> None:
    for answer in (web.post("/_mock/clock", content=body), web.patch("/_mock/readings", content=body)):
        assert_mistake(answer, "a JSON object")


def test_a_control_takes_no_body_larger_than_any_api(web: httpx.Client) -> None:
    assert web.post("/_mock/clock", content=b'{"freeze": "' + b"x" * 20_000_000 + b'"}').status_code == 413
