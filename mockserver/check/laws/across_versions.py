"""Laws of versions: there is one account behind all of them, and each shows it alike."""

from collections.abc import Iterator
from datetime import UTC, datetime

from mockserver.check.law import once
from mockserver.check.laws.refusals import UNDATED, lists
from mockserver.check.laws.segment_life import SegmentLife
from mockserver.check.laws.stating import law
from mockserver.check.session import Session
from mockserver.evidence import assumed, guide
from mockserver.providers.criteo.sources import SEGMENT_GUIDE, VERSION_GUIDE

OPERATIONS = (
    "bulkCreateAudienceSegments",
    "bulkUpdateAudienceSegments",
    "bulkDeleteAudienceSegments",
    "searchAudienceSegments",
)


def served(session: Session) -> Iterator[str]:
    """The versions that answer for themselves at the target's time: a retired one may be gone."""
    now = datetime.fromtimestamp(session.wire.now(), UTC)
    for operation in session.judge.operations:
        version = operation.version
        if operation.id == OPERATIONS[0] and (version in UNDATED or now < _retirement(version)):
            yield version


def _retirement(version: str) -> datetime:
    return datetime(int(version[:4]) + 1, int(version[5:]), 1, tzinfo=UTC)


def _one_account(session: Session) -> None:
    life = SegmentLife.of(session)
    versions = [*served(session)]
    for version in versions:
        life.create(session.contact_list(), session.events(), version=version)
        for other in versions:
            life.find(version=other)


def _changed_anywhere(session: Session) -> None:
    life = SegmentLife.of(session)
    versions = [*served(session)]
    ids = life.create(*[session.contact_list() for _ in versions])
    for version, id in zip(versions, ids, strict=True):
        life.update({"id": id, "attributes": {"description": {"value": version}}}, version=version)
        life.delete(ids[0], version=version)
        for other in versions:
            life.find(version=other)


def _lists_anywhere(session: Session) -> None:
    (id,) = session.made(session.contact_list())
    versions = [*served(session)]
    for number, version in enumerate(versions, 1):
        session.amend(id, "add", [f"{number}@example.com"], version=version).says(200)
        if session.readings["statistics-computed"] == "at-once":
            for other in versions:
                session.statistics(id, version=other).holds("body/data/attributes/numberOfIdentifiers", number)


def _names_anywhere(session: Session) -> None:
    life = SegmentLife.of(session)
    said = session.contact_list()
    for version in served(session):
        life.create(said, version=version)


def _where_refused_items_stand(session: Session) -> None:
    problems = (("data/0/attributes/name", "name-must-not-be-empty"), ("data/2/attributes/name", "name-must-not-be-empty"))
    unsound = session.contact_list(name="")
    for version in served(session):
        lists(session.create(unsound, session.contact_list(), unsound, version=version), *problems)
        lists(session.update({"id": "0"}, version=version), ("data/0/id", "segment-not-found"))
        lists(session.delete("0", version=version), ("data/0/id", "segment-not-found"))


CHECKS = (
    law(
        "versions-one-account",
        "What one version makes every other finds, the same in every member.",
        guide(VERSION_GUIDE, unproven="between these versions"),
        once(_one_account),
        *OPERATIONS,
    ),
    law(
        "versions-change-alike",
        "What one version changes or deletes every other sees so.",
        guide(VERSION_GUIDE, unproven="between these versions"),
        once(_changed_anywhere),
        *OPERATIONS,
    ),
    law(
        "versions-one-list",
        "What one version adds to a contact list every other counts.",
        guide(VERSION_GUIDE, unproven="between these versions"),
        once(_lists_anywhere),
        "AddRemoveContactListByAudienceSegment",
        "getAudienceSegmentContactListStatistics",
    ),
    law(
        "versions-one-name",
        "A name that one version gave is taken in every other.",
        assumed("there is one account"),
        once(_names_anywhere),
        OPERATIONS[0],
    ),
    law(
        "versions-refused-items",
        "Refused items stand in warnings or errors, by version and reading.",
        guide(SEGMENT_GUIDE),
        once(_where_refused_items_stand),
        *OPERATIONS[:3],
    ),
)
