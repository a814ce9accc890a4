"""A schema as rows of a table: each member under its parent, what it may be, and where a schema comes back to itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_REFERENCE = "#/components/schemas/"
_CONDITIONS = ("if", "not", "dependentRequired")


@dataclass(frozen=True, slots=True)
class Member:
    """`depth` is 0 for the whole; `rules` are its bounds in words; `again` names the schema above that it is once more."""

    depth: int
    name: str
    type: str
    required: bool
    rules: tuple[str, ...]
    says: str
    again: str = ""


def members_of(node: Mapping[str, Any], components: Mapping[str, Any]) -> list[Member]:
    """The rows of a schema. Finite, also for a schema that contains itself."""
    return list(_rows(_Place("", 0, False, ()), node, components))


def schema_name(node: Mapping[str, Any]) -> str:
    """The name of the schema that a node refers to, if it does nothing else."""
    return str(node.get("$ref", "")).removeprefix(_REFERENCE)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a schema stands, and the schemas that it stands in."""

    name: str
    depth: int
    required: bool
    above: tuple[str, ...]


def _rows(place: _Place, node: Mapping[str, Any], components: Mapping[str, Any]) -> Iterator[Member]:
    whole, above = merged(node, components)
    again = next((name for name in above if name in place.above), "")
    inner = whole.get("items")
    item, item_above = merged(inner, components) if isinstance(inner, dict) else ({}, ())
    again = again or next((name for name in item_above if name in place.above), "")
    rules = (*_rules(whole), *(f"each {rule}" for rule in _rules(item)))
    says = whole.get("description") or item.get("description", "")
    yield Member(place.depth, place.name, _type(whole, item), place.required, rules, says, again)
    if again:
        return
    seen = (*place.above, *above, *item_above)
    for name, required, child in (*_children(whole), *_children(item)):
        yield from _rows(_Place(name, place.depth + 1, required, seen), child, components)


def merged(node: Mapping[str, Any], components: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """A schema with its references followed and its `allOf` put together, and the names that were followed."""
    names: tuple[str, ...] = ()
    while "$ref" in node:
        name = schema_name(node)
        if name in names:
            break
        names = (*names, name)
        node = {**components[name], **{key: value for key, value in node.items() if key != "$ref"}}
    whole = {key: value for key, value in node.items() if key != "allOf"}
    for part in node.get("allOf", ()):
        also, more = merged(part, components)
        names += more
        types = types_of(also), types_of(whole)
        whole = {**also, **whole, "properties": {**also.get("properties", {}), **whole.get("properties", {})}}
        if all(types):
            whole["type"] = [each for each in types[0] if each in types[1]] or types[1]
    return whole, names


def _children(node: Mapping[str, Any]) -> Iterator[tuple[str, bool, Mapping[str, Any]]]:
    required = node.get("required", ())
    for name, child in node.get("properties", {}).items():
        yield name, name in required, child if isinstance(child, dict) else {}
    for pattern, child in node.get("patternProperties", {}).items():
        yield f"/{pattern}/", False, child
    for keyword, word in (("oneOf", "exactly one"), ("anyOf", "any")):
        for number, child in enumerate(node.get(keyword, ()), 1):
            yield f"({word} of: {number})", False, child


def types_of(node: Mapping[str, Any]) -> list[str]:
    """The JSON types that a schema takes; none if it does not say."""
    said = node.get("type", [])
    return [said] if isinstance(said, str) else list(said)


def _type(node: Mapping[str, Any], item: Mapping[str, Any]) -> str:
    of = " or ".join(types_of(item))
    words = [f"array of {of}" if each == "array" and of else each for each in types_of(node)]
    if not words and ("const" in node or "enum" in node):
        words = list(dict.fromkeys(_JSON[type(each)] for each in node.get("enum", [node.get("const")])))
    return " or ".join(words) or ("array" if item else "object" if "properties" in node else "any")


_JSON: Mapping[type, str] = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}


def _rules(node: Mapping[str, Any]) -> Iterator[str]:
    """The bounds of a schema, in words."""
    for keyword, word in _VALUES.items():
        if keyword in node:
            yield f"{word} {_value(node[keyword])}"
    for least, most, what in _BOUNDS:
        if least in node or most in node:
            yield _range(node.get(least), node.get(most), what)
    yield from _manners(node)


_VALUES = {"const": "always", "enum": "one of", "format": "format", "pattern": "matches", "default": "default"}


def _value(value: Any) -> str:
    return ", ".join(map(_value, value)) if isinstance(value, list) else "null" if value is None else str(value)


def _manners(node: Mapping[str, Any]) -> Iterator[str]:
    if node.get("uniqueItems"):
        yield "no item twice"
    if node.get("additionalProperties") is False:
        yield "no other members"
    if "propertyNames" in node and "pattern" in node["propertyNames"]:
        yield f"names match {node['propertyNames']['pattern']}"
    if any(keyword in node for keyword in _CONDITIONS):
        yield "further conditions: see the document"
    if node.get("deprecated"):
        yield "deprecated"


_BOUNDS = (
    ("minimum", "maximum", ""),
    ("exclusiveMinimum", "exclusiveMaximum", ""),
    ("minLength", "maxLength", " character"),
    ("minItems", "maxItems", " item"),
    ("minProperties", "maxProperties", " member"),
)


def _range(least: Any, most: Any, what: str) -> str:
    if most is None:
        return f"at least {_of(least, what)}"
    if least is None:
        return f"at most {_of(most, what)}"
    return _of(least, what) if least == most else f"{least} to {_of(most, what)}"


def _of(number: Any, what: str) -> str:
    return f"{number}{what}{'s' if what and number != 1 else ''}"
