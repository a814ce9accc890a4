"""Laws of finding audiences among all that there are."""

from collections.abc import Sequence
from itertools import product
from typing import Any

from mockserver.check.law import once
from mockserver.check.laws.audience_life import AudienceLife
from mockserver.check.laws.audience_model import segments_in
from mockserver.check.laws.refusals import lists
from mockserver.check.laws.segment_creation import NOBODY
from mockserver.check.laws.stating import READS, WRITES, law
from mockserver.check.laws.windows import LARGEST, whole
from mockserver.check.session import Answer, Session
from mockserver.evidence import assumed, guide
from mockserver.providers.criteo.sources import AUDIENCE_GUIDE

SEARCH = "searchAudiences"
_NAMES = ("audienceIds", "retailerIds", "audienceSegmentIds")
_SEGMENTS = 4


def _asked(session: Session, filters: dict[str, Any] | None, limit: int = LARGEST) -> Answer:
    return lists(session.ask(SEARCH, {"data": {"attributes": filters}}, query={"limit": limit}))


def _no_filter(session: Session) -> None:
    total = _asked(session, None, 1).at("body/meta/totalItems")
    bodies: tuple[dict[str, Any], ...] = ({}, {"data": {}}, {"data": {"attributes": None}})
    for body in bodies:
        session.ask(SEARCH, body, query={"limit": 1}).says(200).holds("body/meta/totalItems", total)
    said: tuple[Sequence[str] | None, ...] = (None, [])
    for name, nothing in product(_NAMES, said):
        _asked(session, {name: nothing}, 1).holds("body/meta/totalItems", total)


def _agrees_with_the_whole(session: Session) -> None:
    every = whole(session, SEARCH)
    if every is None:
        return
    of = {each["id"]: each["attributes"] for each in every}
    retailers = [*sorted({each["retailerId"] for each in of.values()})[:3], NOBODY]
    used = sorted({segment for each in of.values() for segment in segments_in(each["algebra"])})
    segments = used[:: max(1, len(used) // _SEGMENTS)][:_SEGMENTS]
    for retailer, segment in product(
        [None, *[[each, each] for each in retailers], retailers], [None, *[[each, each] for each in segments], segments]
    ):
        wanted = [
            id
            for id, each in of.items()
            if (not retailer or each["retailerId"] in retailer)
            and (not segment or not segments_in(each["algebra"]).isdisjoint(segment))
        ]
        answer = _asked(session, {"retailerIds": retailer, "audienceSegmentIds": segment})
        answer.holds("body/meta/totalItems", len(wanted)).holds("body/data/*/id", wanted[:LARGEST])


def _agrees_with_the_made(session: Session) -> None:
    life = AudienceLife.of(session)
    leaf, other = life.leaves(2)
    last, retailer = life.leaves(1, session.setting.retailers[-1])[0], session.setting.retailers[-1]
    life.create(life.said(leaf), life.said(last, retailerId=retailer), life.said({"and": [other, {"not": leaf}]}))
    _agrees_with_the_whole(session)


def _made_are_counted(session: Session) -> None:
    life = AudienceLife.of(session)
    (leaf,) = life.leaves(1)
    last, retailer = life.leaves(1, session.setting.retailers[-1])[0], session.setting.retailers[-1]
    choices: tuple[dict[str, Any], ...] = ({}, {"retailerIds": [life.segments.retailer]}, {"retailerIds": [retailer]})
    before = [_asked(session, each, 0).at("body/meta/totalItems") for each in choices]

    def agree() -> None:
        for count, each in zip(before, choices, strict=True):
            _asked(session, each, 0).holds("body/meta/totalItems", count + len(life.model.found(each)))

    ids = life.create(life.said(leaf), life.said(last, retailerId=retailer), life.said(leaf))
    agree()
    life.delete(*ids)
    agree()


CHECKS = (
    law(
        "audience-no-filter",
        "A filter that is absent, null or empty filters nothing.",
        assumed("of the empty list nobody published it"),
        once(_no_filter),
        SEARCH,
        needs=READS,
    ),
    law(
        "audience-search-agrees",
        "What filters find is what they leave of the whole.",
        guide(AUDIENCE_GUIDE),
        once(_agrees_with_the_whole),
        SEARCH,
        needs=READS,
    ),
    law(
        "audience-search-agrees-on-made",
        "What was made is where the filters that fit it look.",
        guide(AUDIENCE_GUIDE),
        once(_agrees_with_the_made),
        SEARCH,
    ),
    law(
        "audience-made-are-counted",
        "What is made counts once wherever it belongs, and no longer once it is deleted.",
        guide(AUDIENCE_GUIDE),
        once(_made_are_counted),
        SEARCH,
        needs=WRITES | {"fresh"},
    ),
)
