"""The life of Criteo's versions: stable for nine months, deprecated for three, then retired."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from mockserver.evidence import Rule, assumed, guide
from mockserver.problem import Problem, Refused
from mockserver.provider import Call, HeaderList
from mockserver.providers.criteo.sources import VERSION_GUIDE

GONE = Problem(
    410,
    "deprecation",
    "version-decommissioned",
    "This version of the API is no longer available",
    assumed(f"410 is what {VERSION_GUIDE} says; type, code and words are ours"),
)
LIFE = Rule(
    "version-life",
    "A version is stable from the first day of its month, deprecated nine months later, retired after twelve, at 00:00 UTC.",
    guide(VERSION_GUIDE),
)
EARLY = Rule(
    "early-versions",
    "A version served here answers before its first day too, as release candidates do.",
    guide(VERSION_GUIDE, unproven="how early"),
)
OLDEST = Rule(
    "oldest-version",
    "Retired versions are known by name from 2021-10 on, four a year; any other name was never a version and answers 404.",
    assumed("2021-10 is the oldest that a recorded answer names"),
)

SERVED = ("2026-01", "2026-07", "2027-01")


@dataclass(frozen=True, slots=True)
class Life:
    """Moments in seconds since 1970, and the headers of the deprecation window."""

    stable: float
    deprecated: float
    retired: float
    notice: tuple[tuple[bytes, bytes], ...]


def _month(version: str, later: int) -> datetime:
    months = int(version[:4]) * 12 + int(version[5:]) - 1 + later
    return datetime(months // 12, months % 12 + 1, 1, tzinfo=UTC)


def _life(version: str) -> Life:
    retired = _month(version, 12)
    sunset = format_datetime(retired, usegmt=True).encode()
    notice = ((b"deprecation", b"true"), (b"sunset", sunset))
    return Life(_month(version, 0).timestamp(), _month(version, 9).timestamp(), retired.timestamp(), notice)


_QUARTERS = [f"{year}-{month}" for year in range(2021, 2026) for month in ("01", "04", "07", "10")]
LIVES = {version: _life(version) for version in (*_QUARTERS[3:], *SERVED)}


def direct(call: Call[Any]) -> str:
    """The path that answers a call: its own, or the current version's where the one asked for was retired."""
    version = call.path.split("/", 2)[1]
    life = LIVES.get(version)
    if life is None:
        return call.path
    if call.now >= life.retired and call.readings["retired-version"] == "gone":
        raise Refused(GONE.at(detail=f"Version {version} was decommissioned"))
    return call.path if version in SERVED else call.path.replace(version, current(call.now), 1)


def current(now: float) -> str:
    """The newest version that is stable at a moment."""
    return next((version for version in reversed(SERVED) if LIVES[version].stable <= now), SERVED[0])


def announce(call: Call[Any]) -> HeaderList:
    """The headers that say that a version is in its last months."""
    life = LIVES.get(call.path.split("/", 2)[1])
    window = life is not None and life.deprecated <= call.now < life.retired
    return list(life.notice) if life and window and call.readings["deprecation-headers"] == "sent" else []
