"""Which operations a client really uses, as a journal or a report of the test kit tells."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from mockserver.mistake import Mistake, unknown

_LISTS = ("calls", "operations")
"""What `GET /_mock/journal` calls its list, and what `--mockserver-report` does."""


@dataclass(frozen=True, slots=True)
class Usage:
    """`operations` by id. `notes` say what else the file tells that concerns the answer."""

    operations: frozenset[str]
    notes: tuple[str, ...] = ()


def read_usage(file: Path, version: str, known: Iterable[str]) -> Usage:
    """The operations of a version that a file tells of, and those of no version. Raises `Mistake` if it tells of none."""
    said = _parsed(file)
    rows = [row for name in _LISTS for row in said.get(name) or () if isinstance(row, dict)]
    counted = [row for row in rows if row.get("version") in (version, None)]
    operations = frozenset(row["operation"] for row in counted if row.get("operation") in set(known))
    if not operations:
        versions = sorted({row["version"] for row in rows if row.get("version")})
        if versions:
            raise Mistake(f"{file} tells of no call of {version}: {unknown('version', version, versions)}")
        raise Mistake(f"{file} tells of no call of {version}")
    return Usage(operations, tuple(_notes(said, rows, version)))


def _parsed(file: Path) -> Mapping[str, Any]:
    try:
        said = orjson.loads(file.read_bytes())
    except OSError as error:
        raise Mistake(f"cannot read {file}: {error.strerror or error}") from None
    except ValueError as error:
        raise Mistake(f"{file} is not JSON: {error}") from None
    if not isinstance(said, dict) or not any(isinstance(said.get(name), list) for name in _LISTS):
        raise Mistake(f"{file} is neither what GET /_mock/journal answers nor what --mockserver-report writes")
    return said


def _notes(said: Mapping[str, Any], rows: Iterable[Mapping[str, Any]], version: str) -> Iterator[str]:
    others = sorted({str(row["version"]) for row in rows if row.get("version") not in (version, None)})
    if others:
        yield f"calls of {', '.join(others)} are not looked at"
    if said.get("evicted"):
        yield "the file does not tell of every call: some were let go"
