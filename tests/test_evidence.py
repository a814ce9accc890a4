"""Every claim about the real API has its evidence, and every reading makes a difference."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from itertools import combinations
from types import ModuleType
from typing import Any

import pytest
from conftest import EMPTY, Client, engine_of
from shoplive.asking import THAT_DAY, Customer, campaign, customer

import mockserver.providers
from mockserver.catalogue import Claim, claims, unsettled
from mockserver.evidence import KINDS, Evidence, Rule
from mockserver.message import Response, compose
from mockserver.problem import Problem
from mockserver.providers import PROVIDERS
from mockserver.providers.criteo import CRITEO
from mockserver.providers.criteo.identifiers import FORMS
from mockserver.readings import PROFILES, Reading

MODULES = [
    importlib.import_module(each.name) for each in pkgutil.walk_packages(mockserver.providers.__path__, "mockserver.providers.")
]
CLAIMS = [claim for provider in PROVIDERS for claim in claims(provider)]
READINGS = [reading for provider in PROVIDERS for reading in provider.readings]


def constants(module: ModuleType) -> Iterator[tuple[str, Problem | Rule]]:
    """The problems and rules of a module, also those that it keeps in a table."""
    for name, thing in vars(module).items():
        held = thing.values() if isinstance(thing, dict) else thing if isinstance(thing, list | tuple) else [thing]
        yield from ((f"{module.__name__}.{name}", each) for each in held if isinstance(each, Problem | Rule))


def claimed(claim: Claim) -> Any:
    """The constant that a claim speaks of."""
    module, _, name = claim.place.rpartition(".")
    return getattr(importlib.import_module(module), name)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.removeprefix("mockserver.providers."))
def test_every_problem_and_rule_is_claimed(module: ModuleType) -> None:
    held = [claimed(claim) for claim in CLAIMS if claim.sort != "reading"]
    known = {id(each) for thing in held for each in (thing if isinstance(thing, tuple) else [thing])}
    assert [place for place, constant in constants(module) if id(constant) not in known] == []


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.name)
def test_every_alternative_of_every_reading_is_claimed(provider: Any) -> None:
    told = {claim.name for claim in claims(provider) if claim.sort == "reading"}
    assert told == {f"{reading.name}={alternative}" for reading in provider.readings for alternative in reading.alternatives}


def test_every_claim_says_something_and_on_what_it_rests() -> None:
    for claim in CLAIMS:
        assert claim.name
        assert claim.statement
        assert claim.evidence.kind in KINDS
        assert len(claim.evidence.source) > 5, claim


def test_every_form_of_an_identifier_has_its_evidence() -> None:
    assert all(isinstance(form.evidence, Evidence) for form in FORMS.values())


@pytest.mark.parametrize(("kind", "source"), [("rumour", "somebody"), ("wire", ""), ("wire", " "), ("", "x")])
def test_evidence_of_no_kind_or_source_is_none(kind: str, source: str) -> None:
    with pytest.raises(ValueError, match="evidence needs one of"):
        Evidence(kind, source)


def test_no_claim_is_told_twice() -> None:
    told = [(claim.provider, claim.sort, claim.name, claim.statement, claim.evidence) for claim in CLAIMS]
    assert len(told) == len(set(told))


def test_no_two_rules_share_a_name() -> None:
    rules = {id(claimed(claim)): claim.name for claim in CLAIMS if claim.sort == "rule"}
    assert len(set(rules.values())) == len(rules)


def test_what_a_document_settles_is_not_among_the_unsettled() -> None:
    for claim in unsettled(CLAIMS):
        assert claim.sort == "reading" or claim.evidence.unproven or claim.evidence.kind in ("inferred", "assumed")


def test_what_is_unproven_is_not_hidden_in_a_source() -> None:
    settled = [claim for claim in CLAIMS if claim.evidence.kind not in ("inferred", "assumed") and not claim.evidence.unproven]
    words = ("assumed", "ours", "inferred", "not published", "not recorded")
    assert [claim.name for claim in settled if any(word in claim.evidence.source for word in words)] == []


@pytest.mark.parametrize("reading", READINGS, ids=lambda reading: reading.name)
def test_a_reading_asks_a_question_and_each_profile_has_an_answer(reading: Reading) -> None:
    assert "?" in reading.question
    assert len(reading.alternatives) > 1
    for profile in PROFILES:
        assert getattr(reading, profile) in reading.alternatives


def test_no_two_readings_share_a_name() -> None:
    assert len({reading.name for reading in READINGS}) == len(READINGS)


# How each reading shows: what to look at in an answer under it.

LIST: dict[str, Any] = {"name": "A list", "retailerId": "12", "contactList": {"identifierType": "Email"}}
EVENTS: dict[str, Any] = {
    "name": "Viewers",
    "retailerId": "12",
    "events": {"shopperActivity": "View", "lookbackDays": "Last7Days", "brandIds": ["1"]},
}
CALLBACK = "http://localhost:3000/callback"


def amended(client: Client, *identifiers: str, **more: Any) -> Response:
    return client.amend(client.create_list("A list"), "add", list(identifiers), **more)


def counted(client: Client) -> dict[str, Any]:
    """The statistics of a list to which twenty people were just added."""
    segment = client.create_list("A list")
    client.amend(segment, "add", [f"{number}@example.com" for number in range(20)])
    return dict(client.statistics(segment).json()["data"])


def consented(client: Client) -> dict[str, Any]:
    """What the code of a user's consent is exchanged for."""
    world = client.engine.world
    said = {"client_id": "demo-client", "redirect_uri": CALLBACK}
    code = CRITEO.controls["authorization-codes"](world, world.parts["criteo"], said)["code"]
    return dict(client.login(grant_type="authorization_code", code=code, redirect_uri=CALLBACK).json())


