"""Who is calling: no operation is done for a caller who shows no token, or one that is not quite right."""

from base64 import b64encode

from mockserver.check.law import Check
from mockserver.check.laws.aiming import bearer, enveloped, of_criteo, place, request, shot, widest
from mockserver.check.laws.stating import claim
from mockserver.check.session import Answer, Session
from mockserver.contract.operation import Operation
from mockserver.evidence import assumed, ci, third_party, wire
from mockserver.providers.criteo.sources import PHP_TEST, RUDDERSTACK

INVALID = "authorization-token-invalid"
_TITLES = {
    INVALID: "The authorization header is invalid",
    "authorization-token-missing": "The authorization header is missing",
}


def _told(answer: Answer, code: str) -> None:
    answer.says(401, code).holds("body/errors/0/type", "authorization").holds("body/errors/0/title", _TITLES[code])


def _no_header(session: Session) -> None:
    for operation in _served(session):
        _told(shot(session, operation), session.readings["missing-authorization"])


def _served(session: Session) -> list[Operation]:
    """Every operation of every version that is not gone."""
    gone: set[str] = set()
    if session.readings["retired-version"] == "gone":
        versions = {each.version for each in of_criteo(session)}
        gone = {version for version in versions if session.stray(request("GET", _search(session, version))).status == 410}
    return [each for each in of_criteo(session) if each.version not in gone]


def _search(session: Session, version: str) -> str:
    return place(session, session.judge.operation("searchAudienceSegments", version))


def _each_refuses(session: Session, *headers: str) -> None:
    for operation in widest(session):
        for header in headers:
            _told(shot(session, operation, authorization=header), INVALID)


def _no_token(session: Session) -> None:
    _each_refuses(session, "Bearer garbage", "Bearer " + "A" * 200)
    long = ".".join(["e" * 40] * 3)
    for header in ("", "Bearer", "Bearer ", "Bearer .", "Bearer ..", f"Bearer {long}", "garbage", "Bearer null"):
        _told(_search_with(session, header), INVALID)


def _search_with(session: Session, header: str | None) -> Answer:
    return session.search(query={"limit": 0}, authorization=header)


def _another_scheme(session: Session) -> None:
    token = session.token()
    _each_refuses(session, f"Basic {token}", token)
    both = b64encode(f"{token}:".encode()).decode()
    for header in (f"Token {token}", f"Bearer{token}", f"Basic {both}", f"Bearer: {token}", f"Bear {token}"):
        _told(_search_with(session, header), INVALID)


