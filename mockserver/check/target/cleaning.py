"""Deleting what a run made: by id while it goes on, by name when it is over or when it was killed."""

from collections.abc import Collection, Iterator
from typing import Any, Protocol

from mockserver.check.expectation import Broken
from mockserver.check.refraining import KeptBack
from mockserver.check.session import Answer, Session
from mockserver.check.target.made import Entity, Made, check_run, number
from mockserver.check.target.mentions import AUDIENCE, SEGMENT
from mockserver.check.wire import Unreachable
from mockserver.mistake import Mistake

_SEARCHES = {AUDIENCE: "searchAudiences", SEGMENT: "searchAudienceSegments"}
_DELETIONS = {AUDIENCE: "bulkDeleteAudiences", SEGMENT: "bulkDeleteAudienceSegments"}
"""Audiences first: they use segments."""

_PAGE = 500
_MOST = 1_000_000
_AT_ONCE = 100
_PASSES = 3


class Cleanable(Protocol):
    """Where a run may have left something."""

    def clean(self, run: str) -> list[str]:
        """Delete everything of a run, and tell what."""
        ...


def cleaned(run: str, venue: Cleanable) -> list[str]:
    """Delete what a run left behind, and tell what it was. Raises `Mistake`, also for a name that is no run's."""
    return venue.clean(check_run(run))


def swept(session: Session, entities: Collection[Entity]) -> None:
    """Delete things by id, as far as it goes; the session's wire knows what went."""
    for kind, operation in _DELETIONS.items():
        ids = [str(id) for of, id in entities if of == kind]
        for start in range(0, len(ids), _AT_ONCE):
            _asked(session, operation, {"data": [{"id": id} for id in ids[start : start + _AT_ONCE]]})


def purged(session: Session, made: Made) -> list[str]:
    """Delete everything whose name begins with the run's, and tell what. Raises `Mistake` if something stays."""
    told: dict[Entity, str] = {}
    for _ in range(_PASSES):
        found = dict(_bearers(session, made))
        if not found:
            made.left.clear()
            return [f"{kind} {id} {name!r}" for (kind, id), name in told.items()]
        told |= found
        for kind, id in found:
            made.add(kind, id)
        swept(session, found)
    staying = ", ".join(f"{kind} {id} {name!r}" for (kind, id), name in list(found.items())[:5])
    raise Mistake(f"{len(found)} things of run {made.run!r} could not be deleted: {staying}")


def _bearers(session: Session, made: Made) -> Iterator[tuple[Entity, str]]:
    for kind, operation in _SEARCHES.items():
        for item in _pages(session, operation):
            id, attributes = number(item.get("id")), item.get("attributes")
            name = attributes.get("name") if isinstance(attributes, dict) else None
            if id is not None and made.bears_our_name(name):
                yield (kind, id), str(name)


def _pages(session: Session, operation: str) -> Iterator[dict[str, Any]]:
    """Everything that a search finds, page by page. Raises `Mistake` where it cannot be searched."""
    seen: set[str] = set()
    for offset in range(0, _MOST, _PAGE):
        answer = _asked(session, operation, {"data": {"attributes": {}}}, {"limit": _PAGE, "offset": offset})
        if answer is None or answer.status != 200:
            said = "gave no answer" if answer is None else f"answered {answer.status}"
            raise Mistake(f"what run {session.setting.run!r} left cannot be looked for: {operation} {said}")
        fresh = [item for item in answer.items if str(item.get("id")) not in seen]
        yield from fresh
        seen.update(str(item.get("id")) for item in fresh)
        if not fresh:
            return


def _asked(session: Session, operation: str, body: Any, query: dict[str, Any] | None = None) -> Answer | None:
    """An answer, whether it keeps the contract or not; nothing if there is none."""
    try:
        return session.ask(operation, body, query=query)
    except (Unreachable, KeptBack):
        return None
    except Broken:
        last = session.exchanges[-1] if session.exchanges else None
        asked = last is not None and last.operation == operation
        return Answer(session, len(session.exchanges) - 1, last.response) if last is not None and asked else None
