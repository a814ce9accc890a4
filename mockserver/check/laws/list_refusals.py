"""Laws of contact lists that are not there, are nobody's to change, or are asked for what they do not hold."""

from mockserver.check.law import once
from mockserver.check.laws.contact_lists import AMEND, CLEAR, COUNT
from mockserver.check.laws.identifiers_model import KINDS, UUID
from mockserver.check.laws.list_life import ListLife, amended, counts
from mockserver.check.laws.refusals import lists, not_found, refused
from mockserver.check.laws.segment_creation import TYPES
from mockserver.check.laws.segment_life import SegmentLife
from mockserver.check.laws.stating import TIMES, WRITES, law
from mockserver.check.session import Session
from mockserver.evidence import assumed, guide, openapi
from mockserver.providers.criteo.sources import OLD_OPENAPI, SEGMENT_GUIDE


def _unknown(session: Session) -> None:
    for id in (SegmentLife.of(session).absent(), "0", "9" * 19):
        for operation in ("add", "remove"):
            not_found(session, session.amend(id, operation, ["a@example.com"]))
        not_found(session, session.clear(id))
        not_found(session, session.statistics(id))


def _by_events(session: Session) -> None:
    for id in SegmentLife.of(session).create(session.events()):
        listless = ("audience-segment-id", "invalid")
        for operation in ("add", "remove"):
            refused(session.amend(id, operation, ["a@example.com"]), 400, listless)
        refused(session.clear(id), 400, listless)
        refused(session.statistics(id), 400, listless)


_HELD_BY = {"Gum": "UserIdentifier", "MobileAdId": "UserIdentifier", "madid": "UserIdentifier"}


def _of_another_type(session: Session) -> None:
    for own in TYPES:
        life = ListLife.of(session, own)
        for said in (*TYPES, *_HELD_BY):
            kind = KINDS["madid" if said == "MobileAdId" else said]
            sent = [UUID, "jane@example.com", "+14155550100", ""]
            answer = session.amend(life.id, "add", sent, identifierType=said)
            if _HELD_BY.get(said, said) != own and session.readings["identifier-type-mismatch"] == "refused":
                refused(answer, 400, ("data/attributes/identifierType", "invalid"))
            else:
                amended(answer, kind, "add", sent)


def _refused_whole(session: Session) -> None:
    life = ListLife.of(session)
    life.add("a@example.com")
    if session.readings["identifier-type-mismatch"] == "refused":
        session.amend(life.id, "add", ["+14155550100"], identifierType="PhoneNumber").says(400)
        session.amend(life.id, "remove", ["a@example.com"], identifierType="PhoneNumber").says(400)
    session.amend(life.id, "replace", ["b@example.com"]).says(400)
    life.count()


def _cannot_be_emptied(session: Session) -> None:
    """What is removed is of nobody, so that nothing is lost should it be taken."""
    id = session.setting.read_only_list or ""
    answer = session.amend(id, "remove", ["nobody-has-this-one"])
    refused(answer, 403, ("audience-segment-id", "contact-list-read-only"))


def _cannot_be_changed(session: Session) -> None:
    id = session.setting.read_only_list or ""
    place = "body/data/attributes/numberOfIdentifiers"
    held = session.statistics(id).says(200).holds(place, 0, "is at least").at(place)
    for operation in ("add", "remove"):
        refused(session.amend(id, operation, ["anybody"]), 403, ("audience-segment-id", "contact-list-read-only"))
    refused(session.clear(id), 403, ("audience-segment-id", "contact-list-read-only"))
    counts(session.statistics(id), held)


def _can_be_renamed(session: Session) -> None:
    id = session.setting.read_only_list or ""
    lists(session.update({"id": id, "attributes": {"name": session.name()}})).holds("body/data/*/id", [id])
    if session.readings["delete-used-segment"] == "allowed":  # what the target has may use it
        lists(session.delete(id)).holds("body/data/*/id", [id])
        not_found(session, session.statistics(id))


