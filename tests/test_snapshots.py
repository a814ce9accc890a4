"""Snapshots: the whole of a world under a name, to go back to; they cost the same whatever the size of the world."""

from typing import Any

import pytest
from conftest import EMPTY, TODAY, Client, engine_of
from hypothesis import given, settings
from hypothesis import strategies as st
from laws.patience import PATIENT

from mockserver.clock import parse_moment
from mockserver.difference import changes
from mockserver.effects import Drip, Revoked
from mockserver.engine import Engine
from mockserver.faults import Fault
from mockserver.mistake import Mistake
from mockserver.world import World

BASE = engine_of()
TOKEN = Client(BASE).login().json()["access_token"]
NOW = parse_moment(TODAY)


def ours(engine: Engine = BASE) -> Client:
    return Client(engine.fork(), token=TOKEN)


def names(client: Client) -> list[str]:
    """The names of everything that was made, in the order it was."""
    segments = client.engine.world.parts["criteo"].entities()["segment"]
    return [segments[id].name for id in sorted(segments) if segments[id].name.startswith("Made")]


def test_going_back_brings_back_what_was_there() -> None:
    client = ours()
    client.create_list("Made before")
    client.engine.world.snapshot("then")
    kept = client.create_list("Made after")
    client.delete("225702933721171456")
    client.amend(kept, "add", ["a@example.com"])
    client.engine.world.restore("then")
    assert names(client) == ["Made before"]
    assert changes(client.engine.world.remembered("then"), client.engine.world) == []
    assert client.statistics("225702933721171456").json()["data"]["attributes"]["numberOfIdentifiers"] == 10_000
    assert client.create_list("Made after") == kept  # and all goes as it went


def test_going_back_brings_back_clock_readings_counts_and_faults() -> None:
    client = Client(engine_of(rate_limit=3), token=TOKEN)
    world = client.engine.world
    world.faults.add(Fault(effect=Drip(1), every=2), NOW)
    client.search()
    world.snapshot("then")
    serial = world.serial
    assert client.search().header("x-ratelimit-remaining") == "1"
    world.clock.advance(300)
    world.readings = world.readings.changed({"missing-authorization": "authorization-token-missing"})
    world.faults.add(Fault(effect=Revoked()), NOW)
    assert client.search().status == 401
    world.rate_limit = 1
    world.restore("then")
    assert (world.clock.now(), world.serial, world.rate_limit) == (NOW, serial, 3)
    assert world.readings["missing-authorization"] == "authorization-token-invalid"
    assert [(each.name, each.aimed) for each in world.faults.armed] == [("fault-1", 1)]
    assert not world.faults.revoked
    answer = client.search()
    assert (answer.status, answer.drip, answer.header("x-ratelimit-remaining")) == (200, 1, "1")


def test_the_readings_of_a_snapshot_are_those_of_the_contract_too() -> None:
    client = ours()
    world = client.engine.world
    world.snapshot("then")
    world.readings = world.readings.changed({"contact-list-clear": "204"})
    assert client.clear("225702933721171456").status == 204
    world.restore("then")
    assert client.clear("225702933721171456").status == 200


def test_the_journal_goes_on() -> None:
    client = ours()
    client.search()
    client.engine.world.snapshot("then")
    client.search()
    client.engine.world.restore("then")
    client.search()
    assert [each.number for each in client.engine.world.journal] == [1, 2, 3]


def test_a_snapshot_can_be_gone_back_to_again_and_again() -> None:
    client = ours()
    client.engine.world.snapshot("then")
    for number in range(3):
        client.create_list(f"Made {number}")
        assert names(client) == [f"Made {number}"]
        client.engine.world.restore("then")
    assert names(client) == []


def test_snapshots_survive_a_reset_and_each_other() -> None:
    client = ours()
    for number in range(3):
        client.create_list(f"Made {number}")
        client.engine.world.snapshot(f"then {number}")
    client.engine.world.reset()
    assert names(client) == []
    for number in (2, 0, 1):
        client.engine.world.restore(f"then {number}")
        assert names(client) == [f"Made {each}" for each in range(number + 1)]
    assert sorted(client.engine.world.snapshots) == ["then 0", "then 1", "then 2"]


