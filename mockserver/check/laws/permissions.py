"""What a caller may do: Read and Manage, each with what it includes."""

from mockserver.check.law import Check
from mockserver.check.laws.aiming import managing, of_criteo, place, reading, request, shot
from mockserver.check.laws.stating import claim
from mockserver.check.session import Answer, Session
from mockserver.check.setting import Credentials
from mockserver.contract.operation import Operation
from mockserver.evidence import assumed, guide, openapi
from mockserver.providers.criteo.sources import OLD_OPENAPI

DENIED = "permission-denied"


def denied(answer: Answer) -> None:
    """Expect the refusal of who may not."""
    answer.says(403, DENIED).holds("body/errors/0/type", "authorization")
    answer.holds("body/errors/0/title", "Permission denied, you do not have access this to resource")


def bearing(session: Session, who: Credentials | None) -> str:
    """The header of a token of somebody's."""
    return f"Bearer {session.token(who)}"


def stable(session: Session) -> list[Operation]:
    """Every operation of the setting's version, of the undated ones, and of the latest."""
    latest = max(each.version for each in of_criteo(session) if each.version[0] == "2")
    wanted = {session.setting.version, "preview", "experimental", latest}
    return [each for each in of_criteo(session) if each.version in wanted]


def _reads(session: Session, who: Credentials | None) -> None:
    for operation in reading(stable(session)):
        answer = shot(session, operation, b'{"data":{"attributes":{}}}' if operation.media else b"", bearing(session, who))
        answer.holds("status", [401, 429], "is none of").holds("body/errors/*/code", DENIED, "has not")
    session.search(query={"limit": 1}, who=who).says(200)
    session.ask("searchAudiences", {"data": {"attributes": {}}}, query={"limit": 1}, who=who).says(200)


def _reader_reads(session: Session) -> None:
    _reads(session, session.setting.reader)


def _manager_reads(session: Session) -> None:
    _reads(session, session.setting.main)


def _reader_manages_nothing(session: Session) -> None:
    header = bearing(session, session.setting.reader)
    for operation in managing(stable(session)):
        denied(shot(session, operation, authorization=header))
        if operation.media:
            denied(shot(session, operation, b"", header))


def state(session: Session, id: str) -> tuple[Answer, Answer]:
    """A segment as it is found, and what its list holds."""
    found = session.search(filters={"audienceSegmentIds": [id]}).says(200).holds("body/data/*/id", [id])
    return found, session.statistics(id).says(200)


def unchanged(session: Session, id: str, before: tuple[Answer, Answer]) -> None:
    """Expect a segment and its list to be as they were."""
    after = state(session, id)
    after[0].holds("body/data", before[0].at("body/data"))
    after[1].holds("body/data", before[1].at("body/data"))


def amendment(operation: str) -> dict[str, object]:
    """The body of a change to a contact list."""
    attributes = {"operation": operation, "identifiers": ["a@example.org", "b@example.org"]}
    return {"data": {"attributes": attributes}}


def _readers_calls_leave_all_as_it_was(session: Session) -> None:
    (id,) = session.made(session.contact_list())
    session.amend(id, "add", ["a@example.org"]).says(200)
    before, reader, wanted = state(session, id), session.setting.reader, session.contact_list()
    denied(session.create(wanted, who=reader))
    denied(session.update({"id": id, "attributes": {"name": session.name()}}, who=reader))
    denied(session.delete(id, who=reader))
    path = {"audience-segment-id": id}
    for what in ("add", "remove"):
        denied(session.ask("AddRemoveContactListByAudienceSegment", amendment(what), path=path, who=reader))
    denied(session.clear(id, who=reader))
    unchanged(session, id, before)
    session.made(wanted)


def _permission_before_body(session: Session) -> None:
    operation = session.judge.operation("searchAudienceSegments", session.setting.version)
    for body in (b"", b"{", b"5"):
        path = place(session, operation, account="1")
        denied(session.send(request("POST", path, body, authorization=bearing(session, None)), operation))


def _reports_are_permitted_apart(session: Session) -> None:
    operation = session.judge.operation("getRealTimeReport", session.setting.version)
    said = {"data": {"attributes": {"advertiserIds": list(session.setting.advertisers[:1])}}}
    for version in ("preview", "experimental"):
        denied(session.ask("getRealTimeReport", said, version=version, who=session.setting.stranger))
    header = bearing(session, session.setting.stranger)
    denied(session.send(request("POST", place(session, operation), b"{", authorization=header), operation))
    session.ask("getRealTimeReport", said).says(200)


_PAIR = openapi(f"the one generic pair, from advertisers: {OLD_OPENAPI}", unproven="that audiences send it")
_INCLUDED = guide("developers.criteo.com")
UNTOUCHED = assumed("a call that is refused does nothing")
READING = ("searchAudienceSegments", "searchAudiences", "getAudienceSegmentContactListStatistics")
LISTS = ("AddRemoveContactListByAudienceSegment", "ClearContactListByAudienceSegment")
CHANGING = ("bulkCreateAudienceSegments", "bulkUpdateAudienceSegments", "bulkDeleteAudienceSegments", *LISTS)
MANAGING = (
    *CHANGING,
    *("bulkCreateAudience", "bulkUpdateAudience", "bulkDeleteAudiences", "computeAudienceSegmentsSizes"),
    *("computeAudiencesSizes", "estimateAudienceSegmentSize", "estimateAudienceSize"),
)

MAIN = frozenset({"main", "account"})
WRITES = MAIN | {"writes"}
MADE = WRITES | {"retailers"}


CHECKS: tuple[Check, ...] = (
    claim("permission-reader-reads", "A Read permission lets read.", _PAIR, _reader_reads, READING, MAIN | {"reader"}),
    claim("permission-manager-reads", "A Manage permission includes the Read one.", _INCLUDED, _manager_reads, READING, MAIN),
    claim(
        "permission-reader-manages-nothing",
        "A Read permission lets do nothing that asks for Manage, in any version.",
        _PAIR,
        _reader_manages_nothing,
        MANAGING,
        WRITES | {"reader"},
    ),
    claim(
        "permission-reader-changes-nothing",
        "A call that is refused for want of Manage leaves everything as it was.",
        UNTOUCHED,
        _readers_calls_leave_all_as_it_was,
        CHANGING,
        MADE | {"reader"},
    ),
    claim(
        "permission-before-body",
        "The account is looked at before the body.",
        assumed("nobody published what is looked at first"),
        _permission_before_body,
        READING[:1],
        MAIN,
    ),
    claim(
        "permission-of-reports",
        "Reports ask for a permission of their own.",
        _PAIR,
        _reports_are_permitted_apart,
        ("getRealTimeReport",),
        {"main", "stranger", "advertisers"},
    ),
)
