"""What answers handed out and was said again later: ids, tokens, codes, times. A script takes it from the answer anew."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import orjson

from mockserver.check.expectation import Expectation
from mockserver.check.session import Exchange

_SHORTEST = 6
_ID = re.compile(r"\d{6,}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TOKENS = ("access_token", "refresh_token", "code")
_MOST = 20_000
"""Leaves of one answer that are looked at."""


@dataclass(frozen=True, slots=True)
class Handed:
    """A value, and the answer and place in its body where it stood first."""

    value: str
    exchange: int
    pointer: str

    @property
    def word(self) -> str:
        """What it is called there, in snake case."""
        member = next((step for step in reversed(self.pointer.split("/")) if not step.isdigit()), "value")
        word = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", member).lower()
        return re.sub(r"\W", "_", word.removeprefix("access_"))

    @property
    def is_token(self) -> bool:
        """Whether it lets somebody in."""
        return self.pointer in _TOKENS


def handed_out(exchanges: Sequence[Exchange], expectation: Expectation) -> list[Handed]:
    """What is used again in a request or expected of an answer, in the order in which it was handed out.

    What is expected of an answer is never taken from that answer: it is wrong.
    """
    texts = [_said(exchange) for exchange in exchanges]
    expected = set(_texts(expectation.wanted))
    found: dict[str, Handed] = {}
    for number, exchange in enumerate(exchanges):
        later = "\n".join(texts[number + 1 :])
        earlier = "\n".join(texts[: number + 1])
        for pointer, value in _leaves(exchange.response.body):
            handed = Handed(value, number, pointer)
            used = (_is_reference(handed) and value in later) or (value in expected and number != expectation.exchange)
            if used and value not in found and value not in earlier:
                found[value] = handed
    return list(found.values())


def _is_reference(handed: Handed) -> bool:
    return handed.is_token or handed.word.endswith("id") or _ID.fullmatch(handed.value) is not None


def _said(exchange: Exchange) -> str:
    """Everything that a request says, as text."""
    request = exchange.request
    headers = "\n".join(value.decode("latin-1") for _, value in request.headers)
    return f"{request.path}\n{request.query}\n{headers}\n{request.body.decode('utf-8', 'replace')}"


def _leaves(body: bytes) -> Iterator[tuple[str, str]]:
    """The texts in an answer that could be handed out, by their places."""
    try:
        document = orjson.loads(body) if body else None
    except ValueError:
        return
    for pointer, text in islice(_walked(document, ""), _MOST):
        if len(text) >= _SHORTEST and any(map(str.isdigit, text)):
            yield pointer, text


def _walked(thing: Any, pointer: str) -> Iterator[tuple[str, str]]:
    if isinstance(thing, str):
        yield pointer, thing
    elif isinstance(thing, dict | list):
        for key, each in thing.items() if isinstance(thing, dict) else enumerate(thing):
            if "/" not in str(key):
                yield from _walked(each, f"{pointer}/{key}".lstrip("/"))


def _texts(thing: Any) -> Iterator[str]:
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, dict):
        for each in (*thing, *thing.values()):
            yield from _texts(each)
    elif isinstance(thing, list | tuple | set | frozenset):
        for each in thing:
            yield from _texts(each)
