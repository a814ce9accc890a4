"""What carries a check's requests to whoever answers them, and what else it can do there."""

from typing import Protocol

from mockserver.clock import Clock
from mockserver.engine import Engine
from mockserver.message import Request, Response


class Unreachable(Exception):  # noqa: N818 - it is an outcome
    """The target gave no answer that can be judged: it is down, slow, or speaks no HTTP. The message says which."""


class Wire(Protocol):
    """A way to one world of a target.

    `abilities` are of `writes` (what is made may be made here), `clock` (it can be moved), `fresh` (the world is this
    session's own and as it began), `exhaust` (its limits may be used up).
    """

    abilities: frozenset[str]

    def send(self, request: Request) -> Response:
        """The answer to a request. Raises `Unreachable`."""
        ...

    def now(self) -> float:
        """Seconds since 1970, as the target's clock shows."""
        ...

    def advance(self, seconds: float) -> None:
        """Move the target's clock, which needs the ability `clock`."""
        ...

    def close(self) -> None:
        """Give back what it took."""
        ...


EVERYTHING = frozenset({"writes", "clock", "fresh", "exhaust"})


class InProcess:
    """Straight into an engine that is nobody else's."""

    abilities = EVERYTHING

    def __init__(self, engine: Engine):
        self.engine = engine

    def send(self, request: Request) -> Response:
        """The engine's answer."""
        return self.engine.handle_aside(request)

    @property
    def _clock(self) -> Clock:
        return self.engine.world.clock

    def now(self) -> float:
        """What the world's clock shows."""
        return self._clock.now()

    def advance(self, seconds: float) -> None:
        """Move the world's clock."""
        self._clock.advance(seconds)

    def close(self) -> None:
        """Nothing was taken."""
