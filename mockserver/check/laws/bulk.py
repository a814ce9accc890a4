"""Laws of bulk requests: how many items they take, how their ids are written, and how it is told what is wrong."""

from typing import Any

from mockserver.check.expectation import ABSENT
from mockserver.check.law import once
from mockserver.check.laws.refusals import in_order, lists
from mockserver.check.laws.segment_creation import CREATE, SEARCH, events_settings, foreign_retailer
from mockserver.check.laws.segment_life import SegmentLife
from mockserver.check.laws.stating import READS, law
from mockserver.check.session import Session
from mockserver.evidence import assumed, guide, openapi
from mockserver.providers.criteo.sources import OPENAPI, SEGMENT_COM, SEGMENT_GUIDE


def _keeps_the_sound(session: Session) -> None:
    life = SegmentLife.of(session)
    sound = [session.contact_list() for _ in range(3)]
    life.create(sound[2], {**sound[0], "name": ""}, sound[0], {"name": session.name(), "retailerId": life.retailer}, sound[1])
    life.create({**sound[0], "name": ""}, {**sound[1], "name": " "})
    life.find()


def _every_flaw(session: Session) -> None:
    life = SegmentLife.of(session)
    events = events_settings(categoryIds=[], minPrice=2, maxPrice=1)
    life.create(
        session.events(name=" ", retailerId=foreign_retailer(session), description="d" * 501, events=events),
        session.contact_list(name=session.name().ljust(257, "n"), description="d" * 501),
        {"name": "", "retailerId": foreign_retailer(session)},
    )


def _ids_may_be_numbers(session: Session) -> None:
    life = SegmentLife.of(session)
    events = events_settings(categoryIds=[1042, "1042", 7], brandIds=[3, 4.0])
    ids = life.create(session.contact_list(retailerId=int(life.retailer)), session.events(events=events))
    if int(float(life.retailer)) == int(life.retailer):  # as JSON writes whole numbers where there is but one kind of them
        life.create(session.contact_list(retailerId=float(life.retailer)))
    life.find({"audienceSegmentIds": [int(id) for id in ids], "retailerIds": [int(life.retailer)]})
    life.change(int(ids[0]), description={"value": "by number"})
    life.delete(int(ids[0]))
    life.find()


def _told_in_order(session: Session) -> None:
    life = SegmentLife.of(session)
    absent, unsound = life.absent(), session.contact_list(name="", description="d" * 501)
    created = session.create(unsound, session.contact_list(), unsound)
    members = ("name", "description", "name", "description")
    places = [f"data/{item}/attributes/{member}" for item, member in zip((0, 0, 2, 2), members, strict=True)]
    in_order(created, [{member: place} for member, place in zip(members, places, strict=True)])
    in_order(session.delete(absent, "0", absent), [{"id": f"data/{item}/id"} for item in range(3)])


def _many_at_once(session: Session) -> None:
    life = SegmentLife.of(session)
    ids = life.create(*[session.contact_list() for _ in range(120)])
    life.find()
    life.update(*[{"id": id, "attributes": {"description": {"value": "one of many"}}} for id in reversed(ids)])
    life.delete(*ids)
    life.find()


def _nothing_at_all(session: Session) -> None:
    bodies: tuple[dict[str, Any], ...] = ({"data": []}, {})
    for operation in (CREATE, "bulkUpdateAudienceSegments", "bulkDeleteAudienceSegments"):
        for body in bodies:
            lists(session.ask(operation, body)).holds("body/data", [])


def _problems_name_the_call(session: Session) -> None:
    path = f"/{session.setting.version}/retail-media/accounts/{session.setting.account}/audience-segments/create"
    said = session.contact_list(name="")
    answer = lists(
        session.create(said, said),
        ("data/0/attributes/name", "name-must-not-be-empty"),
        ("data/1/attributes/name", "name-must-not-be-empty"),
    )
    for position, problem in enumerate(answer.problems):
        where = "errors" if answer.at("body/errors/0/code") == problem["code"] else "warnings"
        answer.holds(f"body/{where}/{position}/instance", path)


TITLES = {
    "name-must-be-unique": "Segment name must be unique",
    "name-must-not-be-empty": "Segment name property must not be empty",
    "segment-not-found": "Segment is not found",
}
"""What the guide calls the problems that it has codes for."""


def _in_documented_words(session: Session) -> None:
    life = SegmentLife.of(session)
    taken = session.contact_list()
    life.create(taken)
    answers = (session.create(taken), session.create({**taken, "name": ""}), session.delete(life.absent()))
    for answer, (code, title) in zip(answers, TITLES.items(), strict=True):
        where = "errors" if answer.at("body/errors/0/code") == code else "warnings"
        answer.holds(f"body/{where}/0/code", code).holds(f"body/{where}/0/title", title)
    where = "errors" if answers[0].at("body/errors/0/code") is not ABSENT else "warnings"
    answers[0].holds(f"body/{where}/0/detail", f"Another Segment exists with the name: {taken['name']}")


CHECKS = (
    law(
        "problems-in-documented-words",
        "The problems that the guide has words for are told in these.",
        guide(f"{SEGMENT_GUIDE}; the detail from {SEGMENT_COM}"),
        once(_in_documented_words),
        CREATE,
    ),
    law(
        "segment-partial-approval",
        "Of a bulk creation the sound items are kept in order, the others told one by one.",
        guide(SEGMENT_GUIDE),
        once(_keeps_the_sound),
        CREATE,
    ),
    law(
        "segment-every-flaw",
        "Everything that is wrong with an item is told, each where it stands.",
        openapi(f"one or multiple errors: {OPENAPI}"),
        once(_every_flaw),
        CREATE,
    ),
    law(
        "segment-ids-as-numbers",
        "An id in a request may be a number, and is text in every answer.",
        guide("the sample of Criteo's real-time statistics guide"),
        once(_ids_may_be_numbers),
        CREATE,
        SEARCH,
    ),
    law(
        "problems-in-order",
        "Problems are told in the order of the items, and of an item in the order of its members.",
        assumed("items are handled in order"),
        once(_told_in_order),
        CREATE,
        "bulkDeleteAudienceSegments",
    ),
    law(
        "segment-many-at-once",
        "A request of 120 items is done whole.",
        assumed("no largest number is documented"),
        once(_many_at_once),
        CREATE,
        "bulkUpdateAudienceSegments",
        "bulkDeleteAudienceSegments",
    ),
    law(
        "segment-nothing-at-all",
        "A bulk request without items answers 200 with nothing.",
        openapi(OPENAPI),
        once(_nothing_at_all),
        CREATE,
        needs=READS | {"writes"},
    ),
    law(
        "segment-problems-name-the-call",
        "The instance of a problem is the path of the call.",
        assumed("recorded bodies name paths"),
        once(_problems_name_the_call),
        CREATE,
    ),
)
