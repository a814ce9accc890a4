"""A request before anybody sends it: its body, query and place, with stand-ins for what is not yet made."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

import orjson

from mockserver.contract.operation import Operation
from mockserver.message import Request

NOTHING: Any = object()
"""The body of a request that has none."""

_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Draft:
    """`media` is the content type that goes with the body, `path` what stands for the names in the operation's path.

    `flaw` is what a body that keeps the contract does wrong otherwise, and `at` where; one that is `fit` needs no fitting;
    `why` says what the draft is for.
    """

    body: Any = NOTHING
    query: tuple[tuple[str, str], ...] = ()
    media: str | None = None
    path: Mapping[str, str] = field(default_factory=dict)
    flaw: str = ""
    at: str = ""
    fit: bool = False
    why: str = ""

    @property
    def key(self) -> bytes:
        """What two drafts that say the same have in common."""
        body = b"" if self.body is NOTHING else self.body if isinstance(self.body, bytes) else orjson.dumps(self.body)
        return b"\n".join((repr((self.query, self.media, sorted(self.path.items()))).encode(), body))


def composed(draft: Draft, operation: Operation, path: Mapping[str, str], authorization: str | None) -> Request:
    """The request that a draft comes to; `path` says what it does not."""
    url = operation.path
    for name, value in {**path, **draft.path}.items():
        url = url.replace(f"{{{name}}}", value if name in draft.path else quote(value, safe=""))
    headers: list[tuple[bytes, bytes]] = []
    if draft.media is not None:
        headers.append((b"content-type", draft.media.encode()))
    if authorization is not None:
        headers.append((b"authorization", authorization.encode("latin-1")))
    return Request(operation.method, url, urlencode(draft.query), tuple(headers), _written(draft.body, operation.media))


def _written(body: Any, media: str | None) -> bytes:
    if body is NOTHING:
        return b""
    if isinstance(body, bytes):
        return body
    if media == _FORM:
        return urlencode(body).encode()
    try:
        return orjson.dumps(body)
    except TypeError:  # numbers beyond 64 bits, halves of characters
        return json.dumps(body).encode()
