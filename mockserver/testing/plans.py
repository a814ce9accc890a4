"""Plans of what goes wrong, for Hypothesis to draw over a client and to shrink to the smallest that breaks it."""

from collections.abc import Iterable

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from mockserver.effects import (
    Cut,
    Delay,
    Drip,
    Effect,
    Html,
    Lost,
    Malformed,
    MediaType,
    Revoked,
    Status,
    Throttled,
    Truncated,
)
from mockserver.faults import Fault
from mockserver.mistake import Mistake
from mockserver.provider import check_named
from mockserver.providers import PROVIDERS

_CALLS = 8


def effects() -> SearchStrategy[Effect]:
    """Anything that can go wrong with a call, the plainest first: one choice each, so that it shrinks to the plainest."""
    return st.sampled_from(
        [
            *(Status(status) for status in (503, 500, 502, 504)),
            *(Throttled(reset=seconds) for seconds in (1, 30, 60)),
            Lost(),
            *(Cut(where) for where in ("before", "in", "after")),
            Revoked(),
            *(Delay(seconds=seconds) for seconds in (1, 10, 60, 600)),
            Truncated(),
            Malformed(),
            Html(),
            MediaType(),
            *(Drip(seconds=seconds) for seconds in (10, 600)),
        ]
    )


def faults(
    operations: Iterable[str] | None = None, *, of: SearchStrategy[Effect] | None = None, calls: int = _CALLS
) -> SearchStrategy[Fault]:
    """A fault that strikes one of the first `calls` calls: of one of these operations, or of any. Raises `Mistake`.

    `of` draws what goes wrong, if it is not to be anything. Name the operations if you can: then a client that tries one
    call again does not move the fault from another, and plans shrink further.
    """
    if type(calls) is not int or calls < 1:
        raise Mistake(f"'calls' is a whole number of 1 or more, not {calls!r}")
    return st.builds(Fault, effect=_drawn(of), operation=_aims(operations), nth=st.integers(1, calls))


def outages(
    operations: Iterable[str] | None = None, *, of: SearchStrategy[Effect] | None = None, seconds: float = 86_400
) -> SearchStrategy[Fault]:
    """A fault that strikes every call for so many seconds of the clock: does the client ever give up? Raises `Mistake`."""
    return st.builds(Fault, effect=_drawn(of), operation=_aims(operations), lasting=st.just(seconds))


def fault_plans(
    operations: Iterable[str] | None = None,
    *,
    of: SearchStrategy[Effect] | None = None,
    calls: int = _CALLS,
    most: int = 3,
) -> SearchStrategy[list[Fault]]:
    """Up to `most` faults, none of them first: a client that fails without any is not worth a plan. Raises `Mistake`."""
    if type(most) is not int or most < 0:
        raise Mistake(f"'most' is a whole number of 0 or more, not {most!r}")
    return st.lists(faults(operations, of=of, calls=calls), max_size=most)


def _drawn(of: SearchStrategy[Effect] | None) -> SearchStrategy[Effect]:
    if not isinstance(of, SearchStrategy | None):
        raise Mistake(f"'of' is a strategy that draws effects, not {of!r}")
    return of or effects()


def _aims(operations: Iterable[str] | None) -> SearchStrategy[str | None]:
    if isinstance(operations, str):
        raise Mistake(f"operations are a list, as in [{operations!r}]")
    aims: list[str | None] = [None] if operations is None else list(operations)
    for operation in aims:
        check_named(PROVIDERS, operation)
    if not aims:
        raise Mistake("faults are aimed at one operation at least, or, if none is named, at any")
    return st.sampled_from(aims)
