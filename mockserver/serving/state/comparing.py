"""Whether anything changed since worlds were frozen, told without copying them."""

from collections.abc import Mapping
from typing import Any

from mockserver.serving.state.shapes import shapes
from mockserver.store import Collection, Table

_SHAPES = shapes()


def alike(one: Any, other: Any) -> bool:
    """Whether two of the same are, in all that is kept of them.

    Tables and collections are compared by whether they share their rows: whoever writes to one that a frozen world shares
    copies the rows first, so as long as they are shared, nobody wrote.
    """
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, Table | Collection):
        return one.rows is other.rows
    shape = _SHAPES.get(type(one))
    if shape is not None:
        return all(map(alike, shape.take(one), shape.take(other)))
    if isinstance(one, Mapping):
        return [*one] == [*other] and all(map(alike, one.values(), other.values()))
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(alike, one, other))
    return bool(one == other)
