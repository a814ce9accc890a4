"""What is observed of a target is what it does, whatever anybody took it to do; what cannot be seen says why."""

from collections.abc import Callable
from dataclasses import replace

import orjson
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from spoiling import Lie, spoiled

from mockserver.check.fresh import TARGET, fresh_engine, fresh_venue
from mockserver.check.judging import Judge
from mockserver.check.observation import Observation
from mockserver.check.readings.learning import host_of, learn, learned
from mockserver.check.readings.observing import OBSERVERS, believed, observed
from mockserver.check.redaction import secrets_of
from mockserver.check.refraining import BudgetSpent, KeptBack
from mockserver.check.session import Session
from mockserver.check.setting import DEMO, Setting
from mockserver.check.venue import Fresh
from mockserver.check.wire import InProcess, Unreachable
from mockserver.clock import parse_moment
from mockserver.message import Request, Response
from mockserver.mistake import Mistake
from mockserver.providers import PROVIDERS, READINGS
from mockserver.reading_files import read_readings
from mockserver.world_files import read_world, world_file
from mockserver.worlds import found_world

ALTERNATIVES = [(reading.name, alternative) for reading in READINGS for alternative in reading.alternatives]
CHOICES = st.fixed_dictionaries({reading.name: st.sampled_from(sorted(reading.alternatives)) for reading in READINGS})
READ_ONLY = frozenset(
    """missing-authorization default-page-size segment-resource-type statistics-resource-type match-rate lookback-range
    empty-problem-lists deprecation-headers retired-version unknown-contact-list basic-credentials campaign-in-period
    campaign-activity bare-token""".split()
)


class Elsewhere(Fresh):
    """A fake as far away as the real API: no more can be done there than is said, and every request is remembered."""

    def __init__(self, venue: Fresh, able: frozenset[str] = frozenset()):
        super().__init__(venue.engine, venue.setting, venue.judge)
        self.able = able
        self.said: list[Request] = []

    @property
    def abilities(self) -> frozenset[str]:
        return self.able | self.setting.known

    def open(self) -> Session:
        session = super().open()
        session.wire = Held(session.wire, self)
        return session


class Held(InProcess):
    def __init__(self, wire: InProcess, home: Elsewhere):
        super().__init__(wire.engine)
        self.abilities = home.able
        self._home = home

    def send(self, request: Request) -> Response:
        self._home.said.append(request)
        return super().send(request)

    def advance(self, seconds: float) -> None:
        raise AssertionError("nobody moves this clock")


def told(observations: list[Observation]) -> dict[str, str | None]:
    return {each.reading.name: each.alternative for each in observations}


def lying(lie: Lie) -> Fresh:
    engine = spoiled(fresh_engine(), lie)
    return Fresh(engine, DEMO, Judge(engine.world.readings.chosen))


def test_every_reading_has_an_observer_and_every_observer_a_reading():
    assert list(OBSERVERS) != []
    assert sorted(OBSERVERS) == sorted(reading.name for reading in READINGS)
    assert len(READINGS) == 26


@pytest.mark.parametrize(("reading", "alternative"), ALTERNATIVES)
def test_every_single_alternative_is_seen_and_moves_no_other(reading, alternative):
    venue = fresh_venue(readings={reading: alternative})
    observations = observed(venue)
    assert told(observations) == venue.engine.world.readings.chosen
    assert not any(each.contradicted for each in observations)
    assert told(observations)[reading] == alternative


@settings(max_examples=12, deadline=None)
@given(chosen=CHOICES)
def test_a_fake_under_any_readings_is_observed_learned_and_served_again(chosen, tmp_path_factory):
    file = tmp_path_factory.mktemp("learned") / "readings.yaml"
    learn(file, observed(fresh_venue(readings=chosen)), TARGET, parse_moment("2026-11-24"), secrets_of(DEMO))
    served = fresh_engine(readings=read_readings(file, READINGS))
    assert served.world.readings.chosen == chosen
    assert believed(observed(Fresh(served, DEMO, Judge(chosen)))) == chosen


@settings(max_examples=10, deadline=None)
@given(taken=CHOICES, chosen=CHOICES)
def test_it_makes_no_difference_what_the_target_was_taken_to_follow(taken, chosen):
    venue = fresh_venue(readings=chosen)
    venue.judge = Judge(taken)
    assert told(observed(venue)) == chosen


