"""Criteo's part of a world: accounts, applications, segments, contact lists, audiences."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import orjson

from mockserver.fingerprint import fingerprint
from mockserver.providers.criteo.records import (
    Account,
    AdSet,
    Application,
    Audience,
    ContactList,
    Retailer,
    Segment,
    audience_keys,
    segment_keys,
)
from mockserver.providers.criteo.tokens import Claims, read
from mockserver.store import Collection, Members, Table

_SWEPT_AT = 1024
_FORGOTTEN: Mapping[str, bool] = {"kept": False}
"""Marks what a world kept in a file is kept without."""
_REPORTS_KEPT = 64


def _segments() -> Collection[Segment]:
    return Collection(segment_keys)


def _audiences() -> Collection[Audience]:
    return Collection(audience_keys)


@dataclass(slots=True)
class CriteoWorld:
    """Accounts, retailers, applications, ad sets and currencies stand from the start; the rest comes and goes.

    `ad_sets` are by advertiser, `currencies` what a euro is worth, `reports` the latest realtime ones by caller, quarter of
    an hour and request: a function of what stands from the start, so forks share them.

    `callers` remembers callers by their Authorization header, `owner` is who may write into contact lists in place.
    """

    seed: int
    accounts: dict[str, Account]
    retailers: dict[str, Retailer]
    applications: dict[str, Application]
    segments: Collection[Segment] = field(default_factory=_segments)
    contact_lists: Table[int, ContactList] = field(default_factory=Table)
    audiences: Collection[Audience] = field(default_factory=_audiences)
    spent: Table[str, float] = field(default_factory=Table)
    ad_sets: dict[str, tuple[AdSet, ...]] = field(default_factory=dict)
    currencies: dict[str, Decimal] = field(default_factory=dict)
    newest_segment: int = 0
    newest_audience: int = 0
    reports: dict[tuple[str, int, bytes], orjson.Fragment] = field(default_factory=dict, metadata=_FORGOTTEN)
    owner: object = field(default_factory=object, metadata=_FORGOTTEN)
    callers: dict[str, Any] = field(default_factory=dict, metadata=_FORGOTTEN)

    def fork(self) -> "CriteoWorld":
        """The same world, from here on its own. Neither owns the contact lists any more."""
        self.owner = object()
        return replace(
            self,
            segments=self.segments.fork(),
            contact_lists=self.contact_lists.fork(),
            audiences=self.audiences.fork(),
            spent=self.spent.fork(),
            owner=object(),
            callers={},
        )

    def entities(self) -> Mapping[str, Mapping[int, Any]]:
        """Segments, audiences and contact lists by id."""
        return {"segment": self.segments.rows, "audience": self.audiences.rows, "contact list": self.contact_lists.rows}

    def claims(self, token: str) -> Claims | None:
        """What a token of this world says, or nothing if it is not of this world."""
        return read(token, self.seed)

    def spend(self, token: str, expires: float, now: float) -> None:
        """Remember that a code or refresh token is used up, at least for as long as it could be used."""
        if len(self.spent) % _SWEPT_AT == _SWEPT_AT - 1:
            self.spent = Table({old: until for old, until in self.spent.items() if until > now})
        self.spent.put(token, expires)

    def is_spent(self, token: str) -> bool:
        """Whether a code or refresh token was used up."""
        return token in self.spent

    def coming_segment_id(self) -> int:
        """The id of the next segment, above every other, so that pages already read stay as they were."""
        return self.newest_segment + 1 + fingerprint(self.seed, f"step {self.newest_segment}") % 9973

    def keep_segment(self, segment: Segment) -> None:
        """Remember a segment, new or changed."""
        self.segments.put(segment)
        self.newest_segment = max(self.newest_segment, segment.id)

    def coming_audience_id(self) -> int:
        """The id of the next audience, above every other."""
        return self.newest_audience + 1 + fingerprint(self.seed, f"audience step {self.newest_audience}") % 9973

    def keep_audience(self, audience: Audience) -> None:
        """Remember an audience, new or changed."""
        self.audiences.put(audience)
        self.newest_audience = max(self.newest_audience, audience.id)

    def keep_report(self, asked: tuple[str, int, bytes], written: orjson.Fragment) -> None:
        """Keep a realtime report for whoever asks the same again."""
        if len(self.reports) >= _REPORTS_KEPT:
            self.reports.clear()
        self.reports[asked] = written

    def contact_list(self, segment: int, *, fresh: bool = False) -> ContactList:
        """What a contact-list segment holds; `fresh` gives it empty, its history kept."""
        known = self.contact_lists.get(segment)
        if known is None:
            return ContactList(Members(self.owner))
        return ContactList(Members(self.owner), 0, known.history) if fresh else known

    def forget_segment(self, segment: Segment) -> None:
        """Remove a segment and what its list held."""
        self.segments.remove(segment)
        self.contact_lists.remove(segment.id)

    def matches(self, fingerprints: Iterable[int], retailer: str) -> int:
        """How many of these identifiers a retailer knows."""
        known = int(self.retailers[retailer].match_rate * 2**64)
        return len([each for each in fingerprints if each < known])

    def parted(self, fingerprints: Iterable[int], retailer: str) -> tuple[list[int], list[int]]:
        """Those that a retailer knows and those it does not."""
        known = int(self.retailers[retailer].match_rate * 2**64)
        every = list(fingerprints)
        return [each for each in every if each < known], [each for each in every if each >= known]
