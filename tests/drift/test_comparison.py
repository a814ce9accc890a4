"""Every kind of difference is found in both directions, and classed by what it means for a client."""

from typing import Any

import pytest
from drift.documents import differences, document, only, operation, told

from mockserver.drift.comparison import FROM_AN_OLDER, lone
from mockserver.drift.endpoint import endpoints
from mockserver.drift.facet import KINDS
from mockserver.mistake import Mistake

TEXT = {"type": "string"}
NUMBER = {"type": "integer"}


def thing(member: Any = TEXT, required: bool = False, **more: Any) -> dict[str, Any]:
    """An object with a member `a`."""
    return {"type": "object", "properties": {"a": member}, "required": ["a"] if required else [], **more}


SCHEMAS = [
    # a narrower schema, a wider one, where they differ, how it is told
    (thing(TEXT), thing({"type": ["string", "integer"]}), "/a", "type"),
    (thing(NUMBER), thing({"type": "number"}), "/a", "type"),
    (thing(TEXT), thing({"type": "string", "nullable": True}), "/a", "nullable"),
    (thing({"enum": ["x"]}), thing({"enum": ["x", "y"]}), "/a", "enum"),
    (thing({"enum": ["x"]}), thing(TEXT), "/a", "enum"),
    (thing({"enum": ["x"]}), thing({"type": "string", "pattern": "^[a-z]$"}), "/a", "enum"),
    (thing({"enum": ["x"]}), thing({"type": "string", "minLength": 1}), "/a", "enum"),
    (thing({"type": "string", "pattern": "^a"}), thing(TEXT), "/a", "pattern"),
    (thing({"type": "string", "format": "date"}), thing(TEXT), "/a", "pattern"),
    (thing({"type": "string", "pattern": "^[0-9]{4}-"}), thing({"type": "string", "format": "date"}), "/a", "pattern"),
    (thing({"type": "string", "maxLength": 3}), thing({"type": "string", "maxLength": 4}), "/a", "bound"),
    (thing({"type": "string", "minLength": 3}), thing(TEXT), "/a", "bound"),
    (
        thing({"type": "integer", "minimum": 1, "maximum": 9}),
        thing({"type": "integer", "minimum": 0, "maximum": 9}),
        "/a",
        "bound",
    ),
    (thing({"type": "integer", "format": "int32"}), thing({"type": "integer", "maximum": 2**31 - 1}), "/a", "bound"),
    (thing({"type": "array", "maxItems": 2}), thing({"type": "array"}), "/a", "bound"),
    (
        thing({"type": "array", "items": TEXT}),
        thing({"type": "array", "items": {"type": ["string", "null"]}}),
        "/a[]",
        "nullable",
    ),
    (thing({"type": "array", "uniqueItems": True}), thing({"type": "array"}), "/a", "unique"),
    (thing(required=True), thing(), "/a", "required"),
    (thing(minProperties=1), thing(), "", "bound"),
    (thing(additionalProperties=False), thing(), "", "extras"),
    (thing(additionalProperties=TEXT), thing(additionalProperties={"type": ["string", "null"]}), "/{any}", "nullable"),
    (thing(propertyNames={"pattern": "^a$"}), thing(), "", "names"),
]


@pytest.mark.parametrize(("narrow", "wide", "at", "kind"), SCHEMAS)
def test_a_narrower_and_a_wider_schema_are_told_apart(narrow: Any, wide: Any, at: str, kind: str) -> None:
    asked, answered = f"request/body{at}", f"response/200/body{at}"
    assert told(differences(operation(body=narrow), operation(body=wide))) == [(asked, kind, "tighter")]
    assert told(differences(operation(body=wide), operation(body=narrow))) == [(asked, kind, "looser")]
    assert told(differences(operation(answer=narrow), operation(answer=wide))) == [(answered, kind, "tighter")]
    assert told(differences(operation(answer=wide), operation(answer=narrow))) == [(answered, kind, "breaking")]


