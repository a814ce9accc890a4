"""How one reading is seen: what is asked, and which alternative the answers show."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mockserver.check.session import Answer, Session

CRITEO = frozenset({"main", "account"})
"""What every call about an account needs."""


class Unseen(Exception):  # noqa: N818 - it is an outcome
    """The target could not be brought to show which alternative it follows; the message says why."""


class Contradicted(Exception):  # noqa: N818 - it is an outcome
    """The target does what no alternative has; the message says what."""


@dataclass(frozen=True, slots=True)
class Observer:
    """`look` gives an alternative, or raises `Unseen` or `Contradicted`; the last `shows` exchanges are what it was seen in.

    `needs` are those of a check. `unproven` is what seeing an alternative does not prove where the clock cannot be moved.
    """

    look: Callable[[Session], str]
    needs: frozenset[str] = CRITEO
    shows: int = 1
    unproven: Mapping[str, str] = field(default_factory=dict)


WRITES = CRITEO | {"writes", "retailers"}


def succeeded(answer: Answer, what: str) -> Answer:
    """An answer that had to be a 200 for anything to be seen. Raises `Unseen`."""
    if answer.status != 200:
        raise Unseen(f"{what} answered {answer.status}")
    return answer


def chosen(found: Any, alternatives: dict[Any, str], what: str) -> str:
    """The alternative that something found stands for. Raises `Contradicted` if for none."""
    try:
        return alternatives[found]
    except (KeyError, TypeError):
        raise Contradicted(f"{what} is {found!r}") from None


def ids(answer: Answer) -> list[str]:
    """The ids of `data` that are some."""
    return [str(item["id"]) for item in answer.items if type(item.get("id")) in (str, int)]


def created(session: Session, *attributes: dict[str, Any], **how: Any) -> list[str]:
    """The ids of new segments. Raises `Unseen` if they could not be had."""
    made = ids(succeeded(session.create(*attributes, **how), "creating a segment"))
    if len(made) != len(attributes):
        raise Unseen("a segment could not be created")
    return made


def some_list(session: Session) -> str:
    """A contact list: one that is there, else a new one. Raises `Unseen` if there is none and none may be made."""
    found = ids(succeeded(session.search(filters={"audienceSegmentTypes": ["ContactList"]}, query={"limit": 1}), "a search"))
    if found:
        return found[0]
    if not session.setting.retailers or "writes" not in session.wire.abilities:
        raise Unseen("the account has no contact list")
    return created(session, session.contact_list())[0]


def emails(session: Session, many: int) -> list[str]:
    """Addresses that belong to nobody."""
    return [f"nobody-{session.names}-{number}@example.invalid" for number in range(many)]
