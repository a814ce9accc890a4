"""What came of a whole run of the kit, for every report to tell in its way."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mockserver.check.observation import Observation
from mockserver.check.outcome import Cell, Finding, Outcome
from mockserver.check.setting import Setting


@dataclass(frozen=True, slots=True)
class Result:
    """`target` is a URL or says that it is a fresh fake; `run` begins the names of what was made; `began` is in seconds since
    1970; `known` are the identities of findings that a baseline accepts, `gone` those of it that were not found; `readings` are
    what the target was taken to follow, `setting` is whom the checks played; `options` are those of the command line that make
    a difference to what is found; `sent` is how many calls reached the target, where that was counted.
    """

    target: str
    run: str
    began: float
    seconds: float
    seed: int
    outcomes: Sequence[Outcome]
    observations: Sequence[Observation] = ()
    known: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()
    notes: Sequence[str] = field(default_factory=tuple)
    readings: Mapping[str, str] = field(default_factory=dict)
    options: Sequence[str] = ()
    sent: int | None = None
    setting: Setting = field(default_factory=Setting)

    @property
    def findings(self) -> list[Finding]:
        """What no baseline accepts."""
        return [each for each in self.every_finding if each.identity not in self.known]

    @property
    def every_finding(self) -> list[Finding]:
        """All of them."""
        return [outcome.finding for outcome in self.outcomes if outcome.finding is not None]

    @property
    def calls(self) -> int:
        """How many calls were made, those that looked at the readings included where they were counted."""
        return sum(outcome.calls for outcome in self.outcomes) if self.sent is None else self.sent

    @property
    def exit_code(self) -> int:
        """0 if all is as it should be, 1 if something was found, 2 if nothing was checked or something not to its end."""
        if self.findings or any(observation.contradicted for observation in self.observations):
            return 1
        verdicts = {outcome.verdict for outcome in self.outcomes}
        return 2 if "broke off" in verdicts or not verdicts & {"passed", "failed"} else 0

    @property
    def matrix(self) -> dict[Cell, Counter[str]]:
        """How often each layer called each operation in each version."""
        cells: dict[Cell, Counter[str]] = {}
        for outcome in self.outcomes:
            for cell, calls in outcome.cells.items():
                cells.setdefault(cell, Counter())[outcome.check.layer] += calls
        return cells
