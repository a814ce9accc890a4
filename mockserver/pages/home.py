"""The home page: the calls as they come, the clock, the rate windows as they fill, the faults in force."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.clock import written
from mockserver.desk import Desk
from mockserver.faults import Armed
from mockserver.mistake import Mistake
from mockserver.pages.form import filled
from mockserver.pages.line import latest, operations_of
from mockserver.pages.room import Room, Visit
from mockserver.pages.sheet import piece
from mockserver.throttle import Filling
from mockserver.trouble_controls import clear_journal
from mockserver.world import World
from mockserver.world_controls import set_clock

_CALLS = 50
_WINDOWS = 8
_FAULTS = 8
STEPS = {"1 minute": 60, "15 minutes": 900, "1 hour": 3600, "1 day": 86400}
STATUSES = ("2xx", "4xx", "5xx")


@dataclass(frozen=True, slots=True)
class Around:
    """What stands beside the calls: the clock's time and whether it stands still, windows, faults, how many calls were kept."""

    now: str
    frozen: bool
    windows: list[Filling]
    more_windows: int
    faults: list[Armed]
    more_faults: int
    calls: int
    kept: int


def around(world: World) -> Around:
    """What stands beside the calls now."""
    now = world.clock.now()
    windows, faults = world.throttle.windows(now), world.faults.armed
    return Around(
        written(now),
        world.clock.frozen,
        windows[:_WINDOWS],
        max(len(windows) - _WINDOWS, 0),
        faults[:_FAULTS],
        max(len(faults) - _FAULTS, 0),
        world.journal.count,
        len(world.journal),
    )


def panels(world: World) -> dict[str, str]:
    """The parts of the page that change by themselves, by their id."""
    beside = around(world)
    return {name: piece("parts.html", name.replace("-", "_"), beside) for name in ("clock-now", "windows", "faults", "kept")}


def show(visit: Visit) -> Mapping[str, Any]:
    """Everything on the page."""
    operation, status = visit.place.get("operation", ""), visit.place.get("status", "")
    return {
        "around": around(visit.engine.world),
        "latest": latest(visit.engine.world.journal, 0, _CALLS, operation, status),
        "operations": operations_of(each.handlers for each in visit.engine.providers.values()),
        "statuses": STATUSES,
        "operation": operation,
        "status": status,
        "steps": STEPS,
    }


def _freeze(desk: Desk, said: dict[str, str]) -> str:
    set_clock(desk, {"freeze": True}, {})
    return "clock"


def _resume(desk: Desk, said: dict[str, str]) -> str:
    set_clock(desk, {"resume": True}, {})
    return "clock"


def _advance(desk: Desk, said: dict[str, str]) -> str:
    try:
        seconds = float(said.get("by", ""))
    except ValueError:
        raise Mistake(f"a clock advances by a number of seconds, not {said.get('by')!r}") from None
    set_clock(desk, {"advance": seconds}, {})
    return "clock"


def _set(desk: Desk, said: dict[str, str]) -> str:
    set_clock(desk, {"now": filled(said, "now").get("now", "")}, {})
    return "clock"


def _forget(desk: Desk, said: dict[str, str]) -> str:
    clear_journal(desk, {}, {})
    return "calls"


HOME = Room(
    "home.html",
    show,
    {"freeze": _freeze, "resume": _resume, "advance": _advance, "set": _set, "forget": _forget},
    back="/_mock/",
)
