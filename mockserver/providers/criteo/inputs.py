"""What requests of every kind say in the same way: ids, filters, members that can be emptied."""

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from mockserver.provider import Call


def filters(call: Call[Any], *names: str) -> list[Sequence[str] | None]:
    """The lists of a search by name; absent, null and empty all mean no filter."""
    attributes = call.body.get("data", {}).get("attributes") or {}
    return [[id_text(value) for value in attributes[name]] if attributes.get(name) else None for name in names]


def id_text(said: Any) -> str:
    """An id as text; JSON's 12.0 is the number 12."""
    return str(int(said)) if isinstance(said, float) else str(said)


def numeric(said: Any) -> int | None:
    """An id as the number it is, or nothing if it is none."""
    written = id_text(said)
    return int(written) if written.isascii() and written.isdigit() and len(written) <= 19 else None


def nearest(said: Any, known: Iterable[Any]) -> str | None:
    """Of those known the one that is most like what was said, or just one of them; nothing if none is known."""
    texts = [str(each) for each in known]
    return next(iter([*get_close_matches(id_text(said), texts, n=1), *texts]), None)


def nillable(said: Mapping[str, Any], name: str, now: Any) -> Any:
    """The value that a nillable member leaves: absent or null leaves it as it is, an object says what it becomes."""
    return now if said.get(name) is None else said[name].get("value")
