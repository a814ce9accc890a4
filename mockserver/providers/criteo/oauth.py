"""The token endpoint, after RFC 6749 where Criteo has published nothing."""

import hashlib
import hmac
from base64 import b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

from mockserver.contract.operation import Operation
from mockserver.contract.schema import Violation
from mockserver.evidence import Rule, assumed, guide, sdk, wire
from mockserver.mistake import Mistake, check_members, unknown
from mockserver.problem import Objection, Problem, Refused
from mockserver.provider import Call, Dialect, Reply
from mockserver.providers.criteo.inputs import nearest
from mockserver.providers.criteo.records import Application
from mockserver.providers.criteo.sources import OAUTH_GUIDE, OWOX, PHP_TEST, PYTHON_SDK
from mockserver.providers.criteo.tokens import Claims, minted
from mockserver.providers.criteo.world import CriteoWorld
from mockserver.world import World

ACCESS_SECONDS = 900
REFRESH_SECONDS = 182 * 24 * 3600
CODE_SECONDS = 600

_RFC = assumed("RFC 6749 section 5.2; Criteo has published only invalid_client")
INVALID_CLIENT = Problem(
    401,
    "oauth",
    "invalid_client",
    "The client authentication failed, the provided client_id doesn't exist or the client_secret is invalid",
    wire(f"{OWOX}; {PHP_TEST}"),
)
INVALID_REQUEST = Problem(400, "oauth", "invalid_request", "The request is not one for a token", _RFC)
INVALID_GRANT = Problem(400, "oauth", "invalid_grant", "The grant is not valid", _RFC)
SERVER_ERROR = Problem(500, "oauth", "server_error", "The server met an unexpected condition", _RFC)
UNAVAILABLE = Problem(503, "oauth", "temporarily_unavailable", "The server is unavailable for now", _RFC)
TOO_MANY = Problem(
    429, "oauth", "temporarily_unavailable", "Too many requests", assumed("token calls are not known to be counted")
)
UNSUPPORTED_GRANT = Problem(400, "oauth", "unsupported_grant_type", "The grant_type is not one of those supported", _RFC)

LIFETIME = Rule("token-lifetime", "An access token is valid for 900 seconds.", guide(OAUTH_GUIDE))
SEVERAL = Rule("tokens-live-together", "A new token leaves the earlier ones valid.", guide(OAUTH_GUIDE))
NULL_REFRESH = Rule("refresh-token-null", "refresh_token is always there, null for client_credentials.", sdk(PYTHON_SDK))
REFRESH_LIFETIME = Rule("refresh-lifetime", "A refresh token is valid for six months, taken as 182 days.", guide(OAUTH_GUIDE))
CODE_LIFETIME = Rule(
    "code-lifetime", "An authorization code is valid for ten minutes and once.", assumed("RFC 6749 section 4.1.2")
)
STATELESS = Rule(
    "tokens-outlive-resets",
    "A token says itself what it is: it outlives a reset and a restart with the same seed, and is good in every world.",
    assumed("clients keep their tokens; a test that resets a world should not have to make them forget"),
)
OPAQUE = Rule("token-form", "A token is opaque; Criteo's is an RS256 JWT.", assumed("clients are told not to look inside"))


def request_token(call: Call[CriteoWorld]) -> Reply:
    """A token for a grant of one of three types. 400 and 401 after RFC 6749."""
    form: dict[str, str] = call.body
    kind = _needed(form, "grant_type")
    if kind not in GRANTS:
        raise Refused(_unsupported(kind))
    application = call.caller = _authenticated(call, form)
    call.headers += [(b"cache-control", b"no-store"), (b"pragma", b"no-cache")]
    return Reply(GRANTS[kind](call, form, application))


def _unsupported(kind: str) -> Objection:
    title = f"The grant_type {kind!r} is not one of {', '.join(GRANTS)}"
    return UNSUPPORTED_GRANT.at("grant_type", title=title, instead=lambda: nearest(kind, GRANTS))


def _needed(form: dict[str, str], name: str) -> str:
    if not form.get(name):
        title = f"The parameter {name} is missing"
        raise Refused(INVALID_REQUEST.at(name, title=title, instead=lambda: "client_credentials", mends="grant_type"))
    return form[name]


