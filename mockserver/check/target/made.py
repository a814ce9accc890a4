"""What a run made on a target, by the answers to its own creations: nothing else is its own."""

import re
import secrets
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from mockserver.mistake import Mistake

_RUN = re.compile(r"mockserver-check [0-9a-f]{6}")

Entity = tuple[str, int]
"""A kind, `segment` or `audience`, and an id."""


def new_run() -> str:
    """A name for a run that no other has: what it makes is known by it."""
    return f"mockserver-check {secrets.token_hex(3)}"


def is_run(text: str) -> bool:
    """Whether a text is the name of a run, and so can be the beginning of nothing but what that run made."""
    return _RUN.fullmatch(text) is not None


def check_run(text: str) -> str:
    """The name of a run. Raises `Mistake` for a text that may begin the names of other things."""
    if not is_run(text):
        raise Mistake(f"a run is named like 'mockserver-check 3f9a2c', as its report says, not {text[:60]!r}")
    return text


def number(said: Any) -> int | None:
    """An id as the number it is for every server; nothing if it is none, or might be another for some."""
    if type(said) is int:
        return said
    return int(said) if isinstance(said, str) and said.isascii() and said.isdigit() and len(said) <= 20 else None


@dataclass(slots=True)
class Made:
    """`ours` is everything made so far, `left` what of it was not seen to go; `kept_back` counts the requests not sent, by
    reason, and `in_a_row` those since an attempt went through. `created` says that a creation was sent at all.
    """

    run: str
    ours: set[Entity] = field(default_factory=set)
    left: dict[Entity, None] = field(default_factory=dict)
    kept_back: Counter[str] = field(default_factory=Counter)
    in_a_row: int = 0
    created: bool = False

    def bears_our_name(self, name: Any) -> bool:
        """Whether a name begins with the run's."""
        return isinstance(name, str) and name.casefold().startswith(f"{self.run} ".casefold())

    def is_ours(self, kind: str, said: Any) -> bool:
        """Whether an id is of something that this run made, or can be of nothing at all."""
        id = number(said)
        if id is not None:
            return (kind, id) in self.ours
        return said is None or (isinstance(said, str) and not any(map(str.isnumeric, said)))

    def add(self, kind: str, id: int) -> None:
        """Take something for ours that an answer says was made."""
        self.ours.add((kind, id))
        self.left[kind, id] = None
