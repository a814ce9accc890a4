"""Laws of estimates: of what could not be made there is none, and to ask changes nothing."""

from mockserver.check.law import drawn, once
from mockserver.check.laws.algebra import TREES, planted
from mockserver.check.laws.audience_life import AudienceLife
from mockserver.check.laws.audience_model import algebra_flaws
from mockserver.check.laws.measures import ALGEBRA, CHANNELS, EVENTS, asked, of_algebra, of_events, share
from mockserver.check.laws.refusals import Problem, refused
from mockserver.check.laws.segment_creation import ACTIVITIES, WINDOWS, events_settings, foreign_retailer
from mockserver.check.laws.segment_model import events_flaws, settled_events
from mockserver.check.laws.stating import READS, law
from mockserver.check.session import Session
from mockserver.evidence import assumed, inferred

_ESTIMATES = READS | {"retailers"}


def _impossible_events(session: Session) -> None:
    place = "data/attributes/events"
    refusing: list[Problem] = [(place, "invalid")] if session.readings["events-segments"] == "refused" else []
    for said in (
        events_settings(),
        events_settings(categoryIds=[]),
        events_settings(categoryIds=None),
        events_settings(minPrice=2, maxPrice=1),
        events_settings(categoryIds=[], minPrice=2, maxPrice=1.5),
        events_settings(minPrice=2, maxPrice=2),
    ):
        answer = asked(session, EVENTS, {"retailerId": session.setting.retailers[0], "events": said})
        problems = [*refusing, *events_flaws(settled_events(said), place)]
        if problems:
            refused(answer, 400, *problems)
        else:
            share(answer.says(200).refuses())


def _foreign_retailers(session: Session) -> None:
    life = AudienceLife.of(session)
    (leaf,) = life.leaves(1)
    for operation, said in ((EVENTS, {"events": events_settings()}), (ALGEBRA, {"algebra": leaf})):
        answer = asked(session, operation, {"retailerId": foreign_retailer(session), **said})
        refused(answer, 400, ("data/attributes/retailerId", "retailer-not-found"))
    (last,) = life.leaves(1, session.setting.retailers[-1])
    answer = asked(session, ALGEBRA, {"retailerId": life.segments.retailer, "algebra": {"or": [leaf, last]}})
    if session.setting.retailers[-1] != life.segments.retailer:
        refused(answer, 400, ("data/attributes/algebra/or/1/audienceSegmentId", "segment-not-found"))


def _impossible_algebra(session: Session, tree: object) -> None:
    life = AudienceLife.of(session)
    leaves, gone = life.leaves(3), life.segments.absent()
    algebra = planted(tree, leaves, gone)
    answer = asked(session, ALGEBRA, {"retailerId": int(life.segments.retailer), "algebra": algebra})
    problems = [*algebra_flaws(algebra, set(life.segments.model.held), "data/attributes/algebra")]
    if problems:
        refused(answer, 400, *problems)
    else:
        share(answer.says(200).refuses())


def _the_same_again(session: Session) -> None:
    if session.readings["events-segments"] == "refused":
        return
    for activity in ACTIVITIES:
        for window in WINDOWS[::4]:
            said = events_settings(shopperActivity=activity, lookbackDays=window)
            for channel in CHANNELS:
                first = of_events(session, said, channel, version="preview").at("body/data/attributes")
                of_events(session, said, channel, version="experimental").holds("body/data/attributes", first)


def _nothing_is_made(session: Session) -> None:
    life = AudienceLife.of(session)
    (leaf,) = life.leaves(1)
    of_algebra(session, {"not": leaf})
    asked(session, EVENTS, {"retailerId": life.segments.retailer, "events": events_settings()})
    life.find({"audienceSegmentIds": [leaf["audienceSegmentId"]]})
    life.segments.find()


CHECKS = (
    law(
        "estimate-events",
        "Of events that no segment could have there is no estimate.",
        assumed("there is no item to list it for"),
        once(_impossible_events),
        EVENTS,
        needs=_ESTIMATES,
    ),
    law(
        "estimate-retailers",
        "Of a retailer that is none of the account's there is no estimate.",
        assumed("named like segment-not-found"),
        once(_foreign_retailers),
        EVENTS,
        ALGEBRA,
    ),
    law(
        "estimate-algebra",
        "Of an algebra that no audience could have there is no estimate, and of every other there is.",
        assumed("there is no item to list it for"),
        drawn(_impossible_algebra, TREES, 30),
        ALGEBRA,
    ),
    law(
        "estimate-again",
        "The same question has the same answer, in each version.",
        inferred("nothing changed between"),
        once(_the_same_again),
        EVENTS,
        needs=_ESTIMATES,
    ),
    law(
        "estimate-makes-nothing",
        "An estimate makes neither a segment nor an audience.",
        inferred("it only estimates"),
        once(_nothing_is_made),
        ALGEBRA,
        EVENTS,
    ),
)
