"""A server of one's own for the tests about sockets: its limits, what goes over the wire to it, and how it takes it."""

import logging
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic, sleep

from over_http import CREDENTIALS, SEGMENTS

from mockserver.engine import Engine
from mockserver.http import Door
from mockserver.server import Server, configured, listening
from mockserver.worlds import Worlds

LONGEST = 10.0


@dataclass
class Place:
    """A server, where it listens, and what it had to say while it ran."""

    server: Server
    worlds: Worlds
    address: tuple[str, int]
    said: list[str]

    def connect(self) -> socket.socket:
        return socket.create_connection(self.address, LONGEST)

    def answers(self, *pieces: bytes, then_silent: bool = False) -> bytes:
        """Everything that comes back for these pieces, until the end of the connection."""
        with self.connect() as connection:
            try:
                for piece in pieces:
                    connection.sendall(piece)
                if then_silent:
                    connection.shutdown(socket.SHUT_WR)
            except OSError:
                pass  # it has had enough
            return received(connection)

    def is_well(self) -> bool:
        """Whether it answers, remembers nobody who is gone, and has had nothing to complain of."""
        asked = b"GET /nowhere HTTP/1.1\r\nconnection: close\r\n\r\n"
        state = self.server.server_state
        return (
            self.answers(asked).startswith(b"HTTP/1.1 404 ")
            and eventually(lambda: not state.connections and not state.tasks)
            and not self.said
        )


def received(connection: socket.socket) -> bytes:
    parts = []
    try:
        while part := connection.recv(2**16):
            parts.append(part)
    except ConnectionError:
        pass
    return b"".join(parts)


def eventually(holds: Callable[[], bool]) -> bool:
    deadline = monotonic() + LONGEST
    while not holds() and monotonic() < deadline:
        sleep(0.005)
    return holds()


class Complaints(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(self.format(record))


@contextmanager
def serving(engine: Engine, **limits: float) -> Iterator[Place]:
    """A server of one's own, with limits of one's own."""
    worlds, complaints = Worlds(engine), Complaints()
    sock = listening("127.0.0.1", 0)
    server = Server(configured(Door(worlds)), **limits)
    for name in ("uvicorn.error", "asyncio"):
        logging.getLogger(name).addHandler(complaints)
    thread = threading.Thread(target=server.run, args=([sock],), daemon=True)
    thread.start()
    try:
        yield Place(server, worlds, sock.getsockname(), complaints.said)
    finally:
        server.should_exit = server.force_exit = True
        thread.join()
        for name in ("uvicorn.error", "asyncio"):
            logging.getLogger(name).removeHandler(complaints)


def wire(method: str, path: str, body: bytes = b"", *headers: str, version: str = "1.1") -> bytes:
    lines = [f"{method} {path} HTTP/{version}", "host: x", *headers]
    if body and not any("chunked" in each for each in headers):
        lines.append(f"content-length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


FORM = "content-type: application/x-www-form-urlencoded"
TOKEN = wire("POST", "/oauth2/token", b"&".join(f"{k}={v}".encode() for k, v in CREDENTIALS.items()), FORM)
LAST = wire("GET", "/nowhere", b"", "connection: close")
SEARCH = wire("POST", f"{SEGMENTS}/search?limit=1", b"{}", "content-type: application/json")
HEALTH = wire("GET", "/_mock/health")


def token(place: Place) -> str:
    found = re.search(rb'"access_token":"([^"]+)"', place.answers(TOKEN, LAST))
    assert found is not None
    return found[1].decode()


def page_of(size: int, token: str, *more: str) -> bytes:
    headers = ("content-type: application/json", f"authorization: Bearer {token}", *more)
    return wire("POST", f"{SEGMENTS}/search?limit={size}", b"{}", *headers)


def statuses(answers: bytes) -> list[int]:
    return [int(each) for each in re.findall(rb"HTTP/1\.1 (\d{3}) ", answers)]
