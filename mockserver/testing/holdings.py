"""What a world of Criteo holds that a caller may speak of: ids, names, types, currencies."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import count

from mockserver.mistake import Mistake, unknown
from mockserver.providers.criteo.records import AdSet, Application, Audience, Segment
from mockserver.providers.criteo.world import CriteoWorld


@dataclass(frozen=True, slots=True, eq=False)
class Holdings:
    """What is there for one account of one caller, as it stood when this was made.

    `segments` and `audiences` are the account's, `strange_segments` and `strange_retailers` are not, `ad_sets` are those of
    the advertisers that consented to the caller. Names are case-folded. `holds` is what identifiers amended lists hold.
    """

    account: str
    retailers: tuple[str, ...]
    segments: Mapping[int, Segment]
    audiences: Mapping[int, Audience]
    segment_names: frozenset[str]
    audience_names: frozenset[str]
    by_retailer: Mapping[str, list[str]]
    strange_segments: tuple[int, ...]
    strange_retailers: tuple[str, ...]
    holds: str
    ad_sets: tuple[AdSet, ...]
    currencies: tuple[str, ...]
    applications: tuple[Application, ...]
    readings: Mapping[str, str]

    @property
    def lists(self) -> list[Segment]:
        """The contact lists that can be written to."""
        return [each for each in self.segments.values() if each.contact_list and not each.contact_list.is_read_only]

    def lists_of(self, kind: str) -> list[Segment]:
        """Those that hold identifiers of one type."""
        return [each for each in self.lists if each.contact_list and each.contact_list.identifier_type == kind]

    @property
    def events_are_refused(self) -> bool:
        """Whether segments by events can neither be created nor updated."""
        return self.readings["events-segments"] == "refused"

    def segments_of(self, retailer: str) -> list[str]:
        """The ids of the account's segments with a retailer."""
        return self.by_retailer.get(retailer, [])

    def changeable(self) -> list[Segment]:
        """The segments that an update may name."""
        return [each for each in self.segments.values() if each.contact_list or not self.events_are_refused]

    def deletable(self) -> list[Segment]:
        """The segments that can be deleted, under the reading in force."""
        every = self.segments.values()
        if self.readings["delete-used-segment"] == "allowed":
            return list(every)
        used = {segment for audience in self.audiences.values() for segment in audience.segments}
        return [each for each in every if str(each.id) not in used]

    def vacant_id(self) -> str:
        """An id that nothing here has."""
        taken = {*self.segments, *self.audiences, *self.strange_segments}
        return str(next(id for id in count(7) if id not in taken))


def caller(world: CriteoWorld, operation: str, scopes: Iterable[str]) -> Application:
    """The first application that may call an operation. Raises `Mistake` if there is none."""
    for application in world.applications.values():
        if all(application.permissions & {scope, scope.replace("_Read", "_Manage")} for scope in scopes):
            return application
    raise Mistake(f"no application of this world may call {operation}")


def holdings(
    world: CriteoWorld, readings: Mapping[str, str], application: Application, account: str | None, segment: str | None
) -> Holdings:
    """What a caller may speak of with an account, or with its first one. Raises `Mistake` for one that is not its own."""
    chosen = _account(world, application, account)
    retailers = world.accounts[chosen].retailers if chosen else ()
    own = {each.id: each for each in sorted(world.segments, key=_id) if each.account_id == chosen}
    audiences = {each.id: each for each in sorted(world.audiences, key=_id) if each.account_id == chosen}
    return Holdings(
        account=chosen,
        retailers=retailers,
        segments=own,
        audiences=audiences,
        segment_names=frozenset(each.name.casefold() for each in own.values()),
        audience_names=frozenset(each.name.casefold() for each in audiences.values()),
        by_retailer=_by_retailer(own.values()),
        strange_segments=tuple(each.id for each in world.segments if each.account_id != chosen),
        strange_retailers=tuple(id for id in world.retailers if id not in retailers),
        holds=_holds(own, segment),
        ad_sets=tuple(ad_set for id in application.advertisers for ad_set in world.ad_sets.get(id, ())),
        currencies=tuple(world.currencies),
        applications=tuple(world.applications.values()),
        readings=readings,
    )


def _id(record: Segment | Audience) -> int:
    return record.id


def _account(world: CriteoWorld, application: Application, account: str | None) -> str:
    if account is not None and account not in application.accounts:
        raise unknown(f"account of application {application.client_id}", account, application.accounts)
    return account or next(iter(application.accounts), "")


def _by_retailer(segments: Iterable[Segment]) -> dict[str, list[str]]:
    filed: dict[str, list[str]] = {}
    for segment in segments:
        filed.setdefault(segment.retailer_id, []).append(str(segment.id))
    return filed


def _holds(segments: Mapping[int, Segment], segment: str | None) -> str:
    """The type of the list named, or of the first that can be written to."""
    lists = [(str(each.id), each.contact_list) for each in segments.values() if each.contact_list]
    found = [each for id, each in lists if (id == segment if segment else not each.is_read_only)]
    if segment is not None and not found:
        raise unknown("contact list of this account", segment, [id for id, _ in lists])
    return found[0].identifier_type if found else "Email"
