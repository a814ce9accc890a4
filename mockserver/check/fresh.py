"""A fake to check when no other target is named: the demo world in this process, its clock standing still."""

from collections.abc import Mapping

from mockserver.check.judging import Judge
from mockserver.check.setting import DEMO, Setting
from mockserver.check.venue import Fresh
from mockserver.clock import parse_moment
from mockserver.engine import Engine
from mockserver.providers import PROVIDERS
from mockserver.worlds import founded

TARGET = "a fresh fake in this process"
MOMENT = "2026-11-22T10:30:00Z"
"""When a fresh fake's clock stands: at half past, so that the running hour has figures."""


def fresh_engine(profile: str = "guide", readings: Mapping[str, str] | None = None, moment: str = MOMENT) -> Engine:
    """The demo world, founded anew. Raises `Mistake`."""
    return founded(PROVIDERS, "demo", frozen_at=parse_moment(moment), profile=profile, readings=readings)


def fresh_venue(
    profile: str = "guide", readings: Mapping[str, str] | None = None, setting: Setting = DEMO, moment: str = MOMENT
) -> Fresh:
    """A fresh fake, judged under the readings that it has. Raises `Mistake`."""
    engine = fresh_engine(profile, readings, moment)
    return Fresh(engine, setting, Judge(engine.world.readings.chosen))
