"""Laws of names that segments give up, take and keep, and of segments that are deleted."""

from mockserver.check.law import once
from mockserver.check.laws.refusals import not_found
from mockserver.check.laws.segment_changes import DELETE, UPDATE, two
from mockserver.check.laws.segment_life import SegmentLife
from mockserver.check.laws.stating import law
from mockserver.check.session import Session
from mockserver.evidence import assumed, guide, openapi
from mockserver.providers.criteo.sources import OLD_OPENAPI, SEGMENT_GUIDE


def _names_stay_unique(session: Session) -> None:
    life, one, other = two(session)
    first, second = life.model.held[one]["name"], life.model.held[other]["name"]
    life.change(one, name=second)
    life.change(one, name=first)
    life.find()
    life.change(one, name=session.name())
    life.change(other, name=first)
    life.create(session.contact_list(name=second), session.contact_list(name=first))
    life.find()


def _names_by_case(session: Session) -> None:
    life = SegmentLife.of(session)
    name = session.name("case")
    one, other = life.create(session.contact_list(name=name), session.contact_list())
    life.change(one, name=f"{name[:-4]}Case")
    life.change(other, name=f"{name[:-4]}CASE")
    life.find()


def _names_pass_on(session: Session) -> None:
    life, one, other = two(session)
    first, new = life.model.held[one]["name"], session.name()
    life.update({"id": one, "attributes": {"name": new}}, {"id": other, "attributes": {"name": first}})
    life.update({"id": one, "attributes": {"name": first}}, {"id": other, "attributes": {"name": session.name()}})
    wanted = session.name()
    life.update({"id": other, "attributes": {"name": wanted}}, {"id": one, "attributes": {"name": wanted}})
    life.find()


def _deleted_names(session: Session) -> None:
    life, one, other = two(session)
    name = life.model.held[one]["name"]
    life.delete(one)
    again = life.create(session.contact_list(name=name))
    life.delete(*again)
    life.change(other, name=name)
    life.find()


def _unknown_ids(session: Session) -> None:
    life, one, _ = two(session)
    absent = life.absent()
    life.update({"id": absent, "attributes": {"name": ""}}, {"id": "no-id"}, {"id": one}, {"id": "0"})
    life.delete(absent, one, "no-id", absent, "0")
    life.find()


def _deletion(session: Session) -> None:
    life = SegmentLife.of(session)
    first, second, third, last = life.create(*[session.contact_list() for _ in range(4)])
    life.delete(third, first, third)
    life.find()
    life.delete(first)
    life.change(third, name=session.name())
    for id in (first, third):
        not_found(session, session.statistics(id))
        not_found(session, session.amend(id, "add", ["a@example.com"]))
    life.delete(last, second)
    life.find()


def _new_ids(session: Session) -> None:
    life = SegmentLife.of(session)
    for _ in range(3):
        life.delete(*life.create(session.contact_list(), session.contact_list()))
    life.find()


CHECKS = (
    law(
        "segment-rename-unique",
        "A segment cannot take another's name, may keep its own, and frees the one it gives up.",
        openapi(OLD_OPENAPI),
        once(_names_stay_unique),
        UPDATE,
    ),
    law(
        "segment-rename-compared",
        "A new name that differs in case is another or the same, by the reading in force.",
        assumed("reading segment-name-comparison"),
        once(_names_by_case),
        UPDATE,
    ),
    law(
        "segment-names-pass-on",
        "Within a request a name can be given up by one and taken by the next.",
        assumed("items are handled in order"),
        once(_names_pass_on),
        UPDATE,
    ),
    law("segment-deleted-names", "The name of what was deleted is free.", openapi(OLD_OPENAPI), once(_deleted_names), DELETE),
    law(
        "segment-unknown-ids",
        "To change or delete what is not there is a problem of that item alone.",
        guide(SEGMENT_GUIDE),
        once(_unknown_ids),
        UPDATE,
        DELETE,
    ),
    law(
        "segment-deletion",
        "What is deleted is gone for every operation, once, and nothing else is.",
        guide(SEGMENT_GUIDE),
        once(_deletion),
        DELETE,
        "searchAudienceSegments",
        "getAudienceSegmentContactListStatistics",
    ),
    law(
        "segment-new-ids",
        "The id of what was deleted is not given again.",
        assumed("an id is one thing's for ever"),
        once(_new_ids),
        "bulkCreateAudienceSegments",
        DELETE,
    ),
)
