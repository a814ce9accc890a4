"""What names and descriptions of segments and audiences may be; each has its own words for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mockserver.problem import Objection, Problem
from mockserver.providers.criteo.records import Audience, Segment
from mockserver.store import Collection

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
            yield self.empty.at(f"{pointer}/name")
        elif len(named.name) > LONGEST_NAME:
            yield self.long.at(f"{pointer}/name")
        elif any(
            id != named.id for id in among.filed(("name", comparison, named.account_id, _compared(named.name, comparison)))
        ):
            yield self.taken.at(f"{pointer}/name", detail=f"Another {self.kind} exists with the name: {named.name}")
        if len(named.description or "") > LONGEST_DESCRIPTION:
            yield self.wordy.at(f"{pointer}/description")


def _compared(name: str, comparison: str) -> str:
    return name if comparison == "exact" else name.casefold()
