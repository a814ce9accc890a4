"""YAML as a file of the user's may be written: bounded, every key once, nothing in it that JSON has not."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import yaml

from mockserver.mistake import Mistake

LARGEST = 64 * 2**20
"""Bytes of a file."""
MOST = 1_000_000
"""Values that a file comes to with every alias written out, unless it has so many without any."""
DEEPEST = 100
_SHOWN = 10
_YAML = "tag:yaml.org,2002:"
_PLAIN = {f"{_YAML}{name}" for name in ("str", "int", "float", "bool", "null", "map", "seq", "merge")}

Place = Sequence[str | int]
"""The way to a value: names of members, positions in lists."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a file says, and the nodes it says it with, which know their lines."""

    path: Path
    said: Any
    root: yaml.Node | None

    def wrong(self, place: Place, what: str) -> str:
        """What is wrong at a place, with file, line and field."""
        return f"{self.path}:{_line(self.root, place)}: {_field(place)}: {what}"


def read_strictly(path: Path) -> Written:
    """What a YAML file says. Raises `Mistake` naming file, lines and fields."""
    text = _text(path)
    try:
        _check_depth(text, path)
        loader = _loader()(text)
        root = loader.get_single_node()
        told = _Walk(path).told(root)
        if told:
            raise Mistake("\n".join(told[:_SHOWN]))
        said = None if root is None else loader.construct_document(root)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f":{mark.line + 1}" if mark else ""
        raise Mistake(f"{path}{line}: not YAML: {' '.join(filter(None, (error.context, error.problem)))}") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise Mistake(f"{path}: not YAML: {_in_a_line(error)}") from None
    try:
        orjson.dumps(said)
    except TypeError as error:
        raise Mistake(f"{path}: it says what JSON can not: {error}") from None
    return Written(path, said, root)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise Mistake(f"{path}: {error.strerror}") from None
    if len(content) > LARGEST:
        raise Mistake(f"{path}: it is larger than {LARGEST // 2**20} MB")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Mistake(f"{path}: not YAML: {error}") from None


def _in_a_line(error: Exception) -> str:
    return " ".join(str(error).split())


def _check_depth(text: str, path: Path) -> None:
    """Raise `Mistake` if it is nested too deep: the fast loader's stack has no bound of its own, and the process would end."""
    depth = 0
    for event in yaml.parse(text, _loader()):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                line = event.start_mark.line + 1 if event.start_mark else 1
                raise Mistake(f"{path}:{line}: it is nested more than {DEEPEST} deep")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _loader() -> Any:
    """The safe loader, the fast one if it is there, leaving dates as the text they are."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    resolvers = {
        first: [(tag, pattern) for tag, pattern in known if tag != f"{_YAML}timestamp"]
        for first, known in loader.yaml_implicit_resolvers.items()
    }
    return type("Loader", (loader,), {"yaml_implicit_resolvers": resolvers})


@dataclass(slots=True)
class _Walk:
    """A look at every node before anything is made of it. `sizes` are of those seen, all aliases in them written out."""

    path: Path
    sizes: dict[int, int] = field(default_factory=dict)
    within: set[int] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)

    def told(self, root: yaml.Node | None) -> list[str]:
        """What is wrong, with file, line and field."""
        size = 0 if root is None else self._size(root, ())
        if size > max(MOST, len(self.sizes)):
            self.wrong.append(f"{self.path}: its aliases come to more than {MOST:,} values when written out")
        return self.wrong

    def _size(self, node: yaml.Node, place: tuple[str | int, ...]) -> int:
        """How many values a node comes to."""
        if id(node) in self.sizes:
            return self.sizes[id(node)]
        if id(node) in self.within:
            self._tell(node, place, "it is inside itself")
            return 1
        self.within.add(id(node))
        self._look_at(node, place)
        self.sizes[id(node)] = 1 + sum(self._size(each, (*place, step)) for step, each in _inner(node))
        self.within.discard(id(node))
        return self.sizes[id(node)]

    def _look_at(self, node: yaml.Node, place: tuple[str | int, ...]) -> None:
        if node.tag not in _PLAIN:
            self._tell(node, place, f"the tag {node.tag.replace(_YAML, '!!')!r} means nothing here")
        if not isinstance(node, yaml.MappingNode):
            return
        for key, _ in node.value:
            if key.tag not in (f"{_YAML}str", f"{_YAML}merge"):
                self._tell(
                    key, place, f"the key {key.value!r} is no text; put it in quotes" if _is_scalar(key) else "a key is text"
                )
        names = Counter(str(key.value) for key, _ in node.value)
        for key, _ in reversed(node.value):
            if names[str(key.value)] > 1:
                names[str(key.value)] = 1
                self._tell(key, (*place, str(key.value)), "it is there twice")

    def _tell(self, node: yaml.Node, place: Place, what: str) -> None:
        self.wrong.append(f"{self.path}:{node.start_mark.line + 1}: {_field(place)}: {what}")


def _inner(node: yaml.Node) -> Iterator[tuple[str | int, yaml.Node]]:
    """The values in a node, by the step that leads to each."""
    if isinstance(node, yaml.MappingNode):
        yield from ((str(key.value), value) for key, value in node.value)
    elif isinstance(node, yaml.SequenceNode):
        yield from enumerate(node.value)


def _is_scalar(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode)


def _field(place: Place) -> str:
    return ".".join(map(str, place)) or "the file"


def _line(root: yaml.Node | None, place: Place) -> int:
    """The line of a file that a field stands in, or as much of it as is there."""
    node, line = root, 1
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
