"""Laws of accounts: what is one's is nobody else's to find, change, delete, count or use."""

from collections.abc import Sequence
from typing import Any

from mockserver.check.law import once
from mockserver.check.laws.refusals import lists, not_found, refused
from mockserver.check.laws.segment_life import SegmentLife
from mockserver.check.laws.stating import MEETS, law
from mockserver.check.session import Answer, Session
from mockserver.evidence import assumed, guide, openapi
from mockserver.providers.criteo.sources import OLD_OPENAPI, SEGMENT_GUIDE

SEGMENTS = ("bulkUpdateAudienceSegments", "bulkDeleteAudienceSegments", "searchAudienceSegments")
LISTS = (
    "AddRemoveContactListByAudienceSegment",
    "ClearContactListByAudienceSegment",
    "getAudienceSegmentContactListStatistics",
)
AUDIENCES = ("bulkCreateAudience", "bulkUpdateAudience", "bulkDeleteAudiences", "searchAudiences")


def as_stranger(session: Session) -> dict[str, Any]:
    """How the stranger asks, in an account of theirs."""
    return {"who": session.setting.stranger, "path": {"account-id": session.setting.stranger_account or ""}}


def foreign(session: Session, *names: str) -> list[str]:
    """The ids of contact lists that the stranger has, of these names."""
    said = [session.contact_list(name=name, retailerId=session.setting.stranger_retailer) for name in names]
    return lists(session.create(*said, **as_stranger(session))).holds("body/data", len(said), "has length").ids


def _leave(session: Session, ids: Sequence[str]) -> None:
    lists(session.delete(*ids, **as_stranger(session))).holds("body/data/*/id", list(ids))


def _not_touched(session: Session) -> None:
    (id,) = foreign(session, session.name())
    life = SegmentLife.of(session)
    life.create(session.contact_list())
    life.find({"audienceSegmentIds": [*life.model.held, id]})
    life.update({"id": id, "attributes": {"name": session.name()}})
    life.delete(id)
    _leave(session, [id])


def _lists_not_touched(session: Session) -> None:
    (id,) = foreign(session, session.name())
    _amend_as_stranger(session, id).says(200)
    for operation in ("add", "remove"):
        not_found(session, session.amend(id, operation, ["a@example.com"]))
    not_found(session, session.clear(id))
    not_found(session, session.statistics(id))
    if session.readings["statistics-computed"] == "at-once":
        counted = _statistics_as_stranger(session, id).says(200)
        counted.holds("body/data/attributes/numberOfIdentifiers", 1)
    _leave(session, [id])


def _ours_not_touched(session: Session) -> None:
    life = SegmentLife.of(session)
    ids = life.create(session.contact_list(), session.contact_list())
    said = [{"id": id, "attributes": {"name": session.name()}} for id in ids]
    gone = [(f"data/{position}/id", "segment-not-found") for position, _ in enumerate(ids)]
    lists(session.update(*said, **as_stranger(session)), *gone)
    lists(session.delete(*ids, **as_stranger(session)), *gone)
    found = lists(session.search(filters={"audienceSegmentIds": ids}, **as_stranger(session)))
    found.holds("body/data", []).holds("body/meta/totalItems", 0)
    not_found(session, _amend_as_stranger(session, ids[0]))
    not_found(session, session.clear(ids[0], who=session.setting.stranger))
    not_found(session, _statistics_as_stranger(session, ids[0]))
    life.find()


def _amend_as_stranger(session: Session, id: str) -> Answer:
    attributes = {"operation": "add", "identifiers": ["a@example.com"]}
    body = {"data": {"attributes": attributes}}
    return session.ask(LISTS[0], body, path={"audience-segment-id": id}, who=session.setting.stranger)


def _statistics_as_stranger(session: Session, id: str) -> Answer:
    path = {**as_stranger(session)["path"], "audience-segment-id": id}
    return session.ask(LISTS[2], path=path, who=session.setting.stranger)


def _names_apart(session: Session) -> None:
    name = session.name()
    ids = foreign(session, name)
    life = SegmentLife.of(session)
    life.create(session.contact_list(name=name))
    life.create(session.contact_list(name=name))
    _leave(session, ids)


def _not_counted(session: Session) -> None:
    of_stranger = {"retailerIds": [session.setting.stranger_retailer]}
    before = _total(session, None)
    ids = foreign(session, session.name(), session.name())
    for filters in (None, of_stranger):
        answer = lists(session.search(filters=filters, query={"limit": 0}))
        answer.holds("body/meta/totalItems", before if filters is None else 0)
    _leave(session, ids)


def _total(session: Session, filters: dict[str, Any] | None) -> Any:
    return lists(session.search(filters=filters, query={"limit": 0})).at("body/meta/totalItems")


