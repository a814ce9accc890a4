"""The test kit: any Python client against the fake, with faults, time and proof.

What it offers is imported when it is first asked for: pytest imports this package in every suite that has it installed.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mockserver.effects import Cut, Delay, Drip, Html, Lost, Malformed, MediaType, Revoked, Status, Throttled, Truncated
    from mockserver.faults import Fault
    from mockserver.message import compose
    from mockserver.testing.bridges.over_httpx import respond
    from mockserver.testing.fake import CallsSpent, Fake
    from mockserver.testing.opening import faked

_HOMES = {
    "mockserver.effects": "Cut Delay Drip Html Lost Malformed MediaType Revoked Status Throttled Truncated",
    "mockserver.faults": "Fault",
    "mockserver.testing.bridges.over_httpx": "respond",
    "mockserver.message": "compose",
    "mockserver.testing.fake": "CallsSpent Fake",
    "mockserver.testing.opening": "faked",
}
_HOME = {name: home for home, names in _HOMES.items() for name in names.split()}

__all__ = [
    "CallsSpent",
    "Cut",
    "Delay",
    "Drip",
    "Fake",
    "Fault",
    "Html",
    "Lost",
    "Malformed",
    "MediaType",
    "Revoked",
    "Status",
    "Throttled",
    "Truncated",
    "compose",
    "faked",
    "respond",
]


def __getattr__(name: str) -> Any:
    """What is offered under a name, from its home."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
