"""The server's end of one HTTP/1.1 connection, without the connection: bytes in, steps of delivery out."""

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import unquote

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser

from mockserver.message import Request, Response
from mockserver.testing.target import Target


@dataclass(frozen=True, slots=True)
class Step:
    """Bytes that come after so many seconds of silence; no bytes are the end of the connection."""

    gap: float
    data: bytes


@dataclass(frozen=True, slots=True)
class _Asked:
    request: Request
    lasting: bool  # whether the connection outlives the answer


_END = Step(0.0, b"")
_CONTINUE = Step(0.0, b"HTTP/1.1 100 Continue\r\n\r\n")
_NOT_HTTP = Step(0.0, b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
_REASONS = {status.value: status.phrase.encode() for status in HTTPStatus}


class Wire:
    """Takes what a client writes on a connection and tells what comes back on it."""

    def __init__(self) -> None:
        self._parser = HttpRequestParser(self)
        self._events: list[_Asked | Step] = []
        self._over = False

    def feed(self, data: bytes, target: Target) -> list[Step]:
        """What the client is to receive for these bytes: nothing, until they complete a request."""
        self._parse(data)
        events, self._events = self._events, []
        steps: list[Step] = []
        for event in events:
            if not self._over:
                steps += [event] if isinstance(event, Step) else _answer(event, target)
                self._over = not steps[-1].data
        return steps

    def _parse(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except HttpParserUpgrade as upgrade:  # nobody here speaks anything else, so the connection goes on as it was
            self._parser = HttpRequestParser(self)
            self._parse(data[upgrade.args[0] :])
        except HttpParserError:
            self._events += [_NOT_HTTP, _END]

    def on_message_begin(self) -> None:
        """Called by the parser, as are the following."""
        self._url = b""
        self._headers: list[tuple[bytes, bytes]] = []
        self._parts: list[bytes] = []

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        if any(name == b"expect" and value.lower() == b"100-continue" for name, value in self._headers):
            self._events.append(_CONTINUE)

    def on_body(self, body: bytes) -> None:
        self._parts.append(body)

    def on_message_complete(self) -> None:
        method = self._parser.get_method().decode("ascii")
        path, query = _split(self._url.decode("latin-1"))
        request = Request(method, path, query, tuple(self._headers), b"".join(self._parts))
        self._events.append(_Asked(request, self._parser.should_keep_alive()))


def body_steps(response: Response) -> Iterator[Step]:
    """The body as it comes."""
    yield from (Step(gap, piece) for gap, piece in response.pieces)


def _answer(asked: _Asked, target: Target) -> Iterator[Step]:
    response = target.handle(asked.request)
    if response.cut == "before":
        yield Step(response.delay, b"")
        return
    yield Step(response.delay, _head(response, asked.lasting))
    if asked.request.method != "HEAD":
        yield from body_steps(response)
    if response.cut or not asked.lasting:
        yield _END


def _head(response: Response, lasting: bool) -> bytes:
    status = b"HTTP/1.1 %d %s" % (response.status, _REASONS.get(response.status, b""))
    headers = response.framed if lasting else [*response.framed, (b"connection", b"close")]
    return b"\r\n".join([status, *(name + b": " + value for name, value in headers), b"", b""])


def _split(url: str) -> tuple[str, str]:
    """The decoded path and the query, also of a URL as a proxy gets it."""
    if not url.startswith("/"):
        url = "/" + url.partition("//")[2].partition("/")[2]
    path, _, query = url.partition("#")[0].partition("?")
    return unquote(path), query
