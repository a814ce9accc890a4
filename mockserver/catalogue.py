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
        for name, thing in vars(module).items():
            if id(thing) in told:  # a constant of another module, imported here
                continue
            told.add(id(thing))
            place = f"{module.__name__}.{name}"
            if isinstance(thing, Rule):
                yield Claim(provider.name, "rule", thing.name, thing.statement, thing.evidence, place)
            elif isinstance(thing, Problem) and name.isupper():
                statement = f"{thing.status} {thing.type}/{thing.code}: {thing.title}"
                yield Claim(provider.name, "problem", thing.code, statement, thing.evidence, place)
    for reading in provider.readings:
        for alternative, evidence in reading.alternatives.items():
            name = f"{reading.name}={alternative}"
            yield Claim(provider.name, "reading", name, reading.question, evidence, f"reading {reading.name}")


def unsettled(claims: Iterable[Claim]) -> Iterator[Claim]:
    """Those that no document settles: what was inferred or assumed, and every reading, as it has a rival."""
    seen = set()
    for claim in claims:
        if (claim.evidence.kind in UNSETTLED or claim.sort == "reading") and (
            claim.sort,
            claim.name,
            claim.statement,
        ) not in seen:
            seen.add((claim.sort, claim.name, claim.statement))
            yield claim
