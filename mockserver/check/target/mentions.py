"""What a request's body speaks of, read as widely as any server may read it: ids, names, or nobody knows what."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

SEGMENT, AUDIENCE = "segment", "audience"

_OTHER_IDS = ("retailerid", "retailerids", "categoryids", "brandids")
"""Members that name what no request of this API changes."""

_PLACES = frozenset({"", "data"})
"""Where something that stands in a list by itself may be an id."""

_DEEPEST = 200


class Unclear(Exception):  # noqa: N818 - it is a state of a body
    """A body that one server may read in one way and another in another."""


@dataclass(slots=True)
class Mentions:
    """`ids` are pairs of a kind and what stands there, `names` are what would become names."""

    ids: list[tuple[str, Any]] = field(default_factory=list)
    names: list[Any] = field(default_factory=list)


def mentions(body: bytes, kind: str) -> Mentions:
    """What a JSON body about things of a kind speaks of; names of members in any case. Raises `Unclear`."""
    found = Mentions()
    for member, value in _leaves(_parsed(body)) if body.strip() else ():
        if member == "name":
            found.names.append(value)
        elif _is_id(member):
            found.ids.append((_kind(member, kind), value))
    return found


def loose_mentions(body: bytes) -> list[str] | None:
    """The numbers in a body that is no JSON; `None` if it may hold more than they tell, read by a lenient server."""
    if not body.isascii() or b"\\" in body or b"\0" in body or b"name" in body.lower():
        return None
    return re.findall(r"[0-9]+", body.decode("ascii"))


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body.decode("utf-8-sig"), object_pairs_hook=_object, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Unclear(str(error)) from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose members are told apart by every server, also by one that knows no capitals."""
    folded = [name.casefold() for name, _ in pairs]
    if len(set(folded)) < len(folded):
        raise Unclear("a member is given twice")
    return dict(zip(folded, (value for _, value in pairs), strict=True))


def _no_constant(text: str) -> Any:
    raise Unclear(f"{text} is no JSON")


def _leaves(thing: Any, member: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Every plain value, and the nearest member that it is in; what is in the place of an id or a name is as much one."""
    if depth > _DEEPEST:
        raise Unclear("it is nested too deeply")
    if isinstance(thing, dict):
        for name, value in thing.items():
            if any(map(str.isnumeric, name)):
                yield "id", name
            inside = member if member == "name" or _names_one(member) else name
            yield from _leaves(value, inside, depth + 1)
    elif isinstance(thing, list):
        for each in thing:
            yield from _leaves(each, member, depth + 1)
    else:
        yield member, thing


def _is_id(member: str) -> bool:
    return member in _PLACES or _names_one(member)


def _names_one(member: str) -> bool:
    return member.endswith(("id", "ids")) and member not in _OTHER_IDS


def _kind(member: str, kind: str) -> str:
    """Of which kind an id is that stands in a member, in a request about things of a kind."""
    if SEGMENT in member:
        return SEGMENT
    return AUDIENCE if AUDIENCE in member else kind
