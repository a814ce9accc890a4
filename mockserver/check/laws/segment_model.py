"""What an account's segments should be like: plain values, changed by the documented rules, item by item.

It knows nothing of the contract or of the fake, and only of segments that were made through it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mockserver.check.laws.refusals import Problem
from mockserver.check.session import Session

Attributes = dict[str, Any]
LONGEST_NAME = 256
LONGEST_DESCRIPTION = 500
BOTH_CHANNELS = ["Onsite", "Offsite"]


@dataclass(slots=True)
class Segments:
    """The segments of an account by id, without their times, and what is read two ways of them."""

    account: str
    retailers: Sequence[str]
    ignoring_case: bool = False
    events_refused: bool = False
    held: dict[str, Attributes] = field(default_factory=dict)

    @classmethod
    def of(cls, session: Session) -> "Segments":
        """None yet, in a session's account and by its readings."""
        return cls(
            session.setting.account or "",
            session.setting.retailers,
            session.readings["segment-name-comparison"] == "ignoring-case",
            session.readings["events-segments"] == "refused",
        )

    def compared(self, name: str) -> str:
        """What two names must not have in common."""
        return name.casefold() if self.ignoring_case else name

    def create(self, items: Sequence[Mapping[str, Any]]) -> tuple[list[Attributes], list[Problem]]:
        """What should come of a creation: the sound ones, yet to be kept, and what is wrong with the others."""
        kept: list[Attributes] = []
        problems: list[Problem] = []
        for position, said in enumerate(items):
            place = f"data/{position}/attributes"
            drafted = self._drafted(said)
            taken = {self.compared(each["name"]) for each in (*self.held.values(), *kept)}
            wrong = [*_kind_flaws(said, place), *self._flaws(drafted, taken, place)]
            problems += wrong
            if not wrong:
                kept.append(drafted)
        return kept, problems

    def update(self, items: Sequence[Mapping[str, Any]]) -> tuple[list[tuple[str, Attributes]], list[Problem]]:
        """Change what should change: the changed, as each then is, and what is wrong with the other items."""
        kept: list[tuple[str, Attributes]] = []
        problems: list[Problem] = []
        for position, item in enumerate(items):
            id, said, place = id_text(item["id"]), item.get("attributes") or {}, f"data/{position}/attributes"
            if id not in self.held:
                problems.append((f"data/{position}/id", "segment-not-found"))
                continue
            changed = _changed(self.held[id], said)
            taken = {self.compared(each["name"]) for other, each in self.held.items() if other != id}
            wrong = [*_change_of_kind(self.held[id], said, place), *self._flaws(changed, taken, place)]
            problems += wrong
            if not wrong:
                self.held[id] = changed
                kept.append((id, changed))
        return kept, problems

    def delete(self, ids: Sequence[Any]) -> tuple[list[str], list[Problem]]:
        """Forget what should be gone: the ids of these, and what is wrong with the others."""
        return forgotten(self.held, ids, "segment-not-found")

    def found(self, filters: Mapping[str, Any]) -> list[str]:
        """The ids of those that match every filter, in ascending order."""
        ids, retailers, kinds = (
            [id_text(each) for each in filters.get(name) or ()]
            for name in ("audienceSegmentIds", "retailerIds", "audienceSegmentTypes")
        )
        matching = (
            id
            for id, each in self.held.items()
            if (not ids or id in ids)
            and (not retailers or each["retailerId"] in retailers)
            and (not kinds or each["type"] in kinds)
        )
        return sorted(matching, key=int)

    def _drafted(self, said: Mapping[str, Any]) -> Attributes:
        drafted: Attributes = {
            "name": said["name"],
            "description": said.get("description"),
            "accountId": self.account,
            "retailerId": id_text(said["retailerId"]),
            "createdById": None,
            "channels": BOTH_CHANNELS,
        }
        if said.get("contactList") is not None:
            kind = said["contactList"].get("identifierType")
            settings = {"identifierType": kind, "isReadOnly": False, "sharingStatus": "NotShared"}
            drafted |= {"type": "ContactList", "contactList": settings}
        if said.get("events") is not None:
            drafted |= {"type": "Events", "events": settled_events(said["events"])}
        return drafted

    def _flaws(self, segment: Attributes, taken: set[str], place: str) -> Iterator[Problem]:
        yield from naming_flaws(segment, {name for name in taken if name == self.compared(segment["name"])}, place)
        if segment["retailerId"] not in self.retailers:
            yield f"{place}/retailerId", "retailer-not-found"
        if "events" in segment:
            if self.events_refused:
                yield f"{place}/events", "invalid"
            yield from events_flaws(segment["events"], f"{place}/events")