def add_remove_shape(client: Client) -> Any:
    answer = amended(client).json()
    return list(answer), list(answer["data"])


def failed_items_in(client: Client) -> Any:
    answers = [Client(client.engine, version=version).delete("1").json() for version in ("2026-07", "preview")]
    return ["errors" if answer["errors"] else "warnings" for answer in answers]


def missing_authorization(client: Client) -> Any:
    return client.ask("POST", "/{account}/audiences/search", {}, headers={}).json()["errors"][0]["code"]


def throttle_problem_type(client: Client) -> Any:
    client.engine.world.rate_limit = 1
    client.search()
    return client.search().json()["errors"][0]["type"]


def authorization_code_limit(client: Client) -> Any:
    client.engine.world.rate_limit = 250
    client.token = consented(client)["access_token"]
    return client.search().header("x-ratelimit-limit")


def refresh_token(client: Client) -> Any:
    token = consented(client)["refresh_token"]
    return client.login(grant_type="refresh_token", refresh_token=token).json()["refresh_token"] == token


def basic_credentials(client: Client) -> Any:
    headers = {"authorization": "Basic ZGVtby1jbGllbnQ6ZGVtby1zZWNyZXQ="}
    request = compose("POST", "/oauth2/token", form={"grant_type": "client_credentials"}, headers=headers)
    return client.engine.handle(request).status


def delete_used_segment(client: Client) -> Any:
    """How many segments go of one, which an audience uses."""
    client.version = "preview"
    segment = client.create_list("A list")
    audience = {"name": "An audience", "retailerId": "12", "algebra": {"audienceSegmentId": segment}}
    client.ask("POST", "/{account}/audiences/create", {"data": [{"attributes": audience}]})
    return len(client.delete(segment).json()["data"])


def lookback_range(client: Client) -> Any:
    """What a report of two hours is answered."""
    headers = {"authorization": f"Bearer {client.login().json()['access_token']}"}
    said = {"data": {"attributes": {"advertiserIds": ["123"], "lookbackWindow": 2}}}
    return client.engine.handle(compose("POST", "/preview/reports/realtime", json=said, headers=headers)).status


