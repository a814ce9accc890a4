"""A run from its beginning to its end: look at the readings, run the checks, leave nothing behind, say what came of it."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from mockserver.check.asking import Asked, look_around
from mockserver.check.fresh import TARGET
from mockserver.check.law import Check, Effort
from mockserver.check.outcome import Outcome
from mockserver.check.result import Result
from mockserver.check.running import run_all
from mockserver.check.tapes.recording import Recording, kept
from mockserver.check.venue import Venue
from mockserver.clock import Clock, stopwatch

Watched = Callable[[Iterable[Outcome]], Iterable[Outcome]]
"""What passes outcomes on as they come, and shows them to somebody."""


def conducted(
    venue: Venue, asked: Asked, checks: Sequence[Check], effort: Effort, watched: Watched, record: Path | None = None
) -> Result:
    """Run checks at a venue, which is left whatever happens. Raises `Mistake` for a folder that cannot be recorded to."""
    began, elapsed = Clock().now(), stopwatch()
    target = asked.target or TARGET
    try:
        recording = None if record is None else Recording(record, venue, target, began)
        observations = look_around(venue, asked)
        ran = run_all(checks, venue if recording is None else recording.venue, effort)
        outcomes = list(watched(ran if recording is None else kept(ran, recording)))
    finally:
        venue.leave()
    return Result(
        target=target,
        run=venue.setting.run,
        began=began,
        seconds=elapsed(),
        seed=effort.seed,
        outcomes=outcomes,
        observations=observations,
        notes=venue.notes,
        readings=venue.judge.readings,
        sent=venue.sent,
        setting=venue.setting,
    )
