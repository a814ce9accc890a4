"""Laws of finding segments: filters are and-ed, the values of one or-ed, and no filter is no filter."""

from collections.abc import Mapping
from itertools import product
from typing import Any

from hypothesis import strategies as st

from mockserver.check.law import drawn, once
from mockserver.check.laws.refusals import lists
from mockserver.check.laws.segment_creation import NOBODY
from mockserver.check.laws.segment_life import SegmentLife
from mockserver.check.laws.stating import READS, WRITES, law
from mockserver.check.laws.windows import LARGEST, whole
from mockserver.check.session import Answer, Session
from mockserver.evidence import assumed, guide
from mockserver.providers.criteo.sources import SEGMENT_GUIDE

SEARCH = "searchAudienceSegments"
KINDS = ("ContactList", "Events")
NOTHING: tuple[Any, ...] = (None, [])
"""What a filter says that filters nothing."""


def _populated(session: Session) -> SegmentLife:
    """Two segments of each kind for each of two retailers, and two that are gone, in no order of kind."""
    life = SegmentLife.of(session)
    retailers = (session.setting.retailers[0], session.setting.retailers[-1])
    made = [session.contact_list, session.events]
    ids = life.create(*[make(retailerId=retailer) for _ in range(2) for make in made for retailer in retailers])
    life.delete(*life.create(session.contact_list(), session.contact_list()))
    life.times.wait(30)
    life.change(ids[0], description={"value": "changed"})
    return life


_SAID_IDS = st.lists(st.integers(0, 9), min_size=1, max_size=12)
_SAID_RETAILERS = st.one_of(st.sampled_from(NOTHING), st.lists(st.sampled_from(("first", "last", "foreign")), max_size=3))
_SAID_KINDS = st.one_of(st.sampled_from(NOTHING), st.lists(st.sampled_from((*KINDS, "Unknown")), max_size=3))
FILTERS = st.fixed_dictionaries(
    {"audienceSegmentIds": _SAID_IDS}, optional={"retailerIds": _SAID_RETAILERS, "audienceSegmentTypes": _SAID_KINDS}
)


def spoken(filters: Mapping[str, Any], life: SegmentLife) -> dict[str, Any]:
    """Filters that speak of ids by number and of retailers by word, as a request says them."""
    known = [*life.model.held, *life.gone]
    retailers = {"first": life.retailer, "last": life.session.setting.retailers[-1], "foreign": NOBODY}
    said = {**filters, "audienceSegmentIds": [known[each % len(known)] for each in filters["audienceSegmentIds"]]}
    if said.get("retailerIds"):
        said["retailerIds"] = [retailers[each] for each in said["retailerIds"]]
    return said


def _any_filters(session: Session, filters: Mapping[str, Any]) -> None:
    life = _populated(session)
    life.find(spoken(filters, life))


def _each_filter(session: Session) -> None:
    life = _populated(session)
    ids = [*reversed(life.model.held), *life.gone]
    retailers = (*NOTHING, [life.retailer], list(session.setting.retailers), [NOBODY])
    kinds = (*NOTHING, ["ContactList"], ["Events"], [*KINDS], ["Unknown"], ["Unknown", "Events"])
    for retailer, kind in product(retailers, kinds):
        life.find({"audienceSegmentIds": ids, "retailerIds": retailer, "audienceSegmentTypes": kind})
    life.find({"audienceSegmentIds": life.gone})
    life.find({"audienceSegmentIds": [ids[0], ids[0], ids[1], int(ids[0])]})
    life.find({"audienceSegmentIds": ["no-id", "0", ids[0], "9" * 19]})


def _total(answer: Answer) -> int:
    return int(lists(answer).holds("body/meta/totalItems", 0, "is at least").at("body/meta/totalItems"))


def _no_filter(session: Session) -> None:
    first = {"limit": 1}
    total = _total(session.search(query=first))
    bodies: tuple[dict[str, Any], ...] = ({}, {"data": {}}, {"data": {"attributes": None}}, {"data": {"attributes": {}}})
    for body in bodies:
        session.ask(SEARCH, body, query=first).says(200).holds("body/meta/totalItems", total)
    for name, nothing in product(("audienceSegmentIds", "retailerIds", "audienceSegmentTypes"), NOTHING):
        session.search(filters={name: nothing}, query=first).says(200).holds("body/meta/totalItems", total)


def _agrees_with_the_whole(session: Session) -> None:
    every = whole(session, SEARCH)
    if every is None:
        return
    retailers = [*sorted({each["attributes"]["retailerId"] for each in every})[:3], NOBODY]
    for said, kinds in product(
        [None, *[[each, each] for each in retailers], retailers],
        [None, *[[each] for each in (*KINDS, "Unknown")], [KINDS[1]] * 2],
    ):
        wanted = [
            each["id"]
            for each in every
            if (said is None or each["attributes"]["retailerId"] in said)
            and (kinds is None or each["attributes"]["type"] in kinds)
        ]
        answer = session.search(filters={"retailerIds": said, "audienceSegmentTypes": kinds}, query={"limit": LARGEST})
        lists(answer).holds("body/meta/totalItems", len(wanted)).holds("body/data/*/id", wanted[:LARGEST])


def _agrees_with_the_made(session: Session) -> None:
    _populated(session)
    _agrees_with_the_whole(session)


def _made_are_counted(session: Session) -> None:
    life = SegmentLife.of(session)
    retailers = {life.retailer, session.setting.retailers[-1]}
    choices = [{"retailerIds": [each], "audienceSegmentTypes": [kind]} for each in sorted(retailers) for kind in KINDS]
    before = [_total(session.search(filters=each, query={"limit": 0})) for each in choices]

    def agree() -> None:
        for count, each in zip(before, choices, strict=True):
            answer = lists(session.search(filters=each, query={"limit": 0}))
            answer.holds("body/meta/totalItems", count + len(life.model.found(each)))

    ids = life.create(*[make(retailerId=each) for each in retailers for make in (session.contact_list, session.events)])
    agree()
    life.delete(*ids)
    agree()


CHECKS = (
    law(
        "segment-filters",
        "A search finds what matches every filter and, of each filter, one value.",
        guide(SEGMENT_GUIDE),
        once(_each_filter),
        SEARCH,
    ),
    law(
        "segment-filters-drawn",
        "Whatever the filters, a search finds what a model finds.",
        guide(SEGMENT_GUIDE),
        drawn(_any_filters, FILTERS, 40),
        SEARCH,
    ),
    law(
        "segment-no-filter",
        "A filter that is absent, null or empty filters nothing.",
        assumed("of the empty list nobody published it"),
        once(_no_filter),
        SEARCH,
        needs=READS,
    ),
    law(
        "segment-search-agrees",
        "What filters find is what they leave of the whole.",
        guide(SEGMENT_GUIDE),
        once(_agrees_with_the_whole),
        SEARCH,
        needs=READS,
    ),
    law(
        "segment-search-agrees-on-made",
        "What was made is where the filters that fit it look.",
        guide(SEGMENT_GUIDE),
        once(_agrees_with_the_made),
        SEARCH,
    ),
    law(
        "segment-made-are-counted",
        "What is made counts once wherever it belongs, and no longer once it is deleted.",
        guide(SEGMENT_GUIDE),
        once(_made_are_counted),
        SEARCH,
        needs=WRITES | {"fresh"},
    ),
)
