"""The door: HTTP in, HTTP out. Everything that is not the control plane goes to the engine as it came."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from starlette.requests import ClientDisconnect

from mockserver.clock import stopwatch
from mockserver.contract.operation import LARGEST_BODY
from mockserver.control import App, Receive, Scope, Send, control_app, refused
from mockserver.engine import Engine
from mockserver.journal import Entry
from mockserver.message import Request, Response
from mockserver.mistake import Mistake
from mockserver.worlds import DEFAULT, Worlds

Hear = Callable[[Entry, float], None]
"""Is told of a call that was answered, and of the seconds that it took inside."""

CUT = "mockserver.cut"
"""The extension of a scope that ends the connection."""

ANSWERED = "mockserver.answered"
"""The extension of a scope that is the engine's answer, where the server has asked for it already."""

_LISTENED_TO = 256 * 2**20
_ELSEWHERE = ("/_mock", "/worlds/")


class Body:
    """A body as it comes: kept for as long as it may be one, then only counted.

    What is too large is read to its end, within bounds: clients that are still sending do not listen for an answer.
    """

    __slots__ = ("_pieces", "_size")

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._size = 0

    def add(self, piece: bytes) -> None:
        """The next piece of it."""
        if self._size <= LARGEST_BODY:
            self._pieces.append(piece)
        self._size += len(piece)

    @property
    def endless(self) -> bool:
        """Whether there is so much of it that nobody listens any more."""
        return self._size > _LISTENED_TO

    @property
    def whole(self) -> bytes:
        """The body, or so much of it that it is seen to be too large."""
        return self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)


class Door:
    """The ASGI application: `/_mock` is the control plane, `/worlds/NAME` another world, all else the vendors' APIs.

    `control` answers the control plane, with `engine` and `root` in its scope: the engine of the world meant, and what the
    paths of that world begin with. `hear` is told of every call to the vendors' APIs.
    """

    def __init__(self, worlds: Worlds, *, control: App | None = None, hear: Hear | None = None):
        self._worlds = worlds
        self._control = control or control_app(worlds)
        self._hear = hear

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        place = self.place(scope["path"]) if scope["type"] == "http" else None
        if place is None:
            await self._elsewhere(scope, receive, send)
        elif (response := scope.get("extensions", {}).get(ANSWERED)) is not None:
            await _deliver(response, scope, receive, send)
        else:
            await self._serve(*place, scope, receive, send)

    def place(self, path: str) -> tuple[Engine, str] | None:
        """The engine that answers a path of the vendors' APIs, and the path within its world; nothing for any other path."""
        if not path.startswith(_ELSEWHERE):
            return self._worlds.default, path
        name, _, within = _located(path)
        if within == "/_mock" or within.startswith("/_mock/"):
            return None
        try:
            return self._worlds.get(name), within
        except Mistake:
            return None

    def answer(self, engine: Engine, request: Request) -> Response:
        """What the engine says, and whoever wants to hear of it is told."""
        if self._hear is None:
            return engine.handle(request)
        seconds = stopwatch()
        response = engine.handle(request)
        entry = engine.world.journal.latest
        if entry is not None:
            self._hear(entry, seconds())
        return response

    async def _elsewhere(self, scope: Scope, receive: Receive, send: Send) -> None:
        name, root, path = _located(scope.get("path", ""))
        try:
            engine = self._worlds.get(name)
        except Mistake as mistake:
            await refused(mistake, 404)(scope, receive, send)
            return
        scope = {**scope, "path": path, "raw_path": path.encode(), "engine": engine, "root": root}
        with suppress(ClientDisconnect):  # in the middle of what it had to say: nobody is left to be told
            await self._control(scope, receive, send)

    async def _serve(self, engine: Engine, path: str, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _body(receive)
        if body is None:
            return
        query = scope["query_string"].decode("latin-1")
        response = self.answer(engine, Request(scope["method"], path, query, tuple(scope["headers"]), body))
        await _deliver(response, scope, receive, send)


def _located(path: str) -> tuple[str, str, str]:
    """The world that a path leads to, what the paths of that world begin with, and the path within it."""
    if not path.startswith("/worlds/"):
        return DEFAULT, "", path
    name, slash, within = path.removeprefix("/worlds/").partition("/")
    return name, f"/worlds/{name}", slash + within


def is_plain(response: Response) -> bool:
    """Whether an answer goes out at once and whole, over a connection that stays."""
    return not (response.delay or response.drip or response.cut)


async def _deliver(response: Response, scope: Scope, receive: Receive, send: Send) -> None:
    """Let time go by and the connection end as the answer has it, unless the client goes away before."""
    if response.delay and await _gone(response.delay, receive):
        return
    if response.cut == "before":
        await _cut(scope, receive)
        return
    await send({"type": "http.response.start", "status": response.status, "headers": response.framed})
    if is_plain(response):
        await send({"type": "http.response.body", "body": response.body})
        return
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
    """The whole body; nothing if the client went away."""
    body, more = Body(), True
    while more and not body.endless:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body.add(message.get("body", b""))
        more = message.get("more_body", False)
    return body.whole
