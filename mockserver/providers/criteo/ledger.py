"""The one ledger behind every report: displays and clicks of an ad set in a quarter of an hour, a function of nothing else.

Nothing is stored: the same seed, ad set and quarter give the same figures for ever, so any report of any hours, grouping
and time zone adds up with any other. A quarter, because there are time zones such as +05:45. An hour is drawn as a whole
and its quarters are even parts of it, so no quarter has more clicks than displays.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import shake_128
from itertools import accumulate

QUARTER = 900
_A_DAY = 96

Running = tuple[list[int], list[int]]


@dataclass(frozen=True, slots=True)
class Traffic:
    """What an ad set's traffic looks like: displays in an hour of average height, clicks per million displays."""

    key: str
    displays: int
    clicks_per_million: int


def running(traffic: Traffic, marks: Sequence[tuple[int, int, int]], seed: int) -> Running:
    """Displays and clicks that came before each mark, since the first day marked; only differences mean something."""
    first = marks[0][0]
    days = [_day(traffic, number, seed) for number in range(first, marks[-1][0] + 1)]
    displays, clicks = [], []
    for day, hour, part in marks:
        shown, clicked = days[day - first]
        displays.append(shown[hour] + (shown[hour + 1] - shown[hour]) * part // 4 if part else shown[hour])
        clicks.append(clicked[hour] + (clicked[hour + 1] - clicked[hour]) * part // 4 if part else clicked[hour])
    return _carried(displays, marks, [shown[24] for shown, _ in days]), _carried(clicks, marks, [each[24] for _, each in days])


def marks(quarters: Sequence[int]) -> list[tuple[int, int, int]]:
    """Day, hour of the day and quarter of the hour of quarters numbered from 1970."""
    return [(quarter // _A_DAY, quarter % _A_DAY // 4, quarter % 4) for quarter in quarters]


def _carried(counts: list[int], marks: Sequence[tuple[int, int, int]], days: list[int]) -> list[int]:
    """Counts since midnight as counts since the first midnight."""
    before = list(accumulate(days, initial=0))
    first = marks[0][0]
    return [count + before[day - first] for count, (day, _, _) in zip(counts, marks, strict=True)]


@lru_cache(maxsize=4096)
def _day(traffic: Traffic, number: int, seed: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Displays and clicks before each hour of a day, and at its end. 1970-01-01 was a Thursday."""
    chance = shake_128(f"{seed} {traffic.key} {number}".encode()).digest(48)
    height = traffic.displays * _WEEK[(number + 3) % 7]
    displays = [height * shape * (192 + drawn) // 320_000_000 for shape, drawn in zip(_DAY, chance, strict=False)]
    rate = traffic.clicks_per_million
    clicks = [
        min((shown * rate + drawn * 3906) // 1_000_000, shown) for shown, drawn in zip(displays, chance[24:], strict=True)
    ]
    return tuple(accumulate(displays, initial=0)), tuple(accumulate(clicks, initial=0))


def _height(hour: int) -> int:
    """Traffic through the day, 1000 on average: least at night, most in the evening, by UTC."""
    return int(1000 - 620 * math.cos((hour - 4) / 24 * 2 * math.pi) + 240 * math.sin((hour - 14) / 12 * 2 * math.pi))


_DAY = tuple(_height(hour) for hour in range(24))
_WEEK = (960, 940, 950, 990, 1080, 1120, 1060)
"""Monday to Sunday, of a thousand."""
