"""What Shoplive's part of a world is made of. Nothing here changes once made."""

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Figures:
    """What viewers did, counted; times in seconds. Averages follow from these and are not kept."""

    viewers: int = 0
    login_viewers: int = 0
    peak_viewers: int = 0
    new_login_viewers: int = 0
    viewing_time: int = 0
    likes: int = 0
    like_viewers: int = 0
    chats: int = 0
    chat_viewers: int = 0
    product_clicks: int = 0
    product_click_viewers: int = 0
    banner_clicks: int = 0


class Activity(Protocol):
    """What happened in a campaign, as far as a clock has come."""

    def between(self, start: float, end: float) -> Figures:
        """The figures of what happened from `start` until `end`, in seconds since 1970."""
        ...


@dataclass(frozen=True, slots=True)
class Customer:
    """`secret` is the decoded key that tokens are signed with."""

    access_key: str
    secret: bytes
    generate: bool


@dataclass(frozen=True, slots=True)
class Campaign:
    """Times are seconds since 1970; `started_at` is nothing until it is known when it starts, `ended_at` until it ends."""

    id: int
    key: str
    access_key: str
    title: str
    scheduled_at: float | None
    started_at: float | None
    ended_at: float | None
    activity: Activity = field(repr=False)

    def status(self, now: float) -> str:
        """`READY`, `ONAIR` or `ENDED` at a moment."""
        if self.started_at is None or now < self.started_at:
            return "READY"
        return "ENDED" if self.ended_at is not None and self.ended_at <= now else "ONAIR"
