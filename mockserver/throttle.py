"""Calls counted in fixed windows of the clock, one count for each quota."""

from collections.abc import Sequence
from dataclasses import dataclass

_SWEPT_AT = 4096
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Quota:
    """`limit` calls in each window of `seconds`, counted together for everything that shares `key`."""

    key: str
    limit: int
    seconds: int = 60


@dataclass(frozen=True, slots=True)
class Window:
    """The tightest quota after a call: what is left of it, when it turns, and whether the call was one too many."""

    quota: Quota
    remaining: int
    reset: int
    exhausted: bool


@dataclass(frozen=True, slots=True)
class Filling:
    """A window that has not turned: the calls counted in it, and when it turns, in seconds since 1970."""

    quota: Quota
    used: int
    reset: int


class Throttle:
    """The counts of one world. A call that is refused is not counted."""

    def __init__(self, counts: dict[str, tuple[int, int]] | None = None, quotas: dict[str, Quota] | None = None):
        self._counts: dict[str, tuple[int, int]] = counts if counts is not None else {}
        self._quotas: dict[str, Quota] = quotas if quotas is not None else {}
        self._sweep_at = _SWEPT_AT

    def take(self, quotas: Sequence[Quota], now: float) -> Window:
        """Count one call against every quota, unless one of them is used up. At least one quota."""
        used = [self._used(quota, now) for quota in quotas]
        if len(self._counts) >= self._sweep_at:
            self._sweep(now)
        exhausted = any(count >= quota.limit for quota, count in zip(quotas, used, strict=True))
        if not exhausted:
            for quota, count in zip(quotas, used, strict=True):
                self._counts[quota.key] = (int(now // quota.seconds), count + 1)
                self._quotas[quota.key] = quota
        left = [quota.limit - count - (not exhausted) for quota, count in zip(quotas, used, strict=True)]
        tightest = left.index(min(left))
        quota = quotas[tightest]
        reset = (int(now // quota.seconds) + 1) * quota.seconds
        return Window(quota, max(left[tightest], 0), reset, exhausted)

    def windows(self, now: float) -> list[Filling]:
        """Every window that calls were counted in and that has not turned, the fullest first."""
        used = ((quota, self._used(quota, now)) for quota in self._quotas.values())
        filling = [Filling(quota, count, (int(now // quota.seconds) + 1) * quota.seconds) for quota, count in used if count]
        return sorted(filling, key=lambda each: (-each.used / each.quota.limit, each.quota.key))

    def _sweep(self, now: float) -> None:
        """Forget the windows that have turned; a minute is the longest there is."""
        self._counts = {key: count for key, count in self._counts.items() if count[0] >= now // _LONGEST - 1}
        self._quotas = {key: quota for key, quota in self._quotas.items() if key in self._counts}
        self._sweep_at = max(_SWEPT_AT, 2 * len(self._counts))

    def _used(self, quota: Quota, now: float) -> int:
        window, count = self._counts.get(quota.key, (None, 0))
        return count if window == int(now // quota.seconds) else 0

    def fork(self) -> "Throttle":
        return Throttle(self._counts.copy(), self._quotas.copy())
