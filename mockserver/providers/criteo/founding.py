"""How Criteo's part of a world begins: from a world file, with as much generated as the file asks for."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from mockserver.clock import parse_moment
from mockserver.fingerprint import fingerprints
from mockserver.mistake import Mistake, unknown
from mockserver.providers.criteo.generating import generated_ad_sets, generated_audiences, generated_segments, made_ad_set
from mockserver.providers.criteo.records import (
    Account,
    AdSet,
    Algebra,
    Application,
    Audience,
    ContactList,
    ContactListSettings,
    EventsSettings,
    Retailer,
    Segment,
    mentioned,
)
from mockserver.providers.criteo.world import CriteoWorld
from mockserver.store import Members

_LONG_AGO = "2024-01-01T00:00:00.000Z"


def found(said: Mapping[str, Any], seed: int, now: float) -> CriteoWorld:
    """The world that the `criteo` part of a world file describes. Raises `Mistake` for a reference that leads nowhere."""
    _check_once(said)
    world = CriteoWorld(
        seed=seed,
        accounts={each["id"]: Account(each["id"], each["name"], tuple(each["retailers"])) for each in said.get("accounts", ())},
        retailers={
            each["id"]: Retailer(each["id"], each["name"], each.get("match_rate", 0.5)) for each in said.get("retailers", ())
        },
        currencies={code: Decimal(str(rate)) for code, rate in said.get("currencies", {"EUR": 1}).items()},
        applications={each["client_id"]: _application(each) for each in said.get("applications", ())},
    )
    _check_references(world)
    for each in said.get("segments", ()):
        _add_segment(each, world)
    for each in said.get("audiences", ()):
        _check_place(each, "audience", world)
        _add_audience(_audience(each), world)
    for each in said.get("retailers", ()):
        _generate(each, world)
    for each in said.get("advertisers", ()):
        ad_sets = _ad_sets(each, seed)
        world.ad_sets[each["id"]] = tuple(sorted(ad_sets, key=lambda ad_set: (int(ad_set.campaign_id), int(ad_set.id))))
    world.newest_segment = max((segment.id for segment in world.segments), default=300_000_000_000_000_000)
    world.newest_audience = max((audience.id for audience in world.audiences), default=300_000_000_000_000_000)
    return world


def _application(said: Mapping[str, Any]) -> Application:
    return Application(
        said["client_id"],
        said["client_secret"],
        frozenset(said["permissions"]),
        tuple(said["accounts"]),
        tuple(said.get("redirect_uris", ())),
        tuple(said.get("advertisers", ())),
        said.get("sees_absolute_sizes", True),
    )


def _ad_sets(said: Mapping[str, Any], seed: int) -> Iterator[AdSet]:
    """An advertiser's ad sets: those it names, then those it wants generated."""
    for campaign in said.get("campaigns", ()):
        for ad_set in campaign["ad_sets"]:
            yield made_ad_set(said, campaign, ad_set["id"], ad_set["name"], seed)
    yield from generated_ad_sets(said, seed)


def _check_once(said: Mapping[str, Any]) -> None:
    for part, name in (("retailers", "id"), ("accounts", "id"), ("applications", "client_id")):
        names = Counter(each[name] for each in said.get(part, ()))
        for twice in (each for each, times in names.items() if times > 1):
            raise Mistake(f"two {part} have the {name} {twice}")


def _check_references(world: CriteoWorld) -> None:
    for account in world.accounts.values():
        for retailer in account.retailers:
            if retailer not in world.retailers:
                raise unknown(f"retailer of account {account.id}", retailer, world.retailers)
    for application in world.applications.values():
        for account_id in application.accounts:
            if account_id not in world.accounts:
                raise unknown(f"account of application {application.client_id}", account_id, world.accounts)


def _check_place(said: Mapping[str, Any], what: str, world: CriteoWorld) -> None:
    if said["account"] not in world.accounts:
        raise unknown(f"account of {what} {said['id']}", said["account"], world.accounts)
    if said["retailer"] not in world.accounts[said["account"]].retailers:
        raise unknown(f"retailer of {what} {said['id']}", said["retailer"], world.accounts[said["account"]].retailers)


