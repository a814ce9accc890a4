"""Laws of algebra: an audience is a tree of segments, and, or, not, of any shape that keeps the rules."""

from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from mockserver.check.law import drawn, once
from mockserver.check.laws.audience_life import Algebra, AudienceLife
from mockserver.check.laws.audience_model import DEEPEST, algebra_flaws
from mockserver.check.laws.refusals import in_order
from mockserver.check.laws.stating import law
from mockserver.check.session import Session
from mockserver.evidence import assumed, guide
from mockserver.providers.criteo.sources import ALGEBRA_GUIDE

CREATE, UPDATE = "bulkCreateAudience", "bulkUpdateAudience"

_LEAVES = st.integers(0, 2)


def trees(leaves: st.SearchStrategy[Any], most: int = 6) -> st.SearchStrategy[Any]:
    """Algebras that keep the rules, over leaves."""
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.fixed_dictionaries({"not": inner}),
            st.fixed_dictionaries({"and": st.lists(inner, min_size=1, max_size=3)}),
            st.fixed_dictionaries({"or": st.lists(inner, min_size=1, max_size=3)}),
        ),
        max_leaves=most,
    )


_FLAWED = st.sampled_from(("none", "two", "null", "no and", "no or", "gone", "number"))
TREES = st.one_of(trees(_LEAVES), trees(st.one_of(_LEAVES, _LEAVES, _FLAWED)))
"""Algebras over the first three segments by number, and now and then something flawed by word."""


def planted(tree: Any, leaves: Sequence[Algebra], gone: str) -> Algebra:
    """A drawn algebra with its segments, and its flaws, in place."""
    if isinstance(tree, int):
        return leaves[tree]
    if isinstance(tree, str):
        return _flaw(tree, leaves[0], gone)
    ((member, inner),) = tree.items()
    return {member: planted(inner, leaves, gone) if member == "not" else [planted(each, leaves, gone) for each in inner]}


def _flaw(word: str, leaf: Algebra, gone: str) -> Algebra:
    flaws: Mapping[str, Algebra] = {
        "none": {},
        "two": {**leaf, "not": leaf},
        "null": {"and": None, "or": [leaf], "not": None, "audienceSegmentId": None},
        "no and": {"and": []},
        "no or": {"or": []},
        "gone": {"audienceSegmentId": gone},
        "number": {"audienceSegmentId": int(leaf["audienceSegmentId"])},
    }
    return flaws[word]


def _drawn(session: Session, trees: list[Any]) -> None:
    life = AudienceLife.of(session)
    leaves, gone = life.leaves(3), life.segments.absent()
    life.create(*[life.said(planted(each, leaves, gone)) for each in trees])
    life.find()


def _shapes(session: Session) -> None:
    life = AudienceLife.of(session)
    leaf, other = life.leaves(2)
    shapes: tuple[Algebra, ...] = (
        leaf,
        {"audienceSegmentId": int(other["audienceSegmentId"]), "and": None, "or": None, "not": None},
        {"and": [leaf]},
        {"or": [other, leaf]},
        {"not": {"not": leaf}},
        {"and": [{"or": [leaf, other]}, {"not": other}, leaf, leaf]},
        {"or": [leaf] * 60},
    )
    ids = life.create(*[life.said(each) for each in shapes])
    life.find()
    life.update(*[{"id": id, "attributes": {"algebra": each}} for id, each in zip(ids, reversed(shapes), strict=True)])
    life.find()


def _one_member(session: Session) -> None:
    life = AudienceLife.of(session)
    leaf, other = life.leaves(2)
    nodes: tuple[Algebra, ...] = (
        {},
        {"audienceSegmentId": None},
        {**leaf, "and": [other]},
        {"and": [leaf], "or": [other]},
        {"or": [leaf], "not": other},
        {**leaf, "and": [leaf], "or": [leaf], "not": leaf},
    )
    for node in nodes:
        (id,) = life.create(life.said(node), life.said({"and": [leaf, {"not": node}]}), life.said(leaf))
        life.change(id, algebra={"or": [node, leaf, node]})
    life.find()


