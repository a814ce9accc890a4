"""A retail-media account as it should be: plain dicts, and the rules written down a second time from what is published."""

from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from conftest import ACCOUNT

THEIRS = "625702934721171999"
RETAILERS = ("12", "1234")
BORN = "2024-01-01T00:00:00.000Z"
FOUNDED_LIST, FOUNDED_EVENTS, READ_ONLY, FOREIGN = 999, 1001, 1002, 1003

WORLD: dict[str, Any] = {
    "criteo": {
        "retailers": [
            {"id": "12", "name": "Northwind Market", "match_rate": 0.5},
            {"id": "1234", "name": "Contoso Home", "match_rate": 0.62},
            {"id": "77", "name": "Fabrikam Sport"},
        ],
        "accounts": [
            {"id": ACCOUNT, "name": "Demo Brand", "retailers": list(RETAILERS)},
            {"id": THEIRS, "name": "Somebody Else", "retailers": ["77"]},
        ],
        "applications": [
            {
                "client_id": "demo-client",
                "client_secret": "demo-secret",
                "accounts": [ACCOUNT],
                "permissions": ["RetailMedia_Audience_Manage"],
            }
        ],
        "segments": [
            {
                "id": str(FOUNDED_LIST),
                "account": ACCOUNT,
                "retailer": "12",
                "name": "Founded list",
                "created_at": BORN,
                "contact_list": {"identifier_type": "Email"},
                "identifiers": 7,
                "matches": 3,
            },
            {
                "id": str(FOUNDED_EVENTS),
                "account": ACCOUNT,
                "retailer": "1234",
                "name": "Founded events",
                "created_at": BORN,
                "events": {"shopper_activity": "Buy", "lookback_days": "Last30Days", "brand_ids": ["9"], "max_price": 4.5},
            },
            {
                "id": str(READ_ONLY),
                "account": ACCOUNT,
                "retailer": "12",
                "name": "Founded and read-only",
                "created_at": BORN,
                "contact_list": {"identifier_type": "CustomerId", "is_read_only": True, "sharing_status": "SharedWithAll"},
                "identifiers": 5,
                "matches": 5,
            },
            {
                "id": str(FOREIGN),
                "account": THEIRS,
                "retailer": "77",
                "name": "Theirs",
                "created_at": BORN,
                "contact_list": {"identifier_type": "Email"},
            },
        ],
    }
}

Objection = tuple[str, str]
"""Where in the request, such as `data/0/attributes/name`, and the code of the problem."""


@dataclass
class Held:
    """What a contact list holds: so many from the founding, so many of them known to the retailer, and texts sent since."""

    founded: tuple[int, int] = (0, 0)
    texts: set[str] = field(default_factory=set)


