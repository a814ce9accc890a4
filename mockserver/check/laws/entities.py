"""The entities that an answer shows, held against what they should be, their times apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mockserver.check.session import Answer, Session
from mockserver.clock import written


def shows(answer: Answer, wanted: Sequence[Mapping[str, Any]], ids: Sequence[str] | None = None) -> Answer:
    """Expect `data` to be exactly these entities in this order, each with these attributes and, if told, these ids."""
    if ids is not None:
        answer.holds("body/data/*/id", list(ids))
    answer.holds("body/data/*/attributes/name", [each["name"] for each in wanted])
    for position, (found, each) in enumerate(zip(answer.items, wanted, strict=True)):
        for member, value in each.items():
            if found["attributes"].get(member) != value:
                answer.holds(f"body/data/{position}/attributes/{member}", value)
    return answer


@dataclass(slots=True)
class Times:
    """When the entities of a session were made and changed, as it was last told; `waits` counts the moves of the clock."""

    session: Session
    waits: int = 0
    told: dict[str, tuple[str, str, int]] = field(default_factory=dict)

    def wait(self, seconds: float) -> None:
        """Let time go by, where the clock can be moved."""
        if "clock" in self.session.wire.abilities:
            self.session.advance(seconds)
            self.waits += 1

    def made(self, answer: Answer) -> None:
        """Expect what was just made to have been changed when it was made."""
        for position, found in enumerate(answer.items):
            created = found["attributes"]["createdAt"]
            answer.holds(f"body/data/{position}/attributes/updatedAt", created)
            self.told[found["id"]] = (created, created, self.waits)

    def changed(self, answer: Answer) -> None:
        """Expect what was just changed to have been made when it was, and changed later than before if time went by."""
        for position, found in enumerate(answer.items):
            created, updated, at = self.told[found["id"]]
            answer.holds(f"body/data/{position}/attributes/createdAt", created)
            if at < self.waits:
                answer.holds(f"body/data/{position}/attributes/updatedAt", updated, "is not")
            self.told[found["id"]] = (created, found["attributes"]["updatedAt"], self.waits)

    def kept(self, answer: Answer) -> None:
        """Expect what is merely shown to have the times that were told."""
        for position, found in enumerate(answer.items):
            created, updated, _ = self.told[found["id"]]
            for member, value in (("createdAt", created), ("updatedAt", updated)):
                if found["attributes"][member] != value:
                    answer.holds(f"body/data/{position}/attributes/{member}", value)


def now_written(session: Session) -> str:
    """The target's time as answers write it; of use only where the clock stands still."""
    return written(session.wire.now())
