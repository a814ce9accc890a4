"""What names and descriptions of segments and audiences may be; each has its own words for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

from mockserver.problem import Objection, Problem
from mockserver.providers.criteo.records import Audience, Segment
from mockserver.store import Collection, Ids

LONGEST_NAME = 256
LONGEST_DESCRIPTION = 500


@dataclass(frozen=True, slots=True)
class Naming:
    """The problems of one kind of thing, which is called `kind` in the detail of `taken`."""

    kind: str
    empty: Problem
    long: Problem
    taken: Problem
    wordy: Problem

    def object_to(
        self, named: Segment | Audience, among: Collection[Any], comparison: str, pointer: str
    ) -> Iterator[Objection]:
        """Everything wrong with a name and a description; `comparison` is `exact` or `ignoring-case`."""
        if not named.name.strip():
            yield self.empty.at(f"{pointer}/name", instead=lambda: f"{self.kind} 1")
        elif len(named.name) > LONGEST_NAME:
            yield self.long.at(
                f"{pointer}/name", seen={"characters": len(named.name)}, instead=lambda: named.name[:LONGEST_NAME]
            )
        elif others := [id for id in _bearers(named.name, named, among, comparison) if id != named.id]:
            yield self.taken.at(
                f"{pointer}/name",
                detail=f"Another {self.kind} exists with the name: {named.name}",
                seen={f"{self.kind.lower()} of that name": str(others[0])},
                instead=lambda: _free_name(named, among, comparison),
            )
        if len(named.description or "") > LONGEST_DESCRIPTION:
            description = named.description or ""
            yield self.wordy.at(
                f"{pointer}/description",
                seen={"characters": len(description)},
                instead=lambda: description[:LONGEST_DESCRIPTION],
            )


def _bearers(name: str, named: Segment | Audience, among: Collection[Any], comparison: str) -> Ids:
    """The ids of those of the same account that have a name."""
    return among.filed(("name", comparison, named.account_id, _compared(name, comparison)))


def _free_name(named: Segment | Audience, among: Collection[Any], comparison: str) -> str:
    """A name like it that nobody has."""
    names = (f"{named.name[: LONGEST_NAME - 10]} {number}" for number in count(2))
    return next(name for name in names if not _bearers(name, named, among, comparison))


def _compared(name: str, comparison: str) -> str:
    return name if comparison == "exact" else name.casefold()
