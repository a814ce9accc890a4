"""What goes wrong, what was called and what is remembered, commanded from outside: faults, journal, snapshots, differences."""

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from mockserver.clock import written
from mockserver.desk import Desk, Said, only
from mockserver.difference import Change, changes
from mockserver.effects import Delay
from mockserver.faults import Armed, parse_fault
from mockserver.journal import Entry
from mockserver.mistake import Mistake, check_members
from mockserver.provider import check_named
from mockserver.why import told, told_journal, why

_SHARES = (0.5, 0.95, 0.99)
_LONGEST_NAME = 64
_MOST = 1000


def list_faults(desk: Desk, said: Said, place: Mapping[str, str]) -> Any:
    """Every fault that is set: how many calls it was aimed at and struck, and of a delay its 50th, 95th and 99th percentile."""
    return {"faults": [_fault(each) for each in desk.engine.world.faults.armed]}


def add_faults(desk: Desk, said: Said, place: Mapping[str, str]) -> Any:
    """A fault, or `{"faults": [fault, …]}`, of which either all are set or none."""
    world = desk.engine.world
    wanted = said["faults"] if set(said) == {"faults"} else [said]
    if not isinstance(wanted, list):
        raise Mistake("'faults' is a list of faults")
    faults = [parse_fault(each) for each in wanted]
    for fault in faults:
        check_named(desk.engine.providers.values(), fault.operation, fault.version)
    return {"faults": [_fault(world.faults.add(fault, world.clock.now())) for fault in faults]}


def remove_faults(desk: Desk, said: Said, place: Mapping[str, str]) -> Any:
    """Take one fault back, or all of them; with all, revoked tokens are good again."""
    faults = desk.engine.world.faults
    if "fault" in place:
        faults.remove(place["fault"])
        return {"removed": [place["fault"]]}
    names = [each.name for each in faults.armed]
    faults.clear()
    return {"removed": names}


def _fault(armed: Armed) -> dict[str, Any]:
    counted = {"since": written(armed.since), "aimed": armed.aimed, "struck": armed.struck}
    answer = {"name": armed.name, **armed.fault.said(), **counted}
    effect = armed.fault.effect
    if isinstance(effect, Delay):
        answer["percentiles"] = {f"p{share * 100:g}": round(effect.at(share), 3) for share in _SHARES}
    return answer


def show_journal(desk: Desk, said: Said, place: Mapping[str, str]) -> Any:
    """The latest calls, secrets masked. By query: `operation`, `version`, `caller`, `status`; `last` so many of them."""
    only(place, *_FILTERS, "last", what="filter of the journal")
    journal = desk.engine.world.journal
    wanted = [(name, of) for name, of in _FILTERS.items() if name in place]
    found = [entry for entry in journal if all(of(entry) == place[name] for name, of in wanted)]
    if "last" in place:
        found = found[max(len(found) - _number(place["last"], "'last' is a number of calls"), 0) :]
    return told_journal(journal, found)


_FILTERS: Mapping[str, Callable[[Entry], str | None]] = {
    "operation": lambda entry: entry.operation.id if entry.operation else None,
    "version": lambda entry: entry.operation.dated if entry.operation else None,
    "caller": lambda entry: entry.caller,
    "status": lambda entry: str(entry.response.status),
}


def clear_journal(desk: Desk, said: Said, place: Mapping[str, str]) -> Any:
    """Forget every call."""
    journal = desk.engine.world.journal
    forgotten = len(journal)
    journal.clear()
    return {"forgotten": forgotten}


def show_entry(desk: Desk, said: Said, place: Mapping[str, str]) -> Any:
    """One call by its number."""
    return told(_entry(desk, place))


def tell_why(desk: Desk, said: Said, place: Mapping[str, str]) -> Any:
    """Why a call was answered so: rules, evidence, the state looked at, and the nearest request that would be taken."""
    return why(_entry(desk, place), desk.engine)


def _entry(desk: Desk, place: Mapping[str, str]) -> Entry:
    return desk.engine.world.journal.entry(_number(place["number"], "a call is known by its number"))


def _number(text: str, what: str) -> int:
    if not re.fullmatch("[0-9]{1,18}", text):
        raise Mistake(f"{what}, not {text[:40]!r}")
    return int(text)


def list_snapshots(desk: Desk, said: Said, place: Mapping[str, str]) -> Any:
    """Every snapshot of the world, and the time its clock shows."""
    snapshots = desk.engine.world.snapshots
    return {"snapshots": [{"name": name, "now": written(each.clock.now())} for name, each in sorted(snapshots.items())]}


def take_snapshot(desk: Desk, said: Said, place: Mapping[str, str]) -> Any:
    """`{"name": …}`: remember how the world is now, in place of what had the name."""
    check_members(said, {"name": (str,)}, "a snapshot")
    name = said.get("name", "")
    if not 1 <= len(name) <= _LONGEST_NAME or not name.isprintable() or "/" in name:
        raise Mistake(f"a snapshot needs a name of 1 to {_LONGEST_NAME} characters without '/': {{\"name\": …}}")
    if len(desk.engine.world.snapshots) >= _MOST:
        raise Mistake(f"at most {_MOST} snapshots are kept of a world")
    desk.engine.world.snapshot(name)
    return {"name": name}


def forget_snapshots(desk: Desk, said: Said, place: Mapping[str, str]) -> Any:
    """Forget one snapshot, or all of them."""
    snapshots = desk.engine.world.snapshots
    if "snapshot" in place:
        desk.engine.world.remembered(place["snapshot"])
    names = [place["snapshot"]] if "snapshot" in place else list(snapshots)
    for name in names:
        del snapshots[name]
    return {"forgotten": names}


def restore_snapshot(desk: Desk, said: Said, place: Mapping[str, str]) -> Any:
    """Go back to a snapshot."""
    desk.engine.world.restore(place["snapshot"])
    return {"restored": place["snapshot"]}


def show_difference(desk: Desk, said: Said, place: Mapping[str, str]) -> Any:
    """What entities came, went and changed since the beginning, or by query `since` a snapshot."""
    only(place, "since", what="query")
    world = desk.engine.world
    then = world.remembered(place["since"]) if "since" in place else world.origin
    return {"changes": [_change(each) for each in changes(then, world)]}


def _change(change: Change) -> dict[str, Any]:
    return {**asdict(change), "id": str(change.id), "says": str(change)}
