"""The faults of a world: which are set and whom they struck, one more by a form, one or all taken back."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any

import orjson

from mockserver.clock import written
from mockserver.desk import Desk
from mockserver.effects import EFFECTS, PARTICULARS
from mockserver.faults import Armed
from mockserver.message import CUTS
from mockserver.mistake import unknown
from mockserver.pages.form import filled
from mockserver.pages.line import operations_of
from mockserver.pages.room import Room, Visit
from mockserver.trouble_controls import add_faults, remove_faults

_USUAL = "status"
AIM = {
    "nth": "Only the n-th of these calls",
    "every": "Every n-th of them",
    "chance": "Each with a chance, 0 to 1",
    "times": "At most so many times",
    "lasting": "For so many seconds of the clock",
}
_IN_WORDS = ("operation", "version", "caller", "code", "title", "where", "media")


@dataclass(frozen=True, slots=True)
class Field:
    """A member of an effect as a form asks for it; `choices` are all it can be, if they are few."""

    name: str
    kind: str
    required: bool
    default: str
    choices: tuple[str, ...] = ()


def show(visit: Visit) -> Mapping[str, Any]:
    """The faults that are set, and a form for one of the effect chosen. Raises `Mistake`."""
    effect = visit.said.get("effect") or visit.place.get("effect", _USUAL)
    if effect not in EFFECTS:
        raise unknown("effect", effect, EFFECTS)
    providers = visit.engine.providers.values()
    return {
        "armed": [_told(each) for each in visit.engine.world.faults.armed],
        "effects": {name: _first_words(kind) for name, kind in EFFECTS.items()},
        "effect": effect,
        "about": " ".join((EFFECTS[effect].__doc__ or "").split()),
        "fields": [_field(each) for each in fields(EFFECTS[effect])],  # type: ignore[arg-type]  # a dataclass
        "operations": operations_of(each.handlers for each in providers),
        "versions": [version for each in providers for version in each.contracts.library.versions],
        "aims": AIM,
    }


def _first_words(kind: type) -> str:
    return " ".join((kind.__doc__ or "").split()).partition(":")[0].partition(";")[0].partition(".")[0]


def _field(each: Any) -> Field:
    choices: tuple[str, ...] = ("true", "false") if PARTICULARS[each.name] == (bool,) else ()
    if each.name == "where":
        choices = CUTS[1:]
    required = each.default is MISSING
    default = "" if required or each.default is None else str(each.default).lower()
    kind = "text" if choices or each.name in _IN_WORDS else "list" if PARTICULARS[each.name] == (list,) else "number"
    return Field(each.name, kind, required, default, choices)


def _told(armed: Armed) -> dict[str, Any]:
    said = armed.fault.said()
    aim = {name: said[name] for name in ("operation", "version", "caller", *AIM) if name in said}
    own = {name: value for name, value in said.items() if name not in aim and name != "effect"}
    counted = {"aimed": armed.aimed, "struck": armed.struck, "since": written(armed.since)}
    return {"name": armed.name, "effect": said["effect"], "own": own, "aim": aim, **counted}


def _add(desk: Desk, said: dict[str, str]) -> str:
    named = filled(said, "effect", "operation", "version", "caller", *AIM, *PARTICULARS)
    add_faults(desk, {name: text if name in ("effect", *_IN_WORDS) else _value(text) for name, text in named.items()}, {})
    return "set"


def _value(text: str) -> Any:
    """A number, a list, true or false; what is none of them stays text, which is objected to by name."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text


def _remove(desk: Desk, said: dict[str, str]) -> str:
    remove_faults(desk, {}, {"fault": said.get("fault", "")})
    return "set"


def _clear(desk: Desk, said: dict[str, str]) -> str:
    remove_faults(desk, {}, {})
    return "set"


FAULTS = Room("faults.html", show, {"add": _add, "remove": _remove, "clear": _clear})
