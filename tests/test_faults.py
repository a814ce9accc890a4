"""What goes wrong on purpose: each effect on every kind of call of both providers, alone and with others."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any

import orjson
import pytest
from conftest import Client, engine_of
from shoplive.asking import EXAMPLE, OURS, Customer

from mockserver.effects import Cut, Delay, Drip, Effect, Html, Lost, Malformed, MediaType, Revoked, Status, Throttled, Truncated
from mockserver.engine import Engine
from mockserver.evidence import assumed
from mockserver.faults import Armed, Fault
from mockserver.message import Response, compose
from mockserver.problem import Problem, Refused
from mockserver.provider import Reply
from mockserver.providers.criteo import CRITEO

BASE = engine_of()
TOKENS = {
    name: Client(BASE, client_id=f"{name}-client", client_secret=f"{name}-secret").login().json()["access_token"]
    for name in ("demo", "reader")
}
JWT = Customer(BASE, OURS).token()
NEW = {"name": "Made in spite of all", "retailerId": "12", "contactList": {"identifierType": "Email"}}


def by(engine: Engine, name: str = "demo", version: str = "2026-07") -> Client:
    return Client(engine, version, f"{name}-client", f"{name}-secret", TOKENS[name])


def realtime(engine: Engine) -> Response:
    said = {"data": {"type": "string", "attributes": {"advertiserIds": ["123"]}}}
    headers = {"authorization": f"Bearer {TOKENS['demo']}"}
    return engine.handle(compose("POST", "/preview/reports/realtime", json=said, headers=headers))


def statistics(engine: Engine) -> Response:
    return Customer(engine, OURS).ask(*EXAMPLE, header=f"Bearer {JWT}")


CALLS: Mapping[str, Callable[[Engine], Response]] = {
    "requestToken": lambda engine: by(engine).login(),
    "searchAudienceSegments": lambda engine: by(engine).search(),
    "bulkCreateAudienceSegments": lambda engine: by(engine).create(NEW),
    "getRealTimeReport": realtime,
    "retrieveCampaignStats": statistics,
}
each_call = pytest.mark.parametrize("operation", CALLS)


def world(*faults: Fault | Effect) -> Engine:
    """A fork of the demo world, with faults."""
    engine = BASE.fork()
    for each in faults:
        arm(engine, each)
    return engine


def arm(engine: Engine, fault: Fault | Effect, **aim: Any) -> Armed:
    fault = fault if isinstance(fault, Fault) else Fault(effect=fault, **aim)
    return engine.world.faults.add(fault, engine.world.clock.now())


def struck(engine: Engine) -> list[str]:
    """The names of the faults that struck the last call."""
    (entry,) = engine.world.journal.last(1)
    return list(entry.faults)


def made(engine: Engine) -> int:
    """How many segments of the name there are."""
    return [each.name for each in engine.world.parts["criteo"].entities()["segment"].values()].count(NEW["name"])


def words(operation: str, response: Response) -> tuple[Any, str]:
    """The code and the title of a refusal, as each provider words it."""
    said = response.json()
    if operation == "requestToken":
        assert list(said) == ["error", "error_description", "error_uri"]
        return said["error"], said["error_description"]
    if operation == "retrieveCampaignStats":
        assert list(said) == ["_s", "_e"]
        return said["_s"], said["_e"].removesuffix(f": A fault strikes {operation}")
    assert list(said) == ["warnings", "errors"]
    (problem,) = said["errors"]
    assert problem["detail"] == f"A fault strikes {operation}"
    return problem["code"], problem["title"]


CRITEOS = {
    400: ("invalid", "The value of this field is not valid"),
    401: ("authorization-token-invalid", "The authorization header is invalid"),
    403: ("permission-denied", "Permission denied, you do not have access this to resource"),
    404: ("not-found", "The resource is not found"),
    429: ("too-many-requests", "Too many requests"),
    500: ("internal-error", "Internal error"),
    503: ("service-unavailable", "Service unavailable"),
}
SHOPLIVES = {
    400: (-510, "Invalid argument"),
    401: (-102, "Authentication failed"),
    403: (-102, "Authentication failed"),
    404: (-510, "No such operation"),
    429: (-500, "Too many requests"),
    500: (-500, "Server error"),
}


@each_call
def test_a_status_is_worded_as_the_provider_does(operation: str) -> None:
    of_shoplive = operation == "retrieveCampaignStats"
    known: Mapping[int, tuple[Any, str]] = SHOPLIVES if of_shoplive else CRITEOS
    client, server = (-510, -500) if of_shoplive else ("invalid", "internal-error")
    phrases = {each.value: each.phrase for each in HTTPStatus}
    for status in range(400, 600):
        response = CALLS[operation](world(Status(status)))
        other = (client if status < 500 else server, phrases.get(status, f"Status {status}"))
        if operation != "requestToken":  # which RFC 6749 has words for
            assert words(operation, response) == known.get(status, other)
        assert response.status == status
        assert response.header("content-type") == "application/json"


@each_call
def test_a_status_takes_a_code_and_a_title(operation: str) -> None:
    for effect in (Status(502, code="7", title="Bad day"), Status(418, code="teapot", title="Bad day")):
        code, title = words(operation, CALLS[operation](world(effect)))
        assert (str(code), title) == (effect.code, "Bad day")


@pytest.mark.parametrize("effect", [Status(503), Throttled(), Revoked(), Cut("before"), Html()])
def test_what_is_answered_instead_does_nothing(effect: Effect) -> None:
    engine = world(effect)
    by(engine).create(NEW)
    assert made(engine) == 0


@pytest.mark.parametrize(
    "effect", [Cut("in"), Cut("after"), Lost(), Truncated(), Malformed(), MediaType(), Drip(3), Delay(seconds=3)]
)
def test_what_damages_the_answer_leaves_what_was_done(effect: Effect) -> None:
    engine = world(effect)
    by(engine).create(NEW)
    assert made(engine) == 1


ON_THE_WAY: list[tuple[Effect, dict[str, Any]]] = [
    (Cut("before"), {"cut": "before", "status": 0, "headers": [], "body": b""}),
    (Cut("in"), {"cut": "in"}),
    (Cut("after"), {"cut": "after"}),
    (Lost(), {"cut": "before"}),
    (Drip(7.5), {"drip": 7.5}),
    (Delay(seconds=3), {"delay": 3}),
]


@each_call
@pytest.mark.parametrize(("effect", "changed"), ON_THE_WAY, ids=str)
def test_what_happens_on_the_way_changes_nothing_else(operation: str, effect: Effect, changed: dict[str, Any]) -> None:
    assert CALLS[operation](world(effect)) == replace(CALLS[operation](world()), **changed)


@each_call
def test_half_of_a_truncated_body_comes_as_if_it_were_whole(operation: str) -> None:
    whole, half = CALLS[operation](world()), CALLS[operation](world(Truncated()))
    assert half.body == whole.body[: len(whole.body) // 2]
    assert (half.status, half.cut) == (200, "")
    assert dict(half.framed)[b"content-length"] == b"%d" % len(half.body)


@each_call
def test_a_malformed_body_is_as_long_and_no_json(operation: str) -> None:
    whole, broken = CALLS[operation](world()), CALLS[operation](world(Malformed()))
    assert (broken.body[:-1], len(broken.body)) == (whole.body[:-1], len(whole.body))
    with pytest.raises(orjson.JSONDecodeError):
        broken.json()


def test_an_empty_body_stays_empty_however_damaged() -> None:
    engine = engine_of(readings={"contact-list-clear": "204"})
    for effect in (Truncated(), Malformed()):
        arm(engine, effect)
    assert by(engine).clear("225702933721171456").body == b""


@each_call
@pytest.mark.parametrize("status", [200, 404, 502, 599])
def test_a_gateways_page_says_its_status(operation: str, status: int) -> None:
    response = CALLS[operation](world(Html(status)))
    assert response.status == status
    assert response.headers == [(b"content-type", b"text/html; charset=utf-8")]
    assert response.body.startswith(b"<!doctype html>")
    assert f"{status} from a gateway".encode() in response.body


@each_call
def test_an_answer_says_that_it_is_of_another_content_type(operation: str) -> None:
    whole = CALLS[operation](world())
    for media, told in (("text/csv", [(b"content-type", b"text/csv")]), ("", [])):
        response = CALLS[operation](world(MediaType(media)))
        assert response.body == whole.body
        assert sorted(response.headers) == sorted(told + [each for each in whole.headers if each[0] != b"content-type"])


LIMITS = ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset")


@pytest.mark.parametrize("reset", [60, 0, 0.5, 3600, -1, -60, 10**6])
@pytest.mark.parametrize("operation", ["searchAudienceSegments", "bulkCreateAudienceSegments", "getRealTimeReport"])
def test_a_throttled_call_says_when_the_window_turns(operation: str, reset: float) -> None:
    engine = world(Throttled(reset))
    response = CALLS[operation](engine)
    assert response.status == 429
    assert response.json()["errors"][0]["code"] == "too-many-requests"
    turns = int(engine.world.clock.now() + reset)
    assert [response.header(name) for name in LIMITS] == ["250", "0", str(turns)]


def test_a_throttled_call_is_worded_by_the_limit_and_the_reading_in_force() -> None:
    engine = engine_of(rate_limit=7, readings={"throttle-problem-type": "availability"})
    arm(engine, Throttled())
    response = by(engine).search()
    assert response.json()["errors"][0]["type"] == "availability"
    assert response.header("x-ratelimit-limit") == "7"


@each_call
def test_a_throttled_call_without_headers_says_nothing_of_it(operation: str) -> None:
    response = CALLS[operation](world(Throttled(headers=False)))
    assert response.status == 429
    assert [response.header(name) for name in (*LIMITS, "retry-after")] == [None] * 4


@pytest.mark.parametrize("operation", ["requestToken", "retrieveCampaignStats"])
def test_what_is_not_counted_is_throttled_without_headers(operation: str) -> None:
    response = CALLS[operation](world(Throttled()))
    assert (response.status, response.header(LIMITS[2])) == (429, None)


def test_a_throttled_call_does_not_count() -> None:
    engine = engine_of(rate_limit=2)
    arm(engine, Throttled(0), times=5)
    assert [by(engine).search().status for _ in range(8)] == [429] * 5 + [200, 200, 429]


def test_a_throttled_caller_stays_so_until_its_window_turns() -> None:
    engine = world(Fault(effect=Throttled(60), operation="searchAudienceSegments", nth=1))
    first = by(engine).search()
    again = [by(engine).search(), by(engine).create(NEW), realtime(engine)]
    assert [each.status for each in (first, *again)] == [429] * 4
    assert {each.header(LIMITS[2]) for each in (first, *again)} == {str(int(engine.world.clock.now()) + 60)}
    assert [by(engine, "reader").search().status, by(engine).login().status, statistics(engine).status] == [200] * 3
    twin, cleared = engine.fork(), engine.fork()
    cleared.world.faults.clear()
    assert [by(each).search().status for each in (twin, cleared)] == [429, 200]
    engine.world.clock.advance(59.5)
    assert by(engine).create(NEW).status == 429
    engine.world.clock.advance(0.5)
    assert (by(engine).create(NEW).status, made(engine)) == (200, 1)
    engine.world.reset()
    assert by(engine).search().status == 200


@pytest.mark.parametrize("reset", [0, -1, -60])
def test_a_window_that_has_turned_throttles_one_call(reset: float) -> None:
    engine = world(Fault(effect=Throttled(reset), nth=1))
    assert [by(engine).search().status for _ in range(3)] == [429, 200, 200]


def test_a_revoked_token_is_good_no_more_and_a_new_one_is() -> None:
    engine = world(Fault(effect=Revoked(), operation="bulkCreateAudienceSegments", nth=2))
    client = by(engine)
    assert [client.search().status, client.create(NEW).status, client.search().status] == [200, 200, 200]
    refused = client.create(NEW)
    assert (refused.status, refused.json()["errors"][0]["code"]) == (401, "authorization-token-invalid")
    assert [client.search().status, by(engine, "reader").search().status, realtime(engine).status] == [401, 200, 401]
    client.token = None
    assert client.search().status == 200


def test_a_revoked_token_of_a_customer_is_good_no_more_and_a_new_one_is() -> None:
    engine = world(Fault(effect=Revoked(), nth=1))
    assert [statistics(engine).status for _ in range(2)] == [401, 401]
    engine.world.clock.advance(1)
    assert Customer(engine, OURS).ask(*EXAMPLE).status == 200


def test_a_call_for_a_token_has_none_to_revoke() -> None:
    engine = world(Fault(effect=Revoked(), operation="requestToken"))
    assert CALLS["requestToken"](engine).status == 200


def test_what_was_revoked_is_good_again_once_the_faults_are_cleared() -> None:
    engine = world(Fault(effect=Revoked(), nth=1))
    assert by(engine).search().status == 401
    engine.world.faults.clear()
    assert by(engine).search().status == 200


def test_what_is_said_of_the_whole_still_holds_beside_a_fault() -> None:
    engine = world(Delay(seconds=2), Drip(3), Delay(seconds=4), Truncated(), MediaType("text/x"))
    whole, response = by(BASE.fork()).search(), by(engine).search()
    assert (response.delay, response.drip, response.header("content-type")) == (6, 3, "text/x")
    assert response.body == whole.body[: len(whole.body) // 2]
    assert struck(engine) == [each.name for each in engine.world.faults.armed]


def test_the_first_of_several_that_answer_instead_does_and_the_others_damage_that() -> None:
    engine = world(Delay(seconds=1), Status(503), Html(), Truncated())
    response = by(engine).search()
    assert (response.status, response.delay) == (503, 1)
    assert response.body.startswith(b'{"warnings":[]')


def test_an_unknown_path_is_struck_by_nothing() -> None:
    engine = world(Status(503))
    assert engine.handle(compose("GET", "/nowhere")).status == 404
    assert engine.handle(compose("GET", "/oauth2/token")).status == 405
    assert [each.aimed for each in engine.world.faults.armed] == [0]


def _misfit(call: Any) -> Reply:
    raise Refused(Problem(418, "validation", "teapot", "Off contract", assumed("for this test")))


@pytest.mark.parametrize("handler", [_misfit, lambda call: Reply({}, status=202)], ids=["refusal", "reply"])
def test_the_contract_still_guards_what_was_not_ordered(handler: Any) -> None:
    provider = replace(CRITEO, handlers={**CRITEO.handlers, "searchAudienceSegments": handler})
    engine = Engine([provider], BASE.fork().world)
    arm(engine, Delay(seconds=1))
    response = by(engine).search()
    assert (response.status, response.delay) == (500, 1)
    assert "breaks the fake's own contract" in response.json()["mockserver"]
