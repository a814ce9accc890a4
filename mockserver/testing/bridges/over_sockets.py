"""The bridge from http.client and urllib3, hence urllib.request, requests, Criteo's SDKs: a socket that is none."""

import _socket
import socket
from collections import deque
from collections.abc import Callable, Iterator
from functools import wraps
from typing import TYPE_CHECKING, Any

from mockserver.hosts import HOSTS
from mockserver.testing.bridges.guard import refuse
from mockserver.testing.bridges.patches import Patch
from mockserver.testing.bridges.wire import Step, Wire
from mockserver.testing.target import Target, active

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

_pair: Callable[[], tuple[_socket.socket, _socket.socket]] = getattr(_socket, "socketpair", socket.socketpair)
"""As Python makes it, also where a plugin forbids tests to make sockets; Windows has only the other one."""


def patches(library: Any) -> Iterator[Patch]:
    """What to replace in http.client or urllib3.connection."""
    for name in ("HTTPConnection", "HTTPSConnection"):
        kind = getattr(library, name, None)  # no HTTPSConnection without OpenSSL
        if kind is not None and "connect" in vars(kind):
            yield kind, "connect", _bridged(kind.connect)


def _bridged(original: Callable[[Any], None]) -> Callable[[Any], None]:
    @wraps(original)
    def connect(self: Any) -> None:
        target, tunnelled = active(), self._tunnel_host
        if target is None or (tunnelled or self.host).lower() not in HOSTS:
            refuse(tunnelled)
            original(self)
            return
        self.sock = Plug(target)
        if self.timeout is None or isinstance(self.timeout, int | float):  # else it stands for the default
            self.sock.settimeout(self.timeout)
        self.is_verified = True  # or urllib3 warns of an unverified request

    return connect


class Plug(socket.socket):
    """The client's end of a connection to the fake.

    Its descriptor is one end of a pair that carries nothing: it becomes readable when the connection is at its end,
    which is how urllib3 sees that a connection of its pool was dropped.
    """

    def __init__(self, target: Target):
        near, self._far = _pair()
        super().__init__(fileno=near.detach())
        self._target, self._wire = target, Wire()
        self._steps: deque[Step] = deque()
        self._unread = memoryview(b"")
        self._ended = False

    def __del__(self) -> None:
        self._real_close()  # quietly: the other end would complain of being left open

    def fileno(self) -> int:
        """The descriptor, readable if no fake is active any more."""
        if active() is None:
            self._hang_up()
        return super().fileno()

    def send(self, data: "ReadableBuffer", _flags: int = 0) -> int:
        self.sendall(data)
        return memoryview(data).nbytes

    def sendall(self, data: "ReadableBuffer", _flags: int = 0) -> None:
        """Take bytes for the fake that is active now, which need not be the one that was when the connection was made."""
        written = bytes(memoryview(data))
        target = active()
        if target is None:
            self._hang_up()
            raise BrokenPipeError("the fake that this connection led to is not active any more")
        self._target = target
        for step in self._wire.feed(written, target):
            self._steps.append(step)
            if not step.data:
                self._hang_up()

    def recv_into(self, buffer: "WriteableBuffer", nbytes: int = 0, _flags: int = 0) -> int:
        view = memoryview(buffer).cast("B")
        data = self.recv(nbytes or len(view))
        view[: len(data)] = data
        return len(data)

    def recv(self, bufsize: int, _flags: int = 0) -> bytes:
        """The next bytes, or none at the end. Raises `TimeoutError` when they take longer than this socket may wait."""
        if not self._unread and not self._ended:
            self._unread = memoryview(self._next())
            self._ended = not self._unread
        data, self._unread = self._unread[:bufsize], self._unread[bufsize:]
        return bytes(data)

    def _next(self) -> bytes:
        limit = self.gettimeout()
        if not self._steps:  # the server waits for a request as the client does for an answer: either gives up
            if limit is None:
                return b""
            self._time_out(limit)
        step = self._steps[0]
        if limit is not None and step.gap > limit:
            self._steps[0] = Step(step.gap - limit, step.data)
            self._time_out(limit)
        if step.gap:
            self._target.wait(step.gap)
        return self._steps.popleft().data

    def _time_out(self, seconds: float) -> None:
        self._target.wait(seconds)
        raise TimeoutError("timed out")

    def setsockopt(self, *args: Any) -> None:
        """Take any option: none means anything here."""

    def shutdown(self, _how: int) -> None:
        self._hang_up()
        self._steps.clear()
        self._ended = True

    def _hang_up(self) -> None:
        self._far.close()

    def _real_close(self) -> None:
        self._far.close()
        super()._real_close()  # type: ignore[misc]  # the standard library's, as its TLS sockets use it
