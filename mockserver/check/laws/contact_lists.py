"""Laws of contact lists: sets of valid identifiers, filled, emptied and counted."""

import re

from mockserver.check.law import once
from mockserver.check.laws.entities import now_written
from mockserver.check.laws.list_life import ListLife, members
from mockserver.check.laws.stating import TIMES, law
from mockserver.check.session import Session
from mockserver.evidence import assumed, guide, inferred, openapi
from mockserver.providers.criteo.sources import OPENAPI, SEGMENT_GUIDE

AMEND = "AddRemoveContactListByAudienceSegment"
CLEAR = "ClearContactListByAudienceSegment"
COUNT = "getAudienceSegmentContactListStatistics"
MOST = 50_000


def addresses(count: int) -> list[str]:
    """So many e-mail addresses, none twice."""
    return [f"user.{number}@example.com" for number in range(count)]


def _a_set(session: Session) -> None:
    life = ListLife.of(session)
    life.count()
    for identifiers in (["a@example.com"], ["a@example.com"], ["b@example.com"] * 3, addresses(25), addresses(30)):
        life.add(*identifiers)
        life.count()
    life.add()
    life.count()


def _removal(session: Session) -> None:
    life = ListLife.of(session)
    life.remove("a@example.com")
    life.add(*addresses(10))
    life.remove(*addresses(3), "nobody@example.com", "wrong", "user.4@example.com", "user.4@example.com")
    life.count()
    life.remove("user.0@example.com")
    life.count()
    life.remove(*addresses(10))
    life.count()
    life.add("user.0@example.com")
    life.count()


def _clearing(session: Session) -> None:
    life, other = ListLife.of(session), ListLife.of(session)
    life.clear()
    life.add(*addresses(7))
    other.add(*addresses(5))
    for _ in range(2):
        life.clear()
        life.count()
    other.count()
    life.add(*addresses(3))
    life.count()
    session.search(filters={"audienceSegmentIds": [life.id]}).holds("body/data/*/id", [life.id])


def _lists_apart(session: Session) -> None:
    one, other = ListLife.of(session), ListLife.of(session, retailerId=session.setting.retailers[-1])
    one.add(*addresses(4))
    other.add(*addresses(6))
    one.remove(*addresses(2))
    for each in (one, other):
        each.count()
    session.update({"id": one.id, "attributes": {"name": session.name()}}).says(200)
    one.count()
    session.delete(other.id).says(200)
    one.count()


def _matches_add_up(session: Session) -> None:
    whole, half, rest, again = (ListLife.of(session) for _ in range(4))
    every = addresses(40)
    whole.add(*every)
    half.add(*every[:23])
    rest.add(*every[23:])
    again.add(*reversed(every), "gone@example.com", *every)
    again.remove("gone@example.com")
    whole.count()
    again.matches = whole.matches
    counted = [each.count() for each in (again, half, rest)]
    matches = [each.at("body/data/attributes/numberOfMatches") for each in counted if each is not None]
    if matches:
        assert counted[2] is not None
        counted[2].holds("body/data/attributes/numberOfMatches", matches[0] - matches[1])


def _matches_come_back(session: Session) -> None:
    life = ListLife.of(session)
    for _ in range(2):
        life.add(*addresses(20))
        life.count()
        life.remove(*addresses(8))
        life.count()


def _as_many_as_allowed(session: Session) -> None:
    life = ListLife.of(session)
    life.add(*addresses(MOST))
    session.amend(life.id, "add", addresses(MOST + 1)).says(400, "invalid")
    session.amend(life.id, "remove", addresses(MOST + 1)).says(400, "invalid")
    life.count()


def _dated(session: Session) -> None:
    life = ListLife.of(session)
    life.add("a@example.com")
    session.advance(61.25)
    before = now_written(session)
    answer = life.remove("a@example.com")
    if before == now_written(session):
        answer.holds(f"{members(answer)}/requestDate", f"{re.escape(before[:-1])}(Z|0{{4}}[+]00:00)", "matches")


CHECKS = (
    law(
        "list-is-a-set",
        "A contact list counts each identifier once, however often it was added.",
        inferred("numberOfIdentifiers counts users"),
        once(_a_set),
        AMEND,
        COUNT,
    ),
    law(
        "list-removal",
        "What is removed is gone, what was never there is no error, what is invalid removes nothing.",
        inferred("a list is a set"),
        once(_removal),
        AMEND,
        COUNT,
    ),
    law(
        "list-clearing",
        "Clearing empties a list, and leaves its segment and every other list.",
        guide(SEGMENT_GUIDE),
        once(_clearing),
        CLEAR,
        COUNT,
    ),
    law(
        "lists-apart",
        "What one list holds changes with no other, nor with its segment's name.",
        inferred("a list is its segment's"),
        once(_lists_apart),
        AMEND,
        COUNT,
    ),
    law(
        "list-matches-add-up",
        "The matches of two lists without a common identifier are those of both in one.",
        assumed("whether the retailer knows an identifier follows from it alone"),
        once(_matches_add_up),
        COUNT,
    ),
    law(
        "list-matches-come-back",
        "A list that holds what it held has the matches it had.",
        assumed("whether the retailer knows an identifier follows from it alone"),
        once(_matches_come_back),
        COUNT,
    ),
    law(
        "list-fifty-thousand",
        "A request takes 50,000 identifiers, and refuses 50,001 whole.",
        guide(SEGMENT_GUIDE, unproven="status and code"),
        once(_as_many_as_allowed),
        AMEND,
    ),
    law(
        "list-request-date", "The date of a request is the moment it came.", openapi(OPENAPI), once(_dated), AMEND, needs=TIMES
    ),
)
