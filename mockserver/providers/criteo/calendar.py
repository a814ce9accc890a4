"""Hours, days, weeks, months and years as a time zone sees them, each as the quarters of an hour it holds."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from mockserver.providers.criteo.ledger import QUARTER

Span = tuple[int, int]


def hour(moment: datetime) -> str:
    """Two digits."""
    return f"{moment:%H}"


def day(moment: datetime) -> str:
    """The date."""
    return f"{moment:%Y-%m-%d}"


def week(moment: datetime) -> str:
    """The Monday of its week."""
    return day(moment - timedelta(days=moment.weekday()))


def month(moment: datetime) -> str:
    """The first of its month."""
    return f"{moment:%Y-%m}-01"


def year(moment: datetime) -> str:
    """The first of its year."""
    return f"{moment:%Y}-01-01"


UNITS = {"hour": hour, "day": day, "week": week, "month": month, "year": year}


def buckets(units: Sequence[str], start: int, end: int, zone: ZoneInfo) -> dict[tuple[str, ...], list[Span]]:
    """The quarters from `start` until before `end`, by what each of `units` calls them; the latest first.

    An hour that a clock shows twice, when summer time ends, is one bucket of two spans.
    """
    found: dict[tuple[str, ...], list[Span]] = {}
    for quarter in range(end - 1, start - 1, -1):
        local = datetime.fromtimestamp(quarter * QUARTER, UTC).astimezone(zone)
        spans = found.setdefault(tuple(UNITS[unit](local) for unit in units), [])
        if spans and spans[-1][0] == quarter + 1:
            spans[-1] = (quarter, spans[-1][1])
        else:
            spans.append((quarter, quarter + 1))
    return found