@pytest.mark.parametrize(("narrow", "wide", "at", "kind"), SCHEMAS)
def test_from_an_older_version_what_takes_less_or_says_more_breaks(narrow: Any, wide: Any, at: str, kind: str) -> None:
    def classes(ours: Any, theirs: Any) -> list[str]:
        return [each.classed for each in differences(ours, theirs, classes=FROM_AN_OLDER)]

    assert classes(operation(body=narrow), operation(body=wide)) == ["breaking"]
    assert classes(operation(body=wide), operation(body=narrow)) == ["looser"]
    assert classes(operation(answer=narrow), operation(answer=wide)) == ["tighter"]
    assert classes(operation(answer=wide), operation(answer=narrow)) == ["breaking"]


@pytest.mark.parametrize(("narrow", "wide", "at", "kind"), SCHEMAS)
def test_what_is_the_same_does_not_differ(narrow: Any, wide: Any, at: str, kind: str) -> None:
    for schema in (narrow, wide):
        assert differences(operation(body=schema, answer=schema), operation(body=schema, answer=schema)) == []


@pytest.mark.parametrize(
    ("ours", "theirs", "kind"),
    [
        (TEXT, NUMBER, "type"),
        ({"type": "string", "pattern": "^a"}, {"type": "string", "pattern": "^b"}, "pattern"),
        ({"type": "string", "default": "x"}, {"type": "string", "default": "y"}, "default"),
    ],
)
def test_what_neither_contains_breaks_in_both_directions(ours: Any, theirs: Any, kind: str) -> None:
    assert told(differences(operation(body=ours), operation(body=theirs))) == [("request/body", kind, "breaking")]
    assert told(differences(operation(answer=ours), operation(answer=theirs))) == [("response/200/body", kind, "breaking")]


def test_each_value_that_only_one_takes_is_a_difference_of_its_own() -> None:
    found = differences(operation(body={"enum": ["a", "b", "c"]}), operation(body={"enum": ["c", "d"]}))
    assert [(each.facet.ours, each.facet.theirs, each.classed) for each in found] == [
        ("a", "none", "looser"),
        ("b", "none", "looser"),
        ("none", "d", "tighter"),
    ]


def test_values_are_held_against_a_pattern() -> None:
    ours = operation(body={"type": "string", "pattern": "^(?i:view|buy)$"})
    found = differences(ours, operation(body={"enum": ["View", "Buy", "Look"]}))
    assert [(each.facet.ours, each.facet.theirs, each.classed) for each in found] == [
        ("none", "Look", "tighter"),
        ("^(?i:view|buy)$", "Buy, Look, View", "looser"),
    ]


def test_a_pattern_that_is_none_is_told() -> None:
    with pytest.raises(Mistake, match="a pattern is none that is understood here"):
        differences(operation(body={"enum": ["a"]}), operation(body={"type": "string", "pattern": "(?<a"}))


def test_values_are_held_against_bounds() -> None:
    found = differences(operation(answer={"enum": [1, 5]}), operation(answer={"type": "integer", "exclusiveMinimum": 1}))
    assert [(each.facet.ours, each.classed) for each in found] == [("1", "breaking"), ("1, 5", "tighter")]


def test_a_default_that_only_one_tells_of() -> None:
    with_default, without = operation(body={**TEXT, "default": "x"}), operation(body=TEXT)
    assert told(differences(with_default, without)) == [("request/body", "default", "new")]
    assert told(differences(without, with_default)) == [("request/body", "default", "looser")]


MEMBERS = [
    # ours, theirs, the class in a request, in an answer
    (thing(), {"type": "object"}, "new", "new"),
    (thing(), {"type": "object", "additionalProperties": False}, "looser", "breaking"),
    ({"type": "object"}, thing(), "looser", "tighter"),
    ({"type": "object", "additionalProperties": False}, thing(), "tighter", "tighter"),
    ({"type": "object"}, thing(required=True), "looser", "breaking"),
    ({"type": "object", "additionalProperties": False}, thing(required=True), "breaking", "breaking"),
]


