"""How Shoplive's part of a world begins, and how campaigns get into it."""

import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from typing import Any

from mockserver.clock import parse_moment, within
from mockserver.mistake import Mistake, unknown
from mockserver.providers.shoplive.activity import FIGURES, KINDS, Event, Recorded, Spread
from mockserver.providers.shoplive.records import Activity, Campaign, Customer, Figures
from mockserver.providers.shoplive.world import ShopliveWorld
from mockserver.world import World

_MEMBERS = ("id", "key", "access_key", "title", "scheduled_at", "started_at", "ended_at", "figures", "events")
_EVENT_MEMBERS = ("at", "viewer", "kind", "login", "new", "seconds")


def found(said: Mapping[str, Any], seed: int, now: float) -> ShopliveWorld:
    """The world that the `shoplive` part of a world file describes. Raises `Mistake`."""
    world = ShopliveWorld(seed, {each["access_key"]: _customer(each) for each in said.get("customers", ())})
    for each in said.get("campaigns", ()):
        keep(world, each)
    return world


def write_campaigns(home: World, world: ShopliveWorld, said: Mapping[str, Any]) -> dict[str, Any]:
    """`{"campaigns": [{…}]}`: campaigns new or in the place of those with their keys. Raises `Mistake` and then writes none."""
    if set(said) != {"campaigns"} or not isinstance(said["campaigns"], list):
        raise Mistake('what is written are {"campaigns": [...]}')
    draft = world.fork()
    keys = [keep(draft, each).key for each in said["campaigns"]]
    world.campaigns, world.newest_campaign = draft.campaigns, draft.newest_campaign
    return {"written": keys}


def keep(world: ShopliveWorld, said: Any) -> Campaign:
    """Add a campaign as a world file or a control call describes it. Raises `Mistake`."""
    _only(said, _MEMBERS, "a campaign")
    for name in ("key", "access_key", "title"):
        if not isinstance(said.get(name), str) or not said[name]:
            raise Mistake(f"a campaign needs a {name}")
    key, access_key = said["key"], said["access_key"]
    if access_key not in world.customers:
        raise unknown("access_key", access_key, world.customers)
    if not key.isascii() or not key.isalnum() or len(key) > 32:
        raise Mistake(f"a campaign's key is 1 to 32 letters and digits, not {key!r}")
    scheduled, started, ended = (_moment(said, name) for name in ("scheduled_at", "started_at", "ended_at"))
    if ended is not None and (started is None or ended <= started):
        raise Mistake(f"campaign {key} ends without having started before")
    campaign = Campaign(
        _id(world, said), key, access_key, said["title"], scheduled, started, ended, _activity(said, key, started, ended)
    )
    world.campaigns.put(campaign)
    world.newest_campaign = max(world.newest_campaign, campaign.id)
    return campaign


def _customer(said: Mapping[str, Any]) -> Customer:
    try:
        return Customer(said["access_key"], b64decode(said["secret_key"], validate=True), said.get("generate", False))
    except NotBase64:
        raise Mistake(f"the secret_key of {said['access_key']} is not base64") from None


def _id(world: ShopliveWorld, said: Mapping[str, Any]) -> int:
    """The id it says, else that of the campaign with its key, else the next."""
    known = next(iter(world.campaigns.filed((said["access_key"], said["key"]))), None)
    if said.get("id") is None:
        return known if known is not None else world.newest_campaign + 1
    if not re.fullmatch("[0-9]{1,12}", str(said["id"])):
        raise Mistake(f"the id of campaign {said['key']} is a number of up to 12 digits, not {said['id']!r}")
    wanted = int(said["id"])
    if known not in (None, wanted):
        raise Mistake(f"campaign {said['key']} has the id {known} and keeps it")
    other = world.campaigns.get(wanted)
    if other is not None and (other.access_key, other.key) != (said["access_key"], said["key"]):
        raise Mistake(f"campaign {said['key']} cannot have the id {wanted}: it is another's")
    return wanted


def _activity(said: Mapping[str, Any], key: str, started: float | None, ended: float | None) -> Activity:
    if "figures" in said and "events" in said:
        raise Mistake(f"campaign {key} has either figures or events")
    if not isinstance(said.get("events", []), list):
        raise Mistake(f"the events of campaign {key} are a list")
    if "figures" not in said:
        return Recorded(tuple(sorted((_event(each, key) for each in said.get("events", ())), key=lambda event: event.at)))
    _only(said["figures"], FIGURES, f"the figures of campaign {key}")
    if started is None or ended is None:
        raise Mistake(f"the figures of campaign {key} are spread over its time: it needs started_at and ended_at")
    if any(type(value) is not int or not 0 <= value < 2**63 for value in said["figures"].values()):
        raise Mistake(f"the figures of campaign {key} are whole numbers of 64 bits, 0 or more")
    return Spread(Figures(**said["figures"]), started, ended)


def _event(said: Any, key: str) -> Event:
    _only(said, _EVENT_MEMBERS, f"an event of campaign {key}")
    moment = _moment(said, "at")
    if moment is None or not isinstance(said.get("viewer"), str):
        raise Mistake(f"an event of campaign {key} needs at and viewer")
    if said.get("kind") not in KINDS:
        raise unknown(f"kind of event in campaign {key}", str(said.get("kind")), KINDS)
    seconds = said.get("seconds", 0)
    if type(seconds) is not int or not 0 <= seconds < 2**31:
        raise Mistake(f"the seconds of an event of campaign {key} are a whole number, not {seconds!r}")
    login, new = said.get("login", False), said.get("new", False)
    if not isinstance(login, bool) or not isinstance(new, bool):
        raise Mistake(f"login and new of an event of campaign {key} are true or false")
    return Event(moment, said["viewer"], said["kind"], login, new, seconds)


def _moment(said: Mapping[str, Any], name: str) -> float | None:
    return None if said.get(name) is None else within(parse_moment(said[name]))


def _only(said: Any, known: tuple[str, ...], what: str) -> None:
    if not isinstance(said, dict):
        raise Mistake(f"{what} is an object")
    for name in said:
        if name not in known:
            raise unknown(f"member of {what}", name, known)
