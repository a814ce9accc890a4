"""A token is worth what it says, as long as it says, to the world that made it and to nobody else."""

import hashlib
import string
from base64 import urlsafe_b64encode
from typing import Any

from conftest import ACCOUNT, EMPTY, Client, engine_of
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from patience import PATIENT

from mockserver.clock import parse_moment
from mockserver.engine import Engine
from mockserver.message import Response, compose
from mockserver.providers.criteo.oauth import consent

MINUTES, MONTHS = 15 * 60, 182 * 24 * 3600
CODE_LIVES = 600
OTHER = "625702934721171888"
HOME, AWAY = "https://client.example/callback", "http://localhost:3000/callback"
_demo, _reader = EMPTY["criteo"]["applications"]
WORLD: dict[str, Any] = {
    "criteo": {
        **EMPTY["criteo"],
        "accounts": [*EMPTY["criteo"]["accounts"], {"id": OTHER, "name": "Another", "retailers": ["12"]}],
        "applications": [_demo, {**_reader, "redirect_uris": [HOME]}],
    }
}
BASE = engine_of(WORLD)
SECRETS = {"demo-client": "demo-secret", "reader-client": "reader-secret"}

seeds = st.integers(0, 2**31)
waits = st.sampled_from([0, 0.125, 1, 59, 449.5, 450, 899, 899.875, 900])
verifiers = st.text(string.ascii_letters + string.digits + "-._~:", min_size=1, max_size=44)


def outcome(engine: Engine, token: str) -> str:
    """`accepted`, or the code of the 401."""
    answer = Client(engine, token=token).search()
    assert answer.status in (200, 401)
    return "accepted" if answer.status == 200 else str(answer.json()["errors"][0]["code"])


def exchange(engine: Engine, grant: str, client: str = "demo-client", **form: str | None) -> Response:
    said = {"grant_type": grant, "client_id": client, "client_secret": SECRETS[client], **form}
    said = {name: value for name, value in said.items() if value is not None}
    return engine.handle(compose("POST", "/oauth2/token", form=said))


def code_of(engine: Engine, **said: Any) -> str:
    asked = {"client_id": "demo-client", "redirect_uri": HOME, **said}
    return consent(engine.world, engine.world.parts["criteo"], asked)["code"]


@given(st.lists(st.tuples(st.booleans(), waits), min_size=1, max_size=25))
@settings(PATIENT)
def test_every_token_is_accepted_until_fifteen_minutes_after_it_was_issued(said: list[tuple[bool, float]]) -> None:
    engine, issued = BASE.fork(), []
    for issuing, later in said:
        engine.world.clock.advance(later)
        now = engine.world.clock.now()
        if issuing:
            issued.append((now, exchange(engine, "client_credentials").json()["access_token"]))
        for moment, token in issued:
            assert outcome(engine, token) == ("accepted" if now < moment + MINUTES else "authorization-token-expired")
    assert len({token for _, token in issued}) == len(issued)


@given(ours=seeds, theirs=seeds)
@settings(PATIENT, max_examples=30)
def test_a_token_of_a_world_with_another_seed_is_foreign(ours: int, theirs: int) -> None:
    assume(ours != theirs)
    here, there = engine_of(EMPTY, seed=ours), engine_of(EMPTY, seed=theirs)
    token = exchange(here, "client_credentials").json()["access_token"]
    assert outcome(here, token) == "accepted"
    assert outcome(here.fork(), token) == "accepted"
    assert outcome(engine_of(EMPTY, seed=ours), token) == "accepted"
    assert outcome(there, token) == "authorization-token-invalid"
    here.world.reset()
    assert outcome(here, token) == "accepted", "a token outlives a reset"
    code = code_of(there)
    assert exchange(here, "authorization_code", code=code, redirect_uri=HOME).json()["error"] == "invalid_grant"
    assert exchange(there, "authorization_code", code=code, redirect_uri=HOME).status == 200


characters = st.sampled_from(string.ascii_letters + string.digits + "-_.=+/ \xe9")


@given(user=st.booleans(), other=characters)
@settings(PATIENT, max_examples=30)
def test_a_token_with_any_one_character_changed_missing_or_more_is_invalid(user: bool, other: str) -> None:
    engine = BASE.fork()
    grant = {"grant": "authorization_code", "code": code_of(engine), "redirect_uri": HOME}
    token = exchange(engine, **(grant if user else {"grant": "client_credentials"})).json()["access_token"]
    for place in range(len(token)):
        changed = token[:place] + other + token[place + 1 :]
        without, more = token[:place] + token[place + 1 :], token[:place] + other + token[place:]
        for forged in {changed, without, more} - {token}:
            if forged.strip() != token:
                assert outcome(engine, forged) == "authorization-token-invalid"
    assert outcome(engine, token) == "accepted"


