"""Laws of pages: whatever the size of the windows, they tile what a search finds, each thing once, in order."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from mockserver.check.law import Way, drawn, once
from mockserver.check.laws.audience_life import AudienceLife
from mockserver.check.laws.segment_life import SegmentLife
from mockserver.check.laws.stating import READS, WRITES, law
from mockserver.check.laws.windows import LARGEST, whole, window
from mockserver.check.session import Session
from mockserver.evidence import Evidence, assumed, guide, openapi
from mockserver.providers.criteo.sources import AUDIENCE_GUIDE, OPENAPI

SEARCHES = {"segments": "searchAudienceSegments", "audiences": "searchAudiences"}
_IDS = {"segments": "audienceSegmentIds", "audiences": "audienceIds"}
ORDER = guide("developers.criteo.com, API response")


def _made(session: Session, what: str, count: int) -> list[str]:
    """So many of a kind, in the order of their ids."""
    if what == "segments":
        return sorted(SegmentLife.of(session).create(*[session.contact_list() for _ in range(count)]), key=int)
    life = AudienceLife.of(session)
    (leaf,) = life.leaves(1)
    return sorted(life.create(*[life.said(leaf) for _ in range(count)]), key=int)


def _tile(what: str) -> Callable[[Session, Any], None]:
    def claim(session: Session, said: tuple[int, int]) -> None:
        count, limit = said
        ids = _made(session, what, count)
        filters = {_IDS[what]: list(reversed(ids))}
        for offset in range(0, count + limit, limit):
            answer = window(session, SEARCHES[what], offset, limit, filters)
            answer.holds("body/meta/totalItems", count).holds("body/data/*/id", ids[offset : offset + limit])

    return claim


def _windows(what: str) -> Callable[[Session, Any], None]:
    def claim(session: Session, said: tuple[float, int]) -> None:
        every = whole(session, SEARCHES[what])
        if every is None:
            return
        offset, limit = round(said[0] * len(every)), said[1]
        answer = window(session, SEARCHES[what], offset, limit).holds("body/meta/totalItems", len(every))
        answer.holds("body/data/*/id", [each["id"] for each in every[offset : offset + limit]])

    return claim


def _pages(what: str) -> Callable[[Session], None]:
    def claim(session: Session) -> None:
        every = whole(session, SEARCHES[what])
        if every is None:
            return
        limit = max(1, len(every) // 7)
        for offset in range(0, len(every) + limit, limit):
            answer = window(session, SEARCHES[what], offset, limit).holds("body/meta/totalItems", len(every))
            answer.holds("body/data", every[offset : offset + limit])

    return claim


def _filtered(what: str) -> Callable[[Session], None]:
    def claim(session: Session) -> None:
        filters: dict[str, Any] = {"retailerIds": [*session.setting.retailers]}
        if what == "segments":
            filters["audienceSegmentTypes"] = ["Events", "ContactList"]
        every = whole(session, SEARCHES[what], filters)
        if every is None:
            return
        limit = max(1, len(every) // 7)
        for offset in range(0, len(every) + limit, limit):
            answer = window(session, SEARCHES[what], offset, limit, filters).holds("body/meta/totalItems", len(every))
            answer.holds("body/data/*/id", [each["id"] for each in every[offset : offset + limit]])

    return claim


def _named(what: str) -> Callable[[Session], None]:
    def claim(session: Session) -> None:
        every = whole(session, SEARCHES[what]) or []
        ids = [each["id"] for each in (*every[:5], *every[5 :: max(1, len(every) // 9)])]
        if ids:
            answer = window(session, SEARCHES[what], 0, LARGEST, {_IDS[what]: ids[::-1]})
            answer.holds("body/data/*/id", ids).holds("body/meta/totalItems", len(ids))

    return claim


def _bounds(what: str) -> Callable[[Session], None]:
    def claim(session: Session) -> None:
        operation = SEARCHES[what]
        total = window(session, operation, 0, 0).at("body/meta/totalItems")
        for limit in (1, LARGEST - 1, LARGEST):
            window(session, operation, 0, limit).holds("body/meta/totalItems", total)
        for offset in (max(0, total - 1), total, total + 1, 2**31 - 1):
            window(session, operation, offset, 2).holds("body/meta/totalItems", total)
        for wrong in (LARGEST + 1, -1, 2**31, "", "ten", "1.5", "1e2", "0x10"):
            session.ask(operation, {}, query={"limit": wrong}).says(400, "invalid")
        for wrong in (-1, 2**31, "", "ten", "0.5"):
            session.ask(operation, {}, query={"offset": wrong}).says(400, "invalid")
        session.ask(operation, {}, query={"offset": -1, "limit": LARGEST + 1}).says(400, "invalid", "invalid")

    return claim


def _defaults(what: str) -> Callable[[Session], None]:
    def claim(session: Session) -> None:
        size = int(session.readings["default-page-size"])
        answer = session.ask(SEARCHES[what], {}).says(200).holds("body/meta/limit", size).holds("body/meta/offset", 0)
        answer.holds("body/data", min(size, answer.at("body/meta/totalItems")), "has length")
        session.ask(SEARCHES[what], {}, query={"offset": 1}).holds("body/meta/limit", size).holds("body/meta/offset", 1)
        session.ask(SEARCHES[what], {}, query={"limit": 3}).holds("body/meta/limit", 3).holds("body/meta/offset", 0)

    return claim


def _default_is_full(what: str) -> Callable[[Session], None]:
    def claim(session: Session) -> None:
        ids = _made(session, what, 51)
        size = int(session.readings["default-page-size"])
        answer = session.ask(SEARCHES[what], {"data": {"attributes": {_IDS[what]: ids}}}).says(200)
        answer.holds("body/data/*/id", ids[:size]).holds("body/meta/totalItems", len(ids))

    return claim


def _shift(session: Session) -> None:
    """What comes later comes after; what is deleted leaves no gap."""
    life = SegmentLife.of(session)
    ids = life.create(*[session.contact_list() for _ in range(7)])
    later = life.create(*[session.contact_list() for _ in range(2)])
    life.delete(ids[2], ids[5])
    life.change(ids[0], name=session.name())
    left = [id for id in (*ids, *later) if id in life.model.held]
    filters = {"audienceSegmentIds": [*ids, *later]}
    for offset in range(0, 9, 3):
        answer = window(session, SEARCHES["segments"], offset, 3, filters).holds("body/meta/totalItems", len(left))
        answer.holds("body/data/*/id", sorted(left, key=int)[offset : offset + 3])


_FRACTIONS = st.floats(0, 1.1, allow_nan=False)
_BOUNDED = openapi(OPENAPI, unproven="that breaking them is a 400")
_EVERY_SEARCH: tuple[tuple[str, str, Evidence, Callable[[str], Way], frozenset[str]], ...] = (
    (
        "pages-of-own",
        "Windows of any size tile what was made, each once, by ascending id.",
        ORDER,
        lambda what: drawn(_tile(what), st.tuples(st.integers(1, 14), st.integers(1, 9)), 20),
        WRITES,
    ),
    (
        "pages-of-all",
        "Any window on all that there is shows its part of the whole.",
        ORDER,
        lambda what: drawn(_windows(what), st.tuples(_FRACTIONS, st.integers(0, LARGEST)), 8),
        READS,
    ),
    (
        "pages-tile",
        "One page after the other shows all that there is, each once, by ascending id.",
        ORDER,
        lambda what: once(_pages(what)),
        READS,
    ),
    (
        "pages-filtered",
        "Pages of what filters of several values find are pages as any.",
        ORDER,
        lambda what: once(_filtered(what)),
        READS | {"retailers"},
    ),
    (
        "pages-named",
        "What is found by id is in the order of numbers too, whatever order the ids are said in.",
        ORDER,
        lambda what: once(_named(what)),
        READS,
    ),
    (
        "page-bounds",
        "A page has 0 to 500 items from any offset that is not negative; beyond the end it is empty.",
        _BOUNDED,
        lambda what: once(_bounds(what)),
        READS,
    ),
    (
        "page-defaults",
        "A page that nobody measured begins at the beginning and is as long as the reading has it.",
        guide(AUDIENCE_GUIDE),
        lambda what: once(_defaults(what)),
        READS,
    ),
    (
        "page-default-full",
        "A page that nobody measured is filled.",
        guide(AUDIENCE_GUIDE),
        lambda what: once(_default_is_full(what)),
        WRITES,
    ),
)
"""What holds of every search: a name, a statement, evidence, how it is run for a kind of thing, and what it needs."""


CHECKS = (
    *(
        law(f"{name}-{what}", statement, evidence, way(what), SEARCHES[what], needs=needs)
        for what in ("segments", "audiences")
        for name, statement, evidence, way, needs in _EVERY_SEARCH
    ),
    law(
        "pages-shift",
        "What is made later comes later, and what is deleted leaves no gap.",
        assumed("ids are given in ascending order"),
        once(_shift),
        SEARCHES["segments"],
    ),
)
