"""Contact lists: identifiers added, removed, cleared, and counted as the retailer knows them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import chain
from typing import Any

from mockserver.clock import written
from mockserver.evidence import Rule, assumed, guide, inferred, openapi, third_party
from mockserver.fingerprint import fingerprints
from mockserver.problem import Problem, Refused
from mockserver.provider import Call, Reply
from mockserver.providers.criteo.identifiers import FORMS, HELD_AS, SPELLINGS, sift
from mockserver.providers.criteo.inputs import nearest, numeric
from mockserver.providers.criteo.records import ContactList, ContactListSettings, History, Segment
from mockserver.providers.criteo.sources import OLD_OPENAPI, PYTHON_SDK, RUDDERSTACK, SEGMENT_GUIDE
from mockserver.providers.criteo.world import CriteoWorld
from mockserver.store import Ids, Members

LIST_UNKNOWN = Problem(
    403,
    "validation",
    "audience-invalid",
    "Audience is invalid",
    openapi(OLD_OPENAPI),
    "Audience is not found, please choose a valid audience",
)
LIST_NOT_FOUND = Problem(
    404,
    "validation",
    "audience-invalid",
    "Audience is invalid",
    third_party(RUDDERSTACK),
    "Audience is not found, please choose a valid audience",
)
NO_CONTACT_LIST = Problem(
    400, "validation", "invalid", "The segment has no contact list", assumed("nobody published what an events segment answers")
)
READ_ONLY = Problem(
    403,
    "access-control",
    "contact-list-read-only",
    "The contact list can not be edited",
    assumed("isReadOnly says that it can not be edited; status and code are ours"),
)
TYPE_MISMATCH = Problem(
    400,
    "validation",
    "invalid",
    "The identifierType is not the segment's",
    assumed("nobody published it; reading identifier-type-mismatch"),
)
AS_SET = Rule(
    "contact-list-set",
    "A contact list is a set: adding twice counts once, removing what is absent is no error.",
    inferred("numberOfIdentifiers counts users"),
)
MATCHES = Rule(
    "matches",
    "Whether the retailer knows an identifier follows from the identifier, the world's seed and the retailer's match rate.",
    assumed("real matches depend on real people"),
)
COMPUTED = Rule(
    "computation",
    "On schedule, what was added before 00:00 or 12:00 UTC shows five hours after; before the first there are zeros.",
    guide(f"for audiences: {SEGMENT_GUIDE}", unproven="that statistics follow, and the zeros"),
)
TOO_MANY = Rule(
    "fifty-thousand",
    "A request of more than 50,000 identifiers is refused with 400 validation/invalid.",
    guide(SEGMENT_GUIDE, unproven="status and code"),
)
LIST_ID = Rule(
    "contact-list-id",
    "contactListId is the segment's id, as a number.",
    assumed(f"required by {PYTHON_SDK}; the sample shows another"),
)
READ_ONLY_REACH = Rule(
    "read-only-reach",
    "A read-only list refuses add, remove and clear; its segment can be renamed and deleted.",
    assumed("nobody published it"),
)

_HALF_DAY = 12 * 3600
_VISIBLE_AFTER = 5 * 3600


def add_remove(call: Call[CriteoWorld]) -> Reply:
    """Add identifiers to a contact list or take them out; the invalid ones are counted and left alone."""
    segment, settings = _editable(call)
    said = call.body["data"]["attributes"]
    identifiers, spelling = said["identifiers"], said.get("identifierType") or settings.identifier_type
    kind = SPELLINGS[spelling.lower()]
    if HELD_AS.get(kind, kind) != settings.identifier_type and call.readings["identifier-type-mismatch"] == "refused":
        detail = f"The segment holds {settings.identifier_type}, the request brings {spelling}"
        at, own = "data/attributes/identifierType", settings.identifier_type
        raise Refused(TYPE_MISMATCH.at(at, detail=detail, seen={"identifierType of the segment": own}, instead=lambda: own))
    sifted = sift(identifiers, FORMS[kind])
    digests = fingerprints(call.home.seed, sifted.lines)
    _amend(segment, said["operation"], digests, call)
    return _amended(
        {
            "contactListId": segment.id,
            "operation": said["operation"],
            "requestDate": _request_date(call),
            "identifierType": spelling,
            "nbValidIdentifiers": sifted.valid,
            "nbInvalidIdentifiers": sifted.invalid,
            "sampleInvalidIdentifiers": sifted.sample,
        },
        call.readings["add-remove-shape"],
    )


def clear(call: Call[CriteoWorld]) -> Reply:
    """Take every identifier out; the segment stays."""
    segment, _ = _editable(call)
    emptied = call.world.contact_list(segment.id, fresh=True)
    _keep(segment, emptied.members, emptied.matches, emptied.history, call)
    if call.readings["contact-list-clear"] == "204":
        return Reply(status=204)
    return Reply({"type": "ContactListAudienceSegment", "id": str(segment.id)})


def statistics(call: Call[CriteoWorld]) -> Reply:
    """How many identifiers a list holds and how many the retailer knows, as last computed."""
    segment = _listed(call.arguments[1], call, [call.arguments[0]])
    identifiers, matches = _computed(call.world.contact_list(segment.id), call)
    share = matches / identifiers if identifiers else 0
    attributes = {
        "numberOfIdentifiers": identifiers,
        "numberOfMatches": matches,
        "matchRate": share if call.readings["match-rate"] == "fraction" else 100 * share,
    }
    resource_type = call.readings["statistics-resource-type"]
    return Reply({"attributes": attributes, "id": str(segment.id), "type": resource_type})


def _listed(id: str, call: Call[CriteoWorld], accounts: Sequence[str]) -> Segment:
    """The contact-list segment of one of these accounts. One of another account is as unknown as one that is not."""
    segment = call.world.segments.get(numeric(id) or 0)
    if segment is None or segment.account_id not in accounts:
        raise _unknown_list(id, call, accounts)
    if segment.contact_list is None:
        detail = f"Segment {id} is of type {segment.kind}"
        raise Refused(NO_CONTACT_LIST.at("audience-segment-id", detail=detail, instead=lambda: _some_list(id, call, accounts)))
    return segment


def _unknown_list(id: str, call: Call[CriteoWorld], accounts: Sequence[str]) -> Refused:
    problem = LIST_NOT_FOUND if call.readings["unknown-contact-list"] == "404" else LIST_UNKNOWN
    seen = {"contact lists of the caller": sum(map(len, _own_lists(call, accounts)))}
    return Refused(problem.at(seen=seen, instead=lambda: _some_list(id, call, accounts), mends="audience-segment-id"))


def _own_lists(call: Call[CriteoWorld], accounts: Sequence[str]) -> list[Ids]:
    return [call.world.segments.filed((account, None, "ContactList")) for account in accounts]


def _some_list(id: str, call: Call[CriteoWorld], accounts: Sequence[str]) -> str | None:
    """The contact list most like one, among those that the caller may write to."""
    own = call.world.segments.all(chain.from_iterable(_own_lists(call, accounts)))
    return nearest(id, [each.id for each in own if each.contact_list and not each.contact_list.is_read_only])


def _editable(call: Call[CriteoWorld]) -> tuple[Segment, ContactListSettings]:
    segment = _listed(call.arguments[0], call, call.caller.accounts)
    assert segment.contact_list is not None
    if segment.contact_list.is_read_only:
        accounts = call.caller.accounts
        seen = {"isReadOnly": True}
        raise Refused(
            READ_ONLY.at("audience-segment-id", seen=seen, instead=lambda: _some_list(str(segment.id), call, accounts))
        )
    return segment, segment.contact_list


def _amend(segment: Segment, operation: str, digests: set[int], call: Call[CriteoWorld]) -> None:
    contact_list = call.world.contact_list(segment.id)
    members = contact_list.members.owned(call.world.owner)
    if operation == "add":
        changed = digests - members.values
        members.values |= changed
        matches = contact_list.matches + call.world.matches(changed, segment.retailer_id)
    else:
        changed = digests & members.values
        members.values -= changed
        matches = contact_list.matches - call.world.matches(changed, segment.retailer_id)
    _keep(segment, members, matches, contact_list.history, call)


def _keep(segment: Segment, members: Members, matches: int, history: History, call: Call[CriteoWorld]) -> None:
    """Remember a list, and what the next computation will find in it."""
    found = (int(call.now // _HALF_DAY) + 1, len(members), matches)
    history = (*_still_needed(history, found[0], call.now), found)
    call.world.contact_lists.put(segment.id, ContactList(members, matches, history))


def _still_needed(history: History, coming: int, now: float) -> History:
    """What earlier computations found, from the one that shows now on; the coming one is found anew."""
    shown = _shown_computation(now)
    earlier = [found for found in history if found[0] < coming]
    followed_by = [*(number for number, _, _ in earlier), coming][1:]
    return tuple(found for found, following in zip(earlier, followed_by, strict=True) if following > shown)


def _computed(contact_list: ContactList, call: Call[CriteoWorld]) -> tuple[int, int]:
    if call.readings["statistics-computed"] == "at-once":
        return len(contact_list.members), contact_list.matches
    shown = _shown_computation(call.now)
    return next(((size, matches) for at, size, matches in reversed(contact_list.history) if at <= shown), (0, 0))


def _shown_computation(now: float) -> int:
    return int((now - _VISIBLE_AFTER) // _HALF_DAY)


def _request_date(call: Call[CriteoWorld]) -> str:
    if call.readings["request-date"] == "milliseconds":
        return written(call.now)
    return datetime.fromtimestamp(call.now, UTC).isoformat(timespec="microseconds").replace("+", "0+")


def _amended(members: dict[str, Any], shape: str) -> Reply:
    if shape == "flat":
        return Reply(members, type="AddRemoveContactlistResult")
    nested = {"type": "AddRemoveContactlistResult", "attributes": members}
    return Reply(nested) if shape == "nested" else Reply(members | nested, type="AddRemoveContactlistResult")
