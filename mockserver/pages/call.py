"""One call: what was asked and answered, why, what would be taken, and how to ask again."""

from collections.abc import Mapping
from typing import Any

from mockserver.mistake import Mistake
from mockserver.pages.curl import curl, variables
from mockserver.pages.line import line_of
from mockserver.pages.room import Room, Visit
from mockserver.why import told, why

_TOKENS = {
    "criteo": "TOKEN is an access token: the call before this one that asked /oauth2/token got one.",
    "shoplive": "TOKEN is a JWT, signed with the secret key of the customer.",
}


def show(visit: Visit) -> Mapping[str, Any]:
    """Everything about a call. Raises `Mistake` for one that is not in the journal."""
    number = visit.place["number"]
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        raise Mistake(f"a call is known by its number, not {number[:40]!r}")
    journal = visit.engine.world.journal
    entry = journal.entry(int(number))
    command = curl(visit.base, entry.request)
    asked = variables(command)
    return {
        "line": line_of(entry),
        "told": told(entry),
        "why": why(entry, visit.engine),
        "curl": command,
        "variables": asked,
        "token": _TOKENS.get(entry.provider, "") if "TOKEN" in asked else "",
        "unsent": "@body" in command,
        "earlier": entry.number - 1 if entry.number - 1 > journal.evicted else 0,
        "later": entry.number + 1 if entry.number < journal.count else 0,
    }


CALL = Room("call.html", show)
