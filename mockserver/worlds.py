"""The worlds of one running fake: founded from files, forked, kept by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mockserver.clock import Clock
from mockserver.engine import Engine
from mockserver.faults import Faults
from mockserver.misplaced import objections
from mockserver.mistake import Mistake, unknown
from mockserver.provider import Provider
from mockserver.readings import Readings
from mockserver.world import World
from mockserver.world_files import world_file, written_world

RATE_LIMIT = 250
DEFAULT = "default"


def found_world(
    providers: Sequence[Provider[Any]],
    said: Mapping[str, Any],
    *,
    seed: int = 0,
    frozen_at: float | None = None,
    profile: str = "guide",
    readings: Mapping[str, str] | None = None,
    rate_limit: int | None = RATE_LIMIT,
    source: str = "the world",
) -> World:
    """A new world from what a world file says. Raises `Mistake`, naming `source`.

    `frozen_at` is in seconds since 1970; a `rate_limit` of `None` means off.
    """
    clock = Clock(frozen_at)
    try:
        parts = {each.name: each.build(said.get(each.name, {}), seed, clock.now()) for each in providers}
    except Mistake as mistake:
        raise Mistake(f"{source}: {mistake}") from None
    declared = [reading for each in providers for reading in each.readings]
    return World(seed, clock, Readings(declared, profile, readings), parts, rate_limit, faults=Faults(seed)).fork()


def founded(providers: Sequence[Provider[Any]], world: str, **how: Any) -> Engine:
    """An engine over a new world, of ours by name or of a YAML file; `how` is as `found_world` takes it. Raises `Mistake`."""
    written = written_world(world_file(world))
    try:
        return Engine(providers, found_world(providers, written.said, source=str(written.path), **how))
    except Mistake:
        told = [written.wrong(place, str(each)) for place, each in objections(providers, written.said, how.get("seed", 0), 0.0)]
        if told:
            raise Mistake("\n".join(told)) from None
        raise


@dataclass(frozen=True, slots=True)
class Frozen:
    """The world that new ones begin as, and every world by its name, the default too."""

    origin: World
    worlds: Mapping[str, World]


class Worlds:
    """Engines by the name of their world. `default` is always there."""

    def __init__(self, engine: Engine):
        self._engines = {DEFAULT: engine}
        self._origin = engine.fork()
        self.default = engine

    @classmethod
    def revived(cls, providers: Sequence[Provider[Any]], frozen: Frozen) -> "Worlds":
        """Engines over worlds that were kept, which are theirs from now on. Raises `Mistake` if there is no default."""
        if DEFAULT not in frozen.worlds:
            raise unknown("world", DEFAULT, frozen.worlds)
        worlds = cls(Engine(providers, frozen.worlds[DEFAULT]))
        worlds._origin = Engine(providers, frozen.origin)
        for name in frozen.worlds.keys() - {DEFAULT}:
            worlds.adopt(name, Engine(providers, frozen.worlds[name]))
        return worlds

    def present(self) -> Frozen:
        """The worlds themselves."""
        return Frozen(self._origin.world, {name: engine.world for name, engine in self._engines.items()})

    def freeze(self) -> Frozen:
        """The worlds as they are now, for another thread to look at while these go on. Costs the same whatever their size."""
        frozen = {}
        for name, engine in self._engines.items():
            with engine.turn:
                frozen[name] = engine.world.apart()
        return Frozen(self._origin.world, frozen)

    def refound(self, world: World) -> None:
        """Begin anew with another world: the default one becomes as it is, and so do those opened from now on."""
        with self.default.turn:
            self.default.world.begin_as(world)
        self._origin = Engine(list(self.default.providers.values()), world.fork())

    def names(self) -> list[str]:
        """Every world there is."""
        return sorted(self._engines)

    def get(self, name: str) -> Engine:
        """The engine of a world. Raises `Mistake`."""
        if name not in self._engines:
            raise unknown("world", name, self._engines)
        return self._engines[name]

    def open(self, name: str, origin: str | None = None) -> Engine:
        """A new world: as the server began, or as another world now is. Raises `Mistake`."""
        self.adopt(name, (self._origin if origin is None else self.get(origin)).fork())
        return self._engines[name]

    def adopt(self, name: str, engine: Engine) -> None:
        """Take in a world that somebody else made. Raises `Mistake`."""
        if not name.isascii() or not name.replace("-", "").replace("_", "").replace(".", "").isalnum() or len(name) > 64:
            raise Mistake(f"a world's name is 1 to 64 letters, digits, '-', '_' and '.', not {name!r}")
        if name in self._engines:
            raise Mistake(f"there is a world {name!r} already")
        self._engines[name] = engine

    def close(self, name: str) -> None:
        """Forget a world. Raises `Mistake`."""
        self.get(name)
        if name == DEFAULT:
            raise Mistake("the world 'default' stays; reset it instead")
        del self._engines[name]
