"""What was called and what was answered: a ring, bounded in entries and bytes, that says how much it let go."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from mockserver.contract.operation import Operation
from mockserver.message import Request, Response
from mockserver.mistake import unknown
from mockserver.problem import Objection

ENTRIES = 1000
BYTES = 4 * 2**20
_OVERHEAD = 500


@dataclass(slots=True, repr=False)
class Entry:
    """One call. `at` is the moment of it in seconds since 1970 on the world's clock, `number` counts from 1.

    `operation` is nothing for a path that leads nowhere, `caller` nothing where nobody was recognised. `objections` are
    what a refusal, or a bulk answer about its items, rests on; `faults` the names of what was made to go wrong.
    """

    number: int
    at: float
    provider: str
    operation: Operation | None
    caller: str | None
    request: Request
    response: Response
    objections: Sequence[Objection]
    faults: Sequence[str] = ()
    size: int = 0

    @property
    def name(self) -> str:
        """The operation's id, or nothing much."""
        return self.operation.id if self.operation else "no operation"

    def __post_init__(self) -> None:
        request = self.request
        told = len(request.path) + len(request.query) + sum([len(name) + len(value) for name, value in request.headers])
        self.size = len(request.body) + len(self.response.body) + told + _OVERHEAD * (1 + len(self.objections))

    def __repr__(self) -> str:
        """Without what has secrets in it."""
        return f"<call {self.number}: {self.name} {self.response.status}>"


@dataclass(slots=True)
class Journal:
    """The latest calls of a world, oldest first. `evicted` is how many came before and were let go; `listener` hears each."""

    entries: int = ENTRIES
    bytes: int = BYTES
    evicted: int = 0
    listener: Callable[[Entry], None] | None = None
    _ring: deque[Entry] = field(default_factory=deque)
    _held: int = 0
    _count: int = 0

    def record(
        self,
        at: float,
        provider: str,
        operation: Operation | None,
        caller: str | None,
        request: Request,
        response: Response,
        objections: Sequence[Objection],
        faults: Sequence[str] = (),
    ) -> None:
        """Keep a call, at the price of the oldest ones."""
        self._count += 1
        entry = Entry(self._count, at, provider, operation, caller, request, response, objections, faults)
        self._ring.append(entry)
        if self.listener is not None:
            self.listener(entry)
        self._held += entry.size
        while len(self._ring) > self.entries or (self._held > self.bytes and len(self._ring) > 1):
            self._held -= self._ring.popleft().size
            self.evicted += 1

    def __len__(self) -> int:
        return len(self._ring)

    def __iter__(self) -> Iterator[Entry]:
        return iter(tuple(self._ring))

    @property
    def latest(self) -> Entry | None:
        """The last call, if one is kept."""
        return self._ring[-1] if self._ring else None

    @property
    def count(self) -> int:
        """How many calls there were, kept or not."""
        return self._count

    def entry(self, number: int) -> Entry:
        """A call by its number. Raises `Mistake` for one that was let go or never was."""
        for each in reversed(self._ring):
            if each.number == number:
                return each
        raise unknown("entry of the journal", str(number), [str(each.number) for each in self._ring])

    def clear(self) -> None:
        """Forget everything, the count of what was let go too."""
        self._ring.clear()
        self.evicted = self._held = self._count = 0

    def fork(self) -> "Journal":
        """An empty one of the same bounds: the calls of one world are not another's."""
        return Journal(self.entries, self.bytes, listener=self.listener)

    def last(self, many: int) -> Iterable[Entry]:
        """The latest entries, oldest first."""
        return list(self._ring)[-many:] if many else []
