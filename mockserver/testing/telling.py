"""The last calls of a failing test and why they were refused, as text."""

from collections.abc import Iterator
from typing import Any

from mockserver.testing.fake import Fake
from mockserver.why import entry_line

MANY = 10
_MOST = 3


def told_calls(fake: Fake, many: int = MANY) -> str:
    """The latest calls, a line each; under each that met objections its rules with their evidence, and what would be taken."""
    journal = fake.world.journal
    shown = list(journal.last(many))
    earlier = journal.count - len(shown)
    lines = [f"{earlier} earlier calls, of which {journal.evicted} are not in the journal any more"] if earlier else []
    told: dict[tuple[str, ...], int] = {}
    for entry in shown:
        lines.append(entry_line(entry))
        if entry.objections or entry.faults:
            reasons = tuple(_reasons(fake.journal.why(entry.number)))
            first = told.setdefault(reasons, entry.number)
            lines += [f"    {line}" for line in (reasons if first == entry.number else [f"as #{first}"])]
    return "\n".join(lines) or "no call was made"


def _reasons(why: dict[str, Any]) -> Iterator[str]:
    for fault in why["faults"]:
        yield f"a fault of yours: {fault}"
    for each in why["objections"][:3]:
        evidence = each["evidence"]
        place = f" at {each['pointer']}" if each["pointer"] else ""
        yield f"{each['rule']}{place}: {each['says']}" + (f" ({each['detail']})" if each["detail"] else "")
        yield f"  evidence: {evidence['kind']}: {evidence['source']}"
        if "looked at" in each:
            yield f"  looked at: {each['looked at']}"
    nearest = why.get("nearest")
    if nearest and nearest.get("changes"):
        changes = nearest["changes"]
        more = [f"and {len(changes) - _MOST} more"] if len(changes) > _MOST else []
        yield f"would be taken ({nearest['answers']}): " + "; ".join([*changes[:_MOST], *more])
