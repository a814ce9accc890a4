"""How Criteo words its answers: one envelope for everything but tokens."""

from typing import Any

from mockserver.contract.schema import Violation
from mockserver.evidence import Rule, assumed, guide, openapi, third_party
from mockserver.problem import Objection, Problem, Refused
from mockserver.provider import Call, Dialect, HeaderList, Reply
from mockserver.providers.criteo.sources import ERROR_GUIDE, OLD_OPENAPI, RATE_GUIDE
from mockserver.throttle import Window

REQUIRED = Problem(400, "validation", "required-field", "This field is required", guide(ERROR_GUIDE))
INVALID = Problem(400, "validation", "invalid", "The value of this field is not valid", guide(ERROR_GUIDE))
MALFORMED = Problem(400, "validation", "json-format", "The request body is not valid JSON", openapi(OLD_OPENAPI))
NO_BODY = Problem(
    400, "validation", "required-field", "A request body is required", assumed("the code is documented for fields")
)
TOO_LARGE = Problem(
    413, "validation", "payload-too-large", "The request body is too large", guide(ERROR_GUIDE, unproven="type and code")
)
WRONG_MEDIA = Problem(
    415,
    "validation",
    "unsupported-media-type",
    "The content type is not supported",
    guide(ERROR_GUIDE, unproven="type and code"),
)
NOT_FOUND = Problem(
    404,
    "validation",
    "not-found",
    "The resource is not found",
    third_party("api-evangelist/criteo saw a 404 with both trace fields", unproven="type and code"),
)
WRONG_METHOD = Problem(405, "validation", "method-not-allowed", "The method is not allowed", assumed("as RFC 9110 has it"))
THROTTLED = Problem(429, "quota", "too-many-requests", "Too many requests", openapi(f"the code: {OLD_OPENAPI}"))
INTERNAL_ERROR = Problem(500, "availability", "internal-error", "Internal error", openapi(OLD_OPENAPI))
UNAVAILABLE = Problem(
    503, "availability", "service-unavailable", "Service unavailable", openapi(OLD_OPENAPI, unproven="the title")
)

INSTANCE = Rule(
    "problem-instance",
    "`instance` is the path of the request; the item is named in `source`, as its field's name and where it stands.",
    assumed("recorded bodies name paths; none shows how an item of a bulk request is named"),
)
ALL_VIOLATIONS = Rule(
    "every-violation",
    "A request that breaks the contract is told every violation (at most 100), an entry each; one beyond 100 KB, the first.",
    assumed("the envelope is a list, and the services validate whole models"),
)
UNKNOWN_MEMBERS = Rule(
    "unknown-members", "Members nobody knows are ignored.", third_party("RudderStack sends one in production")
)
NUMBERS_AS_IDS = Rule(
    "ids-as-numbers", "An id in a request may be a JSON number.", guide("the sample of Criteo's real-time statistics guide")
)
LIMIT_HEADERS = Rule(
    "rate-headers",
    "x-ratelimit-limit, -remaining and -reset are on every answer to a call that is counted; no Retry-After is sent.",
    guide(RATE_GUIDE, unproven="that successes carry them too"),
)
EXACT_CASE = Rule(
    "exact-case",
    "Enumerations in bodies are taken as the documents spell them; only add-remove's identifierType in any case.",
    assumed("the services are .NET and may be as lenient everywhere"),
)
REQUIRED_MEMBERS = Rule(
    "required-members",
    "An item without attributes, or to change or delete without id, refuses the whole request with 400.",
    assumed("the OpenAPI documents do not require them; nothing could be done with such an item"),
)
TOKEN_UNCOUNTED = Rule(
    "token-uncounted",
    "Token calls, unknown paths and calls without a valid token are not counted.",
    assumed("nobody has published it"),
)

BY_KIND = {
    "required": REQUIRED,
    "malformed": MALFORMED,
    "empty": NO_BODY,
    "size": TOO_LARGE,
    "media-type": WRONG_MEDIA,
}
_ALWAYS_LISTED = frozenset({"AddRemoveContactListByAudienceSegment"})


def objection(violation: Violation) -> Objection:
    """What Criteo would call a broken contract."""
    problem = BY_KIND.get(violation.kind, INVALID)
    field = violation.pointer.rpartition("/")[2]
    title = f"{field} is required" if problem is REQUIRED else None
    return problem.at(violation.pointer or None, title=title, detail=violation.message)


def problem(call: Call[Any], objection: Objection) -> dict[str, Any]:
    """One entry of `errors` or `warnings`."""
    return {
        "traceId": call.trace,
        "traceIdentifier": call.trace,
        "type": objection.type,
        "code": objection.problem.code,
        "instance": call.path,
        "title": objection.title,
        "detail": objection.detail,
        "source": objection.source or None,
    }


def answer(call: Call[Any], reply: Reply) -> dict[str, Any] | None:
    """The envelope of a success, with the refused items where the reading in force lists them."""
    if reply.status == 204:
        return None
    failures = [problem(call, objection) for objection in reply.failures]
    in_errors = bool(failures) and _listed_in(call) == "errors"
    body: dict[str, Any] = {} if reply.meta is None else {"meta": reply.meta}
    if reply.type is not None:
        body["type"] = reply.type
    body["data"] = reply.data
    body["errors"] = failures if in_errors else []
    body["warnings"] = [] if in_errors else failures
    if call.readings["empty-problem-lists"] == "omitted" and call.operation.id not in _ALWAYS_LISTED:
        return {name: value for name, value in body.items() if value or name not in ("errors", "warnings")}
    return body


def _listed_in(call: Call[Any]) -> str:
    reading = call.readings["failed-items-in"]
    if reading != "by-version":
        return reading
    return "errors" if call.operation.version in ("preview", "experimental") else "warnings"


def refusal(call: Call[Any], refused: Refused) -> dict[str, Any]:
    """The envelope of everything else; recorded bodies put the warnings first and have no data."""
    return {"warnings": [], "errors": [problem(call, objection) for objection in refused.objections]}


ENVELOPE = Dialect(answer, refusal, objection)


def counted(window: Window) -> HeaderList:
    """The headers that tell how many calls are left."""
    return [
        (b"x-ratelimit-limit", b"%d" % window.quota.limit),
        (b"x-ratelimit-remaining", b"%d" % window.remaining),
        (b"x-ratelimit-reset", b"%d" % window.reset),
    ]


def lost(call: Call[Any]) -> Refused:
    """The refusal of a path that leads nowhere."""
    return Refused(NOT_FOUND.at(detail=f"No operation of this API is at {call.path}"))


def unfit(call: Call[Any], allow: str) -> Refused:
    """The refusal of a method that a path does not have."""
    detail = f"{call.request.method} is not allowed here; allowed: {allow}"
    return Refused(WRONG_METHOD.at(detail=detail), headers=((b"allow", allow.encode()),))


def throttled(call: Call[Any], window: Window) -> Refused:
    """The refusal of one call too many."""
    kind = call.readings["throttle-problem-type"]
    detail = f"{window.quota.limit} calls are allowed in {window.quota.seconds} seconds; the window turns at {window.reset}"
    seen = {"counted together": window.quota.key, "calls": window.quota.limit, "window turns": window.reset}
    return Refused(THROTTLED.at(detail=detail, type=kind, seen=seen))
