"""Modules that are imported only when they are needed, because they cost a start its time, or ask for an extra."""

from importlib import import_module
from types import ModuleType

from mockserver.mistake import Mistake


def late(name: str, *, extra: str = "", what: str = "") -> ModuleType:
    """The module. Raises `Mistake` if `what` needs the `extra` and that is not installed."""
    try:
        return import_module(name)
    except ModuleNotFoundError as missing:
        if not extra or (missing.name or "").startswith("mockserver"):
            raise
        raise Mistake(f"{what} needs {missing.name}: pip install 'mockserver[{extra}]'") from None
