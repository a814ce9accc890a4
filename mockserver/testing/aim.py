"""What a drawn call is aimed at: an operation of a version, and the world that is to answer it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from mockserver.contract.operation import Operation
from mockserver.engine import Engine
from mockserver.mistake import Mistake, unknown
from mockserver.providers import PROVIDERS
from mockserver.providers.criteo.world import CriteoWorld
from mockserver.testing.generation import Grammar, Schema
from mockserver.testing.holdings import Holdings, caller, holdings
from mockserver.worlds import founded


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Aim:
    """An operation, the document that it stands in and its grammar, the name of its provider, and the engine."""

    operation: Operation
    document: Mapping[str, Any]
    provider: str
    engine: Engine
    grammar: Grammar

    @property
    def schema(self) -> Schema:
        """The schema of a body. Raises `Mistake` if the operation takes none."""
        operation = self.operation
        if operation.media is None:
            raise Mistake(f"the operation {operation.id} takes no body")
        node = self.document["paths"][operation.path][operation.method.lower()]
        schema: Schema = node["requestBody"]["content"][operation.media]["schema"]
        return schema

    def holdings(self, path: str | None = None) -> Holdings:
        """What the first caller that may do this may speak of, with the account and segment that a path names."""
        world = self.engine.world.parts[self.provider]
        assert isinstance(world, CriteoWorld)
        application = caller(world, self.operation.id, self.operation.scopes)
        named = {} if path is None else _arguments(self.operation.path, path)
        account, segment = named.get("account-id"), named.get("audience-segment-id")
        return holdings(world, self.engine.world.readings, application, account, segment)


def aim(operation: str, version: str | None, engine: Engine | None) -> Aim:
    """The operation of that id in a version, or in the newest dated one that has it. Raises `Mistake`."""
    answering = engine or _demo()
    found = [
        Aim(each, document, provider.name, answering, Grammar(document["components"]["schemas"]))
        for provider in answering.providers.values()
        for contract in [answering.contract(provider)]
        for each in contract.operations
        for document in [contract.documents[each.version]]
    ]
    named = {each.operation.version: each for each in found if each.operation.id == operation}
    if not named:
        raise unknown("operation", operation, {each.operation.id for each in found})
    chosen = _newest(named) if version is None else version
    if chosen not in named:
        raise unknown(f"version of {operation}", chosen, named)
    return named[chosen]


def _newest(versions: Iterable[str]) -> str:
    """The last of the dated versions; without any, the last by its name."""
    return max(versions, key=lambda version: (version[0].isdigit(), version))


def _arguments(template: str, path: str) -> dict[str, str]:
    """What a path has where its template has names. Raises `Mistake` if it is not one of those."""
    steps = [*zip(template.split("/"), path.split("/"), strict=False)]
    fits = template.count("/") == path.count("/") and all(name.startswith("{") or name == step for name, step in steps)
    if not fits:
        raise Mistake(f"{path!r} is not one of the paths {template}")
    return {name[1:-1]: step for name, step in steps if name.startswith("{")}


@cache
def _demo() -> Engine:
    return founded(PROVIDERS, "demo", rate_limit=None)