def _add_segment(said: Mapping[str, Any], world: CriteoWorld) -> None:
    _check_place(said, "segment", world)
    contact_list, events = said.get("contact_list"), said.get("events")
    segment = Segment(
        **_common(said),
        contact_list=ContactListSettings(**contact_list) if contact_list else None,
        events=EventsSettings(**{name: _frozen(value) for name, value in events.items()}) if events else None,
    )
    if segment.events and (segment.events.min_price or 0) > (segment.events.max_price or math.inf):
        raise Mistake(f"the prices of segment {segment.id} are crossed")
    if world.segments.get(segment.id) is not None:
        raise Mistake(f"two segments have the id {segment.id}")
    if world.segments.filed(("name", "exact", segment.account_id, segment.name)):
        raise Mistake(f"two segments of account {segment.account_id} have the name {segment.name!r}")
    world.segments.put(segment)
    _fill(segment, said.get("identifiers", 0), said.get("matches"), world)


def _audience(said: Mapping[str, Any]) -> Audience:
    algebra: Algebra = said["algebra"]
    return Audience(**_common(said), algebra=algebra, segments=frozenset(mentioned(algebra)))


def _add_audience(audience: Audience, world: CriteoWorld) -> None:
    for segment in audience.segments:
        if world.segments.get(int(segment)) is None:
            raise Mistake(f"audience {audience.id} uses the segment {segment}, which is not there")
    if world.audiences.get(audience.id) is not None:
        raise Mistake(f"two audiences have the id {audience.id}")
    if any(other.name == audience.name for other in world.audiences if other.account_id == audience.account_id):
        raise Mistake(f"two audiences of account {audience.account_id} have the name {audience.name!r}")
    world.audiences.put(audience)


def _common(said: Mapping[str, Any]) -> dict[str, Any]:
    created = parse_moment(said.get("created_at", _LONG_AGO))
    return {
        "id": int(said["id"]),
        "account_id": said["account"],
        "retailer_id": said["retailer"],
        "name": said["name"],
        "description": said.get("description"),
        "created_at": created,
        "updated_at": parse_moment(said["updated_at"]) if "updated_at" in said else created,
        "created_by": said.get("created_by"),
        "channels": tuple(said.get("channels", ("Onsite", "Offsite"))),
    }


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _generate(said: Mapping[str, Any], world: CriteoWorld) -> None:
    """Add what a retailer asks to have generated, to the first account that may use it."""
    wanted = said.get("generate", {})
    account = next((account for account in world.accounts.values() if said["id"] in account.retailers), None)
    if not wanted or account is None:
        return
    for segment, identifiers in generated_segments(wanted.get("segments", 0), account, said, world):
        world.segments.put(segment)
        _fill(segment, identifiers, None, world)
    for audience in generated_audiences(wanted.get("audiences", 0), account, said["id"], world):
        world.audiences.put(audience)


def _fill(segment: Segment, wanted: int, matches: int | None, world: CriteoWorld) -> None:
    """Give a contact list as many identifiers as wanted, exactly so many of them known to the retailer if told."""
    if segment.contact_list is None or not wanted:
        return
    held = _made_up(segment, wanted, world) if matches is None else _matched(segment, wanted, matches, world)
    found = (0, wanted, world.matches(held, segment.retailer_id))
    world.contact_lists.put(segment.id, ContactList(Members(world.owner, held), found[2], (found,)))


def _made_up(segment: Segment, wanted: int, world: CriteoWorld) -> set[int]:
    return fingerprints(world.seed, "\n".join(f"{segment.id} {number}" for number in range(wanted)).encode())


def _matched(segment: Segment, wanted: int, matches: int, world: CriteoWorld) -> set[int]:
    """`wanted` fingerprints, `matches` of them known: taken from ever more that were made up."""
    rate = world.retailers[segment.retailer_id].match_rate
    if not 0 <= matches <= wanted or (matches and not rate) or (matches < wanted and rate == 1):
        raise Mistake(f"segment {segment.id} cannot have {matches} matches of {wanted} at a match rate of {rate}")
    known: list[int] = []
    others: list[int] = []
    size = wanted
    while len(known) < matches or len(others) < wanted - matches:
        known, others = world.parted(_made_up(segment, size, world), segment.retailer_id)
        size *= 2
    return {*known[:matches], *others[: wanted - matches]}
