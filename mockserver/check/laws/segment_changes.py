"""Laws of changing and deleting segments."""

from mockserver.check.law import once
from mockserver.check.laws.entities import now_written
from mockserver.check.laws.refusals import not_found
from mockserver.check.laws.segment_creation import events_settings
from mockserver.check.laws.segment_life import SegmentLife
from mockserver.check.laws.segment_model import LONGEST_DESCRIPTION, LONGEST_NAME
from mockserver.check.laws.stating import TIMES, law
from mockserver.check.session import Session
from mockserver.evidence import assumed, guide, openapi
from mockserver.providers.criteo.sources import OLD_OPENAPI, OPENAPI, PREVIEW_GUIDE, SEGMENT_GUIDE

UPDATE, DELETE = "bulkUpdateAudienceSegments", "bulkDeleteAudienceSegments"


def _two(session: Session) -> tuple[SegmentLife, str, str]:
    life = SegmentLife.of(session)
    one, other = life.create(
        session.contact_list(description="one"), session.contact_list(kind="CustomerId", description="other")
    )
    return life, one, other


def _by_events(session: Session) -> tuple[SegmentLife, list[str]]:
    """Two segments by events; none where they cannot be made."""
    life = SegmentLife.of(session)
    full = events_settings(brandIds=["7", "8"], minPrice=5, maxPrice=20)
    return life, life.create(session.events(events=full, description="full"), session.events())


def _named_changes(session: Session) -> None:
    life, one, other = _two(session)
    life.change(one, name=session.name())
    life.change(one, description={"value": "new"})
    life.change(one)
    life.update({"id": one, "attributes": None}, {"id": other})
    life.change(one, name=session.name(), description=None, contactList={}, events=None)
    life.find()


def _changes_in_order(session: Session) -> None:
    life, one, other = _two(session)
    absent = life.absent()
    life.update(
        {"id": other, "attributes": {"description": {"value": "first"}}},
        {"id": absent, "attributes": {"name": session.name()}},
        {"id": one, "attributes": {"name": ""}},
        {"id": one, "attributes": {"description": {"value": "second"}}},
        {"id": other, "attributes": {"description": {"value": "third"}}},
    )
    life.find()


def _nillable_description(session: Session) -> None:
    life, one, other = _two(session)
    for said in ({"value": None}, {"value": "back"}, {}, {"value": ""}, {"value": "x"}, None):
        life.change(one, description=said)
        life.find()


def _nillable_prices(session: Session) -> None:
    life, ids = _by_events(session)
    for id in ids:
        for member in ("minPrice", "maxPrice"):
            for said in ({"value": 7.5}, None, {}, {"value": 8}, {"value": None}):
                life.change(id, events={member: said})
        life.find()


def _lists_replace(session: Session) -> None:
    life, ids = _by_events(session)
    for id in ids:
        life.change(id, events={"categoryIds": ["5", "4"]})
        life.change(id, events={"brandIds": [11], "categoryIds": None})
        life.change(id, events={"categoryIds": []})
        life.change(id, events={"shopperActivity": "View"})
        life.change(id, events={"lookbackDays": "Last180Days"})
        life.change(id, events={})
        life.find()


def _events_keep_their_rules(session: Session) -> None:
    life, ids = _by_events(session)
    for id in ids:
        life.change(id, events={"categoryIds": [], "brandIds": []})
        life.change(id, events={"minPrice": {"value": 10}, "maxPrice": {"value": 9}})
        life.change(id, events={"minPrice": {"value": 10}, "maxPrice": {"value": 10}})
        life.change(id, events={"minPrice": {"value": 10.5}})
        life.change(id, events={"maxPrice": {"value": 9.5}})
        life.find()


def _lengths(session: Session) -> None:
    life, one, _ = _two(session)
    for length in (LONGEST_NAME, LONGEST_NAME + 1):
        life.change(one, name=session.name().ljust(length, "n"))
    for length in (LONGEST_DESCRIPTION, LONGEST_DESCRIPTION + 1):
        life.change(one, description={"value": "d" * length})
    for empty in ("", "  "):
        life.change(one, name=empty)
    life.change(one, name="", description={"value": "d" * 501})
    life.find()


def _names_stay_unique(session: Session) -> None:
    life, one, other = _two(session)
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
    life, one, other = _two(session)
    first, new = life.model.held[one]["name"], session.name()
    life.update({"id": one, "attributes": {"name": new}}, {"id": other, "attributes": {"name": first}})
    life.update({"id": one, "attributes": {"name": first}}, {"id": other, "attributes": {"name": session.name()}})
    wanted = session.name()
    life.update({"id": other, "attributes": {"name": wanted}}, {"id": one, "attributes": {"name": wanted}})
    life.find()


