"""What was kept answers as what kept it: no sequence of calls and controls makes a world that is another after a restart."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from conftest import EMPTY, TODAY, Client, engine_of
from hypothesis import given, settings
from hypothesis import strategies as st
from laws.patience import PATIENT
from shoplive.asking import OURS, THAT_DAY, Customer

from mockserver.clock import parse_moment
from mockserver.faults import parse_fault
from mockserver.message import Response
from mockserver.providers import PROVIDERS
from mockserver.providers.criteo import CRITEO
from mockserver.serving.state.comparing import alike
from mockserver.serving.state.file import StateFile
from mockserver.worlds import Worlds

NOW = parse_moment(TODAY)
CALLBACK = "https://client.example/callback"
BASE = engine_of(EMPTY, rate_limit=40)
TOKEN = Client(BASE).login().json()["access_token"]

Step = Callable[[Client, int], Any]
"""Takes a client of a world and a number that makes one step another than the next of its kind."""


def create_list(client: Client, number: int) -> Any:
    return client.create({"name": f"List {number}", "retailerId": "12", "contactList": {"identifierType": "Email"}})


def create_events(client: Client, number: int) -> Any:
    events = {"shopperActivity": "Buy", "lookbackDays": "Last30Days", "categoryIds": ["7"], "minPrice": (5, 5.0)[number % 2]}
    return client.create({"name": f"Events {number}", "retailerId": "12", "events": events})


def newest(client: Client) -> str:
    return str(max(client.engine.world.parts["criteo"].entities()["segment"], default=7))


def amend(client: Client, number: int) -> Any:
    return client.amend(newest(client), ("add", "remove")[number % 2], [f"{each}@example.com" for each in range(number % 5)])


def create_audience(client: Client, number: int) -> Any:
    algebra = {"not": {"audienceSegmentId": newest(client)}} if number % 2 else {"audienceSegmentId": newest(client)}
    said = {"name": f"Audience {number}", "retailerId": "12", "algebra": algebra}
    return client.ask("POST", "/{account}/audiences/create", {"data": [{"attributes": said}]})


def exchange(client: Client, number: int) -> Any:
    world = client.engine.world
    said = {"client_id": "demo-client", "redirect_uri": CALLBACK}
    code = CRITEO.controls["authorization-codes"](world, world.parts["criteo"], said)["code"]
    answer = client.login(grant_type="authorization_code", code=str(code), redirect_uri=CALLBACK)
    if answer.status == 200 and number % 2 and not world.faults:
        client.login(grant_type="refresh_token", refresh_token=answer.json()["refresh_token"])
    return client.login(grant_type="authorization_code", code=str(code), redirect_uri=CALLBACK)


def write_campaign(client: Client, number: int) -> Any:
    told: dict[str, Any] = {"key": f"k{number % 3}", "access_key": OURS, "title": "Mine", "started_at": "2026-11-22T08:00:00Z"}
    if number % 2:
        event = {"at": "2026-11-22T08:01:00Z", "viewer": "ann", "kind": "view", "login": True, "seconds": number}
        return Customer(client.engine, OURS).write({**told, "events": [event]})
    return Customer(client.engine, OURS).write({**told, "ended_at": "2026-11-22T09:00:00Z", "figures": {"viewers": number}})


FAULTS = [
    {"effect": "status", "status": 503, "nth": 2},
    {"effect": "throttled", "reset": 30, "times": 1},
    {"effect": "revoked", "operation": "searchAudienceSegments", "nth": 3},
    {"effect": "delay", "quantiles": [[0.5, 1], [1, 2.5]], "chance": 0.5},
    {"effect": "truncated", "every": 2, "lasting": 100},
]


def restore(client: Client, number: int) -> Any:
    if str(number % 2) in client.engine.world.snapshots:
        client.engine.world.restore(str(number % 2))


def choose(client: Client, number: int) -> None:
    readings = client.engine.world.readings
    client.engine.world.readings = readings.changed({"contact-list-clear": ("204", "200-body")[number % 2]})


STEPS: dict[str, Step] = {
    "list": create_list,
    "events": create_events,
    "amend": amend,
    "delete": lambda client, number: client.delete(newest(client)),
    "clear": lambda client, number: client.clear(newest(client)),
    "audience": create_audience,
    "exchange": exchange,
    "campaign": write_campaign,
    "fault": lambda client, number: client.engine.world.faults.add(parse_fault(FAULTS[number % len(FAULTS)]), NOW),
    "mend": lambda client, number: client.engine.world.faults.clear(),
    "advance": lambda client, number: client.engine.world.clock.advance(number * 977),
    "choose": choose,
    "snapshot": lambda client, number: client.engine.world.snapshot(str(number % 2)),
    "restore": restore,
    "reset": lambda client, number: client.engine.world.reset(),
    "limit": lambda client, number: setattr(client.engine.world, "rate_limit", (40, None, 3)[number % 3]),
}


def client_of(worlds: Worlds, name: str) -> Client:
    return Client(worlds.get(name), token=TOKEN)


def told(response: Response) -> Any:
    return response.status, response.headers, response.body, response.delay, response.cut


def asked(client: Client) -> list[Any]:
    """What a world answers, from every corner of it; asking changes it too, so it is asked once."""
    world = client.engine.world
    answers = [told(client.search("?limit=3", retailerIds=["12"])), told(client.statistics(newest(client)))]
    answers += [told(client.search()), told(client.ask("POST", "/{account}/audiences/search", {"data": {"attributes": {}}}))]
    answers += [told(client.login()), told(client.login(client_secret="wrong")), told(create_events(client, 999))]
    answers += [told(client.clear(newest(client))), told(Customer(client.engine, OURS).ask(*THAT_DAY))]
    answers += [world.next_serial(), world.rate_limit, world.seed, dict(world.readings), world.readings.profile]
    answers += [world.clock.frozen, world.clock.now(), sorted(world.faults.revoked), world.faults.armed, world.faults.shut]
    return answers


def asked_in_the_end(worlds: Worlds) -> list[Any]:
    """What every world answers as it is, then from each snapshot, then from its beginning; and what a new one does."""
    answers: list[Any] = []
    for name in worlds.names():
        client = client_of(worlds, name)
        answers += [name, asked(client)]
        for snapshot in sorted(client.engine.world.snapshots):
            client.engine.world.restore(snapshot)
            answers += [snapshot, asked(client)]
        client.engine.world.reset()
        answers += [asked(client), sorted(client.engine.world.snapshots)]
    worlds.open("one-more")
    return [*answers, asked(client_of(worlds, "one-more"))]


def kept_and_found(worlds: Worlds, file: StateFile) -> Worlds:
    file.save(worlds.freeze())
    found = file.load(PROVIDERS)
    assert found.worlds is not None, found.says
    return found.worlds


@settings(PATIENT, max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(["default", "other"]), st.sampled_from([*STEPS]), st.integers(0, 30)), max_size=14))
def test_a_world_that_was_kept_answers_everything_as_before(
    tmp_path_factory: pytest.TempPathFactory, steps: Sequence[tuple[str, str, int]]
) -> None:
    worlds = Worlds(BASE.fork())
    worlds.open("other")
    for name, step, number in steps:
        STEPS[step](client_of(worlds, name), number)
    file = StateFile(tmp_path_factory.getbasetemp() / "law.state")
    found = kept_and_found(worlds, file)
    again = kept_and_found(found, file)
    answers = asked_in_the_end(worlds)
    assert asked_in_the_end(found) == answers
    assert asked_in_the_end(again) == answers


@settings(PATIENT, max_examples=60)
@given(st.sampled_from([*STEPS]), st.integers(0, 30))
def test_whatever_changes_a_world_is_seen_to_have(step: str, number: int) -> None:
    worlds = Worlds(BASE.fork())
    client = client_of(worlds, "default")
    client.create_list("One to change")
    client.engine.world.snapshot("0")
    before = worlds.freeze()
    assert alike(worlds.present(), before)
    STEPS[step](client, number)
    seen = not alike(worlds.present(), before)
    after = Worlds.revived(PROVIDERS, worlds.freeze())
    same = asked_in_the_end(Worlds.revived(PROVIDERS, before)) == asked_in_the_end(after)
    assert seen or same


def test_a_call_that_only_asks_changes_nothing_that_is_kept() -> None:
    worlds = Worlds(engine_of(EMPTY))
    client = Client(worlds.default)
    client.login()
    frozen = worlds.freeze()
    client_of(worlds, "default").search()
    assert alike(worlds.present(), frozen)
