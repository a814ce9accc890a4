"""The rows of a realtime report, written as JSON."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import chain
from operator import itemgetter

import orjson

from mockserver.providers.criteo.calendar import Span
from mockserver.providers.criteo.ledger import marks, running
from mockserver.providers.criteo.records import AdSet

_ENTITIES = {
    "advertiserid": "advertiser_id",
    "advertiser": "advertiser",
    "campaignid": "campaign_id",
    "campaign": "campaign",
    "adsetid": "id",
    "adset": "name",
}


@dataclass(frozen=True, slots=True)
class Question:
    """What a report is about: names as the request spells them, quarters numbered from 1970."""

    ad_sets: Sequence[AdSet]
    dimensions: Sequence[str]
    metrics: Sequence[str]
    spans: Mapping[tuple[str, ...], Sequence[Span]]
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows as JSON, the latest first. `samples` are one of each bucket and one of each group: between them they have every
    value that is in any row but the counts, so holding them against the contract is holding all.
    """

    texts: list[str]
    samples: set[str]


def rows(question: Question, seed: int) -> Rows:
    """The rows of every group of ad sets in every bucket of time that saw a display."""
    spans = [(number, span) for number, each in enumerate(question.spans.values()) for span in each]
    quarters = sorted({quarter for _, span in spans for quarter in span})
    if not quarters:  # the first quarter of the hour is not full yet
        return Rows([], set())
    places = {quarter: place for place, quarter in enumerate(quarters)}
    placed = [(number, places[start], places[end]) for number, (start, end) in spans]
    marked, pick = marks(quarters), _picker(question.metrics)
    found: list[list[str]] = [[] for _ in question.spans]
    samples: set[str] = set()
    for group in _groups(question):
        template = _template(question, group[0])
        counts = [(*running(each.traffic, marked, seed), _price(each, question.rate)) for each in group]
        row, sums = None, _sums(counts, placed, len(found))
        for bucket, moment, displays, clicks, millis in zip(found, question.spans, *sums, strict=True):
            if displays:
                row = template % (moment + pick((displays, clicks, millis // 1000, millis % 1000)))
                bucket.append(row)
        samples |= {row} if row else set()
    return Rows(list(chain.from_iterable(found)), samples | {bucket[0] for bucket in found if bucket})


def _sums(
    counts: Iterable[tuple[list[int], list[int], int]], spans: Sequence[tuple[int, int, int]], buckets: int
) -> tuple[list[int], list[int], list[int]]:
    """Displays, clicks and thousandths of cost by bucket, of some ad sets with their prices."""
    displays, spent, clicks = [0] * buckets, [0] * buckets, [0] * buckets
    for shown, clicked, price in counts:
        for bucket, start, end in spans:
            clicks_here = clicked[end] - clicked[start]
            displays[bucket] += shown[end] - shown[start]
            clicks[bucket] += clicks_here
            spent[bucket] += clicks_here * price
    return displays, clicks, spent


_METRICS = {"displays": ("%d", (0,)), "clicks": ("%d", (1,)), "cost": ("%d.%03d", (2, 3))}
"""How each is written, and of which figures."""


def _picker(metrics: Iterable[str]) -> Callable[[tuple[int, ...]], tuple[int, ...]]:
    """Takes the figures that the metrics asked for are written with, in their order."""
    wanted = [place for name in metrics for place in _METRICS[name.lower()][1]]
    return itemgetter(*wanted) if len(wanted) > 1 else lambda figures: (figures[wanted[0]],)


def _template(question: Question, ad_set: AdSet) -> str:
    """A row of a group as JSON, the moments and then the figures still to come."""
    members = []
    for name in question.dimensions:
        member = _ENTITIES.get(name.lower())
        value = _quoted(getattr(ad_set, member)).replace("%", "%%") if member else '"%s"'
        members.append(f"{_quoted(name)}:{value}")
    members += [f'{_quoted(name)}:"{_METRICS[name.lower()][0]}"' for name in question.metrics]
    return "{" + ",".join(members) + "}"


def _groups(question: Question) -> list[list[AdSet]]:
    """The ad sets that share a row: those whom the dimensions do not tell apart. By advertiser, campaign, ad set."""
    members = [_ENTITIES[name.lower()] for name in question.dimensions if name.lower() in _ENTITIES]
    found: dict[tuple[str, ...], list[AdSet]] = {}
    for ad_set in question.ad_sets:
        found.setdefault(tuple(getattr(ad_set, member) for member in members), []).append(ad_set)
    return list(found.values())


def _price(ad_set: AdSet, rate: Decimal) -> int:
    """A click's price in thousandths of the currency, at least one."""
    exact = Decimal(ad_set.click_price_millis) * rate
    return max(int(exact.quantize(Decimal(1), ROUND_HALF_UP)), 1)


def _quoted(text: str) -> str:
    return orjson.dumps(text).decode()