def test_an_observation_shows_the_exchange_that_it_was_seen_in():
    shown = {each.reading.name: each.exchanges for each in observed(fresh_venue())}
    assert [each.response.status for each in shown["throttle-problem-type"]] == [429]
    assert [each.operation for each in shown["refresh-token"]] == ["requestToken", "requestToken"]
    assert [each.version for each in shown["failed-items-in"]] == ["2026-07", "preview"]
    assert b"/2025-10/" in shown["retired-version"][0].request.path.encode()
    assert shown["basic-credentials"][0].request.header(b"authorization").startswith("Basic ")


@pytest.mark.parametrize("readings", [{}, {reading.name: reading.openapi for reading in READINGS}])
def test_what_only_reads_is_seen_where_nothing_may_be_written(readings):
    venue = Elsewhere(fresh_venue(readings=readings))
    seen = told(observed(venue))
    assert {name for name, alternative in seen.items() if alternative is not None} == READ_ONLY
    assert {name: seen[name] for name in READ_ONLY} == {name: venue.engine.world.readings[name] for name in READ_ONLY}
    changing = ("create", "update", "delete", "add-remove", "clear", "audience-segments", "audiences")
    assert [request.path for request in venue.said if request.path.endswith(changing)] == []


def test_everything_but_what_needs_more_is_seen_where_one_may_write():
    seen = told(observed(Elsewhere(fresh_venue(), frozenset({"writes"}))))
    missing = {name for name, alternative in seen.items() if alternative is None}
    assert missing == {"throttle-problem-type", "authorization-code-limit", "refresh-token"}


def test_what_was_not_waited_for_is_said():
    venue = Elsewhere(fresh_venue(readings={"statistics-computed": "on-schedule"}), frozenset({"writes"}))
    [computed] = [each for each in observed(venue) if each.reading.name == "statistics-computed"]
    assert computed.alternative == "on-schedule"
    assert computed.reason == "when what was added shows; it does not at once"


def test_what_is_lacking_is_told_in_words():
    reasons = {each.reading.name: each.reason for each in observed(Elsewhere(fresh_venue(setting=Setting())))}
    assert set(reasons) == set(OBSERVERS)
    assert reasons["bare-token"] == "it needs a customer of Shoplive's"
    assert reasons["default-page-size"] == "it needs --account; it needs --client-id and its secret"
    assert reasons["refresh-token"] == (
        "it needs --account; nobody can consent for an application there; it needs --client-id and its secret; "
        "no redirect URI is known"
    )


def test_an_empty_world_shows_all_but_what_needs_campaigns():
    file = world_file("empty")
    world = found_world(PROVIDERS, read_world(file), frozen_at=parse_moment("2026-11-22T10:30:00Z"), source=str(file))
    engine = fresh_engine()
    engine.world = world
    part = read_world(file)["criteo"]
    application, account = part["applications"][0], part["accounts"][0]
    setting = replace(
        DEMO,
        main=replace(DEMO.main, client_id=application["client_id"], client_secret=application["client_secret"]),
        account=account["id"],
        retailers=tuple(account["retailers"]),
        redirect_uri=next(iter(application.get("redirect_uris", [])), None),
        advertisers=tuple(application.get("advertisers", ())),
        customer=None,
    )
    seen = told(observed(Fresh(engine, setting, Judge(world.readings.chosen))))
    unseen = {name for name, alternative in seen.items() if alternative is None}
    assert unseen <= {"campaign-in-period", "campaign-activity", "bare-token", "lookback-range", "refresh-token"} | {
        "authorization-code-limit"
    }
    assert all(world.readings[name] == alternative for name, alternative in seen.items() if alternative)


def of(path: str, change: Callable[[Request, Response], None]) -> Lie:
    def lie(request: Request, response: Response) -> Response:
        if path in request.path:
            change(request, response)
        return response

    return lie


def status(code: int, at: int) -> Callable[[Request, Response], None]:
    def change(request: Request, response: Response) -> None:
        response.status = code if response.status == at else response.status

    return change


def without(*names: bytes) -> Callable[[Request, Response], None]:
    def change(request: Request, response: Response) -> None:
        response.headers = [(name, value) for name, value in response.headers if name not in names]

    return change


def rewritten(old: bytes, new: bytes) -> Callable[[Request, Response], None]:
    def change(request: Request, response: Response) -> None:
        response.body = response.body.replace(old, new)

    return change


def limited(request: Request, response: Response) -> None:
    without(b"x-ratelimit-limit")(request, response)
    response.headers.append((b"x-ratelimit-limit", b"77"))


