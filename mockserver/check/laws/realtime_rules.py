"""Realtime reports: what is no question that a report answers."""

from typing import Any

from mockserver.check.expectation import ABSENT
from mockserver.check.law import Check
from mockserver.check.laws.figures import attributes, report
from mockserver.check.laws.stating import claim
from mockserver.check.session import Answer, Session
from mockserver.evidence import assumed, guide, openapi
from mockserver.providers.criteo.sources import OPENAPI, REALTIME_GUIDE

UNKNOWN = "999999999999"


def asked(session: Session, **said: Any) -> Answer:
    """The answer to a report, asked for well or badly; what is `ABSENT` is left out."""
    told = {name: value for name, value in attributes(session, **said).items() if value is not ABSENT}
    return session.ask("getRealTimeReport", {"data": {"attributes": told}})


def _strange_advertisers(session: Session) -> None:
    own = session.setting.advertisers[0]
    for said in ([UNKNOWN], [own, UNKNOWN], [UNKNOWN, own], [int(UNKNOWN)], ["abc"], [f"{own} "], ["0"], ["-1"]):
        answer = asked(session, advertiserIds=said).says(403, "insufficient-account-permissions")
        answer.holds("body/errors/0/type", "access-control")
        answer.holds("body/errors/0/title", "You do not have the rights to generate a report on these accounts")


def _wrong(session: Session, member: str, *values: Any) -> None:
    """Expect each of these to be refused, at its place."""
    for value in values:
        answer = asked(session, **{member: value}).says(400, "invalid").holds("body/errors/0/type", "validation")
        answer.holds("body/errors/0/source", relation="is not", wanted=None)
        place = next(iter((answer.at("body/errors/0/source") or {"": ""}).values()))
        answer.holds(f"body/errors/0/source/{place.rpartition('/')[2]}", f"data/attributes/{member}(/[0-9]+)?", "matches")


def _advertisers_are_required(session: Session) -> None:
    answer = asked(session, advertiserIds=ABSENT).says(400, "invalid")
    answer.holds("body/errors/0/title", "The [Aa]dvertiserIds field is required[.]?", "matches")
    session.ask("getRealTimeReport", {"data": {}}).says(400, "invalid")
    session.ask("getRealTimeReport", {}).says(400, "invalid")


def _one_to_ten_advertisers(session: Session) -> None:
    own = session.setting.advertisers[0]
    _wrong(session, "advertiserIds", [], [own] * 11, None, own, {}, 5, [None], [[own]], [""])
    report(session, advertiserIds=[own] * 10)


def _lookback_bounds(session: Session) -> None:
    least = 1 if session.readings["lookback-range"] == "1-24" else 12
    _wrong(session, "lookbackWindow", least - 1, 25, 0, -1, 48, 10**9, "12", 12.5, True, [])
    for lookback in (least, 12, 23, 24):
        report(session, lookbackWindow=lookback)


def _time_zones(session: Session) -> None:
    for zone in ("Europe/Atlantis", "Mars", "europe/paris", "UTC+2", "+02:00", "Europe/Paris ", "CET-1", "localtime"):
        answer = asked(session, timezone=zone).says(400, "invalid").holds("body/errors/0/type", "validation")
        title = f"Time zone {zone} is not valid. See criteo developer portal for supported time zones."
        answer.holds("body/errors/0/title", title).holds("body/errors/0/source", {"timezone": "data/attributes/timezone"})
    _wrong(session, "timezone", "", 5, ["UTC"])
    for zone in ("UTC", "Europe/Paris", "Asia/Kathmandu", "Etc/GMT+12"):
        report(session, timezone=zone, dimensions=["Day"])


def _currencies(session: Session) -> None:
    _wrong(session, "currency", "XXX", "QQQ", "eur", "EURO", "EU", "", "E R", "€", 978, ["EUR"])
    report(session, currency="EUR")


def _names_of_metrics(session: Session) -> None:
    _wrong(session, "metrics", [], ["Sales"], ["Clicks", "Sales"], "Clicks", [None], ["Day"], ["Click"], [""], ["Clicks "], {})


def _names_of_dimensions(session: Session) -> None:
    wrong: tuple[Any, ...] = (["Country"], ["Day", "Minute"], "Day", [None], ["Clicks"], ["Days"], [""], {}, ["Quarter"])
    _wrong(session, "dimensions", *wrong)


def _all_that_is_wrong(session: Session) -> None:
    answer = asked(session, advertiserIds=[], lookbackWindow=25, metrics=[], currency="e")
    answer.says(400, "invalid", "invalid", "invalid", "invalid")


_FILTER = openapi(OPENAPI)
_SAID = guide(REALTIME_GUIDE)
_ID = ("getRealTimeReport",)
_NEEDS = frozenset({"main", "advertisers"})


CHECKS: tuple[Check, ...] = (
    claim(
        "realtime-strange-advertisers",
        "No report tells of advertisers that did not consent, not even beside others.",
        guide(REALTIME_GUIDE, unproven="type and status"),
        _strange_advertisers,
        _ID,
        _NEEDS,
    ),
    claim(
        "realtime-advertisers-required",
        "The advertisers are required, and that is said as .NET says it.",
        _SAID,
        _advertisers_are_required,
        _ID,
        _NEEDS,
    ),
    claim(
        "realtime-one-to-ten-advertisers",
        "A report is of one to ten advertisers.",
        _FILTER,
        _one_to_ten_advertisers,
        _ID,
        _NEEDS,
    ),
    claim(
        "realtime-lookback-bounds",
        "A look-back is of as few hours as the target was seen to allow, and of 24 at most.",
        _SAID,
        _lookback_bounds,
        _ID,
        _NEEDS,
    ),
    claim("realtime-time-zones", "A time zone is one of the database's, to the letter.", _SAID, _time_zones, _ID, _NEEDS),
    claim("realtime-currencies", "A currency is a known code of three capitals.", _FILTER, _currencies, _ID, _NEEDS),
    claim(
        "realtime-names-of-metrics",
        "At least one metric is asked for, and only those that there are.",
        _FILTER,
        _names_of_metrics,
        _ID,
        _NEEDS,
    ),
    claim(
        "realtime-names-of-dimensions",
        "Only those dimensions are asked for that there are.",
        _FILTER,
        _names_of_dimensions,
        _ID,
        _NEEDS,
    ),
    claim(
        "realtime-all-that-is-wrong",
        "All that is wrong is told at once.",
        assumed("the services validate whole models"),
        _all_that_is_wrong,
        _ID,
        _NEEDS,
    ),
)
