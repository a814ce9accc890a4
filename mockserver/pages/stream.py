"""The calls as they come, as server-sent events: at most four updates a second of at most 25 calls each.

The journal is looked at on a timer, so that a call costs the same whether anybody watches or not. A stream ends after two
seconds and is asked for again by the browser, which says how far it came: whatever happens to the server or the world, no
answer stays open for long.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial

import orjson
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from mockserver.engine import Engine
from mockserver.journal import Journal
from mockserver.mistake import Mistake
from mockserver.pages.home import panels
from mockserver.pages.line import Latest, latest
from mockserver.pages.sheet import GUARDED, piece
from mockserver.serving.condition import Condition

MOST = 25
_UPDATES = 8
_BETWEEN = 0.25
_AGAIN = 100
"""Milliseconds until the browser asks again."""


def streaming(condition: Condition) -> Callable[[Request], Awaitable[Response]]:
    """What answers with a stream, until the server is about to end."""

    async def stream(request: Request) -> Response:
        return _stream(request, condition)

    return stream


def _stream(request: Request, condition: Condition) -> Response:
    """The calls after the one that the browser has seen last, and what stands beside them, whenever either changes."""
    query = request.query_params
    operation, status = query.get("operation", ""), query.get("status", "")
    seen = request.headers.get("last-event-id") or query.get("after", "")
    engine: Engine = request.scope["engine"]
    try:
        latest(engine.world.journal, engine.world.journal.count, 1, operation, status)
    except Mistake as mistake:
        return Response(f"{mistake}\n", 400, GUARDED, media_type="text/plain")
    after = int(seen) if seen.isdecimal() and len(seen) < 19 else 0
    wanted = partial(latest, most=MOST, operation=operation, status=status)
    events = _events(engine, wanted, after, request.scope.get("root", ""), condition)
    return StreamingResponse(events, 200, GUARDED, media_type="text/event-stream")


async def _events(
    engine: Engine, wanted: Callable[[Journal, int], Latest], after: int, root: str, condition: Condition
) -> AsyncIterator[str]:
    yield f"retry: {_AGAIN}\n\n"
    told: dict[str, str] = {}
    for _ in range(_UPDATES):
        if condition.stopping:
            return
        with engine.turn:
            new = wanted(engine.world.journal, after)
            beside = panels(engine.world)
        changed = {name: html for name, html in beside.items() if told.get(name) != html}
        if new.number != after or changed:
            update = {
                "rows": [piece("parts.html", "row", line, root) for line in new.lines],
                "came": new.came,
                "anew": new.number < after,
                "panels": changed,
            }
            yield f"id: {new.number}\ndata: {orjson.dumps(update).decode()}\n\n"
        after, told = new.number, beside
        await asyncio.sleep(_BETWEEN)