def _authenticated(call: Call[CriteoWorld], form: dict[str, str]) -> Application:
    client_id, secret = form.get("client_id", ""), form.get("client_secret", "")
    basic = None if secret else _basic(call.request.header(b"authorization") or "")
    if basic and call.readings["basic-credentials"] == "accepted":
        client_id, secret = basic
    application = call.world.applications.get(client_id)
    if application is None or not hmac.compare_digest(application.client_secret.encode(), secret.encode()):
        raise Refused(_invalid_client(client_id, application, call))
    return application


def _invalid_client(client_id: str, application: Application | None, call: Call[CriteoWorld]) -> Objection:
    if application is not None:
        seen = {"client_id": "known", "client_secret": "another"}
        return INVALID_CLIENT.at(seen=seen, instead=lambda: application.client_secret, mends="client_secret")
    known = list(call.world.applications)
    return INVALID_CLIENT.at(seen={"client_ids": known}, instead=lambda: nearest(client_id, known), mends="client_id")


def _basic(header: str) -> tuple[str, str] | None:
    scheme, _, encoded = header.partition(" ")
    try:
        name, colon, secret = b64decode(encoded, validate=True).decode().partition(":")
    except (NotBase64, UnicodeDecodeError):
        return None
    return (unquote_plus(name), unquote_plus(secret)) if scheme.lower() == "basic" and colon else None


def _client_credentials(call: Call[CriteoWorld], form: dict[str, str], application: Application) -> dict[str, Any]:
    return _granted(call, application, None, None, None)


def _authorization_code(call: Call[CriteoWorld], form: dict[str, str], application: Application) -> dict[str, Any]:
    code = _needed(form, "code")
    claims = _redeemable(call, code, "code", application)
    if form.get("redirect_uri") != claims.redirect_uri:
        raise Refused(INVALID_GRANT.at("redirect_uri", title="The redirect_uri is not the one the code was sent to"))
    if not _verified(claims.challenge, form.get("code_verifier")):
        raise Refused(INVALID_GRANT.at("code_verifier", title="The code_verifier does not fit the code_challenge"))
    call.world.spend(code, claims.expires, call.now)
    return _granted(call, application, claims.user, claims.accounts, _refresh_token(call, claims))


def _refreshed(call: Call[CriteoWorld], form: dict[str, str], application: Application) -> dict[str, Any]:
    token = _needed(form, "refresh_token")
    claims = _redeemable(call, token, "refresh", application)
    if call.readings["refresh-token"] == "rotated":
        call.world.spend(token, claims.expires, call.now)
        token = _refresh_token(call, claims)
    return _granted(call, application, claims.user, claims.accounts, token)


FAILURES = {
    400: INVALID_REQUEST,
    401: INVALID_CLIENT,
    429: TOO_MANY,
    500: SERVER_ERROR,
    503: UNAVAILABLE,
}

GRANTS = {
    "client_credentials": _client_credentials,
    "authorization_code": _authorization_code,
    "refresh_token": _refreshed,
}


_WORDS = {"code": "authorization code", "refresh": "refresh token"}


def _redeemable(call: Call[CriteoWorld], token: str, kind: str, application: Application) -> Claims:
    claims, word = call.world.claims(token), _WORDS[kind]
    if claims is None or claims.kind != kind or claims.client_id != application.client_id:
        raise Refused(INVALID_GRANT.at(title=f"This {word} was not issued to this client"))
    if claims.expires <= call.now:
        raise Refused(INVALID_GRANT.at(title=f"This {word} has expired"))
    if call.world.is_spent(token):
        raise Refused(INVALID_GRANT.at(title=f"This {word} has been used"))
    return claims


def _verified(challenge: str | None, verifier: str | None) -> bool:
    if challenge is None:
        return True
    method, _, expected = challenge.partition(":")
    digest = hashlib.sha256((verifier or "").encode()).digest()
    offered = urlsafe_b64encode(digest).rstrip(b"=").decode() if method == "S256" else verifier
    return offered == expected


def _refresh_token(call: Call[CriteoWorld], consent: Claims) -> str:
    now = call.now
    serial = call.home.next_serial()
    claims = Claims("refresh", consent.client_id, now, now + REFRESH_SECONDS, serial, consent.user, consent.accounts)
    return minted(claims, call.home.seed)


