"""The worlds of one running fake: founded from files, forked, kept by name."""

from collections.abc import Mapping, Sequence
from typing import Any

from mockserver.clock import Clock
from mockserver.engine import Engine
from mockserver.faults import Faults
from mockserver.mistake import Mistake, unknown
from mockserver.provider import Provider
from mockserver.readings import Readings
from mockserver.world import World
from mockserver.world_files import read_world, world_file

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
    file = world_file(world)
    return Engine(providers, found_world(providers, read_world(file), source=str(file), **how))


class Worlds:
    """Engines by the name of their world. `default` is always there."""

    def __init__(self, engine: Engine):
        self._engines = {DEFAULT: engine}
        self._origin = engine.fork()
        self.default = engine

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
