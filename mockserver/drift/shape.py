"""What a schema says about one value, as plain facts that two dialects share."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

TYPES = frozenset({"string", "integer", "number", "boolean", "object", "array", "null"})
"""`number` is one that is not whole: JSON Schema's `number` is both."""
LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
BOUNDED: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), frozenset({"integer", "number"})),
    **dict.fromkeys(("minLength", "maxLength"), frozenset({"string"})),
    **dict.fromkeys(("minItems", "maxItems"), frozenset({"array"})),
    **dict.fromkeys(("minProperties", "maxProperties"), frozenset({"object"})),
}
"""What each bound bounds."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What may stand in one place. What stands inside it is left as schemas, so that one that holds itself has an end.

    `enum` leaves null to `types`. `extras` is the schema of members that are not in `members`, and like every schema
    inside may be true for anything or false for nothing. `names` are patterns of all members' names, `default` is JSON.
    """

    types: frozenset[str] = TYPES
    enum: frozenset[Any] | None = None
    bounds: Mapping[str, float] = field(default_factory=dict)
    patterns: frozenset[str] = frozenset()
    format: str | None = None
    required: frozenset[str] = frozenset()
    members: Mapping[str, Any] = field(default_factory=dict)
    extras: Any = True
    names: frozenset[str] = frozenset()
    items: Any = True
    unique: bool = False
    default: str | None = None

    def member(self, name: str) -> Any:
        """The schema of a member, named or not."""
        return self.members.get(name, self.extras)


ANYTHING = Shape()
NOTHING = Shape(types=frozenset())


def value_type(value: Any) -> str:
    """The one of `TYPES` that a JSON value is of."""
    kinds = {str: "string", bool: "boolean", int: "integer", float: "number", list: "array", dict: "object"}
    return kinds.get(type(value), "null")


def types_told(types: frozenset[str]) -> str:
    """Types as a schema would name them."""
    told = types - {"integer"} if {"integer", "number"} <= types else types
    return "anything" if types == TYPES else ", ".join(sorted(told)) or "nothing"
