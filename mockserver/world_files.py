"""World files: found by name, read, and held against the schema of what they may say."""

from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import jsonschema_rs
import yaml

from mockserver.mistake import Mistake, unknown
from mockserver.resources import folder
from mockserver.strict_yaml import Written, read_strictly

_MOST = 10
_ONE_OF = {"oneOf": "exactly one of", "anyOf": "at least one, and not empty, of"}


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
    """What a world file says, held against the schema of world files. Raises `Mistake` naming file, lines and fields."""
    return written_world(path).said or {}


def written_world(path: Path, most: int = _MOST) -> Written:
    """The same with the lines it is said in; of what is wrong, so many things at most are told."""
    written = read_strictly(path)
    # What is said where is not repeated: it may be a secret, and the line is named.
    errors = jsonschema_rs.Draft202012Validator(world_schema(), mask="it").iter_errors(written.said)
    told = [each for error in islice(errors, most) for each in _told(error, written)]
    if told:
        raise Mistake("\n".join(told))
    return written


@cache
def world_schema() -> dict[str, Any]:
    """The JSON Schema of world files, draft 2020-12."""
    text = (folder("fixtures") / "schema" / "world.yaml").read_text("utf-8")
    return dict(yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader)))  # noqa: S506 - a safe loader


def _told(error: jsonschema_rs.ValidationError, written: Written) -> Iterator[str]:
    """What is wrong, by file, line and field; of a field that there is not, the nearest that there is."""
    place = [*error.instance_path]
    kind: Any = error.kind
    home: Any = world_schema()
    for step in [*error.schema_path][:-1]:
        home = home[step]
    if kind.name == "additionalProperties":
        for name in kind.unexpected:
            yield written.wrong([*place, name], str(unknown("field", name, home["properties"])))
    elif kind.name in _ONE_OF:
        names = [name for each in home[kind.name] for name in each["required"]]
        yield written.wrong(place, f"it has {_ONE_OF[kind.name]} {', '.join(names)}")
    else:
        yield written.wrong(place, error.message)
