"""The worlds of one running fake: founded from files, forked, kept by name."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import jsonschema_rs
import yaml

from mockserver.clock import Clock
from mockserver.engine import Engine
from mockserver.faults import Faults
from mockserver.mistake import Mistake, unknown
from mockserver.provider import Provider
from mockserver.readings import Readings
from mockserver.resources import folder
from mockserver.world import World

RATE_LIMIT = 250
DEFAULT = "default"


def world_file(name: str) -> Path:
    """The file of a world: one of ours by its name, or the user's own by its path. Raises `Mistake`."""
    ours = {path.stem: path for path in folder("fixtures").glob("*.yaml")}
    if name in ours:
        return ours[name]
    path = Path(name)
    if path.is_file():
        return path
    if path.suffix in (".yaml", ".yml") or path.name != name:
        raise Mistake(f"there is no world file {name}")
    raise unknown("world", name, ours)


def read_world(path: Path) -> dict[str, Any]:
    """What a world file says, held against the schema of world files. Raises `Mistake` naming file and fields."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        said = yaml.load(path.read_text("utf-8"), _without_dates(loader))  # noqa: S506 - a safe loader
    except OSError as error:
        raise Mistake(f"{path}: {error.strerror}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise Mistake(f"{path}: not YAML: {error}") from None
    _check_written(said, path)
    schema = yaml.load((folder("fixtures") / "schema" / "world.yaml").read_text("utf-8"), loader)  # noqa: S506
    errors = list(jsonschema_rs.Draft202012Validator(schema).iter_errors(said))
    if errors:
        told = [f"{'.'.join(map(str, error.instance_path)) or 'the file'}: {error.message}" for error in errors[:10]]
        raise Mistake(f"{path}: " + "; ".join(told))
    return said or {}


def _check_written(said: Any, path: Path) -> None:
    """Raise `Mistake` for what YAML can say and JSON can not: keys that are no text, a thing inside itself."""
    try:
        json.dumps(said, skipkeys=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise Mistake(f"{path}: {error}") from None
    pending = [said]
    while pending:
        node = pending.pop()
        pending += node.values() if isinstance(node, dict) else node if isinstance(node, list) else []
        for key in node if isinstance(node, dict) else ():
            if not isinstance(key, str):
                raise Mistake(f"{path}: the key {key!r} is no text; put it in quotes")


def _without_dates(loader: type[Any]) -> type[Any]:
    """The same loader, leaving dates as the text they are."""
    resolvers = {
        first: [(tag, pattern) for tag, pattern in known if tag != "tag:yaml.org,2002:timestamp"]
        for first, known in loader.yaml_implicit_resolvers.items()
    }
    return type("Loader", (loader,), {"yaml_implicit_resolvers": resolvers})


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
