"""Texts in which names stand for what is another thing in every run: `{segment 1}`, `{#segment 1}` for a number, and
`{#.segment 1}` for one that is written with a point.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

OPENING, CLOSING = "\udc80", "\udc81"
"""What marks a name until a text is written: no sound JSON, header or path has half of a surrogate pair in it."""

_PIECE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")
_MARK = re.compile(f"({OPENING}[^{CLOSING}]*{CLOSING})")


def marked(name: str) -> str:
    """A name among other text, before that is written."""
    return f"{OPENING}{name}{CLOSING}"


def outside_marks(text: str, change: Callable[[str], str]) -> str:
    """A text changed, but for the names in it."""
    if OPENING not in text:
        return change(text)
    split = _MARK.split(text)
    return "".join(piece if place % 2 else change(piece) for place, piece in enumerate(split))


def as_written(text: str) -> str:
    """A text with marks as it is kept: names in braces, other braces twice."""
    doubled = text.replace("{", "{{").replace("}", "}}")
    return doubled.replace(OPENING, "{").replace(CLOSING, "}")


def plain(name: str) -> str:
    """A name without the sign that it stands for a number."""
    return name.removeprefix("#").removeprefix(".")


def names_in(text: str) -> list[str]:
    """The names of a text that is kept."""
    return [name for name in _PIECE.findall(text) if name]


def whole_name(text: Any) -> str | None:
    """The name, if a text is nothing but one."""
    found = _PIECE.fullmatch(text) if isinstance(text, str) else None
    return found[1] if found else None


def filled(text: str, resolve: Callable[[str], str]) -> str:
    """A kept text with what the names stand for."""
    return _PIECE.sub(lambda piece: resolve(piece[1]) if piece[1] else piece[0][0], text)


def pieces(text: str) -> Iterator[tuple[str, bool]]:
    """The parts of a kept text, each literal or a name."""
    end = 0
    for piece in _PIECE.finditer(text):
        if piece.start() > end:
            yield text[end : piece.start()], False
        yield (piece[1], True) if piece[1] else (piece[0][0], False)
        end = piece.end()
    if end < len(text):
        yield text[end:], False
