"""How long a client goes on trying."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from audiences.troubles import GaveUp, Throttled, Trouble

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Patience:
    """Tries so often, and waits in between: until the window of calls turns, or a second, two, four and so on.

    `now` tells the seconds since 1970 and `sleep` lets some go by, so that tests need not wait for either.
    """

    tries: int = 6
    longest: float = 60
    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep

    def until_answered(self, attempt: Callable[[], Answer], *, repeatable: bool = True) -> Answer:
        """The answer of the first attempt that has one.

        What is not `repeatable` is not tried again once it may have been done: then its `Trouble` is raised as it is.
        Raises `GaveUp` after the last try.
        """
        tried = 0
        while True:
            tried += 1
            try:
                return attempt()
            except Trouble as trouble:
                if trouble.perhaps_done and not repeatable:
                    raise
                if tried >= self.tries:
                    raise GaveUp(f"gave up after {tried} tries: {trouble}") from trouble
                pause = self.pause(trouble, tried)
            self.sleep(pause)

    def pause(self, trouble: Trouble, tried: int) -> float:
        """How many seconds to wait after so many tries."""
        if trouble.at_once:
            return 0
        backoff = min(2.0 ** (tried - 1), self.longest)
        if isinstance(trouble, Throttled) and trouble.reset is not None:
            return max(trouble.reset - self.now(), backoff)
        return backoff
