"""The journal holds what was called and answered, within its bounds, and says how much it let go."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from conftest import ACCOUNT, TODAY, Client, codes, engine_of
from hypothesis import given, settings
from hypothesis import strategies as st
from laws.patience import PATIENT
from shoplive.asking import EXAMPLE, OURS, Customer

from mockserver.clock import parse_moment
from mockserver.effects import Delay, Status
from mockserver.engine import Engine
from mockserver.faults import Fault
from mockserver.journal import BYTES, ENTRIES, Entry, Journal
from mockserver.message import Request, Response, compose
from mockserver.mistake import Mistake

BASE = engine_of()
TOKEN = Client(BASE).login().json()["access_token"]
SEARCH = f"/2026-07/retail-media/accounts/{ACCOUNT}/audience-segments/search"
OVERHEAD = 500
"""What an entry costs beside its bodies."""


def ours() -> Client:
    return Client(BASE.fork(), token=TOKEN)


def only(engine: Engine) -> Entry:
    (entry,) = engine.world.journal
    return entry


def test_an_entry_holds_the_call_and_its_answer() -> None:
    client = ours()
    client.engine.world.clock.advance(1.5)
    request = compose("POST", SEARCH, json={}, headers={"authorization": f"Bearer {TOKEN}"})
    response = client.engine.handle(request)
    entry = only(client.engine)
    assert (entry.number, entry.at, entry.provider) == (1, parse_moment(TODAY) + 1.5, "criteo")
    assert entry.operation is not None
    assert (entry.name, entry.operation.version, entry.caller) == ("searchAudienceSegments", "2026-07", "demo-client")
    assert entry.request is request
    assert entry.response is response
    assert (list(entry.objections), list(entry.faults)) == ([], [])
    headers = sum(len(name) + len(value) for name, value in request.headers)
    assert entry.size == len(request.body) + len(response.body) + len(request.path) + headers + OVERHEAD


def test_an_entry_holds_why_a_call_was_refused() -> None:
    client = ours()
    answer = client.search("?limit=501&offset=-1")
    assert [(each.problem.code, each.pointer) for each in only(client.engine).objections] == [
        (problem["code"], next(iter(problem["source"].values()))) for problem in answer.json()["errors"]
    ]
    assert len(answer.json()["errors"]) == 2


def test_an_entry_holds_why_items_were_refused_of_a_call_that_was_not() -> None:
    client = ours()
    answer = client.delete("1", "225702933721171456", "2")
    assert answer.status == 200
    found = [(each.problem.code, each.pointer) for each in only(client.engine).objections]
    assert found == [("segment-not-found", "data/0/id"), ("segment-not-found", "data/2/id")]
    assert codes(answer) == [code for code, _ in found]


def test_an_entry_holds_the_faults_and_the_answer_as_they_left_it() -> None:
    client = ours()
    for effect in (Delay(seconds=2), Status(503)):
        client.engine.world.faults.add(Fault(effect=effect, nth=1), 0)
    answer = client.search()
    entry = only(client.engine)
    assert list(entry.faults) == ["fault-1", "fault-2"]
    assert entry.response is answer
    assert (entry.response.status, entry.response.delay, entry.caller) == (503, 2, None)
    assert [each.problem.status for each in entry.objections] == [503]
    client.search()
    assert list(list(client.engine.world.journal)[-1].faults) == []


UNROUTED: dict[str, tuple[Request, str, int]] = {
    "an unknown path": (compose("POST", "/2026-07/nowhere"), "criteo", 404),
    "the root": (Request("GET", "/"), "criteo", 404),
    "no path": (Request("GET", ""), "criteo", 404),
    "another method": (compose("GET", SEARCH), "criteo", 405),
    "another method for a token": (compose("GET", "/oauth2/token"), "criteo", 405),
    "an unknown path of Shoplive": (compose("GET", "/v2/nowhere"), "shoplive", 404),
    "another method of Shoplive": (compose("POST", f"/v2/{OURS}/campaign/stats"), "shoplive", 405),
}


@pytest.mark.parametrize(("request_", "provider", "status"), UNROUTED.values(), ids=UNROUTED)
def test_a_call_that_leads_nowhere_is_kept_without_an_operation(request_: Request, provider: str, status: int) -> None:
    engine = BASE.fork()
    engine.handle(request_)
    entry = only(engine)
    assert (entry.operation, entry.name, entry.caller, entry.provider) == (None, "no operation", None, provider)
    assert (entry.response.status, len(entry.objections)) == (status, 1)


def _ask_for_token(**form: str) -> Callable[[Client], Response]:
    return lambda client: client.login(**form)


CALLERS: dict[str, tuple[Callable[[Client], Response], str | None]] = {
    "a good token": (lambda client: client.search(), "demo-client"),
    "a token call": (_ask_for_token(), "demo-client"),
    "a token call of another": (_ask_for_token(client_id="reader-client", client_secret="reader-secret"), "reader-client"),
    "a token call of somebody unknown": (_ask_for_token(client_id="nobody"), None),
    "a token call with a wrong secret": (_ask_for_token(client_secret="wrong"), None),
    "a token call with a bad grant": (_ask_for_token(grant_type="authorization_code", code="made up"), "demo-client"),
    "no token": (lambda client: client.ask("POST", "/{account}/audience-segments/search", {}, {}), None),
    "a foreign account": (lambda client: client.ask("POST", "/accounts/1/audience-segments/search", {}), "demo-client"),
    "a bad body": (lambda client: client.ask("POST", "/{account}/audience-segments/search", []), "demo-client"),
    "a customer": (lambda client: Customer(client.engine, OURS).ask(*EXAMPLE), OURS),
    "a customer without a token": (lambda client: Customer(client.engine, OURS).ask(*EXAMPLE, header="x"), None),
}


@pytest.mark.parametrize(("make", "caller"), CALLERS.values(), ids=CALLERS)
def test_a_caller_is_whoever_was_recognised(make: Callable[[Client], Response], caller: str | None) -> None:
    client = ours()
    make(client)
    assert only(client.engine).caller == caller


def test_an_entry_is_found_by_its_number() -> None:
    client = ours()
    client.engine.world.journal = Journal(entries=3)
    for _ in range(5):
        client.search("?limit=0")
    journal = client.engine.world.journal
    assert [journal.entry(number).number for number in (3, 4, 5)] == [3, 4, 5]
    for number, near in ((2, "3, 4, 5"), (6, "3, 4, 5"), (0, "known"), (33, "did you mean '3'")):
        with pytest.raises(Mistake, match=near):
            journal.entry(number)


def test_iterating_is_over_what_there_was() -> None:
    client = ours()
    client.search()
    for _ in client.engine.world.journal:
        client.search()
    assert len(client.engine.world.journal) == 2


@dataclass
class Model:
    """A list of sizes: what a ring is, told plainly."""

    entries: int
    bytes: int
    sizes: list[int] = field(default_factory=list)

    def kept(self) -> list[int]:
        """The numbers that are still there: as many of the latest as fit, and the last in any case."""
        kept: list[int] = []
        for number in range(len(self.sizes), 0, -1):
            coming = sum(self.sizes[at - 1] for at in [*kept, number])
            if len(kept) == self.entries or (kept and coming > self.bytes):
                break
            kept.append(number)
        return kept[::-1]


def record(journal: Journal, size: int, **more: Any) -> None:
    request = Request("POST", "/", body=b"x" * (size // 2))
    journal.record(0.0, "criteo", None, None, request, Response(200, body=b"y" * (size - size // 2)), (), **more)


@given(
    entries=st.integers(1, 6),
    bound=st.integers(0, 6000),
    sizes=st.lists(st.integers(0, 3000) | st.sampled_from([0, 0, 10_000, "clear"]), max_size=25),
)
@settings(PATIENT, max_examples=300)
def test_a_journal_keeps_as_many_of_the_latest_calls_as_fit(entries: int, bound: int, sizes: list[Any]) -> None:
    journal, model = Journal(entries, bound), Model(entries, bound)
    for size in sizes:
        if size == "clear":
            journal.clear()
            model.sizes.clear()
        else:
            record(journal, size)
            model.sizes.append(size + len("/") + OVERHEAD)
        kept = model.kept()
        assert [each.number for each in journal] == kept
        assert [each.size for each in journal] == [model.sizes[number - 1] for number in kept]
        assert (len(journal), journal.count, journal.evicted) == (len(kept), len(model.sizes), len(model.sizes) - len(kept))
        assert [each.number for each in journal.last(2)] == kept[-2:]
        assert len(kept) == 1 or sum(each.size for each in journal) <= bound or not kept


def test_the_last_call_is_kept_whatever_its_size() -> None:
    client = ours()
    client.search()
    answer = client.engine.handle(Request("POST", SEARCH, body=b" " * (BYTES + 1)))
    assert answer.status == 401
    entry = only(client.engine)
    assert entry.size > BYTES
    assert (entry.number, client.engine.world.journal.evicted) == (2, 1)
    client.search()
    assert (only(client.engine).number, client.engine.world.journal.evicted) == (3, 2)


def test_memory_stays_flat_over_many_calls() -> None:
    client = ours()
    journal = client.engine.world.journal
    held = []
    for number in range(3 * ENTRIES):
        client.search("?limit=500" if number % 3 else "?limit=0")
        held.append(sum(each.size for each in journal) if number % 50 == 0 else 0)
    assert max(held) <= BYTES
    assert sum(each.size for each in journal) <= BYTES
    assert len(journal) <= ENTRIES
    assert [each.number for each in journal] == list(range(journal.evicted + 1, 3 * ENTRIES + 1))
    assert journal.count == 3 * ENTRIES == journal.evicted + len(journal)


def test_small_calls_are_bounded_by_their_number() -> None:
    engine = BASE.fork()
    for _ in range(ENTRIES + 5):
        engine.handle(Request("GET", "/"))
    assert (len(engine.world.journal), engine.world.journal.evicted) == (ENTRIES, 5)


def test_the_calls_of_one_world_are_not_anothers() -> None:
    client = ours()
    client.engine.world.journal = Journal(entries=2, bytes=9999)
    client.search()
    twin = Client(client.engine.fork(), token=TOKEN)
    assert (len(twin.engine.world.journal), twin.engine.world.journal.count) == (0, 0)
    for _ in range(3):
        twin.search("?limit=0")
    assert [each.number for each in twin.engine.world.journal] == [2, 3]
    assert [each.number for each in client.engine.world.journal] == [1]
    twin.engine.world.reset()
    assert len(twin.engine.world.journal) == twin.engine.world.journal.evicted == 0
    twin.search()
    assert [each.number for each in twin.engine.world.journal] == [1]


def test_a_reset_forgets_the_calls_and_counts_anew() -> None:
    client = ours()
    client.search()
    client.engine.world.reset()
    assert (len(client.engine.world.journal), client.engine.world.journal.count) == (0, 0)
    client.search()
    assert only(client.engine).number == 1
