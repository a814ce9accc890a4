"""Being told to stop: SIGTERM ends a run as Ctrl-C does, so that it cleans up."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def stoppable() -> Iterator[None]:
    """Have SIGTERM raise `KeyboardInterrupt`, which Hypothesis lets through at once. For the main thread only."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