def _altered_token(session: Session) -> None:
    token = session.token()
    _each_refuses(session, f"Bearer {_altered(token, len(token) // 3)}")
    for place_ in (*range(0, len(token) - 2, max(len(token) // 24, 1)), len(token) - 3):
        _told(_search_with(session, f"Bearer {_altered(token, place_)}"), INVALID)
    for wrong in (token[:-2], token[2:], token * 2, f"{token}.{token}", token.swapcase(), token[::-1], f"{token} {token}"):
        _told(_search_with(session, f"Bearer {wrong}"), INVALID)
    _search_with(session, f"Bearer {token}").says(200)


def _altered(token: str, place_: int) -> str:
    """The token with one character put for another of its kind."""
    old = token[place_]
    new = "B" if old != "B" else "C"
    if old.isdigit() or old in "abcdef":
        new = "5" if old != "5" else "6"
    return f"{token[:place_]}{new}{token[place_ + 1 :]}"


def _scheme_in_any_case(session: Session) -> None:
    for scheme in ("Bearer", "bearer", "BEARER"):
        _search_with(session, f"{scheme} {session.token()}").says(200)


def _token_before_all_else(session: Session) -> None:
    code = session.readings["missing-authorization"]
    for operation in widest(session):
        if operation.media:
            _told(shot(session, operation, b'{"data": ['), code)
            _told(shot(session, operation, b""), code)
    for account in ("1", "x", "0"):
        _told(session.search(path={"account-id": account}, authorization=None), code)


def _good_once_is_not_good_always(session: Session) -> None:
    """A header that was just found good must not make a similar one good."""
    token = session.token()
    _search_with(session, f"Bearer {token}").says(200)
    _told(_search_with(session, f"Bearer {token[:-1]}"), INVALID)
    _told(_search_with(session, None), session.readings["missing-authorization"])
    _search_with(session, f"Bearer {token}").says(200)


def _refusals_are_traced(session: Session) -> None:
    code = session.readings["missing-authorization"]
    traces: list[str] = []
    for operation in widest(session):
        answer = enveloped(shot(session, operation).says(401), place(session, operation), "authorization", code)
        answer.holds("body/errors/0/traceId", list(traces), "is none of", "each call has a trace of its own")
        traces.append(answer.at("body/errors/0/traceId"))
        answer.holds("headers/content-type", "application/json.*", "matches")


def _bad_requests_are_traced(session: Session) -> None:
    operation = session.judge.operation("searchAudienceSegments", session.setting.version)
    path = place(session, operation)
    first = session.send(
        request(operation.method, path, b"{}", query="limit=-1&offset=-1", authorization=bearer(session)), operation
    ).says(400, "invalid", "invalid")
    trace = first.at("body/errors/0/traceId")
    for pointer in ("0/traceIdentifier", "1/traceId", "1/traceIdentifier"):
        first.holds(f"body/errors/{pointer}", trace, why="the problems of one call have one trace")
    first.holds("body/errors/*/instance", [path, path]).holds("body/errors/*/type", ["validation", "validation"])
    first.holds("body/errors/*/source", [{"limit": "limit"}, {"offset": "offset"}], "has in any order")
    second = session.send(request(operation.method, path, b"5", authorization=bearer(session)), operation).says(400, "invalid")
    enveloped(second, path, "validation", "invalid").holds("body/errors/0/traceId", trace, "is not")


_HEADER = wire(RUDDERSTACK, unproven="that every kind of bad header is told the same")
_ORDER = assumed("nobody published what is looked at first; a caller who is nobody should learn nothing")
_TRACES = third_party("recorded refusals carry both trace fields and the path", unproven="that they are equal")
_EVERY = (
    *("bulkCreateAudienceSegments", "bulkUpdateAudienceSegments", "bulkDeleteAudienceSegments", "searchAudienceSegments"),
    *("getAudienceSegmentContactListStatistics", "AddRemoveContactListByAudienceSegment"),
    *("ClearContactListByAudienceSegment", "searchAudiences", "bulkCreateAudience", "bulkUpdateAudience"),
    *("bulkDeleteAudiences", "computeAudienceSegmentsSizes", "computeAudiencesSizes", "estimateAudienceSegmentSize"),
    *("estimateAudienceSize", "getRealTimeReport"),
)
_USED = frozenset({"main", "account"})
_SEARCH = ("searchAudienceSegments",)
CHECKS: tuple[Check, ...] = (
    claim(
        "identity-no-header",
        "Every operation of every version refuses a call without an Authorization header.",
        ci(PHP_TEST),
        _no_header,
        _EVERY,
    ),
    claim("identity-no-token", "What is no token is refused.", _HEADER, _no_token, _EVERY),
    claim(
        "identity-another-scheme",
        "A token is taken with the scheme Bearer only.",
        _HEADER,
        _another_scheme,
        _EVERY,
        _USED,
    ),
    claim(
        "identity-altered-token",
        "A token with one character changed, cut short or doubled is none.",
        _HEADER,
        _altered_token,
        _EVERY,
        _USED,
    ),
    claim(
        "identity-scheme-in-any-case",
        "The scheme Bearer may be written in any case.",
        assumed("RFC 9110 section 11.1"),
        _scheme_in_any_case,
        _SEARCH,
        _USED,
    ),
    claim(
        "identity-before-all-else", "The token is looked at before account and body.", _ORDER, _token_before_all_else, _EVERY
    ),
    claim(
        "identity-of-each-call",
        "That a caller was known a moment ago lets nobody else in.",
        _HEADER,
        _good_once_is_not_good_always,
        _SEARCH,
        _USED,
    ),
    claim(
        "refusals-are-traced",
        "A refusal names the path of the call and a trace that no other call has, under both names.",
        _TRACES,
        _refusals_are_traced,
        _EVERY,
    ),
    claim(
        "problems-share-a-trace",
        "All that is wrong with a request is told at once, under one trace.",
        _TRACES,
        _bad_requests_are_traced,
        _SEARCH,
        _USED,
    ),
)
