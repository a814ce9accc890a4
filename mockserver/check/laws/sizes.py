"""Laws of sizes: they are sizes of sets, so they add up as sets do."""

from typing import Any

from hypothesis import strategies as st

from mockserver.check.expectation import ABSENT
from mockserver.check.law import drawn, once
from mockserver.check.laws.algebra import planted, trees
from mockserver.check.laws.audience_life import Algebra, AudienceLife
from mockserver.check.laws.measures import (
    ALGEBRA,
    AUDIENCES,
    CHANNELS,
    EVENTS,
    SEGMENTS,
    SHARE,
    measured,
    more_than,
    of_algebra,
    of_events,
    of_ids,
    share,
)
from mockserver.check.laws.segment_creation import events_settings
from mockserver.check.laws.stating import WRITES, law
from mockserver.check.session import Answer, Session
from mockserver.evidence import assumed, inferred, openapi
from mockserver.providers.criteo.sources import OPENAPI

_TREES = trees(st.integers(0, 2), 4)


def _add_up(session: Session, drawn_trees: tuple[Any, Any, str]) -> None:
    leaves, channel = measured(session), drawn_trees[2]
    one, other = (planted(tree, leaves, "") for tree in drawn_trees[:2])

    def size(algebra: Algebra) -> float:
        return share(of_algebra(session, algebra, channel))

    def comes_to(algebra: Algebra, wanted: float, relation: str = "is about") -> Answer:
        return of_algebra(session, algebra, channel).holds(SHARE, wanted, relation)

    everyone, first, second = size({"or": [leaves[0], {"not": leaves[0]}]}), size(one), size(other)
    both = share(comes_to({"and": [one, other]}, min(first, second), "is at most"))
    comes_to({"or": [one, other]}, first + second - both)
    comes_to({"or": [other, one, other]}, first + second - both)
    comes_to({"not": one}, everyone - first)
    comes_to({"not": {"not": one}}, first)
    comes_to({"and": [one, {"not": one}]}, 0)
    comes_to({"and": [one, {"not": other}]}, first - both)
    comes_to({"or": [{"not": one}, {"not": other}]}, everyone - both)
    comes_to({"not": {"and": [one, other, one]}}, everyone - both)


def _of_three(session: Session) -> None:
    one, other, third = measured(session)
    for channel in CHANNELS:
        apart = share(of_algebra(session, {"or": [{"and": [one, other]}, {"and": [one, third]}]}, channel))
        of_algebra(session, {"and": [one, {"or": [other, third]}]}, channel).holds(SHARE, apart, "is about")
        inside = share(of_algebra(session, {"and": [one, {"and": [other, third]}]}, channel))
        of_algebra(session, {"and": [third, other, one]}, channel).holds(SHARE, inside, "is about")
        outside = share(of_algebra(session, {"or": [one, {"or": [other, third]}]}, channel))
        of_algebra(session, {"or": [third, other, one]}, channel).holds(SHARE, outside, "is about")
        for each in (one, other, third):
            of_algebra(session, each, channel).holds(SHARE, 0, more_than(session)).holds(SHARE, inside, "is at least")
            of_algebra(session, each, channel).holds(SHARE, outside, "is at most")


def _consistent(session: Session) -> None:
    leaves = measured(session)
    first = of_algebra(session, {"or": [leaves[0], {"not": leaves[0]}]})
    size = first.at("body/data/attributes/size")
    if size is ABSENT:
        return
    everybody = size / first.holds(SHARE, 0, "is more than").at(SHARE)
    for channel in CHANNELS:
        for algebra in (*leaves, {"and": leaves}, {"not": leaves[1]}):
            answer = of_algebra(session, algebra, channel)
            answer.holds("body/data/attributes/size", round(answer.at(SHARE) * everybody))
        ids = [leaf["audienceSegmentId"] for leaf in leaves]
        sizes = of_ids(session, SEGMENTS, ids, channel=channel)
        for position, each in enumerate(sizes.items):
            wanted = round(each["attributes"]["relativeSize"] * everybody)
            sizes.holds(f"body/data/{position}/attributes/size", wanted)


