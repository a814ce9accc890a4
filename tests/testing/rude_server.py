"""A real server on a socket that behaves as badly as it is asked to: what the bridges are held against."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

BODY = b"0123456789"
HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\ncontent-type: application/json\r\n\r\n"

MANNERS = {"/before": b"", "/in": HEAD + BODY[:5], "/after": HEAD + BODY, "/fine": HEAD + BODY}
"""What it answers on a path. It then closes the connection, but after `/fine`; on any other path it keeps silent."""


@dataclass
class RudeServer:
    url: str
    threads: list[threading.Thread] = field(default_factory=list)

    def settle(self) -> None:
        """Have every connection closed that it is to close."""
        for thread in self.threads:
            thread.join(5)
        self.threads.clear()

    def serve(self, connection: socket.socket) -> None:
        with connection:
            reader = connection.makefile("rb")
            while line := reader.readline():
                path = line.split()[1].decode()
                self.skip(reader)
                if path not in MANNERS:
                    reader.read()
                    return
                connection.sendall(MANNERS[path])
                if path != "/fine":
                    reader.close()
                    return

    def skip(self, reader) -> None:
        """The rest of a request."""
        length = 0
        while (line := reader.readline().strip().lower()) not in (b"", b"\r\n"):
            if line.startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
        reader.read(length)


@contextmanager
def rude_server() -> Iterator[RudeServer]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = RudeServer(f"http://127.0.0.1:{listening.getsockname()[1]}")

        def accept() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                server.threads.append(threading.Thread(target=server.serve, args=(connection,), daemon=True))
                server.threads[-1].start()

        threading.Thread(target=accept, daemon=True).start()
        yield server
        listening.shutdown(socket.SHUT_RDWR)
