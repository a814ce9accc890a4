"""Segments made, changed, deleted and found in whatever order, every answer held against a model."""

from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from mockserver.check.law import Machine, staged
from mockserver.check.laws.segment_creation import NOBODY
from mockserver.check.laws.segment_life import SegmentLife
from mockserver.check.laws.segment_search import FILTERS, spoken
from mockserver.check.laws.stating import law
from mockserver.check.session import Session
from mockserver.evidence import guide
from mockserver.providers.criteo.sources import SEGMENT_GUIDE

NAMES = ("new", "new", "new", "new", "taken", "again", "other case", "empty", "blank", "longest", "too long")
"""Which name an item asks for."""

_IDS = st.one_of(st.none(), st.lists(st.sampled_from(("3", "5", 7)), max_size=2, unique=True))
_PRICES = st.one_of(st.none(), st.integers(0, 3), st.sampled_from((0.5, 2.5)))
_EVENTS = st.fixed_dictionaries(
    {"shopperActivity": st.sampled_from(("View", "Buy")), "lookbackDays": st.sampled_from(("Last7Days", "Last90Days"))},
    optional={"categoryIds": _IDS, "brandIds": _IDS, "minPrice": _PRICES, "maxPrice": _PRICES},
)
_LISTS = st.sampled_from(({"identifierType": "Email"}, {"identifierType": "CustomerId"}, {}))
TEXTS = st.sampled_from((None, "", "some", "d" * 500, "d" * 501))
_CREATIONS = st.fixed_dictionaries(
    {"name": st.sampled_from(NAMES), "retailerId": st.sampled_from(("first", "first", "last", "last", "foreign"))},
    optional={"description": TEXTS, "contactList": _LISTS, "events": _EVENTS},
)


def nillable(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """What an update says of a member that can be emptied."""
    return st.one_of(st.none(), st.just({}), values.map(lambda value: {"value": value}))


_CHANGED_EVENTS = st.fixed_dictionaries(
    {},
    optional={
        "shopperActivity": st.just("AddToCart"),
        "lookbackDays": st.just("Last14Days"),
        "categoryIds": _IDS,
        "brandIds": _IDS,
        "minPrice": nillable(_PRICES),
        "maxPrice": nillable(_PRICES),
    },
)
_CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(NAMES),
        "description": nillable(TEXTS),
        "contactList": st.sampled_from(({}, None, {"identifierType": "Email"})),
        "events": _CHANGED_EVENTS,
    },
)
_PICKS = st.integers(0, 11)


class SegmentMachine(Machine):
    """Segments of one account."""

    def begin(self) -> None:
        """There are two, and one that is gone."""
        self.life = SegmentLife.of(self.session)
        self.life.create(self.session.contact_list(name=self.session.name("seed")), self.session.events())
        self.life.absent()

    @rule(items=st.lists(_CREATIONS, min_size=1, max_size=4))
    def create(self, items: list[dict[str, Any]]) -> None:
        """Make some, sound and flawed."""
        retailers = {"first": self.life.retailer, "last": self.session.setting.retailers[-1], "foreign": NOBODY}
        names = named(self.session, self.life.model.held.values(), [each["name"] for each in items])
        self.life.create(
            *[
                {**each, "name": name, "retailerId": retailers[each["retailerId"]]}
                for each, name in zip(items, names, strict=True)
            ]
        )

    @rule(picked=st.lists(st.tuples(_PICKS, _CHANGES), min_size=1, max_size=3))
    def update(self, picked: list[tuple[int, dict[str, Any]]]) -> None:
        """Change some, or what is not there."""
        names = named(self.session, self.life.model.held.values(), [each.get("name", "") for _, each in picked])
        said = [{**each, "name": name} if "name" in each else each for (_, each), name in zip(picked, names, strict=True)]
        self.life.update(*[{"id": self.pick(pick), "attributes": each} for (pick, _), each in zip(picked, said, strict=True)])

    @rule(pick=_PICKS, word=st.sampled_from(NAMES))
    def rename(self, pick: int, word: str) -> None:
        """Give one another name, and look whether it and every other name is as it should be."""
        (name,) = named(self.session, self.life.model.held.values(), [word])
        self.life.change(self.pick(pick), name=name)
        self.life.find()

    @rule(pick=_PICKS, said=_CHANGED_EVENTS, description=nillable(TEXTS))
    def change_events(self, pick: int, said: dict[str, Any], description: dict[str, Any] | None) -> None:
        """Change what one is by, if it is by events, and look whether it stayed so."""
        by_events = [id for id, each in self.life.model.held.items() if "events" in each]
        if by_events:
            self.life.change(by_events[pick % len(by_events)], events=said, description=description)
            self.life.find()

    @rule(picks=st.lists(_PICKS, min_size=1, max_size=3))
    def delete(self, picks: list[int]) -> None:
        """Delete some, or what is not there."""
        self.life.delete(*[self.pick(each) for each in picks])

    @rule(filters=st.one_of(st.none(), FILTERS))
    def find(self, filters: dict[str, Any] | None) -> None:
        """Look for some, or for all."""
        self.life.find(filters and spoken(filters, self.life))

    @rule(seconds=st.integers(1, 100))
    def wait(self, seconds: int) -> None:
        """Let time go by."""
        self.life.times.wait(seconds)

    def pick(self, number: int) -> Any:
        """The id of something that is there or gone, now and then as a number."""
        known = [*self.life.model.held, *self.life.gone]
        id = known[number % len(known)]
        return int(id) if number % 5 == 4 else id


def named(session: Session, held: Any, wanted: Sequence[str]) -> list[str]:
    """The names that items ask for by word: new ones, those that something bears or an item before asks for, flawed ones."""
    names: list[str] = []
    borne = [each["name"] for each in held] or [session.name()]
    for word in wanted:
        flawed: Mapping[str, str] = {"empty": "", "blank": " \t", "taken": borne[0], "again": (names or borne)[-1]}
        if word == "other case":
            run = len(session.setting.run)  # which stays, for what is made is known by it
            names.append(borne[-1][:run] + borne[-1][run:].swapcase())
        elif word in flawed:
            names.append(flawed[word])
        else:
            names.append(session.name("name").ljust({"longest": 256, "too long": 257}.get(word, 0), "n"))
    return names


CHECKS = (
    law(
        "segments",
        "Whatever is done to segments in whatever order, every answer is what a model of them says.",
        guide(SEGMENT_GUIDE, unproven="what other laws assume"),
        staged(SegmentMachine, 60, 25),
        "bulkCreateAudienceSegments",
        "bulkUpdateAudienceSegments",
        "bulkDeleteAudienceSegments",
        "searchAudienceSegments",
    ),
)
