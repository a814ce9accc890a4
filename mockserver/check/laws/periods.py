"""Periods of Shoplive's statistics, as they are written, and what is known of a campaign from an entry."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from mockserver.check.laws.minting import stats
from mockserver.check.session import Answer, Session

DAY, WEEK = 24 * 3600, 7 * 24 * 3600
Entry = Mapping[str, Any]


def written(moment: float) -> str:
    """`2024-09-07T00:00:00Z`."""
    return f"{datetime.fromtimestamp(int(moment), UTC):%Y-%m-%dT%H:%M:%SZ}"


def read(text: str) -> int:
    """Seconds since 1970."""
    return int(datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp())


def period(session: Session, start: float, end: float, keys: str | None = None) -> Answer:
    """The answer for a period."""
    said = {"from": written(start), "to": written(end)} | ({} if keys is None else {"campaignKeys": keys})
    return stats(session, urlencode(said))


def entries(answer: Answer) -> list[Entry]:
    """The entries of a good answer."""
    found: list[Entry] = answer.says(200).at("body/results")
    return found


def belongs(session: Session, entry: Entry, start: int, end: int) -> bool:
    """Whether a campaign that is on air no more belongs to a period, as the target was seen to decide."""
    if session.readings["campaign-in-period"] == "scheduled-start":
        return entry["scheduledAt"] is not None and start <= read(entry["scheduledAt"]) <= end
    return read(entry["startedAt"]) <= end and (entry["endedAt"] is None or read(entry["endedAt"]) >= start)


def keys(found: list[Entry]) -> list[str]:
    """Their campaign keys."""
    return [entry["campaignKey"] for entry in found]


def last_week(session: Session) -> tuple[int, int]:
    """The seven days that end now."""
    now = int(session.wire.now())
    return now - WEEK, now


def whole(entry: Entry, start: int, end: int) -> bool:
    """Whether all of a campaign happened in a period."""
    return entry["endedAt"] is not None and start <= read(entry["startedAt"]) and read(entry["endedAt"]) <= end


def averages(answer: Answer) -> None:
    """Expect every average to follow from what it is one of: seconds and likes cut off, chats and clicks to one decimal."""
    for number, entry in enumerate(entries(answer)):
        at = f"body/results/{number}"
        viewers, likers = entry["totalViewers"], entry["likeViewers"]
        answer.holds(f"{at}/averageViewingTime", entry["totalViewingTime"] // viewers if viewers else 0)
        answer.holds(f"{at}/averageLikes", entry["likes"] // likers if likers else 0)
        _to_one_decimal(answer, f"{at}/averageChats", entry["chats"], entry["chatViewers"])
        _to_one_decimal(answer, f"{at}/averageProductClicks", entry["productClicks"], entry["productClickViewers"])


def _to_one_decimal(answer: Answer, pointer: str, total: int, people: int) -> None:
    """Of a tie either neighbour will do."""
    exact = total / people if people else 0.0
    answer.holds(pointer, [exact - 0.05 - 1e-9, exact + 0.05 + 1e-9], "is within", "rounded to one decimal")
    answer.holds(pointer, float(round(answer.at(pointer), 1)), why="one decimal")
    if not people:
        answer.holds(pointer, 0.0, why="of nobody")
