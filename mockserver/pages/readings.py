"""What the documents leave open: every question, its possible answers with their evidence, and the one in force."""

from collections.abc import Mapping
from typing import Any

from mockserver.desk import Desk
from mockserver.evidence import KINDS
from mockserver.pages.room import Room, Visit
from mockserver.world_controls import choose_readings


def show(visit: Visit) -> Mapping[str, Any]:
    """Every reading, by provider."""
    readings = visit.engine.world.readings
    return {
        "profile": readings.profile,
        "chosen": readings,
        "providers": {name: each.readings for name, each in visit.engine.providers.items() if each.readings},
        "changed": [name for name, each in readings.declared.items() if readings[name] != getattr(each, readings.profile)],
        "kinds": KINDS,
    }


def _choose(desk: Desk, said: dict[str, str]) -> str:
    name = said.get("reading", "")
    choose_readings(desk, {name: said.get("alternative", "")}, {})
    return f"reading-{name}"


READINGS = Room("readings.html", show, {"choose": _choose})
