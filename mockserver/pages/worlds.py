"""The worlds of the server and the snapshots of one: opened, closed, reset, remembered, gone back to."""

from collections.abc import Mapping
from typing import Any

from mockserver.clock import written
from mockserver.desk import Answer, Desk
from mockserver.mistake import Mistake
from mockserver.pages.form import filled
from mockserver.pages.room import Deed, Room, Visit
from mockserver.trouble_controls import forget_snapshots, restore_snapshot, take_snapshot
from mockserver.world_controls import close_worlds, open_world, reset
from mockserver.worlds import DEFAULT, Worlds

_MOST = 200


def worlds_room(worlds: Worlds) -> Room:
    """The page over these worlds."""

    def show(visit: Visit) -> Mapping[str, Any]:
        names = worlds.names()
        here = next((name for name in names if worlds.get(name) is visit.engine), DEFAULT)
        shown = list(dict.fromkeys([DEFAULT, here, *names]))[:_MOST]
        return {
            "here": here,
            "worlds": [_told(name, worlds) for name in shown],
            "more": len(names) - len(shown),
            "snapshots": {name: written(each.clock.now()) for name, each in sorted(visit.engine.world.snapshots.items())},
        }

    return Room("worlds.html", show, DEEDS)


def _told(name: str, worlds: Worlds) -> dict[str, Any]:
    world = worlds.get(name).world
    root = "" if name == DEFAULT else f"/worlds/{name}"
    clock = {"now": written(world.clock.now()), "frozen": world.clock.frozen}
    return {"name": name, "root": root, "calls": world.journal.count, **clock}


def _saying(answer: Answer, *names: str) -> Deed:
    """A control that is told what a form has under these names."""

    def deed(desk: Desk, said: dict[str, str]) -> None:
        answer(desk, filled(said, *names), {})

    return deed


def _about(answer: Answer, name: str) -> Deed:
    """A control that is about what a form names."""

    def deed(desk: Desk, said: dict[str, str]) -> None:
        answer(desk, {}, {name: said.get(name, "")})

    return deed


def _close(desk: Desk, said: dict[str, str]) -> None:
    name = said.get("world", "")
    if name != DEFAULT and desk.worlds.get(name) is desk.engine:
        raise Mistake(f"this page is of the world {name!r}: close it on the page of another")
    close_worlds(desk, {}, {"world": name})


DEEDS: Mapping[str, Deed] = {
    "open": _saying(open_world, "name", "from"),
    "close": _close,
    "reset": _saying(reset),
    "take": _saying(take_snapshot, "name"),
    "restore": _about(restore_snapshot, "snapshot"),
    "forget": _about(forget_snapshots, "snapshot"),
}
