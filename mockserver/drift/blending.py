"""Shapes blended: what keeps both of two, what keeps any of some."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mockserver.drift.shape import ANYTHING, BOUNDED, LOWER, NOTHING, Shape


def both(one: Shape, other: Shape) -> Shape:
    """What keeps this and that: `allOf`."""
    enums = [shape.enum for shape in (one, other) if shape.enum is not None]
    members = {name: both_schemas(one.member(name), other.member(name)) for name in (*one.members, *other.members)}
    return Shape(
        types=one.types & other.types,
        enum=frozenset.intersection(*enums) if enums else None,
        bounds={keyword: _narrowest(keyword, (one, other)) for keyword in (*one.bounds, *other.bounds)},
        patterns=one.patterns | other.patterns,
        format=one.format or other.format,
        required=one.required | other.required,
        members=told_members(members, both_schemas(one.extras, other.extras)),
        extras=both_schemas(one.extras, other.extras),
        names=one.names | other.names,
        items=both_schemas(one.items, other.items),
        unique=one.unique or other.unique,
        default=one.default if one.default is not None else other.default,
    )


def any_of(shapes: Iterable[Shape]) -> Shape:
    """What keeps at least one: `anyOf`. A fact about texts holds if every alternative that is a text has it, and so on.

    That two facts only come together is not kept: a shape takes what each alternative takes, and may take mixtures.
    """
    shapes = [shape for shape in shapes if shape.types]
    if len(shapes) < 2:
        return shapes[0] if shapes else NOTHING
    texts, lists, objects = (_of({type}, shapes) for type in ("string", "array", "object"))
    names = dict.fromkeys(name for shape in objects for name in shape.members)
    members = {name: any_schema([shape.member(name) for shape in objects]) for name in names}
    return Shape(
        types=frozenset().union(*[shape.types for shape in shapes]),
        enum=_any_enum([shape for shape in shapes if shape.types != {"null"}]),
        bounds=dict(_loosest(shapes)),
        patterns=_any_pattern([shape.patterns for shape in texts]),
        format=_same([shape.format for shape in texts]),
        required=frozenset.intersection(*[shape.required for shape in objects]),
        members=told_members(members, any_schema([shape.extras for shape in objects])),
        extras=any_schema([shape.extras for shape in objects]),
        names=_any_pattern([shape.names for shape in objects]),
        items=any_schema([shape.items for shape in lists]),
        unique=all(shape.unique for shape in lists),
    )


def both_schemas(one: Any, other: Any) -> Any:
    """A schema for what keeps both."""
    if one is False or other is False:
        return False
    if one is True or other is True or one == other:
        return other if one is True else one
    return {"allOf": [one, other]}


def any_schema(schemas: Sequence[Any]) -> Any:
    """A schema for what keeps at least one."""
    if any(schema is True for schema in schemas):
        return True
    distinct = {json.dumps(schema, sort_keys=True): schema for schema in schemas if schema is not False}
    if len(distinct) < 2:
        return next(iter(distinct.values()), False)
    return {"anyOf": [distinct[text] for text in sorted(distinct)]}


def told_members(members: Mapping[str, Any], extras: Any) -> dict[str, Any]:
    """Members by name, without those that may not be there where no other may either."""
    return {name: schema for name, schema in members.items() if schema is not False or extras is not False}


def _of(types: Iterable[str], shapes: Iterable[Shape]) -> list[Shape]:
    """The alternatives that may be of these types; if none may, nothing is said about them."""
    return [shape for shape in shapes if not shape.types.isdisjoint(types)] or [ANYTHING]


def _narrowest(keyword: str, shapes: Iterable[Shape]) -> float:
    values = [shape.bounds[keyword] for shape in shapes if keyword in shape.bounds]
    return max(values) if keyword in LOWER else min(values)


def _loosest(shapes: Sequence[Shape]) -> Iterable[tuple[str, float]]:
    for keyword in dict.fromkeys(keyword for shape in shapes for keyword in shape.bounds):
        concerned = _of(BOUNDED[keyword], shapes)
        if all(keyword in shape.bounds for shape in concerned):
            values = [shape.bounds[keyword] for shape in concerned]
            yield keyword, min(values) if keyword in LOWER else max(values)


def _any_enum(shapes: Sequence[Shape]) -> frozenset[Any] | None:
    enums = [shape.enum for shape in shapes if shape.enum is not None]
    return frozenset().union(*enums) if len(enums) == len(shapes) else None


def _any_pattern(patterns: Sequence[frozenset[str]]) -> frozenset[str]:
    """One pattern for many, or none if one of them is without."""
    if not all(patterns):
        return frozenset()
    distinct = sorted(
        {next(iter(each)) if len(each) == 1 else "".join(f"(?={one})" for one in sorted(each)) for each in patterns}
    )
    return frozenset({distinct[0] if len(distinct) == 1 else "|".join(f"(?:{each})" for each in distinct)})


def _same(values: Sequence[str | None]) -> str | None:
    return values[0] if len(set(values)) == 1 else None
