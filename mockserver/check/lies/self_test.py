"""The kit tested on itself: no alarm at the truth, and every lie caught that is not known to survive."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing import get_context

from mockserver.check.lies.lie import Lie, catalogue, lie_named
from mockserver.check.lies.trial import Court, Verdict
from mockserver.check.suite import SUITE
from mockserver.clock import stopwatch

SEEDS = 20
ENOUGH = 0.95
"""The share of lies that has to be caught."""


@dataclass(frozen=True, slots=True)
class SelfTest:
    """`alarms` are what checks found in the truth, by the seed; `verdicts` what became of each lie."""

    lies: Sequence[Lie]
    seeds: int
    alarms: Sequence[str] = ()
    verdicts: Sequence[Verdict] = ()
    seconds: float = 0.0
    _by_name: dict[str, Verdict] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._by_name.update({verdict.lie: verdict for verdict in self.verdicts})

    def verdict(self, lie: Lie) -> Verdict:
        """What became of a lie."""
        return self._by_name[lie.name]

    @property
    def caught(self) -> Sequence[Lie]:
        """The lies that a check caught."""
        return [lie for lie in self.lies if self.verdict(lie).caught_by]

    @property
    def survivors(self) -> Sequence[Lie]:
        """The lies that none did."""
        return [lie for lie in self.lies if not self.verdict(lie).caught_by]

    @property
    def share(self) -> float:
        """How many of the lies were caught, 0 to 1."""
        return len(self.caught) / len(self.lies)

    @property
    def faults(self) -> Sequence[str]:
        """Why the kit is not as good as it says; nothing if it is."""
        unknown = [f"{lie.name} survives, and nobody says why" for lie in self.survivors if not lie.survives]
        stale = [f"{lie.name} is said to survive and is caught" for lie in self.caught if lie.survives]
        few = [f"{self.share:.1%} of the lies are caught, not {ENOUGH:.0%}"] if self.share < ENOUGH else []
        return [*self.alarms, *unknown, *stale, *few]


Told = Callable[[str], None]


def self_tested(names: Sequence[str] = (), *, seeds: int = SEEDS, workers: int = 2, told: Told = print) -> SelfTest:
    """Try these lies, or all, and the truth with so many seeds. `told` is given a line for each. Raises `Mistake`."""
    lies = [lie_named(name) for name in names] or list(catalogue())
    elapsed = stopwatch()
    with get_context("spawn").Pool(workers, _begin) as pool:
        alarms = list(_told(pool.imap_unordered(_alarms, range(seeds)), told))
        verdicts = []
        for verdict in pool.imap_unordered(_tried, lies):
            verdicts.append(verdict)
            told(f"{len(verdicts):>4} of {len(lies)}  {verdict.lie}: {verdict.caught_by or 'survives'}")
    return SelfTest(lies, seeds, [each for some in alarms for each in some], verdicts, elapsed())


def _told(alarms: Iterator[tuple[int, list[str]]], told: Told) -> Iterator[list[str]]:
    for seed, some in alarms:
        told(f"the truth, seed {seed}: {'; '.join(some) or 'no alarm'}")
        yield some


_COURT: list[Court] = []
"""The court of this process, which is a worker's."""


def _begin() -> None:
    _COURT[:] = [Court(SUITE)]


def _alarms(seed: int) -> tuple[int, list[str]]:
    found = _COURT[0].alarms(seed)
    return seed, [
        f"seed {seed}: {each.check.name}: {each.finding.expectation if each.finding else each.reason}" for each in found
    ]


def _tried(lie: Lie) -> Verdict:
    return _COURT[0].tried(lie)
