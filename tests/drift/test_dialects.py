"""A schema of either dialect becomes the same facts, and what is not understood is never passed over."""

from typing import Any

import pytest

from mockserver.drift.dialect import shape
from mockserver.drift.shape import ANYTHING, NOTHING, TYPES, Shape, types_told
from mockserver.mistake import Mistake


def read(schema: Any, **schemas: Any) -> Shape:
    return shape(schema, {"components": {"schemas": schemas}})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
        (
            {"type": "string", "nullable": True, "maxLength": 3},
            {"anyOf": [{"type": "string", "maxLength": 3}, {"type": "null"}]},
        ),
        ({"type": "integer", "minimum": 0, "exclusiveMinimum": True}, {"type": "integer", "exclusiveMinimum": 0}),
        ({"type": "integer", "minimum": 0, "exclusiveMinimum": False}, {"type": "integer", "minimum": 0}),
        ({"type": "string", "enum": ["a"]}, {"const": "a"}),
        ({"type": "string", "enum": ["a", "b"]}, {"oneOf": [{"const": "a"}, {"const": "b"}]}),
        ({"type": "string", "enum": ["a"], "nullable": True}, {"enum": ["a", None]}),
        ({"type": "integer", "format": "int32"}, {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1}),
        ({"type": "string", "format": "long-id", "x-hint": 1, "example": "a"}, {"type": "string", "title": "A name"}),
        ({"type": "array", "items": {}, "minItems": 0}, {"type": "array", "items": {}}),
    ],
)
def test_two_ways_to_say_the_same_are_one_shape(old: Any, new: Any) -> None:
    assert read(old) == read(new)


def test_a_schema_that_says_nothing_is_anything() -> None:
    assert read({}) == read(True) == read({"description": "Whatever"}) == ANYTHING
    assert read(False) == NOTHING
    assert (types_told(TYPES), types_told(frozenset())) == ("anything", "nothing")
    assert types_told(read({"type": ["number", "null"]}).types) == "null, number"


def test_what_has_to_be_kept_together_is_narrowed() -> None:
    found = read(
        {
            "allOf": [{"$ref": "#/components/schemas/Named"}, {"properties": {"name": {"maxLength": 5}}}],
            "required": ["id"],
            "maxProperties": 3,
        },
        Named={"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}, "maxProperties": 9},
    )
    assert found.types == {"object"}
    assert found.required == {"id", "name"}
    assert found.bounds == {"maxProperties": 3}
    assert read(found.members["name"]).bounds == {"maxLength": 5}


def test_a_closed_object_stays_closed() -> None:
    closed = {"type": "object", "additionalProperties": False, "properties": {"a": {}}}
    found = read({"allOf": [closed, {"properties": {"b": {}}}]})
    assert (set(found.members), found.extras) == ({"a"}, False)


def test_alternatives_share_what_all_of_them_have() -> None:
    one = {"type": "object", "required": ["a", "b"], "properties": {"a": {"const": 1}, "b": {}}, "additionalProperties": False}
    two = {"type": "object", "required": ["a", "c"], "properties": {"a": {"const": 2}, "c": {}}, "additionalProperties": False}
    for found in (read({"anyOf": [one, two]}), read({"if": {"required": ["b"]}, "then": one, "else": two})):
        assert found.required == {"a"}
        assert set(found.members) == {"a", "b", "c"}
        assert read(found.members["a"]).enum == {1, 2}
        assert found.extras is False


def test_a_condition_without_an_else_may_leave_all_as_it_is() -> None:
    found = read({"type": "object", "if": {"required": ["a"]}, "then": {"required": ["b"]}})
    assert (found.types, found.required) == ({"object"}, frozenset())


def test_a_fact_about_texts_stands_beside_an_alternative_that_is_none() -> None:
    found = read({"anyOf": [{"type": "string", "pattern": "^a", "minLength": 2}, {"type": "integer", "minimum": 3}]})
    assert (found.types, found.patterns) == ({"string", "integer"}, {"^a"})
    assert found.bounds == {"minLength": 2, "minimum": 3}


def test_alternatives_of_a_text_are_as_loose_as_the_loosest() -> None:
    one, two = ({"type": "string", "pattern": pattern, "maxLength": most} for pattern, most in (("^a", 3), ("^b", 4)))
    assert read({"anyOf": [one, two]}).patterns == {"(?:^a)|(?:^b)"}
    assert read({"anyOf": [one, two]}).bounds == {"maxLength": 4}
    assert read({"anyOf": [one, {"type": "string"}]}) == read({"type": "string"})


def test_members_by_pattern_are_those_that_are_not_named() -> None:
    found = read(
        {
            "type": "object",
            "propertyNames": {"pattern": "^[a-z]+$"},
            "patternProperties": {"^a": {"type": "string"}, "^b": {"type": "integer"}},
            "additionalProperties": False,
        }
    )
    assert read(found.extras).types == {"string", "integer"}
    assert found.names == {"^[a-z]+$"}


@pytest.mark.parametrize("keyword", ["not", "dependentRequired", "contains", "propertees"])
def test_a_keyword_that_nobody_understands_is_told(keyword: str) -> None:
    with pytest.raises(Mistake, match=keyword):
        read({"type": "object", keyword: {}})


@pytest.mark.parametrize(
    "reference", ["other.json#/Thing", "#/components/schemas/Nothing", "#/components/schemas/Thing/type/x"]
)
def test_a_reference_that_leads_nowhere_is_told(reference: str) -> None:
    with pytest.raises(Mistake, match="a reference leads"):
        read({"$ref": reference}, Thing={"type": "string"})


@pytest.mark.parametrize("wrong", [{"required": 5}, {"properties": []}, {"enum": 1}, {"type": 3}])
def test_a_keyword_whose_value_makes_no_sense_is_told(wrong: Any) -> None:
    with pytest.raises(Mistake, match="a schema is not as it should be"):
        read(wrong)


def test_a_schema_that_is_no_object_is_told() -> None:
    with pytest.raises(Mistake, match="a schema is an object"):
        read(["string"])
