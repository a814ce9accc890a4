"""Stand-ins for what a session will make, so that requests can be drawn before it begins; and who plays them then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mockserver.check.session import Session
from mockserver.check.setting import Setting
from mockserver.providers.criteo.ledger import Traffic
from mockserver.providers.criteo.records import AdSet, Audience, ContactListSettings, EventsSettings, Segment
from mockserver.testing.holdings import Holdings

RETAILERS = ("7300000000000000001", "7300000000000000002")
LIST, SECOND, CARDS, OTHER = 7100000000000000001, 7100000000000000002, 7100000000000000003, 7100000000000000006
BOUGHT, VIEWED = 7100000000000000004, 7100000000000000005
GONE, GONE_AUDIENCE = 7100000000000000099, 7200000000000000099
ONE, TWO = 7200000000000000001, 7200000000000000002
VACANT = 7
"""What `Holdings.vacant_id` makes of these: played by what is gone."""

_LONG = 100
_ID_MEMBERS = frozenset(
    """id ids audienceSegmentId audienceSegmentIds audienceIds retailerId retailerIds advertiserIds campaignIds
    adsetIds""".split()
)
_READERS = frozenset({"searchAudienceSegments", "searchAudiences", "getAudienceSegmentContactListStatistics"})
_OF_AUDIENCES = frozenset({"bulkUpdateAudience", "bulkDeleteAudiences", "computeAudiencesSizes", "searchAudiences"})
_QUIET = Traffic("", 0, 0)
_NOTHING_MADE = frozenset({"requestToken", "getRealTimeReport", "retrieveCampaignStats", "estimateAudienceSegmentSize"})


def _segment(id: int, retailer: str, *, kind: str | None = None) -> Segment:
    settings = None if kind is None else ContactListSettings(kind)
    events = EventsSettings("Buy", "Last30Days", ("1042",)) if kind is None else None
    return Segment(id, "", retailer, f"stand-in {id}", None, 0, 0, None, (), settings, events)


def _audience(id: int, segment: int) -> Audience:
    algebra = {"audienceSegmentId": str(segment)}
    return Audience(id, "", RETAILERS[0], f"stand-in {id}", None, algebra, frozenset({str(segment)}), 0, 0, None, ())


@dataclass(frozen=True, slots=True)
class Known:
    """What drawing depends on: what of the readings, and how much of a setting."""

    readings: Mapping[str, str]
    retailers: int
    ad_sets: tuple[tuple[str, str, str], ...] = ()
    """Advertiser, campaign, ad set."""


def known_of(session: Session, operation: str) -> Known:
    """What is to be known of a target before requests of an operation are drawn; a report tells of campaigns."""
    ad_sets = _reported(session) if operation == "getRealTimeReport" else ()
    return Known(session.readings, min(len(session.setting.retailers), len(RETAILERS)), ad_sets)


def _reported(session: Session) -> tuple[tuple[str, str, str], ...]:
    """One ad set of each advertiser, or the advertisers alone if nothing was shown lately."""
    dimensions = ["AdvertiserId", "CampaignId", "AdsetId"]
    said = {"advertiserIds": list(session.setting.advertisers[:10]), "dimensions": dimensions, "lookbackWindow": 24}
    answer = session.ask("getRealTimeReport", {"data": {"attributes": said}})
    rows = answer.at("body/data/0/attributes/rows")
    whole = [row for row in rows if row.keys() >= {*dimensions}] if isinstance(rows, list) else []
    found = {row["AdvertiserId"]: row for row in reversed(whole)}
    return tuple((id, row["CampaignId"], row["AdsetId"]) for id, row in sorted(found.items()))


def stand_ins(known: Known, operation: str, version: str, setting: Setting) -> Holdings:
    """Holdings of stand-ins, as far as an operation can speak of them."""
    retailers = RETAILERS[: known.retailers]
    segments = {each.id: each for each in _segments(known)}
    audiences = {each.id: each for each in _audiences(operation, version)}
    ad_sets = [AdSet(ad_set, "", campaign, "", advertiser, "", _QUIET, 0) for advertiser, campaign, ad_set in known.ad_sets]
    bare = [AdSet("", "", "", "", id, "", _QUIET, 0) for id in setting.advertisers]
    return Holdings(
        account=setting.account or "",
        retailers=retailers,
        segments=segments,
        audiences=audiences,
        segment_names=frozenset(each.name for each in segments.values()),
        audience_names=frozenset(each.name for each in audiences.values()),
        by_retailer={id: [str(each.id) for each in segments.values() if each.retailer_id == id] for id in retailers},
        strange_segments=(GONE,),
        strange_retailers=(),
        holds="Email",
        ad_sets=tuple(ad_sets or bare),
        currencies=("EUR", "USD"),
        applications=(),
        readings=known.readings,
    )


def _segments(known: Known) -> Sequence[Segment]:
    made = [_segment(LIST, RETAILERS[0], kind="Email"), _segment(SECOND, RETAILERS[0], kind="Email")]
    made.append(_segment(CARDS, RETAILERS[0], kind="CustomerId"))
    if known.readings["events-segments"] == "allowed":
        made += [_segment(BOUGHT, RETAILERS[0]), _segment(VIEWED, RETAILERS[0])]
    return made if known.retailers < 2 else [*made, _segment(OTHER, RETAILERS[1], kind="Email")]


def _audiences(operation: str, version: str) -> Sequence[Audience]:
    makes = version in ("preview", "experimental") and operation in _OF_AUDIENCES
    return [_audience(ONE, LIST), _audience(TWO, SECOND)] if makes else []


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays which stand-in: actual ids and names by those that stand for them."""

    ids: Mapping[str, str]
    names: Mapping[str, str]

    def told(self, node: Any, prefix: str, member: str = "") -> Any:
        """A body with the actual ids and names; new names begin with `prefix`."""
        if isinstance(node, dict):
            return {name: self.told(value, prefix, name) for name, value in node.items()}
        if isinstance(node, list):
            return [self.told(item, prefix, member) for item in node]
        if member in _ID_MEMBERS and type(node) in (str, int):
            actual = self.ids.get(str(node))
            return node if actual is None else type(node)(actual)
        if member == "name" and isinstance(node, str) and node.strip():
            return self.names.get(node) or _named(node, prefix)
        return node


