"""The contract as a routing table: which operation a path and a method mean."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from mockserver.contract.document import Documents, Library
from mockserver.contract.operation import Operation, Parameter
from mockserver.contract.schema import Schema

_KEPT = 32
_ROUTES = 1024
_LONGEST_KNOWN = 256
_METHODS = ("get", "put", "post", "delete", "patch")


@dataclass(slots=True)
class _Place:
    """A path so far: what may follow, and what can be done here."""

    named: "dict[str, _Place]" = field(default_factory=dict)
    any: "_Place | None" = None
    operations: dict[str, Operation] = field(default_factory=dict)


class Route(NamedTuple):
    """A path that exists: its operations by method, and the arguments in it."""

    operations: Mapping[str, Operation]
    arguments: tuple[str, ...]

    @property
    def allow(self) -> str:
        """What the `Allow` header says."""
        return ", ".join(sorted(self.operations))


class Contract:
    """One provider's contract under some readings: routes, operations, schemas by name."""

    def __init__(self, library: Library, readings: Mapping[str, str]):
        documents = Documents(library, readings)
        self.documents = documents.versions
        self._components = {"schemas": documents.components}
        self._schemas: dict[int, Schema] = {}
        self._root = _Place()
        self._routes: dict[str, Route] = {}
        self.operations = list(self._all_operations())
        for operation in self.operations:
            self._place(operation.path).operations[operation.method] = operation

    def route(self, path: str) -> Route | None:
        """Where a path leads, if anywhere."""
        known = self._routes.get(path)
        if known is None:
            known = self._found(path)
            if known is not None and len(path) <= _LONGEST_KNOWN:
                if len(self._routes) >= _ROUTES:
                    self._routes.clear()
                self._routes[path] = known
        return known

    def _found(self, path: str) -> Route | None:
        place, arguments = self._root, []
        for step in path.split("/"):
            next_place = place.named.get(step)
            if next_place is None:
                if place.any is None or not step:
                    return None
                next_place = place.any
                arguments.append(step)
            place = next_place
        return Route(place.operations, tuple(arguments)) if place.operations else None

    def component(self, name: str) -> Schema:
        """A schema by its name in the documents."""
        return self._schema(self._components["schemas"][name])

    def _place(self, path: str) -> _Place:
        place = self._root
        for step in path.split("/"):
            if step.startswith("{"):
                place.any = place.any or _Place()
                place = place.any
            else:
                place = place.named.setdefault(step, _Place())
        return place

    def _all_operations(self) -> Iterator[Operation]:
        for version, document in self.documents.items():
            for path, item in document["paths"].items():
                for method in _METHODS:
                    if method in item:
                        yield self._operation(version, path, method, item[method])

    def _operation(self, version: str, path: str, method: str, node: Mapping[str, Any]) -> Operation:
        body = node.get("requestBody", {})
        contents: Mapping[str, Any] = body.get("content", {})
        media = next(iter(contents), None)
        return Operation(
            id=node["operationId"],
            method=method.upper(),
            path=path,
            version=version,
            scopes=tuple(scope for need in node.get("security", []) for scopes in need.values() for scope in scopes),
            parameters=tuple(self._parameter(parameter) for parameter in node.get("parameters", [])),
            media=media,
            body=self._schema(contents[media]["schema"]) if media else None,
            body_required=body.get("required", False),
            answers={int(status): self._answer(answer) for status, answer in node["responses"].items()},
        )

    def _parameter(self, node: Mapping[str, Any]) -> Parameter:
        schema = node["schema"]
        return Parameter(
            name=node["name"],
            place=node["in"],
            required=node.get("required", False),
            default=schema.get("default"),
            integer=schema.get("type") == "integer",
            schema=self._schema(schema),
        )

    def _answer(self, node: Mapping[str, Any]) -> Schema | None:
        content = node.get("content", {}).get("application/json")
        return self._schema(content["schema"]) if content else None

    def _schema(self, node: Mapping[str, Any]) -> Schema:
        if id(node) not in self._schemas:
            self._schemas[id(node)] = Schema(node, self._components)
        return self._schemas[id(node)]


class Contracts:
    """One provider's contracts; each combination of the readings that they vary with is compiled once and kept a while."""

    def __init__(self, folder: Path):
        self.library = Library(folder)
        self._relevant: list[str] | None = None
        self._compiled: dict[tuple[str, ...], Contract] = {}

    def under(self, readings: Mapping[str, str]) -> Contract:
        """The contract under these readings."""
        if self._relevant is None:
            self._relevant = sorted(self.library.readings())
        key = tuple(readings[name] for name in self._relevant)
        if key not in self._compiled:
            if len(self._compiled) >= _KEPT:
                self._compiled.clear()
            self._compiled[key] = Contract(self.library, readings)
        return self._compiled[key]
