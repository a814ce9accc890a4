"""A connection: calls of the vendors' APIs go straight to the engine, all else is conducted by uvicorn.

An ASGI server starts a task for each request, since an application may wait. The engine never does: a request that has come
whole is answered at once, at half the price.
"""

from dataclasses import dataclass, field
from itertools import chain
from typing import Any
from urllib.parse import unquote

import httptools
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from mockserver.engine import Engine
from mockserver.http import ANSWERED, CUT, Body, Door, is_plain
from mockserver.message import Request, Response

LARGEST_HEAD = 64 * 2**10
LONGEST_URL = 16 * 2**10

_LINGERS = 2.0


class _Over(Exception):  # noqa: N818 - it is an end
    """Nothing more of a connection is read."""


@dataclass(slots=True)
class _Call:
    """A call that is coming in: whom it is for, where in the world it leads, and whether it is the last of its connection."""

    engine: Engine
    path: str
    query: str
    is_last: bool
    body: Body = field(default_factory=Body)


class Connection(HttpToolsProtocol):
    """One connection of a client."""

    def __init__(self, config: Config, server_state: ServerState, app_state: dict[str, Any], _loop: Any = None):
        super().__init__(config, server_state, app_state, _loop)
        self._door = config.app if isinstance(config.app, Door) else None
        self._call: _Call | None = None  # the one that is coming in; none while uvicorn conducts
        self._conducted: RequestResponseCycle | None = None  # the request that uvicorn conducts, or the last that it did
        self._in_head = self._in_request = self._is_offer = self._is_over = False
        self._coming = self._began_in = self._heard = 0  # bytes: of this piece, of that a head began in, of those after it
        self._unsent = 0
        self._since = self._unsent_since = self.loop.time()

    def data_received(self, data: bytes) -> None:
        """Take what comes; refuse what is no HTTP, and a head without end."""
        if self._is_over:
            return
        self._coming = len(data)
        if self._in_head:
            self._heard += self._coming
        try:
            self._parse(data)
        except httptools.HttpParserError:
            if not self._is_over:
                self._refuse(400, "This is not valid HTTP/1.1")
        if self._in_head and self._heard > LARGEST_HEAD:
            self._refuse(431, f"The headers of a request are at most {LARGEST_HEAD} bytes")

    def _parse(self, data: bytes) -> None:
        """Have the callbacks below called. Whoever offers to speak another protocol is not taken up on it.

        The parser takes such a request to be over with its headers, whatever body it has, so it is read again without the
        offer. Java's client makes one with its first request.
        """
        while data:
            try:
                self.parser.feed_data(data)
                return
            except httptools.HttpParserUpgrade as upgrade:
                data = self._head_without_offer() + data[upgrade.args[0] :]

    def _head_without_offer(self) -> bytes:
        version = self.parser.get_http_version().encode()
        lines = [b"%s %s HTTP/%s" % (self.parser.get_method(), self.url, version)]
        lines += [b"%s: %s" % header for header in self.headers if header[0] != b"upgrade"]
        return b"\r\n".join(lines) + b"\r\n\r\n"

    def on_message_begin(self) -> None:
        """A request begins to come in, unless the answer before was the last."""
        if self.transport.is_closing():
            raise self._over()
        self.url, self.headers, self.expect_100_continue = b"", [], False
        self._call, self._since = None, self.loop.time()
        self._began_in, self._heard = self._coming, 0
        self._in_head = self._in_request = True

    def on_headers_complete(self) -> None:
        """Find out whom a request is for."""
        self._in_head = False
        if len(self.url) > LONGEST_URL:
            self._refuse(414, f"A path and its query are at most {LONGEST_URL} bytes")
            raise self._over()
        if self._began_in + self._heard > LARGEST_HEAD and self._head_size > LARGEST_HEAD:
            self._refuse(431, f"The headers of a request are at most {LARGEST_HEAD} bytes")
            raise self._over()
        self._is_offer = self.parser.should_upgrade()
        if not self._is_offer:
            self._call = self._direct_call()
            if self._call is None:
                self._hand_over()
        elif self.parser.get_method() == b"CONNECT":
            self._refuse(400, "This is no proxy")
            raise self._over()

    @property
    def _head_size(self) -> int:
        return sum(map(len, chain.from_iterable(self.headers)))

    def _direct_call(self) -> _Call | None:
        """The call that a request is, unless something keeps it from being answered as soon as it is here."""
        if self._door is None or self._is_busy or self.expect_100_continue or self.flow.write_paused:
            return None
        url = httptools.parse_url(self.url)
        path = url.path.decode("ascii")
        place = self._door.place(unquote(path) if "%" in path else path)
        if place is None:
            return None
        query = url.query.decode("latin-1") if url.query else ""
        is_last = self.parser.get_http_version() == "1.0" or not self.parser.should_keep_alive()
        return _Call(*place, query, is_last)

    @property
    def _is_busy(self) -> bool:
        """Whether uvicorn conducts a request that is not answered yet."""
        return self._conducted is not None and not self._conducted.response_complete

    def on_body(self, body: bytes) -> None:
        """The next piece of a body."""
        call = self._call
        if call is None:
            super().on_body(body)
            return
        call.body.add(body)
        if call.body.endless:
            call.is_last = True
            self._answer(call)
            raise self._over()

    def on_message_complete(self) -> None:
        """A request is here."""
        if self._is_offer:
            return
        self._in_request = False
        if self._call is None:
            super().on_message_complete()
        else:
            self._answer(self._call)

    def _answer(self, call: _Call) -> None:
        method = self.parser.get_method().decode("ascii")
        request = Request(method, call.path, call.query, tuple(self.headers), call.body.whole)
        try:
            response = self._door.answer(call.engine, request)  # type: ignore[union-attr]  # without a door there is no call
        except Exception as error:
            self.logger.error("A call broke the fake", exc_info=error)
            self._refuse(500, "Internal Server Error")
            raise self._over() from error
        if is_plain(response):
            self._send(response, method, is_last=call.is_last)
        else:
            self._hand_over(response)
            super().on_message_complete()

    def _send(self, response: Response, method: str, *, is_last: bool) -> None:
        lines = [STATUS_LINE[response.status]]
        for name, value in chain(self.server_state.default_headers, response.framed):
            lines += (name, b": ", value, b"\r\n")
        lines.append(b"connection: close\r\n\r\n" if is_last else b"\r\n")
        if method != "HEAD":
            lines.append(response.body)
        self.transport.write(b"".join(lines))
        self._since = self.loop.time()
        if is_last:
            self.transport.close()

    def _hand_over(self, response: Response | None = None) -> None:
        """Have uvicorn conduct the request; with the answer, if there is one already."""
        url, headers, expects = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()  # makes the scope, and forgets what has come so far
        self.url, self.expect_100_continue = url, expects
        self.headers += headers
        answered = {} if response is None else {ANSWERED: response}
        self.scope["extensions"] = {CUT: self.transport.close, **answered}  # type: ignore[dict-item]  # servers may add theirs
        super().on_headers_complete()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._conducted = cycle
        super()._start_asgi_task(cycle, app)

    def on_response_complete(self) -> None:
        """An answer that uvicorn conducted is given. For how long the connection is kept then is for `hurry` to say."""
        super().on_response_complete()
        self._unset_keepalive_if_required()
        self._since = self.loop.time()

    def pause_writing(self) -> None:
        """A client that does not read is not listened to."""
        super().pause_writing()
        self.flow.pause_reading()

    def resume_writing(self) -> None:
        """It reads again."""
        super().resume_writing()
        if not self.pipeline:
            self.flow.resume_reading()

    def _refuse(self, status: int, told: str) -> None:
        """Tell a client that this was all.

        It may not look for an answer before it has sent everything, so for a moment what it sends is taken and dropped.
        """
        self._is_over, self._in_head, self._in_request = True, False, False
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        self.loop.call_later(_LINGERS, self.transport.close)
        self._give_up()
        if self._conducted is not None and self._conducted.response_started and self._is_busy:
            self.transport.close()  # in the middle of an answer nothing else can be said
            return
        headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
        self._send(Response(status, headers, told.encode()), "", is_last=False)
        if self.transport.can_write_eof():
            self.transport.write_eof()

    def _give_up(self) -> None:
        """Tell whoever still answers that nobody listens. uvicorn tells only the latest of several."""
        self.pipeline.clear()
        if self._conducted is not None:
            self._conducted.disconnected = True
            self._conducted.message_event.set()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection has ended."""
        self._give_up()
        super().connection_lost(exc)

    def _over(self) -> _Over:
        """What stops the parser: the rest of what came is not read."""
        self._is_over = True
        return _Over()

    def hurry(self, now: float, patience: float, silence: float) -> None:
        """End what takes too long, in seconds: a request that does not come whole, an answer that is not taken, silence."""
        unsent = self.transport.get_write_buffer_size()
        if not unsent or unsent != self._unsent:
            self._unsent, self._unsent_since = unsent, now
        if self.flow.read_paused:
            self._since = now  # it is this side that keeps the other waiting
        if now - self._unsent_since > patience:
            self.transport.abort()
        elif self._in_request and now - self._since > patience:
            self._refuse(408, f"A request comes whole within {patience:g} seconds")
        elif not (self._in_request or self._is_busy or unsent) and now - self._since > silence:
            self.transport.close()

    def shutdown(self) -> None:
        """Close the connection, once the call that is coming in or being conducted is answered; at once if that has no end."""
        if self._in_request and self._call is not None:
            self._call.is_last = True
        elif self._conducted is not None and self._is_busy and self._conducted.chunked_encoding:
            self.transport.close()
        else:
            super().shutdown()
