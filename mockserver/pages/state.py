"""What a world holds: everything that comes and goes, by provider and kind, the newest first, a page at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from mockserver.engine import Engine
from mockserver.mistake import Mistake, unknown
from mockserver.pages.record import members, name_of, words_of
from mockserver.pages.room import Room, Visit

PAGE = 50
LOOKED_AT = 10_000
"""So many records are looked at in one go, since nobody else is answered meanwhile."""
_COMPARED = 1000
"""So many ids are compared with one that is none."""
_NOTES = {
    (
        "shoplive",
        "campaign",
    ): "Only campaigns that were written into this world are kept. Those that the fake makes up for each "
    "day follow from the day and the seed: ask the API for them.",
    ("criteo", "contact list"): "Identifiers are kept as fingerprints and shown to nobody. A list has the id of its segment.",
}


@dataclass(frozen=True, slots=True)
class Found:
    """A page of the records that are looked for; `following` is where to look on, if there is more."""

    rows: list[dict[str, Any]]
    looked_at: int
    following: int | None


def show(visit: Visit) -> Mapping[str, Any]:
    """The kinds, and a page of one of them. Raises `Mistake`."""
    kinds = _kinds(visit.engine)
    provider, kind = _chosen(visit.place, kinds)
    wanted = visit.place.get("search", "").strip()
    found = _found(kinds[provider, kind], wanted, _start(visit.place))
    query = {"provider": provider, "kind": kind, **({"search": wanted} if wanted else {})}
    return {
        "kinds": [{"provider": of, "kind": name, "count": len(rows)} for (of, name), rows in kinds.items()],
        "provider": provider,
        "kind": kind,
        "count": len(kinds[provider, kind]),
        "search": wanted,
        "found": found,
        "first": urlencode(query),
        "next": urlencode({**query, "from": found.following}) if found.following is not None else "",
        "start": _start(visit.place),
        "note": _NOTES.get((provider, kind), ""),
    }


def _kinds(engine: Engine) -> dict[tuple[str, str], Mapping[int, Any]]:
    parts = engine.world.parts.items()
    return {(provider, kind): rows for provider, part in parts for kind, rows in part.entities().items()}


def _chosen(place: Mapping[str, str], kinds: Mapping[tuple[str, str], Any]) -> tuple[str, str]:
    """Which kind is meant; the first if it is not said."""
    if "kind" not in place:
        return next(iter(kinds))
    of = [provider for provider, kind in kinds if kind == place["kind"] and place.get("provider", provider) == provider]
    if not of:
        raise unknown("kind", place["kind"], {kind for _, kind in kinds})
    return of[0], place["kind"]


def _start(place: Mapping[str, str]) -> int:
    text = place.get("from", "0")
    if not _is_id(text):
        raise Mistake(f"'from' is a number of records to pass over, not {text[:40]!r}")
    return int(text)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 20


def _found(rows: Mapping[int, Any], wanted: str, start: int) -> Found:
    if _is_id(wanted) and int(wanted) in rows:
        return Found([_row(int(wanted), rows[int(wanted)])], 1, None)
    page: list[dict[str, Any]] = []
    folded, at = wanted.casefold(), start
    newest = reversed(rows.items() if isinstance(rows, dict) else list(rows.items()))
    for id, record in islice(newest, start, start + LOOKED_AT):
        if len(page) == PAGE:
            break
        at += 1
        if not folded or folded in f"{id}\n{words_of(record)}":
            page.append(_row(id, record))
    return Found(page, at - start, at if at < len(rows) else None)


def _row(id: int, record: Any) -> dict[str, Any]:
    told = {name: value for name, value in members(record).items() if name not in ("id", "name", "updated_at")}
    brief = {name: f"{value[:16]}Z" if name.endswith("_at") and value else value for name, value in told.items()}
    return {"id": id, "name": name_of(record), "told": brief}


def show_one(visit: Visit) -> Mapping[str, Any]:
    """One record by its id. Raises `Mistake`."""
    kinds = _kinds(visit.engine)
    provider, kind = _chosen(visit.place, kinds)
    rows, id = kinds[provider, kind], visit.place["id"]
    if not (_is_id(id) and int(id) in rows):
        raise unknown(kind, id, [str(each) for each in islice(rows, _COMPARED)])
    also = [(of, name) for (of, name), others in kinds.items() if name != kind and of == provider and int(id) in others]
    return {"provider": provider, "kind": kind, "id": id, "told": members(rows[int(id)]), "also": also}


STATE = Room("state.html", show)
RECORD = Room("record.html", show_one)
