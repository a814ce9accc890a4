"""What a test asks of its world: by the marker, or by pytest's configuration for all of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import cache
from typing import Any

from mockserver.clock import Moment, moment
from mockserver.engine import Engine
from mockserver.mistake import Mistake, unknown
from mockserver.providers import PROVIDERS, READINGS
from mockserver.readings import PROFILES, Readings
from mockserver.world_controls import rate_limit as parse_rate_limit
from mockserver.world_files import world_file
from mockserver.worlds import RATE_LIMIT, founded

_OURS = frozenset({"demo", "empty"})
TODAY = "2026-11-22T10:00:00Z"
EVERY = "every"


@dataclass(frozen=True, slots=True)
class Settings:
    """`world` is one of ours by name or a file; `readings` are choices by name, or `every` to run a test under each.

    `clock` is a time to stand still at, or `real`; `sleep` is `clock` to have `time.sleep` and `asyncio.sleep` move the
    world's clock, and `time.time` tell it; a `rate_limit` is calls a minute, or `off`; after `most_calls` a client's next
    call ends the test.
    """

    world: str = "demo"
    profile: str = "guide"
    readings: tuple[tuple[str, str], ...] | str = ()
    clock: Moment = TODAY
    seed: int = 0
    rate_limit: int | str = RATE_LIMIT
    sleep: str = "real"
    most_calls: int | None = None

    def changed(self, said: Mapping[str, Any]) -> "Settings":
        """These with some settings otherwise. Raises `Mistake` for one that there is not, or that can not be."""
        names = [each.name for each in fields(self)]
        for name in said:
            if name not in names:
                raise unknown("setting of the fake", name, names)
            if not isinstance(said[name], _TYPES[name]) or isinstance(said[name], bool):
                raise Mistake(f"{name!r} of the fake can not be {said[name]!r}")
        readings = said.get("readings", self.readings)
        if isinstance(readings, Mapping):
            before = () if isinstance(self.readings, str) else self.readings
            if not all(isinstance(each, str) for pair in readings.items() for each in pair):
                raise Mistake(f"readings are chosen by name, as text, not {dict(readings)!r}")
            readings = tuple(sorted({**dict(before), **readings}.items()))
        changed = replace(self, **{**said, "readings": readings})
        changed.check()
        return changed

    def check(self) -> None:
        """Raise `Mistake` for a setting that can not be."""
        world_file(self.world)
        if self.profile not in PROFILES:
            raise unknown("profile", self.profile, PROFILES)
        if isinstance(self.readings, str) and self.readings != EVERY:
            raise Mistake(f"readings are a mapping of names to alternatives, or {EVERY!r}, not {self.readings!r}")
        Readings(declared(), self.profile, self.chosen)
        if self.clock != "real":
            moment(self.clock)
        if type(self.seed) is not int or self.seed < 0:
            raise Mistake(f"a seed is a whole number of 0 or more, not {self.seed!r}")
        parse_rate_limit(str(self.rate_limit))
        if self.sleep not in ("real", "clock"):
            raise unknown("way to sleep", self.sleep, ("real", "clock"))
        if self.most_calls is not None and (type(self.most_calls) is not int or self.most_calls < 1):
            raise Mistake(f"most_calls is a whole number of 1 or more, not {self.most_calls!r}")
        if self.world not in _OURS:
            self.engine()  # a file of the user's may be wrong in itself

    @property
    def chosen(self) -> dict[str, str]:
        """The readings chosen by name."""
        return {} if isinstance(self.readings, str) else dict(self.readings)

    def engine(self) -> Engine:
        """An engine over a fresh fork of such a world; the world itself is founded once."""
        stamp = None if self.world in _OURS else world_file(self.world).stat().st_mtime_ns
        return _founded(replace(self, sleep="real", most_calls=None, readings=tuple(self.chosen.items())), stamp).fork()


_TYPES: Mapping[str, Any] = {
    "world": str,
    "profile": str,
    "readings": str | Mapping,
    "clock": str | int | float | datetime,
    "seed": int,
    "rate_limit": int | str,
    "sleep": str,
    "most_calls": int | None,
}


def declared() -> Iterable[Any]:
    """Every reading there is."""
    return READINGS


@cache
def _founded(settings: Settings, stamp: int | None) -> Engine:
    """`stamp` is when the user's own world file was last written."""
    return founded(
        PROVIDERS,
        settings.world,
        seed=settings.seed,
        frozen_at=None if settings.clock == "real" else moment(settings.clock),
        profile=settings.profile,
        readings=settings.chosen,
        rate_limit=parse_rate_limit(str(settings.rate_limit)),
    )