CONTRADICTIONS: list[tuple[str, Lie, str]] = [
    ("contact-list-clear", of("/clear", status(202, 200)), "the status of a clear is 202"),
    ("unknown-contact-list", of("/contact-list", status(410, 403)), "the status is 410"),
    ("missing-authorization", of("/search", status(400, 401)), "the status is 400"),
    (
        "missing-authorization",
        of("/search", rewritten(b"token-invalid", b"token-odd")),
        "the code is 'authorization-token-odd'",
    ),
    (
        "deprecation-headers",
        of("/contact-list", without(b"sunset")),
        "whether there are Deprecation and Sunset headers is (True, False)",
    ),
    (
        "default-page-size",
        of("/search", rewritten(b'"limit":50', b'"limit":100')),
        "the limit told is 100, and there are 50 items",
    ),
    (
        "match-rate",
        of("/contact-list", rewritten(b'"matchRate":0.', b'"matchRate":0.1')),
        "the match rate of 633 of 1200 is 0.15275",
    ),
    ("request-date", of("add-remove", rewritten(b".000Z", b"Z")), "the requestDate is '2026-11-22T10:30:00Z'"),
    ("segment-resource-type", of("/search", rewritten(b'"AudienceSegment"', b'"Segment"')), "the type is 'Segment'"),
    (
        "failed-items-in",
        of("/delete", rewritten(b'"warnings":[{', b'"warnings":[],"other":[{')),
        "where a dated version and preview list a refused item is ('neither', 'errors')",
    ),
    (
        "empty-problem-lists",
        of("/search", rewritten(b'"warnings":[]', b'"warnings":null')),
        "errors and warnings is ('empty', 'null')",
    ),
    ("bare-token", of("/campaign/stats", status(418, 401)), "the status is 418"),
    ("authorization-code-limit", of("/search", limited), "the limit is 77"),
]


@pytest.mark.parametrize(("reading", "lie", "reason"), CONTRADICTIONS)
def test_what_no_alternative_has_is_a_contradiction_and_is_shown(reading, lie, reason):
    [seen] = [each for each in observed(lying(lie)) if each.reading.name == reading]
    assert (seen.alternative, seen.contradicted, seen.reason) == (None, True, reason)
    assert seen.exchanges


def test_a_wrong_type_is_no_alternative_though_it_reads_like_one():
    lie = of("/contact-list", rewritten(b'"numberOfIdentifiers":3', b'"numberOfIdentifiers":"3"'))
    [seen] = [each for each in observed(lying(lie)) if each.reading.name == "statistics-computed"]
    assert seen.alternative is None


NONSENSE = {
    "html": Response(200, [(b"content-type", b"text/html")], b"<html>hello</html>"),
    "nothing": Response(200, [], b""),
    "a list": Response(200, [], b"[1, 2]"),
    "null": Response(200, [], b"null"),
    "texts": Response(
        200, [], b'{"data": "x", "meta": "y", "errors": "z", "access_token": "t", "expires_in": 900, "results": 3}'
    ),
    "lists": Response(
        200, [], b'{"data": [[1], null], "meta": [], "access_token": "t", "expires_in": 900, "results": [4, null]}'
    ),
    "empty members": Response(200, [], b'{"data": {}, "meta": {}, "access_token": "t", "expires_in": 900, "results": [{}]}'),
    "wrong members": Response(
        200,
        [],
        orjson.dumps(
            {
                "access_token": "t",
                "expires_in": 900,
                "refresh_token": 5,
                "data": [{"id": None, "attributes": 3, "type": []}],
                "meta": {"limit": 50, "totalItems": "many"},
                "results": [{"scheduledAt": 1, "startedAt": "x", "endedAt": "y", "campaignKey": {}}],
            }
        ),
    ),
    "failure": Response(500, [], b"{}"),
    "redirect": Response(302, [(b"location", b"/elsewhere")], b""),
}


@pytest.mark.parametrize("name", NONSENSE)
def test_a_server_of_something_else_is_looked_at_and_nothing_breaks(name):
    observations = observed(lying(lambda request, response: replace(NONSENSE[name])))
    assert len(observations) == len(READINGS)
    assert all(each.reason for each in observations if each.alternative is None)
    seen = {each.reading.name for each in observations if each.alternative is not None}
    assert seen <= {"basic-credentials", "contact-list-clear", "retired-version", "lookback-range", "identifier-type-mismatch",
                    "bare-token", "deprecation-headers", "empty-problem-lists"}  # fmt: skip


