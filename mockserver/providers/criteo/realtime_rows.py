"""The rows of a realtime report, written as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import chain

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
    marked, moments = marks(quarters), list(zip(*question.spans, strict=True))
    lines: list[list[str]] = []
    for group in _groups(question):
        template = _template(question, group[0])
        counts = [(*running(each.traffic, marked, seed), _price(each, question.rate)) for each in group]
        displays, clicks, millis = _sums(counts, placed, len(question.spans))
        figures = {"displays": [displays], "clicks": [clicks], "cost": _parts(millis)}
        shown = [column for name in question.metrics for column in figures[name.lower()]]
        written = [template % values for values in zip(*moments, *shown, strict=True)]
        lines.append([row if seen else "" for row, seen in zip(written, displays, strict=True)])
    columns = [[row for row in bucket if row] for bucket in zip(*lines, strict=True)]
    samples = {next(filter(None, line), "") for line in lines} | {bucket[0] for bucket in columns if bucket}
    return Rows(list(chain.from_iterable(columns)), samples - {""})


def _sums(
    counts: Sequence[tuple[list[int], list[int], int]], spans: Sequence[tuple[int, int, int]], buckets: int
) -> tuple[list[int], list[int], list[int]]:
    """Displays, clicks and thousandths of cost by bucket, of some ad sets with their prices."""
    if len(counts) == 1 and len(spans) == buckets:  # most reports: every ad set on its own, no hour twice
        shown, clicked, price = counts[0]
        clicks = [clicked[end] - clicked[start] for _, start, end in spans]
        return [shown[end] - shown[start] for _, start, end in spans], clicks, [count * price for count in clicks]
    displays, clicks, spent = [0] * buckets, [0] * buckets, [0] * buckets
    for shown, clicked, price in counts:
        for bucket, start, end in spans:
            clicks_here = clicked[end] - clicked[start]
            displays[bucket] += shown[end] - shown[start]
            clicks[bucket] += clicks_here
            spent[bucket] += clicks_here * price
    return displays, clicks, spent


def _parts(millis: Sequence[int]) -> list[list[int]]:
    """Thousandths as whole ones and the rest."""
    return [[each // 1000 for each in millis], [each % 1000 for each in millis]]


_WRITTEN = {"displays": "%d", "clicks": "%d", "cost": "%d.%03d"}


def _template(question: Question, ad_set: AdSet) -> str:
    """A row of a group as JSON, the moments and then the figures still to come."""
    members = []
    for name in question.dimensions:
        member = _ENTITIES.get(name.lower())
        value = _quoted(getattr(ad_set, member)).replace("%", "%%") if member else '"%s"'
        members.append(f"{_quoted(name)}:{value}")
    members += [f'{_quoted(name)}:"{_WRITTEN[name.lower()]}"' for name in question.metrics]
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
