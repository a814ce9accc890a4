"""Worlds made again from the notes that were taken of them."""

from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from typing import Any

from msgspec import MsgspecError, Raw, msgpack

from mockserver.mistake import Mistake
from mockserver.readings import Reading
from mockserver.serving.state.frames import Damaged
from mockserver.serving.state.shapes import Hold, Shape, shapes
from mockserver.serving.state.writing import MEMBERS, Note, unpacked
from mockserver.store import Members, Table
from mockserver.worlds import Frozen

_WRONG = (Mistake, MsgspecError, LookupError, TypeError, ValueError, OverflowError, RecursionError)


def make_again(notes: Iterable[bytes], readings: Iterable[Reading]) -> Frozen:
    """The worlds that were written, whole. Raises `Damaged` for anything that is not as this version would write it."""
    reader = _Reader(shapes(readings))
    try:
        for note in chain.from_iterable(map(_NOTES.decode, notes)):
            reader.readers[note.kind](note.number, note.content)
    except _WRONG as error:
        raise Damaged(f"what is in it makes no world: {type(error).__name__}: {error}") from None
    if reader.worlds is None:
        raise Damaged("there are no worlds in it")
    return reader.worlds


_NOTES = msgpack.Decoder(list[Note])
_SHAPE = msgpack.Decoder(tuple[str, tuple[str, ...]])
_BYTES = msgpack.Decoder(bytes)
_NUMBER = msgpack.Decoder(int)
_KEYS = msgpack.Decoder(list[int | str])

_Read = Callable[[int, Raw], None]


class _Reader:
    """Makes things in the order they were written. `readers` are by the kind of a note, `worlds` is what it comes to."""

    def __init__(self, known: Mapping[type, Shape]):
        self.worlds: Frozen | None = None
        self.readers: dict[str, _Read] = {
            "shape": self._shape,
            "fork": self._fork,
            "without": self._without,
            MEMBERS: self._members,
            "worlds": self._worlds,
        }
        self._shapes = {shape.name: shape for shape in known.values()}
        self._things: dict[int, Any] = {}
        for shape in known.values():
            for hold in shape.holds:
                self.readers[hold.name] = self._holding(hold)

    def thing(self, value: Any, kinds: tuple[type, ...]) -> Any:
        """What has a number."""
        found = self._things[value]
        if not isinstance(found, kinds):
            raise TypeError(f"{type(found).__name__} in the place of {kinds[0].__name__}")
        return found

    def held(self, value: Any, hold: Hold) -> Any:
        """A table or a collection by its number, the rows shared with whoever has it too."""
        name, found = self._things[value]
        if name != hold.name:
            raise TypeError(f"{name} in the place of {hold.name}")
        return found.fork()

    def _shape(self, _: int, content: Raw) -> None:
        """Read the things of a class from now on, by the fields that the file has of it."""
        name, names = _SHAPE.decode(content)
        shape = self._shapes[name]
        decoder: msgpack.Decoder[Any] = msgpack.Decoder(list[tuple[(int, *(shape.types[each] for each in names))]])  # type: ignore[misc]

        def read(_: int, content: Raw) -> None:
            for known, *row in decoder.decode(content):
                self._things[known] = shape.make(**self._crossed(dict(zip(names, row, strict=True)), shape))

        self.readers[name] = read

    def _crossed(self, members: dict[str, Any], shape: Shape) -> dict[str, Any]:
        for name, crossing in shape.crossings.items():
            if name in members:
                members[name] = crossing(members[name], self)
        return members

    def _holding(self, hold: Hold) -> _Read:
        decoder: msgpack.Decoder[Any] = msgpack.Decoder(list[hold.row])  # type: ignore[name-defined]

        def read(number: int, content: Raw) -> None:
            _, holder = self._things.setdefault(number, (hold.name, hold.make()))
            for each in decoder.decode(content):
                row = hold.cross(each, self) if hold.cross else each
                holder.put(*row) if isinstance(holder, Table) else holder.put(row)

        return read

    def _fork(self, number: int, content: Raw) -> None:
        name, found = self._things[_NUMBER.decode(content)]
        self._things[number] = (name, found.fork())

    def _without(self, number: int, content: Raw) -> None:
        _, holder = self._things[number]
        for key in _KEYS.decode(content):
            holder.remove(key if isinstance(holder, Table) else holder.rows[key])

    def _members(self, number: int, content: Raw) -> None:
        members = self._things.setdefault(number, Members(None))
        members.values.update(unpacked(_BYTES.decode(content)))

    def _worlds(self, number: int, _: Raw) -> None:
        self.worlds = self.thing(number, (Frozen,))