def _granted(
    call: Call[CriteoWorld],
    application: Application,
    user: str | None,
    accounts: tuple[str, ...] | None,
    refresh_token: str | None,
) -> dict[str, Any]:
    now = call.now
    claims = Claims("access", application.client_id, now, now + ACCESS_SECONDS, call.home.next_serial(), user, accounts)
    return {
        "access_token": minted(claims, call.home.seed),
        "token_type": "Bearer",
        "refresh_token": refresh_token,
        "expires_in": ACCESS_SECONDS,
    }


def claimant(call: Call[CriteoWorld]) -> str | None:
    """The client id that a request says is calling: of its token, expired or not, or in its form or Basic credentials."""
    header = call.request.header(b"authorization") or ""
    if call.operation.scopes:
        claims = call.world.claims(header.rpartition(" ")[2])
        return claims.client_id if claims else None
    named = dict(parse_qsl(call.request.body.decode("latin-1"))).get("client_id")
    basic = None if named else _basic(header)
    return basic[0] if basic and call.readings["basic-credentials"] == "accepted" else named


def authorize(home: World, operation: Operation, arguments: tuple[str, ...]) -> str | None:
    """The header of a fresh token of the first application that may do an operation, with the account named if one is."""
    world: CriteoWorld = home.parts["criteo"]  # type: ignore[assignment]  # this provider's
    named = set(arguments[:1]) & set(world.accounts)
    for application in world.applications.values():
        reading = {permission.replace("_Manage", "_Read") for permission in application.permissions}
        if set(operation.scopes) <= application.permissions | reading and named <= set(application.accounts):
            now = home.clock.now()
            claims = Claims("access", application.client_id, now, now + ACCESS_SECONDS, home.next_serial())
            return f"Bearer {minted(claims, home.seed)}"
    return None


def _said(said: Mapping[str, Any], name: str) -> str:
    if name not in said:
        raise Mistake(f"a consent needs a {name}")
    return str(said[name])


_CONSENT = {
    "client_id": (str,),
    "redirect_uri": (str,),
    "user": (str,),
    "accounts": (list,),
    "code_challenge": (str,),
    "code_challenge_method": (str,),
}


def consent(home: World, world: CriteoWorld, said: Mapping[str, Any]) -> dict[str, str]:
    """`{"code": …}`: what Criteo's consent page would send to the redirect URI once a user agreed.

    Takes `client_id`, `redirect_uri`, `user`, `accounts` (default: the application's), `code_challenge` and
    `code_challenge_method` (`S256` or `plain`). Raises `Mistake`.
    """
    check_members(said, _CONSENT, "a consent")
    application = world.applications.get(_said(said, "client_id"))
    if application is None:
        raise unknown("client_id", said["client_id"], world.applications)
    if _said(said, "redirect_uri") not in application.redirect_uris:
        raise unknown("redirect_uri of this application", said["redirect_uri"], application.redirect_uris)
    accounts = tuple(map(str, said.get("accounts") or application.accounts))
    for account in accounts:
        if account not in world.accounts:
            raise unknown("account", account, world.accounts)
    user = said.get("user", "j.doe")
    if not user:
        raise Mistake("the user of a consent has a name")
    challenge, method = said.get("code_challenge"), said.get("code_challenge_method", "plain")
    if method not in ("S256", "plain"):
        raise Mistake(f"code_challenge_method is S256 or plain, not {method!r}")
    now = home.clock.now()
    claims = Claims(
        "code",
        application.client_id,
        now,
        now + CODE_SECONDS,
        home.next_serial(),
        user,
        accounts,
        said["redirect_uri"],
        f"{method}:{challenge}" if challenge else None,
    )
    return {"code": minted(claims, home.seed)}


def _refusal(call: Call[CriteoWorld], refused: Refused) -> dict[str, Any]:
    told = "; ".join(objection.title for objection in refused.objections)
    return {"error": refused.objections[0].problem.code, "error_description": told, "error_uri": None}


def _objection(violation: Violation) -> Objection:
    return INVALID_REQUEST.at(violation.pointer or None, title=violation.message)


def _answer(call: Call[CriteoWorld], reply: Reply) -> Any:
    return reply.data


DIALECT = Dialect(_answer, _refusal, _objection)
