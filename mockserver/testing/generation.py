"""Values of a schema: a Hypothesis strategy for whatever the schema of a request describes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

Schema = Mapping[str, Any]
Fields = Mapping[str, SearchStrategy[Any]]

_UNDERSTOOD = frozenset(
    """$ref allOf const default deprecated description enum example examples format items maximum maxItems maxLength minimum
    minItems minLength pattern properties required title type uniqueItems""".split()
)
_OFTEN = 3
_MORE = 2
"""How many items more than it must have a list has at most."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """The components that schemas refer to, and the strategies of members that are known by name.

    Members of `always` are there whatever the schema says, lists among them not empty.
    """

    components: Mapping[str, Schema]
    fields: Fields = field(default_factory=dict)
    always: frozenset[str] = frozenset()
    _made: dict[str, SearchStrategy[Any]] = field(default_factory=dict)
    _merged: dict[int, Schema] = field(default_factory=dict)


def values(schema: Schema, grammar: Grammar, member: str | None = None) -> SearchStrategy[Any]:
    """Values of a schema, the simplest first; of one of the grammar's members if it stands for one."""
    if member is not None and member in grammar.fields:
        nullable = "null" in types(merged(schema, grammar))
        return _nullable([grammar.fields[member]]) if nullable else grammar.fields[member]
    name = schema.get("$ref", "").rpartition("/")[2]
    if not name:
        return _values(merged(schema, grammar), grammar, member)
    if name not in grammar._made:
        whole = merged(schema, grammar)
        grammar._made[name] = st.deferred(lambda: _values(whole, grammar, None))
    return grammar._made[name]


def merged(schema: Schema, grammar: Grammar) -> Schema:
    """A schema with its reference followed and its `allOf` taken together. Raises `ValueError` for an unknown keyword."""
    known = grammar._merged.get(id(schema))
    if known is None:
        known = grammar._merged[id(schema)] = _merged(schema, grammar)
    return known


def _merged(schema: Schema, grammar: Grammar) -> Schema:
    if "$ref" in schema:
        return merged(grammar.components[schema["$ref"].rpartition("/")[2]], grammar)
    for keyword in schema.keys() - _UNDERSTOOD:
        raise ValueError(f"nothing is generated for a schema with the keyword {keyword!r}")
    whole: dict[str, Any] = {keyword: value for keyword, value in schema.items() if keyword != "allOf"}
    for part in schema.get("allOf", ()):
        whole = _joined(whole, merged(part, grammar))
    return whole


def types(schema: Schema) -> list[str]:
    """The types that a merged schema allows; none if it does not say."""
    said = schema.get("type", [])
    return [said] if isinstance(said, str) else list(said)


def _joined(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    whole = {**one, **other}
    if "type" in one and "type" in other:
        whole["type"] = [each for each in types(one) if each in types(other)]
    if "properties" in one and "properties" in other:
        whole["properties"] = {**one["properties"], **other["properties"]}
    if "required" in one and "required" in other:
        whole["required"] = [*one["required"], *other["required"]]
    return whole


def _values(schema: Schema, grammar: Grammar, member: str | None) -> SearchStrategy[Any]:
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    wanted = types(schema) or (["object"] if "properties" in schema else list(_BY_TYPE))
    alternatives = [_BY_TYPE[each](schema, grammar, member) for each in wanted if each != "null"]
    return _nullable(alternatives) if "null" in wanted else st.one_of(alternatives)


def _nullable(alternatives: list[SearchStrategy[Any]]) -> SearchStrategy[Any]:
    """One of these, now and then null."""
    return st.one_of([*alternatives * _OFTEN, st.none()])


def _objects(schema: Schema, grammar: Grammar, member: str | None) -> SearchStrategy[Any]:
    needed = {*schema.get("required", ()), *grammar.always}
    inner = {name: values(each, grammar, name) for name, each in schema.get("properties", {}).items()}
    required = {name: each for name, each in inner.items() if name in needed}
    optional = {name: each for name, each in inner.items() if name not in needed}
    return st.fixed_dictionaries(required, optional=optional)


def _arrays(schema: Schema, grammar: Grammar, member: str | None) -> SearchStrategy[Any]:
    items = values(schema["items"], grammar) if "items" in schema else _SCALARS
    least = max(schema.get("minItems", 0), 1 if member in grammar.always else 0)
    most = min(schema.get("maxItems", least + _MORE), least + _MORE)
    unique_by: Callable[[Any], bytes] | None = orjson.dumps if schema.get("uniqueItems") else None
    return st.lists(items, min_size=least, max_size=most, unique_by=unique_by)


def _strings(schema: Schema, grammar: Grammar, member: str | None) -> SearchStrategy[Any]:
    if "pattern" in schema:
        return st.from_regex(schema["pattern"], fullmatch=True)
    least = schema.get("minLength", 0)
    return st.text(min_size=least, max_size=max(least, min(schema.get("maxLength", 20), 20)))


def _integers(schema: Schema, grammar: Grammar, member: str | None) -> SearchStrategy[Any]:
    least, most = schema.get("minimum", -(2**63)), schema.get("maximum", 2**63 - 1)
    return st.integers(least, most)


def _numbers(schema: Schema, grammar: Grammar, member: str | None) -> SearchStrategy[Any]:
    bounds: Iterable[float] = (schema.get("minimum", -1e9), schema.get("maximum", 1e9))
    least, most = bounds
    return st.floats(least, most, allow_subnormal=False)


def _booleans(schema: Schema, grammar: Grammar, member: str | None) -> SearchStrategy[Any]:
    return st.booleans()


_SCALARS = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=9)
_BY_TYPE: Mapping[str, Callable[[Schema, Grammar, str | None], SearchStrategy[Any]]] = {
    "object": _objects,
    "array": _arrays,
    "string": _strings,
    "integer": _integers,
    "number": _numbers,
    "boolean": _booleans,
}