@pytest.mark.parametrize(
    "stop", [Unreachable("it is down"), BudgetSpent("the budget is spent"), KeptBack("it may not be sent")]
)
def test_what_stops_a_call_is_the_reason(stop, monkeypatch):
    def send(wire: InProcess, request: Request) -> Response:
        raise stop

    monkeypatch.setattr(InProcess, "send", send)
    assert {each.reason for each in observed(fresh_venue())} == {str(stop)}


def test_sessions_are_closed_whatever_happens(monkeypatch):
    closed = []

    def close(wire: InProcess) -> None:
        closed.append(wire)

    monkeypatch.setattr(InProcess, "close", close)
    observed(lying(lambda request, response: replace(NONSENSE["a list"])))
    assert len(closed) == len(READINGS)


def test_what_was_seen_is_believed_before_what_was_chosen_and_that_before_the_profile():
    one, two, three = READINGS[:3]
    seen = [Observation(one, "nested"), Observation(two, None, reason="x")]
    found = believed(seen, "openapi", {one.name: "flat", two.name: "200-body"})
    assert (found[one.name], found[two.name], found[three.name]) == ("nested", "200-body", three.openapi)
    assert len(found) == len(READINGS)
    with pytest.raises(Mistake, match="unknown reading"):
        believed(seen, "openapi", {"nothing": "x"})


def written(observations: list[Observation], target: str = TARGET) -> dict:
    return learned(observations, target, parse_moment("2026-11-24T23:00:00Z"), secrets_of(DEMO))


@pytest.mark.parametrize(
    ("target", "evidence", "host"),
    [
        ("https://api.criteo.com", "wire", "api.criteo.com"),
        ("https://api.criteo.com:443/base", "wire", "api.criteo.com:443"),
        ("https://papi.shoplive.cloud/", "wire", "papi.shoplive.cloud"),
        ("http://localhost:8000", "seen on localhost:8000", "localhost:8000"),
        ("https://api.criteo.com.example", "seen on api.criteo.com.example", "api.criteo.com.example"),
        ("https://user:pass@evilcriteo.com", "seen on evilcriteo.com", "evilcriteo.com"),
        (TARGET, f"seen on {TARGET}", TARGET),
    ],
)
def test_only_the_vendors_own_hosts_are_evidence_of_the_wire(target, evidence, host):
    said = written([Observation(READINGS[0], "flat")], target)
    assert said["target"] == host == host_of(target)
    assert said["readings"][READINGS[0].name]["evidence"] == evidence


def test_a_learned_file_says_what_was_seen_where_and_why_not(tmp_path):
    venue = Elsewhere(lying(of("/contact-list", status(410, 403))))
    learn(tmp_path / "seen.yaml", observed(venue), "https://api.criteo.com", parse_moment("2026-11-24"), secrets_of(DEMO))
    said = yaml.safe_load((tmp_path / "seen.yaml").read_text("utf-8"))
    assert said["observed"] == "2026-11-24"
    assert set(said["readings"]) | set(said["unseen"]) == {reading.name for reading in READINGS}
    assert said["unseen"]["unknown-contact-list"] == "the target does what no alternative has: the status is 410"
    assert said["unseen"]["contact-list-clear"] == "it would write, and --allow-writes is not given"
    [exchange] = said["readings"]["missing-authorization"]["exchanges"]
    assert exchange["response"]["body"]["errors"][0]["code"] == "authorization-token-invalid"
    assert all(said["readings"][name]["question"] for name in said["readings"])


def test_a_learned_file_shows_the_first_few_of_a_list():
    [seen] = [each for each in observed(fresh_venue()) if each.reading.name == "default-page-size"]
    [exchange] = written([seen])["readings"]["default-page-size"]["exchanges"]
    assert len(exchange["response"]["body"]["data"]) == 4
    assert exchange["response"]["body"]["data"][3] == "<and 47 more>"


def test_a_learned_file_that_cannot_be_written_is_told(tmp_path):
    with pytest.raises(Mistake, match=r"cannot write .*: "):
        learn(tmp_path / "no" / "such" / "folder.yaml", [], TARGET, 1e9)


def test_the_order_is_that_of_the_declaration():
    assert [each.reading for each in observed(Elsewhere(fresh_venue()))] == list(READINGS)
