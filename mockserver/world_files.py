"""World files: found by name, read, and held against the schema of what they may say."""

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import jsonschema_rs
import yaml

from mockserver.mistake import Mistake, unknown
from mockserver.resources import folder

_MOST = 10


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
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        said = yaml.load(path.read_text("utf-8"), _without_dates(loader))  # noqa: S506 - a safe loader
    except OSError as error:
        raise Mistake(f"{path}: {error.strerror}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise Mistake(f"{path}: not YAML: {error}") from None
    _check_written(said, path)
    schema = yaml.load((folder("fixtures") / "schema" / "world.yaml").read_text("utf-8"), loader)  # noqa: S506
    told = [each for error in islice(_errors(schema, said), _MOST) for each in _told(error, schema, path)]
    if told:
        raise Mistake("\n".join(told))
    return said or {}


def _errors(schema: Any, said: Any) -> Iterator[jsonschema_rs.ValidationError]:
    return iter(jsonschema_rs.Draft202012Validator(schema).iter_errors(said))


def _told(error: jsonschema_rs.ValidationError, schema: Any, path: Path) -> Iterator[str]:
    """What is wrong, by file, line and field; of a field that there is not, the nearest that there is."""
    place = [*error.instance_path]
    kind: Any = error.kind
    if kind.name != "additionalProperties":
        field = ".".join(map(str, place)) or "the file"
        yield f"{path}:{_line(path, place)}: {field}: {error.message}"
        return
    home = schema
    for step in [*error.schema_path][:-1]:
        home = home[step]
    for name in kind.unexpected:
        mistake = unknown("field", name, home["properties"])
        yield f"{path}:{_line(path, [*place, name])}: {'.'.join(map(str, [*place, name]))}: {mistake}"


def _line(path: Path, place: Sequence[str | int]) -> int:
    """The line of a file that a field stands in, or as much of it as is there."""
    node = yaml.compose(path.read_text("utf-8"), yaml.SafeLoader)
    line = 1
    for step in place:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == step), None)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step]
            line = node.start_mark.line + 1
    return line


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
