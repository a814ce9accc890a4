"""Sleeping that takes no time: while it is in force, whoever sleeps moves a clock."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch


@contextmanager
def sleeping(wait: Callable[[float], None]) -> Iterator[None]:
    """Have `time.sleep` and `asyncio.sleep` call `wait` with their seconds, in the whole process."""
    yield_to_others = asyncio.sleep

    async def sleep(delay: float, result: Any = None) -> Any:
        if delay > 0:
            wait(delay)
        await yield_to_others(0)
        return result

    with patch.object(time, "sleep", wait), patch.object(asyncio, "sleep", sleep):
        yield
