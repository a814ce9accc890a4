"""What Criteo's part of a world is made of. Nothing here changes once made; a change makes another."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import orjson

from mockserver.providers.criteo.ledger import Traffic
from mockserver.store import Members


@dataclass(frozen=True, slots=True)
class Retailer:
    """`match_rate` is the share of all identifiers that the retailer knows, 0 to 1."""

    id: str
    name: str
    match_rate: float


@dataclass(frozen=True, slots=True)
class Account:
    """A retail-media account and the retailers it may use."""

    id: str
    name: str
    retailers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Application:
    """A client of the API; `accounts` and `advertisers` are those that consented to it."""

    client_id: str
    client_secret: str
    permissions: frozenset[str]
    accounts: tuple[str, ...]
    redirect_uris: tuple[str, ...]
    advertisers: tuple[str, ...] = ()
    sees_absolute_sizes: bool = True

    @property
    def name(self) -> str:
        """The client id."""
        return self.client_id


@dataclass(frozen=True, slots=True)
class ContactListSettings:
    """What a contact-list segment is; what it holds is a `ContactList`."""

    identifier_type: str
    is_read_only: bool = False
    sharing_status: str = "NotShared"


@dataclass(frozen=True, slots=True)
class EventsSettings:
    """Which shoppers an events segment holds."""

    shopper_activity: str
    lookback_days: str
    category_ids: tuple[str, ...] = ()
    brand_ids: tuple[str, ...] = ()
    min_price: float | None = None
    max_price: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """Times are seconds since 1970. `written` keeps it as JSON, by the resource type in force."""

    id: int
    account_id: str
    retailer_id: str
    name: str
    description: str | None
    created_at: float
    updated_at: float
    created_by: str | None
    channels: tuple[str, ...]
    contact_list: ContactListSettings | None = None
    events: EventsSettings | None = None
    written: dict[str, orjson.Fragment] = field(default_factory=dict, init=False, repr=False)

    @property
    def kind(self) -> str:
        """`ContactList` or `Events`."""
        return "ContactList" if self.contact_list else "Events"


def segment_keys(segment: Segment) -> Iterator[tuple[str | None, ...]]:
    """What a segment is found by: every combination of the search's filters, and its name as it is and case-folded."""
    for retailer, kind in product((segment.retailer_id, None), (segment.kind, None)):
        yield (segment.account_id, retailer, kind)
    yield ("name", "exact", segment.account_id, segment.name)
    yield ("name", "ignoring-case", segment.account_id, segment.name.casefold())


History = tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class ContactList:
    """The identifiers of a segment as fingerprints, never in clear, and how many of them the retailer knows.

    `history` is what each coming computation will find: its number, identifiers, matches. `shoppers` keeps the set of the
    retailer's shoppers that it comes to, once somebody asked.
    """

    members: Members
    matches: int = 0
    history: History = field(default=(), metadata={"remembered": True})
    shoppers: list[int] = field(default_factory=list, init=False, repr=False, compare=False)


Algebra = Mapping[str, Any]


def mentioned(algebra: Algebra) -> Iterator[str]:
    """The segments that an algebra speaks of."""
    pending = [algebra]
    while pending:
        node = pending.pop()
        if "audienceSegmentId" in node:
            yield node["audienceSegmentId"]
        pending += [*node.get("and", ()), *node.get("or", ()), *([node["not"]] if "not" in node else [])]


@dataclass(frozen=True, slots=True, eq=False)
class Audience:
    """Segments combined; `segments` are the ids that the algebra mentions."""

    id: int
    account_id: str
    retailer_id: str
    name: str
    description: str | None
    algebra: Algebra
    segments: frozenset[str]
    created_at: float
    updated_at: float
    created_by: str | None
    channels: tuple[str, ...]
    written: dict[str, orjson.Fragment] = field(default_factory=dict, init=False, repr=False)


def audience_keys(audience: Audience) -> Iterator[tuple[str | None, ...]]:
    """What an audience is found by: its account, its retailer, the segments it uses."""
    yield (audience.account_id, None)
    yield (audience.account_id, audience.retailer_id)
    yield ("name", "exact", audience.account_id, audience.name)
    yield ("name", "ignoring-case", audience.account_id, audience.name.casefold())
    for segment in audience.segments:
        yield ("uses", audience.account_id, segment)


@dataclass(frozen=True, slots=True)
class AdSet:
    """An ad set, its campaign and its advertiser; a click costs thousandths of a euro."""

    id: str
    name: str
    campaign_id: str
    campaign: str
    advertiser_id: str
    advertiser: str
    traffic: Traffic
    click_price_millis: int
