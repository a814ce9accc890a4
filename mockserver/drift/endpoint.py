"""One operation of an OpenAPI document, taken apart for comparing."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.drift.dialect import resolved
from mockserver.mistake import Mistake

_METHODS = ("get", "put", "post", "delete", "patch", "head", "options", "trace")
_JSON = "application/json"

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter, and its schema."""

    required: bool
    schema: Any


@dataclass(frozen=True, slots=True)
class Content:
    """What a body may be: its media types, and the schema of the JSON one or of the first; no schema if none is told."""

    media: frozenset[str]
    schema: Any = None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An operation. `parameters` are by place and name, `answers` by status; `document` is where its references lead."""

    id: str
    method: str
    path: str
    scopes: frozenset[str]
    parameters: Mapping[tuple[str, str], Parameter]
    body: Content | None
    body_required: bool
    answers: Mapping[str, Content]
    document: Mapping[str, Any]


def endpoints(document: Mapping[str, Any], version: str) -> dict[Key, Endpoint]:
    """The operations of a document by method and path, in which no version and no parameter's name matters."""
    found = {}
    for path, item in document["paths"].items():
        for method in _METHODS:
            try:
                if method in item:
                    found[method, bare_path(path, version)] = _endpoint(path, method, item, document)
            except (AttributeError, KeyError, TypeError) as error:
                raise Mistake(f"{method.upper()} {path} is not as OpenAPI has it: {error!r}") from None
    return found


def bare_path(path: str, version: str) -> str:
    """A path without the names of its parameters and of its version."""
    first, *rest = re.sub(r"\{[^}]*\}", "{}", path.removeprefix("/")).split("/")
    return "/".join(("", "{version}" if first == version else first, *rest))


def _endpoint(path: str, method: str, item: Mapping[str, Any], document: Mapping[str, Any]) -> Endpoint:
    node = item[method]
    body = resolved(node.get("requestBody"), document)
    return Endpoint(
        id=node.get("operationId", f"{method} {path}"),
        method=method.upper(),
        path=path,
        scopes=frozenset(_scopes(node.get("security", document.get("security", ())))),
        parameters=dict(_parameters([*item.get("parameters", ()), *node.get("parameters", ())], document)),
        body=_content(body) if body else None,
        body_required=bool(body and body.get("required")),
        answers={str(status): _content(resolved(each, document)) for status, each in node["responses"].items()},
        document=document,
    )


def _scopes(security: Any) -> Iterator[str]:
    for need in security:
        for scopes in need.values():
            yield from scopes


def _parameters(nodes: Any, document: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], Parameter]]:
    for each in nodes:
        node = resolved(each, document)
        yield (node["in"], node["name"]), Parameter(node.get("required", False), node.get("schema", True))


def _content(node: Mapping[str, Any]) -> Content:
    """Of a body or an answer. A media type without a schema, as some documents give an empty answer, tells of no body."""
    told = {media: each["schema"] for media, each in node.get("content", {}).items() if "schema" in each}
    if not told:
        return Content(frozenset())
    return Content(frozenset(told), told.get(_JSON, next(iter(told.values()))))
