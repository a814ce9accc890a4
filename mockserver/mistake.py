"""A mistake of the person using the fake: told at once, by name, with the nearest right thing."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

_SHOWN = 40


class Mistake(Exception):  # noqa: N818 - it is the user's, and said so
    """A configuration or a control call that cannot mean anything; its text is for the person who made it."""


def unknown(what: str, name: object, known: Iterable[str]) -> Mistake:
    """The mistake of naming a `what` that is not there; it names the nearest one that is."""
    names = sorted(known)
    near = get_close_matches(str(name), names, n=1, cutoff=0.5)
    more = ", …" if len(names) > _SHOWN else ""
    hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(names[:_SHOWN]) or 'none'}{more}"
    return Mistake(f"unknown {what} {name!r}; {hint}")


_WORDS: Mapping[type, str] = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    list: "a list",
    type(None): "null",
}


def check_members(said: Any, kinds: Mapping[str, tuple[type, ...]], what: str) -> None:
    """Raise `Mistake` unless `said` is an object that has only members of `kinds`, each of one of its types."""
    if not isinstance(said, dict):
        raise Mistake(f"{what} is an object")
    for name, value in said.items():
        if name not in kinds:
            raise unknown(f"member of {what}", str(name), kinds)
        if type(value) not in kinds[name]:
            raise Mistake(f"{name!r} of {what} is {' or '.join(_WORDS[kind] for kind in kinds[name])}, not {value!r}")
