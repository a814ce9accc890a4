"""Everything that is compared of an operation, as lines and as one number that moves when any of them does."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from mockserver.drift.dialect import shape
from mockserver.drift.endpoint import Content, Endpoint
from mockserver.drift.shape import Shape, types_told
from mockserver.fingerprint import hex_fingerprint


def moved_by(endpoint: Endpoint) -> str:
    """The number, as hexadecimal digits: of facts alone, in no order, so that no change of words moves it."""
    return hex_fingerprint(0, "\n".join(sorted(facts(endpoint))))[:16]


def facts(endpoint: Endpoint) -> Iterator[str]:
    """A line for each fact."""
    yield from (f"scope {scope}" for scope in endpoint.scopes)
    for (place, name), parameter in endpoint.parameters.items():
        yield f"{place}/{name} required {parameter.required}"
        yield from _facts(f"{place}/{name}", parameter.schema, endpoint.document)
    if endpoint.body is not None:
        yield f"body required {endpoint.body_required}"
        yield from _content("body", endpoint.body, endpoint.document)
    for status, answer in endpoint.answers.items():
        yield f"{status}"
        yield from _content(status, answer, endpoint.document)


def _content(place: str, content: Content, document: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"{place} media {media}" for media in content.media)
    if content.media:
        yield from _facts(place, content.schema, document)


def _facts(place: str, schema: Any, document: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[str]:
    text = json.dumps(schema, sort_keys=True)
    if text in above:
        yield f"{place} as {len(above) - above.index(text)} above"
        return
    above = (*above, text)
    found = shape(schema, document)
    yield from (f"{place} {fact}" for fact in _own(found))
    if "object" in found.types:
        for name, member in found.members.items():
            yield from _facts(f"{place}/{name}", member, document, above)
        if not isinstance(found.extras, bool):
            yield from _facts(f"{place}/{{any}}", found.extras, document, above)
    if "array" in found.types and found.items is not True:
        yield from _facts(f"{place}[]", found.items, document, above)


def _own(found: Shape) -> Iterator[str]:
    yield f"type {types_told(found.types)}"
    yield f"default {found.default}"
    yield f"format {found.format}"
    yield f"unique {found.unique}"
    yield f"extras {found.extras if isinstance(found.extras, bool) else 'told'}"
    yield from (f"bound {keyword} {value}" for keyword, value in found.bounds.items())
    for name in ("enum", "patterns", "required", "names"):
        yield from (f"{name} {json.dumps(value)}" for value in getattr(found, name) or ())
