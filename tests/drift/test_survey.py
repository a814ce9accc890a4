"""What differs is explained by the reasons of the contract or not at all, and what moved is told by operation."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from drift.documents import document, operation, provider, written

from mockserver.drift.official import read_all
from mockserver.drift.reasons import read_reasons
from mockserver.drift.survey import Survey, surveyed
from mockserver.mistake import Mistake
from mockserver.provider import Provider

OURS = operation(answer={"type": "string", "maxLength": 5})
THEIRS = operation(answer={"type": "string"})
REASON = {
    "at": "makeThing/response/**",
    "kind": "bound",
    "classed": "tighter",
    "reason": "Things have short\nnames.",
    "evidence": {"guide": "the shop's guide"},
}


def survey(shop: Provider[Any], tmp_path: Path, *documents: Any, **more: Any) -> Survey:
    sources = [written(tmp_path / f"official-{number}.json", each) for number, each in enumerate(documents)]
    return surveyed(shop, {}, read_all(sources, shop.contracts.library.versions), **more)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "contract").mkdir()
    return tmp_path / "contract"


def test_a_difference_without_a_reason_is_drift(folder: Path, tmp_path: Path) -> None:
    shop = provider(folder, v1={"things": OURS})
    survey(shop, tmp_path, document(things=THEIRS), accept=True)
    found = survey(shop, tmp_path, document(things=THEIRS))
    assert [each.difference.place for each in found.unexplained] == ["makeThing/response/200/body"]
    assert (found.drifted, found.moved, found.stale, found.operations) == (True, [], [], 1)


def test_a_reason_explains_what_it_is_for(folder: Path, tmp_path: Path) -> None:
    shop = provider(folder, [REASON], v1={"things": OURS})
    survey(shop, tmp_path, document(things=THEIRS), accept=True)
    found = survey(shop, tmp_path, document(things=THEIRS))
    ((reason),) = [each.reason for each in found.findings]
    assert reason is not None
    assert (reason.reason, str(reason.evidence)) == ("Things have short names.", "guide: the shop's guide")
    assert (found.unexplained, found.drifted) == ([], False)


@pytest.mark.parametrize(
    "other",
    [
        {"at": "makeThing/request/**"},
        {"at": "makeThing/*"},
        {"kind": "pattern"},
        {"classed": "looser"},
        {"ours": "maxLength 4"},
        {"theirs": "maxLength *"},
    ],
)
def test_a_reason_explains_nothing_else_and_is_stale(folder: Path, tmp_path: Path, other: Any) -> None:
    shop = provider(folder, [{**REASON, **other}], v1={"things": OURS})
    found = survey(shop, tmp_path, document(things=THEIRS), accept=True)
    assert len(found.unexplained) == 1
    assert ["short names" in line for line in found.stale] == [True]


def test_a_pattern_or_kind_that_nothing_needs_is_stale(folder: Path, tmp_path: Path) -> None:
    said = {**REASON, "at": [REASON["at"], "makeThing/request/**"], "kind": ["bound", "nullable"]}
    found = survey(provider(folder, [said], v1={"things": OURS}), tmp_path, document(things=THEIRS), accept=True)
    assert found.unexplained == []
    assert found.stale == ["nothing needs makeThing/request/**, nullable of the reason 'Things have short names.'"]
    assert found.drifted


def test_a_reason_is_not_stale_where_not_all_was_compared(folder: Path, tmp_path: Path) -> None:
    said = {**REASON, "at": "sellThing/**"}
    shop = provider(folder, [REASON, said], v1={"things": OURS}, v2={"things": operation("sellThing")})
    found = survey(shop, tmp_path, document(things=THEIRS), accept=True)
    assert found.stale == []
    assert "no document was given of v2" in found.notes
    assert any("1 reasons are not needed" in note for note in found.notes)


@pytest.mark.parametrize(("chosen", "explained"), [("left", True), ("right", False)])
def test_a_reason_may_count_under_one_reading_alone(folder: Path, tmp_path: Path, chosen: str, explained: bool) -> None:
    shop = provider(folder, [{**REASON, "reading": "side=left"}], v1={"things": OURS})
    source = written(tmp_path / "official.json", document(things=THEIRS))
    found = surveyed(shop, {"side": chosen}, read_all([source], ["v1"]), accept=True)
    assert (found.unexplained == []) is explained
    assert found.stale == []


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        ({"knid": "bound"}, "did you mean 'kind'"),
        ({"kind": "bond"}, "did you mean 'bound'"),
        ({"classed": "tight"}, "did you mean 'tighter'"),
        ({"reason": ""}, "'reason' is missing"),
        ({"evidence": {"guide": "a", "sdk": "b"}}, "evidence is one kind and its source"),
        ({"evidence": {"rumour": "a"}}, "evidence is one kind and its source"),
        ({"evidence": "a guide"}, "evidence is one kind and its source"),
    ],
)
def test_a_reason_that_is_wrong_is_told_by_its_number(folder: Path, wrong: Any, hint: str) -> None:
    provider(folder, [REASON, {**REASON, **wrong}])
    with pytest.raises(Mistake, match=r"official/intent\.yaml, reason 2: ") as caught:
        read_reasons(folder)
    assert hint in str(caught.value)


def test_a_document_that_nobody_looked_at_has_moved(folder: Path, tmp_path: Path) -> None:
    shop = provider(folder, v1={"things": THEIRS})
    found = survey(shop, tmp_path, document(things=THEIRS))
    assert (found.moved, found.drifted) == (["v1: makeThing was not looked at before in 'A shop'"], True)


def accepted(folder: Path, tmp_path: Path, theirs: dict[str, Any]) -> Provider[Any]:
    shop = provider(folder, v1={"things": THEIRS, "others": operation("other")})
    found = survey(shop, tmp_path, theirs, accept=True)
    assert any("fingerprints written to" in note for note in found.notes)
    assert survey(shop, tmp_path, theirs).moved == []
    return shop


def test_words_move_nothing(folder: Path, tmp_path: Path) -> None:
    theirs = document(things=THEIRS, others=operation("other"))
    shop = accepted(folder, tmp_path, theirs)
    theirs["paths"]["/v1/shop/things"]["post"]["summary"] = "Other words"
    theirs["paths"]["/v1/shop/things"]["post"]["operationId"] = "anotherName"
    theirs["paths"]["/v1/shop/more"] = theirs["paths"]["/v1/shop/others"]
    assert survey(shop, tmp_path, theirs).moved == []


MOVES = [
    operation(answer={"type": "string", "nullable": True}),
    operation(answer={"type": "string", "format": "date"}),
    operation(answer={"type": "string", "default": "x"}),
    operation(answer={"enum": ["x"]}),
    operation(answer={"type": "object", "properties": {"a": {"type": "array", "items": {"type": "string"}}}}),
    operation(answer={"type": "object", "additionalProperties": {"type": "string"}}),
    operation(answer={"type": "object", "additionalProperties": False}),
    operation(answer={"type": "string"}, body={"type": "string"}),
    operation(answer={"type": "string"}, parameters=[{"name": "a", "in": "query", "schema": {"type": "string"}}]),
    operation(answer={"type": "string"}, security=[{"oauth": ["read"]}]),
    operation(responses={"200": {}, "204": {}}),
]


@pytest.mark.parametrize("moved", MOVES)
def test_a_document_that_moved_is_told_by_its_operation(folder: Path, tmp_path: Path, moved: Any) -> None:
    shop = accepted(folder, tmp_path, document(things=THEIRS, others=operation("other")))
    found = survey(shop, tmp_path, document(things=moved, others=operation("other")))
    assert found.moved == ["v1: makeThing changed in 'A shop'"]
    assert found.drifted


def test_an_operation_that_is_gone_is_told(folder: Path, tmp_path: Path) -> None:
    shop = accepted(folder, tmp_path, document(things=THEIRS, others=operation("other")))
    found = survey(shop, tmp_path, document(others=operation("other")))
    assert found.moved == ["v1: makeThing is gone in 'A shop'"]
    assert [str(each.difference.facet.kind) for each in found.unexplained] == ["operation"]


def test_a_schema_that_holds_itself_has_a_fingerprint(folder: Path, tmp_path: Path) -> None:
    def theirs(leaf: str) -> dict[str, Any]:
        node = {"type": "object", "properties": {"not": {"$ref": "#/components/schemas/Node"}, "leaf": {"type": leaf}}}
        return document(schemas={"Node": node}, things=operation(answer={"$ref": "#/components/schemas/Node"}))

    shop = accepted(folder, tmp_path, theirs("string"))
    assert survey(shop, tmp_path, theirs("integer")).moved == ["v1: makeThing changed in 'A shop'"]


def test_accepting_keeps_what_is_of_other_documents(folder: Path, tmp_path: Path) -> None:
    shop = provider(folder, v1={"things": THEIRS}, v2={"things": THEIRS})
    for version in ("v1", "v2"):
        survey(shop, tmp_path, document(version, things=THEIRS), accept=True)
    kept = yaml.safe_load((folder / "official" / "fingerprints.yaml").read_text())
    assert {name: sorted(versions) for name, versions in kept.items()} == {"A shop": ["v1", "v2"]}
    assert kept["A shop"]["v1"] == kept["A shop"]["v2"]


def test_operations_of_the_vendor_alone_are_counted(folder: Path, tmp_path: Path) -> None:
    shop = provider(folder, v1={"things": THEIRS})
    theirs = document(things=THEIRS, more=operation("more"), most=operation("most"))
    found = survey(shop, tmp_path, theirs, accept=True)
    assert (found.findings, found.drifted) == ([], False)
    assert "v1: 2 operations of the vendor are not ours" in found.notes
    every = survey(shop, tmp_path, theirs, all_operations=True)
    assert [(each.difference.place, each.difference.classed) for each in every.findings] == [("more", "new"), ("most", "new")]


def test_an_operation_that_no_document_is_about_is_noted(folder: Path, tmp_path: Path) -> None:
    shop = provider(folder, [REASON], v1={"things": THEIRS})
    theirs = document(things=THEIRS)
    theirs["paths"] = {"/v1/garden/things": theirs["paths"]["/v1/shop/things"]}
    found = survey(shop, tmp_path, theirs)
    assert (found.findings, found.stale, found.operations) == ([], [], 0)
    assert "v1: no document given is about makeThing" in found.notes


def test_documents_of_one_version_are_read_together(folder: Path, tmp_path: Path) -> None:
    shop = provider(folder, v1={"things": THEIRS, "others": operation("other")})
    found = survey(shop, tmp_path, document(things=THEIRS), document(others=operation("other")), accept=True)
    assert (found.operations, found.findings) == (2, [])


def test_schemas_that_are_only_each_other_are_told(folder: Path, tmp_path: Path) -> None:
    loop = {"A": {"allOf": [{"$ref": "#/components/schemas/B"}]}, "B": {"allOf": [{"$ref": "#/components/schemas/A"}]}}
    theirs = document(schemas=loop, things=operation(answer={"$ref": "#/components/schemas/A"}))
    with pytest.raises(Mistake, match="in a circle"):
        survey(provider(folder, v1={"things": THEIRS}), tmp_path, theirs)
