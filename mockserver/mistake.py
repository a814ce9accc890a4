"""A mistake of the person using the fake: told at once, by name, with the nearest right thing."""

from collections.abc import Iterable
from difflib import get_close_matches


class Mistake(Exception):  # noqa: N818 - it is the user's, and said so
    """A configuration or a control call that cannot mean anything; its text is for the person who made it."""


def unknown(what: str, name: str, known: Iterable[str]) -> Mistake:
    """The mistake of naming a `what` that is not there; it names the nearest one that is."""
    names = sorted(known)
    near = get_close_matches(name, names, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(names) or 'none'}"
    return Mistake(f"unknown {what} {name!r}; {hint}")
