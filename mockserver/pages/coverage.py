"""Which operations were called in which versions since the server began, how often, and with which answers."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mockserver.engine import Engine
from mockserver.pages.room import Room, Visit
from mockserver.serving.tally import Tally

Places = Mapping[tuple[str, str, str], Mapping[int, int]]
"""How many calls by status, by provider, operation and version."""


@dataclass(frozen=True, slots=True)
class Row:
    """An operation: the calls in each version by status, nothing where it is not offered; `anywhere` if it has none."""

    operation: str
    path: str
    cells: dict[str, Mapping[int, int] | None]
    anywhere: Mapping[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A provider's operations; `offered` places can be called, `called` were; `elsewhere` are the calls of no operation."""

    provider: str
    versions: list[str]
    rows: list[Row]
    offered: int
    called: int
    elsewhere: Mapping[int, int] = field(default_factory=dict)


def coverage_room(tally: Tally) -> Room:
    """The page over what a tally counted."""

    def show(visit: Visit) -> Mapping[str, Any]:
        places = _places(tally)
        tables = [_table(name, visit.engine, places) for name in visit.engine.providers]
        return {"tables": tables, "total": tally.total}

    return Room("coverage.html", show)


def _places(tally: Tally) -> Places:
    places: dict[tuple[str, str, str], dict[int, int]] = defaultdict(dict)
    for (provider, operation, version, status), timing in sorted(tally.calls.items()):
        places[provider, operation, version][status] = timing.count
    return places


def _table(name: str, engine: Engine, places: Places) -> Table:
    provider = engine.providers[name]
    contract = engine.contract(provider)
    versions = list(contract.documents)
    offered = {(each.id, each.version): each for each in contract.operations}
    rows = []
    for id in provider.handlers:
        of = [offered[id, version] for version in versions if (id, version) in offered]
        if of[0].dated is None:
            rows.append(Row(id, f"{of[0].method} {of[0].path}", {}, places.get((name, id, ""), {})))
            continue
        cells = {each: places.get((name, id, each), {}) if (id, each) in offered else None for each in versions}
        rows.append(Row(id, f"{of[0].method} {of[0].path.replace(of[0].version, '{version}')}", cells))
    found = [cell for row in rows for cell in (row.anywhere, *row.cells.values()) if cell is not None]
    return Table(name, versions, rows, len(found), len([cell for cell in found if cell]), places.get((name, "", ""), {}))