@dataclass
class Model:
    """One account at one moment: the attributes and the contents of its segments by id, and the ids that went."""

    now: float
    segments: dict[int, dict[str, Any]]
    lists: dict[int, Held]
    newest: int = FOREIGN
    gone: list[int] = field(default_factory=list)

    def copy(self) -> "Model":
        return deepcopy(self)

    def create(self, items: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], Counter[Objection]]:
        """The attributes of the segments that come of it, in order, and what is objected to the others."""
        sound: list[dict[str, Any]] = []
        objections: Counter[Objection] = Counter()
        for position, said in enumerate(items):
            attributes = self._described(said)
            taken = {each["name"] for each in [*self.segments.values(), *sound]}
            found = [*_against_kind(said), *_against(attributes, taken)]
            objections.update((f"data/{position}/attributes/{where}", code) for where, code in found)
            if not found:
                sound.append(attributes)
        return sound, objections

    def keep(self, id: int, attributes: dict[str, Any]) -> None:
        """A segment that was created got an id."""
        self.segments[id], self.newest = attributes, id
        if attributes["type"] == "ContactList":
            self.lists[id] = Held()

    def update(self, items: list[dict[str, Any]]) -> tuple[list[tuple[int, dict[str, Any]]], Counter[Objection]]:
        """The segments that change, in order, with their attributes; and what is objected to the other changes."""
        changed: list[tuple[int, dict[str, Any]]] = []
        objections: Counter[Objection] = Counter()
        for position, item in enumerate(items):
            id = self.find(item["id"])
            if id is None:
                objections[f"data/{position}/id", "segment-not-found"] += 1
                continue
            said = item.get("attributes") or {}
            attributes = self._amended(self.segments[id], said)
            taken = {each["name"] for other, each in self.segments.items() if other != id}
            found = [*_against_change_of_kind(self.segments[id], said), *_against(attributes, taken)]
            objections.update((f"data/{position}/attributes/{where}", code) for where, code in found)
            if not found:
                self.segments[id] = attributes
                changed.append((id, attributes))
        return changed, objections

    def delete(self, ids: list[Any]) -> tuple[list[int], Counter[Objection]]:
        """The ids that go, in order, and what is objected to the others."""
        going: list[int] = []
        objections: Counter[Objection] = Counter()
        for position, said in enumerate(ids):
            id = self.find(said)
            if id is None:
                objections[f"data/{position}/id", "segment-not-found"] += 1
            else:
                del self.segments[id]
                self.lists.pop(id, None)
                self.gone.append(id)
                going.append(id)
        return going, objections

    def search(self, ids: Any = None, retailers: Any = None, kinds: Any = None) -> list[int]:
        """The ids that match every filter, ascending; a filter that is empty or null is none."""
        named = {str(id) for id in ids or self.segments}
        return sorted(
            id
            for id, attributes in self.segments.items()
            if str(id) in named
            and (not retailers or attributes["retailerId"] in [str(each) for each in retailers])
            and (not kinds or attributes["type"] in kinds)
        )

    def find(self, said: Any) -> int | None:
        return next((id for id in self.segments if str(id) == str(said)), None)

    def _described(self, said: dict[str, Any]) -> dict[str, Any]:
        attributes: dict[str, Any] = {
            "name": said["name"],
            "description": said.get("description"),
            "type": "Events" if said.get("contactList") is None else "ContactList",
            "accountId": ACCOUNT,
            "retailerId": str(said["retailerId"]),
            "createdAt": iso(self.now),
            "updatedAt": iso(self.now),
            "createdById": None,
            "channels": ["Onsite", "Offsite"],
        }
        if said.get("contactList") is not None:
            kind = said["contactList"].get("identifierType")
            attributes["contactList"] = {"identifierType": kind, "isReadOnly": False, "sharingStatus": "NotShared"}
        if said.get("events") is not None:
            events = said["events"]
            attributes["events"] = {
                "shopperActivity": events["shopperActivity"],
                "lookbackDays": events["lookbackDays"],
                "categoryIds": _texts(events.get("categoryIds")),
                "brandIds": _texts(events.get("brandIds")),
                "minPrice": events.get("minPrice"),
                "maxPrice": events.get("maxPrice"),
            }
        return attributes

    def _amended(self, before: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
        after = deepcopy(before) | {"updatedAt": iso(self.now)}
        after["name"] = said.get("name", before["name"])
        _set_nillable(after, said, "description")
        events = said.get("events")
        if events is not None and "events" in after:
            for plain in ("shopperActivity", "lookbackDays"):
                after["events"][plain] = events.get(plain, after["events"][plain])
            for many in ("categoryIds", "brandIds"):
                if events.get(many) is not None:
                    after["events"][many] = _texts(events[many])
            for price in ("minPrice", "maxPrice"):
                _set_nillable(after["events"], events, price)
        return after


def founded(now: float) -> Model:
    """The account of `WORLD` as it begins."""
    common = {
        "description": None,
        "accountId": ACCOUNT,
        "createdAt": BORN,
        "updatedAt": BORN,
        "createdById": None,
        "channels": ["Onsite", "Offsite"],
    }
    events = {
        "shopperActivity": "Buy",
        "lookbackDays": "Last30Days",
        "categoryIds": [],
        "brandIds": ["9"],
        "minPrice": None,
        "maxPrice": 4.5,
    }
    segments = {
        FOUNDED_LIST: {
            "name": "Founded list",
            "type": "ContactList",
            "retailerId": "12",
            "contactList": {"identifierType": "Email", "isReadOnly": False, "sharingStatus": "NotShared"},
        },
        FOUNDED_EVENTS: {"name": "Founded events", "type": "Events", "retailerId": "1234", "events": events},
        READ_ONLY: {
            "name": "Founded and read-only",
            "type": "ContactList",
            "retailerId": "12",
            "contactList": {"identifierType": "CustomerId", "isReadOnly": True, "sharingStatus": "SharedWithAll"},
        },
    }
    lists = {FOUNDED_LIST: Held((7, 3)), READ_ONLY: Held((5, 5))}
    return Model(now, {id: common | attributes for id, attributes in segments.items()}, lists)


def iso(moment: float) -> str:
    """A moment as every answer writes it, to the millisecond."""
    return f"{datetime.fromtimestamp(moment // 1, UTC):%Y-%m-%dT%H:%M:%S}.{int(moment % 1 * 1000):03d}Z"


def _against(attributes: dict[str, Any], taken: set[str]) -> Iterator[Objection]:
    name = attributes["name"]
    if not name.strip():
        yield "name", "name-must-not-be-empty"
    elif len(name) > 256:
        yield "name", "invalid"
    elif name in taken:
        yield "name", "name-must-be-unique"
    if attributes["retailerId"] not in RETAILERS:
        yield "retailerId", "retailer-not-found"
    if len(attributes["description"] or "") > 500:
        yield "description", "invalid"
    events = attributes.get("events")
    if events and events["categoryIds"] + events["brandIds"] == []:
        yield "events/categoryIds", "required-field"
    if events and None not in (events["minPrice"], events["maxPrice"]) and events["minPrice"] > events["maxPrice"]:
        yield "events/minPrice", "invalid-range"


def _against_kind(said: dict[str, Any]) -> Iterator[Objection]:
    given = [kind for kind in ("contactList", "events") if said.get(kind) is not None]
    if len(given) == 2:
        yield "events", "invalid"
    elif not given:
        yield "contactList", "required-field"
    elif given == ["contactList"] and "identifierType" not in said["contactList"]:
        yield "contactList/identifierType", "required-field"


def _against_change_of_kind(attributes: dict[str, Any], said: dict[str, Any]) -> Iterator[Objection]:
    if attributes["type"] == "Events" and said.get("contactList"):  # an empty one has nothing to change
        yield "contactList", "invalid"
    if attributes["type"] == "ContactList" and said.get("events"):
        yield "events", "invalid"


def _set_nillable(after: dict[str, Any], said: dict[str, Any], name: str) -> None:
    if said.get(name) is not None:
        after[name] = said[name].get("value")


def _texts(ids: list[Any] | None) -> list[str]:
    return list(dict.fromkeys(str(id) for id in ids or []))
