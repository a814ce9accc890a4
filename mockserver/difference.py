"""What came, went and changed in a world since it was like another one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from mockserver.store import Members
from mockserver.world import World


@dataclass(frozen=True, slots=True)
class Change:
    """One entity that is not as it was. `what` is `added`, `removed` or `changed`, `kind` as in `segment`.

    `before` and `after` are its members by name, of a change only those that differ; nothing where it was not there.
    """

    what: str
    kind: str
    id: int
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None

    def __str__(self) -> str:
        if self.before is None or self.after is None:
            name = (self.after or self.before or {}).get("name")
            return f"{self.what} {self.kind} {self.id}" + (f" {name!r}" if name else "")
        told = [f"{name} {self.before[name]!r} -> {value!r}" for name, value in self.after.items()]
        return f"changed {self.kind} {self.id}: {', '.join(told)}"


def changes(before: World, after: World) -> list[Change]:
    """Every entity that differs, by kind and then id. Costs a look at each, and more only at those that are others."""
    return [
        change
        for provider, part in after.parts.items()
        for kind, now in part.entities().items()
        for change in _of_kind(kind, before.parts[provider].entities()[kind], now)
    ]


def _of_kind(kind: str, then: Mapping[int, Any], now: Mapping[int, Any]) -> Iterator[Change]:
    if then is now:
        return
    for id in sorted(then.keys() | now.keys()):
        old, new = then.get(id), now.get(id)
        if old is new:
            continue
        before, after = _members(old), _members(new)
        if before is None or after is None:
            yield Change("removed" if after is None else "added", kind, id, before and _told(before), after and _told(after))
            continue
        differing = [name for name, value in after.items() if before[name] != value]
        if differing:
            was, became = ({name: each[name] for name in differing} for each in (before, after))
            yield Change("changed", kind, id, _told(was), _told(became))


def _members(record: Any) -> dict[str, Any] | None:
    """What makes a record what it is: not what it is only remembered by."""
    if record is None:
        return None
    told = {each.name: getattr(record, each.name) for each in fields(record) if each.init and "remembered" not in each.metadata}
    return {name: value.values if isinstance(value, Members) else value for name, value in told.items()}


def _told(members: Mapping[str, Any]) -> dict[str, Any]:
    """Sets of fingerprints by their size: what is in them is nobody's to read."""
    return {name: _shown(value) for name, value in members.items()}


def _shown(value: Any) -> Any:
    if isinstance(value, set):
        return f"{len(value)} identifiers"
    return value if isinstance(value, str | int | float | tuple | dict | None) else repr(value)
