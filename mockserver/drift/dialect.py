"""A schema of OpenAPI 3.0 or of JSON Schema, read as a shape; a keyword that nobody here understands is an error."""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from typing import Any

from mockserver.drift.blending import any_of, any_schema, both, told_members
from mockserver.drift.shape import ANYTHING, BOUNDED, NOTHING, TYPES, Shape, value_type
from mockserver.mistake import Mistake

_COMPARED = frozenset(
    """$ref type nullable enum const format pattern uniqueItems default items required properties additionalProperties
    patternProperties propertyNames allOf anyOf oneOf if then else""".split()
) | frozenset(BOUNDED)
_SAID = frozenset(
    "title description example examples deprecated readOnly writeOnly xml externalDocs discriminator components".split()
)
"""For people, or about things that are not compared."""
_FORMATS = frozenset("date-time date time duration email hostname ipv4 ipv6 uri uuid".split())
"""Those that mean the same to everybody. Others (a text that is an `int64`) are hints."""
_WHOLE = {"int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1)}
_VACUOUS = {("minLength", 0), ("minItems", 0), ("minProperties", 0)}
_LONGEST_CHAIN = 50
_OPPOSITE = {"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"}


def shape(schema: Any, document: Mapping[str, Any]) -> Shape:
    """What a schema of a document says about a value. Raises `Mistake` for what is not understood."""
    if isinstance(schema, bool):
        return ANYTHING if schema else NOTHING
    _check(schema)
    try:
        own = _own(schema)
    except (AttributeError, TypeError) as error:
        raise Mistake(f"a schema is not as it should be: {error}: {str(schema)[:200]}") from None
    return reduce(both, _parts(schema, document), own)


def resolved(node: Any, document: Mapping[str, Any]) -> Any:
    """What stands where a reference points to, or the node itself."""
    for _ in range(_LONGEST_CHAIN):
        if not (isinstance(node, Mapping) and "$ref" in node):
            return node
        node = _at(node["$ref"], document)
    raise Mistake(f"references go round in a circle at {node['$ref']!r}")


def _at(reference: Any, document: Mapping[str, Any]) -> Any:
    if not str(reference).startswith("#/"):
        raise Mistake(f"a reference leads out of the document: {reference!r}")
    node: Any = document
    for step in str(reference)[2:].split("/"):
        name = step.replace("~1", "/").replace("~0", "~")
        if not isinstance(node, Mapping) or name not in node:
            raise Mistake(f"a reference leads nowhere: {reference!r}")
        node = node[name]
    return node


def _check(schema: Any) -> None:
    if not isinstance(schema, Mapping):
        raise Mistake(f"a schema is an object, not {str(schema)[:60]!r}")
    for keyword in schema:
        if keyword not in _COMPARED and keyword not in _SAID and not keyword.startswith("x-"):
            raise Mistake(f"a schema has the keyword {keyword!r}, which nobody here knows how to compare")


def _parts(schema: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[Shape]:
    """What has to be kept besides a schema's own keywords."""
    if "$ref" in schema:
        yield shape(_at(schema["$ref"], document), document)
    for each in schema.get("allOf", ()):
        yield shape(each, document)
    for keyword in ("anyOf", "oneOf"):
        if keyword in schema:
            yield any_of([shape(each, document) for each in schema[keyword]])
    if "if" in schema:
        yield any_of([shape(schema.get(keyword, True), document) for keyword in ("then", "else")])


def _own(schema: Mapping[str, Any]) -> Shape:
    enum = [schema["const"]] if "const" in schema else schema.get("enum")
    types = _types(schema, enum)
    return Shape(
        types=types,
        enum=None if enum is None else frozenset(each for each in enum if each is not None),
        bounds=dict(_bounds(schema)),
        patterns=frozenset({schema["pattern"]} if "pattern" in schema else ()),
        format=schema.get("format") if "string" in types and schema.get("format") in _FORMATS else None,
        required=frozenset(schema.get("required", ())),
        members=told_members(schema.get("properties", {}), _extras(schema)),
        extras=_extras(schema),
        names=frozenset({schema["propertyNames"]["pattern"]} if "pattern" in schema.get("propertyNames", {}) else ()),
        items=schema.get("items", True),
        unique=schema.get("uniqueItems", False),
        default=json.dumps(schema["default"], sort_keys=True) if "default" in schema else None,
    )


def _types(schema: Mapping[str, Any], enum: Iterable[Any] | None) -> frozenset[str]:
    said = schema.get("type")
    names = TYPES if said is None else set([said] if isinstance(said, str) else said)
    if "number" in names:
        names = {*names, "integer"}
    if enum is not None:
        names = set(names) & {value_type(each) for each in enum}
    if schema.get("nullable") and said is not None:
        names = {*names, "null"}  # also beside an enum without null: the vendors' generators write it so and mean it
    return frozenset(names)


def _bounds(schema: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    said = {keyword: schema[keyword] for keyword in BOUNDED if keyword in schema and (keyword, schema[keyword]) not in _VACUOUS}
    for keyword, opposite in _OPPOSITE.items():
        if isinstance(said.get(keyword), bool):  # as OpenAPI 3.0 has it
            exclusive = said.pop(keyword)
            if exclusive and opposite in said:
                said[keyword] = said.pop(opposite)
    if schema.get("type") == "integer" and schema.get("format") in _WHOLE:
        least, most = _WHOLE[schema["format"]]
        said.setdefault("minimum", least)
        said.setdefault("maximum", most)
    yield from said.items()


def _extras(schema: Mapping[str, Any]) -> Any:
    rest = schema.get("additionalProperties", True)
    by_pattern = list(schema.get("patternProperties", {}).values())
    return any_schema([*by_pattern, True if rest == {} else rest])
