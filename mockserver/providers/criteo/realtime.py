"""Realtime statistics: the last hours of some advertisers, by any dimensions, in any time zone and currency."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache, partial
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import orjson

from mockserver.contract.schema import Violation
from mockserver.evidence import Rule, assumed, guide, inferred, openapi
from mockserver.problem import LEFT_OUT, Objection, Problem, Refused
from mockserver.provider import Call, Dialect, Reply
from mockserver.providers.criteo.calendar import UNITS, buckets
from mockserver.providers.criteo.dialect import ENVELOPE
from mockserver.providers.criteo.inputs import id_text, nearest
from mockserver.providers.criteo.ledger import QUARTER
from mockserver.providers.criteo.realtime_rows import Question, rows
from mockserver.providers.criteo.records import AdSet
from mockserver.providers.criteo.sources import OPENAPI, REALTIME_GUIDE
from mockserver.providers.criteo.world import CriteoWorld

DIMENSIONS = ("AdvertiserId", "Advertiser", "CampaignId", "Campaign", "AdsetId", "Adset", "Day", "Hour")
METRICS = ("Displays", "Clicks", "Cost")
HOURS = 12

NOT_PERMITTED = Problem(
    403,
    "access-control",
    "insufficient-account-permissions",
    "You do not have the rights to generate a report on these accounts",
    guide(REALTIME_GUIDE, unproven="type and status"),
)
NO_CAMPAIGN = Problem(
    403,
    "access-control",
    "campaign-not-found",
    "No campaign found",
    guide(REALTIME_GUIDE, unproven="the code"),
)
FIELD_MISSING = Problem(400, "validation", "invalid", "The field is required", guide(REALTIME_GUIDE))
TIMEZONE_INVALID = Problem(400, "validation", "invalid", "Time zone is not valid", guide(REALTIME_GUIDE))
CURRENCY_UNKNOWN = Problem(
    400, "validation", "invalid", "The currency is not valid", assumed("nobody published what an unknown currency answers")
)
WINDOW = Rule(
    "realtime-window",
    "A look-back of N hours is the running hour of UTC, as far as its last full quarter, and the N - 1 hours before it; "
    "so one of 1 hour is empty until a quarter past.",
    assumed("nobody published where the window ends"),
)
ECHO = Rule("row-keys", "A row's keys are spelled as the request spells them.", guide(f"the sample: {REALTIME_GUIDE}"))
DEFAULTS = Rule("realtime-defaults", "Defaults are spelled and ordered as the OpenAPI document has them.", openapi(OPENAPI))
ROW_ORDER = Rule(
    "row-order",
    "Rows are ordered latest first, then by advertiser, campaign and ad set, by their ids as numbers.",
    inferred(f"the sample: {REALTIME_GUIDE}"),
)
QUIET = Rule(
    "quiet-rows", "What had no display has no row; no rows at all are 200 and an empty list.", assumed("nobody published it")
)
COST = Rule(
    "cost",
    "Cost is clicks times the ad set's price of a click in the currency asked for, to three decimals; rates never change.",
    assumed("three decimals are what the sample shows; a rate per cell keeps every sum exact"),
)

_KEPT_LENGTH = 2**18


def report(call: Call[CriteoWorld]) -> Reply:
    """Rows of strings, one for each combination of the dimensions that saw a display.

    The same question in the same quarter of an hour has the same answer, which is written once.
    """
    asked = (call.caller.application.client_id, int(call.now // QUARTER), call.request.body)
    written = call.world.reports.get(asked)
    if written is None:
        text = _written(_question(call), call)
        written = orjson.Fragment(text)
        if len(text) <= _KEPT_LENGTH:
            call.world.keep_report(asked, written)
    return Reply([_element(written)], outline=[_element({"rows": []})])


def _written(question: Question, call: Call[CriteoWorld]) -> str:
    found = rows(question, call.home.seed)
    call.keep_contract("RealtimeRows", orjson.loads(f"[{','.join(found.samples)}]"))
    return ",".join(found.texts).join(('{"rows":[', "]}"))


def _element(attributes: Any) -> dict[str, Any]:
    return {"type": "RealtimeStatisticsReport", "attributes": attributes}


def _question(call: Call[CriteoWorld]) -> Question:
    said = call.body["data"]["attributes"]
    zone = _zone(said.get("timezone") or "UTC")
    dimensions = _names(said, "dimensions", DIMENSIONS)
    units = [name.lower() for name in dimensions if name.lower() in UNITS]
    now = int(call.now // QUARTER)
    start = now - now % 4 - 4 * (int(said.get("lookbackWindow") or HOURS) - 1)
    return Question(
        ad_sets=_ad_sets(said, call),
        dimensions=dimensions,
        metrics=_names(said, "metrics", METRICS),
        spans=buckets(units, start, now, zone),
        rate=_rate(said.get("currency") or "EUR", call),
    )


def _names(said: Mapping[str, Any], member: str, default: Sequence[str]) -> Sequence[str]:
    """The names asked for, each once."""
    return default if said.get(member) is None else list(dict.fromkeys(said[member]))


def _zone(name: str) -> ZoneInfo:
    if name not in _zones():
        title = f"Time zone {name} is not valid. See criteo developer portal for supported time zones."
        raise Refused(
            TIMEZONE_INVALID.at("data/attributes/timezone", title=title, instead=lambda: nearest(name, sorted(_zones())))
        )
    return ZoneInfo(name)


@cache
def _zones() -> frozenset[str]:
    """The names of the time-zone database, less those that mean something else on every machine."""
    return frozenset(available_timezones() - {"localtime", "Factory", "posixrules"})


def _rate(currency: str, call: Call[CriteoWorld]) -> Decimal:
    rate = call.world.currencies.get(currency)
    if rate is None:
        known = ", ".join(sorted(call.world.currencies))
        detail = f"{currency} is not one of this world's: {known}"
        instead = partial(nearest, currency, sorted(call.world.currencies))
        raise Refused(CURRENCY_UNKNOWN.at("data/attributes/currency", detail=detail, instead=instead))
    return rate


def _ids(said: Mapping[str, Any], member: str) -> set[str]:
    return {id_text(id) for id in said.get(member) or ()}


def _ad_sets(said: Mapping[str, Any], call: Call[CriteoWorld]) -> list[AdSet]:
    """The ad sets that a report is about, by advertiser, campaign and id. Raises the 403s."""
    wanted = _ids(said, "advertiserIds")
    if not wanted <= set(call.caller.application.advertisers) & set(call.world.ad_sets):
        allowed = sorted(set(call.caller.application.advertisers) & set(call.world.ad_sets), key=int)
        seen = {"advertisers of the application": allowed}
        at = "data/attributes/advertiserIds"
        raise Refused(NOT_PERMITTED.at(at, seen=seen, instead=lambda: sorted(wanted & set(allowed)) or allowed[:10]))
    campaigns, ids = _ids(said, "campaignIds"), _ids(said, "adsetIds")
    found = [
        ad_set
        for advertiser in sorted(wanted, key=int)
        for ad_set in call.world.ad_sets[advertiser]
        if (not campaigns or ad_set.campaign_id in campaigns) and (not ids or ad_set.id in ids)
    ]
    if not found:
        known = {ad_set.campaign_id for advertiser in wanted for ad_set in call.world.ad_sets[advertiser]}
        pointer = "data/attributes/campaignIds" if campaigns and not campaigns & known else "data/attributes/adsetIds"
        seen = {"campaigns of the advertisers": sorted(known, key=int)}
        detail = "No campaign of these advertisers matches; verify the ids"
        raise Refused(NO_CAMPAIGN.at(pointer, detail=detail, seen=seen, instead=lambda: LEFT_OUT))
    return found


def _objection(violation: Violation) -> Objection:
    """As the envelope says it, but for a missing field, which this endpoint calls invalid."""
    if violation.kind != "required":
        return ENVELOPE.objection(violation)
    field = violation.pointer.rpartition("/")[2]
    return FIELD_MISSING.at(violation.pointer, title=f"The {field} field is required", detail=violation.message)


DIALECT = Dialect(ENVELOPE.answer, ENVELOPE.refusal, _objection)
