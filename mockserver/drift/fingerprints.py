"""What the vendor's documents were when they were last looked at: a number for each operation, and nothing of their text."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from mockserver.drift.facts import moved_by
from mockserver.drift.official import Official

FILE = "official/fingerprints.yaml"
_TOLD = """\
# The vendor's documents as they were when the differences from them were last explained: for each document, version and
# operation a fingerprint of the facts compared. `mockserver drift --official … --accept` writes this file.
"""

Fingerprints = dict[str, dict[str, dict[str, str]]]
"""By the document's name, the version, and the operation's id in our contract."""


def read_fingerprints(folder: Path) -> Fingerprints:
    """Those that are kept with a provider's contract; none if none were accepted yet."""
    file = folder / FILE
    return (yaml.safe_load(file.read_text("utf-8")) or {}) if file.exists() else {}


def write_fingerprints(folder: Path, fingerprints: Fingerprints) -> Path:
    """Keep them; gives the file."""
    file = folder / FILE
    file.parent.mkdir(exist_ok=True)
    file.write_text(_TOLD + yaml.safe_dump(fingerprints, width=120), "utf-8")
    return file


def taken(official: Official, operations: Mapping[tuple[str, str], str]) -> dict[str, str]:
    """The fingerprints of the operations of a document that we have too, by their ids."""
    shared = [(id, official.endpoints[key]) for key, id in operations.items() if key in official.endpoints]
    return {id: moved_by(endpoint) for id, endpoint in sorted(shared, key=lambda pair: pair[0])}


def moves(recorded: Mapping[str, str], now: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Each operation that is not as recorded, and what became of it."""
    for id in sorted({*recorded, *now}):
        if id not in now:
            yield id, "is gone"
        elif id not in recorded:
            yield id, "was not looked at before"
        elif recorded[id] != now[id]:
            yield id, "changed"
