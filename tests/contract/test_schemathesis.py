"""Schemathesis sends what the served contract allows and what it forbids, and holds every answer against that contract."""

import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import schemathesis
from conftest import ACCOUNT, engine_of
from hypothesis import HealthCheck, Phase, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from mockserver.clock import parse_moment
from mockserver.http import Door
from mockserver.providers.criteo import CRITEO, realtime, sizes
from mockserver.providers.criteo.algebra import NODE_EMPTY, NODE_INVALID, TOO_DEEP
from mockserver.providers.criteo.contact_lists import NO_CONTACT_LIST, TYPE_MISMATCH
from mockserver.providers.criteo.segment_rules import PRICES_CROSSED, SCOPE_MISSING, SEGMENT_NOT_FOUND
from mockserver.worlds import Worlds

WRITABLE, READ_ONLY, EVENTS = "225702933721171456", "56159923678901880", "225702933721195672"
HALF_PAST = parse_moment("2026-11-22T10:30:00Z")  # the running hour has figures: see test_realtime for when it has none
ENGINES = {profile: engine_of(profile=profile, frozen_at=HALF_PAST) for profile in ("guide", "openapi")}
DOORS = {profile: Door(Worlds(engine)) for profile, engine in ENGINES.items()}
DOCUMENTS = ENGINES["guide"].contract(CRITEO).documents
PATIENT = settings(deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])

DICTIONARIES = {
    "own": [ACCOUNT],
    "accounts": [ACCOUNT, "625702934721171999", "1"],
    "segments": [WRITABLE, READ_ONLY, EVENTS],
    "retailers": ["12", "1234"],
    "grants": ["client_credentials", "authorization_code", "refresh_token"],
    "clients": ["demo-client"],
    "secrets": ["demo-secret"],
    "audiences": ["258216562069631686", "920472839472539402"],
    "advertisers": ["123", "456", "1234"],
    "campaigns": ["111", "3456", "123001", "456001"],
    "zones": ["UTC", "Europe/Paris", "Asia/Kathmandu"],
    "currencies": ["EUR", "JPY"],
}
KNOWN_BODIES = {
    "body.data[*].id": {"dictionary": "segments", "probability": 0.5},
    "body.data[*].attributes.retailerId": {"dictionary": "retailers", "probability": 0.8},
    "body.data[*].attributes.algebra.audienceSegmentId": {"dictionary": "segments", "probability": 0.8},
    "body.data.attributes.algebra.audienceSegmentId": {"dictionary": "segments", "probability": 0.8},
    "body.data.attributes.retailerId": {"dictionary": "retailers", "probability": 0.8},
    "body.data.attributes.ids[*]": {"dictionary": "audiences", "probability": 0.5},
    "body.data.attributes.advertiserIds[*]": {"dictionary": "advertisers", "probability": 0.9},
    "body.data.attributes.campaignIds[*]": {"dictionary": "campaigns", "probability": 0.5},
    "body.data.attributes.timezone": {"dictionary": "zones", "probability": 0.8},
    "body.data.attributes.currency": {"dictionary": "currencies", "probability": 0.8},
    "body.grant_type": {"dictionary": "grants", "probability": 0.8},
    "body.client_id": {"dictionary": "clients", "probability": 0.8},
    "body.client_secret": {"dictionary": "secrets", "probability": 0.8},
}
# The path leads to what exists: what the contract allows has to succeed, what it forbids has to be told so.
KNOWN_PLACES = {"path.account-id": ACCOUNT, "path.audience-segment-id": WRITABLE}
STRICT = {
    "positive_data_acceptance": {"expected-statuses": ["2xx", "401"]},  # 401 is the token's: most credentials are wrong
    "negative_data_rejection": {"expected-statuses": ["400", "405", "415"]},
}
# The path leads to one's own, to others' and to nothing.
ANY_PLACE = {
    "path.account-id": {"dictionary": "accounts", "probability": 0.6},
    "path.audience-segment-id": {"dictionary": "segments", "probability": 0.6},
}
# The path leads to one's own account, the segment is what a link found.
OWN_PLACE = {"path.account-id": {"dictionary": "own", "probability": 1.0}}
# The only valid requests that a refusal may answer: no schema can say what a segment, once found, turns out to be, which
# retailers and advertisers one may ask of, what an estimate would have to be judged by, or which zones and rates there are.
BEYOND_SCHEMAS = {
    *(problem.title for problem in (TYPE_MISMATCH, NO_CONTACT_LIST)),
    *(problem.title for problem in (sizes.RETAILER_UNKNOWN, SEGMENT_NOT_FOUND, NODE_INVALID, NODE_EMPTY, TOO_DEEP)),
    *(problem.title for problem in (SCOPE_MISSING, PRICES_CROSSED)),
    *(problem.title for problem in (realtime.NOT_PERMITTED, realtime.NO_CAMPAIGN, realtime.CURRENCY_UNKNOWN)),
    "Time zone",
}


