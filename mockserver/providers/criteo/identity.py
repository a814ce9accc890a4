"""Who is calling, and what they may do: 401, 403, and what their calls count against."""

from collections.abc import Sequence
from dataclasses import dataclass

from mockserver.clock import written
from mockserver.evidence import Rule, assumed, ci, guide, openapi, wire
from mockserver.problem import Problem, Refused
from mockserver.provider import Call
from mockserver.providers.criteo.inputs import nearest
from mockserver.providers.criteo.records import Application
from mockserver.providers.criteo.sources import ERROR_GUIDE, OLD_OPENAPI, PHP_TEST, RATE_GUIDE, REALTIME_GUIDE, RUDDERSTACK
from mockserver.providers.criteo.world import CriteoWorld
from mockserver.throttle import Quota

TOKEN_INVALID = Problem(
    401, "authorization", "authorization-token-invalid", "The authorization header is invalid", wire(RUDDERSTACK)
)
TOKEN_EXPIRED = Problem(
    401, "authorization", "authorization-token-expired", "The authorization token has expired", wire(RUDDERSTACK)
)
TOKEN_MISSING_AS_INVALID = Problem(
    401, "authorization", "authorization-token-invalid", "The authorization header is invalid", ci(PHP_TEST)
)
TOKEN_MISSING = Problem(
    401, "authorization", "authorization-token-missing", "The authorization header is missing", guide(ERROR_GUIDE)
)
PERMISSION_DENIED = Problem(
    403,
    "authorization",
    "permission-denied",
    "Permission denied, you do not have access this to resource",
    openapi(f"the one generic pair, from advertisers, sic: {OLD_OPENAPI}", unproven="that audiences send it"),
)
MANAGE_READS = Rule("manage-includes-read", "A Manage permission includes the Read one.", guide("developers.criteo.com"))
UNKNOWN_ACCOUNT = Rule(
    "unknown-account",
    "An account in the path that is malformed, unknown or not consented answers 403, all three alike.",
    openapi(f"missing or invalid account ids: {OLD_OPENAPI}"),
)
APPLICATION_LIMIT = Rule(
    "application-limit",
    "A client-credentials application has 250 calls a minute, or as many as set, from each full minute of the clock.",
    guide(RATE_GUIDE, unproven="that the window is fixed; it follows from the reset every minute"),
)
CALLS_REFUSED_COUNT = Rule(
    "refused-calls-count",
    "A call refused with 400 or 403 counts, one refused with 401 or 429 does not.",
    assumed("nobody published it"),
)

REALTIME_LIMIT = Rule("realtime-limit", "Realtime reports have 200 calls a minute of their own beside.", guide(REALTIME_GUIDE))

OPERATION_LIMITS = {"getRealTimeReport": 200}
_REMEMBERED = 1024


@dataclass(frozen=True, slots=True)
class Caller:
    """An application, alone or on behalf of a user; `accounts` are those it may touch, `quota_key` counts its calls."""

    application: Application
    user: str | None
    accounts: tuple[str, ...]
    expires: float
    quota_key: str

    @property
    def name(self) -> str:
        """The client id."""
        return self.application.client_id


def identify(call: Call[CriteoWorld]) -> Caller | None:
    """The caller of an operation that needs one. Raises the 401s."""
    if not call.operation.scopes:
        return None
    header = call.request.header(b"authorization")
    if header is None:
        missing = call.readings["missing-authorization"] == TOKEN_MISSING.code
        raise Refused(TOKEN_MISSING if missing else TOKEN_MISSING_AS_INVALID)
    caller = call.world.callers.get(header) or _introduced(call, header)
    if caller.expires <= call.now:
        raise Refused(TOKEN_EXPIRED.at(seen={"expired": written(caller.expires), "now": written(call.now)}))
    return caller


def _introduced(call: Call[CriteoWorld], header: str) -> Caller:
    scheme, _, token = header.partition(" ")
    claims = call.world.claims(token.strip()) if scheme.lower() == "bearer" else None
    application = call.world.applications.get(claims.client_id) if claims and claims.kind == "access" else None
    if claims is None or application is None:
        raise Refused(TOKEN_INVALID)
    accounts = application.accounts if claims.accounts is None else claims.accounts
    key = f"token {claims.serial}" if claims.user else f"application {application.client_id}"
    caller = Caller(application, claims.user, accounts, claims.expires, key)
    if len(call.world.callers) >= _REMEMBERED:
        call.world.callers.clear()
    call.world.callers[header] = caller
    return caller


def quotas(call: Call[CriteoWorld]) -> Sequence[Quota]:
    """What a call counts against: the application's own limit, or that of the users who consented to it."""
    limit, caller = call.home.rate_limit, call.caller
    if limit is None or caller is None:
        return ()
    return (*_own_quotas(call, caller, limit), *_operation_quotas(call, caller))


def _own_quotas(call: Call[CriteoWorld], caller: Caller, limit: int) -> Sequence[Quota]:
    if caller.user is None:
        return (Quota(caller.quota_key, limit),)
    if call.readings["authorization-code-limit"] == "35-per-token":
        return (Quota(caller.quota_key, 35),)
    return (Quota(f"user {caller.application.client_id}\n{caller.user}", 10 * len(caller.accounts)),)


def _operation_quotas(call: Call[CriteoWorld], caller: Caller) -> Sequence[Quota]:
    id = call.operation.id
    return (Quota(f"{id} {caller.application.client_id}", OPERATION_LIMITS[id]),) if id in OPERATION_LIMITS else ()


def permit(call: Call[CriteoWorld]) -> None:
    """Whether the application may do this, and with this account. Raises the 403s."""
    caller = call.caller
    if caller is None:
        return
    for scope in call.operation.scopes:
        if not caller.application.permissions & {scope, scope.replace("_Read", "_Manage")}:
            seen = {"permissions of the application": sorted(caller.application.permissions)}
            raise Refused(PERMISSION_DENIED.at(detail=f"The application has no permission {scope}", seen=seen))
    if call.operation.parameters and call.operation.parameters[0].name == "account-id":
        account = call.arguments[0]
        if account not in caller.accounts or account not in call.world.accounts:
            detail = f"Account {account} is unknown or did not consent to this application"
            seen = {"accounts of the application": list(caller.accounts)}
            raise Refused(
                PERMISSION_DENIED.at("account-id", detail=detail, seen=seen, instead=lambda: nearest(account, caller.accounts))
            )
