"""Realtime reports as time goes on: which hours they tell of, and that what was told stays true."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from mockserver.check.law import Check
from mockserver.check.laws.figures import FINEST, METRICS, ROWS, Row, fine, report, rows, told_as
from mockserver.check.laws.realtime import PARTS_OF_HOURS
from mockserver.check.laws.stating import claim
from mockserver.check.session import Session
from mockserver.evidence import assumed

_QUARTER = 900
_BUSY = 22
"""A day with figures in so many hours is taken to have some in every hour."""


def _to(session: Session, seconds: int) -> None:
    """Go on to so many seconds after the beginning of a next hour."""
    session.advance(3600 - session.wire.now() % 3600 + seconds)


def _hours(session: Session, lookback: int = 24) -> list[str]:
    """The running hour and those before it, as rows in UTC call them."""
    now = datetime.fromtimestamp(session.wire.now(), UTC)
    named = [told_as(now - timedelta(hours=back)) for back in range(lookback)]
    return [f"{each['Day']} {each['Hour']}" for each in named]


def _label(row: Row) -> str:
    return f"{row['Day']} {row['Hour']}"


def _tells_of_the_hours(session: Session) -> None:
    least = 1 if session.readings["lookback-range"] == "1-24" else 12
    for seconds in (0, 899, 900, 1800, 3599):
        _to(session, seconds)
        for lookback in (24, least, 12, 13, 23):
            answer = report(session, dimensions=["Day", "Hour"], metrics=["Displays"], lookbackWindow=lookback)
            wanted = _hours(session, lookback)[0 if seconds >= _QUARTER else 1 :]
            if lookback == 24:
                busy = len(rows(answer)) >= _BUSY
            seen = [_label(row) for row in rows(answer)]
            told = wanted if busy else [label for label in wanted if label in seen]
            answer.holds(f"{ROWS}/*/Day", [label.split()[0] for label in told], why=f"of the last {lookback} hours, {told}")
            answer.holds(f"{ROWS}/*/Hour", [label.split()[1] for label in told], why=f"of the last {lookback} hours, {told}")


def _the_running_hour_fills(session: Session) -> None:
    _to(session, _QUARTER)
    label, least = _hours(session, 1)[0], 1
    for _ in range(4):
        answer = report(session, dimensions=["Day", "Hour"], metrics=["Displays"])
        labels = [_label(row) for row in rows(answer)]
        if len(labels) < _BUSY:
            return
        place = labels.index(label) if label in labels else len(labels)
        answer.holds(f"{ROWS}/{place}/Displays", [least, 2**62], "is within", "more with every quarter")
        least = int(rows(answer)[place]["Displays"]) + 1
        session.advance(_QUARTER)


def _quarters_by_local_names(session: Session) -> None:
    for seconds in (900, 1800, 2700, 3600):
        _to(session, seconds % 3600)
        quarter = datetime.fromtimestamp(session.wire.now() // _QUARTER * _QUARTER - _QUARTER, UTC)
        for zone in PARTS_OF_HOURS:
            answer = report(session, dimensions=["Day", "Hour"], metrics=["Displays"], timezone=zone)
            if len(rows(answer)) >= _BUSY:
                local = told_as(quarter.astimezone(ZoneInfo(zone)))
                answer.holds(f"{ROWS}/0/Day", local["Day"]).holds(f"{ROWS}/0/Hour", local["Hour"], why=f"in {zone}")


def _nothing_between_quarters(session: Session) -> None:
    _to(session, 1800)
    before = report(session, dimensions=list(FINEST))
    for seconds in (1, 400, 498):
        session.advance(seconds)
        report(session, dimensions=list(FINEST)).holds(ROWS, rows(before), why="no quarter has ended meanwhile")


def _figures_never_shrink(session: Session) -> None:
    _to(session, _QUARTER)
    label, last = _hours(session, 1)[0], dict[str, Row]()
    for _ in range(4):
        answer = report(session, dimensions=list(FINEST))
        for number, row in enumerate(rows(answer)):
            for name in METRICS if _label(row) == label else ():
                least = float(last.get(row["AdsetId"], {name: "0"})[name])
                if float(row[name]) < least:
                    answer.holds(f"{ROWS}/{number}/{name}", [least, 2.0**62], "is within", "figures never shrink")
        last = {row["AdsetId"]: row for row in rows(answer) if _label(row) == label}
        session.advance(_QUARTER)


def _the_past_stays(session: Session) -> None:
    _to(session, 1800)
    for seconds in (900, 3600, 7200, 36_000):
        before, running = fine(session), _hours(session, 1)[0]
        session.advance(seconds)
        told = _hours(session)
        kept = [row for row in before if _label(row) in told and _label(row) < running]
        answer = report(session, dimensions=list(FINEST))
        newer = [row for row in rows(answer) if _label(row) >= running]
        answer.holds(ROWS, [*newer, *kept], "has in any order", "what was told of past hours stays true")


_WINDOW = assumed("nobody published where the window ends; here with the last full quarter of an hour")
_ID = ("getRealTimeReport",)
_NEEDS = frozenset({"main", "advertisers", "clock"})
CHECKS: tuple[Check, ...] = (
    claim(
        "realtime-tells-of-the-hours",
        "A look-back of N hours tells of the running hour and the N - 1 before it.",
        _WINDOW,
        _tells_of_the_hours,
        _ID,
        _NEEDS,
    ),
    claim(
        "realtime-running-hour-fills",
        "The running hour has more with every quarter.",
        _WINDOW,
        _the_running_hour_fills,
        _ID,
        _NEEDS,
    ),
    claim(
        "realtime-quarters-by-local-names",
        "A quarter of an hour counts in the hour that its time zone has then.",
        _WINDOW,
        _quarters_by_local_names,
        _ID,
        _NEEDS,
    ),
    claim(
        "realtime-nothing-between-quarters",
        "Between two quarters nothing changes.",
        _WINDOW,
        _nothing_between_quarters,
        _ID,
        _NEEDS,
    ),
    claim("realtime-figures-never-shrink", "What an hour shows never shrinks.", _WINDOW, _figures_never_shrink, _ID, _NEEDS),
    claim("realtime-past-stays", "What was told of past hours stays true.", _WINDOW, _the_past_stays, _ID, _NEEDS),
)