def _named(name: str, prefix: str) -> str:
    """A name that begins so; a long one keeps its length, which may be what it is about."""
    return f"{prefix} {name if len(name) < _LONG else name[len(prefix) + 1 :]}"


def cast(session: Session, operation: str, version: str, held: Holdings) -> Cast:
    """Make what an operation may speak of, as far as this wire lets; otherwise take what can be found."""
    ids = dict(zip(held.retailers, session.setting.retailers, strict=False))
    names: dict[str, str] = {}
    if operation in _READERS and "writes" not in session.wire.abilities:
        ids |= _found(session, held)
    elif operation not in _NOTHING_MADE:
        _make_segments(session, held, ids, names)
        if held.audiences:
            _make_audiences(session, version, held, ids, names)
    return Cast(ids, names)


def _found(session: Session, held: Holdings) -> dict[str, str]:
    """Contact lists that are there, by those that stand for them."""
    answer = session.search(query={"limit": len(held.segments)}, filters={"audienceSegmentTypes": ["ContactList"]})
    return dict(zip(map(str, held.segments), answer.ids, strict=False))


def _make_segments(session: Session, held: Holdings, ids: dict[str, str], names: dict[str, str]) -> None:
    each_said = [(str(each.id), _said(each, session, ids)) for each in held.segments.values()]
    each_said.append((str(GONE), session.contact_list()))
    made = session.made(*[said for _, said in each_said])
    ids |= dict(zip([id for id, _ in each_said], made, strict=True))
    names |= {f"stand-in {id}": said["name"] for id, said in each_said}
    session.delete(made[-1]).says(200)
    ids[str(VACANT)] = made[-1]


def _said(segment: Segment, session: Session, ids: Mapping[str, str]) -> dict[str, Any]:
    retailer = ids[segment.retailer_id]
    if segment.contact_list is None:
        return session.events(retailerId=retailer)
    return session.contact_list(segment.contact_list.identifier_type, retailerId=retailer)


def _make_audiences(session: Session, version: str, held: Holdings, ids: dict[str, str], names: dict[str, str]) -> None:
    said: list[dict[str, Any]] = [
        {
            "name": session.name("audience"),
            "retailerId": ids[each.retailer_id],
            "algebra": {"audienceSegmentId": ids[next(iter(each.segments))]},
        }
        for each in [*held.audiences.values(), next(iter(held.audiences.values()))]
    ]
    body = {"data": [{"attributes": each} for each in said]}
    answer = session.ask("bulkCreateAudience", body, version=version).says(200).refuses()
    made = answer.holds("body/data", len(said), "has length").ids
    stand_ins = [*map(str, held.audiences), str(GONE_AUDIENCE)]
    ids |= dict(zip(stand_ins, made, strict=True)) | {str(VACANT): made[-1]}
    names |= {f"stand-in {id}": each["name"] for id, each in zip(stand_ins, said, strict=True)}
    session.ask("bulkDeleteAudiences", {"data": [{"id": made[-1]}]}, version=version).says(200)
