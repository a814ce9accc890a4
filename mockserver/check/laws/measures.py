"""Sizes as a session asks for them: of what there is, and of what there might be."""

from collections.abc import Iterable, Mapping
from typing import Any

from mockserver.check.laws.audience_life import Algebra
from mockserver.check.laws.refusals import Problem, lists
from mockserver.check.session import Answer, Session

SEGMENTS, AUDIENCES = "computeAudienceSegmentsSizes", "computeAudiencesSizes"
EVENTS, ALGEBRA = "estimateAudienceSegmentSize", "estimateAudienceSize"
CHANNELS = ("Onsite", "Offsite")
SHARE = "body/data/attributes/relativeSize"


def asked(session: Session, operation: str, said: Mapping[str, Any], channel: str = "Onsite", **how: Any) -> Answer:
    """Ask for sizes in a channel."""
    return session.ask(operation, {"data": {"attributes": {"channel": channel, **said}}}, **how)


def of_algebra(session: Session, algebra: Algebra, channel: str = "Onsite", **how: Any) -> Answer:
    """The size that an audience would have."""
    said = {"retailerId": session.setting.retailers[0], "algebra": algebra}
    return lists(asked(session, ALGEBRA, said, channel, **how))


def of_events(session: Session, events: Mapping[str, Any], channel: str = "Onsite", **how: Any) -> Answer:
    """The size that a segment by events would have."""
    said = {"retailerId": session.setting.retailers[0], "events": events}
    return lists(asked(session, EVENTS, said, channel, **how))


def of_ids(
    session: Session, operation: str, ids: Iterable[Any], *problems: Problem, channel: str = "Onsite", **how: Any
) -> Answer:
    """The sizes of what there is, and the problems with the rest."""
    return lists(asked(session, operation, {"ids": list(ids)}, channel, **how), *problems)


def share(answer: Answer) -> float:
    """The share of the retailer's shoppers that an estimate tells, 0 to 1."""
    return float(answer.holds(SHARE, 0, "is at least").holds(SHARE, 1, "is at most").at(SHARE))


def more_than(session: Session) -> str:
    """The relation of more shoppers to fewer: in a made-up world there are some for every filter, elsewhere perhaps none."""
    return "is more than" if "fresh" in session.wire.abilities else "is at least"


def measured(session: Session) -> list[Algebra]:
    """Three algebras, each of a segment that somebody is in: by events where such can be made, by contact list else."""
    if session.readings["events-segments"] == "refused":
        ids = session.made(*[session.contact_list() for _ in range(3)])
        for number, id in enumerate(ids):
            session.amend(id, "add", [f"{each}@example.com" for each in range(number * 20, number * 20 + 60)]).says(200)
    else:
        looks = {"shopperActivity": "View", "lookbackDays": "Last90Days", "brandIds": ["3"]}
        buys = {"shopperActivity": "Buy", "lookbackDays": "Last180Days", "categoryIds": ["1", "2"]}
        ids = session.made(session.events(events=looks), session.events(events=buys), session.contact_list())
        session.amend(ids[2], "add", [f"{each}@example.com" for each in range(200)]).says(200)
    return [{"audienceSegmentId": id} for id in ids]
