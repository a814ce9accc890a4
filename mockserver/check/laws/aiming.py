"""Requests as bytes, aimed at an operation: its place filled with the setting's account and with things that are not there."""

from collections.abc import Iterator, Mapping
from urllib.parse import quote

from mockserver.check.session import Answer, Session
from mockserver.contract.operation import Operation
from mockserver.message import Request

NOBODY = "1"
"""An account, a segment and a customer that are none."""


def of_criteo(session: Session, version: str = "") -> list[Operation]:
    """The operations that need a token of Criteo's, in every version or in one."""
    return [
        each
        for each in session.judge.operations
        if each.scopes
        and each.dated is not None
        and each.path.startswith(f"/{each.version}/")
        and version in ("", each.version)
        if not each.path.startswith("/v2/")
    ]


def widest(session: Session) -> list[Operation]:
    """Every operation once: in the setting's version, or in the first that has it."""
    found = {each.id: session.judge.operation(each.id, session.setting.version) for each in of_criteo(session)}
    return list(found.values())


def reading(operations: list[Operation]) -> Iterator[Operation]:
    """Those that ask for a Read permission of audiences."""
    return (each for each in operations if each.scopes[0].endswith("Audience_Read"))


def managing(operations: list[Operation]) -> Iterator[Operation]:
    """Those that ask for a Manage permission."""
    return (each for each in operations if each.scopes[0].endswith("_Manage"))


def place(session: Session, operation: Operation, **given: str) -> str:
    """The path of an operation: `account` and `segment` in their places, or the setting's account and no segment."""
    filled = {
        "account-id": given.get("account", session.setting.account or NOBODY),
        "audience-segment-id": given.get("segment", NOBODY),
        "accessKey": given.get("customer", session.setting.customer.access_key if session.setting.customer else NOBODY),
    }
    path = operation.path
    for name, value in filled.items():
        path = path.replace(f"{{{name}}}", quote(value, safe=""))
    return path


def request(
    method: str,
    path: str,
    body: bytes = b"",
    *,
    query: str = "",
    authorization: str | None = None,
    media: str | None = "application/json",
    headers: Mapping[str, str] | None = None,
) -> Request:
    """A request as it stands on the wire."""
    named = {**({"content-type": media} if media is not None else {}), **(headers or {})}
    if authorization is not None:
        named["authorization"] = authorization
    wire = tuple((name.encode(), value.encode("latin-1")) for name, value in named.items())
    return Request(method, path, query, wire, body)


def bearer(session: Session) -> str:
    """The header of a token of the setting's application."""
    return f"Bearer {session.token()}"


def shot(session: Session, operation: Operation, body: bytes | None = None, authorization: str | None = None) -> Answer:
    """The answer to an operation's request that would change nothing even if it were let in."""
    said = body if body is not None else b'{"data":[]}' if operation.media else b""
    return session.send(
        request(
            operation.method,
            place(session, operation),
            said,
            authorization=authorization,
            media="application/json" if operation.media else None,
        ),
        operation,
    )


def enveloped(answer: Answer, path: str, kind: str, code: str) -> Answer:
    """Expect Criteo's envelope around one problem of a kind."""
    answer.holds("body/warnings", []).holds("body/errors", 1, "has length")
    answer.holds("body/errors/0/type", kind).holds("body/errors/0/code", code).holds("body/errors/0/instance", path)
    answer.holds("body/errors/0/traceId", "[0-9a-f]{32}", "matches")
    return answer.holds("body/errors/0/traceIdentifier", answer.at("body/errors/0/traceId"))


def searching(session: Session) -> Operation:
    """The search of segments."""
    return session.judge.operation("searchAudienceSegments", session.setting.version)


def sent(session: Session, operation: Operation, body: bytes, media: str | None = "application/json") -> Answer:
    """The answer to these bytes, by a token of the setting's application."""
    path = place(session, operation)
    return session.send(request(operation.method, path, body, media=media, authorization=bearer(session)), operation)
