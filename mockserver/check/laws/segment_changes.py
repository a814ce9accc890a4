"""Laws of changing and deleting segments."""

from mockserver.check.law import once
from mockserver.check.laws.entities import now_written
from mockserver.check.laws.segment_creation import events_settings
from mockserver.check.laws.segment_life import SegmentLife
from mockserver.check.laws.segment_model import LONGEST_DESCRIPTION, LONGEST_NAME
from mockserver.check.laws.stating import TIMES, WRITES, law
from mockserver.check.laws.windows import whole
from mockserver.check.session import Session
from mockserver.evidence import assumed, guide, openapi
from mockserver.providers.criteo.sources import OPENAPI, PREVIEW_GUIDE, SEGMENT_GUIDE

UPDATE, DELETE = "bulkUpdateAudienceSegments", "bulkDeleteAudienceSegments"


def two(session: Session) -> tuple[SegmentLife, str, str]:
    """A life of two contact lists, and their ids."""
    life = SegmentLife.of(session)
    one, other = life.create(
        session.contact_list(description="one"), session.contact_list(kind="CustomerId", description="other")
    )
    life.times.wait(1)
    return life, one, other


def _by_events(session: Session) -> tuple[SegmentLife, list[str]]:
    """Two segments by events; none where they cannot be made."""
    life = SegmentLife.of(session)
    full = events_settings(brandIds=["7", "8"], minPrice=5, maxPrice=20)
    ids = life.create(session.events(events=full, description="full"), session.events())
    life.times.wait(1)
    return life, ids


def _named_changes(session: Session) -> None:
    life, one, other = two(session)
    life.change(one, name=session.name())
    life.change(one, description={"value": "new"})
    life.change(one)
    life.update({"id": one, "attributes": None}, {"id": other})
    life.change(one, name=session.name(), description=None, contactList={}, events=None)
    life.find()


def _changes_in_order(session: Session) -> None:
    life, one, other = two(session)
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
    life, one, _ = two(session)
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
    life, one, _ = two(session)
    for length in (LONGEST_NAME, LONGEST_NAME + 1):
        life.change(one, name=session.name().ljust(length, "n"))
    for length in (LONGEST_DESCRIPTION, LONGEST_DESCRIPTION + 1):
        life.change(one, description={"value": "d" * length})
    for empty in ("", "  "):
        life.change(one, name=empty)
    life.change(one, name="", description={"value": "d" * 501})
    life.find()


def _refused_changes(session: Session) -> None:
    life, one, other = two(session)
    taken = life.model.held[other]["name"]
    life.times.wait(60)
    life.change(one, name=taken, description={"value": "not to be kept"})
    life.change(one, name=session.name(), description={"value": "d" * 501})
    life.change(one, name=session.name(), events=events_settings())
    life.find()


def _kind_stays(session: Session) -> None:
    life, one, _ = two(session)
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
    life, one, _ = two(session)
    life.change(one, retailerId=session.setting.retailers[-1], accountId="1", createdAt="2020-01-01T00:00:00.000Z")
    life.find()


def _times(session: Session) -> None:
    life, one, _ = two(session)
    for attributes in ({"name": session.name()}, {"description": {"value": None}}, {}):
        life.times.wait(61.5)
        before = now_written(session)
        answer = life.change(one, **attributes)
        if before == now_written(session):
            answer.holds("body/data/0/attributes/updatedAt", before)
        life.find()
    before = now_written(session)
    made = session.create(session.contact_list()).says(200)
    if before == now_written(session):
        made.holds("body/data/0/attributes/createdAt", before)
    for id in life.create(session.events()):
        life.times.wait(61.5)
        life.change(id, events={"lookbackDays": "Last7Days"})
    life.find()


def _creator_stays(session: Session) -> None:
    """Of what the account has: what is made with client credentials has no creator to lose."""
    every = whole(session, "searchAudienceSegments") or []
    created = next((each for each in every if each["attributes"]["createdById"]), None)
    if created is not None:
        said = {"id": created["id"], "attributes": {"description": {"value": "changed by another"}}}
        answer = session.update(said).says(200)
        answer.holds("body/data/0/attributes/createdById", created["attributes"]["createdById"])


def _times_of_lists(session: Session) -> None:
    life, one, _ = two(session)
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
        "segment-times",
        "A change moves updatedAt to its own moment, and createdAt not at all.",
        assumed("samples show both equal"),
        once(_times),
        UPDATE,
        needs=TIMES,
    ),
    law(
        "segment-creator-stays",
        "Who changes a segment has not made it.",
        guide(f"null if by a service: {SEGMENT_GUIDE}", unproven="after a change"),
        once(_creator_stays),
        UPDATE,
        needs=WRITES | {"fresh"},
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
