"""The bridge from httpx, and from httpx2, which has the same interface: above their transports, where no socket is."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from functools import cache, wraps
from importlib import import_module
from typing import TYPE_CHECKING, Any

from mockserver.hosts import HOSTS
from mockserver.message import Request, Response
from mockserver.testing.bridges.guard import Leak, refuse
from mockserver.testing.bridges.patches import Patch
from mockserver.testing.bridges.wire import body_steps
from mockserver.testing.target import Target, active

if TYPE_CHECKING:
    import httpx

_PROXIES = ("HTTPProxy", "AsyncHTTPProxy", "SOCKSProxy", "AsyncSOCKSProxy")
"""The pools of httpcore that have someone else look up the host."""
_EXTENSIONS = {"http_version": b"HTTP/1.1"}


def patches(library: Any) -> Iterator[Patch]:
    """What to replace in httpx or httpx2."""
    now, later = library.HTTPTransport, library.AsyncHTTPTransport
    yield now, "handle_request", _bridged(now.handle_request)
    yield later, "handle_async_request", _bridged_async(later.handle_async_request)
    core = import_module(library.__name__.replace("httpx", "httpcore"))
    for name in _PROXIES:
        pool = getattr(core, name)
        if hasattr(pool, "create_connection"):  # else it only says that socksio is not installed
            yield pool, "create_connection", _minding(core, pool.create_connection)


def respond(target: Target, request: "httpx.Request") -> "httpx.Response":
    """The fake's answer to a request of httpx or httpx2, and whatever goes wrong on its way.

    `functools.partial(respond, target)` is a handler of `httpx.MockTransport` and a side effect of a respx route.
    """
    response: httpx.Response = _respond(target, request, request.read())
    return response


def _bridged(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def handle_request(self: Any, request: Any) -> Any:
        target = active()
        if target is None or request.url.host not in HOSTS:
            return original(self, request)
        return _respond(target, request, request.read())

    return handle_request


def _bridged_async(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    async def handle_async_request(self: Any, request: Any) -> Any:
        target = active()
        if target is None or request.url.host not in HOSTS:
            return await original(self, request)
        body = await request.aread()
        await _give_way()
        return _respond(target, request, body)

    return handle_async_request


def _minding(core: Any, original: Callable[..., Any]) -> Callable[..., Any]:
    """To make a connection through a proxy, but none to the vendors. Below respx, whose routes lead nowhere."""

    @wraps(original)
    def create_connection(self: Any, origin: Any) -> Any:
        try:
            refuse(origin.host.decode("ascii"))
        except Leak as leak:
            raise core.ConnectError(str(leak)) from leak
        return original(self, origin)

    return create_connection


async def _give_way() -> None:
    """Let other tasks run, as a call over a network does: a loop of calls must not keep them from it."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:  # not asyncio's
        return
    await asyncio.sleep(0)


def _respond(target: Target, request: Any, body: bytes) -> Any:
    url = request.url
    headers = tuple((name.lower(), value) for name, value in request.headers.raw)
    response = target.handle(Request(request.method, url.path, url.query.decode("ascii"), headers, body))
    library = _library(request.__class__)
    troubled = response.delay or response.drip or response.cut
    stream = _delivered(library, target, request, response) if troubled else library.ByteStream(_body(request, response))
    return library.Response(response.status, headers=response.framed, stream=stream, extensions=_EXTENSIONS.copy())


def _body(request: Any, response: Response) -> bytes:
    return b"" if request.method == "HEAD" else response.body


def _delivered(library: Any, target: Target, request: Any, response: Response) -> Any:
    """The stream of a body, once the first byte of the answer is there. Raises the library's exceptions."""
    limit = request.extensions.get("timeout", {}).get("read")
    _wait(library, target, response.delay, limit)
    if response.cut == "before":
        raise library.RemoteProtocolError("Server disconnected without sending a response.")
    if request.method == "HEAD":
        return library.ByteStream(b"")
    return _stream(library)(_parts(library, target, response, limit))


def _parts(library: Any, target: Target, response: Response, limit: float | None) -> Iterator[bytes]:
    received, expected = 0, len(response.body)
    for step in body_steps(response):
        _wait(library, target, step.gap, limit)
        received += len(step.data)
        yield step.data
    if received < expected:
        told = f"received {received} bytes, expected {expected}"
        raise library.RemoteProtocolError(f"peer closed connection without sending complete message body ({told})")


def _wait(library: Any, target: Target, seconds: float, limit: float | None) -> None:
    if limit is not None and seconds > limit:
        target.wait(limit)
        raise library.ReadTimeout("The read operation timed out")
    if seconds:
        target.wait(seconds)


@cache
def _library(kind: type) -> Any:
    """The library whose request this is, or is derived from."""
    homes = (each.__module__.partition(".")[0] for each in kind.__mro__)
    return import_module(next(home for home in homes if home in ("httpx", "httpx2")))


@cache
def _stream(library: Any) -> Callable[[Iterator[bytes]], Any]:
    """The class of a stream, for either sort of client, of parts that come or fail to."""

    def take(self: Any, parts: Iterator[bytes]) -> None:
        self.parts = parts

    def each(self: Any) -> Iterator[bytes]:
        yield from self.parts

    async def each_async(self: Any) -> AsyncIterator[bytes]:
        for part in self.parts:
            yield part

    inside = {"__init__": take, "__iter__": each, "__aiter__": each_async}
    return type("Parts", (library.SyncByteStream, library.AsyncByteStream), inside)
