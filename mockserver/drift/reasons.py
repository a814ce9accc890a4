"""Why our contract differs from the vendor's document on purpose, as the contract's `official/intent.yaml` says."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from mockserver.drift.comparison import CLASSES, Difference
from mockserver.drift.facet import KINDS
from mockserver.evidence import Evidence
from mockserver.mistake import Mistake, unknown
from mockserver.readings import parse_choice

FILE = "official/intent.yaml"
_MEMBERS = ("at", "kind", "classed", "ours", "theirs", "reading", "reason", "evidence")
_NEEDED = ("at", "kind", "classed", "reason", "evidence")


@dataclass(frozen=True, slots=True)
class Reason:
    """Which differences it explains, why they are meant, and on what that rests.

    `at` are patterns of places: `*` is anything within a step, `**` anything. `ours` and `theirs` are patterns of what a
    difference says of each, where only some of a kind are meant. `reading` is the only one under which it is needed.
    """

    at: tuple[str, ...]
    kinds: tuple[str, ...]
    classed: str
    ours: tuple[str, ...]
    theirs: tuple[str, ...]
    reading: str | None
    reason: str
    evidence: Evidence

    def explains(self, difference: Difference) -> bool:
        """Whether a difference is one of those meant."""
        facet = difference.facet
        return (
            facet.kind in self.kinds
            and difference.classed == self.classed
            and _matches(self.at, difference.place)
            and _matches(self.ours, facet.ours)
            and _matches(self.theirs, facet.theirs)
        )

    def unused(self, explained: Sequence[Difference]) -> list[str]:
        """Which of its patterns and kinds none of the differences needs that it explains."""
        sides = (
            (self.at, [each.place for each in explained]),
            (self.kinds, [each.facet.kind for each in explained]),
            (self.ours, [each.facet.ours for each in explained]),
            (self.theirs, [each.facet.theirs for each in explained]),
        )
        return [
            pattern for patterns, texts in sides for pattern in patterns if not any(_matches([pattern], text) for text in texts)
        ]

    def counts_under(self, readings: Mapping[str, str]) -> bool:
        """Whether it has anything to say under these readings."""
        if self.reading is None:
            return True
        name, alternative = parse_choice(self.reading)
        return readings.get(name) == alternative


def read_reasons(folder: Path) -> list[Reason]:
    """The reasons written in a provider's contract; none if nobody wrote any."""
    file = folder / FILE
    if not file.exists():
        return []
    said = yaml.safe_load(file.read_text("utf-8"))
    return [_reason(each, f"{FILE}, reason {number}") for number, each in enumerate(said, 1)]


def _reason(said: Mapping[str, Any], where: str) -> Reason:
    for name in said:
        if name not in _MEMBERS:
            raise Mistake(f"{where}: {unknown('member', name, _MEMBERS)}")
    for name in _NEEDED:
        if not said.get(name):
            raise Mistake(f"{where}: {name!r} is missing")
    kinds = tuple(_listed(said["kind"]))
    for kind in kinds:
        if kind not in KINDS:
            raise Mistake(f"{where}: {unknown('kind', kind, KINDS)}")
    if said["classed"] not in CLASSES:
        raise Mistake(f"{where}: {unknown('class', str(said['classed']), CLASSES)}")
    return Reason(
        at=tuple(_listed(said["at"])),
        kinds=kinds,
        classed=said["classed"],
        ours=tuple(_listed(said.get("ours", "**"))),
        theirs=tuple(_listed(said.get("theirs", "**"))),
        reading=said.get("reading"),
        reason=" ".join(said["reason"].split()),
        evidence=_evidence(said["evidence"], where),
    )


def _evidence(said: Mapping[str, str], where: str) -> Evidence:
    try:
        ((kind, source),) = said.items()
        return Evidence(kind, " ".join(source.split()))
    except (AttributeError, ValueError) as error:
        raise Mistake(f"{where}: evidence is one kind and its source: {error}") from None


def _listed(said: str | list[str]) -> Iterator[str]:
    yield from [said] if isinstance(said, str) else said


def _matches(patterns: Sequence[str], text: str) -> bool:
    return any(re.fullmatch(_expression(pattern), text, re.DOTALL) for pattern in patterns)


def _expression(pattern: str) -> str:
    words = {"**": ".*", "*": "[^/]*"}
    return "".join(words.get(part, re.escape(part)) for part in re.split(r"(\*\*?)", pattern))
