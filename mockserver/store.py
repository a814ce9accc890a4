"""What a world remembers: records by ascending id, found by what they are searched by, forked in no time.

A fork shares everything with its origin; whoever writes first after it copies the table written to. So a fork costs
the same whatever the size, a snapshot is a fork, and no request copies the world twice.
"""

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from heapq import merge
from itertools import chain, islice
from typing import Generic, Protocol, TypeVar

_CHUNK = 256


class Record(Protocol):
    """Anything with a numeric id that does not change once made."""

    @property
    def id(self) -> int: ...


Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
Item = TypeVar("Item", bound=Record)


class Table(Generic[Key, Value]):
    """A dict that is shared by forks until one of them writes."""

    __slots__ = ("_shared", "rows")

    def __init__(self, rows: dict[Key, Value] | None = None):
        self.rows: dict[Key, Value] = rows if rows is not None else {}
        self._shared = False

    def fork(self) -> "Table[Key, Value]":
        self._shared = True
        twin = Table(self.rows)
        twin._shared = True
        return twin

    def own(self) -> dict[Key, Value]:
        """The rows, to write to."""
        if self._shared:
            self.rows, self._shared = self.rows.copy(), False
        return self.rows

    def get(self, key: Key) -> Value | None:
        return self.rows.get(key)

    def __getitem__(self, key: Key) -> Value:
        return self.rows[key]

    def put(self, key: Key, value: Value) -> None:
        self.own()[key] = value

    def remove(self, key: Key) -> None:
        self.own().pop(key, None)

    def items(self) -> Iterable[tuple[Key, Value]]:
        return self.rows.items()

    def values(self) -> Iterable[Value]:
        return self.rows.values()

    def __contains__(self, key: Key) -> bool:
        return key in self.rows

    def __len__(self) -> int:
        return len(self.rows)


class Ids:
    """Ascending ids that never change, in chunks: one more or one less copies a chunk, not the whole."""

    __slots__ = ("_chunks", "_size")

    def __init__(self, chunks: tuple[tuple[int, ...], ...] = (), size: int = 0):
        self._chunks = chunks
        self._size = size

    @classmethod
    def of(cls, ids: Iterable[int]) -> "Ids":
        """The ids given, in any order."""
        ordered = tuple(sorted(ids))
        return cls(tuple(ordered[at : at + _CHUNK] for at in range(0, len(ordered), _CHUNK)), len(ordered))

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[int]:
        return chain.from_iterable(self._chunks)

    def page(self, offset: int, limit: int) -> Iterator[int]:
        """At most `limit` ids, after the first `offset`."""
        for at, chunk in enumerate(self._chunks):
            if offset < len(chunk):
                return islice(chain(chunk[offset:], chain.from_iterable(self._chunks[at + 1 :])), limit)
            offset -= len(chunk)
        return iter(())

    def plus(self, new: int) -> "Ids":
        """These and one more, which is not among them."""
        if not self._chunks:
            return Ids(((new,),), 1)
        if new > self._chunks[-1][-1]:
            return self._with_newest(new)
        at = self._chunk_of(new)
        chunk = self._chunks[at]
        place = bisect_left(chunk, new)
        return self._with_chunk(at, (*chunk[:place], new, *chunk[place:]), self._size + 1)

    def _with_newest(self, new: int) -> "Ids":
        full, last = self._chunks[:-1], self._chunks[-1]
        ending = ((*last, new),) if len(last) < _CHUNK else (last, (new,))
        return Ids(full + ending, self._size + 1)

    def minus(self, old: int) -> "Ids":
        """These without one that is among them."""
        at = self._chunk_of(old)
        place = bisect_left(self._chunks[at], old)
        return self._with_chunk(at, self._chunks[at][:place] + self._chunks[at][place + 1 :], self._size - 1)

    def _chunk_of(self, sought: int) -> int:
        return min(bisect_left(self._chunks, sought, key=lambda chunk: chunk[-1]), len(self._chunks) - 1)

    def _with_chunk(self, at: int, chunk: tuple[int, ...], size: int) -> "Ids":
        if len(chunk) > 2 * _CHUNK:
            parts: tuple[tuple[int, ...], ...] = (chunk[:_CHUNK], chunk[_CHUNK:])
        else:
            parts = (chunk,) if chunk else ()
        return Ids(self._chunks[:at] + parts + self._chunks[at + 1 :], size)


_NONE = Ids()
_UNFILED: frozenset[Hashable] = frozenset()


class Collection(Generic[Item]):
    """Records of one kind. `keys(record)` are the keys each is filed under, to be found by later."""

    __slots__ = ("_filed", "_keys", "_records")

    def __init__(self, keys: Callable[[Item], Iterable[Hashable]]):
        self._keys = keys
        self._records: Table[int, Item] = Table()
        self._filed: Table[Hashable, Ids] = Table()

    def fork(self) -> "Collection[Item]":
        """The same records, from here on its own."""
        twin = Collection(self._keys)
        twin._records, twin._filed = self._records.fork(), self._filed.fork()
        return twin

    def __len__(self) -> int:
        return len(self._records)

    @property
    def rows(self) -> Mapping[int, Item]:
        """Every record by its id."""
        return self._records.rows

    def __iter__(self) -> Iterator[Item]:
        return iter(self._records.values())

    def get(self, id: int) -> Item | None:
        return self._records.get(id)

    def put(self, record: Item) -> None:
        """Keep a new record, or one in the place of the record with its id."""
        old = self._records.get(record.id)
        before = frozenset(self._keys(old)) if old is not None else _UNFILED
        after = frozenset(self._keys(record))
        for key in before - after:
            self._unfile(key, record.id)
        filed = self._filed.own()
        for key in after - before:
            filed[key] = filed.get(key, _NONE).plus(record.id)
        self._records.put(record.id, record)

    def remove(self, record: Item) -> None:
        for key in set(self._keys(record)):
            self._unfile(key, record.id)
        self._records.remove(record.id)

    def _unfile(self, key: Hashable, id: int) -> None:
        left = self.filed(key).minus(id)
        if left:
            self._filed.put(key, left)
        else:
            self._filed.remove(key)

    def filed(self, key: Hashable) -> Ids:
        """The ids of the records filed under a key."""
        return self._filed.get(key) or _NONE

    def page(self, keys: Iterable[Hashable], offset: int, limit: int) -> tuple[int, list[Item]]:
        """How many records are filed under any of `keys` (no record under two), and a page of them by ascending id."""
        found = [ids for ids in map(self.filed, keys) if ids]
        if len(found) == 1:
            return len(found[0]), self.all(found[0].page(offset, limit))
        return sum(map(len, found)), self.all(islice(merge(*found), offset, offset + limit))

    def all(self, ids: Iterable[int]) -> list[Item]:
        """The records of these ids, which are all there."""
        rows = self._records.rows
        return [rows[id] for id in ids]


class Members:
    """A set of fingerprints that forks with its world: whoever does not own it copies it before writing."""

    __slots__ = ("_owner", "values")

    def __init__(self, owner: object, values: set[int] | None = None):
        self._owner = owner
        self.values: set[int] = values if values is not None else set()

    def owned(self, owner: object) -> "Members":
        """Itself if it belongs to `owner`, else a copy that does."""
        return self if self._owner is owner else Members(owner, self.values.copy())

    def __len__(self) -> int:
        return len(self.values)