@pytest.mark.parametrize(("ours", "theirs", "asked", "answered"), MEMBERS)
def test_a_member_that_only_one_knows(ours: Any, theirs: Any, asked: str, answered: str) -> None:
    found = told(differences(operation(body=ours, answer=ours), operation(body=theirs, answer=theirs)))
    assert [each for each in found if each[1] == "member"] == [
        ("request/body/a", "member", asked),
        ("response/200/body/a", "member", answered),
    ]


@pytest.mark.parametrize("others", [True, False])
def test_a_member_that_is_gone_breaks_who_used_it(others: bool) -> None:
    without = {"type": "object", "additionalProperties": others}
    ours, theirs = ({"body": each, "answer": each} for each in (without, thing(additionalProperties=others)))
    found = told(differences(operation(**ours), operation(**theirs), classes=FROM_AN_OLDER))
    assert [classed for _, _, classed in found] == ["breaking", "breaking"]


def test_a_member_of_ours_is_held_against_what_theirs_lets_others_be() -> None:
    theirs = {"type": "object", "additionalProperties": {"type": "integer"}}
    found = told(differences(operation(answer=thing()), operation(answer=theirs)))
    assert ("response/200/body/a", "type", "breaking") in found


def parameter(required: bool = False, place: str = "query", **schema: Any) -> dict[str, Any]:
    return {"name": "limit", "in": place, "required": required, "schema": schema or NUMBER}


PARAMETERS = [
    ([parameter()], [], "parameter", "new"),
    ([parameter(required=True)], [], "parameter", "tighter"),
    ([], [parameter()], "parameter", "looser"),
    ([parameter(required=True)], [parameter()], "required", "tighter"),
    ([parameter()], [parameter(required=True)], "required", "looser"),
    ([parameter(type="integer", maximum=5)], [parameter()], "bound", "tighter"),
    ([parameter()], [parameter(type="integer", maximum=5)], "bound", "looser"),
    ([parameter(type="integer", default=5)], [parameter(type="integer", default=6)], "default", "breaking"),
]


@pytest.mark.parametrize(("ours", "theirs", "kind", "classed"), PARAMETERS)
def test_parameters_are_compared(ours: Any, theirs: Any, kind: str, classed: str) -> None:
    found = told(differences(operation(parameters=ours), operation(parameters=theirs)))
    assert found == [("request/query/limit", kind, classed)]


OPERATIONS = [
    (operation(body=TEXT), operation(), "request/body", "body", "new"),
    (operation(), operation(body=TEXT), "request/body", "body", "looser"),
    (operation(answer=TEXT), operation(), "response/200/body", "body", "breaking"),
    (operation(), operation(answer=TEXT), "response/200/body", "body", "breaking"),
    (operation(security=[{"oauth": ["read"]}]), operation(), "request", "scope", "tighter"),
    (operation(), operation(security=[{"oauth": ["read"]}]), "request", "scope", "looser"),
    (operation(responses={"200": {}, "404": {}}), operation(), "response/404", "status", "new"),
    (operation(responses={"200": {}, "204": {}}), operation(), "response/204", "status", "breaking"),
    (operation(), operation(responses={"200": {}, "204": {}}), "response/204", "status", "tighter"),
    (operation(), operation(responses={"200": {}, "400": {}}), "response/400", "status", "tighter"),
]


@pytest.mark.parametrize(("ours", "theirs", "place", "kind", "classed"), OPERATIONS)
def test_operations_are_compared(ours: Any, theirs: Any, place: str, kind: str, classed: str) -> None:
    assert told(differences(ours, theirs)) == [(place, kind, classed)]


