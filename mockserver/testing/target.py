"""What the bridges deliver calls to: the fake that is active in this process, if one is."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from mockserver.journal import Entry
from mockserver.message import Request, Response


class Target(Protocol):
    """A fake as the bridges see it."""

    def handle(self, request: Request) -> Response:
        """Answer a request at once; what is to go wrong on the way stands in the response."""
        ...

    def wait(self, seconds: float) -> None:
        """Let time go by: in process the clock moves instead."""
        ...


class Listener(Protocol):
    """Whoever wants to hear what fakes are asked."""

    def hear(self, entry: Entry) -> None:
        """A call was answered."""
        ...

    def hear_readings(self, readings: Mapping[str, str], touched: Iterable[str]) -> None:
        """A fake was closed whose calls depended on these readings."""
        ...


_active: list[Target] = []
listeners: "list[Listener]" = []
"""Who hears of every fake of this process: the report, if one is wanted."""


def active() -> Target | None:
    """The fake that is active, if one is: the last one activated."""
    return _active[-1] if _active else None


def activate(target: Target) -> None:
    """Have the vendors' hosts reach this fake, in every thread, until it is deactivated."""
    _active.append(target)


def deactivate(target: Target) -> None:
    """Have them reach what they reached before."""
    _active.remove(target)