def configured(parameters: dict[str, Any], checks: dict[str, Any] | None = None) -> schemathesis.Config:
    """Every check is on. `parameters` are the values to draw from, beside what schemathesis makes up."""
    peers = {"path": str(Path(__file__).with_name("peers.yaml")), "user": "demo", "peers": ["demo", "stranger"]}
    return schemathesis.Config.from_dict(
        {
            "dictionaries": {name: {"values": values} for name, values in DICTIONARIES.items()},
            "parameters": KNOWN_BODIES | parameters,
            "auth": {"wfc": peers},
            "checks": checks or {},
        }
    )


def served(version: str, profile: str, config: schemathesis.Config) -> Any:
    """The contract as a server hands it out."""
    return schemathesis.openapi.from_asgi(f"/_mock/contracts/criteo/{version}.json", DOORS[profile], config=config)


def judge(case: schemathesis.Case) -> None:
    """Ask a world as it began, and run every check on the answer."""
    for engine in ENGINES.values():
        engine.world.reset()
    response = case.call()
    case.validate_response(response, excluded_checks=excused(response))


def excused(response: schemathesis.Response) -> list[Any]:
    if response.status_code not in (400, 403):
        return []
    titles = {re.sub("^(Time zone) .*", r"\1", problem["title"]) for problem in response.json().get("errors", ())}
    return [positive_data_acceptance] if titles and titles <= BEYOND_SCHEMAS else []


@schemathesis.pytest.parametrize(
    **{version: served(version, "guide", configured(KNOWN_PLACES, STRICT)) for version in DOCUMENTS},
    openapi_profile=served("2026-07", "openapi", configured(KNOWN_PLACES, STRICT)),
)
@settings(PATIENT, max_examples=15)
def test_what_the_contract_allows_succeeds_and_what_it_forbids_is_refused(case: schemathesis.Case) -> None:
    judge(case)


# What the contract does not say and schemathesis has to be told: what can be done to a segment once it is made or found,
# and that a token is a bearer's. It tries calls without a token, or with a wrong one, for `http` and not for `oauth2`.
_SAME = {"account-id": "$request.path.account-id"}
_FOUND = {"audience-segment-id": "$response.body#/data/0/id"}
_NAMED = {"data": [{"id": "{$response.body#/data/0/id}"}]}
LINKS = {
    "count": {"operationId": "getAudienceSegmentContactListStatistics", "parameters": _SAME | _FOUND},
    "amend": {"operationId": "AddRemoveContactListByAudienceSegment", "parameters": _FOUND},
    "clear": {"operationId": "ClearContactListByAudienceSegment", "parameters": _FOUND},
    "change": {"operationId": "bulkUpdateAudienceSegments", "parameters": _SAME, "requestBody": _NAMED},
    "delete": {"operationId": "bulkDeleteAudienceSegments", "parameters": _SAME, "requestBody": _NAMED},
}


def explained(version: str, config: schemathesis.Config) -> Any:
    """The contract with that said."""
    document = deepcopy(DOCUMENTS[version])
    document["components"]["securitySchemes"]["oauth"] |= {"type": "http", "scheme": "bearer"}
    for path, item in document["paths"].items():
        if path.endswith(("/audience-segments/create", "/audience-segments/search")):
            item["post"]["responses"]["200"]["links"] = LINKS
    schema = schemathesis.openapi.from_dict(document, config=config)
    schema.app = DOORS["guide"]
    return schema


@explained("preview", configured(ANY_PLACE)).parametrize()
@settings(PATIENT, max_examples=25)
def test_every_answer_keeps_the_contract_wherever_the_path_leads(case: schemathesis.Case) -> None:
    judge(case)


class Flow(explained("2026-07", configured(OWN_PLACE)).as_state_machine()):
    def setup(self) -> None:
        super().setup()
        ENGINES["guide"].world.reset()

    def validate_response(self, response: schemathesis.Response, case: schemathesis.Case, **sent: Any) -> None:
        case.validate_response(response, excluded_checks=excused(response), transport_kwargs=sent, recorder=self.recorder)


def test_every_answer_keeps_the_contract_whatever_went_before() -> None:
    phases = (Phase.generate, Phase.shrink)  # to explain a failure of it takes minutes
    Flow.run(settings=settings(PATIENT, max_examples=20, stateful_step_count=6, phases=phases))
