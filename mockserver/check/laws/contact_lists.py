"""Laws of contact lists: sets of valid identifiers, filled, emptied and counted."""

import re

from hypothesis import strategies as st

from mockserver.check.law import drawn, once
from mockserver.check.laws.entities import now_written
from mockserver.check.laws.identifiers_model import KINDS, MD5, SHA256, UUID, spellings
from mockserver.check.laws.list_life import LARGEST_SAMPLE, ListLife, members
from mockserver.check.laws.segment_creation import TYPES
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


def _forms(session: Session) -> None:
    for name, kind in KINDS.items():
        life = ListLife.of(session, name)
        life.add(*kind.valid, identifierType=name)
        for first in range(0, len(kind.invalid), LARGEST_SAMPLE):
            life.add(*kind.invalid[first : first + LARGEST_SAMPLE], kind.valid[0], identifierType=name)
        life.count()
        life.remove(*kind.invalid, identifierType=name)
        life.count()


def _one_of_many_spellings(session: Session) -> None:
    for name, kind in KINDS.items():
        life = ListLife.of(session, name)
        for one in kind.valid:
            life.add(*spellings(kind, one), identifierType=name)
        life.count()
        life.remove(*[spellings(kind, one)[-1] for one in kind.valid], identifierType=name)
        life.count()


def _case_may_tell(session: Session) -> None:
    for name in ("CustomerId", "UserIdentifier", "IdentityLink"):
        life = ListLife.of(session, name)
        life.add("abc", "ABC", "Abc")
        life.count()
        life.remove("aBC", "ABC")
        life.count()


def _hashes(session: Session) -> None:
    life = ListLife.of(session)
    life.add("jane@example.com", MD5, SHA256, SHA256.upper())
    life.count()
    life.remove(MD5)
    life.count()


def _line_breaks(session: Session) -> None:
    for name in TYPES:
        life = ListLife.of(session, name)
        valid = KINDS[name].valid[0]
        life.add(f"{valid}\n{KINDS[name].valid[1]}", f"\n{valid}\n", valid)
        life.count()
        life.add("\n", f"{valid}\r\n")
        life.count()


def _samples(session: Session) -> None:
    life = ListLife.of(session)
    for count in (1, 9, 10, 11, 200):
        life.add(*[f"wrong {number} " for number in range(count)], "a@example.com")
    life.remove(*[f"wrong {number}" for number in range(11)], "wrong 0", "wrong 0")
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


def _echoes(session: Session) -> None:
    life = ListLife.of(session)
    for spelling in ("Email", "email", "EMAIL", "eMail"):
        answer = life.add("a@example.com", identifierType=spelling)
        answer.holds(f"{members(answer)}/identifierType", spelling)
    for said in ({}, {"identifierType": None}):
        answer = life.add("a@example.com", **said)
        answer.holds(f"{members(answer)}/identifierType", "Email")
    life.count()


def _dated(session: Session) -> None:
    life = ListLife.of(session)
    life.add("a@example.com")
    session.wire.advance(61.25)
    before = now_written(session)
    answer = life.remove("a@example.com")
    if before == now_written(session):
        answer.holds(f"{members(answer)}/requestDate", f"{re.escape(before[:-1])}(Z|0{{4}}[+]00:00)", "matches")


_TEXTS = st.one_of(
    st.sampled_from([each for kind in KINDS.values() for each in (*kind.valid, *kind.invalid)]),
    st.from_regex(r"[a-z]{0,3}@?[a-z]{0,2}\.?[a-z]{0,2}", fullmatch=True),
    st.from_regex(r"\+?[0-9]{5,17}", fullmatch=True),
    st.from_regex(r" ?[0-9a-f]{31,33} ?", fullmatch=True),
    st.just(UUID.upper()),
)


def _drawn_forms(session: Session, said: tuple[str, list[str]]) -> None:
    name, identifiers = said
    life = ListLife.of(session, name)
    life.add(*identifiers, identifierType=name)
    life.count()


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
        "list-forms",
        "Identifiers are valid or invalid by the form of their type, at every border of it.",
        assumed("help pages describe the forms; which strings are invalid is not published"),
        once(_forms),
        AMEND,
        COUNT,
    ),
    law(
        "list-forms-drawn",
        "Each drawn identifier is counted valid or invalid as its form says, and counted once.",
        assumed("help pages describe the forms; which strings are invalid is not published"),
        drawn(_drawn_forms, st.tuples(st.sampled_from(sorted(KINDS)), st.lists(_TEXTS, max_size=12)), 40),
        AMEND,
        COUNT,
    ),
    law(
        "list-spellings",
        "Spaces around an identifier mean nothing, nor does case where its type folds it.",
        assumed("help pages: trim and lower before hashing"),
        once(_one_of_many_spellings),
        AMEND,
        COUNT,
    ),
    law(
        "list-case",
        "Case tells identifiers apart that have no case to fold.",
        assumed("the retailer's own, any text"),
        once(_case_may_tell),
        AMEND,
        COUNT,
    ),
    law(
        "list-hashes",
        "An address and its hashes are different identifiers.",
        assumed("a set of what was sent"),
        once(_hashes),
        AMEND,
        COUNT,
    ),
    law(
        "list-line-breaks",
        "An identifier with a line break in it is one, and no two.",
        assumed("an identifier is an item of the list"),
        once(_line_breaks),
        AMEND,
        COUNT,
    ),
    law(
        "list-samples",
        "Of the invalid identifiers of a request the first ten are shown, as they were sent.",
        assumed("an example shows 1 of 13"),
        once(_samples),
        AMEND,
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
        "list-echoes",
        "An identifier type is taken in any case and echoed; the segment's own is told if none is said.",
        openapi(OPENAPI, unproven="the echo"),
        once(_echoes),
        AMEND,
    ),
    law(
        "list-request-date", "The date of a request is the moment it came.", openapi(OPENAPI), once(_dated), AMEND, needs=TIMES
    ),
)
