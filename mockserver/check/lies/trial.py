"""A lie on trial: the checks are run against the copy that tells it, until one catches it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mockserver.check.judging import Judge
from mockserver.check.law import Check, Effort
from mockserver.check.lies.copies import Copies
from mockserver.check.lies.lie import TRUTH, Lie
from mockserver.check.outcome import Outcome
from mockserver.check.running import run_one
from mockserver.check.setting import DEMO
from mockserver.check.venue import Fresh
from mockserver.clock import stopwatch

_UNHURRIED = Effort(shrink=False)
_THEMES: Mapping[str, tuple[str, ...]] = {
    "throttling": ("throttl", "limit", "count", "calls"),
    "versions": ("version",),
    "identity": ("identity", "header", "token"),
    "permissions": ("permission", "reader", "stranger"),
    "permissions in the contract": ("permission", "reader"),
    "http": ("http", "media", "json"),
    "envelope": ("problem", "refus", "traced", "envelope"),
    "realtime rows": ("realtime", "report"),
    "shoplive": ("shoplive", "campaign"),
}
"""Words in the names of the checks that are likely to catch a lie of a class: those are tried first."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What caught a lie: the name of a check and what it expected, or nothing. `seconds` is the time that it took."""

    lie: str
    caught_by: str
    expectation: str
    seconds: float


class Court:
    """The copies and the checks of one process."""

    def __init__(self, checks: Sequence[Check]):
        self._copies = Copies()
        self._checks = checks

    def venue(self, lie: Lie) -> Fresh:
        """Where the copy that tells a lie is checked, judged as the truth would be."""
        engine = self._copies.engine(lie)
        return Fresh(engine, DEMO, Judge(engine.world.readings.chosen))

    def alarms(self, seed: int) -> Sequence[Outcome]:
        """What the checks find in a copy that tells the truth, with a seed: false alarms all.

        Examples and coverage leave nothing to chance, so the first seed is enough for them; the others try half as much.
        """
        venue, effort = self.venue(TRUTH), Effort(share=1.0 if seed == 0 else 0.5, seed=seed, shrink=False)
        checks = [check for check in self._checks if seed == 0 or check.layer in ("laws", "fuzz")]
        outcomes = [run_one(check, venue, effort) for check in checks]
        return [outcome for outcome in outcomes if outcome.verdict != "passed"]

    def tried(self, lie: Lie) -> Verdict:
        """What catches a lie."""
        elapsed = stopwatch()
        venue = self.venue(lie)
        for check in self._in_order(lie):
            outcome = run_one(check, venue, _UNHURRIED)
            if outcome.finding is not None:
                return Verdict(lie.name, check.name, str(outcome.finding.expectation), elapsed())
            if outcome.verdict == "broke off":
                return Verdict(lie.name, check.name, outcome.reason, elapsed())
        return Verdict(lie.name, "", "", elapsed())

    def _in_order(self, lie: Lie) -> Sequence[Check]:
        """Those about the operations of the lie first, one attempt before many, few operations before many."""
        shown_by, words = set(lie.shown_by), _THEMES.get(lie.rules, ("",))

        def rank(check: Check) -> tuple[bool, bool, int, int]:
            elsewhere = bool(shown_by) and not shown_by & set(check.operations)
            aside = not any(word in check.name for word in words)
            return aside, elsewhere, check.run.toil, len(check.operations)

        return sorted(self._checks, key=rank)
