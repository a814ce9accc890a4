"""Reads the contracts: a version is a table of contents, the pieces are shared, a reading picks between variants.

In a piece, a mapping `{x-reading: NAME, ALTERNATIVE: …, ALTERNATIVE: …}` stands for what the reading in force says, so
both variants of a contradiction are written side by side, and the document served is the contract of that world.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

_UNDERSTOOD = frozenset(
    """$ref additionalProperties allOf anyOf const default deprecated description else enum example examples exclusiveMinimum
    format if items maximum maxItems maxLength maxProperties minimum minItems minLength minProperties not oneOf pattern
    patternProperties properties propertyNames required then title type uniqueItems""".split()
)
_BOUNDS = {"int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1)}


class Library:
    """One provider's contracts as they lie on disk; every file is parsed once."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.versions = {path.stem: path for path in sorted(folder.glob("*.yaml"))}
        self._files: dict[Path, Any] = {}
        self._targets: dict[tuple[Path, str], Path] = {}

    def file(self, path: Path) -> Any:
        """A parsed file."""
        if path not in self._files:
            loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
            self._files[path] = yaml.load(path.read_text("utf-8"), loader)  # noqa: S506 - both loaders are the safe one
        return self._files[path]

    def readings(self) -> set[str]:
        """The readings that any file here varies with."""
        texts = (path.read_text("utf-8") for path in self.folder.rglob("*.yaml"))
        return {name for text in texts for name in re.findall(r"x-reading: ([a-z0-9-]+)", text)}

    def asking(self, operation: str) -> frozenset[str]:
        """The readings that what an operation takes varies with: its parameters and its body."""
        for path in self.versions.values():
            for node, home in self._operations(path):
                if node["operationId"] == operation:
                    return frozenset(self._varying([node.get("parameters"), node.get("requestBody")], home, set()))
        return frozenset()

    def _operations(self, path: Path) -> Iterator[tuple[Any, Path]]:
        """Every operation of a version, and the file it is written in."""
        for item in self.file(path)["paths"].values():
            home, pointer = self.target(item["$ref"], path)
            yield from ((node, home) for node in self.at(home, pointer).values())

    def _varying(self, node: Any, home: Path, seen: set[tuple[Path, str]]) -> Iterator[str]:
        if isinstance(node, list):
            for item in node:
                yield from self._varying(item, home, seen)
        elif isinstance(node, dict):
            if "x-reading" in node:
                yield node["x-reading"]
            if "$ref" in node:
                target, pointer = self.target(node["$ref"], home)
                if (target, pointer) not in seen:
                    seen.add((target, pointer))
                    yield from self._varying(self.at(target, pointer), target, seen)
            yield from self._varying(list(node.values()), home, seen)

    def target(self, reference: str, home: Path) -> tuple[Path, str]:
        """The file that a reference in a file leads to, and the place in it."""
        file, _, pointer = reference.partition("#")
        if not file:
            return home, pointer
        if (home, file) not in self._targets:  # the file system is asked once: references are many, files are few
            self._targets[home, file] = (home.parent / file).resolve()
        return self._targets[home, file], pointer

    def at(self, path: Path, pointer: str) -> Any:
        """What stands at a place of a file. Raises `ValueError` if nothing does."""
        node = self.file(path)
        for step in pointer.strip("/").split("/"):
            if step not in node:
                raise ValueError(f"{path.name} has nothing at {pointer}")
            node = node[step]
        return node


class Documents:
    """The documents of every version under some readings, whole: no reference leaves a document.

    Pieces that versions share are the same objects in each, so whatever is compiled from them is compiled once.
    """

    def __init__(self, library: Library, readings: Mapping[str, str]):
        self._library = library
        self._readings = readings
        self._pieces: dict[tuple[Path, str], Any] = {}
        self.components: dict[str, Any] = {}
        self.versions = {version: self._version(path) for version, path in library.versions.items()}

    def _version(self, path: Path) -> dict[str, Any]:
        document: dict[str, Any] = self._resolved(self._library.file(path), path)
        document["components"]["schemas"] = self.components
        return document

    def _resolved(self, node: Any, home: Path) -> Any:
        if isinstance(node, list):
            return [self._resolved(item, home) for item in node]
        if not isinstance(node, dict):
            return node
        if "x-reading" in node:
            return self._resolved(self._variant(node, home), home)
        if "$ref" in node:
            return self._reference(node["$ref"], home)
        resolved = {str(key): self._resolved(value, home) for key, value in node.items()}
        return _bounded(resolved)

    def _variant(self, node: dict[Any, Any], home: Path) -> Any:
        name = node["x-reading"]
        variants = {str(key): value for key, value in node.items() if key != "x-reading"}
        if self._readings.get(name) not in variants:
            raise ValueError(f"{home.name}: no variant for reading {name!r} = {self._readings.get(name)!r}")
        return variants[self._readings[name]]

    def _reference(self, reference: str, home: Path) -> Any:
        target, pointer = self._library.target(reference, home)
        if pointer.startswith("/schemas/"):
            return {"$ref": f"#/components/schemas/{self._component(target, pointer)}"}
        if (target, pointer) not in self._pieces:
            self._pieces[target, pointer] = self._resolved(self._library.at(target, pointer), target)
        return self._pieces[target, pointer]

    def _component(self, target: Path, pointer: str) -> str:
        name = pointer.removeprefix("/schemas/")
        if (target, pointer) not in self._pieces:
            if name in self.components:
                raise ValueError(f"{target.name}: another piece has a schema {name!r} too")
            self._pieces[target, pointer] = self.components[name] = {}
            self.components[name].update(self._resolved(_understood(self._library.at(target, pointer), target), target))
        return name


def _understood(schema: Any, home: Path) -> Any:
    """The schema, if every keyword of it is one we know: a contract is never half-read."""
    if isinstance(schema, dict) and "x-reading" not in schema:
        for keyword, value in schema.items():
            if keyword not in _UNDERSTOOD:
                raise ValueError(f"{home.name}: a schema has the keyword {keyword!r}, which nobody here understands")
            for inner in (
                value.values() if keyword in ("properties", "patternProperties") else [value] if keyword != "default" else []
            ):
                _understood(inner, home)
    return schema


def _bounded(schema: dict[str, Any]) -> dict[str, Any]:
    """An integer of a format with its bounds spelled out: JSON Schema validators do not check the format."""
    if schema.get("type") == "integer" and schema.get("format") in _BOUNDS:
        least, most = _BOUNDS[schema["format"]]
        schema.setdefault("minimum", least)
        schema.setdefault("maximum", most)
    return schema
