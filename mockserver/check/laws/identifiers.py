"""Laws of identifiers: which are valid, which of them are one, and how those that are not are told."""

from hypothesis import strategies as st

from mockserver.check.law import drawn, once
from mockserver.check.laws.contact_lists import AMEND, COUNT
from mockserver.check.laws.identifiers_model import KINDS, MD5, SHA256, UUID, spellings
from mockserver.check.laws.list_life import LARGEST_SAMPLE, ListLife, members
from mockserver.check.laws.segment_creation import TYPES
from mockserver.check.laws.stating import law
from mockserver.check.session import Session
from mockserver.evidence import assumed, openapi
from mockserver.providers.criteo.sources import OPENAPI

_TEXTS = st.one_of(
    st.sampled_from([each for kind in KINDS.values() for each in (*kind.valid, *kind.invalid)]),
    st.from_regex(r"[a-z]{0,3}@?[a-z]{0,2}\.?[a-z]{0,2}", fullmatch=True),
    st.from_regex(r"\+?[0-9]{5,17}", fullmatch=True),
    st.from_regex(r" ?[0-9a-f]{31,33} ?", fullmatch=True),
    st.just(UUID.upper()),
)


def _forms(session: Session) -> None:
    for name, kind in KINDS.items():
        life = ListLife.of(session, name)
        life.add(*kind.valid, identifierType=name)
        for first in range(0, len(kind.invalid), LARGEST_SAMPLE):
            life.add(*kind.invalid[first : first + LARGEST_SAMPLE], kind.valid[0], identifierType=name)
        life.count()
        life.remove(*kind.invalid, identifierType=name)
        life.count()


def _drawn_forms(session: Session, said: tuple[str, list[str]]) -> None:
    name, identifiers = said
    life = ListLife.of(session, name)
    life.add(*identifiers, identifierType=name)
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


def _echoes(session: Session) -> None:
    life = ListLife.of(session)
    for spelling in ("Email", "email", "EMAIL", "eMail"):
        answer = life.add("a@example.com", identifierType=spelling)
        answer.holds(f"{members(answer)}/identifierType", spelling)
    for said in ({}, {"identifierType": None}):
        answer = life.add("a@example.com", **said)
        answer.holds(f"{members(answer)}/identifierType", "Email")
    life.count()


CHECKS = (
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
        "list-echoes",
        "An identifier type is taken in any case and echoed; the segment's own is told if none is said.",
        openapi(OPENAPI, unproven="the echo"),
        once(_echoes),
        AMEND,
    ),
)