def _no_empty_list(session: Session) -> None:
    life = AudienceLife.of(session)
    (leaf,) = life.leaves(1)
    life.create(*[life.said({member: []}) for member in ("and", "or")], life.said({"or": [leaf, {"and": []}]}))
    (id,) = life.create(life.said(leaf))
    life.change(id, algebra={"or": []})
    life.find()


def _as_deep(session: Session) -> None:
    life = AudienceLife.of(session)
    (leaf,) = life.leaves(1)
    for member in ("not", "and", "or"):
        deep = leaf
        for _ in range(DEEPEST - 1):
            deep = {member: deep if member == "not" else [deep]}
        life.create(life.said(deep), life.said({"not": deep}), life.said({"and": [leaf, deep]}))
    life.find()


def _segments_are_there(session: Session) -> None:
    life = AudienceLife.of(session)
    (leaf,) = life.leaves(1)
    gone: Algebra = {"audienceSegmentId": life.segments.absent()}
    life.create(life.said(gone), life.said({"or": [leaf, gone]}), life.said({"not": {"audienceSegmentId": "no-id"}}))
    (id,) = life.create(life.said(leaf))
    life.change(id, algebra={"and": [gone, leaf, gone]})
    life.find()


def _of_one_retailer(session: Session) -> None:
    life = AudienceLife.of(session)
    (leaf,) = life.leaves(1)
    (last,) = life.leaves(1, session.setting.retailers[-1])
    life.create(life.said(last), life.said(leaf, retailerId=session.setting.retailers[-1]))
    for id in life.create(life.said(leaf)):
        life.change(id, algebra={"or": [leaf, last]})
    life.find()


def _every_flaw(session: Session) -> None:
    life = AudienceLife.of(session)
    (leaf,) = life.leaves(1)
    gone: Algebra = {"audienceSegmentId": life.segments.absent()}
    flawed = {"and": [{"or": []}, leaf, {"not": {}}, {"or": [gone, {**leaf, "not": leaf}]}, gone]}
    life.create(life.said(flawed, name="", description="d" * 501), life.said(flawed))
    body = {"data": [{"attributes": life.said(flawed)}]}
    places = [
        place for place, _ in algebra_flaws(flawed, life.model.usable(life.segments.retailer), "data/0/attributes/algebra")
    ]
    in_order(session.ask(CREATE, body), [{place.rpartition("/")[2]: place} for place in places])


CHECKS = (
    law(
        "algebra-shapes",
        "An algebra of any shape is kept as it was sent, null members left out and ids as text.",
        guide(ALGEBRA_GUIDE),
        once(_shapes),
        CREATE,
        UPDATE,
    ),
    law(
        "algebra-one-member",
        "A node has exactly one of the four members.",
        guide(ALGEBRA_GUIDE, unproven="the code"),
        once(_one_member),
        CREATE,
        UPDATE,
    ),
    law(
        "algebra-no-empty-list",
        "A list of nodes is not empty.",
        assumed("nobody of nothing is no audience"),
        once(_no_empty_list),
        CREATE,
        UPDATE,
    ),
    law(
        "algebra-depth",
        "An algebra of 32 nodes one in another is taken, one of 33 is not.",
        assumed("no limit is documented"),
        once(_as_deep),
        CREATE,
    ),
    law(
        "algebra-segments",
        "The segments of an algebra are there.",
        assumed("segment-not-found is the natural code"),
        once(_segments_are_there),
        CREATE,
        UPDATE,
    ),
    law(
        "algebra-retailer",
        "The segments of an algebra are of the audience's retailer.",
        assumed("a size is a share of one retailer's users"),
        once(_of_one_retailer),
        CREATE,
        UPDATE,
    ),
    law(
        "algebra-every-flaw",
        "Everything that is wrong with an algebra is told, node by node and in their order.",
        assumed("one or multiple errors are told of an item"),
        once(_every_flaw),
        CREATE,
    ),
    law(
        "algebra-drawn",
        "Whatever the tree, it is kept as it was sent or refused node by node.",
        guide(ALGEBRA_GUIDE, unproven="the codes"),
        drawn(_drawn, st.lists(TREES, min_size=1, max_size=4), 40),
        CREATE,
    ),
)
