"""How laws are stated, and what those of segments, contact lists, audiences, sizes and pages need of a target."""

from collections.abc import Callable, Iterable

from mockserver.check.law import Check, Way, once
from mockserver.check.session import Session
from mockserver.evidence import Evidence

READS = frozenset({"main", "account"})
WRITES = READS | {"writes", "retailers"}
TIMES = WRITES | {"clock"}
MEETS = WRITES | {"stranger", "stranger_account", "stranger_retailer"}
"""What a law needs that brings in somebody of another account."""


def law(name: str, statement: str, evidence: Evidence, run: Way, *operations: str, needs: frozenset[str] = WRITES) -> Check:
    """A check of the layer of laws."""
    return Check(f"laws/{name}", "laws", statement, evidence, run, operations, needs)


def claim(
    name: str,
    statement: str,
    evidence: Evidence,
    attempt: Callable[[Session], None],
    operations: tuple[str, ...] = (),
    needs: Iterable[str] = (),
) -> Check:
    """A law that is shown in one attempt; what it needs is what it says."""
    return law(name, statement, evidence, once(attempt), *operations, needs=frozenset(needs))
