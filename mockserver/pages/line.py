"""A call in a line of the list: what was asked, by whom, and why it was answered so, in brief."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from mockserver.clock import written
from mockserver.journal import Entry, Journal
from mockserver.masking import masked_query
from mockserver.mistake import Mistake

_TOLD = 2
_CLASSES = {"2xx": "answered", "3xx": "sent elsewhere", "4xx": "refused", "5xx": "failed"}


@dataclass(frozen=True, slots=True)
class Line:
    """`outcome` is the status in a word; `whys` are the first objections, `more` how many others there are."""

    number: int
    at: str
    operation: str
    path: str
    version: str
    caller: str
    status: int
    outcome: str
    whys: tuple[str, ...]
    more: int
    faults: tuple[str, ...]


def line_of(entry: Entry) -> Line:
    """A call in brief, secrets masked."""
    operation, request, response = entry.operation, entry.request, entry.response
    query = f"?{masked_query(request.query)}" if request.query else ""
    outcome = "cut" if response.cut else _CLASSES.get(f"{response.status // 100}xx", "answered")
    whys = [f"{each.problem.code} at {each.pointer}" if each.pointer else each.problem.code for each in entry.objections]
    return Line(
        entry.number,
        written(entry.at),
        operation.id if operation else "",
        f"{request.method} {request.path}{query}",
        (operation.dated or "") if operation else "",
        entry.caller or "",
        response.status,
        outcome,
        tuple(whys[:_TOLD]),
        max(len(whys) - _TOLD, 0),
        tuple(entry.faults),
    )


@dataclass(frozen=True, slots=True)
class Latest:
    """The latest calls after one, newest first and no more than asked for; `came` is how many there were in all."""

    lines: list[Line]
    came: int
    number: int


def latest(journal: Journal, after: int, most: int, operation: str = "", status: str = "") -> Latest:
    """The calls wanted after the one numbered `after`; of a journal cleared since, from the first. Raises `Mistake`."""
    if after > journal.count:
        after = 0
    wanted = _wanted(operation, status)
    new = [entry for entry in journal.last(journal.count - after) if wanted(entry)]
    unseen = max(journal.count - after - len(journal), 0) if not (operation or status) else 0
    return Latest([line_of(entry) for entry in new[: -most - 1 : -1]], len(new) + unseen, journal.count)


def _wanted(operation: str, status: str) -> Callable[[Entry], bool]:
    """`status` is one, or a class of them such as `4xx`."""
    if status and not (status.isdecimal() or status in _CLASSES):
        raise Mistake(f"a status is a number, or a class such as 4xx, not {status[:40]!r}")

    def wanted(entry: Entry) -> bool:
        found = str(entry.response.status)
        as_told = f"{found[:1]}xx" if status in _CLASSES else found
        return operation in ("", entry.name) and status in ("", as_told)

    return wanted


def operations_of(handlers: Iterable[Iterable[str]]) -> list[str]:
    """Every operation that can be filtered by."""
    return sorted(operation for each in handlers for operation in each)
