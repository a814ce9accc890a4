"""A world: everything one user of the fake has to himself, from the clock to what the providers remember."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Protocol

from mockserver.clock import Clock
from mockserver.faults import Faults
from mockserver.journal import Journal
from mockserver.mistake import unknown
from mockserver.readings import Readings
from mockserver.throttle import Throttle


class Part(Protocol):
    """What one provider remembers in a world."""

    def fork(self) -> Any:
        """The same, from here on its own; costs the same whatever its size."""
        ...

    def entities(self) -> Mapping[str, Mapping[int, Any]]:
        """What comes and goes, by kind and id."""
        ...


@dataclass(slots=True)
class World:
    """`rate_limit` is the calls a minute an application has, `None` for no limit; `parts` are by provider."""

    seed: int
    clock: Clock
    readings: Readings
    parts: Mapping[str, Part]
    rate_limit: int | None
    throttle: Throttle = field(default_factory=Throttle)
    faults: Faults = field(default_factory=Faults)
    journal: Journal = field(default_factory=Journal, metadata={"kept": False})
    serial: int = 0
    snapshots: "dict[str, World]" = field(default_factory=dict)
    _origin: "World | None" = None

    def next_serial(self) -> int:
        """A number no other call to this gives: what ids, tokens and traces are made from."""
        self.serial += 1
        return self.serial

    def fork(self) -> "World":
        """The same world with an empty journal, from here on its own; resetting it comes back to here."""
        twin = self._twin()
        twin._origin = self._twin()
        return twin

    def apart(self) -> "World":
        """The same world with an empty journal, from here on its own; resetting it comes back to the same beginning."""
        twin = self._twin()
        twin._origin = self._origin
        return twin

    def begin_as(self, other: "World") -> None:
        """Become as another world is, and come back to that when reset. Journal and snapshots stay."""
        self._become(other)
        self._origin = other._twin()

    def reset(self) -> None:
        """Go back to how it began: state, clock, readings, counts, faults, journal. Snapshots stay."""
        self._become(self.origin)
        self.journal.clear()

    @property
    def origin(self) -> "World":
        """How it began."""
        return self._origin or self

    def snapshot(self, name: str) -> None:
        """Remember how it is now under a name, in place of what had the name."""
        twin = self._twin()
        twin.snapshots = {}
        self.snapshots[name] = twin

    def restore(self, name: str) -> None:
        """Go back to a snapshot; the journal goes on. Raises `Mistake` for a name that is none."""
        self._become(self.remembered(name))

    def remembered(self, name: str) -> "World":
        """A snapshot. Raises `Mistake` for a name that is none."""
        if name not in self.snapshots:
            raise unknown("snapshot", name, self.snapshots)
        return self.snapshots[name]

    def _become(self, other: "World") -> None:
        fresh = other._twin()
        for each in fields(self):
            if each.name not in ("journal", "snapshots", "_origin"):
                setattr(self, each.name, getattr(fresh, each.name))

    def _twin(self) -> "World":
        return replace(
            self,
            clock=self.clock.fork(),
            parts={name: part.fork() for name, part in self.parts.items()},
            throttle=self.throttle.fork(),
            faults=self.faults.fork(),
            journal=self.journal.fork(),
            snapshots=dict(self.snapshots),
            _origin=None,
        )
