"""The test kit: any Python client against the fake, with faults, time and proof."""

from mockserver.effects import Cut, Delay, Drip, Html, Lost, Malformed, MediaType, Revoked, Status, Throttled, Truncated
from mockserver.faults import Fault
from mockserver.testing.bridges.over_httpx import respond
from mockserver.testing.fake import Fake
from mockserver.testing.opening import faked

__all__ = [
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
    "faked",
    "respond",
]
