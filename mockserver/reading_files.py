"""Readings files: which alternative each reading takes, as written by hand or by a run of the contract kit."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import yaml

from mockserver.mistake import Mistake, unknown
from mockserver.readings import Reading

_MEMBERS = ("observed", "target", "readings", "unseen")
_OF_READING = ("alternative", "evidence", "unproven", "question", "exchanges")
_MOST = 10


def read_readings(path: Path, declared: Iterable[Reading]) -> dict[str, str]:
    """The alternative of each reading that a file names. Raises `Mistake` naming file, lines and fields."""
    known = {reading.name: reading for reading in declared}
    root = _composed(path)
    told = list(_wrong(root, known))
    if told:
        raise Mistake("\n".join(f"{path}:{line}: {text}" for line, text in told[:_MOST]))
    assert root is not None, "no file without a root is right"
    readings = dict(_members(root))["readings"]
    return {name: _alternative(node).value for name, node in _members(readings)}


def _composed(path: Path) -> yaml.Node | None:
    """The file as nodes, which know their lines; nothing is made of them, so that `204` and `1-24` stay text."""
    try:
        return yaml.compose(path.read_text("utf-8"), yaml.SafeLoader)
    except OSError as error:
        raise Mistake(f"{path}: {error.strerror}") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Mistake(f"{path}:{line}: not YAML: {error.problem}") from None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise Mistake(f"{path}: not YAML: {error}") from None


Told = Iterator[tuple[int, str]]
"""Lines, and what is wrong there."""


def _wrong(root: yaml.Node | None, known: Mapping[str, Reading]) -> Told:
    if not isinstance(root, yaml.MappingNode):
        yield 1, "the file: it is an object with the member readings"
        return
    yield from _wrong_names(root, "", "field", _MEMBERS)
    readings = dict(_members(root)).get("readings")
    if readings is None:
        yield 1, "the file: it has no readings"
    elif not isinstance(readings, yaml.MappingNode):
        yield _line(readings), "readings: they are an object, each reading's name and what it takes"
    else:
        yield from _wrong_names(readings, "readings.", "reading", known)
        for name, node in _members(readings):
            if name in known:
                yield from _wrong_reading(node, known[name])


def _wrong_names(node: yaml.MappingNode, place: str, what: str, known: Iterable[str]) -> Told:
    """Names that nobody knows, and those that are there twice."""
    met = set()
    for key, _ in node.value:
        name = str(key.value)
        if name not in set(known):
            yield _line(key), f"{place}{name}: {unknown(what, name, known)}"
        elif name in met:
            yield _line(key), f"{place}{name}: it is there twice"
        met.add(name)


def _wrong_reading(node: yaml.Node, reading: Reading) -> Told:
    place = f"readings.{reading.name}"
    if isinstance(node, yaml.MappingNode):
        yield from _wrong_names(node, f"{place}.", "field", _OF_READING)
        if "alternative" not in dict(_members(node)):
            yield _line(node), f"{place}: it has no alternative"
            return
    taken = _alternative(node)
    if not isinstance(taken, yaml.ScalarNode):
        yield _line(taken), f"{place}: it takes one of {', '.join(reading.alternatives)}"
    elif taken.value not in reading.alternatives:
        mistake = unknown(f"alternative of reading {reading.name!r}", taken.value, reading.alternatives)
        yield _line(taken), f"{place}: {mistake}"


def _alternative(node: yaml.Node) -> yaml.Node:
    """Where the alternative of a reading stands: by itself, or among what is said of it."""
    return dict(_members(node))["alternative"] if isinstance(node, yaml.MappingNode) else node


def _members(node: yaml.Node) -> Iterator[tuple[str, yaml.Node]]:
    return ((str(key.value), value) for key, value in node.value)


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
