"""Audiences and their segments made, changed, deleted and found in whatever order, every answer held against a model."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from mockserver.check.law import Machine, staged
from mockserver.check.laws.algebra import TREES, planted
from mockserver.check.laws.audience_life import Algebra, AudienceLife
from mockserver.check.laws.segment_creation import NOBODY
from mockserver.check.laws.segment_machine import NAMES, TEXTS, named, nillable
from mockserver.check.laws.stating import law
from mockserver.evidence import guide
from mockserver.providers.criteo.sources import AUDIENCE_GUIDE

_PICKS = st.integers(0, 11)
_CREATIONS = st.fixed_dictionaries(
    {
        "name": st.sampled_from(NAMES),
        "retailerId": st.sampled_from(("first", "first", "first", "last", "foreign")),
        "algebra": TREES,
    },
    optional={"description": TEXTS},
)
_CHANGES = st.fixed_dictionaries(
    {}, optional={"name": st.sampled_from(NAMES), "description": nillable(TEXTS), "algebra": st.one_of(st.none(), TREES)}
)
_NUMBERS = st.one_of(st.none(), st.lists(_PICKS, max_size=4))


class AudienceMachine(Machine):
    """Audiences of one account, over segments that come and go."""

    def begin(self) -> None:
        """There are three segments and two audiences, and one of each that is gone."""
        self.life = AudienceLife.of(self.session)
        self.leaves = self.life.leaves(3)
        self.gone = self.life.segments.absent()
        self.life.create(self.life.said(self.leaves[0]), self.life.said({"or": self.leaves}))
        self.life.absent()

    @rule(items=st.lists(_CREATIONS, min_size=1, max_size=3))
    def create(self, items: list[dict[str, Any]]) -> None:
        """Make some, sound and flawed."""
        retailers = {"first": self.life.segments.retailer, "last": self.session.setting.retailers[-1], "foreign": NOBODY}
        names = named(self.session, self.life.model.held.values(), [each["name"] for each in items])
        self.life.create(
            *[
                {**each, "name": name, "retailerId": retailers[each["retailerId"]], "algebra": self.planted(each["algebra"])}
                for each, name in zip(items, names, strict=True)
            ]
        )

    @rule(picked=st.lists(st.tuples(_PICKS, _CHANGES), min_size=1, max_size=3))
    def update(self, picked: list[tuple[int, dict[str, Any]]]) -> None:
        """Change some, or what is not there."""
        names = named(self.session, self.life.model.held.values(), [each.get("name", "") for _, each in picked])
        items = []
        for (pick, change), name in zip(picked, names, strict=True):
            said = {**change, "name": name} if "name" in change else dict(change)
            if said.get("algebra") is not None:
                said["algebra"] = self.planted(said["algebra"])
            items.append({"id": self.pick(pick), "attributes": said})
        self.life.update(*items)
        self.life.find()

    @rule(picks=st.lists(_PICKS, min_size=1, max_size=3))
    def delete(self, picks: list[int]) -> None:
        """Delete some, or what is not there."""
        self.life.delete(*[self.pick(each) for each in picks])

    @rule(which=st.integers(0, 2))
    def renew(self, which: int) -> None:
        """Delete a segment, if it lets itself be deleted, and make another in its place."""
        self.life.lose(self.leaves[which]["audienceSegmentId"])
        self.leaves[which] = self.life.leaves(1)[0]

    @rule(audiences=_NUMBERS, segments=_NUMBERS)
    def find(self, audiences: list[int] | None, segments: list[int] | None) -> None:
        """Look for some, or for all."""
        if not audiences and not segments:
            self.life.find()
            return
        leaves = [leaf["audienceSegmentId"] for leaf in self.leaves]
        said = {"audienceSegmentIds": segments and [[*leaves, self.gone][each % 4] for each in segments]}
        self.life.find({**said, "audienceIds": audiences and [self.pick(each) for each in audiences]})

    @rule(seconds=st.integers(1, 100))
    def wait(self, seconds: int) -> None:
        """Let time go by."""
        self.life.times.wait(seconds)

    def planted(self, tree: Any) -> Algebra:
        """A drawn algebra over the segments that there are."""
        return planted(tree, self.leaves, self.gone)

    def pick(self, number: int) -> Any:
        """The id of something that is there or gone."""
        known = [*self.life.model.held, *self.life.gone]
        return known[number % len(known)]


CHECKS = (
    law(
        "audiences",
        "Whatever is done to audiences and their segments, every answer is what a model of them says.",
        guide(AUDIENCE_GUIDE, unproven="what other laws assume"),
        staged(AudienceMachine, 40, 25),
        "bulkCreateAudience",
        "bulkUpdateAudience",
        "bulkDeleteAudiences",
        "searchAudiences",
        "bulkDeleteAudienceSegments",
    ),
)
