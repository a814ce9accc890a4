"""Attributes of other people's classes and modules that are replaced for a while."""

from collections.abc import Iterable
from typing import Any

Patch = tuple[Any, str, Any]
"""A class or module, the name of an attribute, and what it is to be."""

_INHERITED = object()


class Patches:
    """What was replaced, and what it was."""

    def __init__(self) -> None:
        self._before: list[Patch] = []

    @property
    def made(self) -> bool:
        """Whether anything is replaced now."""
        return bool(self._before)

    def make(self, patches: Iterable[Patch]) -> None:
        """Replace all of these."""
        for owner, name, value in patches:
            self._before.append((owner, name, vars(owner).get(name, _INHERITED)))
            setattr(owner, name, value)

    def undo(self) -> None:
        """Put back whatever was replaced, the last first."""
        while self._before:
            owner, name, before = self._before.pop()
            if before is _INHERITED:
                delattr(owner, name)
            else:
                setattr(owner, name, before)
