"""Segments and audiences made up from a seed: the same for ever, plausible enough to page through."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from mockserver.clock import parse_moment
from mockserver.fingerprint import fingerprint
from mockserver.providers.criteo.ledger import Traffic
from mockserver.providers.criteo.records import Account, AdSet, Audience, ContactListSettings, EventsSettings, Segment
from mockserver.providers.criteo.world import CriteoWorld

_FIRST_ID = 300_000_000_000_000_000
_AUDIENCES = 300  # places for the segments of as many retailers come before
_FIRST_DAY = parse_moment("2024-02-01T00:00:00Z")
_WHO = ("Loyal", "Lapsed", "New", "Frequent", "Occasional", "Premium", "Bargain", "Weekend", "Gift", "First-time")
_WHAT = ("coffee", "toys", "garden", "audio", "running", "skin care", "pet food", "kitchen", "baby", "books")
_ACTIVITIES = (("View", "viewers"), ("Buy", "buyers"), ("AddToCart", "basket fillers"))
_WINDOWS = ("Last7Days", "Last14Days", "Last30Days", "Last60Days", "Last90Days", "Last180Days")
_TYPES = ("Email", "Email", "Email", "CustomerId", "UserIdentifier", "IdentityLink", "PhoneNumber")
_AIMS = ("prospecting", "retargeting", "lookalike", "brand", "app")
_PEOPLE = ("j.doe", "a.jack", "m.lee", "s.khan", None)

T = TypeVar("T")


def generated_segments(
    count: int, account: Account, retailer: Mapping[str, Any], world: CriteoWorld
) -> Iterator[tuple[Segment, int]]:
    """`count` segments of a retailer, each with how many identifiers its list should hold."""
    for number in range(count):
        key = f"segment {retailer['id']} {number}"
        activity, people = _pick(world.seed, f"{key} activity", _ACTIVITIES)
        who, what = _pick(world.seed, f"{key} who", _WHO), _pick(world.seed, f"{key} what", _WHAT)
        created = _FIRST_DAY + number * 86_000 + fingerprint(world.seed, f"{key} time") % 80_000_000 / 1000
        listed = fingerprint(world.seed, f"{key} kind") % 3 > 0
        price = 1 + fingerprint(world.seed, f"{key} price") % 50
        segment = Segment(
            id=_id(_place(retailer["id"], world), number, world.seed),
            account_id=account.id,
            retailer_id=retailer["id"],
            name=f"{who} {what} {people if not listed else 'customers'} {retailer['id']}-{number + 1}",
            description=f"{who} shoppers of {retailer['name']}: {what}" if number % 4 else None,
            created_at=created,
            updated_at=created + (number % 5) * 3600.0,
            created_by=_pick(world.seed, f"{key} by", _PEOPLE),
            channels=("Onsite", "Offsite"),
            contact_list=ContactListSettings(_pick(world.seed, f"{key} type", _TYPES)) if listed else None,
            events=None
            if listed
            else EventsSettings(
                activity,
                _pick(world.seed, f"{key} window", _WINDOWS),
                category_ids=(str(1000 + fingerprint(world.seed, f"{key} category") % 200),),
                brand_ids=(str(1 + number % 40),) if number % 2 else (),
                min_price=float(price) if number % 3 else None,
                max_price=float(price * 4) if number % 6 == 1 else None,
            ),
        )
        yield segment, fingerprint(world.seed, f"{key} size") % 60 if listed else 0


def generated_audiences(count: int, account: Account, retailer: str, world: CriteoWorld) -> Iterator[Audience]:
    """`count` audiences over the segments that a retailer has."""
    segments = [str(id) for id in world.segments.filed((account.id, retailer, None))]
    for number in range(count if segments else 0):
        key = f"audience {retailer} {number}"
        chosen = [_pick(world.seed, f"{key} {at}", segments) for at in range(1 + number % 3)]
        created = _FIRST_DAY + number * 87_000.0
        yield Audience(
            id=_id(_AUDIENCES + _place(retailer, world), number, world.seed),
            account_id=account.id,
            retailer_id=retailer,
            name=f"Audience {retailer}-{number + 1}",
            description=None if number % 2 else f"Made of {len(chosen)}",
            algebra=_algebra(chosen, number),
            segments=frozenset(chosen),
            created_at=created,
            updated_at=created,
            created_by=_pick(world.seed, f"{key} by", _PEOPLE),
            channels=("Onsite", "Offsite"),
        )


def generated_ad_sets(said: Mapping[str, Any], seed: int) -> Iterator[AdSet]:
    """As many campaigns and ad sets of an advertiser as it wants generated."""
    wanted = said.get("generate", {})
    for number in range(wanted.get("campaigns", 0)):
        what = _pick(seed, f"campaign {said['id']} {number}", _WHAT)
        campaign = {"id": f"{said['id']}{number + 1:03d}", "name": f"{what.capitalize()} {number + 1}"}
        for at in range(wanted.get("ad_sets", 1)):
            yield made_ad_set(
                said, campaign, f"{campaign['id']}{at + 1:02d}", f"{campaign['name']}, {_AIMS[at % len(_AIMS)]}", seed
            )


def made_ad_set(said: Mapping[str, Any], campaign: Mapping[str, Any], id: str, name: str, seed: int) -> AdSet:
    """An ad set with traffic of its own: between a hundred and some ten thousand displays an hour, a click of 5 to 90 cents."""
    size = 2 ** (fingerprint(seed, f"campaign size {campaign['id']}") % 7)
    displays = 200 + size * (60 + fingerprint(seed, f"ad set size {id}") % 200)
    rate = 1_500 + fingerprint(seed, f"ad set rate {id}") % 8_000
    price = 50 + fingerprint(seed, f"ad set price {id}") % 850
    return AdSet(id, name, campaign["id"], campaign["name"], said["id"], said["name"], Traffic(id, displays, rate), price)


def _algebra(segments: Sequence[str], number: int) -> dict[str, Any]:
    leaves = [{"audienceSegmentId": segment} for segment in segments]
    if len(leaves) == 1:
        return leaves[0]
    if len(leaves) == 2:
        return {"or": leaves} if number % 2 else {"and": leaves}
    return {"and": [{"or": leaves[:2]}, {"not": leaves[2]}]}


def _id(place: int, number: int, seed: int) -> int:
    """Ascending with the number, so that later ones come later on a page; places share none, up to a million in each."""
    return _FIRST_ID + place * 10**15 + number * 10**9 + fingerprint(seed, f"id {place} {number}") % 10**9


def _place(retailer: str, world: CriteoWorld) -> int:
    return list(world.retailers).index(retailer)


def _pick(seed: int, key: str, options: Sequence[T]) -> T:
    return options[fingerprint(seed, key) % len(options)]
