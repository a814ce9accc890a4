"""A page that can be asked for, and what can be done from it: shown by GET, done by a form's POST."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from mockserver import __version__
from mockserver.desk import Desk
from mockserver.engine import Engine
from mockserver.mistake import Mistake, unknown
from mockserver.pages.form import read_form
from mockserver.pages.sheet import GUARDED, rendered, sheet


@dataclass(frozen=True, slots=True)
class Visit:
    """Who looks, at which world, and from where.

    `root` is where the paths of the world begin, `base` the same as a URL; `place` is what stands in path and query. `said`
    is a form whose deed was refused, for the reason `mistake`.
    """

    engine: Engine
    root: str
    base: str
    place: Mapping[str, str]
    said: Mapping[str, str] = field(default_factory=dict)
    mistake: str = ""


Show = Callable[[Visit], Mapping[str, Any]]
Deed = Callable[[Desk, dict[str, str]], str | None]
"""Does what a form says; may give the place on the page to go back to. Raises `Mistake`."""


@dataclass(frozen=True, slots=True)
class Room:
    """A page: `show` finds what its template is filled with, `deeds` are by the name that a form sends as `do`.

    `back` is where a deed leads, if not to the page it was asked from.
    """

    template: str
    show: Show
    deeds: Mapping[str, Deed] = field(default_factory=dict)
    back: str = ""


def endpoint(room: Room, seated: Callable[[Engine], Desk]) -> Callable[[Request], Awaitable[Response]]:
    """What answers the requests for a page; `seated` gives the desk at which its deeds are done."""

    async def answer(request: Request) -> Response:
        if request.method != "POST":
            return shown(room, request)
        said: dict[str, str] = {}
        try:
            said = await read_form(request)
            place = _do(room, seated(request.scope["engine"]), said)
        except Mistake as mistake:
            return shown(room, request, said, str(mistake))
        where = request.scope.get("root", "") + (room.back or request.scope["path"])
        return RedirectResponse(where + (f"#{place}" if place else ""), 303, GUARDED)

    return answer


def _do(room: Room, desk: Desk, said: dict[str, str]) -> str | None:
    if said.get("do") not in room.deeds:
        raise unknown("deed", said.get("do"), room.deeds)
    with desk.engine.turn:
        return room.deeds[said["do"]](desk, said)


def shown(room: Room, request: Request, said: Mapping[str, str] | None = None, mistake: str = "") -> Response:
    """The page as it now is; with a refused form, as it was filled in and why it was refused."""
    visit = visited(request, said or {}, mistake)
    with visit.engine.turn:
        try:
            values = room.show(visit)
        except Mistake as lost:
            return _page("lost.html", visit, {"told": str(lost)}, 404)
        return _page(room.template, visit, values, 400 if mistake else 200)


def lost(request: Request, told: Mistake) -> Response:
    """That there is no such page."""
    return _page("lost.html", visited(request), {"told": str(told)}, 404)


def visited(request: Request, said: Mapping[str, str] | None = None, mistake: str = "") -> Visit:
    """The visit that a request is."""
    root = request.scope.get("root", "")
    base = f"{request.scope['scheme']}://{request.headers.get('host', 'localhost')}{root}"
    place = {**request.query_params, **request.path_params}
    return Visit(request.scope["engine"], root, base, place, said or {}, mistake)


def _page(template: str, visit: Visit, values: Mapping[str, Any], status: int) -> Response:
    common = {"root": visit.root, "said": visit.said, "mistake": visit.mistake, "release": __version__}
    return sheet(rendered(template, {**common, **values}), status)
