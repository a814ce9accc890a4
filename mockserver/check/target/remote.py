"""A target by URL: requests go out as they are, answers come in as they are, and what is no answer says why."""

import re
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from urllib.parse import quote, urlsplit

import httpx

from mockserver import __version__
from mockserver.check.refraining import KeptBack
from mockserver.check.wire import Unreachable
from mockserver.clock import Clock, stopwatch
from mockserver.message import Request, Response
from mockserver.mistake import Mistake

AGENT = f"mockserver-check/{__version__}"
LONGEST = 64 * 2**20
"""Bytes of the longest answer that is read: a page of 500 segments is a hundredth of it."""

_PATIENCE = 3
"""How many calls in a row may go without an answer before no more are made, and how many timeouts an answer may last."""

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_IN_A_TARGET = "".join(map(chr, range(0x21, 0x7F))).replace("#", "")
_DRIFT = 2.0
"""Seconds. The Date header has whole ones, and is as old as the answer was long under way."""


@dataclass(slots=True)
class Connection:
    """One HTTP client to one host; `clock` shows what the host's Date headers said, `silent` counts calls without answer."""

    client: httpx.Client
    timeout: float
    clock: Clock = field(default_factory=Clock)
    silent: int = 0
    last: str = ""
    control_token: str | None = field(default=None, repr=False)


class Remote:
    """A root URL on a connection. Nothing is followed, nothing retried, nothing added but who asks."""

    def __init__(self, url: str, connection: Connection):
        self.url = url
        self._connection = connection
        parts = urlsplit(url)
        self._origin, self._root = f"{parts.scheme}://{parts.netloc}/", parts.path

    def at(self, url: str) -> "Remote":
        """Another root of the same host, on the same connection."""
        return Remote(url, self._connection)

    @property
    def control_token(self) -> str | None:
        """What a fake wants shown to be commanded."""
        return self._connection.control_token

    def send(self, request: Request) -> Response:
        """The answer to a request. Raises `Unreachable`, and `KeptBack` for what HTTP cannot carry."""
        connection = self._connection
        if connection.silent >= _PATIENCE:
            raise Unreachable(f"{connection.last}; after {_PATIENCE} calls in a row without an answer no more are made")
        try:
            response = self._exchanged(request)
        except Unreachable as reason:
            connection.silent, connection.last = connection.silent + 1, str(reason)
            raise
        connection.silent = 0
        self._set_clock(response)
        return response

    def now(self) -> float:
        """What the target's clock shows, by its Date headers."""
        return self._connection.clock.now()

    def close(self) -> None:
        """End the connection."""
        self._connection.client.close()

    def _exchanged(self, request: Request) -> Response:
        elapsed = stopwatch()
        try:
            answer = self._connection.client.send(self._written(request), stream=True)
            try:
                body = b"".join(self._pieces(answer, elapsed))
            finally:
                answer.close()
        except (httpx.LocalProtocolError, httpx.InvalidURL, UnicodeError) as error:
            raise KeptBack(f"HTTP cannot carry it: {error}") from None
        except (httpx.HTTPError, OSError) as error:
            raise Unreachable(f"{self.url} {_said(error, self._connection.timeout)}") from None
        headers = [(name.lower(), value) for name, value in answer.headers.raw]
        return Response(answer.status_code, headers, body)

    def _pieces(self, answer: httpx.Response, elapsed: Callable[[], float]) -> Iterator[bytes]:
        size = 0
        for piece in answer.iter_bytes():
            size += len(piece)
            if size > LONGEST:
                raise Unreachable(f"{self.url} sent more than {LONGEST >> 20} MiB in one answer")
            if elapsed() > _PATIENCE * self._connection.timeout:
                raise Unreachable(f"{self.url} was still sending its answer after {elapsed():.0f} seconds")
            yield piece

    def _written(self, request: Request) -> httpx.Request:
        """The request as httpx sends it: its own headers, our name, and a target that nobody makes tidier on the way."""
        path = quote(self._root.encode() + request.path.encode("utf-8", "surrogatepass"), safe="/~!$&'()*+,;=:@")
        query = f"?{quote(request.query.encode('utf-8', 'surrogatepass'), safe=_IN_A_TARGET)}" if request.query else ""
        headers = list(request.headers)
        if request.header(b"user-agent") is None:
            headers.append((b"user-agent", AGENT.encode()))
        limits = httpx.Timeout(self._connection.timeout).as_dict()
        extensions = {"target": (path + query).encode("ascii"), "timeout": limits}
        return httpx.Request(request.method, self._origin, headers=headers, content=request.body, extensions=extensions)

    def _set_clock(self, response: Response) -> None:
        try:
            shown = parsedate_to_datetime(response.header("date") or "").timestamp()
            if abs(shown - self.now()) > _DRIFT:
                self._connection.clock.set(shown)
        except (ValueError, TypeError, OverflowError, Mistake):
            return  # no date, or none that can be read: ours will do


def dialled(url: str, timeout: float = 10.0, control_token: str | None = None) -> Remote:
    """A way to a URL; nothing is sent yet. `control_token` is what a fake wants shown to be commanded.

    Raises `Mistake` for what is no URL of a server.
    """
    no_url = Mistake(f"a target is a URL like https://api.criteo.com, not {_shown(url)!r}")
    try:
        parts = urlsplit(url.strip())
        httpx.URL(url.strip())
        is_sound = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except (ValueError, httpx.InvalidURL):
        raise no_url from None
    if not is_sound:
        raise no_url
    if parts.username is not None or parts.password is not None:
        raise Mistake("a target has no user and password in its URL")
    if parts.query or parts.fragment:
        raise Mistake(f"a target ends with its path, not with a query: {_shown(url)!r}")
    client = httpx.Client(
        verify=httpx.create_ssl_context(),
        trust_env=parts.hostname not in _LOOPBACK,  # a proxy does not lead to this machine
        follow_redirects=False,
    )
    connection = Connection(client, timeout, control_token=control_token)
    return Remote(f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}", connection)


def _shown(url: str) -> str:
    """A URL without what may be secret in it."""
    return re.sub(r"//[^/@]*@", "//…@", url.partition("?")[0])


def _said(error: Exception, timeout: float) -> str:
    """What a target did instead of answering."""
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"has a certificate that cannot be trusted: {cause.verify_message}"
        if isinstance(cause, ConnectionRefusedError):
            return "takes no connection: it is down, or this is not its port"
        if isinstance(cause, ssl.SSLError):
            return f"does not speak TLS as it should: {cause.reason or cause}"
    if isinstance(error, httpx.ConnectTimeout):
        return f"took no connection within {timeout:g} seconds"
    if isinstance(error, httpx.TimeoutException):
        return f"gave no answer within {timeout:g} seconds"
    if isinstance(error, httpx.ConnectError):
        return f"cannot be reached: {error}"
    if isinstance(error, httpx.DecodingError):
        return "sent an answer that is not encoded as it says"
    if isinstance(error, httpx.RemoteProtocolError) and "disconnected" not in str(error) and "closed" not in str(error):
        return f"does not answer in HTTP: {str(error)[:200]}"
    return "ended the connection without a whole answer"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
