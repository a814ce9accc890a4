"""Laws of the sizes of segments by events: who did more is among those who did any of it."""

from itertools import pairwise

from mockserver.check.law import once
from mockserver.check.laws.audience_life import Algebra
from mockserver.check.laws.measures import (
    ALGEBRA,
    CHANNELS,
    EVENTS,
    SEGMENTS,
    SHARE,
    more_than,
    of_algebra,
    of_events,
    of_ids,
    share,
)
from mockserver.check.laws.segment_creation import ACTIVITIES, WINDOWS, events_settings
from mockserver.check.laws.stating import law
from mockserver.check.session import Session
from mockserver.evidence import assumed, inferred

PRICES = ((40, 60), (40, 70), (30, 70), (30, None), (None, None))
CHAINS = (
    [events_settings(lookbackDays=each) for each in WINDOWS],
    [events_settings(minPrice=least, maxPrice=most) for least, most in PRICES],
    [events_settings(categoryIds=[str(each) for each in range(count)]) for count in (1, 2, 3, 5)],
    [events_settings(categoryIds=None, brandIds=[str(each) for each in range(count)]) for count in (1, 2, 3, 5)],
    [events_settings(brandIds=["1"]), events_settings(brandIds=["1", "2"]), events_settings()],
)
"""Events of which each holds the shoppers of those before it in its chain."""


def _as_estimated(session: Session) -> None:
    if session.readings["events-segments"] == "refused":
        return
    said = [events_settings(shopperActivity=each, brandIds=["4"], minPrice=3, maxPrice=90) for each in ACTIVITIES]
    ids = session.made(*[session.events(events=each) for each in said])
    for channel in CHANNELS:
        sizes = of_ids(session, SEGMENTS, ids, channel=channel)
        for position, each in enumerate(said):
            attributes = of_events(session, each, channel).at("body/data/attributes")
            sizes.holds(f"body/data/{position}/attributes", attributes)
            of_algebra(session, {"audienceSegmentId": ids[position]}, channel).holds("body/data/attributes", attributes)


def _never_fewer(session: Session) -> None:
    if session.readings["events-segments"] == "refused":
        return
    for channel in CHANNELS:
        for chain in CHAINS:
            fewer = share(of_events(session, chain[0], channel))
            for events in chain[1:]:
                fewer = share(of_events(session, events, channel).holds(SHARE, fewer, more_than(session)))


def _contained(session: Session) -> None:
    if session.readings["events-segments"] == "refused":
        return
    for chain in CHAINS:
        ids = session.made(*[session.events(events=events) for events in chain])
        for inner, outer in pairwise(ids):
            outside = {"and": [{"audienceSegmentId": inner}, {"not": {"audienceSegmentId": outer}}]}
            of_algebra(session, outside).holds(SHARE, 0, "is about")


def _of_filters(session: Session) -> None:
    if session.readings["events-segments"] == "refused":
        return
    said = ({"categoryIds": ["1"]}, {"categoryIds": ["2"]}, {"categoryIds": None, "brandIds": ["3"]})
    ids = session.made(*[session.events(events=events_settings(**each)) for each in said])
    one, other, brand = ({"audienceSegmentId": id} for id in ids)
    either: Algebra = {"or": [one, other]}
    for algebra, events in (
        (either, events_settings(categoryIds=["1", "2"])),
        ({"and": [one, brand]}, events_settings(categoryIds=["1"], brandIds=["3"])),
        ({"and": [brand, either]}, events_settings(categoryIds=["2", "1"], brandIds=["3"])),
    ):
        of_events(session, events).holds(SHARE, of_algebra(session, algebra).at(SHARE), "is about")


CHECKS = (
    law(
        "sizes-as-estimated",
        "A segment has the size that was estimated of its events.",
        inferred("a size counts the shoppers of a set"),
        once(_as_estimated),
        EVENTS,
        SEGMENTS,
        ALGEBRA,
    ),
    law(
        "sizes-never-fewer",
        "A longer window, a wider price range, one more category or brand or one of them less to fit: never fewer.",
        assumed("as the words suggest"),
        once(_never_fewer),
        EVENTS,
    ),
    law(
        "sizes-contained",
        "Whom narrower events hold the wider hold too.",
        assumed("as the words suggest"),
        once(_contained),
        ALGEBRA,
    ),
    law(
        "sizes-of-filters",
        "The categories of a segment are or-ed, as its brands are, and both are and-ed.",
        assumed("as the words suggest"),
        once(_of_filters),
        EVENTS,
        ALGEBRA,
    ),
)