def id_text(said: Any) -> str:
    """An id as text, however it is said: the number 12.0 is 12."""
    return str(int(said)) if isinstance(said, float) else str(said)


def naming_flaws(named: Mapping[str, Any], bearers: set[str], place: str) -> Iterator[Problem]:
    """What is wrong with a name, which others bear or not, and with a description."""
    if not named["name"].strip():
        yield f"{place}/name", "name-must-not-be-empty"
    elif len(named["name"]) > LONGEST_NAME:
        yield f"{place}/name", "invalid"
    elif bearers:
        yield f"{place}/name", "name-must-be-unique"
    if len(named["description"] or "") > LONGEST_DESCRIPTION:
        yield f"{place}/description", "invalid"


def events_flaws(events: Mapping[str, Any], place: str) -> Iterator[Problem]:
    """What is wrong with settled events."""
    if not events["categoryIds"] and not events["brandIds"]:
        yield f"{place}/categoryIds", "required-field"
    least, most = events["minPrice"], events["maxPrice"]
    if least is not None and most is not None and least > most:
        yield f"{place}/minPrice", "invalid-range"


def settled_events(said: Mapping[str, Any]) -> dict[str, Any]:
    """What a creation says of events, as it is kept."""
    return {
        "shopperActivity": said["shopperActivity"],
        "lookbackDays": said["lookbackDays"],
        "categoryIds": _each_once(said.get("categoryIds")),
        "brandIds": _each_once(said.get("brandIds")),
        "minPrice": said.get("minPrice"),
        "maxPrice": said.get("maxPrice"),
    }


def nillable(said: Mapping[str, Any], name: str, now: Any) -> Any:
    """What a member becomes that an object sets or empties."""
    return now if said.get(name) is None else said[name].get("value")


def _each_once(ids: Sequence[Any] | None) -> list[str]:
    return list(dict.fromkeys(map(id_text, ids or ())))


def _kind_flaws(said: Mapping[str, Any], place: str) -> Iterator[Problem]:
    contact_list, events = said.get("contactList"), said.get("events")
    if contact_list is not None and events is not None:
        yield f"{place}/events", "invalid"
    elif contact_list is None and events is None:
        yield f"{place}/contactList", "required-field"
    elif contact_list is not None and "identifierType" not in contact_list:
        yield f"{place}/contactList/identifierType", "required-field"


def _change_of_kind(segment: Attributes, said: Mapping[str, Any], place: str) -> Iterator[Problem]:
    for member in ("contactList", "events"):
        if member not in segment and said.get(member):
            yield f"{place}/{member}", "invalid"


def _changed(segment: Attributes, said: Mapping[str, Any]) -> Attributes:
    changed = {
        **segment,
        "name": said.get("name", segment["name"]),
        "description": nillable(said, "description", segment["description"]),
    }
    events = said.get("events")
    if "events" in segment and events:
        old = segment["events"]
        changed["events"] = {
            "shopperActivity": events.get("shopperActivity", old["shopperActivity"]),
            "lookbackDays": events.get("lookbackDays", old["lookbackDays"]),
            "categoryIds": _replaced(events.get("categoryIds"), old["categoryIds"]),
            "brandIds": _replaced(events.get("brandIds"), old["brandIds"]),
            "minPrice": nillable(events, "minPrice", old["minPrice"]),
            "maxPrice": nillable(events, "maxPrice", old["maxPrice"]),
        }
    return changed


def _replaced(said: Sequence[Any] | None, now: list[str]) -> list[str]:
    return now if said is None else _each_once(said)


def forgotten(held: dict[str, Attributes], ids: Sequence[Any], code: str) -> tuple[list[str], list[Problem]]:
    """Forget some of what is held: the ids that went, and a problem of this code for each that was not there."""
    gone: list[str] = []
    problems: list[Problem] = []
    for position, id in enumerate(map(id_text, ids)):
        if held.pop(id, None) is None:
            problems.append((f"data/{position}/id", code))
        else:
            gone.append(id)
    return gone, problems
