"""Everything a provider claims about the real API, each claim with its evidence."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from mockserver.evidence import Evidence, Rule
from mockserver.problem import Problem
from mockserver.provider import Provider

UNSETTLED = frozenset({"inferred", "assumed"})


@dataclass(frozen=True, slots=True)
class Claim:
    """`place` is the module and constant that holds it; `sort` is `rule`, `problem` or `reading`."""

    provider: str
    sort: str
    name: str
    statement: str
    evidence: Evidence
    place: str


def claims(provider: Provider[Any]) -> Iterator[Claim]:
    """Every rule, problem and alternative reading of a provider."""
    told: set[int] = set()
    for module in provider.modules:
        for name, held in vars(module).items():
            for thing in held if isinstance(held, tuple) else (held,):
                if isinstance(thing, Rule | Problem) and id(thing) not in told:  # other modules may import it too
                    told.add(id(thing))
                    yield _claim(provider.name, thing, f"{module.__name__}.{name}")
    for reading in provider.readings:
        for alternative, evidence in reading.alternatives.items():
            name = f"{reading.name}={alternative}"
            yield Claim(provider.name, "reading", name, reading.question, evidence, f"reading {reading.name}")


def _claim(provider: str, thing: Rule | Problem, place: str) -> Claim:
    if isinstance(thing, Rule):
        return Claim(provider, "rule", thing.name, thing.statement, thing.evidence, place)
    statement = f"{thing.status} {thing.type}/{thing.code}: {thing.title}"
    return Claim(provider, "problem", thing.code, statement, thing.evidence, place)


def unsettled(claims: Iterable[Claim]) -> Iterator[Claim]:
    """Those that no document settles: what was inferred or assumed, in whole or part, and readings, as each has a rival."""
    seen = set()
    for claim in claims:
        known = (claim.sort, claim.name, claim.statement)
        open_ = claim.evidence.kind in UNSETTLED or claim.evidence.unproven or claim.sort == "reading"
        if open_ and known not in seen:
            seen.add(known)
            yield claim
