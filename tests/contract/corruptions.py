"""A JSON document, spoilt in every small way, one way at a time."""

import re
from collections.abc import Iterator
from typing import Any

Corruption = tuple[str, str, Any]
"""Where (any item of a list is `each`), how, and the whole document with it."""

_OTHERS: dict[type, tuple[str, Any]] = {
    str: ("made a string", "?"),
    int: ("made an integer", 7),
    float: ("made a fraction", 0.5),
    bool: ("made a boolean", True),
    list: ("made a list", []),
    dict: ("made an object", {}),
    type(None): ("made null", None),
}


def corruptions(document: Any) -> Iterator[Corruption]:
    """Every corruption of a document and of all that is in it."""
    for how, spoilt in _replacements(document):
        yield "", how, spoilt
    if isinstance(document, dict):
        yield from _of_members(document)
    elif isinstance(document, list):
        yield from _of_items(document)


def _of_members(document: dict[str, Any]) -> Iterator[Corruption]:
    yield "", "given an unknown member", {**document, "unheardOf": "?"}
    for name, value in document.items():
        yield name, "dropped", {other: document[other] for other in document if other != name}
        for where, how, spoilt in corruptions(value):
            yield f"{name}/{where}".rstrip("/"), how, {**document, name: spoilt}


def _of_items(document: list[Any]) -> Iterator[Corruption]:
    if document:
        yield "", "emptied", []
        yield "", "made to repeat itself", [*document, document[0]]
    for at, value in enumerate(document):
        for where, how, spoilt in corruptions(value):
            yield f"each/{where}".rstrip("/"), how, [*document[:at], spoilt, *document[at + 1 :]]


def _replacements(value: Any) -> Iterator[tuple[str, Any]]:
    same = (float, int) if isinstance(value, float) else (type(value),)  # an integer is a number too
    yield from (other for kind, other in _OTHERS.items() if kind not in same)
    if isinstance(value, str):
        yield "emptied", ""
        yield "made nonsense", "!? 1"
        yield "lengthened", f"{value}!"
        yield "lengthened a lot", value + "x" * 600
        for how, spoilt in (("changed in case", value.swapcase()), ("made all nines", re.sub("[0-9]", "9", value))):
            if spoilt != value:
                yield how, spoilt
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield "made negative", -1 - value
        yield "made huge", 2**63 + value
