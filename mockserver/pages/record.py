"""A record of a world as people read it: times written out, sets of identifiers by their size."""

from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

from mockserver.clock import written
from mockserver.store import Members

_NAMES = ("name", "title", "key")


def members(record: Any) -> dict[str, Any]:
    """What a record is made of, by name; not what it is only remembered by, nor whose identifiers it holds."""
    return {name: _plain(name, getattr(record, name)) for name in _told(record.__class__)}


def name_of(record: Any) -> str:
    """What a record is called, if it has a name."""
    return next((str(getattr(record, each)) for each in _NAMES if hasattr(record, each)), "")


def words_of(record: Any) -> str:
    """The texts of a record, folded, to be searched in."""
    values = [getattr(record, name) for name in _told(record.__class__)]
    return "\n".join(
        [each if isinstance(each, str) else " ".join(each) for each in values if isinstance(each, _TEXTS)]
    ).casefold()


_TEXTS = (str, frozenset)


@cache
def _told(kind: type) -> tuple[str, ...]:
    """The members of a kind of record that are told."""
    return tuple(each.name for each in fields(kind) if each.init and each.repr)


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, Members):
        return f"{len(value):,} identifiers"
    if name.endswith("_at") and isinstance(value, float):
        return written(value)
    if is_dataclass(value) and not isinstance(value, type):
        return members(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    return value
