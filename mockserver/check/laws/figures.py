"""Rows of realtime reports, and the rows that other rows add up to."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from mockserver.check.session import Answer, Session

ROWS = "body/data/0/attributes/rows"
ENTITIES = ("AdvertiserId", "Advertiser", "CampaignId", "Campaign", "AdsetId", "Adset")
TIMES = ("Year", "Month", "Week", "Day", "Hour")
METRICS = ("Displays", "Clicks", "Cost")
FINEST = (*ENTITIES, "Day", "Hour")

Row = Mapping[str, str]


def attributes(session: Session, **said: Any) -> dict[str, Any]:
    """What is asked for: the setting's advertisers over a day unless told otherwise."""
    return {"advertiserIds": list(session.setting.advertisers[:10]), "lookbackWindow": 24, **said}


def report(session: Session, *, version: str = "preview", **said: Any) -> Answer:
    """The answer to a report that is asked for well."""
    answer = session.ask("getRealTimeReport", {"data": {"attributes": attributes(session, **said)}}, version=version)
    return answer.says(200).refuses()


def rows(answer: Answer) -> list[Row]:
    """The rows of an answer, which the judge has looked at."""
    found: list[Row] = answer.holds("body/data", 1, "has length").at(ROWS)
    return found


def fine(session: Session, **said: Any) -> list[Row]:
    """Rows as fine as they come: each ad set on its own, hour by hour."""
    return rows(report(session, **{"dimensions": list(FINEST), "metrics": list(METRICS), **said}))


def compared(session: Session, wanted: Any, relation: str = "has in any order", **said: Any) -> Answer:
    """Expect a report to be what `wanted` makes of the finest rows; asked again while figures come in meanwhile."""
    shared = {name: said[name] for name in ("timezone", "currency", "lookbackWindow", "advertiserIds") if name in said}
    before = fine(session, **shared)
    for _ in range(3):
        answer = report(session, **said)
        after = fine(session, **shared)
        if before == after:
            break
        before = after
    return answer.holds(ROWS, wanted(after), relation)


def told_as(moment: datetime) -> dict[str, str]:
    """What a moment is called by each unit of time."""
    return {**of_day(moment.date()), "Hour": f"{moment:%H}"}


def of_day(day: date) -> dict[str, str]:
    """What a day is called, and its week, month and year."""
    monday = day - timedelta(days=day.weekday())
    return {"Year": f"{day.year}-01-01", "Month": f"{day:%Y-%m}-01", "Week": f"{monday}", "Day": f"{day}"}


def moved(row: Row, zone: str) -> Row:
    """A row of an hour of UTC, with its moment as a time zone sees it."""
    moment = datetime.fromisoformat(f"{row['Day']}T{row['Hour']}:00:00").replace(tzinfo=UTC)
    return {**row, **told_as(moment.astimezone(ZoneInfo(zone)))}


def dated(row: Row) -> Row:
    """A row with the week, the month and the year of its day."""
    return {**row, **of_day(date.fromisoformat(row["Day"]))}


def folded(found: Iterable[Row], dimensions: Sequence[str], metrics: Sequence[str] = METRICS) -> list[Row]:
    """What fine rows, the latest first, add up to: latest first, then by advertiser, campaign and ad set, as numbers."""
    units = [name for name in dimensions if _canonical(name) in TIMES]
    times: dict[tuple[str, ...], None] = {}
    groups: dict[tuple[str, ...], tuple[int, ...]] = {}
    sums: dict[tuple[tuple[str, ...], tuple[str, ...]], list[Decimal]] = {}
    for row in found:
        time = tuple(row[_canonical(name)] for name in units)
        group = tuple(row[_canonical(name)] for name in dimensions if name not in units)
        times.setdefault(time)
        groups[group] = min(groups.get(group, _place(row)), _place(row))
        counted = sums.setdefault((time, group), [Decimal(0)] * len(METRICS))
        sums[time, group] = [one + Decimal(row[name]) for one, name in zip(counted, METRICS, strict=True)]
    ordered = [(time, group) for time in times for group in sorted(groups, key=groups.__getitem__) if (time, group) in sums]
    return [_row(time, group, sums[time, group], dimensions, metrics) for time, group in ordered]


def _place(row: Row) -> tuple[int, ...]:
    return (int(row["AdvertiserId"]), int(row["CampaignId"]), int(row["AdsetId"]))


def _row(
    time: Sequence[str], group: Sequence[str], sums: Sequence[Decimal], dimensions: Sequence[str], metrics: Sequence[str]
) -> Row:
    times, groups = iter(time), iter(group)
    named = {name: next(times if _canonical(name) in TIMES else groups) for name in dimensions}
    figures = dict(zip(METRICS, sums, strict=True))
    return named | {name: _written(_canonical(name), figures[_canonical(name)]) for name in metrics}


def _written(metric: str, figure: Decimal) -> str:
    return f"{figure:.3f}" if metric == "Cost" else f"{figure:.0f}"


_SPELLED = {name.lower(): name for name in (*ENTITIES, *TIMES, *METRICS)}


def _canonical(name: str) -> str:
    """A name as the documents spell it."""
    return _SPELLED[name.lower()]
