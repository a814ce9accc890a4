"""What was called since the server began, in all worlds together: how often, with which answer, how quickly."""

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import NamedTuple

from mockserver.journal import Entry

BOUNDS = (0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 1.0)
"""Seconds: a call is counted under the first that it does not exceed, or beyond the last."""


class Counted(NamedTuple):
    """What calls are counted by; `operation` is empty for a path that leads nowhere, `version` where there is none."""

    provider: str
    operation: str
    version: str
    status: int


@dataclass(slots=True)
class Timing:
    """How many calls, the seconds they took together, and how many under each of `BOUNDS` and beyond."""

    count: int = 0
    seconds: float = 0.0
    buckets: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))


@dataclass(slots=True)
class Tally:
    """Counts that only grow, whatever worlds come and go."""

    calls: dict[Counted, Timing] = field(default_factory=dict)

    def count(self, entry: Entry, seconds: float) -> None:
        """Count a call that took so long inside."""
        operation = entry.operation
        id, version = (operation.id, operation.dated or "") if operation else ("", "")
        counted = (entry.provider, id, version, entry.response.status)
        timing = self.calls.get(counted)  # type: ignore[call-overload]  # a plain tuple is equal, and made sooner
        if timing is None:
            timing = self.calls[Counted(*counted)] = Timing()
        timing.count += 1
        timing.seconds += seconds
        timing.buckets[bisect_left(BOUNDS, seconds)] += 1

    @property
    def total(self) -> int:
        """Every call there was."""
        return sum(timing.count for timing in self.calls.values())
