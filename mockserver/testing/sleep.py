"""Sleeping that takes no time: while it is in force, whoever sleeps moves a clock, and the time of day is what it shows."""

import asyncio
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import ModuleType
from typing import Any, Protocol
from unittest.mock import patch

_RUNNERS = frozenset({"mockserver", "pytest", "_pytest", "xdist", "execnet", "hypothesis", "None"})


class Sleeper(Protocol):
    """What moves a clock and tells it; seconds, since 1970."""

    def wait(self, seconds: float) -> None:
        """Let time go by."""
        ...

    def now(self) -> float:
        """What the clock shows."""
        ...


@contextmanager
def sleeping(sleeper: Sleeper) -> Iterator[None]:
    """Have `time.sleep` and `asyncio.sleep` move a clock and `time.time` tell it, in the whole process.

    Threads that ran already go on sleeping as ever. Modules that imported the functions by name are reached too; defaults of
    functions that were bound to them before are not.
    """
    yield_to_others, really_sleep = asyncio.sleep, time.sleep
    before = {thread.ident for thread in threading.enumerate()} - {threading.get_ident()}

    def wait(seconds: float) -> None:
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        if threading.get_ident() in before:
            really_sleep(seconds)
        else:
            sleeper.wait(seconds)

    async def sleep(delay: float, result: Any = None) -> Any:
        if delay > 0:
            sleeper.wait(delay)
        await yield_to_others(0)
        return result

    replaced: dict[str, dict[Any, Any]] = {
        "sleep": {time.sleep: wait, asyncio.sleep: sleep},
        "time": {time.time: sleeper.now},
    }
    with ExitStack() as stack:
        for module, name, original in list(_holders(replaced)):
            stack.enter_context(patch.object(module, name, replaced[name][original]))
        yield


def _holders(replaced: dict[str, dict[Any, Any]]) -> Iterator[tuple[ModuleType, str, Any]]:
    """Every module that knows one of these functions by its name, but those that run the tests."""
    for module in list(sys.modules.values()):
        members = getattr(module, "__dict__", {})
        if str(members.get("__name__")).partition(".")[0] not in _RUNNERS:
            for name, originals in replaced.items():
                held = members.get(name)
                if callable(held) and held in originals:
                    yield module, name, held
