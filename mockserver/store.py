"""What a world remembers: records by ascending id, found by what they are searched by, forked in no time.

A fork shares everything with its origin; whoever writes first after it copies the table written to. So a fork costs
the same whatever the size, a snapshot is a fork, and no request copies the world twice.
"""

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from heapq import merge
from itertools import chain, islice
from typing import Generic, Protocol, TypeVar

_CHUNK = 128


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
    """Ascending ids that never change, in chunks: one more or one less copies a chunk, not the whole.

    The last chunk is kept apart, since most ids that come are the newest.
    """

    __slots__ = ("_full", "_last", "_size")

    def __init__(self, full: tuple[tuple[int, ...], ...] = (), last: tuple[int, ...] = (), size: int = 0):
        self._full = full
        self._last = last
        self._size = size

    @classmethod
    def of(cls, ids: Iterable[int]) -> "Ids":
        """The ids given, in any order."""
        ordered = tuple(sorted(ids))
        return cls._in([ordered[at : at + _CHUNK] for at in range(0, len(ordered), _CHUNK)], len(ordered))

    @classmethod
    def _in(cls, chunks: Sequence[tuple[int, ...]], size: int) -> "Ids":
        return cls(tuple(chunks[:-1]), chunks[-1], size) if chunks else cls()

    @property
    def _chunks(self) -> tuple[tuple[int, ...], ...]:
        return (*self._full, self._last)

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[int]:
        return chain(chain.from_iterable(self._full), self._last)

    def page(self, offset: int, limit: int) -> Iterator[int]:
        """At most `limit` ids, after the first `offset`."""
        chunks = self._chunks
        for at, chunk in enumerate(chunks):
            if offset < len(chunk):
                return islice(chain(chunk[offset:], chain.from_iterable(chunks[at + 1 :])), limit)
            offset -= len(chunk)
        return iter(())

    def plus(self, new: int) -> "Ids":
        """These and one more, which is not among them."""
        last, newest = self._last, (new,)
        if not last or new > last[-1]:
            if len(last) < _CHUNK:
                return Ids(self._full, last + newest, self._size + 1)
            return Ids((*self._full, last), newest, self._size + 1)
        at = self._chunk_of(new)
        chunk = self._chunks[at]
        place = bisect_left(chunk, new)
        return self._with_chunk(at, (*chunk[:place], new, *chunk[place:]), self._size + 1)

    def minus(self, old: int) -> "Ids":
        """These without one that is among them."""
        at = self._chunk_of(old)
        chunk = self._chunks[at]
        place = bisect_left(chunk, old)
        return self._with_chunk(at, chunk[:place] + chunk[place + 1 :], self._size - 1)

    def _chunk_of(self, sought: int) -> int:
        return bisect_left(self._full, sought, key=lambda chunk: chunk[-1])

    def _with_chunk(self, at: int, chunk: tuple[int, ...], size: int) -> "Ids":
        if len(chunk) > 2 * _CHUNK:
            parts: tuple[tuple[int, ...], ...] = (chunk[:_CHUNK], chunk[_CHUNK:])
        else:
            parts = (chunk,) if chunk else ()
        chunks = self._chunks
        return Ids._in(chunks[:at] + parts + chunks[at + 1 :], size)


_NONE = Ids()


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
        if old is None:
            self._file(set(self._keys(record)), record.id)
        else:
            self._refile(old, record)
        self._records.put(record.id, record)

    def _refile(self, old: Item, record: Item) -> None:
        before, after = set(self._keys(old)), set(self._keys(record))
        for key in before - after:
            self._unfile(key, record.id)
        self._file(after - before, record.id)

    def _file(self, keys: set[Hashable], id: int) -> None:
        filed = self._filed.own()
        for key in keys:
            filed[key] = filed.get(key, _NONE).plus(id)

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
