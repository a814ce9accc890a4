"""What is called narrower takes less, as a validator sees it that never heard of shapes; nothing differs from itself."""

from typing import Any

import jsonschema_rs
import pytest
from drift.documents import differences, operation
from hypothesis import example, given
from hypothesis import strategies as st
from laws.patience import PATIENT

from mockserver.drift.comparison import AGAINST_OFFICIAL, compared
from mockserver.drift.endpoint import endpoints
from mockserver.drift.facet import ADDED, GONE, NARROWER, WIDER
from mockserver.providers import PROVIDERS
from mockserver.readings import PROFILES, Readings

TEXTS = ("", "a", "b", "ab", "abc")
NUMBERS = (-1, 0, 1, 2, 1.5)
LEAVES = st.sampled_from([None, True, *TEXTS, *NUMBERS])
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=6,
)
TYPES = st.lists(st.sampled_from("string integer number boolean object array null".split()), min_size=1, unique=True)
SMALL = st.integers(0, 3)


def keywords(**some: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=some)


SCALARS = keywords(
    type=TYPES,
    minLength=SMALL,
    maxLength=SMALL,
    minimum=SMALL,
    maximum=SMALL,
    exclusiveMinimum=SMALL,
) | keywords(enum=st.lists(LEAVES, min_size=1, max_size=3))


def composed(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Of alternatives only null or something else: others are read fact by fact, which says less than they do together."""
    schema = inner | st.booleans()
    structure = keywords(
        type=TYPES,
        items=schema,
        minItems=SMALL,
        uniqueItems=st.booleans(),
        required=st.lists(st.sampled_from("abc"), unique=True),
        properties=st.dictionaries(st.sampled_from("ab"), schema, max_size=2),
        additionalProperties=schema,
        maxProperties=SMALL,
    )
    both = st.lists(inner, min_size=1, max_size=2)
    nullable = st.builds(lambda schema: {"anyOf": [schema, {"type": ["null"]}]}, inner)
    return structure | st.builds(lambda all_of, more: {"allOf": all_of, **more}, both, SCALARS) | nullable


SCHEMAS = st.recursive(SCALARS, composed, max_leaves=5)
PAIRS = st.tuples(SCHEMAS, SCHEMAS) | st.builds(lambda one, more: (one, {"allOf": [one, more]}), SCHEMAS, SCHEMAS)


@PATIENT
@given(PAIRS, st.lists(VALUES, min_size=1, max_size=30))
@example(({"enum": ["a"]}, {"type": ["string"], "minLength": 2}), ["a"])
@example(({"enum": [1]}, {"type": ["integer", "string"], "maximum": 0}), [1])
@example(({"anyOf": [{"minLength": 2}, {"type": ["null"]}]}, {"type": ["null", "string"]}), [0])
def test_what_is_called_narrower_takes_less(pair: tuple[Any, Any], values: list[Any]) -> None:
    ours, theirs = pair
    relations = {each.facet.relation for each in differences(operation(body=ours), operation(body=theirs))}
    mine, other = (jsonschema_rs.Draft202012Validator(schema) for schema in (ours, theirs))
    for value in values:
        if relations <= {NARROWER, ADDED}:
            assert other.is_valid(value) or not mine.is_valid(value), value
        if relations <= {WIDER, GONE}:
            assert mine.is_valid(value) or not other.is_valid(value), value


@PATIENT
@given(SCHEMAS)
def test_no_schema_differs_from_itself(schema: Any) -> None:
    node = operation(body=schema, answer=schema)
    assert differences(node, node) == []


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.name)
def test_no_contract_of_ours_differs_from_itself(provider: Any, profile: str) -> None:
    contract = provider.contracts.under(Readings(provider.readings, profile))
    for version, document in contract.documents.items():
        for endpoint in endpoints(document, version).values():
            assert list(compared(endpoint, endpoint, version, AGAINST_OFFICIAL)) == []