_HALF_DAY = 12 * 3600
_VISIBLE_AFTER = 5 * 3600


def _shown_when_computed(session: Session) -> None:
    """What is added shows at once, or five hours after the midnight or noon that follows, and not before."""
    life = ListLife.of(session)
    life.add("a@example.com", "b@example.com")
    if session.readings["statistics-computed"] == "at-once":
        life.count()
        return
    now = session.wire.now()
    margin = 1 if session.wire.now() == now else 60  # a clock that runs has run on by then
    counts(session.statistics(life.id), 0)
    shows_at = (now // _HALF_DAY + 1) * _HALF_DAY + _VISIBLE_AFTER
    _wait_until(session, shows_at - _VISIBLE_AFTER + 2 * margin)
    life.add("c@example.com")
    life.remove("a@example.com", "b@example.com")
    counts(session.statistics(life.id), 0)
    _wait_until(session, shows_at - margin)
    counts(session.statistics(life.id), 0)
    _wait_until(session, shows_at + (0 if margin == 1 else margin))
    counts(session.statistics(life.id), 2)
    _wait_until(session, shows_at + _HALF_DAY - margin)
    counts(session.statistics(life.id), 2)
    _wait_until(session, shows_at + _HALF_DAY + (0 if margin == 1 else margin))
    counts(session.statistics(life.id), 1)
    life.clear()
    counts(session.statistics(life.id), 1)
    _wait_until(session, shows_at + 3 * _HALF_DAY)
    counts(session.statistics(life.id), 0)


def _wait_until(session: Session, moment: float) -> None:
    session.advance(moment - session.wire.now())


CHECKS = (
    law(
        "list-unknown",
        "A contact list that is not there is refused with one status and code, whatever is asked of it.",
        openapi(OLD_OPENAPI),
        once(_unknown),
        AMEND,
        CLEAR,
        COUNT,
    ),
    law(
        "list-of-events",
        "A segment by events has no contact list to fill, empty or count.",
        assumed("nobody published what an events segment answers"),
        once(_by_events),
        AMEND,
        CLEAR,
        COUNT,
    ),
    law(
        "list-type-mismatch",
        "Identifiers of another type than the list's are refused or judged by theirs, by the reading.",
        assumed("reading identifier-type-mismatch"),
        once(_of_another_type),
        AMEND,
    ),
    law(
        "list-refused-whole",
        "A refused request neither adds nor removes.",
        guide(SEGMENT_GUIDE, unproven="nobody says so"),
        once(_refused_whole),
        AMEND,
        COUNT,
    ),
    law(
        "list-read-only-keeps",
        "Nothing can be removed from a read-only list.",
        assumed("isReadOnly says that it can not be edited; status and code are ours"),
        once(_cannot_be_emptied),
        AMEND,
        needs=WRITES | {"read_only_list"},
    ),
    law(
        "list-read-only",
        "A read-only list is not filled, emptied or cleared, and can be counted.",
        assumed("isReadOnly says that it can not be edited; status and code are ours"),
        once(_cannot_be_changed),
        AMEND,
        CLEAR,
        COUNT,
        needs=WRITES | {"read_only_list", "fresh"},
    ),
    law(
        "list-read-only-reach",
        "The segment of a read-only list can be renamed and deleted.",
        assumed("nobody published it"),
        once(_can_be_renamed),
        "bulkUpdateAudienceSegments",
        "bulkDeleteAudienceSegments",
        needs=WRITES | {"read_only_list", "fresh"},
    ),
    law(
        "list-computed",
        "Statistics show what was added when the reading says, to the second.",
        guide(f"for audiences: {SEGMENT_GUIDE}", unproven="that statistics follow, and the zeros"),
        once(_shown_when_computed),
        COUNT,
        needs=TIMES,
    ),
)
