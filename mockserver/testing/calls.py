"""The journal as a test asks it: what was called, and on failure which call came closest."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from mockserver.engine import Engine
from mockserver.journal import Entry
from mockserver.masking import masked
from mockserver.mistake import Mistake, unknown
from mockserver.provider import check_named
from mockserver.why import entry_line, sent_body, why

_WANTS = ("operation", "version", "caller", "method", "path", "status", "body", "answer")
_MISSING = object()


class Calls:
    """The calls of one world, oldest first.

    What is wanted of a call is said by `operation` (its id), `version`, `caller`, `method`, `path`, `status`, and by `body`
    and `answer`: JSON of which the call's has to have every member, whatever else it has.
    """

    def __init__(self, engine: Engine):
        self._engine = engine

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._engine.world.journal)

    def __len__(self) -> int:
        return len(self._engine.world.journal)

    def __getitem__(self, position: int) -> Entry:
        """A call by its place among those kept: 0 is the oldest, -1 the last."""
        return list(self._engine.world.journal)[position]

    @property
    def evicted(self) -> int:
        """How many calls there were before the oldest one here."""
        return self._engine.world.journal.evicted

    def calls(self, operation: str | None = None, **wanted: Any) -> list[Entry]:
        """The calls that are as wanted. Raises `Mistake` for an operation or a want that there is not."""
        wants = self._wants(operation, wanted)
        return [entry for entry in self if not list(_differences(entry, wants))]

    def assert_called(self, operation: str | None = None, *, times: int | None = None, **wanted: Any) -> list[Entry]:
        """Fail unless there was such a call, or exactly so many; the failure tells which came closest, and how it differs."""
        if times is not None and (type(times) is not int or times < 0):
            raise Mistake(f"'times' is a whole number of 0 or more, not {times!r}")
        found = self.calls(operation, **wanted)
        known = times is None or not self.evicted  # of calls that are gone nobody knows how many there were
        if known and (len(found) == times or (times is None and found)):
            return found
        wants = self._wants(operation, wanted)
        raise AssertionError("\n".join([_claim(len(found), times, wants), *self._nearest(wants, found), *self._caveat()]))

    def assert_not_called(self, operation: str | None = None, **wanted: Any) -> None:
        """Fail if there was such a call."""
        self.assert_called(operation, times=0, **wanted)

    def why(self, number: int | None = None) -> dict[str, Any]:
        """Why a call, or the last one that met an objection, was answered as it was. Raises `Mistake`."""
        if number is None:
            number = next((entry.number for entry in reversed(list(self)) if entry.objections), None)
        if number is None:
            raise Mistake("no call in the journal was refused anything")
        return why(self._engine.world.journal.entry(number), self._engine)

    def clear(self) -> None:
        """Forget the calls so far."""
        self._engine.world.journal.clear()

    def _wants(self, operation: str | None, wanted: Mapping[str, Any]) -> dict[str, Any]:
        for name in wanted:
            if name not in _WANTS:
                raise unknown("want", name, _WANTS)
        self._check(wanted)
        check_named(self._engine.providers.values(), operation, wanted.get("version"))
        return ({} if operation is None else {"operation": operation}) | dict(wanted)

    def _check(self, wanted: Mapping[str, Any]) -> None:
        """Raise `Mistake` for what no call can be like, which would else never be found, or always be missing."""
        if type(wanted.get("status", 0)) is not int:
            raise Mistake(f"a status is a number, not {wanted['status']!r}")
        method, path = wanted.get("method", "GET"), wanted.get("path", "/")
        if not isinstance(method, str) or method != method.upper():
            raise Mistake(f"a method is written in capitals, not {method!r}")
        if not isinstance(path, str) or not path.startswith("/") or "?" in path:
            raise Mistake(f"a path begins with / and has no query, not {path!r}")

    def _nearest(self, wants: Mapping[str, Any], found: list[Entry]) -> Iterator[str]:
        """What there was instead."""
        if found:
            yield from (f"  {entry_line(entry)}" for entry in found[-10:])
            return
        apart = {entry.number: list(_differences(entry, wants)) for entry in self}
        if not apart:
            yield "There was no call at all."
            return
        closest = min(reversed(list(self)), key=lambda entry: len(apart[entry.number]))
        yield f"The closest of {len(apart)}: {entry_line(closest)}"
        yield from (f"  {difference}" for difference in apart[closest.number])

    def _caveat(self) -> Iterator[str]:
        if self.evicted:
            yield f"{self.evicted} earlier calls are not in the journal any more, so this says nothing of them."


def _claim(count: int, times: int | None, wants: Mapping[str, Any]) -> str:
    wanted = "once or more" if times is None else f"{times} times"
    said = ", ".join(f"{name}={masked(value, name)!r}" for name, value in wants.items()) or "any call"
    return f"wanted {wanted}, seen {count} times: {said}"


def _differences(entry: Entry, wants: Mapping[str, Any]) -> Iterator[str]:
    """In what a call is not as wanted."""
    for name, wanted in wants.items():
        if name in ("body", "answer"):
            seen = sent_body(entry.request) if name == "body" else _parsed(entry.response.body)
            yield from _unlike(seen, wanted, name)
        elif _is(name, entry) != wanted:
            yield f"{name}: wanted {wanted!r}, was {_is(name, entry)!r}"


def _is(name: str, entry: Entry) -> Any:
    if name in ("operation", "version"):
        return entry.name if name == "operation" else entry.operation and entry.operation.dated
    holder = {"method": entry.request, "path": entry.request, "status": entry.response}.get(name, entry)
    return getattr(holder, name)


def _parsed(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except ValueError:
        return _MISSING


def _unlike(seen: Any, wanted: Any, place: str, member: str = "") -> Iterator[str]:
    if isinstance(wanted, dict) and isinstance(seen, dict):
        for name, value in wanted.items():
            yield from _unlike(seen.get(name, _MISSING), value, f"{place}.{name}", name)
    elif isinstance(wanted, list) and isinstance(seen, list) and len(wanted) == len(seen):
        for position, value in enumerate(wanted):
            yield from _unlike(seen[position], value, f"{place}[{position}]", member)
    elif seen != wanted:
        was = "missing" if seen is _MISSING else repr(masked(seen, member))
        yield f"{place}: wanted {masked(wanted, member)!r}, was {was}"
