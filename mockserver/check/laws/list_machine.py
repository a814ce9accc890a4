"""Contact lists filled, emptied and counted in whatever order, every answer held against sets."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from mockserver.check.law import Machine, staged
from mockserver.check.laws.contact_lists import AMEND, CLEAR, COUNT
from mockserver.check.laws.identifiers_model import KINDS, spellings
from mockserver.check.laws.list_life import ListLife
from mockserver.check.laws.stating import law
from mockserver.evidence import inferred

_POOL = {name: (*(each for one in kind.valid for each in spellings(kind, one)), *kind.invalid) for name, kind in KINDS.items()}
_PICKS = st.lists(st.integers(0, 60), max_size=14)
_WHICH = st.integers(0, 2)


class ListMachine(Machine):
    """Two lists of one type, which may hold the same, and one of another."""

    def begin(self) -> None:
        """All are empty."""
        self.kinds = ("Email", "Email", "CustomerId")
        self.lives = [ListLife.of(self.session, kind) for kind in self.kinds]
        self.lives[1].matches = self.lives[0].matches

    @rule(which=_WHICH, picks=_PICKS)
    def add(self, which: int, picks: list[int]) -> None:
        """Add some, valid or not, there or not."""
        self.lives[which].add(*self.picked(which, picks))
        self.lives[which].count()

    @rule(which=_WHICH, picks=_PICKS)
    def remove(self, which: int, picks: list[int]) -> None:
        """Remove some, valid or not, there or not."""
        self.lives[which].remove(*self.picked(which, picks))
        self.lives[which].count()

    @rule(which=_WHICH)
    def clear(self, which: int) -> None:
        """Remove all."""
        self.lives[which].clear()
        self.lives[which].count()

    @rule(which=_WHICH)
    def again(self, which: int) -> None:
        """Add what is there already."""
        self.lives[which].add(*sorted(self.lives[which].held))
        self.lives[which].count()

    @rule(which=_WHICH)
    def count(self, which: int) -> None:
        """Count one."""
        self.lives[which].count()

    @rule(which=_WHICH)
    def rename(self, which: int) -> None:
        """Rename the segment of one, which is nothing to what it holds."""
        self.session.update({"id": self.lives[which].id, "attributes": {"name": self.session.name()}}).refuses()

    def picked(self, which: int, picks: list[int]) -> list[str]:
        """The identifiers of these numbers."""
        pool = _POOL[self.kinds[which]]
        return [pool[each % len(pool)] for each in picks]


CHECKS = (
    law(
        "contact-lists",
        "Whatever is added, removed and cleared in whatever order, a list counts what a set would hold.",
        inferred("numberOfIdentifiers counts users"),
        staged(ListMachine, 40, 25),
        AMEND,
        CLEAR,
        COUNT,
    ),
)
