"""How the laws of segments, contact lists, audiences, sizes and pages are stated, and what they need of a target."""

from mockserver.check.law import Check, Run
from mockserver.evidence import Evidence

READS = frozenset({"main", "account"})
WRITES = READS | {"writes", "retailers"}
TIMES = WRITES | {"clock"}
MEETS = WRITES | {"stranger", "stranger_account", "stranger_retailer"}
"""What a law needs that brings in somebody of another account."""


def law(name: str, statement: str, evidence: Evidence, run: Run, *operations: str, needs: frozenset[str] = WRITES) -> Check:
    """A check of the layer of laws."""
    return Check(f"laws/{name}", "laws", statement, evidence, run, operations, needs)
