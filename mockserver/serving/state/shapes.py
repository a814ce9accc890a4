"""What is written of each class: its fields by name, their types as they stand in a file, and how one is made again.

Everything follows from the dataclasses of a world, so a new field is kept without a word here, and a file written before
it is read if the field has a default. A field that is not kept says so: `field(…, metadata={"kept": False})`. Taking a
field away, or giving it another meaning, is another format.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import Field, dataclass, fields, is_dataclass
from operator import attrgetter
from types import UnionType
from typing import Any, Protocol, Union, get_args, get_origin, get_type_hints

from mockserver.clock import Clock
from mockserver.effects import EFFECTS, Effect
from mockserver.providers.criteo.world import CriteoWorld
from mockserver.providers.shoplive.activity import Recorded, Spread
from mockserver.providers.shoplive.records import Activity
from mockserver.providers.shoplive.world import ShopliveWorld
from mockserver.readings import Reading, Readings
from mockserver.store import Collection, Members, Table
from mockserver.throttle import Quota, Throttle
from mockserver.world import Part
from mockserver.worlds import Frozen

KINDS: Mapping[Any, tuple[type, ...]] = {
    Part: (CriteoWorld, ShopliveWorld),
    Activity: (Recorded, Spread),
    Effect: tuple(EFFECTS.values()),
}
"""What stands where only a protocol is named. A new provider's part of a world is one more here."""


class Ferry(Protocol):
    """Takes things across, from a world into a file or back: what is a thing here is a number there."""

    def thing(self, value: Any, kinds: tuple[type, ...], /) -> Any:
        """Something of one of these classes."""
        ...

    def held(self, value: Any, hold: "Hold") -> Any:
        """A table or a collection."""
        ...


Crossing = Callable[[Any, Ferry], Any]


@dataclass(frozen=True, slots=True)
class Hold:
    """A field that is a table or a collection: the type of a row in a file, how a row crosses, how the empty one is made."""

    name: str
    row: Any
    cross: Crossing | None
    make: Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Shape:
    """What is written of a class. `take` gives the values of the fields in their order, `make` takes them by name."""

    name: str
    types: Mapping[str, Any]
    crossings: Mapping[str, Crossing]
    holds: tuple[Hold, ...]
    take: Callable[[Any], tuple[Any, ...]]
    make: Callable[..., Any]


def shapes(readings: Iterable[Reading] = ()) -> dict[type, Shape]:
    """The shape of everything that worlds are made of, those first that others refer to. `readings` are the known ones."""
    declared = tuple(readings)

    def made_readings(profile: str, chosen: Mapping[str, str]) -> Readings:
        return Readings(declared, profile, chosen)

    found: dict[type, Shape] = {}
    for cls, hints, attributes, make in (
        (Clock, {"shift": float, "frozen_at": float | None}, ("_shift", "_frozen_at"), _made_clock),
        (Throttle, {"counts": dict[str, tuple[int, int]], "quotas": dict[str, Quota]}, ("_counts", "_quotas"), Throttle),
        (Readings, {"profile": str, "chosen": dict[str, str]}, ("profile", "chosen"), made_readings),
    ):
        _collect_referred(hints, found)
        found[cls] = _shape(cls, hints, {}, _taker(attributes), make)
    _collect(Frozen, found)
    return found


def kept(cls: type) -> Iterator[Field[Any]]:
    """The fields of a dataclass that are written."""
    return (each for each in fields(cls) if each.init and each.metadata.get("kept", True))


def _made_clock(shift: float, frozen_at: float | None) -> Clock:
    clock = Clock(frozen_at)
    clock._shift = shift
    return clock


def _collect(cls: Any, found: dict[type, Shape], within: frozenset[Any] = frozenset()) -> None:
    """Add the shapes of a class and of whatever it refers to, the latter first."""
    if cls in found or cls in within or cls is Members:
        return
    every = get_type_hints(cls)
    hints = {each.name: every[each.name] for each in kept(cls)}
    _collect_referred(hints, found, within | {cls})
    holds = {each.name: _hold(cls, each, hints[each.name]) for each in kept(cls) if _is_held(hints[each.name])}
    found[cls] = _shape(cls, hints, holds, _taker(tuple(hints)), cls)


def _collect_referred(hints: Mapping[str, Any], found: dict[type, Shape], within: frozenset[Any] = frozenset()) -> None:
    for hint in hints.values():
        for other in _referred(hint):
            _collect(other, found, within)


def _shape(
    cls: type,
    hints: Mapping[str, Any],
    holds: Mapping[str, Hold],
    take: Callable[[Any], tuple[Any, ...]],
    make: Callable[..., Any],
) -> Shape:
    ways = {name: _held_crossing(holds[name]) if name in holds else _crossing(hint) for name, hint in hints.items()}
    crossings = {name: way for name, way in ways.items() if way is not None}
    return Shape(
        cls.__name__, {name: _wire(hint) for name, hint in hints.items()}, crossings, tuple(holds.values()), take, make
    )


def _hold(cls: type, field: Field[Any], hint: Any) -> Hold:
    inner = get_args(hint)
    row = tuple[inner[0], inner[1]] if len(inner) == 2 else inner[0]  # type: ignore[valid-type]  # made at run time
    assert callable(field.default_factory)
    return Hold(f"{cls.__name__}.{field.name}", _wire(row), _crossing(row), field.default_factory)


def _held_crossing(hold: Hold) -> Crossing:
    return lambda value, ferry: ferry.held(value, hold)


def _taker(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    """All these attributes of something, at once."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda thing: tuple([getattr(thing, name) for name in names])


def _is_held(hint: Any) -> bool:
    return get_origin(hint) in (Table, Collection)


def _classes(hint: Any) -> tuple[type, ...]:
    """The classes whose things a type stands for, if these are written apart and referred to."""
    if hint in KINDS:
        return KINDS[hint]
    apart = isinstance(hint, type) and (is_dataclass(hint) or hint in (Clock, Readings, Throttle, Members))
    return (hint,) if apart else ()


def _referred(hint: Any) -> Iterator[type]:
    yield from _classes(hint)
    for inner in get_args(hint):
        yield from _referred(inner)


def _wire(hint: Any) -> Any:
    """The type as it stands in a file: a number for what is written apart, whole numbers as they are among the others."""
    if _classes(hint) or _is_held(hint):
        return int
    if hint is float:
        return int | float
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return Union[tuple(map(_wire, inner))]  # noqa: UP007 - made at run time
    if origin is None:
        return hint
    return (dict if origin is Mapping else origin)[tuple(each if each is ... else _wire(each) for each in inner)]


def _crossing(hint: Any) -> Crossing | None:
    """How a value of a type is taken across, nothing where it stays as it is."""
    classes, origin, inner = _classes(hint), get_origin(hint), get_args(hint)
    if classes:
        return lambda value, ferry: ferry.thing(value, classes)
    ways = [None if each is ... else _crossing(each) for each in inner]
    way = next(filter(None, ways), None)
    if way is None:
        return None
    if origin in (Union, UnionType):
        return lambda value, ferry: None if value is None else way(value, ferry)
    if origin is tuple and ... not in inner:
        return lambda value, ferry: tuple(go(each, ferry) if go else each for go, each in zip(ways, value, strict=True))
    if origin in (dict, Mapping):
        return lambda value, ferry: {key: way(each, ferry) for key, each in value.items()}
    return lambda value, ferry: origin([way(each, ferry) for each in value])
