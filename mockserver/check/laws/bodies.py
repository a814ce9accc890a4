"""Bodies: of the wrong type, broken, too deep, too large, or with more in them than is known."""

from collections.abc import Iterable

from mockserver.check.law import Check
from mockserver.check.laws.aiming import enveloped, managing, place, reading, searching, sent, widest
from mockserver.check.laws.stating import claim
from mockserver.check.session import Session
from mockserver.contract.operation import LARGEST_BODY, Operation
from mockserver.evidence import assumed, guide, openapi, third_party
from mockserver.providers.criteo.sources import ERROR_GUIDE, OLD_OPENAPI, RUDDERSTACK

_BROKEN: tuple[bytes, ...] = (
    *(b'{"data": [', b"{'data': []}", b'{"data": [],}', b'{"data": []} // so', b"{}{}", b"  \n", b'{"data": NaN}'),
    *(b'{"data": Infinity}', b'{"data": "\\ud800"}', b'{"data": "\xff"}', b'{"data": "\x01"}', b"data=5", b'{"data": 01}'),
    *(b"nothing", b'{"data" []}', b'{"data": "', '{"data": []}'.encode("utf-16"), b"\xef\xbb\xbf"),
)

_DEEP: tuple[bytes, ...] = (b"[" * 100_000 + b"]" * 100_000, b'{"a":' * 100_000 + b"1" + b"}" * 100_000)
_ROOTS: tuple[bytes, ...] = (b"null", b"[]", b"5", b'"text"', b"true", b"1.5", b"[{}]")
_FOREIGN = (
    "text/plain",
    "application/xml",
    "text/html",
    "application/x-www-form-urlencoded",
    "json",
    "application/jsonp",
    None,
)

_JSON = (
    *("application/json", "application/json; charset=utf-8", "application/json;charset=UTF-8", "Application/JSON"),
    *("text/json", "application/vnd.api+json"),
)


def _taking_json(operations: Iterable[Operation]) -> list[Operation]:
    return [each for each in operations if each.media]


def _each_objects(session: Session, operations: Iterable[Operation]) -> None:
    """Expect each operation to refuse what is no JSON, no object, nothing, or of another type."""
    for number, operation in enumerate(_taking_json(operations)):
        some = slice(None) if number == 0 else slice(number, number + 3)
        for media in _FOREIGN[some] or _FOREIGN[:1]:
            answer = sent(session, operation, b'{"data":[]}', media).says(415, "unsupported-media-type")
            enveloped(answer, place(session, operation), "validation", "unsupported-media-type")
        for body in [*_BROKEN[some], _DEEP[0]]:
            sent(session, operation, body).says(400, "json-format").holds("body/errors/0/type", "validation")
        sent(session, operation, b"").says(400, "required-field")
        sent(session, operation, b"", None).says(400, "required-field")
        for root in _ROOTS[some] or _ROOTS[:1]:
            sent(session, operation, root).says(400, "invalid").holds("body/errors/0/source", None)


def _reading_objects(session: Session) -> None:
    _each_objects(session, reading(widest(session)))


def _managing_objects(session: Session) -> None:
    _each_objects(session, managing(widest(session)))


def _reports_object(session: Session) -> None:
    _each_objects(session, [each for each in widest(session) if each.id == "getRealTimeReport"])


def _too_deep(session: Session) -> None:
    for body in _DEEP:
        sent(session, searching(session), body).says(400, "json-format")


def _deep_where_nobody_looks(session: Session) -> None:
    for depth in (10, 100, 200):
        body = b'{"data":{"attributes":{}},"x":' + b"[" * depth + b"]" * depth + b"}"
        sent(session, searching(session), body).says(200)


def _json_by_any_name(session: Session) -> None:
    for media in _JSON:
        sent(session, searching(session), b'{"data":{"attributes":{}}}', media).says(200)


def _byte_order_mark(session: Session) -> None:
    sent(session, searching(session), b'\xef\xbb\xbf{"data":{"attributes":{}}}').says(200)


def _too_large(session: Session) -> None:
    body = b'{"data":{"attributes":{}}}'
    sent(session, searching(session), body + b" " * (LARGEST_BODY - len(body))).says(200)
    sent(session, searching(session), body + b" " * (LARGEST_BODY + 1 - len(body))).says(413, "payload-too-large")


def _last_of_a_member_counts(session: Session) -> None:
    (first, *_) = session.setting.retailers
    body = f'{{"data":{{"attributes":{{"retailerIds":["1"],"retailerIds":["{first}"]}}}}}}'.encode()
    answer = sent(session, searching(session), body).says(200)
    answer.holds("body/meta", session.search(filters={"retailerIds": [first]}).at("body/meta"))


_MEDIA = guide(ERROR_GUIDE, unproven="type and code")
_FORMAT = openapi(OLD_OPENAPI)
_LENIENT = third_party(f"a member nobody knows is sent in production: {RUDDERSTACK}")
_ID = ("searchAudienceSegments",)
_CHANGES = ("bulkCreateAudienceSegments", "bulkUpdateAudienceSegments", "bulkDeleteAudienceSegments")
_LISTS = ("AddRemoveContactListByAudienceSegment",)
_READS = frozenset({"main", "account"})
_WRITES = _READS | {"writes", "retailers"}


CHECKS: tuple[Check, ...] = (
    claim(
        "http-searches-object",
        "A search refuses what is no JSON, no object, nothing, or of another type.",
        _MEDIA,
        _reading_objects,
        (*_ID, "searchAudiences"),
        _READS,
    ),
    claim(
        "http-changes-object",
        "What changes things refuses what is no JSON, no object, nothing, or of another type.",
        _MEDIA,
        _managing_objects,
        (*_CHANGES, *_LISTS),
        _WRITES,
    ),
    claim(
        "http-reports-object",
        "A report refuses what is no JSON, no object, nothing, or of another type.",
        _MEDIA,
        _reports_object,
        ("getRealTimeReport",),
        {"main", "advertisers"},
    ),
    claim("http-too-deep", "What is nested beyond reason is no JSON.", _FORMAT, _too_deep, _ID, _READS),
    claim(
        "http-deep-where-nobody-looks",
        "How deep an unknown member is does not matter.",
        _LENIENT,
        _deep_where_nobody_looks,
        _ID,
        _READS,
    ),
    claim("http-json-by-any-name", "JSON is read by any of its names.", openapi(OLD_OPENAPI), _json_by_any_name, _ID, _READS),
    claim(
        "http-byte-order-mark",
        "A byte order mark does no harm.",
        assumed("the services are .NET, which skips it"),
        _byte_order_mark,
        _ID,
        _READS,
    ),
    claim(
        "http-too-large",
        "A body of sixteen mebibytes is read, one of a byte more is too large.",
        assumed("any server draws a line"),
        _too_large,
        _ID,
        _READS | {"fresh"},
    ),
    claim(
        "http-last-of-a-member-counts",
        "Of a member given twice the last counts.",
        assumed("as nearly every JSON parser does"),
        _last_of_a_member_counts,
        _ID,
        _READS | {"retailers"},
    ),
)