def segment_name_comparison(client: Client) -> Any:
    return len(client.create(LIST, {**LIST, "name": "A LIST"}).json()["data"])


def on_shoplive(client: Client) -> Customer:
    """A customer of Shoplive with one campaign, in a world of the same readings."""
    asking = customer()
    asking.engine.world.readings = client.engine.world.readings
    asking.write(campaign(scheduled_at="2026-11-21T23:55:00Z", figures={"likes": 100}))
    return asking


def campaign_activity(client: Client) -> Any:
    """The likes of the first half of a campaign's time, or of all of it."""
    return on_shoplive(client).stats(THAT_DAY[0], "2026-11-22T08:30:00Z")[0]["likes"]


def bare_token(client: Client) -> Any:
    asking = on_shoplive(client)
    return asking.ask(*THAT_DAY, header=asking.token()).status


SHOWN: dict[str, Callable[[Client], Any]] = {
    "add-remove-shape": add_remove_shape,
    "contact-list-clear": lambda client: client.clear(client.create_list("A list")).status,
    "failed-items-in": failed_items_in,
    "empty-problem-lists": lambda client: list(client.search().json()),
    "default-page-size": lambda client: client.search().json()["meta"]["limit"],
    "segment-resource-type": lambda client: client.create(LIST).json()["data"][0]["type"],
    "statistics-resource-type": lambda client: counted(client)["type"],
    "match-rate": lambda client: counted(client)["attributes"]["matchRate"],
    "request-date": lambda client: amended(client).json()["data"]["requestDate"],
    "events-segments": lambda client: len(client.create(EVENTS).json()["data"]),
    "missing-authorization": missing_authorization,
    "retired-version": lambda client: Client(client.engine, version="2025-10").search().status,
    "deprecation-headers": lambda client: Client(client.engine, version="2026-01").search().header("sunset"),
    "statistics-computed": lambda client: counted(client)["attributes"]["numberOfIdentifiers"],
    "unknown-contact-list": lambda client: client.statistics("1").status,
    "throttle-problem-type": throttle_problem_type,
    "authorization-code-limit": authorization_code_limit,
    "refresh-token": refresh_token,
    "basic-credentials": basic_credentials,
    "identifier-type-mismatch": lambda client: amended(client, identifierType="PhoneNumber").status,
    "segment-name-comparison": segment_name_comparison,
    "delete-used-segment": delete_used_segment,
    "lookback-range": lookback_range,
    "campaign-in-period": lambda client: on_shoplive(client).keys(*THAT_DAY),
    "campaign-activity": campaign_activity,
    "bare-token": bare_token,
}


def test_every_reading_is_shown_and_no_other() -> None:
    assert set(SHOWN) == {reading.name for reading in READINGS}


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [(reading.name, *pair) for reading in READINGS for pair in combinations(reading.alternatives, 2)],
)
def test_two_alternatives_of_a_reading_can_be_told_apart(name: str, one: str, other: str) -> None:
    shown = [SHOWN[name](Client(engine_of(EMPTY, readings={name: alternative}))) for alternative in (one, other)]
    assert shown[0] != shown[1]


@pytest.mark.parametrize(
    ("name", "alternative"), [(reading.name, alternative) for reading in READINGS for alternative in reading.alternatives]
)
def test_every_operation_keeps_its_contract_under_every_alternative(name: str, alternative: str) -> None:
    client = Client(engine_of(EMPTY, readings={name: alternative}, rate_limit=100))
    segment = client.create_list("A list")
    answers = [
        client.create(EVENTS, LIST, {**LIST, "name": ""}),
        client.update({"id": segment, "attributes": {"name": "Renamed"}}, {"id": "1"}),
        client.search(),
        client.amend(segment, "add", ["a@example.com", "nobody"]),
        client.statistics(segment),
        client.clear(segment),
        client.ask("POST", "/{account}/audiences/search", {}),
        client.delete(segment, segment),
        client.login(),
        on_shoplive(client).ask(*THAT_DAY),
    ]
    assert [answer.status for answer in answers if answer.status not in (200, 204)] == []
