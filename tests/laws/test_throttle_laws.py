"""In each fixed window a quota lets through as many calls as it says, and not one more, whatever else is called."""

from collections import Counter
from typing import Any

from conftest import ACCOUNT, EMPTY, TODAY, Client, engine_of
from hypothesis import given, settings
from hypothesis import strategies as st
from patience import PATIENT

from mockserver.clock import parse_moment
from mockserver.engine import Engine
from mockserver.message import Response, compose
from mockserver.providers.criteo.oauth import consent
from mockserver.throttle import Quota, Throttle

A, B, C = Quota("a", 3), Quota("b", 2, 10), Quota("c", 1, 7)
BUNDLES = [(A,), (B,), (A, B), (B, A), (C, B, A)]
steps = st.tuples(st.sampled_from(BUNDLES), st.sampled_from([0, 0, 0, 0.5, 3, 6.75, 10, 59.5, 60]))


@given(begin=st.integers(0, 10**6), said=st.lists(steps, max_size=40))
@settings(PATIENT, max_examples=300)
def test_a_call_passes_unless_one_of_its_quotas_is_used_up(begin: int, said: list[tuple[tuple[Quota, ...], float]]) -> None:
    throttle, now = Throttle(), float(begin)
    used: Counter[tuple[str, int]] = Counter()
    for quotas, later in said:
        now += later
        windows = [(quota.key, int(now) // quota.seconds) for quota in quotas]
        passes = all(used[window] < quota.limit for window, quota in zip(windows, quotas, strict=True))
        used.update(windows if passes else ())
        left = [quota.limit - used[window] for window, quota in zip(windows, quotas, strict=True)]
        told = throttle.take(quotas, now)
        assert told.exhausted is not passes
        assert told.remaining == min(left) == left[quotas.index(told.quota)]
        assert now < told.reset <= now + told.quota.seconds
        assert told.reset % told.quota.seconds == 0


def test_no_count_of_this_minute_is_forgotten_however_many_there_are() -> None:
    throttle, quotas = Throttle(), [Quota(str(number), 2) for number in range(4200)]
    assert {throttle.take([quota], 30.0).remaining for quota in quotas} == {1}
    for now, exhausted in [(59.0, False), (59.5, True), (60.0, False), (61.0, False), (119.5, True), (120.0, False)]:
        assert {throttle.take([quota], now).exhausted for quota in quotas[::200]} == {exhausted}


OTHER = "625702934721171888"
WORLD: dict[str, Any] = {
    "criteo": {
        **EMPTY["criteo"],
        "accounts": [*EMPTY["criteo"]["accounts"], {"id": OTHER, "name": "Another", "retailers": ["12"]}],
    }
}
PASSING, REFUSED, UNCOUNTED = (
    ("search", "another version"),
    ("bad page", "foreign account"),
    ("no path", "no method", "no token"),
)
calls = st.tuples(
    st.sampled_from(["demo-client", "demo-client", "reader-client"]),
    st.sampled_from([*PASSING, *PASSING, *REFUSED, *UNCOUNTED]),
    st.sampled_from([0, 0, 0, 0, 0.5, 7, 30]),
    st.integers(1, 4),
)


def make(kind: str, client: Client) -> Response:
    """A call of some kind: what it is answered is said by `STATUS`."""
    client.version = "preview" if kind == "another version" else "2026-07"
    if kind == "bad page":
        return client.search("?limit=501")
    if kind == "foreign account":
        return client.ask("POST", "/accounts/77/audience-segments/search", {})
    if kind == "no path":
        return client.ask("POST", "/{account}/nowhere", {})
    if kind == "no method":
        return client.ask("DELETE", "/{account}/audience-segments", {})
    if kind == "no token":
        return client.ask("POST", "/{account}/audience-segments/search", {}, {"authorization": "Bearer x"})
    return client.search()


STATUS = {"bad page": 400, "foreign account": 403, "no path": 404, "no method": 405, "no token": 401}


@given(limit=st.integers(0, 6), said=st.lists(calls, max_size=25))
@settings(PATIENT)
def test_an_application_has_its_calls_of_each_minute_and_no_other_takes_them(
    limit: int, said: list[tuple[str, str, float, int]]
) -> None:
    engine = engine_of(EMPTY, rate_limit=limit)
    clients = {name: Client(engine, client_id=f"{name}-client", client_secret=f"{name}-secret") for name in ("demo", "reader")}
    used: Counter[tuple[str, int]] = Counter()
    for name, kind, later, times in said:
        engine.world.clock.advance(later)
        now = engine.world.clock.now()
        for _ in range(times):
            client = clients[name.removesuffix("-client")]
            client.token = None  # fetching another is not counted either
            answer, window = make(kind, client), (name, int(now) // 60)
            if kind in UNCOUNTED:
                assert answer.status == STATUS[kind]
                assert answer.header("x-ratelimit-limit") is None
            else:
                passes = used[window] < limit
                used[window] += passes
                assert answer.status == (STATUS.get(kind, 200) if passes else 429)
                assert_headers(answer, limit, limit - used[window], now)


def assert_headers(answer: Response, limit: int, remaining: int, now: float) -> None:
    names = ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset")
    assert [answer.header(name) for name in names] == [str(limit), str(remaining), str((int(now) // 60 + 1) * 60)]


def consented(engine: Engine, user: str, accounts: list[str]) -> Client:
    """A client with a token of a user's consent to these accounts."""
    asked = {"client_id": "demo-client", "redirect_uri": "http://localhost:3000/callback", "user": user, "accounts": accounts}
    code = consent(engine.world, engine.world.parts["criteo"], asked)["code"]
    form = {**asked, "client_secret": "demo-secret", "grant_type": "authorization_code", "code": code}
    del form["accounts"], form["user"]
    return Client(engine, token=engine.handle(compose("POST", "/oauth2/token", form=form)).json()["access_token"])


POOLED = {"own": 250, "one": 10, "both": 20, "somebody else's": 10}
PER_TOKEN = {"own": 250, "one": 35, "both": 35, "somebody else's": 35}
turns = st.tuples(st.sampled_from(sorted(POOLED)), st.integers(1, 12), st.sampled_from([0, 0, 0, 20, 60]))


@given(pooled=st.booleans(), said=st.lists(turns, max_size=14))
@settings(PATIENT, max_examples=60)
def test_a_consenting_user_has_ten_calls_an_account_or_thirty_five_a_token(
    pooled: bool, said: list[tuple[str, int, int]]
) -> None:
    reading = "10-per-account" if pooled else "35-per-token"
    engine = engine_of(WORLD, rate_limit=250, readings={"authorization-code-limit": reading})
    clients = {
        "own": Client(engine),
        "one": consented(engine, "j.doe", [ACCOUNT]),
        "both": consented(engine, "j.doe", [ACCOUNT, OTHER]),
        "somebody else's": consented(engine, "a.jack", [ACCOUNT]),
    }
    limits = POOLED if pooled else PER_TOKEN
    used: Counter[tuple[str, int]] = Counter()
    for name, times, later in said:
        if engine.world.clock.now() + later < parse_moment(TODAY) + 900:  # for as long as the tokens live
            engine.world.clock.advance(later)
        now = engine.world.clock.now()
        window = ("j.doe" if pooled and name in ("one", "both") else name, int(now) // 60)
        for _ in range(times):
            passes = used[window] < limits[name]
            used[window] += passes
            answer = clients[name].search()
            assert answer.status == (200 if passes else 429)
            assert_headers(answer, limits[name], max(limits[name] - used[window], 0), now)


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["call", "call", "call", "fork", "wait"])), max_size=40))
@settings(PATIENT)
def test_a_fork_counts_for_itself_from_where_it_began(said: list[tuple[int, str]]) -> None:
    worlds, used = [Client(engine_of(EMPTY, rate_limit=4))], [0]
    for chosen, done in said:
        at = chosen % len(worlds)
        if done == "fork":
            worlds.append(Client(worlds[at].engine.fork()))
            used.append(used[at])
        elif done == "wait":
            worlds[at].engine.world.clock.advance(60)
            worlds[at].token, used[at] = None, 0
        else:
            assert worlds[at].search().status == (200 if used[at] < 4 else 429)
            used[at] = min(used[at] + 1, 4)