def _audiences_as_estimated(session: Session) -> None:
    life = AudienceLife.of(session)
    leaves = life.leaves(2)
    for number, leaf in enumerate(leaves):
        addresses = [f"{each}@example.com" for each in range(number * 20, number * 20 + 80)]
        session.amend(leaf["audienceSegmentId"], "add", addresses).says(200)
    algebras: tuple[Algebra, ...] = (leaves[0], {"and": leaves}, {"not": leaves[1]})
    ids = life.create(*[life.said(each) for each in algebras])
    for version in ("preview", "experimental"):
        for channel in CHANNELS:
            sizes = of_ids(session, AUDIENCES, ids, channel=channel, version=version)
            for position, each in enumerate(algebras):
                attributes = of_algebra(session, each, channel, version=version).at("body/data/attributes")
                sizes.holds(f"body/data/{position}/attributes", attributes)
    life.change(ids[0], algebra=algebras[2])
    of_ids(session, AUDIENCES, ids[:1]).holds(
        "body/data/0/attributes", of_algebra(session, algebras[2]).at("body/data/attributes")
    )


def _channels(session: Session) -> None:
    leaf = measured(session)[0]
    everyone: Algebra = {"or": [leaf, {"not": leaf}]}
    onsite, offsite = (share(of_algebra(session, everyone, channel)) for channel in CHANNELS)
    of_algebra(session, everyone, "Onsite").holds(SHARE, offsite, "is not").holds(SHARE, onsite)
    of_algebra(session, everyone, "Onsite").holds(SHARE, 0.01, "is more than")


def _of_lists(session: Session) -> None:
    life = AudienceLife.of(session)
    (leaf,) = life.leaves(1)
    id, size = leaf["audienceSegmentId"], "body/data/0/attributes/relativeSize"
    of_ids(session, SEGMENTS, [id]).holds(size, 0.0, "is about")
    addresses, least = [f"{each}@example.com" for each in range(300)], 0.0
    for step in range(0, 300, 100):
        session.amend(id, "add", addresses[step : step + 100]).says(200)
        least = of_ids(session, SEGMENTS, [id]).holds(size, least, more_than(session)).at(size)
    statistics = session.statistics(id)
    everyone = of_ids(session, SEGMENTS, [id])
    if session.readings["statistics-computed"] == "at-once" and everyone.at("body/data/0/attributes/size") is not ABSENT:
        matches = statistics.at("body/data/attributes/numberOfMatches")
        everyone.holds("body/data/0/attributes/size", matches, "is at most")
    session.amend(id, "remove", addresses[:250]).says(200)
    of_ids(session, SEGMENTS, [id]).holds(size, least, "is at most").holds(size, 0, more_than(session))
    session.clear(id)
    of_ids(session, SEGMENTS, [id]).holds(size, 0.0, "is about")


def _by_whom(session: Session) -> None:
    leaves, relative = measured(session), session.setting.relative
    ids = [leaf["audienceSegmentId"] for leaf in leaves]
    full, some = of_ids(session, SEGMENTS, ids), of_ids(session, SEGMENTS, ids, who=relative)
    for position, each in enumerate(full.items):
        full.holds(f"body/data/{position}/attributes/size", None, "is there")
        some.holds(f"body/data/{position}/attributes", {"relativeSize": each["attributes"]["relativeSize"]})
    estimate = of_algebra(session, {"or": leaves}).holds("body/data/attributes/size", None, "is there")
    of_algebra(session, {"or": leaves}, who=relative).holds("body/data/attributes", {"relativeSize": estimate.at(SHARE)})
    if session.readings["events-segments"] == "allowed":
        estimate = of_events(session, events_settings()).holds("body/data/attributes/size", None, "is there")
        wanted = {"relativeSize": estimate.at(SHARE)}
        of_events(session, events_settings(), who=relative).holds("body/data/attributes", wanted)


