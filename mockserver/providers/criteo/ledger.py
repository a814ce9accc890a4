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

Mark = tuple[int, int, int]
Running = tuple[list[int], list[int]]


@dataclass(frozen=True, slots=True)
class Traffic:
    """What an ad set's traffic looks like: displays in an hour of average height, clicks per million displays."""

    key: str
    displays: int
    clicks_per_million: int


def running(traffic: Traffic, marks: Sequence[Mark], seed: int) -> Running:
    """Displays and clicks that came before each mark, since the first day marked; only differences mean something."""
    first, last = marks[0][0], marks[-1][0]
    displays, clicks = [0], [0]
    for number in range(first, last + 1):
        shown, clicked = _day(traffic, number, seed)
        before, earlier = displays[-1], clicks[-1]
        displays += [before + count for count in shown]
        clicks += [earlier + count for count in clicked]
    places = [((day - first) * 24 + hour, part) for day, hour, part in marks]
    return _at(displays, places), _at(clicks, places)


def marks(quarters: Sequence[int]) -> list[Mark]:
    """Day, hour of the day and quarter of the hour of quarters numbered from 1970."""
    return [(quarter // _A_DAY, quarter % _A_DAY // 4, quarter % 4) for quarter in quarters]


def _at(counts: list[int], places: Sequence[tuple[int, int]]) -> list[int]:
    """Running counts by the hour, read at some hours and quarters of them."""
    return [counts[hour] + (counts[hour + 1] - counts[hour]) * part // 4 if part else counts[hour] for hour, part in places]


@lru_cache(maxsize=4096)
def _day(traffic: Traffic, number: int, seed: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Displays and clicks before each hour of a day but the first, and before its end. 1970-01-01 was a Thursday.

    Clicks are rounded by chance, up to 0.996 more, so an hour never has more of them than displays.
    """
    chance = shake_128(f"{seed} {traffic.key} {number}".encode()).digest(48)
    height, rate = traffic.displays * _WEEK[(number + 3) % 7], traffic.clicks_per_million
    displays = [height * shape * (192 + drawn) // 320_000_000 for shape, drawn in zip(_DAY, chance, strict=False)]
    clicks = [(shown * rate + drawn * 3906) // 1_000_000 for shown, drawn in zip(displays, chance[24:], strict=True)]
    return tuple(accumulate(displays)), tuple(accumulate(clicks))


def _height(hour: int) -> int:
    """Traffic through the day, 1000 on average: least at night, most in the evening, by UTC."""
    return int(1000 - 620 * math.cos((hour - 4) / 24 * 2 * math.pi) + 240 * math.sin((hour - 14) / 12 * 2 * math.pi))


_DAY = tuple(_height(hour) for hour in range(24))
_WEEK = (960, 940, 950, 990, 1080, 1120, 1060)
"""Monday to Sunday, of a thousand."""
