"""Realtime reports by time: zones give hours other names, a longer look-back has more of them."""

from mockserver.check.law import Check
from mockserver.check.laws.figures import (
    FINEST,
    ROWS,
    TIMES,
    Row,
    fine,
    folded,
    moved,
    report,
    rows,
)
from mockserver.check.laws.realtime import PARTS_OF_HOURS, ZONES, grouped
from mockserver.check.laws.stating import claim
from mockserver.check.session import Session
from mockserver.evidence import guide, openapi
from mockserver.providers.criteo.sources import OPENAPI, REALTIME_GUIDE


def _zones_shift_labels(session: Session) -> None:
    for zone in ZONES:
        for dimensions in (("Day", "Hour"), ("Hour", "AdsetId"), ("Year", "Month", "Week", "Day", "Hour", "CampaignId")):
            _shifted(session, zone, dimensions)


def _shifted(session: Session, zone: str, dimensions: tuple[str, ...]) -> None:
    """Expect what a zone of whole hours shows to be what UTC shows, by other names."""
    for _ in range(3):
        before = fine(session)
        answer = report(session, dimensions=list(dimensions), timezone=zone)
        if before == fine(session):
            break
    answer.holds(ROWS, folded([moved(row, zone) for row in before], dimensions), why=f"as UTC, by the names of {zone}")


def _zones_change_no_total(session: Session) -> None:
    for zone in (*PARTS_OF_HOURS, *ZONES[:2]):
        for dimensions in ((), ("AdsetId",), ("AdvertiserId", "CampaignId")):
            for _ in range(3):
                before = rows(report(session, dimensions=list(dimensions)))
                answer = report(session, dimensions=list(dimensions), timezone=zone)
                if before == rows(report(session, dimensions=list(dimensions))):
                    break
            answer.holds(ROWS, before, why="as in UTC")


def _zones_of_parts_of_hours(session: Session) -> None:
    for zone in PARTS_OF_HOURS:
        grouped(session, ("Day",), timezone=zone)
        grouped(session, ("Hour",), timezone=zone)
        grouped(session, TIMES, timezone=zone)


def _long_is_short_and_more(session: Session) -> None:
    least = 1 if session.readings["lookback-range"] == "1-24" else 12
    for lookback in sorted({least, 12, 13, 18, 23} | ({2, 3, 6, 11} if least == 1 else set())):
        for _ in range(3):
            long = fine(session)
            answer = report(session, dimensions=list(FINEST), lookbackWindow=lookback)
            if long == fine(session):
                break
        short = rows(answer)
        answer.holds(ROWS, long[: len(short)], why="the latest of the rows of a day")
        moments = _moments(short)
        answer.holds(ROWS, [row for row in long if (row["Day"], row["Hour"]) in moments], why="hours are told of as wholes")


def _moments(found: list[Row]) -> set[tuple[str, str]]:
    return {(row["Day"], row["Hour"]) for row in found}


_TZ = guide(REALTIME_GUIDE, unproven="how hours of parts of hours are cut")
_ID = ("getRealTimeReport",)
_NEEDS = frozenset({"main", "advertisers"})


CHECKS: tuple[Check, ...] = (
    claim(
        "realtime-zones-shift-labels", "A time zone gives the same hours other names.", _TZ, _zones_shift_labels, _ID, _NEEDS
    ),
    claim("realtime-zones-change-no-total", "A time zone changes no total.", _TZ, _zones_change_no_total, _ID, _NEEDS),
    claim(
        "realtime-zones-of-parts-of-hours",
        "Hours and days add up in time zones of parts of hours too.",
        _TZ,
        _zones_of_parts_of_hours,
        _ID,
        _NEEDS,
    ),
    claim(
        "realtime-long-is-short-and-more",
        "A longer look-back has the rows of a shorter one, and earlier hours.",
        openapi(OPENAPI),
        _long_is_short_and_more,
        _ID,
        _NEEDS,
    ),
)
