"""Contact lists brought to Criteo: whoever is to be in a segment."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from audiences.segments import Segments

AT_MOST = 50_000
"""So many identifiers the API takes in one call."""


@dataclass(frozen=True, slots=True)
class Report:
    """What became of one list: how many identifiers were valid, how many not, and some of those."""

    name: str
    valid: int = 0
    invalid: int = 0
    sample: tuple[str, ...] = ()


class Uploader:
    """Uploads lists of addresses into segments named after them."""

    def __init__(self, segments: Segments, batch_size: int = AT_MOST):
        self.segments = segments
        self.batch_size = batch_size

    def upload(self, lists: Mapping[str, Sequence[str]]) -> list[Report]:
        """Have every address of each list in the segment of its name. Raises `Refused`, `GaveUp`.

        May be called again with the same lists: an address that is there already stays.
        """
        ids = self.segments.ensure(lists)
        return [self._filled(name, id, lists[name]) for name, id in ids.items()]

    def _filled(self, name: str, id: str, identifiers: Sequence[str]) -> Report:
        valid, invalid = 0, 0
        sample: tuple[str, ...] = ()
        for batch in self._batches(identifiers):
            added = self.add(id, batch)
            valid, invalid, sample = valid + added.valid, invalid + added.invalid, (*sample, *added.sample)
        return Report(name, valid, invalid, sample)

    def _batches(self, identifiers: Sequence[str]) -> Iterator[Sequence[str]]:
        for start in range(0, len(identifiers), self.batch_size):
            yield identifiers[start : start + self.batch_size]

    def add(self, id: str, batch: Sequence[str]) -> Report:
        """What became of one batch. Adding twice is adding once, so that it may be tried again."""
        return self.told(self.segments.api.ask("POST", *self.amendment(id, batch)))

    def amendment(self, id: str, batch: Sequence[str]) -> tuple[str, dict[str, Any]]:
        """The path and the body that add a batch."""
        attributes = {"operation": "add", "identifierType": "Email", "identifiers": list(batch)}
        path = f"/audience-segments/{id}/contact-list/add-remove"
        return path, {"data": {"type": "AddRemoveContactlist", "attributes": attributes}}

    def told(self, answer: Mapping[str, Any]) -> Report:
        """What an answer says of its batch, in whichever of the two documented places."""
        data = answer["data"]
        said = data.get("attributes", data)
        return Report("", said["nbValidIdentifiers"], said["nbInvalidIdentifiers"], tuple(said["sampleInvalidIdentifiers"]))