def test_a_code_a_refresh_token_and_an_access_token_are_three_things() -> None:
    engine = BASE.fork()
    spare = code_of(engine)
    granted = exchange(engine, "authorization_code", code=code_of(engine), redirect_uri=HOME).json()
    access, refresh = granted["access_token"], granted["refresh_token"]
    assert outcome(engine, spare) == outcome(engine, refresh) == "authorization-token-invalid"
    for wrong in (access, refresh):
        assert exchange(engine, "authorization_code", code=wrong, redirect_uri=HOME).json()["error"] == "invalid_grant"
    for wrong in (access, spare):
        assert exchange(engine, "refresh_token", refresh_token=wrong).json()["error"] == "invalid_grant"
    assert outcome(engine, access) == "accepted"


def challenged(method: str, verifier: str) -> str:
    if method == "plain":
        return verifier
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


@given(
    method=st.sampled_from(["S256", "plain"]),
    verifier=verifiers,
    offered=st.none() | st.just("same") | st.just("the challenge") | verifiers,
    sent_to=st.sampled_from([HOME, AWAY]),
    redeemed_at=st.sampled_from([HOME, AWAY, AWAY + "/", None]),
    client=st.sampled_from(["demo-client", "demo-client", "demo-client", "reader-client"]),
    later=st.sampled_from([0, 0, 599, 599.875, 600, 901]),
)
@settings(PATIENT, max_examples=400)
def test_a_code_is_redeemed_by_its_client_where_it_was_sent_with_its_verifier_in_time(
    method: str, verifier: str, offered: str | None, sent_to: str, redeemed_at: str | None, client: str, later: float
) -> None:
    engine = BASE.fork()
    challenge = challenged(method, verifier)
    code = code_of(engine, redirect_uri=sent_to, code_challenge=challenge, code_challenge_method=method)
    shown = {"same": verifier, "the challenge": challenge}.get(offered or "", offered)
    engine.world.clock.advance(later)
    form = {"code": code, "redirect_uri": redeemed_at, "code_verifier": shown}
    answer = exchange(engine, "authorization_code", client, **form)
    sound = client == "demo-client" and redeemed_at == sent_to and shown == verifier and later < CODE_LIVES
    assert answer.status == (200 if sound else 400)
    if sound:
        assert outcome(engine, answer.json()["access_token"]) == "accepted"
        assert exchange(engine, "authorization_code", client, **form).json()["error"] == "invalid_grant", "once only"
    else:
        assert answer.json()["error"] == "invalid_grant"


@given(
    rotated=st.booleans(),
    said=st.lists(st.tuples(st.integers(0, 5), st.sampled_from([0, 0, 60, MONTHS // 2, MONTHS - 1, MONTHS])), max_size=12),
)
@settings(PATIENT, max_examples=60)
def test_a_refresh_token_lives_half_a_year_and_ends_at_its_use_only_where_it_rotates(
    rotated: bool, said: list[tuple[int, int]]
) -> None:
    engine = engine_of(WORLD, readings={"refresh-token": "rotated" if rotated else "kept"})
    first = exchange(engine, "authorization_code", code=code_of(engine), redirect_uri=HOME).json()["refresh_token"]
    handed_out: list[tuple[float, str]] = [(engine.world.clock.now(), first)]
    used: set[str] = set()
    for at, later in said:
        if engine.world.clock.now() + later < parse_moment("2040-01-01T00:00:00Z"):
            engine.world.clock.advance(later)
        now = engine.world.clock.now()
        issued, token = handed_out[at % len(handed_out)]
        answer = exchange(engine, "refresh_token", refresh_token=token)
        worth = now < issued + MONTHS and not (rotated and token in used)
        assert answer.status == (200 if worth else 400)
        if worth:
            used.add(token)
            assert (answer.json()["refresh_token"] != token) is rotated
            handed_out += [(now, answer.json()["refresh_token"])] if rotated else []
            assert outcome(engine, answer.json()["access_token"]) == "accepted"


@given(st.sets(st.sampled_from([ACCOUNT, OTHER]), min_size=1))
@settings(PATIENT, max_examples=10)
def test_a_users_token_opens_the_accounts_consented_to_and_no_other(accounts: set[str]) -> None:
    engine = BASE.fork()
    code = code_of(engine, accounts=sorted(accounts))
    granted = exchange(engine, "authorization_code", code=code, redirect_uri=HOME).json()
    again = exchange(engine, "refresh_token", refresh_token=granted["refresh_token"]).json()
    for token in (granted["access_token"], again["access_token"]):
        for account in (ACCOUNT, OTHER):
            answer = Client(engine, token=token).ask("POST", f"/accounts/{account}/audience-segments/search", {})
            assert answer.status == (200 if account in accounts else 403)
