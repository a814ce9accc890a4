"""The API documents for people: every operation of a version as the fake keeps it under the readings in force."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from mockserver.catalogue import claims
from mockserver.contract.operation import Operation
from mockserver.engine import Engine
from mockserver.evidence import KINDS
from mockserver.message import Request
from mockserver.mistake import unknown
from mockserver.pages.bearing import bearing
from mockserver.pages.curl import curl, variables
from mockserver.pages.example import example
from mockserver.pages.member import Member, members_of, schema_name
from mockserver.pages.room import Room, Visit
from mockserver.provider import Provider


@dataclass(frozen=True, slots=True)
class Answer:
    """`name` is the schema of a refusal, which is shown once for all; `members` those of any other."""

    status: str
    says: str
    headers: Mapping[str, str]
    name: str
    members: list[Member]


@dataclass(frozen=True, slots=True)
class Described:
    """An operation as the page shows it; `example` is a body that this world would take, `readings` those that bear on it."""

    operation: Operation
    summary: str
    parameters: list[tuple[Mapping[str, Any], Member]]
    body: list[Member]
    body_required: bool
    example: str
    curl: str
    variables: list[str]
    answers: list[Answer]
    readings: list[str]


def show_index(visit: Visit) -> Mapping[str, Any]:
    """Every version of every provider."""
    return {"providers": {name: _versions(visit.engine, each) for name, each in visit.engine.providers.items()}}


def _versions(engine: Engine, provider: Provider[Any]) -> dict[str, int]:
    documents = engine.contract(provider).documents
    return {version: sum(len(item) for item in document["paths"].values()) for version, document in documents.items()}


def show_version(visit: Visit) -> Mapping[str, Any]:
    """The operations of a version by resource. Raises `Mistake`."""
    engine, place = visit.engine, visit.place
    if place["provider"] not in engine.providers:
        raise unknown("provider", place["provider"], engine.providers)
    provider = engine.providers[place["provider"]]
    documents = engine.contract(provider).documents
    if place["version"] not in documents:
        raise unknown("version", place["version"], documents)
    document = documents[place["version"]]
    described = list(_described(visit, provider, place["version"], document))
    shared = {answer.name for _, each in described for answer in each.answers if answer.name}
    schemas = document["components"]["schemas"]
    return {
        "provider": provider.name,
        "version": place["version"],
        "versions": list(documents),
        "title": document["info"]["title"],
        "about": document["info"].get("description", ""),
        "resources": {tag: [each for of, each in described if of == tag] for tag in dict.fromkeys(tag for tag, _ in described)},
        "shared": {name: members_of(schemas[name], schemas) for name in sorted(shared)},
        "problems": sorted((each for each in claims(provider) if each.sort == "problem"), key=lambda each: each.statement),
        "kinds": KINDS,
        "readings": engine.world.readings,
    }


def _described(
    visit: Visit, provider: Provider[Any], version: str, document: Mapping[str, Any]
) -> Iterator[tuple[str, Described]]:
    """The operations, each with its resource."""
    readings = bearing(provider.contracts.library, version)
    schemas = document["components"]["schemas"]
    for operation in visit.engine.contract(provider).operations:
        if operation.version != version:
            continue
        node = document["paths"][operation.path][operation.method.lower()]
        request = example(provider, operation, node, visit.engine)
        command = curl(visit.base, request, made_up=True)
        body = node.get("requestBody", {}).get("content", {}).get(operation.media, {}).get("schema")
        yield (
            next(iter(node.get("tags", ())), "Operations"),
            Described(
                operation,
                node.get("summary", ""),
                [(each, members_of(each["schema"], schemas)[0]) for each in node.get("parameters", ())],
                members_of(body, schemas) if body else [],
                operation.body_required,
                _body(request),
                command,
                variables(command),
                [_answer(status, each, schemas) for status, each in sorted(node["responses"].items())],
                readings.get(operation.id, []),
            ),
        )


def _body(request: Request) -> str:
    """A body of JSON, set out; a form is plain to see in the command."""
    if not request.body or request.header(b"content-type") != "application/json":
        return ""
    return orjson.dumps(orjson.loads(request.body), option=orjson.OPT_INDENT_2).decode()


def _answer(status: str, node: Mapping[str, Any], schemas: Mapping[str, Any]) -> Answer:
    schema = node.get("content", {}).get("application/json", {}).get("schema")
    headers = {name: each.get("description", "") for name, each in node.get("headers", {}).items()}
    name = schema_name(schema) if schema and not status.startswith("2") else ""
    return Answer(
        status, node.get("description", ""), headers, name, members_of(schema, schemas) if schema and not name else []
    )


DOCS_INDEX = Room("docs.html", show_index)
DOCS = Room("docs_version.html", show_version)