def test_a_snapshot_takes_the_place_of_what_had_its_name() -> None:
    client = ours()
    for number in range(2):
        client.create_list(f"Made {number}")
        client.engine.world.snapshot("then")
    client.engine.world.reset()
    client.engine.world.restore("then")
    assert names(client) == ["Made 0", "Made 1"]


def test_going_back_does_not_change_what_a_reset_comes_back_to() -> None:
    client = ours()
    client.create_list("Made before")
    client.engine.world.snapshot("then")
    client.engine.world.restore("then")
    client.engine.world.reset()
    assert names(client) == []


def test_a_fork_has_the_snapshots_and_makes_its_own() -> None:
    client = ours()
    client.engine.world.snapshot("then")
    twin = ours(client.engine)
    twin.create_list("Made in the fork")
    twin.engine.world.snapshot("of the fork")
    client.engine.world.snapshot("of the other")
    assert sorted(twin.engine.world.snapshots) == ["of the fork", "then"]
    assert sorted(client.engine.world.snapshots) == ["of the other", "then"]
    twin.engine.world.restore("then")
    assert names(twin) == []


@pytest.mark.parametrize("use", [World.restore, World.remembered])
def test_an_unknown_snapshot_is_told_with_the_nearest(use: Any) -> None:
    world = ours().engine.world
    with pytest.raises(Mistake, match=r"unknown snapshot 'then'; known: none"):
        use(world, "then")
    for name in ("before", "after"):
        world.snapshot(name)
    with pytest.raises(Mistake, match=r"unknown snapshot 'befor'; did you mean 'before'\?"):
        use(world, "befor")


doings = st.tuples(st.sampled_from(["create", "snapshot", "restore", "reset", "wait", "fork"]), st.sampled_from("ab"))


@given(st.lists(doings, max_size=25))
@settings(PATIENT)
def test_a_world_is_what_its_model_remembers(said: list[tuple[str, str]]) -> None:
    client, calls = ours(), 0
    now: tuple[list[str], float] = ([], NOW)
    origin, kept = now, dict[str, tuple[list[str], float]]()
    for number, (done, name) in enumerate(said):
        world = client.engine.world
        if done == "create":
            client.token, calls = TOKEN if now[1] < NOW + 900 else None, calls + (1 if now[1] < NOW + 900 else 2)
            client.create_list(f"Made {number}")
            now = ([*now[0], f"Made {number}"], now[1])
        elif done == "snapshot":
            world.snapshot(name)
            kept[name] = now
        elif done == "restore" and name in kept:
            world.restore(name)
            now = kept[name]
        elif done == "reset":
            world.reset()
            now, calls = origin, 0
        elif done == "wait":
            world.clock.advance(60)
            now = (now[0], now[1] + 60)
        elif done == "fork":
            client, origin, calls = ours(client.engine), now, 0
        world = client.engine.world
        assert (names(client), world.clock.now(), world.journal.count) == (*now, calls)
        assert sorted(world.snapshots) == sorted(kept)


def populous(segments: int) -> Engine:
    """A world with so many segments."""
    first, *others = EMPTY["criteo"]["retailers"]
    retailers = [{**first, "generate": {"segments": segments}}, *others]
    return engine_of({"criteo": {**EMPTY["criteo"], "retailers": retailers}})


@pytest.mark.parametrize("segments", [400, 20_000])
def test_a_snapshot_shares_everything_with_its_world_until_one_of_them_writes(segments: int) -> None:
    client = Client(populous(segments), token=TOKEN)
    world = client.engine.world
    assert len(world.parts["criteo"].entities()["segment"]) == segments
    world.snapshot("then")
    kept = world.remembered("then")
    assert tables(kept) == tables(world)
    client.search()
    assert tables(kept) == tables(world)
    client.create_list("Made after")
    differing = [name for name, table in tables(world).items() if tables(kept)[name] != table]
    assert differing == ["segment"]
    assert [str(each) for each in changes(kept, world)] == [f"added segment {max(segments_of(world))} 'Made after'"]
    world.restore("then")
    assert tables(kept) == tables(world)


def tables(world: World) -> dict[str, int]:
    """Which tables a world has: those of the same number are one and the same."""
    return {kind: id(table) for part in world.parts.values() for kind, table in part.entities().items()}


def segments_of(world: World) -> Any:
    return world.parts["criteo"].entities()["segment"]
