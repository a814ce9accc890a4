"""Keeping under a target's limit of calls, by what its headers say of it."""

from collections.abc import Callable
from typing import Protocol

from mockserver.check.target.budget import Budget
from mockserver.message import Request, Response

_MINUTE = 60.0
_LONGEST = 120.0
_FEW = 5
"""How many calls are left to others when we wait: the limit may be shared."""
_ROUNDED = 1.0
"""Seconds by which a Date header may be late: it has whole ones."""


class Line(Protocol):
    """What carries a request, and knows what the target's clock shows."""

    def send(self, request: Request) -> Response:
        """The answer to a request. Raises `Unreachable`."""
        ...

    def now(self) -> float:
        """Seconds since 1970."""
        ...

    def close(self) -> None:
        """End the connection."""
        ...


class Pace:
    """Counts each call, and waits before one that would be too many; `sleep` is how, in seconds."""

    def __init__(self, line: Line, budget: Budget, sleep: Callable[[float], None]):
        self.line = line
        self.budget = budget
        self._sleep = sleep
        self._turns: float | None = None

    def send(self, request: Request, *, patient: bool = True, cleaning: bool = False) -> Response:
        """The answer to a request, asked again once if it was one too many. Without patience, at once and whatever it is.

        Raises `Unreachable` and `BudgetSpent`.
        """
        if patient and self._turns is not None:
            self._wait()
        response = self._sent(request, cleaning)
        if response.status == 429 and patient:
            self._turns = self._turning(response)
            self._wait()
            response = self._sent(request, cleaning)
        return response

    def _sent(self, request: Request, cleaning: bool) -> Response:
        self.budget.take(cleaning=cleaning)
        response = self.line.send(request)
        left = _number(response, "x-ratelimit-remaining")
        if left is not None:
            few = min(_FEW, (_number(response, "x-ratelimit-limit") or 10 * _FEW) // 10)
            self._turns = self._turning(response) if left <= few else None
        return response

    def _turning(self, response: Response) -> float:
        """When calls are allowed again, on the target's clock; a header that cannot be meant so counts for a minute."""
        now = self.line.now()
        said = _number(response, "x-ratelimit-reset")
        after = _number(response, "retry-after") if said is None else said - now
        if said is not None and said <= _LONGEST:
            after = said  # some say in how many seconds, not when
        return now + (max(after, 0.0) if after is not None and abs(after) <= _LONGEST else _MINUTE)

    def _wait(self) -> None:
        turns, self._turns = self._turns, None
        seconds = (turns or 0.0) - self.line.now()
        if seconds > -_ROUNDED:
            self._sleep(max(seconds, 0.0) + _ROUNDED)


def _number(response: Response, header: str) -> int | None:
    said = response.header(header) or ""
    return int(said) if said.isascii() and said.isdigit() and len(said) < 15 else None
