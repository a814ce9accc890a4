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
from mockserver.mistake import Mistake, unknown
from mockserver.providers import PROVIDERS

_CALLS = 8


def effects() -> SearchStrategy[Effect]:
    """Anything that can go wrong with a call, the plainest first."""
    return st.one_of(
        st.sampled_from([Status(503), Status(500), Status(502), Status(504)]),
        st.builds(Throttled, reset=st.sampled_from([1, 30, 60])),
        st.just(Lost()),
        st.sampled_from([Cut("before"), Cut("in"), Cut("after")]),
        st.just(Revoked()),
        st.builds(Delay, seconds=st.sampled_from([1, 10, 60, 600])),
        st.sampled_from([Truncated(), Malformed(), Html(), MediaType()]),
        st.builds(Drip, seconds=st.sampled_from([10, 600])),
    )


def faults(
    operations: Iterable[str] | None = None, *, of: SearchStrategy[Effect] | None = None, calls: int = _CALLS
) -> SearchStrategy[Fault]:
    """A fault that strikes one of the first `calls` calls: of one of these operations, or of any. Raises `Mistake`.

    `of` draws what goes wrong, if it is not to be anything.
    """
    known = [id for provider in PROVIDERS for id in provider.handlers]
    aimed: list[str | None] = [None] if operations is None else list(operations)
    for operation in aimed:
        if operation is not None and operation not in known:
            raise unknown("operation", operation, known)
    if not aimed:
        raise Mistake("faults are aimed at one operation at least, or, if none is named, at any")
    return st.builds(Fault, effect=of or effects(), operation=st.sampled_from(aimed), nth=st.integers(1, calls))


def fault_plans(
    operations: Iterable[str] | None = None,
    *,
    of: SearchStrategy[Effect] | None = None,
    calls: int = _CALLS,
    most: int = 3,
) -> SearchStrategy[list[Fault]]:
    """Up to `most` faults, none of them first: a client that fails without any is not worth a plan. Raises `Mistake`."""
    return st.lists(faults(operations, of=of, calls=calls), max_size=most)
