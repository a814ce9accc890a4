"""What schemathesis makes of a contract: its boundary cases, and its strategies for sound requests and flawed ones."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import schemathesis
from hypothesis import strategies as st
from schemathesis.core import NotSet
from schemathesis.generation import GenerationMode

from mockserver.check.drafting.draft import NOTHING, Draft
from mockserver.providers import PROVIDERS

_CHOICE = re.compile(r"\^\(\?=\[A-Za-z\]\+\$\)\(\?i:([a-z|]+)\)\$")
_MANY = 1000
_MODES = {"sound": GenerationMode.POSITIVE, "flawed": GenerationMode.NEGATIVE}

Readings = tuple[tuple[str, str], ...]


def asking(operation: str, readings: Mapping[str, str]) -> Readings:
    """The readings that what an operation takes varies with, as they are: requests made for these serve all others."""
    names = frozenset().union(*(provider.contracts.library.asking(operation) for provider in PROVIDERS))
    return tuple(sorted((name, readings[name]) for name in names))


@cache
def boundaries(operation: str, readings: Readings) -> tuple[Draft, ...]:
    """The boundary cases of an operation, good and bad, each once; made when first asked for."""
    loaded, found = _found(operation, readings)
    generation = loaded.config.generation_for(operation=found, phase="coverage")
    made = loaded.iter_coverage_cases(found, generation_modes=list(_MODES.values()), generation_config=generation)
    drafts = [_draft(case) for case in made if case.method.upper() == found.method.upper()]
    return tuple({draft.key: draft for draft in drafts}.values())


@cache
def drawn(operation: str, readings: Readings, mode: str) -> st.SearchStrategy[Draft]:
    """Random requests, `sound` or `flawed` as schemathesis sees it."""
    _, found = _found(operation, readings)
    strategy: st.SearchStrategy[Draft] = found.as_strategy(generation_mode=_MODES[mode]).map(_draft)
    return strategy


def _draft(case: Any) -> Draft:
    """A case without its path and headers: these are a session's to fill in."""
    body = NOTHING if isinstance(case.body, NotSet) else case.body
    said = {name.lower(): value for name, value in (case.headers or {}).items()}
    media = said.get("content-type") or case.media_type
    return Draft(body, tuple(_pairs(case.query or {})), None if body is NOTHING else str(media))


def _pairs(query: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in query.items():
        for each in value if isinstance(value, list | tuple) else [value]:
            yield name, str(each)


@cache
def _found(operation: str, readings: Readings) -> tuple[Any, Any]:
    """The schema in which an operation is, and the operation."""
    for loaded in (_loaded(number, readings) for number in range(len(PROVIDERS))):
        for each in loaded.get_all_operations():
            if each.ok().definition.raw.get("operationId") == operation:
                return loaded, each.ok()
    raise KeyError(operation)


@cache
def _loaded(provider: int, readings: Readings) -> Any:
    """The contract of a provider in the version that has most, as schemathesis sees it."""
    chosen = {reading.name: reading.guide for reading in PROVIDERS[provider].readings} | dict(readings)
    documents = PROVIDERS[provider].contracts.under(chosen).documents
    return schemathesis.openapi.from_dict(_eased(max(documents.values(), key=lambda document: len(document["paths"]))))


def _eased(node: Any) -> Any:
    """A document in which nothing is slow to draw from: a choice of words in any case is an enumeration of some of them, as
    Hypothesis throws nearly all away that it draws from such a pattern; a list of fifty thousand is one of any length.
    """
    if isinstance(node, list):
        return [_eased(item) for item in node]
    if not isinstance(node, dict):
        return node
    eased = {name: _eased(value) for name, value in node.items()}
    words = _CHOICE.fullmatch(str(eased.get("pattern", "")))
    if words:
        del eased["pattern"]
        spelled = [spelling for word in words[1].split("|") for spelling in (word, word.capitalize())]
        eased["enum"] = [*spelled, *([None] if "null" in eased["type"] else [])]
    if isinstance(eased.get("maxItems"), int) and eased["maxItems"] >= _MANY:
        del eased["maxItems"]
    return eased
