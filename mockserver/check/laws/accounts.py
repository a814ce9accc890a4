"""Accounts: what an application may not see and do in those that did not consent to it."""

from mockserver.check.law import Check
from mockserver.check.laws.aiming import managing, place, reading, request, widest
from mockserver.check.laws.permissions import (
    CHANGING,
    DENIED,
    MADE,
    MAIN,
    MANAGING,
    READING,
    UNTOUCHED,
    WRITES,
    amendment,
    bearing,
    denied,
    stable,
    state,
    unchanged,
)
from mockserver.check.laws.stating import claim
from mockserver.check.session import Session
from mockserver.check.setting import Credentials
from mockserver.contract.operation import Operation
from mockserver.evidence import openapi
from mockserver.providers.criteo.sources import OLD_OPENAPI


def _accounts_apart(session: Session, operation: Operation, accounts: list[str], who: Credentials | None) -> None:
    for account in accounts:
        path = place(session, operation, account=account)
        said = b'{"data":{"attributes":{}}}' if operation.scopes[0].endswith("_Read") else b'{"data":[]}'
        sent = said if operation.media else b""
        denied(session.send(request(operation.method, path, sent, authorization=bearing(session, who)), operation))


def _others(session: Session) -> list[str]:
    """Accounts that are not the setting's: unknown, malformed, nearly the same."""
    own = session.setting.account or ""
    near = own[:-1] + ("1" if own[-1] != "1" else "2")
    return ["1", "abc", f"0{own}", near, own[:-1], f"{own} ", f" {own}", f"{own}0", "*", "null", "-1", "9" * 30]


def _naming_an_account(operations: list[Operation]) -> list[Operation]:
    return [each for each in operations if "{account-id}" in each.path]


def _no_reading_elsewhere(session: Session) -> None:
    for number, operation in enumerate(reading(_naming_an_account(stable(session)))):
        _accounts_apart(session, operation, _others(session)[: 12 if number < 3 else 3], session.setting.main)


def _no_managing_elsewhere(session: Session) -> None:
    for operation in managing(_naming_an_account(widest(session))):
        _accounts_apart(session, operation, _others(session)[:4], session.setting.main)


def _not_the_strangers(session: Session) -> None:
    theirs = [session.setting.stranger_account or ""]
    for operation in reading(_naming_an_account(stable(session))):
        _accounts_apart(session, operation, theirs, session.setting.main)


def _nothing_to_change_at_the_strangers(session: Session) -> None:
    theirs = [session.setting.stranger_account or ""]
    for operation in managing(_naming_an_account(stable(session))):
        _accounts_apart(session, operation, theirs, session.setting.main)


def _stranger_reads_nothing(session: Session) -> None:
    for operation in reading(_naming_an_account(stable(session))):
        _accounts_apart(session, operation, [session.setting.account or ""], session.setting.stranger)


def _stranger_changes_nothing(session: Session) -> None:
    for operation in managing(_naming_an_account(stable(session))):
        _accounts_apart(session, operation, [session.setting.account or ""], session.setting.stranger)


def _strangers_calls_leave_all_as_it_was(session: Session) -> None:
    (id,) = session.made(session.contact_list())
    session.amend(id, "add", ["a@example.org"]).says(200)
    before, stranger, wanted = state(session, id), session.setting.stranger, session.contact_list()
    denied(session.create(wanted, who=stranger))
    denied(session.update({"id": id, "attributes": {"name": session.name()}}, who=stranger))
    denied(session.delete(id, who=stranger))
    status, path = int(session.readings["unknown-contact-list"]), {"audience-segment-id": id}
    for what in ("add", "remove"):
        answer = session.ask("AddRemoveContactListByAudienceSegment", amendment(what), path=path, who=stranger)
        answer.says(status, "audience-invalid")
    session.clear(id, who=stranger).says(status, "audience-invalid")
    unchanged(session, id, before)
    session.made(wanted)


def _own_account_shows_nothing_of_others(session: Session) -> None:
    (id,) = session.made(session.contact_list())
    theirs, stranger = session.setting.stranger_account or "", session.setting.stranger
    path = {"account-id": theirs}
    session.search(filters={"audienceSegmentIds": [id]}, path=path, who=stranger).says(200).holds("body/data", [])
    session.delete(id, path=path, who=stranger).says(200).refuses("segment-not-found")
    renamed = {"id": id, "attributes": {"name": session.name()}}
    session.update(renamed, path=path, who=stranger).says(200).refuses("segment-not-found")
    status = int(session.readings["unknown-contact-list"])
    session.statistics(id, who=stranger).says(403, DENIED)
    answer = session.ask("getAudienceSegmentContactListStatistics", path={**path, "audience-segment-id": id}, who=stranger)
    answer.says(status, "audience-invalid")
    session.search(filters={"audienceSegmentIds": [id]}).says(200).holds("body/data/*/id", [id])


_ACCOUNTS = openapi(f"missing or invalid account ids: {OLD_OPENAPI}")


_STRANGER = frozenset({"stranger", "stranger_account"})


CHECKS: tuple[Check, ...] = (
    claim(
        "permission-no-reading-elsewhere",
        "An account in the path that is malformed, unknown or nearly one's own is refused, all alike.",
        _ACCOUNTS,
        _no_reading_elsewhere,
        READING,
        MAIN,
    ),
    claim(
        "permission-no-managing-elsewhere",
        "Nothing is changed in an account that is unknown.",
        _ACCOUNTS,
        _no_managing_elsewhere,
        MANAGING,
        WRITES,
    ),
    claim(
        "permission-strangers-account-not-read",
        "An account that consented to another application only is refused like an unknown one.",
        _ACCOUNTS,
        _not_the_strangers,
        READING,
        MAIN | {"stranger_account"},
    ),
    claim(
        "permission-strangers-account-not-changed",
        "Nothing is changed in an account that consented to another application only.",
        _ACCOUNTS,
        _nothing_to_change_at_the_strangers,
        MANAGING,
        WRITES | {"stranger_account"},
    ),
    claim(
        "permission-stranger-reads-nothing",
        "An application reads nothing of an account that did not consent to it.",
        _ACCOUNTS,
        _stranger_reads_nothing,
        READING,
        MAIN | {"stranger"},
    ),
    claim(
        "permission-stranger-manages-nothing",
        "An application manages nothing of an account that did not consent to it.",
        _ACCOUNTS,
        _stranger_changes_nothing,
        MANAGING,
        WRITES | {"stranger"},
    ),
    claim(
        "permission-stranger-changes-nothing",
        "A stranger's calls leave everything as it was, and a contact list is unknown to a stranger.",
        UNTOUCHED,
        _strangers_calls_leave_all_as_it_was,
        CHANGING,
        MADE | {"stranger"},
    ),
    claim(
        "permission-accounts-are-apart",
        "Through an account of one's own nothing of another's is found, changed or deleted.",
        UNTOUCHED,
        _own_account_shows_nothing_of_others,
        (*CHANGING, *READING),
        MADE | _STRANGER,
    ),
)
