"""The rows of a realtime report, written as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
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
    skeleton = _skeleton(question)
    lines: list[list[str]] = []
    for names, group in _groups(question).items():
        template = skeleton % tuple(map(_escaped, names))
        counts = [(*running(each.traffic, marked, seed), _price(each.click_price_millis, question.rate)) for each in group]
        displays, clicks, millis = _sums(counts, placed, len(question.spans))
        figures = {"displays": [displays], "clicks": [clicks], "cost": _parts(millis)}
        shown = [column for name in question.metrics for column in figures[name.lower()]]
        written = [template % values for values in zip(*moments, *shown, strict=True)]
        lines.append(written if all(displays) else [row if seen else "" for row, seen in zip(written, displays, strict=True)])
    texts = list(filter(None, chain.from_iterable(zip(*lines, strict=True))))
    samples = {next(filter(None, each), "") for each in (*lines, *zip(*lines, strict=True))}
    return Rows(texts, samples - {""})


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


_WRITTEN = {"displays": '"%%d"', "clicks": '"%%d"', "cost": '"%%d.%%03d"'}


def _skeleton(question: Question) -> str:
    """A row as JSON, what the group is called still to come, then the moments and the figures."""
    written = ["%s" if name.lower() in _ENTITIES else '"%%s"' for name in question.dimensions]
    written += [_WRITTEN[name.lower()] for name in question.metrics]
    names = [*question.dimensions, *question.metrics]
    return "{" + ",".join(f"{_quoted(name)}:{value}" for name, value in zip(names, written, strict=True)) + "}"


def _groups(question: Question) -> dict[tuple[str, ...], list[AdSet]]:
    """The ad sets that share a row, by what the dimensions show of them. By advertiser, campaign, ad set."""
    members = [_ENTITIES[name.lower()] for name in question.dimensions if name.lower() in _ENTITIES]
    found: dict[tuple[str, ...], list[AdSet]] = {}
    for ad_set in question.ad_sets:
        found.setdefault(tuple([getattr(ad_set, member) for member in members]), []).append(ad_set)
    return found


@lru_cache(maxsize=4096)
def _price(millis: int, rate: Decimal) -> int:
    """A click's price in thousandths of the currency, at least one, given that of a euro."""
    exact = millis * rate
    return max(int(exact.quantize(Decimal(1), ROUND_HALF_UP)), 1)


def _quoted(text: str) -> str:
    return orjson.dumps(text).decode()


@lru_cache(maxsize=8192)
def _escaped(text: str) -> str:
    """A text as JSON, to stand in a template."""
    return _quoted(text).replace("%", "%%")
