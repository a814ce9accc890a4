"""Every refusal says by which rule, on what evidence, and what would be taken, which is then taken."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import Any

import pytest
from conftest import ACCOUNT, Client, engine_of
from shoplive.asking import EXAMPLE, OURS, THEIRS, Customer

from mockserver.catalogue import claims
from mockserver.contract.operation import LARGEST_BODY
from mockserver.effects import Delay, Status
from mockserver.engine import Engine
from mockserver.faults import Fault
from mockserver.journal import Entry
from mockserver.mending import mended
from mockserver.message import Request, Response, compose
from mockserver.problem import Problem
from mockserver.providers import PROVIDERS
from mockserver.why import entry_line, why

BASE = engine_of()
TOKENS = {
    name: Client(BASE, client_id=f"{name}-client", client_secret=f"{name}-secret").login().json()["access_token"]
    for name in ("demo", "reader")
}
BEARER = {"authorization": f"Bearer {TOKENS['demo']}"}
LIST, READ_ONLY, EVENTS_SEGMENT = "225702933721171456", "56159923678901880", "225702933721195672"
NEW = {"name": "New", "retailerId": "12", "contactList": {"identifierType": "Email"}}
EVENTS = {"shopperActivity": "Buy", "lookbackDays": "Last30Days", "categoryIds": ["1"]}
PERIOD = f"from={EXAMPLE[0]}&to={EXAMPLE[1]}"


def held(place: str) -> Any:
    module, _, name = place.rpartition(".")
    return getattr(import_module(module), name)


PROBLEMS: dict[str, Problem] = {
    claim.place.removeprefix("mockserver.providers."): held(claim.place)
    for provider in PROVIDERS
    for claim in claims(provider)
    if claim.sort == "problem"
}


@dataclass(frozen=True)
class Row:
    """A call that provokes a problem, under some readings."""

    make: Callable[[Client], Response]
    readings: Mapping[str, str] = field(default_factory=dict)

    def entry(self) -> tuple[Entry, Engine]:
        engine = BASE.fork()
        engine.world.readings = engine.world.readings.changed(self.readings)
        self.make(Client(engine, "preview", token=TOKENS["demo"]))
        (entry,) = engine.world.journal.last(1)
        return entry, engine


def raw(client: Client, body: bytes, media: str = "application/json", what: str = "search") -> Response:
    path = f"/preview/retail-media/accounts/{ACCOUNT}/audience-segments/{what}"
    headers = tuple((name.encode(), value.encode()) for name, value in (BEARER | {"content-type": media}).items())
    return client.engine.handle(Request("POST", path, "", headers, body))


def create(**said: Any) -> Row:
    whole = {name: value for name, value in {**NEW, **said}.items() if value is not ...}
    return Row(lambda client: client.create(whole))


def create_audience(**said: Any) -> Row:
    whole = {"name": "A", "retailerId": "12", "algebra": {"audienceSegmentId": LIST}, **said}
    return Row(lambda client: client.ask("POST", "/{account}/audiences/create", {"data": [{"attributes": whole}]}))


def report(**said: Any) -> Row:
    attributes = {name: value for name, value in {"advertiserIds": ["123"], **said}.items() if value is not ...}
    body = {"data": {"type": "x", "attributes": attributes}}
    return Row(lambda client: client.engine.handle(compose("POST", "/preview/reports/realtime", json=body, headers=BEARER)))


def search(
    headers: dict[str, str] | None = None, path: str = "/{account}/audience-segments/search", method: str = "POST"
) -> Row:
    return Row(lambda client: client.ask(method, path, {}, headers))


def estimate(**said: Any) -> Row:
    whole = {"data": {"attributes": {"retailerId": "12", "channel": "Onsite", "events": EVENTS, **said}}}
    return Row(lambda client: client.ask("POST", "/{account}/audience-segments/estimate-size", whole))


def ask_for_token(**form: str) -> Row:
    return Row(lambda client: client.login(**form))


def statistics(start: str = EXAMPLE[0], end: str = EXAMPLE[1], header: str | None = None) -> Row:
    return Row(lambda client: Customer(client.engine, OURS).ask(start, end, header))


def signed(**claims: Any) -> Row:
    return statistics(header=f"Bearer {Customer(BASE, OURS).token(**claims)}")


def shoplive(path: str, method: str = "GET") -> Row:
    headers = {"authorization": f"Bearer {Customer(BASE, OURS).token()}"}
    return Row(lambda client: client.engine.handle(compose(method, f"/v2/{path}?{PERIOD}", headers=headers)))


def too_late(client: Client) -> Response:
    client.engine.world.clock.advance(901)
    return client.search()


def too_often(client: Client) -> Response:
    client.engine.world.rate_limit = 1
    return [client.search(), client.search()][1]


def too_old(client: Client) -> Response:
    client.version = "2025-01"
    return client.search()


def deep(depth: int) -> dict[str, Any]:
    return {"not": deep(depth - 1)} if depth else {"audienceSegmentId": LIST}


ROWS = {
    "criteo.versions.GONE": Row(too_old, {"retired-version": "gone"}),
    "criteo.identity.TOKEN_INVALID": search({"authorization": "Bearer x"}),
    "criteo.identity.TOKEN_EXPIRED": Row(too_late),
    "criteo.identity.TOKEN_MISSING_AS_INVALID": search({}),
    "criteo.identity.TOKEN_MISSING": replace(search({}), readings={"missing-authorization": "authorization-token-missing"}),
    "criteo.identity.PERMISSION_DENIED": search(path="/accounts/1/audience-segments/search"),
    "criteo.oauth.INVALID_CLIENT": ask_for_token(client_secret="wrong"),
    "criteo.oauth.INVALID_REQUEST": ask_for_token(grant_type=""),
    "criteo.oauth.INVALID_GRANT": ask_for_token(grant_type="authorization_code", code="made up"),
    "criteo.oauth.UNSUPPORTED_GRANT": ask_for_token(grant_type="client_credential"),
    "criteo.dialect.REQUIRED": create(name=...),
    "criteo.dialect.INVALID": Row(lambda client: client.search("?limit=501")),
    "criteo.dialect.MALFORMED": Row(lambda client: raw(client, b'{"data":')),
    "criteo.dialect.NO_BODY": Row(lambda client: raw(client, b"", what="create")),
    "criteo.dialect.TOO_LARGE": Row(lambda client: raw(client, b"{" + b" " * LARGEST_BODY + b"}")),
    "criteo.dialect.WRONG_MEDIA": Row(lambda client: raw(client, b"{}", "text/plain")),
    "criteo.dialect.NOT_FOUND": search(path="/{account}/audience-segment/search"),
    "criteo.dialect.WRONG_METHOD": search(method="PUT"),
    "criteo.dialect.THROTTLED": Row(too_often),
    "criteo.segments.IDENTIFIER_TYPE_MISSING": create(contactList={}),
    "criteo.segments.KIND_DOUBLE": create(events=EVENTS),
    "criteo.segments.KIND_FIXED": Row(
        lambda client: client.update({"id": LIST, "attributes": {"events": {"lookbackDays": "Last7Days"}}})
    ),
    "criteo.segments.KIND_MISSING": create(contactList=...),
    "criteo.segments.SEGMENT_NOT_FOUND": Row(lambda client: client.delete("1")),
    "criteo.segment_rules.NAME_TAKEN": create(name="Segment Name"),
    "criteo.segment_rules.NAME_EMPTY": create(name=" "),
    "criteo.segment_rules.NAME_TOO_LONG": create(name="n" * 257),
    "criteo.segment_rules.DESCRIPTION_TOO_LONG": create(description="n" * 501),
    "criteo.segment_rules.RETAILER_UNKNOWN": create(retailerId="77"),
    "criteo.segment_rules.EVENTS_REFUSED": replace(
        create(contactList=..., events=EVENTS), readings={"events-segments": "refused"}
    ),
    "criteo.segment_rules.SCOPE_MISSING": create(contactList=..., events={**EVENTS, "categoryIds": []}),
    "criteo.segment_rules.PRICES_CROSSED": create(contactList=..., events={**EVENTS, "minPrice": 2, "maxPrice": 1}),
    "criteo.segment_rules.SEGMENT_IN_USE": Row(lambda client: client.delete(READ_ONLY), {"delete-used-segment": "refused"}),
    "criteo.contact_lists.LIST_UNKNOWN": Row(lambda client: client.clear("1")),
    "criteo.contact_lists.LIST_NOT_FOUND": Row(lambda client: client.amend("1", "add", []), {"unknown-contact-list": "404"}),
    "criteo.contact_lists.NO_CONTACT_LIST": Row(lambda client: client.amend(EVENTS_SEGMENT, "add", [])),
    "criteo.contact_lists.READ_ONLY": Row(lambda client: client.clear(READ_ONLY)),
    "criteo.contact_lists.TYPE_MISMATCH": Row(lambda client: client.amend(LIST, "add", [], identifierType="madid")),
    "criteo.algebra.NODE_INVALID": create_audience(algebra={"and": [{}]}),
    "criteo.algebra.NODE_EMPTY": create_audience(algebra={"and": []}),
    "criteo.algebra.TOO_DEEP": create_audience(algebra=deep(32)),
    "criteo.audience_rules.AUDIENCE_NOT_FOUND": Row(
        lambda client: client.ask("PATCH", "/{account}/audiences", {"data": [{"id": "1"}]})
    ),
    "criteo.audience_rules.AUDIENCE_NAME_TAKEN": create_audience(name="My audience A"),
    "criteo.audience_rules.AUDIENCE_NAME_EMPTY": create_audience(name=""),
    "criteo.audience_rules.AUDIENCE_NAME_TOO_LONG": create_audience(name="n" * 257),
    "criteo.audience_rules.AUDIENCE_DESCRIPTION_TOO_LONG": create_audience(description="n" * 501),
    "criteo.sizes.RETAILER_UNKNOWN": estimate(retailerId="77"),
    "criteo.realtime.NOT_PERMITTED": report(advertiserIds=["999"]),
    "criteo.realtime.NO_CAMPAIGN": report(campaignIds=["999"]),
    "criteo.realtime.FIELD_MISSING": report(advertiserIds=...),
    "criteo.realtime.TIMEZONE_INVALID": report(timezone="Europe/Pari"),
    "criteo.realtime.CURRENCY_UNKNOWN": report(currency="XXX"),
    "shoplive.dialect.INVALID_ARGUMENT": statistics("2022-07-08", EXAMPLE[1]),
    "shoplive.dialect.UNKNOWN_PATH": shoplive(f"{OURS}/campaigns/stats"),
    "shoplive.dialect.WRONG_METHOD": shoplive(f"{OURS}/campaign/stats", "POST"),
    "shoplive.identity.NOT_AUTHENTICATED": statistics(header="x"),
    "shoplive.identity.NO_SUCH_CUSTOMER": shoplive("a1b2c3d5/campaign/stats"),
    "shoplive.identity.INVALID_SIGNATURE": statistics(header=f"Bearer {Customer(BASE, THEIRS).token()}"),
    "shoplive.identity.TOKEN_EXPIRED": signed(exp=1),
    "shoplive.identity.ANOTHER_CUSTOMER": signed(accessKey=THEIRS),
    "shoplive.stats.TOO_LONG": statistics(EXAMPLE[0], "2022-08-08T00:00:00Z"),
    "shoplive.stats.BACKWARDS": statistics(EXAMPLE[1], EXAMPLE[0]),
}
NOBODYS = {
    "criteo.oauth.SERVER_ERROR": "only a fault says it",
    "criteo.oauth.UNAVAILABLE": "only a fault says it",
    "criteo.oauth.TOO_MANY": "only a fault says it",
    "criteo.dialect.INTERNAL_ERROR": "only a fault says it",
    "criteo.dialect.UNAVAILABLE": "only a fault says it",
    "shoplive.dialect.SERVER_ERROR": "only a fault says it",
    "shoplive.dialect.TOO_MANY_CALLS": "only a fault says it",
}
NOT_MENDED = {
    "criteo.oauth.INVALID_GRANT": "a code or refresh token is had by a user's consent",
    "criteo.dialect.TOO_LARGE": "nothing is known to leave out",
    "criteo.segment_rules.EVENTS_REFUSED": "no rule says what is right",
    "criteo.segment_rules.SEGMENT_IN_USE": "no rule says what is right",
}
each_row = pytest.mark.parametrize("place", ROWS)


def test_every_problem_has_a_row_or_a_reason_to_have_none() -> None:
    assert PROBLEMS.keys() == ROWS.keys() | NOBODYS.keys()
    assert not ROWS.keys() & NOBODYS.keys()


@each_row
def test_why_names_rule_evidence_and_source(place: str) -> None:
    entry, engine = ROWS[place].entry()
    problem = PROBLEMS[place]
    (met,) = [each for each in entry.objections if each.problem is problem]
    told = why(entry, engine)
    assert told["call"] == entry_line(entry)
    assert (told["status"], told["faults"]) == (entry.response.status, [])
    reason = told["objections"][list(entry.objections).index(met)]
    assert (reason["rule"], reason["pointer"]) == (problem.code, met.pointer)
    evidence = reason["evidence"]
    assert (evidence["kind"], evidence["source"]) == (problem.evidence.kind, problem.evidence.source)
    assert evidence.get("unproven", "") == problem.evidence.unproven
    assert reason["says"] == met.title
    assert problem.code in told["call"]


@each_row
def test_the_nearest_request_is_taken(place: str) -> None:
    entry, engine = ROWS[place].entry()
    nearest = why(entry, engine)["nearest"]
    if place in NOT_MENDED:
        assert nearest == {"request": None, "says": "no request near this one was found that would be taken"}
        return
    assert 200 <= nearest["answers"] < 300
    assert nearest["changes"]
    assert_taken(entry, engine)


def assert_taken(entry: Entry, engine: Engine) -> None:
    found = mended(entry, engine)
    assert found is not None
    before = len(engine.world.journal)
    twin = engine.fork()
    twin.world.clock.advance(found.wait)
    answer = twin.handle(found.request)
    (tried,) = twin.world.journal
    assert (answer.status, list(tried.objections)) == (found.status, [])
    assert 200 <= answer.status < 300
    assert len(engine.world.journal) == before


def changes(place: str) -> list[str]:
    return list(why(*ROWS[place].entry())["nearest"]["changes"])


def test_what_is_changed_is_what_was_wrong_and_nothing_else() -> None:
    assert changes("criteo.identity.TOKEN_EXPIRED") == ["authorization: a fresh token of an application that may"]
    assert changes("criteo.dialect.WRONG_METHOD") == ["method: 'PUT' -> 'POST'"]
    assert changes("criteo.dialect.INVALID") == ["query: 'limit=501' -> 'limit=500'"]
    assert changes("criteo.dialect.WRONG_MEDIA") == ["content-type: 'text/plain' -> 'application/json'"]
    assert changes("criteo.dialect.THROTTLED") == ["sent 60 seconds later"]
    assert changes("criteo.segments.KIND_DOUBLE") == ["data/0/attributes/events: left out"]
    assert changes("criteo.segment_rules.NAME_TAKEN") == ["data/0/attributes/name: 'Segment Name' -> 'Segment Name 2'"]
    assert changes("criteo.segment_rules.PRICES_CROSSED") == ["data/0/attributes/events/minPrice: 2 -> 1"]
    assert changes("criteo.realtime.TIMEZONE_INVALID") == ["data/attributes/timezone: 'Europe/Pari' -> 'Europe/Paris'"]
    assert changes("criteo.contact_lists.TYPE_MISMATCH") == ["data/attributes/identifierType: 'madid' -> 'Email'"]


def test_why_says_what_it_looked_at() -> None:
    def looked(place: str) -> Any:
        return why(*ROWS[place].entry())["objections"][0]["looked at"]

    assert looked("criteo.segment_rules.RETAILER_UNKNOWN") == {"retailers of the account": ["12", "1234"]}
    assert looked("criteo.segment_rules.NAME_TAKEN") == {"segment of that name": LIST}
    assert looked("criteo.identity.PERMISSION_DENIED") == {"accounts of the application": [ACCOUNT]}
    assert looked("criteo.dialect.THROTTLED")["calls"] == 1


def test_of_a_call_that_was_taken_there_is_nothing_to_say() -> None:
    told = why(*Row(lambda client: client.search()).entry())
    assert (told["status"], told["faults"], told["objections"]) == (200, [], [])
    assert "nearest" not in told


def test_a_fault_is_named_as_long_as_it_is_there() -> None:
    engine = BASE.fork()
    for effect in (Delay(seconds=2), Status(503)):
        engine.world.faults.add(Fault(effect=effect, nth=1), 0)
    Client(engine, token=TOKENS["demo"]).search()
    (entry,) = engine.world.journal
    engine.world.faults.remove("fault-1")
    told = why(entry, engine)
    assert told["faults"] == [
        {"name": "fault-1", "gone": True},
        {"name": "fault-2", "effect": "status", "status": 503, "nth": 1},
    ]
    assert told["objections"][0]["evidence"] == {"kind": "assumed", "source": "a fault of yours wanted it"}
    assert told["nearest"]["changes"] == []
    assert "[fault-1, fault-2] service-unavailable" in told["call"]
