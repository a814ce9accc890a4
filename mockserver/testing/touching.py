"""The readings of a test's world: chosen by name, and remembered when a call depended on them."""

from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from typing import NoReturn

from mockserver.engine import Engine
from mockserver.mistake import Mistake, unknown
from mockserver.readings import Readings


class TouchedReadings(Readings):
    """Readings that remember which of them were asked for; those that follow from them share the memory."""

    @classmethod
    def of(cls, readings: Readings, touched: set[str]) -> "TouchedReadings":
        """The same choices; what is asked for is added to `touched`."""
        twin = cls(readings.declared.values(), readings.profile, readings.chosen)
        twin.touched = touched
        return twin

    touched: set[str]

    def changed(self, chosen: Mapping[str, str]) -> "TouchedReadings":
        """These readings with some chosen otherwise."""
        return TouchedReadings.of(Readings(self.declared.values(), self.profile, {**self.chosen, **chosen}), self.touched)

    def __getitem__(self, name: str) -> str:
        self.touched.add(name)
        return self.chosen[name]


class Dial(MutableMapping[str, str]):
    """The readings of a world: `fake.readings["contact-list-clear"] = "204"`. Unknown names and values are mistakes."""

    def __init__(self, engine: Engine, parent: "Dial | None" = None):
        """What the calls of a fork depend on, those of its `parent` do too."""
        self._engine = engine
        self._asked: set[str] = parent._asked if parent else set()
        self.heard: set[str] = parent.heard if parent else set()
        self.follow()

    def follow(self) -> None:
        """Take note of what is asked of the readings now in force."""
        self._engine.world.readings = TouchedReadings.of(self._engine.world.readings, self._asked)

    @contextmanager
    def unheard(self) -> Iterator[None]:
        """While somebody else calls, nothing is noted."""
        readings = self._engine.world.readings
        self._engine.world.readings = Readings(readings.declared.values(), readings.profile, readings.chosen)
        try:
            yield
        finally:
            self._engine.world.readings = readings

    def touched(self) -> list[str]:
        """Those that the calls so far depended on, in the code or in what an operation takes."""
        found = set(self._asked)
        for provider in self._engine.providers.values():
            for operation in self.heard & provider.handlers.keys():
                found |= provider.contracts.library.asking(operation)
        return sorted(found)

    def __getitem__(self, name: str) -> str:
        chosen = self._engine.world.readings.chosen
        if name not in chosen:
            raise unknown("reading", name, chosen)
        return chosen[name]

    def __setitem__(self, name: str, alternative: str) -> None:
        self._engine.world.readings = self._engine.world.readings.changed({name: alternative})

    def __delitem__(self, name: str) -> NoReturn:
        raise Mistake(f"a reading is always one way or another: choose another alternative of {name!r}")

    def __iter__(self) -> Iterator[str]:
        return iter(self._engine.world.readings.chosen)

    def __len__(self) -> int:
        return len(self._engine.world.readings.chosen)

    def __repr__(self) -> str:
        return f"Dial({dict(self)!r})"
