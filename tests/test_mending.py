"""A valid request, spoilt in some way, is mended, and what it is mended to is taken: nine times of ten at least."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from conftest import ACCOUNT, Client, engine_of
from hypothesis import given, settings
from hypothesis import strategies as st
from laws.patience import PATIENT

from mockserver.contract.operation import Operation
from mockserver.engine import Engine
from mockserver.mending import mended
from mockserver.message import Request, compose
from mockserver.testing.bodies import bodies, nearly_valid_bodies, paths
from mockserver.why import why

BASE = engine_of()
TOKENS = {
    name: Client(BASE, client_id=f"{name}-client", client_secret=f"{name}-secret").login().json()["access_token"]
    for name in ("demo", "reader", "stranger")
}
OPERATIONS: Mapping[str, Operation] = {
    each.id: each
    for provider in BASE.providers.values()
    for each in BASE.contract(provider).operations
    if each.media is not None
}
MANY = settings(PATIENT, max_examples=120)


def sent(operation: Operation, path: str, body: Any, token: str = TOKENS["demo"]) -> Request:
    content = {"form" if operation.media == "application/x-www-form-urlencoded" else "json": body}
    return compose(operation.method, path, headers={"authorization": f"Bearer {token}"}, **content)


def judged(request: Request) -> str:
    """Whether a call was taken, was mended, or was refused and not mended. Fails for one that was mended wrongly."""
    engine = BASE.fork()
    engine.handle(request)
    (entry,) = engine.world.journal
    if not entry.objections:
        return "taken"
    found, told = mended(entry, engine), why(entry, engine)["nearest"]
    if found is None:
        assert told == {"request": None, "says": "no request near this one was found that would be taken"}
        return "not mended"
    assert_taken(found.request, found.wait, engine)
    assert told["answers"] == found.status
    assert told["changes"]
    assert (told["request"]["method"], told["request"]["path"]) == (found.request.method, found.request.path)
    return "mended"


def assert_taken(request: Request, wait: float, engine: Engine) -> None:
    twin = engine.fork()
    twin.world.clock.advance(wait)
    answer = twin.handle(request)
    (tried,) = twin.world.journal
    assert 200 <= answer.status < 300
    assert not tried.objections


def test_nine_of_ten_bodies_with_a_flaw_are_mended() -> None:
    seen = Counter[str]()
    flawed = {
        id: (nearly_valid_bodies(id, version=each.version, engine=BASE), paths(id, version=each.version, engine=BASE))
        for id, each in OPERATIONS.items()
    }

    @given(st.data())
    @MANY
    def law(data: st.DataObject) -> None:
        operation = OPERATIONS[data.draw(st.sampled_from(sorted(OPERATIONS)))]
        drawn, path = flawed[operation.id]
        body, flaw = data.draw(drawn)
        outcome = judged(sent(operation, data.draw(path), body))
        seen[outcome] += 1
        assert outcome != "not mended", flaw

    law()
    assert seen["mended"] >= 0.9 * (seen["mended"] + seen["not mended"])
    assert seen["taken"] < 0.25 * seen.total()  # amendments, whose malformed identifiers are only counted


def without(request: Request, header: bytes) -> Request:
    return replace(request, headers=tuple(each for each in request.headers if each[0] != header))


def with_header(name: bytes, value: bytes) -> Callable[[Request, int], Request]:
    return lambda request, at: replace(request, headers=(*without(request, name).headers, (name, value)))


def without_letter(request: Request, at: int) -> Request:
    at = 1 + at % (len(request.path) - 1)
    return replace(request, path=request.path[:at] + request.path[at + 1 :])


SPOILERS: Mapping[str, Callable[[Request, int], Request]] = {
    "no token": lambda request, at: without(request, b"authorization"),
    "another token": with_header(b"authorization", b"Bearer nonsense"),
    "a token that may only read": with_header(b"authorization", f"Bearer {TOKENS['reader']}".encode()),
    "a token for another account": with_header(b"authorization", f"Bearer {TOKENS['stranger']}".encode()),
    "no content type": lambda request, at: without(request, b"content-type"),
    "another content type": with_header(b"content-type", b"text/plain"),
    "another method": lambda request, at: replace(request, method=["GET", "PUT", "DELETE", "HEAD"][at % 4]),
    "a letter fewer in the path": without_letter,
    "half a body": lambda request, at: replace(request, body=request.body[: len(request.body) // 2]),
    "no body": lambda request, at: replace(request, body=b""),
    "bytes for a body": lambda request, at: replace(request, body=b"\xff\x00"),
}
QUERIES = ["limit=501", "limit=-1", "limit=many", "offset=-1", "limit=", "offset=1.5", "limit=501&offset=-5"]


@pytest.mark.parametrize("how", SPOILERS)
def test_nine_of_ten_requests_spoilt_beside_the_body_are_mended(how: str) -> None:
    seen = Counter[str]()
    ids = sorted(id for id in OPERATIONS if id != "requestToken")
    valid = {
        id: (bodies(id, version=OPERATIONS[id].version, engine=BASE), paths(id, version=OPERATIONS[id].version, engine=BASE))
        for id in ids
    }

    @given(st.data())
    @settings(PATIENT, max_examples=40)
    def law(data: st.DataObject) -> None:
        operation = OPERATIONS[data.draw(st.sampled_from(ids))]
        body, path = map(data.draw, valid[operation.id])
        seen[judged(SPOILERS[how](sent(operation, path, body), data.draw(st.integers(0, 200))))] += 1

    law()
    assert seen["mended"] >= 0.9 * (seen["mended"] + seen["not mended"])


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("operation", ["searchAudienceSegments", "searchAudiences"])
def test_a_query_that_breaks_the_contract_is_mended(operation: str, query: str) -> None:
    path = OPERATIONS[operation].path.replace("{account-id}", ACCOUNT)
    assert judged(replace(sent(OPERATIONS[operation], path, {}), query=query)) == "mended"


def test_what_is_right_of_a_query_stays() -> None:
    engine = BASE.fork()
    Client(engine, token=TOKENS["demo"]).search("?limit=501&offset=7&unheardOf=x")
    (entry,) = engine.world.journal
    found = mended(entry, engine)
    assert found is not None
    assert found.request.query == "limit=500&offset=7&unheardOf=x"


def test_looking_for_the_nearest_request_changes_nothing() -> None:
    engine = BASE.fork()
    client = Client(engine, token=TOKENS["demo"])
    client.create({"name": "Segment Name", "retailerId": "12", "contactList": {"identifierType": "Email"}})
    (entry,) = engine.world.journal
    before = (engine.world.serial, engine.world.clock.now(), len(engine.world.journal))
    assert why(entry, engine) == why(entry, engine)
    assert (engine.world.serial, engine.world.clock.now(), len(engine.world.journal)) == before
    assert client.search().json()["meta"]["totalItems"] == Client(BASE.fork()).search().json()["meta"]["totalItems"]


def test_a_problem_that_is_gone_meanwhile_needs_no_change() -> None:
    engine = BASE.fork()
    client = Client(engine, token=TOKENS["demo"])
    client.create({"name": "Segment Name", "retailerId": "12", "contactList": {"identifierType": "Email"}})
    (entry,) = engine.world.journal
    client.delete("225702933721171456")
    assert why(entry, engine)["nearest"]["changes"] == []


@pytest.mark.parametrize("limit", [1, 5])
def test_one_call_too_many_waits_for_the_window(limit: int) -> None:
    engine = engine_of(rate_limit=limit)
    client = Client(engine, token=TOKENS["demo"])
    engine.world.clock.advance(17)
    for _ in range(limit + 1):
        client.search("?limit=501")
    entry = list(engine.world.journal)[-1]
    assert entry.response.status == 429
    found = mended(entry, engine)
    assert found is not None
    assert found.wait == 43
    assert why(entry, engine)["nearest"]["changes"] == ["sent 43 seconds later", "query: 'limit=501' -> 'limit=500'"]
    assert_taken(found.request, found.wait, engine)
