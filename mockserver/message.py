"""What comes in and what goes out: plain values, as a socket, a client bridge or a test makes them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

import orjson

Headers = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True, repr=False)
class Request:
    """One HTTP request. The path is decoded and carries no query; header names are lower case, as in ASGI."""

    method: str
    path: str
    query: str = ""
    headers: Headers = ()
    body: bytes = b""

    def __repr__(self) -> str:
        """Without headers and body, which have secrets in them and are shown in tracebacks."""
        return f"Request({self.method} {self.path}, {len(self.body)} bytes)"

    def header(self, name: bytes) -> str | None:
        """The first header of that (lower-case) name, or nothing."""
        for key, value in self.headers:
            if key == name:
                return value.decode("latin-1")
        return None


_DROPS = 10
CUTS = ("", "before", "in", "after")


@dataclass(slots=True)
class Response:
    """One HTTP answer, and how it goes wrong on its way, which is for whoever delivers it to act out.

    `delay` is the seconds before its first byte, `drip` the seconds over which its body comes. `cut` is where the
    connection ends without a word: `before` its first byte, `in` the middle of its body, `after` its last byte.
    """

    status: int
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""
    delay: float = 0.0
    drip: float = 0.0
    cut: str = ""

    @property
    def framed(self) -> list[tuple[bytes, bytes]]:
        """The headers with the length of the body, which a 204 does not have."""
        return self.headers if self.status == 204 else [(b"content-length", b"%d" % len(self.body)), *self.headers]

    @property
    def pieces(self) -> Iterator[tuple[float, bytes]]:
        """The body as it comes, at once or dripping, whole or its first half: seconds of silence, and then some of it."""
        body, drip = self.body, self.drip
        if self.cut == "in":
            body, drip = body[: len(body) // 2], drip / 2
        count = min(_DROPS, len(body)) if drip else 1
        for drop in range(count if body else 0):
            yield drip / count, body[len(body) * drop // count : len(body) * (drop + 1) // count]

    def json(self) -> Any:
        """The body, parsed."""
        return orjson.loads(self.body)

    def header(self, name: str) -> str | None:
        """The first header of that name, any case, or nothing."""
        wanted = name.lower().encode()
        return next((value.decode("latin-1") for key, value in self.headers if key.lower() == wanted), None)


def compose(
    method: str, url: str, *, json: Any = None, form: dict[str, str] | None = None, headers: dict[str, str] | None = None
) -> Request:
    """A request as a client would send it: `json` or `form` becomes the body and sets the content type."""
    parts = urlsplit(url)
    body, kind = b"", None
    if json is not None:
        body, kind = orjson.dumps(json), "application/json"
    elif form is not None:
        body, kind = urlencode(form).encode(), "application/x-www-form-urlencoded"
    named = ({"content-type": kind} if kind else {}) | {name.lower(): value for name, value in (headers or {}).items()}
    wire = tuple((name.encode(), value.encode("latin-1")) for name, value in named.items())
    return Request(method, unquote(parts.path), parts.query, wire, body)
