"""What came of a check."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from mockserver.check.expectation import Expectation
from mockserver.check.law import Check
from mockserver.check.session import Exchange
from mockserver.fingerprint import hex_fingerprint

Cell = tuple[str, str]
"""An operation and a version."""


@dataclass(frozen=True, slots=True)
class Finding:
    """An expectation that broke, why it was had, and the fewest exchanges that break it."""

    check: Check
    expectation: Expectation
    why: str
    exchanges: Sequence[Exchange]

    @property
    def identity(self) -> str:
        """What it is known by from run to run: the check, and the kind of thing expected where, whatever the values."""
        place = "/".join("*" if step.isdigit() else step for step in self.expectation.pointer.split("/"))
        last = self.exchanges[self.expectation.exchange] if self.exchanges else None
        said = f"{self.check.name} {last.operation if last else ''} {place} {self.expectation.relation}"
        return hex_fingerprint(0, said)[:12]


@dataclass(frozen=True, slots=True)
class Outcome:
    """`verdict` is `passed`, `failed`, `skipped` or `broke off`; `reason` says why it was skipped or broke off.

    `cells` counts the calls by operation and version, `seconds` is the time it took.
    """

    check: Check
    verdict: str
    seconds: float = 0.0
    cells: Counter[Cell] = field(default_factory=Counter)
    finding: Finding | None = None
    reason: str = ""

    @property
    def calls(self) -> int:
        """How many calls it made."""
        return sum(self.cells.values())
