"""The server on a socket: uvicorn, with connections that a fault can cut."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from mockserver.http import CUT, Door
from mockserver.mistake import Mistake


class Connection(HttpToolsProtocol):
    """A connection that the application can end without a word, by the scope's extension `CUT`."""

    def on_message_begin(self) -> None:
        """Begin a request as uvicorn does, and say how its connection is cut."""
        super().on_message_begin()
        self.scope["extensions"] = {CUT: self.transport.close}  # type: ignore[dict-item]  # ASGI lets servers add their own


def configured(door: Door) -> uvicorn.Config:
    """How the door is served: no access log, no lifespan, no word about uvicorn."""
    return uvicorn.Config(door, http=Connection, log_level="warning", access_log=False, lifespan="off", server_header=False)


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises `Mistake` if it can not."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise Mistake(f"cannot listen on {host} port {port}: {error.strerror}; --port 0 takes a free one") from None


@contextmanager
def in_background(door: Door) -> Iterator[str]:
    """The URL of a server of this process, on a free port of the loopback interface, in a thread of its own."""
    sock = listening("127.0.0.1", 0)
    server = uvicorn.Server(configured(door))
    thread = threading.Thread(target=server.run, args=([sock],), name="mockserver", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{sock.getsockname()[1]}"
    finally:
        server.should_exit = server.force_exit = True  # nobody waits for an answer any more
        thread.join()
