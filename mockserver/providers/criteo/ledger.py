"""The one ledger behind every report: displays and clicks of an ad set in a quarter of an hour, a function of nothing else.

Nothing is stored: the same seed, ad set and quarter give the same figures for ever, so any report of any hours, grouping
and time zone adds up with any other. A quarter, because there are time zones such as +05:45. An hour is drawn as a whole
and its quarters are even parts of it, so no quarter has more clicks than displays.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import shake_128
from itertools import accumulate

QUARTER = 900
Running = tuple[list[int], list[int]]


@dataclass(frozen=True, slots=True)
class Traffic:
    """What an ad set's traffic looks like: displays in an hour of average height, clicks per million displays."""

    key: str
    displays: int
    clicks_per_million: int


@dataclass(frozen=True, slots=True)
class Marks:
    """Moments to count up to, and what every ad set's drawing of the hours between them has in common.

    `days` are numbered from 1970; `hours` are those of the days, from the first moment's to the last's; `heights` are
    theirs, a million on average. A moment is a number of these hours and some quarters of the next.
    """

    days: range
    hours: slice
    heights: tuple[int, ...]
    moments: tuple[tuple[int, int], ...]
    whole: bool


def marks(quarters: Sequence[int]) -> Marks:
    """Quarters numbered from 1970, in ascending order, as moments to count up to. 1970-01-01 was a Thursday."""
    first, last = quarters[0] // 4, -(-quarters[-1] // 4)
    days = range(first // 24, -(-last // 24))
    hours = slice(first - 24 * days.start, last - 24 * days.start)
    heights = tuple(_WEEK[(day + 3) % 7] * shape for day in days for shape in _DAY)[hours]
    moments = tuple((quarter // 4 - first, quarter % 4) for quarter in quarters)
    return Marks(days, hours, heights, moments, moments == tuple((hour, 0) for hour in range(last - first + 1)))


def running(traffic: Traffic, marks: Marks, seed: int) -> Running:
    """Displays and clicks that came before each mark, since the hour of the first; only differences mean something.

    Clicks are rounded by chance, up to 0.996 more, so an hour never has more of them than displays.
    """
    drawn = [shake_128(f"{seed} {traffic.key} {day}".encode()).digest(48) for day in marks.days]
    volume, rate = traffic.displays, traffic.clicks_per_million
    chance = b"".join([each[:24] for each in drawn])[marks.hours]
    shown = [volume * height * (192 + each) // 320_000_000 for height, each in zip(marks.heights, chance, strict=True)]
    chance = b"".join([each[24:] for each in drawn])[marks.hours]
    clicked = [(count * rate + each * 3906) // 1_000_000 for count, each in zip(shown, chance, strict=True)]
    return _before(shown, marks), _before(clicked, marks)


def _before(counts: list[int], marks: Marks) -> list[int]:
    """What came before each mark, of counts by the hour."""
    sums = [0, *accumulate(counts)]
    if marks.whole:
        return sums
    return [sums[hour] + (counts[hour] * part // 4 if part else 0) for hour, part in marks.moments]


def _height(hour: int) -> int:
    """Traffic through the day, 1000 on average: least at night, most in the evening, by UTC."""
    return int(1000 - 620 * math.cos((hour - 4) / 24 * 2 * math.pi) + 240 * math.sin((hour - 14) / 12 * 2 * math.pi))


_DAY = tuple(_height(hour) for hour in range(24))
_WEEK = (960, 940, 950, 990, 1080, 1120, 1060)
"""Monday to Sunday, of a thousand."""