def _of_each_id(session: Session) -> None:
    life = AudienceLife.of(session)
    leaves = life.leaves(2)
    gone, absent = life.segments.absent(), life.absent()
    audiences = life.create(*[life.said(leaf) for leaf in leaves])
    of_segments = ([leaf["audienceSegmentId"] for leaf in leaves], gone, SEGMENTS, "segment-not-found")
    of_audiences = (audiences, absent, AUDIENCES, "audience-not-found")
    for ids, missing, operation, code in (of_segments, of_audiences):
        said = [ids[1], missing, ids[0], int(ids[1]), ids[1], missing, "no-id"]
        problems = [(f"data/attributes/ids/{position}", code) for position in (1, 6)]
        of_ids(session, operation, said, *problems).holds("body/data/*/id", [ids[1], ids[0]])
        of_ids(session, operation, []).holds("body/data", [])


def _without_the_gone(session: Session) -> None:
    if session.readings["delete-used-segment"] == "refused":
        return
    life = AudienceLife.of(session)
    one, other = life.leaves(2)
    for leaf, names in ((one, range(60)), (other, range(60, 200))):
        session.amend(leaf["audienceSegmentId"], "add", [f"{name}@example.com" for name in names]).says(200)
    ids = life.create(life.said({"or": [one, other]}), life.said({"and": [one, other]}), life.said({"not": other}))
    everyone = share(of_algebra(session, {"or": [one, {"not": one}]}))
    alone = share(of_algebra(session, one))
    life.lose(other["audienceSegmentId"])
    answer = of_ids(session, AUDIENCES, ids)
    for position, wanted in enumerate((alone, 0.0, everyone)):
        answer.holds(f"body/data/{position}/attributes/relativeSize", wanted, "is about")


_SET = inferred("a size counts the shoppers of a set")
CHECKS = (
    law(
        "sizes-add-up",
        "Sizes of and, or, not are those of sets, whatever the trees.",
        _SET,
        drawn(_add_up, st.tuples(_TREES, _TREES, st.sampled_from(CHANNELS)), 20),
        ALGEBRA,
    ),
    law("sizes-of-three", "And and or distribute, and nest as deep or as flat as one likes.", _SET, once(_of_three), ALGEBRA),
    law(
        "sizes-consistent",
        "The size and the share of one answer are as those of every other.",
        openapi(f"relativeSize is a share of the retailer's users: {OPENAPI}"),
        once(_consistent),
        ALGEBRA,
        SEGMENTS,
    ),
    law(
        "sizes-of-audiences",
        "An audience has the size that is estimated of its algebra, in each version.",
        _SET,
        once(_audiences_as_estimated),
        AUDIENCES,
        ALGEBRA,
    ),
    law(
        "sizes-by-channel",
        "A channel reaches a share of its own of all shoppers.",
        assumed("nobody published it"),
        once(_channels),
        ALGEBRA,
        needs=WRITES | {"fresh"},
    ),
    law(
        "sizes-of-lists",
        "A contact list has the shoppers that its identifiers match, as they come and go.",
        inferred("matches are users that the retailer knows"),
        once(_of_lists),
        SEGMENTS,
    ),
    law(
        "sizes-absolute",
        "Who may not see absolute sizes is told the same shares and no size.",
        openapi(f"that it is hidden: {OPENAPI}"),
        once(_by_whom),
        SEGMENTS,
        ALGEBRA,
        EVENTS,
        needs=WRITES | {"relative"},
    ),
    law(
        "sizes-of-each-id",
        "Each id is sized once, in order; one that leads nowhere is a problem.",
        assumed("nobody published it"),
        once(_of_each_id),
        SEGMENTS,
        AUDIENCES,
    ),
    law(
        "sizes-without-the-gone",
        "A segment that is gone holds nobody in an audience that mentions it.",
        assumed("nobody published it"),
        once(_without_the_gone),
        AUDIENCES,
    ),
)