def _deleted_names(session: Session) -> None:
    life, one, other = _two(session)
    name = life.model.held[one]["name"]
    life.delete(one)
    again = life.create(session.contact_list(name=name))
    life.delete(*again)
    life.change(other, name=name)
    life.find()


def _refused_changes(session: Session) -> None:
    life, one, other = _two(session)
    taken = life.model.held[other]["name"]
    life.times.wait(60)
    life.change(one, name=taken, description={"value": "not to be kept"})
    life.change(one, name=session.name(), description={"value": "d" * 501})
    life.change(one, name=session.name(), events=events_settings())
    life.find()


def _kind_stays(session: Session) -> None:
    life, one, _ = _two(session)
    life.change(one, events=events_settings())
    life.change(one, events={"shopperActivity": "View"})
    life.change(one, events={}, contactList={})
    life.change(one, contactList={"identifierType": "CustomerId"})
    for id in life.create(session.events()):
        life.change(id, contactList={"identifierType": "Email"})
        life.change(id, contactList={}, events={"shopperActivity": "View"})
        life.change(id, contactList={"identifierType": "Email"}, name=session.name())
    life.find()


def _retailer_stays(session: Session) -> None:
    life, one, _ = _two(session)
    life.change(one, retailerId=session.setting.retailers[-1], accountId="1", createdAt="2020-01-01T00:00:00.000Z")
    life.find()


def _unknown_ids(session: Session) -> None:
    life, one, other = _two(session)
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


def _times(session: Session) -> None:
    life, one, other = _two(session)
    for attributes in ({"name": session.name()}, {"description": {"value": None}}, {}):
        life.times.wait(61.5)
        before = now_written(session)
        answer = life.change(one, **attributes)
        if before == now_written(session):
            answer.holds("body/data/0/attributes/updatedAt", before)
        life.find()
    for id in life.create(session.events()):
        life.times.wait(61.5)
        life.change(id, events={"lookbackDays": "Last7Days"})
    life.find()


def _times_of_lists(session: Session) -> None:
    life, one, _ = _two(session)
    life.times.wait(60)
    session.amend(one, "add", ["a@example.com"]).says(200)
    life.times.wait(60)
    session.clear(one)
    life.find()


CHECKS = (
    law(
        "segment-change-named",
        "A change leaves what it does not name as it is, and can name nothing.",
        openapi(OPENAPI),
        once(_named_changes),
        UPDATE,
    ),
    law(
        "segment-changes-in-order",
        "Of a bulk change the sound items are done and shown in order, the others told.",
        guide(SEGMENT_GUIDE),
        once(_changes_in_order),
        UPDATE,
    ),
    law(
        "segment-description-nillable",
        "An object sets a description, one without value empties it, none leaves it.",
        openapi(OPENAPI),
        once(_nillable_description),
        UPDATE,
    ),
    law(
        "segment-prices-nillable",
        "An object sets a price, one without value empties it, none leaves it.",
        openapi(OPENAPI),
        once(_nillable_prices),
        UPDATE,
    ),
    law(
        "segment-lists-replace",
        "The categories and brands of a change replace those that were.",
        openapi(OPENAPI),
        once(_lists_replace),
        UPDATE,
    ),
    law(
        "segment-events-rules-stay",
        "What events must be when made they must be when changed, with what stays.",
        assumed("a change makes what could not be made otherwise"),
        once(_events_keep_their_rules),
        UPDATE,
    ),
    law(
        "segment-change-lengths",
        "Names and descriptions are as long after a change as they may be when made.",
        guide(PREVIEW_GUIDE, unproven="the code"),
        once(_lengths),
        UPDATE,
    ),
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
        "segment-refused-change",
        "A refused change changes nothing at all.",
        guide(SEGMENT_GUIDE, unproven="its other half"),
        once(_refused_changes),
        UPDATE,
    ),
    law(
        "segment-kind-stays",
        "A segment stays a contact list or by events; to say nothing of the other is no change.",
        openapi("an update has no member for it", unproven="that it is refused and not ignored"),
        once(_kind_stays),
        UPDATE,
    ),
    law(
        "segment-retailer-stays",
        "A change cannot move a segment to another retailer, account or time.",
        openapi(OPENAPI, unproven="that it is ignored"),
        once(_retailer_stays),
        UPDATE,
    ),
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
    law(
        "segment-times",
        "A change moves updatedAt to its own moment, and createdAt not at all.",
        assumed("samples show both equal"),
        once(_times),
        UPDATE,
        needs=TIMES,
    ),
    law(
        "segment-times-of-lists",
        "What is done to a contact list does not change the times of its segment.",
        assumed("nobody published it"),
        once(_times_of_lists),
        "AddRemoveContactListByAudienceSegment",
        needs=TIMES,
    ),
)
