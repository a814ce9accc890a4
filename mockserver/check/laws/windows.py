"""Windows on what a search finds: each has its share of the whole, by ascending id, and says where it stands."""

from collections.abc import Mapping
from typing import Any

from mockserver.check.laws.refusals import lists
from mockserver.check.session import Answer, Session

LARGEST = 500
_MOST_PAGES = 6


def window(
    session: Session, operation: str, offset: int, limit: int, filters: Mapping[str, Any] | None = None, **how: Any
) -> Answer:
    """Ask for a window; expect it to say what was asked for, to be as full as it can be, in order, and ours."""
    query = {"offset": offset, "limit": limit}
    body = {"data": {"attributes": dict(filters or {})}}
    answer = lists(session.ask(operation, body, query=query, **how))
    answer.holds("body/meta/limit", limit).holds("body/meta/offset", offset)
    total = answer.holds("body/meta/totalItems", 0, "is at least").at("body/meta/totalItems")
    answer.holds("body/data", max(0, min(limit, total - offset)), "has length")
    answer.holds("body/data/*/attributes/accountId", [session.setting.account] * len(answer.items))
    return answer.holds("body/data/*/id", sorted(set(answer.ids), key=int))


def whole(session: Session, operation: str, filters: Mapping[str, Any] | None = None) -> list[dict[str, Any]] | None:
    """Everything that a search finds, in its order; nothing if it is more than is worth reading."""
    first = window(session, operation, 0, LARGEST, filters)
    total = first.at("body/meta/totalItems")
    if total > LARGEST * _MOST_PAGES:
        return None
    every = first.items
    for offset in range(LARGEST, total, LARGEST):
        every += window(session, operation, offset, LARGEST, filters).holds("body/meta/totalItems", total).items
    return every
