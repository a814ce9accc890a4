"""The pages for people: server-rendered, nothing from elsewhere, of use without a script."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mockserver.desk import Desk
from mockserver.engine import Engine
from mockserver.mistake import unknown
from mockserver.pages.assets import asset
from mockserver.pages.call import CALL
from mockserver.pages.coverage import coverage_room
from mockserver.pages.docs import DOCS, DOCS_INDEX
from mockserver.pages.faults import FAULTS
from mockserver.pages.home import HOME
from mockserver.pages.readings import READINGS
from mockserver.pages.realtime import REALTIME
from mockserver.pages.room import Room, endpoint, lost, shown
from mockserver.pages.state import RECORD, STATE
from mockserver.pages.stream import streaming
from mockserver.pages.worlds import worlds_room
from mockserver.serving.condition import Condition
from mockserver.serving.tally import Tally
from mockserver.worlds import Worlds

__all__ = ["home", "page_routes"]


async def home(request: Request) -> Response:
    """The first page."""
    return shown(HOME, request)


def page_routes(worlds: Worlds, tally: Tally, condition: Condition | None = None) -> list[Route]:
    """Every page under `/_mock/pages` and `/_mock/docs`, and what they need.

    The scope's `engine` says which world is meant, `root` where its paths begin. Streams end when the `condition` says that the
    server does.
    """
    condition = condition or Condition()
    rooms: dict[str, Room] = {
        "/_mock/pages": HOME,
        "/_mock/pages/": HOME,
        "/_mock/pages/calls/{number}": CALL,
        "/_mock/pages/state": STATE,
        "/_mock/pages/state/{provider}/{kind}/{id}": RECORD,
        "/_mock/pages/faults": FAULTS,
        "/_mock/pages/readings": READINGS,
        "/_mock/pages/coverage": coverage_room(tally),
        "/_mock/pages/realtime": REALTIME,
        "/_mock/pages/worlds": worlds_room(worlds),
        "/_mock/docs": DOCS_INDEX,
        "/_mock/docs/": DOCS_INDEX,
        "/_mock/docs/{provider}/{version}": DOCS,
    }

    def seated(engine: Engine) -> Desk:
        return Desk(worlds, engine, tally, condition)

    async def elsewhere(request: Request) -> Response:
        return lost(request, unknown("page", request.scope["path"], rooms))

    def methods(room: Room) -> list[str]:
        return ["GET", "POST"] if room.deeds else ["GET"]

    return [
        Route("/_mock/pages/stream", streaming(condition)),
        Route("/_mock/assets/{name}", asset),
        *(Route(path, endpoint(room, seated), methods=methods(room)) for path, room in rooms.items()),
        *(Route(f"/_mock/{below}/{{rest:path}}", elsewhere) for below in ("pages", "docs", "assets")),
    ]
