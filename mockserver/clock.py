"""The one clock of a world: token expiry, rate windows, computations and sunsets all read it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from math import modf
from time import monotonic
from time import time as real_time

from mockserver.mistake import Mistake

_FIRST = datetime(1970, 1, 2, tzinfo=UTC).timestamp()
_LAST = datetime(9990, 1, 1, tzinfo=UTC).timestamp()


Moment = float | str | datetime
"""Seconds since 1970, an ISO 8601 time, or a `datetime`; UTC where it does not say otherwise."""


class Clock:
    """Runs with real time, shifted or not, or stands still at a moment. Seconds since 1970, UTC."""

    def __init__(self, frozen_at: float | None = None):
        self._shift = 0.0
        self._frozen_at = None if frozen_at is None else within(frozen_at)

    def now(self) -> float:
        """Seconds since 1970."""
        return real_time() + self._shift if self._frozen_at is None else self._frozen_at

    @property
    def frozen(self) -> bool:
        """Whether it stands still."""
        return self._frozen_at is not None

    @property
    def time(self) -> datetime:
        """What it shows, in UTC."""
        return datetime.fromtimestamp(self.now(), UTC)

    def freeze(self, at: Moment | None = None) -> None:
        """Stand still, now or at the moment given."""
        self._frozen_at = within(self.now() if at is None else moment(at))

    def advance(self, by: float | timedelta = 0.0, **units: float) -> None:
        """Go forward by seconds, a `timedelta` or its units, as in `hours=3`; a clock that stands still does so again."""
        seconds = (by.total_seconds() if isinstance(by, timedelta) else by) + (
            timedelta(**units).total_seconds() if units else 0
        )
        if not seconds >= 0:
            raise Mistake(f"a clock advances by 0 seconds or more, not {seconds}; to go back, set another time")
        self.set(self.now() + seconds)

    def set(self, at: Moment) -> None:
        """Show another time from now on, running or standing as before."""
        if self._frozen_at is None:
            self._shift = within(moment(at)) - real_time()
        else:
            self._frozen_at = within(moment(at))

    def resume(self) -> None:
        """Run on from the time it shows."""
        if self._frozen_at is not None:
            self._shift, self._frozen_at = self._frozen_at - real_time(), None

    def fork(self) -> "Clock":
        """A clock that shows the same time and goes its own way."""
        twin = Clock(self._frozen_at)
        twin._shift = self._shift
        return twin


def within(seconds: float) -> float:
    """The moment, if a clock can show it. Raises `Mistake`."""
    if not _FIRST <= seconds <= _LAST:
        raise Mistake(f"a clock shows years 1970 to 9989, not {seconds} seconds since 1970")
    return seconds


def moment(said: Moment) -> float:
    """Seconds since 1970. Raises `Mistake`."""
    if isinstance(said, str):
        return parse_moment(said)
    return (said if said.tzinfo else said.replace(tzinfo=UTC)).timestamp() if isinstance(said, datetime) else said


def parse_moment(text: str) -> float:
    """Seconds since 1970 of an ISO 8601 time; a time without offset is UTC. Raises `Mistake`."""
    try:
        return moment(datetime.fromisoformat(text))
    except (TypeError, ValueError, OverflowError):
        raise Mistake(f"a time is written like 2026-01-15T10:00:00Z, not {text!r}") from None


def written(moment: float) -> str:
    """`2026-01-15T10:00:00.000Z`: the form every client of the vendors' reads."""
    fraction, second = modf(moment)
    micros = round(fraction * 1e6)  # as `datetime` rounds, which may be up to a whole second
    return f"{_written_second(second + micros // 1_000_000)}.{micros % 1_000_000 // 1000:03d}Z"


@lru_cache(maxsize=64)
def _written_second(moment: float) -> str:
    """`2026-01-15T10:00:00`; the calls of a second share it."""
    return datetime.fromtimestamp(moment, UTC).isoformat()[:19]


def stopwatch() -> Callable[[], float]:
    """A function that tells the real seconds since now."""
    started = monotonic()
    return lambda: monotonic() - started
