"""Every check there is, layer by layer, and the choice of some."""

from collections.abc import Collection, Sequence
from fnmatch import fnmatchcase

from mockserver.check import coverage, examples, fuzz
from mockserver.check.law import LAYERS, Check
from mockserver.check.laws import LAWS
from mockserver.mistake import unknown

SUITE: tuple[Check, ...] = (*examples.CHECKS, *LAWS, *coverage.CHECKS, *fuzz.CHECKS)


def selected(layers: Collection[str] = (), only: Collection[str] = (), operations: Collection[str] = ()) -> Sequence[Check]:
    """The checks of these layers that fit one of these patterns and are about one of these operations; nothing named is all.

    Raises `Mistake` for a name that leads nowhere.
    """
    _know("layer", layers, LAYERS)
    _know("operation", operations, {operation for check in SUITE for operation in check.operations})
    names = [check.name for check in SUITE]
    for pattern in only:
        if not any(fnmatchcase(name, pattern) for name in names):
            raise unknown("check", pattern, names)
    return [
        check
        for check in SUITE
        if (not layers or check.layer in layers)
        and (not only or any(fnmatchcase(check.name, pattern) for pattern in only))
        and (not operations or set(check.operations) & set(operations))
    ]


def _know(what: str, said: Collection[str], known: Collection[str]) -> None:
    for each in said:
        if each not in known:
            raise unknown(what, each, known)
