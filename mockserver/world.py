"""A world: everything one user of the fake has to himself, from the clock to what the providers remember."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Protocol

from mockserver.clock import Clock
from mockserver.readings import Readings
from mockserver.throttle import Throttle


class Part(Protocol):
    """What one provider remembers in a world."""

    def fork(self) -> Any:
        """The same, from here on its own; costs the same whatever its size."""
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
    serial: int = 0
    _origin: "World | None" = None

    def next_serial(self) -> int:
        """A number no other call to this gives: what ids, tokens and traces are made from."""
        self.serial += 1
        return self.serial

    def fork(self) -> "World":
        """The same world, from here on its own; resetting it comes back to here."""
        twin = self._twin()
        twin._origin = self._twin()
        return twin

    def reset(self) -> None:
        """Go back to how it began: state, clock, readings, counts."""
        if self._origin is not None:
            fresh = self._origin._twin()
            for each in fields(self):
                if each.name != "_origin":
                    setattr(self, each.name, getattr(fresh, each.name))

    def _twin(self) -> "World":
        parts = {name: part.fork() for name, part in self.parts.items()}
        return replace(self, clock=self.clock.fork(), parts=parts, throttle=self.throttle.fork(), _origin=None)
