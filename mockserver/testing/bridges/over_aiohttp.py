"""The bridge from aiohttp: a transport under its own protocol, with the fake at the other end."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from functools import wraps
from math import inf
from typing import Any

from mockserver.hosts import HOSTS
from mockserver.testing.bridges.guard import Leak, asked_here, refuse
from mockserver.testing.bridges.patches import Patch
from mockserver.testing.bridges.wire import Step, Wire
from mockserver.testing.target import Target, active


def patches(library: Any) -> Iterator[Patch]:
    """What to replace in aiohttp."""
    connector = library.TCPConnector
    yield connector, "_create_connection", _bridged(library, connector._create_connection)
    yield connector, "connect", _told_of_timeout(connector.connect)


def _bridged(library: Any, original: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    @wraps(original)
    async def create_connection(self: Any, req: Any, *args: Any, **named: Any) -> Any:
        target = active()
        if target is None or req.url.host not in HOSTS:
            with asked_here(req.url.host):
                _mind_proxy(library, req)
                return await original(self, req, *args, **named)
        protocol = self._factory()
        protocol.connection_made(Line(self._loop, protocol, target))
        return protocol

    return create_connection


def _mind_proxy(library: Any, req: Any) -> None:
    if req.proxy:
        try:
            refuse(req.url.host)
        except Leak as leak:
            raise library.ClientConnectorError(req.connection_key, leak) from leak


def _told_of_timeout(original: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    @wraps(original)
    async def connect(self: Any, req: Any, traces: Any, timeout: Any) -> Any:
        connection = await original(self, req, traces, timeout)
        if isinstance(connection.transport, Line):
            connection.transport.begin(timeout.total)
        return connection

    return connect


class Line(asyncio.Transport):
    """The client's end of a connection to the fake."""

    def __init__(self, loop: asyncio.AbstractEventLoop, protocol: Any, target: Target):
        super().__init__()
        self._loop, self._protocol, self._target = loop, protocol, target
        self._wire = Wire()
        self._steps: deque[Step] = deque()
        self._left = inf  # seconds that the call may still take
        self._closing = self._paused = False

    def begin(self, total: float | None) -> None:
        """Have the next call take at most so many seconds."""
        self._left = total or inf

    def write(self, data: bytes | bytearray | memoryview) -> None:
        target = active()
        if target is None:
            self.close()
        if target is None or self._closing:
            return
        self._target = target
        self._steps.extend(self._wire.feed(bytes(data), target))
        self._go_on()

    def is_closing(self) -> bool:
        """Whether it is of no more use: also when no fake is active any more."""
        return self._closing or active() is None

    def close(self) -> None:
        self._end(None)

    def abort(self) -> None:
        self._end(None)

    def pause_reading(self) -> None:
        self._paused = True

    def resume_reading(self) -> None:
        self._paused = False
        self._go_on()

    def is_reading(self) -> bool:
        return not self._paused

    def can_write_eof(self) -> bool:
        return False

    def get_write_buffer_size(self) -> int:
        return 0

    def get_protocol(self) -> Any:
        return self._protocol

    def set_protocol(self, protocol: Any) -> None:
        self._protocol = protocol

    def _go_on(self) -> None:
        if self._steps:
            self._loop.call_soon(self._deliver)

    def _deliver(self) -> None:
        """Take one step and arrange for the next, so that the client gets to see every one by itself."""
        if self._closing or self._paused or not self._steps:
            return
        step = self._steps.popleft()
        patience = self._protocol._read_timeout or inf
        if step.gap > min(patience, self._left):
            self._time_out(patience)
        elif step.data:
            self._wait(step.gap)
            self._protocol.data_received(step.data)
            self._go_on()
        else:
            self._wait(step.gap)
            self._end(None)

    def _wait(self, seconds: float) -> None:
        if seconds:
            self._left -= seconds
            self._target.wait(seconds)

    def _time_out(self, patience: float) -> None:
        """Wait as long as the client does, then fail as it does: in aiohttp's own words, or as its timer would."""
        self._steps.clear()
        self._target.wait(min(patience, self._left))
        if patience <= self._left:
            self._protocol._on_read_timeout()
        else:
            self._protocol.set_exception(TimeoutError())
            if self._protocol._payload is not None:
                self._protocol._payload.set_exception(TimeoutError())

    def _end(self, error: Exception | None) -> None:
        if not self._closing:
            self._closing = True
            self._steps.clear()
            self._loop.call_soon(self._protocol.connection_lost, error)
