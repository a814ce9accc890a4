"""The door: HTTP in, HTTP out. Everything that is not the control plane goes to the engine as it came."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from mockserver.contract.operation import LARGEST_BODY
from mockserver.control import control_app, refused
from mockserver.engine import Engine
from mockserver.message import Request, Response
from mockserver.mistake import Mistake
from mockserver.worlds import DEFAULT, Worlds

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

CUT = "mockserver.cut"
"""The extension of a scope that ends the connection."""

_LISTENED_TO = 256 * 2**20
_ELSEWHERE = ("/_mock", "/worlds/")


class Door:
    """The ASGI application: `/_mock` is the control plane, `/worlds/NAME` another world, all else the vendors' APIs."""

    def __init__(self, worlds: Worlds):
        self._worlds = worlds
        self._control = control_app(worlds)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._control(scope, receive, send)
        elif scope["path"].startswith(_ELSEWHERE):
            await self._elsewhere(scope, receive, send)
        else:
            await _serve(self._worlds.default, scope["path"], scope, receive, send)

    async def _elsewhere(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, name = scope["path"], DEFAULT
        if path.startswith("/worlds/"):
            name, slash, rest = path.removeprefix("/worlds/").partition("/")
            path = slash + rest
        try:
            engine = self._worlds.get(name)
        except Mistake as mistake:
            await refused(mistake, 404)(scope, receive, send)
            return
        if path == "/_mock" or path.startswith("/_mock/"):
            scope = {**scope, "path": path, "raw_path": path.encode(), "engine": engine}
            await self._control(scope, receive, send)
        else:
            await _serve(engine, path, scope, receive, send)


async def _serve(engine: Engine, path: str, scope: Scope, receive: Receive, send: Send) -> None:
    body = await _body(receive)
    if body is None:
        return
    query = scope["query_string"].decode("latin-1")
    response = engine.handle(Request(scope["method"], path, query, scope["headers"], body))
    if response.delay or response.drip or response.cut:
        await _deliver_badly(response, scope, receive, send)
        return
    await send({"type": "http.response.start", "status": response.status, "headers": response.framed})
    await send({"type": "http.response.body", "body": response.body})


async def _deliver_badly(response: Response, scope: Scope, receive: Receive, send: Send) -> None:
    """Let time go by and the connection end as the answer has it, unless the client goes away before."""
    if await _gone(response.delay, receive):
        return
    if response.cut == "before":
        await _cut(scope, receive)
        return
    await send({"type": "http.response.start", "status": response.status, "headers": response.framed})
    for gap, piece in response.pieces:
        if gap and await _gone(gap, receive):
            return
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    if response.cut != "in":
        await send({"type": "http.response.body", "body": b""})
    if response.cut:
        await _cut(scope, receive)


async def _gone(seconds: float, receive: Receive) -> bool:
    """Wait, no longer than the client does; whether it has gone."""
    try:
        await asyncio.wait_for(_until_gone(receive), seconds)
    except TimeoutError:
        return False
    return True


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _cut(scope: Scope, receive: Receive) -> None:
    """End the connection, and wait until it has ended."""
    cut = scope.get("extensions", {}).get(CUT)
    if cut is None:
        raise ConnectionError("a fault wants this connection cut, which this server has no way to do")
    cut()
    await _until_gone(receive)


async def _body(receive: Receive) -> bytes | None:
    """The whole body, or so much of it that it is seen to be too large; nothing if the client went away.

    What is too large is read to its end, within bounds: clients that are still sending do not listen for an answer.
    """
    message = await receive()
    if message["type"] == "http.disconnect":
        return None
    if not message.get("more_body"):
        return bytes(message["body"])
    parts, size = [message["body"]], len(message["body"])
    while message.get("more_body") and size <= _LISTENED_TO:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        if size <= LARGEST_BODY:
            parts.append(message["body"])
        size += len(message["body"])
    return b"".join(parts)
