"""Which readings bear on an operation: those that anything it takes or answers varies with."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mockserver.contract.document import Library


def bearing(library: Library, version: str) -> dict[str, list[str]]:
    """The readings by operation of a version, in the order they are met."""
    path = library.versions[version]
    found: dict[str, list[str]] = {}
    for item in library.file(path)["paths"].values():
        file, pointer = _target(item["$ref"], path)
        for node in library.at(file, pointer).values():
            found[node["operationId"]] = list(dict.fromkeys(_met(library, node, file, set())))
    return found


def _target(reference: str, home: Path) -> tuple[Path, str]:
    file, _, pointer = reference.partition("#")
    return ((home.parent / file).resolve() if file else home), pointer


def _met(library: Library, node: Any, home: Path, seen: set[tuple[Path, str]]) -> Iterator[str]:
    if isinstance(node, list):
        for each in node:
            yield from _met(library, each, home, seen)
    elif isinstance(node, dict):
        if "x-reading" in node:
            yield node["x-reading"]
        if "$ref" in node and (target := _target(node["$ref"], home)) not in seen:
            seen.add(target)
            yield from _met(library, library.at(*target), target[0], seen)
        yield from _met(library, list(node.values()), home, seen)
