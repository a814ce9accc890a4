"""Calls that are counted, and what the headers tell of the count."""

from typing import Any

from mockserver.check.laws.aiming import place
from mockserver.check.session import Answer, Session

LIMIT, LEFT, RESET = (f"headers/x-ratelimit-{name}" for name in ("limit", "remaining", "reset"))


def called(session: Session, **how: Any) -> Answer:
    """The answer to a search, which is a call like any."""
    return session.search(query={"limit": 0}, **how)


def number(answer: Answer, pointer: str) -> int:
    """A figure among the headers."""
    return int(answer.holds(pointer, "[0-9]+", "matches").at(pointer))


def begin(session: Session, early: float = 0.0) -> None:
    """Go to the beginning of a window, or to some seconds before; a token is there already."""
    session.token()
    session.advance(60 - session.wire.now() % 60 + (60 - early if early else 0))


def search_path(session: Session, version: str = "") -> str:
    """Where segments are searched."""
    return place(session, session.judge.operation("searchAudienceSegments", version or session.setting.version))
