"""Contact lists as a session fills, empties and counts them: every answer is held against a set."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from mockserver.check.laws.identifiers_model import KINDS, Kind
from mockserver.check.laws.refusals import lists
from mockserver.check.session import Answer, Session

LARGEST_SAMPLE = 10
_UNTIL_SHOWN = 17 * 3600
"""Half a day to the next computation at most, and five hours until it shows."""


@dataclass(slots=True)
class ListLife:
    """One contact list and what it should hold; `matches` are those last told for what it held."""

    session: Session
    id: str
    kind: Kind
    held: set[str] = field(default_factory=set)
    matches: dict[frozenset[str], int] = field(default_factory=dict)

    @classmethod
    def of(cls, session: Session, kind: str = "Email", **more: Any) -> "ListLife":
        """A new and empty one, of the type of segment that holds such identifiers."""
        (id,) = session.made(session.contact_list(KINDS[kind].held_in, **more))
        return cls(session, id, KINDS[kind])

    def add(self, *identifiers: str, **said: Any) -> Answer:
        """Add some, valid or not."""
        self.held |= self.kind.distinct(identifiers)
        return self._amend("add", identifiers, said)

    def remove(self, *identifiers: str, **said: Any) -> Answer:
        """Remove some, there or not."""
        self.held -= self.kind.distinct(identifiers)
        return self._amend("remove", identifiers, said)

    def clear(self) -> Answer:
        """Remove all."""
        self.held.clear()
        return cleared(self.session.clear(self.id), self.id)

    def count(self) -> Answer | None:
        """Expect the statistics to count what is held; nothing where they cannot be waited for."""
        if self.session.readings["statistics-computed"] == "on-schedule":
            if "clock" not in self.session.wire.abilities:
                return None
            self.session.advance(_UNTIL_SHOWN)
        answer = counts(self.session.statistics(self.id), len(self.held))
        matches, held = answer.at("body/data/attributes/numberOfMatches"), frozenset(self.held)
        answer.holds("body/data/attributes/numberOfMatches", self.matches.setdefault(held, matches), why="the same held before")
        return answer.holds("body/data/id", self.id)

    def _amend(self, operation: str, identifiers: Sequence[str], said: dict[str, Any]) -> Answer:
        answer = self.session.amend(self.id, operation, list(identifiers), **said)
        return amended(answer, self.kind, operation, identifiers).holds(f"{members(answer)}/contactListId", int(self.id))


def members(answer: Answer) -> str:
    """Where the members of an add-remove answer stand."""
    return "body/data/attributes" if answer.session.readings["add-remove-shape"] == "nested" else "body/data"


def amended(answer: Answer, kind: Kind, operation: str, identifiers: Sequence[str]) -> Answer:
    """Expect each occurrence to be counted valid or invalid, and the first ten invalid ones to be shown as sent."""
    lists(answer)
    invalid = [each for each in identifiers if not kind.accepts(each)]
    place = members(answer)
    told = {
        "operation": operation,
        "sampleInvalidIdentifiers": invalid[:LARGEST_SAMPLE],
        "nbInvalidIdentifiers": len(invalid),
        "nbValidIdentifiers": len(identifiers) - len(invalid),
    }
    for member, value in told.items():
        answer.holds(f"{place}/{member}", value)
        if answer.session.readings["add-remove-shape"] == "hybrid":
            answer.holds(f"{place}/attributes/{member}", value)
    return answer


def counts(answer: Answer, identifiers: int) -> Answer:
    """Expect statistics of so many identifiers, no more matches than these, and the rate that follows."""
    place = "body/data/attributes"
    lists(answer).holds(f"{place}/numberOfIdentifiers", identifiers)
    matches = answer.holds(f"{place}/numberOfMatches", identifiers, "is at most").at(f"{place}/numberOfMatches")
    whole = 100 if answer.session.readings["match-rate"] == "percentage" else 1
    return answer.holds(f"{place}/matchRate", whole * matches / identifiers if identifiers else 0, "is about")


def cleared(answer: Answer, id: str) -> Answer:
    """Expect the answer to a clearing, which has a body or not, by the reading in force."""
    if answer.session.readings["contact-list-clear"] == "204":
        return answer.says(204)
    return lists(answer).holds("body/data/id", id)
