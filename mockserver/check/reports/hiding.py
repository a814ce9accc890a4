"""What a report must not show beside the secrets that a run was given: the tokens that were handed out while it ran."""

import re
from collections.abc import Iterable, Iterator, Sequence

from mockserver.check.session import Exchange

_SHORTEST = 16
_TOKENS = ("access_token", "refresh_token", "code")
_CARRIED = re.compile(rf"(?:Bearer |\b(?:code|refresh_token)=)([^\s&]{{{_SHORTEST},}})")


def with_tokens(exchanges: Sequence[Exchange], secrets: Iterable[str]) -> frozenset[str]:
    """The secrets, and every token in these exchanges."""
    return frozenset(secrets).union(*(_tokens(exchange) for exchange in exchanges))


def _tokens(exchange: Exchange) -> Iterator[str]:
    request = exchange.request
    said = f"{request.header(b'authorization') or ''}\n{request.query}\n"
    if (request.header(b"content-type") or "").startswith("application/x-www-form-urlencoded"):
        said += request.body.decode("latin-1")
    yield from _CARRIED.findall(said)
    try:
        body = exchange.response.json() if exchange.response.body else None
    except ValueError:
        return
    if isinstance(body, dict):
        yield from (body[name] for name in _TOKENS if isinstance(body.get(name), str) and len(body[name]) >= _SHORTEST)
