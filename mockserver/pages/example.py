"""A request of an operation that this world would take: drafted from the schema, then mended until it is taken."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from mockserver.contract.operation import Operation
from mockserver.contract.repair import repaired, sample
from mockserver.engine import Engine
from mockserver.mending import mended
from mockserver.message import Request, compose
from mockserver.pages.member import merged, types_of
from mockserver.provider import Provider

_WORDS: Mapping[str, Any] = {
    "name": "A name",
    "description": "What it is for",
    "timezone": "UTC",
    "currency": "EUR",
    "lookbackWindow": 12,
    "dimensions": ["CampaignId", "Day", "Hour"],
    "metrics": ["Displays", "Clicks", "Cost"],
    "identifiers": ["ada@example.com"],
    "events": None,
    "audienceSegmentTypes": ["ContactList"],
    "algebra": {"audienceSegmentId": "1"},
    "grant_type": "client_credentials",
    "client_id": "demo-client",
    "client_secret": "demo-secret",
}
"""What a member is drafted with of which the schema says too little; nothing leaves it out."""
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class _Draft:
    """Drafts documents of the schemas of a document; `words` are what members of a name are drafted with."""

    components: Mapping[str, Any]
    words: Mapping[str, Any]

    def of(self, name: str, node: Mapping[str, Any], depth: int = 0) -> Any:
        """A document of a schema; nothing if it can be left out and nothing better is known."""
        whole, _ = merged(node, self.components)
        if name in self.words and _fits(self.words[name], whole):
            return self.words[name]
        if "const" in whole or "enum" in whole:
            return whole.get("const", next(iter(whole.get("enum", ())), None))
        if "properties" in whole and depth < _DEEPEST:
            drafts = {each: self.of(each, child, depth + 1) for each, child in whole["properties"].items()}
            required = whole.get("required", ())
            return {each: value for each, value in drafts.items() if value is not None or each in required} or None
        if isinstance(whole.get("items"), dict) and depth < _DEEPEST:
            item = self.of(name.removesuffix("s"), whole["items"], depth + 1)
            return None if item is None else [item]
        return None


def example(provider: Provider[Any], operation: Operation, node: Mapping[str, Any], engine: Engine) -> Request:
    """A request of an operation, whose `node` in the document is given; one as drafted where none is found that is taken."""
    components = engine.contract(provider).documents[operation.version]["components"]["schemas"]
    kinds = engine.world.parts[provider.name].entities().values()
    ids = list(dict.fromkeys(str(next(iter(rows))) for rows in kinds if rows))
    request = _drafted(operation, node, _Draft(components, {**_WORDS, "ids": ids}))
    trial = Engine(list(engine.providers.values()), engine.world.origin.fork())
    if operation.scopes:
        header = provider.authorize(trial.world, operation, ("1",)) or "Bearer token"
        request = replace(request, headers=(*request.headers, (b"authorization", header.encode())))
    trial.handle(request)
    (tried,) = trial.world.journal
    found = mended(tried, trial) if tried.objections or tried.response.status >= 400 else None
    return found.request if found else request


def _drafted(operation: Operation, node: Mapping[str, Any], draft: _Draft) -> Request:
    path = re.sub(r"\{[^}]*\}", "1", operation.path)
    query = {each.name: sample(each.schema) for each in operation.parameters if each.place == "query" and each.required}
    where = f"{path}?{urlencode(query)}" if query else path
    if operation.body is None or operation.media is None:
        return compose(operation.method, where)
    schema = node["requestBody"]["content"][operation.media]["schema"]
    body = draft.of("", schema)
    if not operation.body.accepts(body):
        body = repaired(operation.body, body)
    if operation.media == "application/json":
        return compose(operation.method, where, json=body)
    return compose(operation.method, where, form={name: str(value) for name, value in body.items() if value is not None})


_JSON_TYPES: Mapping[type, str] = {str: "string", int: "integer", list: "array", dict: "object", type(None): "null"}


def _fits(value: Any, schema: Mapping[str, Any]) -> bool:
    """Whether a schema takes a value of this type, or says nothing about it."""
    types = types_of(schema)
    return not types or _JSON_TYPES[type(value)] in types
