"""What can be done to a world from outside: reset, worlds, clock, readings, settings, contracts."""

import re
from collections.abc import Mapping
from typing import Any

from mockserver import __version__
from mockserver.clock import parse_moment, written
from mockserver.desk import Desk, Said, only
from mockserver.mistake import Mistake, check_members, unknown
from mockserver.worlds import DEFAULT


def health(desk: Desk, said: Said, place: Mapping[str, str]) -> Any:
    """How the server is, and which it is."""
    stopping = desk.condition.stopping
    return {
        "status": "stopping" if stopping else "ok",
        "live": True,
        "ready": not stopping,
        "version": __version__,
        "now": written(desk.engine.world.clock.now()),
        "troubles": desk.condition.troubles,
    }


def reset(desk: Desk, said: Said, place: Mapping[str, str]) -> Any:
    """Bring the world back to how it began."""
    desk.engine.world.reset()
    return {"reset": True}


def list_worlds(desk: Desk, said: Said, place: Mapping[str, str]) -> Any:
    """Every world by name."""
    return {"worlds": [{"name": name, "root": _root(name)} for name in desk.worlds.names()]}


def open_world(desk: Desk, said: Said, place: Mapping[str, str]) -> Any:
    """`{"name": …, "from": …}`: a new world, as the server began or as another one now is."""
    if not isinstance(said.get("name"), str):
        raise Mistake('a world needs a name: {"name": …}')
    check_members(said, {"name": (str,), "from": (str, type(None))}, "a new world")
    desk.worlds.open(said["name"], said.get("from"))
    return {"name": said["name"], "root": _root(said["name"])}


def close_worlds(desk: Desk, said: Said, place: Mapping[str, str]) -> Any:
    """Forget one world, or every one but the default."""
    names = [place["world"]] if "world" in place else [name for name in desk.worlds.names() if name != DEFAULT]
    for name in names:
        desk.worlds.close(name)
    return {"closed": names}


def show_clock(desk: Desk, said: Said, place: Mapping[str, str]) -> Any:
    """What the world's clock shows, and whether it stands still."""
    clock = desk.engine.world.clock
    return {"now": written(clock.now()), "epoch": clock.now(), "frozen": clock.frozen}


def set_clock(desk: Desk, said: Said, place: Mapping[str, str]) -> Any:
    """One or several of `now`: a time; `freeze`: true or a time; `advance`: seconds; `resume`: true. In that order."""
    only(said, "now", "freeze", "advance", "resume")
    if said.get("resume", True) is not True or said.get("freeze", True) in (False, None, 0):
        raise Mistake("'freeze' is true or a time, 'resume' is true")
    if "freeze" in said and "resume" in said:
        raise Mistake("a clock is frozen or resumed, not both")
    clock = desk.engine.world.clock.fork()
    if "now" in said:
        clock.set(parse_moment(said["now"]))
    if "freeze" in said:
        clock.freeze(None if said["freeze"] is True else parse_moment(said["freeze"]))
    if "advance" in said:
        if type(said["advance"]) not in (int, float):
            raise Mistake(f"'advance' is a number of seconds, not {said['advance']!r}")
        clock.advance(said["advance"])
    if "resume" in said:
        clock.resume()
    desk.engine.world.clock = clock
    return show_clock(desk, said, place)


def show_readings(desk: Desk, said: Said, place: Mapping[str, str]) -> Any:
    """Every question about the real API that is open, its possible answers with their evidence, and the one in force."""
    readings = desk.engine.world.readings
    told = {
        name: {
            "question": reading.question,
            "chosen": readings[name],
            "alternatives": {alternative: str(evidence) for alternative, evidence in reading.alternatives.items()},
        }
        for name, reading in readings.declared.items()
    }
    return {"profile": readings.profile, "readings": told}


def choose_readings(desk: Desk, said: Said, place: Mapping[str, str]) -> Any:
    """`{NAME: ALTERNATIVE, …}`: what shall be true from now on in this world."""
    world = desk.engine.world
    world.readings = world.readings.changed(said)
    return show_readings(desk, said, place)


def show_settings(desk: Desk, said: Said, place: Mapping[str, str]) -> Any:
    """The settings of the world."""
    limit = desk.engine.world.rate_limit
    return {"rate_limit": "off" if limit is None else limit, "seed": desk.engine.world.seed}


def change_settings(desk: Desk, said: Said, place: Mapping[str, str]) -> Any:
    """`{"rate_limit": N}` or `{"rate_limit": "off"}`."""
    only(said, "rate_limit")
    if "rate_limit" in said:
        desk.engine.world.rate_limit = rate_limit(str(said["rate_limit"]))
    return show_settings(desk, said, place)


def contract(desk: Desk, said: Said, place: Mapping[str, str]) -> Any:
    """The OpenAPI document of a version under the readings in force."""
    providers = desk.engine.providers
    if place["provider"] not in providers:
        raise unknown("provider", place["provider"], providers)
    documents = desk.engine.contract(providers[place["provider"]]).documents
    if place["version"] not in documents:
        raise unknown("version", place["version"], documents)
    return documents[place["version"]]


def rate_limit(text: str) -> int | None:
    """Calls a minute, or `off`. Raises `Mistake`."""
    if text == "off":
        return None
    if not re.fullmatch("[1-9][0-9]{0,8}", text):
        raise Mistake(f"a rate limit is a number of calls a minute, 1 or more, or 'off', not {text[:40]!r}")
    return int(text)


def _root(name: str) -> str:
    return "/" if name == DEFAULT else f"/worlds/{name}"
