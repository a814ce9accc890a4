"""Bars by hour, one row of them for each campaign, all on one scale: numbers for a drawing, and the same as a table."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

HEIGHT = 40
_GAP = 0.18


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar in the units of its drawing: an hour is 1 wide, the largest of all bars `HEIGHT` high."""

    x: float
    y: float
    width: float
    height: float
    hour: str
    value: float


@dataclass(frozen=True, slots=True)
class Series:
    """A campaign: its values by hour, their sum, and the bars that they are drawn as."""

    name: str
    values: tuple[float, ...]
    total: float
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """`hours` are the columns, the earliest first; `series` the campaigns, the largest first; `sums` what they come to."""

    hours: Sequence[str]
    series: Sequence[Series]
    sums: Sequence[float]
    most: float


def chart(rows: Sequence[Mapping[str, str]], metric: str, hours: Sequence[str]) -> Chart:
    """The rows of a report by `CampaignId`, `Campaign`, `Day` and `Hour`; `hours` as in `2026-01-15 10`, all that there are."""
    values: dict[str, dict[str, float]] = defaultdict(dict)
    for row in rows:
        values[f"{row['Campaign']} ({row['CampaignId']})"][f"{row['Day']} {row['Hour']}"] = float(row[metric])
    most = max((value for each in values.values() for value in each.values()), default=0.0)
    series = [_series(name, [found.get(hour, 0.0) for hour in hours], hours, most) for name, found in values.items()]
    sums = [sum(found.get(hour, 0.0) for found in values.values()) for hour in hours]
    return Chart(hours, sorted(series, key=lambda each: -each.total), sums, most)


def _series(name: str, values: Sequence[float], hours: Sequence[str], most: float) -> Series:
    bars = [
        Bar(at + _GAP / 2, round(HEIGHT - _height(value, most), 2), 1 - _GAP, _height(value, most), hours[at], value)
        for at, value in enumerate(values)
    ]
    return Series(name, tuple(values), sum(values), tuple(bars))


def _height(value: float, most: float) -> float:
    return round(HEIGHT * value / most, 2) if most else 0.0