def _accounts_closed(session: Session) -> None:
    path = as_stranger(session)["path"]
    for operation in ("bulkCreateAudienceSegments", *SEGMENTS, "searchAudiences"):
        refused(session.ask(operation, {}, path=path), 403, ("account-id", "permission-denied"))
        answer = session.ask(operation, {}, who=session.setting.stranger)
        refused(answer, 403, ("account-id", "permission-denied"))


def _not_used(session: Session) -> None:
    (id,) = foreign(session, session.name())
    (own,) = session.made(session.contact_list())
    leaf = {"audienceSegmentId": id}
    said = {"retailerId": session.setting.retailers[0], "algebra": {"or": [{"audienceSegmentId": own}, {"not": leaf}]}}
    body = {"data": [{"attributes": {"name": session.name(), **said}}]}
    unknown = "algebra/or/1/not/audienceSegmentId"
    lists(session.ask(AUDIENCES[0], body), (f"data/0/attributes/{unknown}", "segment-not-found"))
    estimate = {"data": {"attributes": {"channel": "Onsite", **said}}}
    refused(session.ask("estimateAudienceSize", estimate), 400, (f"data/attributes/{unknown}", "segment-not-found"))
    sizes = {"data": {"attributes": {"channel": "Onsite", "ids": [id, own]}}}
    answer = lists(session.ask("computeAudienceSegmentsSizes", sizes), ("data/attributes/ids/0", "segment-not-found"))
    answer.holds("body/data/*/id", [own])
    _leave(session, [id])


def _audiences_not_touched(session: Session) -> None:
    (segment,) = foreign(session, session.name())
    said = {"retailerId": session.setting.stranger_retailer, "algebra": {"audienceSegmentId": segment}}
    body = {"data": [{"attributes": {"name": session.name(), **said}}]}
    (id,) = lists(session.ask(AUDIENCES[0], body, **as_stranger(session))).holds("body/data", 1, "has length").ids
    gone = ("data/0/id", "audience-not-found")
    lists(session.ask(AUDIENCES[1], {"data": [{"id": id, "attributes": {"name": session.name()}}]}), gone)
    lists(session.ask(AUDIENCES[2], {"data": [{"id": id}]}), gone)
    for filters in ({"audienceIds": [id]}, {"audienceSegmentIds": [segment]}):
        lists(session.ask(AUDIENCES[3], {"data": {"attributes": filters}})).holds("body/data", [])
    sizes = {"data": {"attributes": {"channel": "Onsite", "ids": [id]}}}
    lists(session.ask("computeAudiencesSizes", sizes), ("data/attributes/ids/0", "audience-not-found")).holds("body/data", [])
    lists(session.ask(AUDIENCES[2], {"data": [{"id": id}]}, **as_stranger(session))).holds("body/data/*/id", [id])
    _leave(session, [segment])


CHECKS = (
    law(
        "isolation-of-segments",
        "Another account's segment is not found, changed or deleted.",
        guide(SEGMENT_GUIDE, unproven="the code"),
        once(_not_touched),
        *SEGMENTS,
        needs=MEETS,
    ),
    law(
        "isolation-of-lists",
        "Another account's contact list is as unknown as one that is not there.",
        openapi(OLD_OPENAPI, unproven="of another's"),
        once(_lists_not_touched),
        *LISTS,
        needs=MEETS,
    ),
    law(
        "isolation-of-ours",
        "Our segments and lists are as closed to a stranger as theirs are to us.",
        openapi(OLD_OPENAPI, unproven="of another's"),
        once(_ours_not_touched),
        *SEGMENTS,
        *LISTS,
        needs=MEETS,
    ),
    law(
        "isolation-of-names",
        "Two accounts may have segments of one name.",
        openapi(OLD_OPENAPI),
        once(_names_apart),
        "bulkCreateAudienceSegments",
        needs=MEETS,
    ),
    law(
        "isolation-of-totals",
        "Another account's segments are not counted among ours.",
        guide(SEGMENT_GUIDE),
        once(_not_counted),
        "searchAudienceSegments",
        needs=MEETS | {"fresh"},
    ),
    law(
        "isolation-of-accounts",
        "An account that did not consent is closed, whatever is asked of it.",
        openapi(OLD_OPENAPI),
        once(_accounts_closed),
        *SEGMENTS,
        needs=MEETS,
    ),
    law(
        "isolation-of-algebra",
        "Another account's segment can be neither sized nor part of an audience.",
        assumed("a size is a share of one retailer's users"),
        once(_not_used),
        AUDIENCES[0],
        "estimateAudienceSize",
        "computeAudienceSegmentsSizes",
        needs=MEETS,
    ),
    law(
        "isolation-of-audiences",
        "Another account's audience is not found, changed, deleted or sized.",
        guide(SEGMENT_GUIDE, unproven="the code"),
        once(_audiences_not_touched),
        *AUDIENCES,
        "computeAudiencesSizes",
        needs=MEETS,
    ),
)
