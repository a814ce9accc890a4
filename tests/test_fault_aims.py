"""Whom a fault strikes, how often, for how long, by what chance, and in which world."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from conftest import Client, engine_of
from hypothesis import given, settings
from hypothesis import strategies as st
from laws.patience import PATIENT
from shoplive.asking import EXAMPLE, OURS, THEIRS, Customer

from mockserver.effects import Delay, Drip, Revoked
from mockserver.engine import Engine
from mockserver.faults import Armed, Fault
from mockserver.message import Response, compose
from mockserver.mistake import Mistake
from mockserver.provider import check_named

BASE = engine_of()
TOKENS = {
    name: Client(BASE, client_id=f"{name}-client", client_secret=f"{name}-secret").login().json()["access_token"]
    for name in ("demo", "reader")
}
JWTS = {key: Customer(BASE, key).token() for key in (OURS, THEIRS)}


@dataclass(frozen=True)
class Kind:
    """A call, and what a fault can be aimed at in it."""

    make: Callable[[Engine], Response]
    operation: str
    version: str
    caller: str


def _by(engine: Engine, name: str, version: str = "2026-07") -> Client:
    return Client(engine, version, f"{name}-client", f"{name}-secret", TOKENS[name])


def _search(name: str, version: str) -> Kind:
    def make(engine: Engine) -> Response:
        return _by(engine, name, version).search("?limit=0")

    return Kind(make, "searchAudienceSegments", version, f"{name}-client")


def _token(name: str) -> Kind:
    return Kind(lambda engine: _by(engine, name).login(), "requestToken", "none", f"{name}-client")


def _statistics(key: str) -> Kind:
    def make(engine: Engine) -> Response:
        return Customer(engine, key).ask(*EXAMPLE, header=f"Bearer {JWTS[key]}")

    return Kind(make, "retrieveCampaignStats", "v2", key)


KINDS = [
    *(_search(name, version) for name in TOKENS for version in ("2026-01", "2026-07")),
    *map(_token, TOKENS),
    *map(_statistics, JWTS),
]


def world(*faults: Fault) -> Engine:
    """A fork of the demo world, with faults."""
    engine = BASE.fork()
    for each in faults:
        arm(engine, each)
    return engine


def arm(engine: Engine, fault: Fault) -> Armed:
    check_named(engine.providers.values(), fault.operation, fault.version)
    return engine.world.faults.add(fault, engine.world.clock.now())


def hits(engine: Engine, calls: int, kind: Kind = KINDS[0]) -> list[int]:
    """Which of so many calls are struck, counted from 1."""
    return [number for number in range(1, calls + 1) if kind.make(engine).drip]


def drips(**aim: Any) -> Fault:
    return Fault(effect=Drip(1), **aim)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.operation} {kind.version} {kind.caller}")
@pytest.mark.parametrize("aim", ["operation", "version", "caller"])
def test_a_fault_strikes_what_it_is_aimed_at_and_nothing_else(kind: Kind, aim: str) -> None:
    if (kind.version, aim) != ("none", "version"):
        engine = world(drips(**{aim: getattr(kind, aim)}))
        struck = [other for other in KINDS if other.make(engine).drip]
        assert struck == [other for other in KINDS if getattr(other, aim) == getattr(kind, aim)]


def test_every_aim_has_to_be_met() -> None:
    engine = world(drips(operation="searchAudienceSegments", version="2026-07", caller="reader-client"))
    (struck,) = [kind for kind in KINDS if kind.make(engine).drip]
    assert (struck.version, struck.caller) == ("2026-07", "reader-client")


@pytest.mark.parametrize(("secret", "status"), [("demo-secret", 200), ("wrong", 401)])
def test_whoever_asks_for_a_token_is_who_the_form_says_right_or_wrong(secret: str, status: int) -> None:
    engine = world(drips(caller="demo-client"))
    response = Client(engine, client_secret=secret).login()
    assert (response.status, response.drip) == (status, 1)


def test_the_caller_of_an_expired_token_is_still_known() -> None:
    engine = world(drips(caller="demo-client"))
    engine.world.clock.advance(900)
    response = _by(engine, "demo").search()
    assert (response.status, response.drip) == (401, 1)


def test_nobody_is_no_caller() -> None:
    engine = world(drips(caller="demo-client"))
    for headers in ({}, {"authorization": "Bearer nonsense"}, {"authorization": ""}):
        assert Client(engine).ask("POST", "/{account}/audience-segments/search", {}, headers).drip == 0


def test_the_nth_call_is_struck_and_every_so_manieth() -> None:
    assert hits(world(drips(nth=3)), 8) == [3]
    assert hits(world(drips(every=3)), 8) == [3, 6]
    assert hits(world(drips(nth=6, every=3)), 12) == [6]
    assert hits(world(drips(nth=5, every=3)), 12) == []


def test_a_fault_strikes_so_many_times_and_no_more() -> None:
    assert hits(world(drips(times=2)), 8) == [1, 2]
    assert hits(world(drips(every=2, times=2)), 8) == [2, 4]


def test_a_fault_lasts_by_the_clock() -> None:
    engine = world(drips(lasting=60))
    assert hits(engine, 2) == [1, 2]
    engine.world.clock.advance(59.5)
    assert hits(engine, 1) == [1]
    engine.world.clock.advance(0.5)
    assert hits(engine, 2) == []
    assert [(each.aimed, each.struck) for each in engine.world.faults.armed] == [(3, 3)]


def test_a_chance_is_the_worlds_own_and_follows_from_its_seed() -> None:
    engine, never, always = world(drips(chance=0.3)), world(drips(chance=0)), world(drips(chance=1))
    struck = hits(engine, 500)
    assert 100 < len(struck) < 200
    assert hits(world(drips(chance=0.3)), 500) == struck
    assert hits(world(drips(times=9), drips(chance=0.3)), 500) != struck  # another fault, another chance
    assert (hits(never, 50), len(hits(always, 50))) == ([], 50)


DELAYS = [
    Delay(uniform=(1, 3)),
    Delay(uniform=(2, 2)),
    Delay(lognormal=(0.2, 0.8)),
    Delay(lognormal=(5, 0)),
    Delay(quantiles=((0.5, 0.1), (0.9, 0.4), (0.99, 2.5), (1, 30))),
    Delay(quantiles=((0, 1), (0.5, 1), (1, 9))),
]


@pytest.mark.parametrize("effect", DELAYS, ids=str)
def test_delays_are_distributed_as_was_said(effect: Delay) -> None:
    engine = world(Fault(effect=effect))
    request = compose("POST", "/oauth2/token", form={})
    seconds = sorted(engine.handle(request).delay for _ in range(1000))
    for share in (0.1, 0.25, 0.5, 0.75, 0.9, 0.95):
        low, high = (effect.at(min(max(share + each, 0.001), 0.999)) for each in (-0.045, 0.045))
        assert low <= seconds[int(share * 1000)] <= high
    engine.world.reset()
    arm(engine, Fault(effect=effect))
    assert sorted(engine.handle(request).delay for _ in range(1000)) == seconds


def test_delays_are_exactly_where_they_were_said_to_be() -> None:
    assert Delay(seconds=4).at(0.3) == 4
    assert Delay(uniform=(1, 3)).at(0.25) == 1.5
    assert Delay(lognormal=(2, 1)).at(0.5) == 2
    seen = Delay(quantiles=((0.5, 1), (0.9, 3)))
    assert [round(seen.at(share), 9) for share in (0.25, 0.5, 0.7, 0.9, 0.99)] == [1, 1, 2, 3, 3]


def test_other_seeds_have_other_delays_and_chances() -> None:
    def drawn(seed: int) -> list[tuple[float, bool]]:
        engine = engine_of(seed=seed)
        arm(engine, Fault(effect=Delay(uniform=(0, 1))))
        arm(engine, drips(chance=0.5))
        return [(response.delay, bool(response.drip)) for _ in range(40) for response in [_by(engine, "demo").login()]]

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)


@dataclass
class Model:
    """A fault, told as its documentation does."""

    name: str
    fault: Fault
    since: float
    aimed: int = 0
    struck: int = 0

    def strikes(self, kind: Kind, now: float) -> bool:
        said = self.fault
        if said.lasting is not None and now - self.since >= said.lasting:
            return False
        if any(getattr(said, aim) not in (None, getattr(kind, aim)) for aim in ("operation", "version", "caller")):
            return False
        self.aimed += 1
        counted = [said.nth is None or self.aimed == said.nth, said.every is None or self.aimed % said.every == 0]
        hit = all(counted) and (said.times is None or self.struck < said.times)
        self.struck += hit
        return hit


@dataclass
class Life:
    """A world and what is known of its faults."""

    engine: Engine = field(default_factory=BASE.fork)
    models: list[Model] = field(default_factory=list)
    named: int = 0

    def arm(self, fault: Fault) -> None:
        self.named += 1
        self.models.append(Model(arm(self.engine, fault).name, fault, self.engine.world.clock.now()))
        assert self.models[-1].name == f"fault-{self.named}"

    def call(self, kind: Kind) -> None:
        expected = [each.name for each in self.models if each.strikes(kind, self.engine.world.clock.now())]
        assert kind.make(self.engine).drip == len(expected)
        (entry,) = self.engine.world.journal.last(1)
        assert list(entry.faults) == expected

    def fork(self) -> "Life":
        return Life(self.engine.fork(), [replace(each) for each in self.models], self.named)


small = st.none() | st.integers(1, 4)
aims = st.builds(
    drips,
    operation=st.sampled_from([None, None, *sorted({kind.operation for kind in KINDS})]),
    version=st.sampled_from([None, None, None, "2026-01", "2026-07", "v2"]),
    caller=st.sampled_from([None, None, *sorted({kind.caller for kind in KINDS})]),
    nth=small,
    every=small,
    times=small,
    lasting=st.sampled_from([None, None, 0, 1, 30, 60]),
)
steps = st.tuples(st.just("arm"), aims) | st.tuples(st.just("call"), st.sampled_from(KINDS))
steps = (
    steps
    | st.tuples(st.sampled_from(["fork", "go", "remove"]), st.integers(0, 9))
    | st.tuples(st.just("wait"), st.sampled_from([1, 29, 60]))
)


@given(begun=st.lists(aims, min_size=1, max_size=3), said=st.lists(steps, max_size=30))
@settings(PATIENT)
def test_faults_strike_as_they_are_documented_to_in_every_fork(begun: list[Fault], said: list[tuple[str, Any]]) -> None:
    here, elsewhere = Life(), list[Life]()
    for each in begun:
        here.arm(each)
    for done, what in said:
        if done == "arm":
            here.arm(what)
        elif done == "call":
            here.call(what)
        elif done == "wait":
            here.engine.world.clock.advance(what)
        elif done == "fork":
            elsewhere.append(here.fork())
        elif done == "go" and elsewhere:
            at = what % len(elsewhere)
            here, elsewhere[at] = elsewhere[at], here
        elif done == "remove" and here.models:
            gone = here.models.pop(what % len(here.models))
            here.engine.world.faults.remove(gone.name)
    for life in (here, *elsewhere):
        told = [(each.name, each.aimed, each.struck) for each in life.engine.world.faults.armed]
        assert told == [(each.name, each.aimed, each.struck) for each in life.models]


def test_a_fork_revokes_on_its_own() -> None:
    engine = world(Fault(effect=Revoked(), nth=1))
    twin = engine.fork()
    assert _by(twin, "demo").search().status == 401
    assert bool(twin.world.faults.revoked) is not bool(engine.world.faults.revoked)
    engine.world.faults.clear()
    assert [_by(each, "demo").search().status for each in (engine, twin, twin.fork())] == [200, 401, 401]


def test_a_reset_brings_back_the_faults_that_there_were_at_the_beginning() -> None:
    engine = world(drips(every=2))
    hits(engine, 1)
    twin = engine.fork()
    arm(twin, Fault(effect=Revoked()))
    assert hits(twin, 2) == [1]
    twin.world.reset()
    assert [(each.name, each.aimed) for each in twin.world.faults.armed] == [("fault-1", 1)]
    assert hits(twin, 3) == [1, 3]
    engine.world.reset()
    assert not engine.world.faults
    assert hits(engine, 3) == []


def test_a_fault_that_is_not_there_cannot_be_taken_back() -> None:
    engine = world(drips(), drips())
    engine.world.faults.remove("fault-1")
    with pytest.raises(Mistake, match=r"unknown fault 'fault-1'; did you mean 'fault-2'\?"):
        engine.world.faults.remove("fault-1")
    assert arm(engine, drips()).name == "fault-3"