def test_another_success_breaks_twice() -> None:
    found = told(differences(operation(responses={"200": {}}), operation(responses={"204": {}})))
    assert found == [("response/200", "status", "breaking"), ("response/204", "status", "breaking")]


def test_a_body_that_need_not_be_there() -> None:
    must, may = operation(body=TEXT), operation(body=TEXT)
    may["requestBody"]["required"] = False
    assert told(differences(must, may)) == [("request/body", "required", "tighter")]
    assert told(differences(may, must)) == [("request/body", "required", "looser")]


def test_media_types_are_compared() -> None:
    one, more = operation(body=TEXT, answer=TEXT), operation(body=TEXT, answer=TEXT)
    for node in (more["requestBody"], more["responses"]["200"]):
        node["content"]["application/xml"] = {"schema": TEXT}
    assert [classed for _, _, classed in told(differences(one, more))] == ["tighter", "tighter"]
    assert [classed for _, _, classed in told(differences(more, one))] == ["looser", "breaking"]


def test_an_answer_whose_content_has_no_schema_has_no_body() -> None:
    empty = operation(responses={"204": {"content": {"application/json": {}}}})
    assert differences(operation(responses={"204": {}}), empty) == []


def test_an_operation_that_only_one_has_is_new() -> None:
    endpoint = only(operation())
    assert (lone(endpoint, "v1", True, FROM_AN_OLDER).classed, lone(endpoint, "v1", False, FROM_AN_OLDER).classed) == (
        "new",
        "breaking",
    )


def test_schemas_that_hold_themselves_have_an_end() -> None:
    node = {"type": "object", "properties": {"not": {"$ref": "#/components/schemas/Node"}, "leaf": TEXT}}
    tree = {"type": "object", "properties": {"not": {"$ref": "#/components/schemas/Tree"}, "leaf": NUMBER}}
    ours, theirs = (operation(body={"$ref": f"#/components/schemas/{name}"}) for name in ("Node", "Tree"))
    found = told(differences(ours, theirs, {"Node": node, "Tree": tree}))
    assert found == [("request/body/leaf", "type", "breaking")]


def test_parts_of_an_operation_may_be_references() -> None:
    plain = document(things=operation(body=TEXT, parameters=[parameter()]))
    spread = document(things=operation())
    spread["components"] |= {
        "parameters": {"limit": parameter()},
        "requestBodies": {"thing": operation(body=TEXT)["requestBody"]},
        "responses": {"done": {"description": "Done."}},
    }
    item = spread["paths"]["/v1/shop/things"]
    item["parameters"] = [{"$ref": "#/components/parameters/limit"}]
    item["post"]["requestBody"] = {"$ref": "#/components/requestBodies/thing"}
    item["post"]["responses"] = {"200": {"$ref": "#/components/responses/done"}}
    (one,), (other,) = (endpoints(each, "v1").values() for each in (plain, spread))
    assert (one.parameters, one.body, one.answers) == (other.parameters, other.body, other.answers)


@pytest.mark.parametrize("wrong", [{"post": {"operationId": "x"}}, {"post": {"responses": []}}, {"post": []}, None])
def test_an_operation_that_is_none_is_told(wrong: Any) -> None:
    with pytest.raises(Mistake, match=" /v1/shop/things is not as OpenAPI has it"):
        endpoints({"paths": {"/v1/shop/things": wrong}}, "v1")


def test_references_in_a_circle_are_told() -> None:
    with pytest.raises(Mistake, match="in a circle"):
        only(operation(requestBody={"$ref": "#/components/schemas/A"}), {"A": {"$ref": "#/components/schemas/A"}})


def test_every_kind_is_found_by_these_tests() -> None:
    kinds = {kind for *_, kind in SCHEMAS} | {row[2] for row in PARAMETERS} | {row[3] for row in OPERATIONS}
    assert kinds | {"member", "default", "media", "operation"} == set(KINDS)
