"""Schemathesis asks for statistics as the served contract of Shoplive allows and forbids, and holds every answer against it."""

from datetime import datetime, timedelta
from typing import Any

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance
from shoplive.asking import OURS, THEIRS, Customer, campaign, customer

from mockserver.http import Door
from mockserver.worlds import Worlds

ASKING = customer(OURS)
ASKING.write(campaign(access_key=OURS), campaign("onair", access_key=OURS, ended_at=None))
DOOR = Door(Worlds(ASKING.engine))
PATIENT = settings(deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
DICTIONARIES = {
    "customers": [OURS, THEIRS, "nobody"],
    "starts": ["2026-11-15T12:00:00Z", "2026-11-21T00:00:00Z", "2026-11-22T08:00:00Z"],
    "ends": ["2026-11-22T08:00:00Z", "2026-11-22T12:00:00Z"],
    "keys": ["live", "onair", "live,onair", " live , ,", "unknown"],
}
KEYS = {"query.campaignKeys": {"dictionary": "keys", "probability": 0.5}}
# The path leads to our own, and the period is one: what the contract allows has to succeed.
SOUND = KEYS | {
    "path.accessKey": OURS,
    "query.from": {"dictionary": "starts", "probability": 1.0},
    "query.to": {"dictionary": "ends", "probability": 1.0},
}
# The path leads to us, to others and to nobody, the period anywhere.
ANYWHERE = KEYS | {
    "path.accessKey": {"dictionary": "customers", "probability": 0.8},
    "query.from": {"dictionary": "starts", "probability": 0.5},
    "query.to": {"dictionary": "ends", "probability": 0.5},
}
STRICT = {
    "positive_data_acceptance": {"expected-statuses": ["2xx"]},
    "negative_data_rejection": {"expected-statuses": ["400", "404", "405"]},
}


def served(parameters: dict[str, Any], checks: dict[str, Any] | None = None) -> Any:
    """The contract as a server hands it out, asked with a sound token. Every check is on."""
    said = {
        "dictionaries": {name: {"values": values} for name, values in DICTIONARIES.items()},
        "parameters": parameters,
        "headers": {"Authorization": f"Bearer {ASKING.token()}"},
        "checks": checks or {},
    }
    config = schemathesis.Config.from_dict(said)
    return schemathesis.openapi.from_asgi("/_mock/contracts/shoplive/v2.json", DOOR, config=config)


@served(SOUND, STRICT).parametrize()
@settings(PATIENT, max_examples=40)
def test_what_shoplives_contract_allows_succeeds_and_what_it_forbids_is_refused(case: schemathesis.Case) -> None:
    response = case.call()
    # No schema can say that a day exists, or that a period ends after it starts and within seven days.
    case.validate_response(response, excluded_checks=[] if is_period(case.query or {}) else [positive_data_acceptance])


def is_period(query: dict[str, Any]) -> bool:
    try:
        start, end = (datetime.fromisoformat(query[name]) for name in ("from", "to"))
    except (KeyError, TypeError, ValueError):
        return False
    return timedelta(0) <= end - start <= timedelta(days=7)


@served(ANYWHERE).parametrize()
@settings(PATIENT, max_examples=60)
def test_every_answer_keeps_shoplives_contract_whatever_is_asked(case: schemathesis.Case) -> None:
    response = case.call()
    case.validate_response(response, excluded_checks=[positive_data_acceptance])


def test_the_sound_requests_are_sound() -> None:
    asking = Customer(ASKING.engine, OURS)
    for start in DICTIONARIES["starts"]:
        for end in DICTIONARIES["ends"]:
            assert asking.ask(start, end).status == 200
