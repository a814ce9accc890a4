"""The server on a socket: uvicorn, with connections of ours and an eye on the slow ones."""

import asyncio
import errno
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from mockserver.connection import Connection
from mockserver.control import App
from mockserver.mistake import Mistake

PATIENCE = 30.0
"""Seconds in which a request has to come whole, and a client has to take something of its answer."""

SILENCE = 75.0
"""Seconds for which a connection is kept without a word: longer than the pools of the SDKs keep theirs."""

_GRACE = 3.0
_TICKS_A_SECOND = 10  # uvicorn's


def configured(app: App, **more: Any) -> uvicorn.Config:
    """How the door is served: no access log, no lifespan, no word about uvicorn. `more` is as uvicorn takes it."""
    return uvicorn.Config(
        app,
        http=Connection,
        ws="none",
        lifespan="off",
        proxy_headers=False,
        server_header=False,
        log_level="warning",
        access_log=False,
        **more,
    )


class Server(uvicorn.Server):
    """uvicorn's, which waits neither for slow clients nor, when it ends, for answers that take long."""

    def __init__(self, config: uvicorn.Config, *, patience: float = PATIENCE, silence: float = SILENCE):
        super().__init__(config)
        self._patience = patience
        self._silence = silence

    async def on_tick(self, counter: int) -> bool:
        """Once a second, look at every connection."""
        if counter % _TICKS_A_SECOND == 0:
            now = asyncio.get_running_loop().time()
            for connection in list(self.server_state.connections):
                if isinstance(connection, Connection):
                    connection.hurry(now, self._patience, self._silence)
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop listening, let what is being answered end, and after a while end it."""
        asyncio.get_running_loop().call_later(_GRACE, self._abort)
        await super().shutdown(sockets)

    def _abort(self) -> None:
        for connection in list(self.server_state.connections):
            connection.transport.abort()


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises `Mistake` if it can not."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        advice = "; port 0 takes a free one" if error.errno == errno.EADDRINUSE else ""
        raise Mistake(f"cannot listen on {host} port {port}: {error.strerror}{advice}") from None


@contextmanager
def in_background(app: App) -> Iterator[str]:
    """The URL of a server of this process, on a free port of the loopback interface, in a thread of its own."""
    sock = listening("127.0.0.1", 0)
    server = Server(configured(app))
    thread = threading.Thread(target=server.run, args=([sock],), name="mockserver", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{sock.getsockname()[1]}"
    finally:
        server.should_exit = server.force_exit = True  # nobody waits for an answer any more
        thread.join()
