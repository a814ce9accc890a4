"""A law that is shown in one attempt, put as a check."""

from collections.abc import Callable, Iterable

from mockserver.check.law import Check, once
from mockserver.check.session import Session
from mockserver.evidence import Evidence


def claim(
    name: str,
    statement: str,
    evidence: Evidence,
    attempt: Callable[[Session], None],
    operations: tuple[str, ...] = (),
    needs: Iterable[str] = (),
) -> Check:
    """The check that `attempt` makes in a session of its own."""
    return Check(f"laws/{name}", "laws", statement, evidence, once(attempt), operations, frozenset(needs))
