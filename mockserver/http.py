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
_DROPS = 10


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
    """Let time go by and the connection end as the answer has it."""
    await asyncio.sleep(response.delay)
    if response.cut == "before":
        await _cut(scope, receive)
        return
    await send({"type": "http.response.start", "status": response.status, "headers": response.framed})
    body = response.body[: len(response.body) // 2] if response.cut == "in" else response.body
    for start in range(0, len(body), max(len(body) // _DROPS, 1) if response.drip else max(len(body), 1)):
        await asyncio.sleep(response.drip / _DROPS)
        drop = body[start : start + max(len(body) // _DROPS, 1)] if response.drip else body
        await send({"type": "http.response.body", "body": drop, "more_body": True})
    if response.cut != "in":
        await send({"type": "http.response.body", "body": b""})
    if response.cut:
        await _cut(scope, receive)


async def _cut(scope: Scope, receive: Receive) -> None:
    """End the connection, and wait until it has ended."""
    cut = scope.get("extensions", {}).get(CUT)
    if cut is None:
        raise ConnectionError("a fault wants this connection cut, which this server has no way to do")
    cut()
    while (await receive())["type"] != "http.disconnect":
        pass


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
