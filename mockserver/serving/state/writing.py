"""Worlds taken down as notes: what they share is written once and referred to by its number.

A note is `[kind, number, content]`:

    shape              0        what is kept of a class: its name and its fields', before the first row of it
    NAME of a class    0        rows of things: the number of each, then its fields
    CLASS.FIELD        number   rows of a table or a collection, new or in the place of others, more with each such note
    fork               number   the number of the table or collection that this one begins as
    without            number   the keys of rows that it has not, unlike that one
    Members            number   fingerprints, 8 bytes each, more of them with each such note
    worlds             number   the thing that all belongs to; the last note
"""

import sys
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, TypeVar

from msgspec import Raw, Struct, msgpack

from mockserver.serving.state.shapes import Hold, Shape, shapes
from mockserver.store import Members, Table
from mockserver.worlds import Frozen

ROWS = 500
"""So many are written at once: about a millisecond during which no other thread runs."""
FINGERPRINTS = 2048
TOGETHER = 1 << 15
"""Bytes of notes that are enough to be written."""
MEMBERS = Members.__name__

T = TypeVar("T")


class Note(Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """One piece of what is written."""

    kind: str
    number: int
    content: Raw


_SHAPES = shapes()


def take_down(frozen: Frozen, write: Callable[[bytes], None]) -> None:
    """Write worlds as lists of notes, one a call of `write`."""
    pen = _Pen(write)
    number = pen.thing(frozen)
    pen.flush()
    pen.note("worlds", number, None)
    pen.send()


class _Pen:
    """Knows what was written already, and gathers rows of things until there are enough for a note."""

    def __init__(self, write: Callable[[bytes], None]):
        self._write = write
        self._notes: list[Raw] = []
        self._size = 0
        self._numbers: dict[int, int] = {}
        self._rows: dict[type, list[tuple[Any, ...]]] = {cls: [] for cls in _SHAPES}
        self._begun: set[type] = set()
        self._bases: dict[str, Any] = {}

    def thing(self, value: Any, _kinds: tuple[type, ...] = (), /) -> int:
        """The number of something, which is written before whatever refers to it."""
        known = self._numbers.get(id(value))
        if known is not None:
            return known
        if isinstance(value, Members):
            return self._members(value.values)
        row = _crossed(value, _SHAPES[type(value)], self)
        number = self._number(value)
        rows = self._rows[type(value)]
        rows.append((number, *row))
        if len(rows) >= ROWS:
            self.flush()
        return number

    def held(self, value: Any, hold: Hold) -> int:
        """The number of a table or a collection; forks that nobody wrote to have one."""
        known = self._numbers.get(id(value.rows))
        if known is not None:
            return known
        number = self._number(value.rows)
        base = self._bases.setdefault(hold.name, value)
        if base is value or not self._fork(number, value, hold, base):
            self._fill(number, value.rows, hold, value)
        return number

    def _fork(self, number: int, value: Any, hold: Hold, base: Any) -> bool:
        """Write how a table or a collection differs from another one, if it is much like it."""
        changed = {key: row for key, row in value.rows.items() if base.rows.get(key) is not row}
        gone = [key for key in base.rows if key not in value.rows]
        if len(changed) + len(gone) > len(base.rows) // 2:
            return False
        self.note("fork", number, self._numbers[id(base.rows)])
        self.note("without", number, gone)
        self._fill(number, changed, hold, value)
        return True

    def _fill(self, number: int, rows: Mapping[Any, Any], hold: Hold, home: Any) -> None:
        """Write the rows of a table or a collection."""
        for batch in _batches(rows.items() if isinstance(home, Table) else rows.values(), ROWS):
            content = [hold.cross(each, self) for each in batch] if hold.cross else batch
            self.flush()
            self.note(hold.name, number, content)

    def _members(self, values: set[int]) -> int:
        known = self._numbers.get(id(values))
        if known is not None:
            return known
        number = self._number(values)
        for batch in _batches(values, FINGERPRINTS):
            self.note(MEMBERS, number, packed(batch))
        return number

    def flush(self) -> None:
        """Write the rows gathered so far, those first that others refer to."""
        for cls, rows in self._rows.items():
            if rows:
                if cls not in self._begun:
                    self._begun.add(cls)
                    self.note("shape", 0, (_SHAPES[cls].name, tuple(_SHAPES[cls].types)))
                self.note(_SHAPES[cls].name, 0, rows)
                rows.clear()

    def note(self, kind: str, number: int, content: Any) -> None:
        """Write a note, together with others where they are small."""
        note = msgpack.encode((kind, number, content))
        self._notes.append(Raw(note))
        self._size += len(note)
        if self._size >= TOGETHER:
            self.send()

    def send(self) -> None:
        """Have the notes written that wait for others."""
        self._write(msgpack.encode(self._notes))
        self._notes, self._size = [], 0

    def _number(self, value: object) -> int:
        number = len(self._numbers)
        self._numbers[id(value)] = number
        return number


def _crossed(value: Any, shape: Shape, pen: _Pen) -> tuple[Any, ...]:
    row = shape.take(value)
    if not shape.crossings:
        return row
    return tuple(
        [
            shape.crossings[name](each, pen) if name in shape.crossings else each
            for name, each in zip(shape.types, row, strict=True)
        ]
    )


def _batches(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of so many, at least one of them."""
    rest = iter(values)
    batch = list(islice(rest, size))
    yield batch
    while batch := list(islice(rest, size)):
        yield batch


def packed(fingerprints: Iterable[int]) -> bytes:
    """Fingerprints as little-endian numbers of 8 bytes."""
    return _little(array("Q", fingerprints)).tobytes()


def unpacked(content: bytes) -> Iterable[int]:
    """The fingerprints again. Raises `ValueError`."""
    numbers = array("Q")
    numbers.frombytes(content)
    return _little(numbers)


def _little(numbers: "array[int]") -> "array[int]":
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
