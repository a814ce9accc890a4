"""Small documents and small contracts, written for the tests of drift."""

import dataclasses
import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml

from mockserver.contract.router import Contracts
from mockserver.drift.comparison import AGAINST_OFFICIAL, Classes, Difference, compared
from mockserver.drift.endpoint import Endpoint, endpoints
from mockserver.provider import Provider
from mockserver.providers import PROVIDERS

Told = tuple[str, str, str]
"""Place after the operation's id, kind, class."""


def operation(id: str = "makeThing", body: Any = None, answer: Any = None, **more: Any) -> dict[str, Any]:
    """An operation with a JSON body and a JSON answer, where they are given."""
    node: dict[str, Any] = {"operationId": id, "responses": {"200": {"description": "Done."}}}
    if body is not None:
        node["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    if answer is not None:
        node["responses"]["200"]["content"] = {"application/json": {"schema": answer}}
    return {**node, **more}


def document(version: str = "v1", schemas: Any = None, **operations: Any) -> dict[str, Any]:
    """A document whose operations are each at `/VERSION/shop/NAME`, by POST."""
    return {
        "openapi": "3.0.3",
        "info": {"title": "A shop", "version": version.title()},
        "paths": {f"/{version}/shop/{name}": {"post": deepcopy(node)} for name, node in operations.items()},
        "components": {"schemas": schemas or {}},
    }


def only(node: Any, schemas: Any = None) -> Endpoint:
    """The one operation of a document."""
    (found,) = endpoints(document(schemas=schemas, things=node), "v1").values()
    return found


def differences(ours: Any, theirs: Any, schemas: Any = None, classes: Classes = AGAINST_OFFICIAL) -> list[Difference]:
    """Of two operations."""
    return list(compared(only(ours, schemas), only(theirs, schemas), "v1", classes))


def told(found: list[Difference]) -> list[Told]:
    return [(each.place.partition("/")[2], each.facet.kind, each.classed) for each in found]


def written(file: Path, document: Any) -> str:
    """A document in a file; gives the file's name."""
    file.write_text(json.dumps(document))
    return str(file)


def provider(folder: Path, reasons: Any = None, **versions: dict[str, Any]) -> Provider[Any]:
    """A provider that has these operations by name in these versions, and whose contract gives these reasons."""
    (folder / "shared").mkdir(exist_ok=True)
    for version, operations in versions.items():
        piece = {"paths": {name: {"post": node} for name, node in operations.items()}}
        (folder / "shared" / f"{version}.yaml").write_text(yaml.safe_dump(piece))
        paths = {f"/{version}/shop/{name}": {"$ref": f"shared/{version}.yaml#/paths/{name}"} for name in operations}
        said = {"openapi": "3.1.0", "info": {"title": "Ours", "version": version}, "components": {}, "paths": paths}
        (folder / f"{version}.yaml").write_text(yaml.safe_dump(said))
    if reasons is not None:
        (folder / "official").mkdir(exist_ok=True)
        (folder / "official" / "intent.yaml").write_text(yaml.safe_dump(reasons))
    return dataclasses.replace(PROVIDERS[0], name="shop", contracts=Contracts(folder), readings=())
