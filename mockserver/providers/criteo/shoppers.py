"""Who is in a segment: each retailer has so many shoppers, and a segment is a set of them that never changes by itself.

A set is a number whose bits are shoppers, so that and, or, not are Python's own. Whether a shopper is in a drawn set
depends on the seed, the key and the share alone; with the same key, a larger share holds every smaller one.
"""

from functools import lru_cache
from hashlib import shake_128

from mockserver.evidence import Rule, assumed
from mockserver.providers.criteo.records import ContactList, EventsSettings, Segment
from mockserver.providers.criteo.world import CriteoWorld

POPULATION = 1 << 16
EVERYONE = (1 << POPULATION) - 1
_PLACES = 10

POPULATION_RULE = Rule(
    "population",
    f"A retailer has {POPULATION} shoppers; segments are repeatable sets of them.",
    assumed("real sizes depend on real people"),
)
EVENTS_RULE = Rule(
    "events-shoppers",
    "More look-back days or a wider price range never mean fewer shoppers; categories and brands are each or-ed, then and-ed.",
    assumed("as the words suggest"),
)
CHANNEL_RULE = Rule(
    "channel-shoppers", "A channel reaches the same share of every retailer's shoppers.", assumed("nobody published it")
)

_ACTIVITY = {"View": 0.60, "AddToCart": 0.35, "Buy": 0.25}
_CHANNEL = {"Onsite": 0.85, "Offsite": 0.60}
_WINDOWS = (7, 14, 30, 45, 60, 90, 120, 150, 180)
_USUAL = 50.0


def shoppers(segment: Segment, world: CriteoWorld) -> int:
    """The shoppers of a segment."""
    if segment.events:
        return by_events(segment.events, segment.retailer_id, world.seed)
    return _by_contact_list(world.contact_list(segment.id), segment.retailer_id, world)


def by_events(events: EventsSettings, retailer: str, seed: int) -> int:
    """The shoppers of a retailer who did such a thing."""
    days = int(events.lookback_days.removeprefix("Last").removesuffix("Days"))
    share = _ACTIVITY[events.shopper_activity] * (0.3 + 0.7 * (_WINDOWS.index(days) + 1) / len(_WINDOWS))
    found = drawn(seed, f"{retailer} {events.shopper_activity}", share)
    for name, ids in (("category", events.category_ids), ("brand", events.brand_ids)):
        found &= _any(seed, retailer, name, ids) if ids else EVERYONE
    return found & _within(seed, retailer, events.min_price, events.max_price)


def in_channel(channel: str, retailer: str, seed: int) -> int:
    """The shoppers that a channel reaches."""
    return drawn(seed, f"{retailer} channel {channel}", _CHANNEL[channel])


@lru_cache(maxsize=512)
def drawn(seed: int, key: str, share: float) -> int:
    """A set of about this share of all shoppers, 0 to 1.

    Each shopper draws a number of ten binary places, and is in if it is less than the share: compared place by place,
    the last first, for all shoppers at once.
    """
    found, level = 0, round(share * (1 << _PLACES))
    if level >> _PLACES:
        return EVERYONE
    for place in range(_PLACES):
        zero = int.from_bytes(shake_128(f"{seed} {key} {place}".encode()).digest(POPULATION // 8), "big")
        found = zero | found if level >> place & 1 else zero & found
    return found


def _any(seed: int, retailer: str, name: str, ids: tuple[str, ...]) -> int:
    found = 0
    for id in ids:
        found |= drawn(seed, f"{retailer} {name} {id}", 0.3)
    return found


def _within(seed: int, retailer: str, least: float | None, most: float | None) -> int:
    """Those whose purchases lie in a price range, which is where each draws one price."""
    below = EVERYONE if most is None else drawn(seed, f"{retailer} price", _cheaper(most))
    return below if least is None else below & ~drawn(seed, f"{retailer} price", _cheaper(least))


def _cheaper(price: float) -> float:
    """The share of purchases below a price: half of them below `_USUAL`, some above any."""
    return max(price, 0.0) / (max(price, 0.0) + _USUAL)


def _by_contact_list(contact_list: ContactList, retailer: str, world: CriteoWorld) -> int:
    """The shoppers whom the known identifiers stand for; two of them may be the same shopper's."""
    if not contact_list.shoppers:
        known, _ = world.parted(contact_list.members.values, retailer)
        bits = bytearray(POPULATION // 8)
        for each in known:
            bits[each % POPULATION >> 3] |= 1 << (each & 7)
        contact_list.shoppers.append(int.from_bytes(bits, "little"))
    return contact_list.shoppers[0]
