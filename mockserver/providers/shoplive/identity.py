"""Who is calling: the customer mints the token, and signs it with the key that Shoplive gave out."""

import math
from dataclasses import dataclass
from difflib import get_close_matches
from types import ModuleType
from typing import Any
from warnings import catch_warnings, simplefilter

from mockserver.contract.operation import Operation
from mockserver.evidence import Rule, assumed, guide, inferred
from mockserver.late import late
from mockserver.problem import Problem, Refused
from mockserver.provider import Call
from mockserver.providers.shoplive.records import Customer
from mockserver.providers.shoplive.sources import ERROR_TABLES, TOKEN_PAGE
from mockserver.providers.shoplive.world import ShopliveWorld
from mockserver.world import World

_CODES = guide(ERROR_TABLES, unproven="the status")
NOT_AUTHENTICATED = Problem(401, "shoplive", "-102", "Authentication failed", _CODES)
NO_SUCH_CUSTOMER = Problem(401, "shoplive", "-200", "Customer account not found", _CODES)
INVALID_SIGNATURE = Problem(401, "shoplive", "-204", "Invalid signature", _CODES)
TOKEN_EXPIRED = Problem(401, "shoplive", "-412", "Session expired", _CODES)
ANOTHER_CUSTOMER = Problem(
    403, "shoplive", "-102", "Authentication failed", assumed("the claim is mandatory, so it has to mean something")
)
KEY = Rule(
    "shoplive-key", "The signing key is the secret key, base64-decoded.", inferred(f"from the sample code of {TOKEN_PAGE}")
)
ALGORITHM = Rule("shoplive-algorithm", "Only HS256 is taken; none and every other algorithm are refused.", guide(TOKEN_PAGE))
ORDER = Rule(
    "shoplive-checks",
    "Checked in order: the header, its scheme, the customer of the path, algorithm and signature, exp, the accessKey claim.",
    assumed("nobody published it"),
)

_REMEMBERED = 1024
_OPTIONS = {
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
    "verify_aud": False,
    "verify_sub": False,
    "verify_jti": False,
    "require": ["exp"],
}


@dataclass(frozen=True, slots=True)
class Caller:
    """A customer, until the token expires; `expires` is in seconds since 1970."""

    customer: Customer
    expires: float

    @property
    def name(self) -> str:
        """The access key."""
        return self.customer.access_key


def claimant(call: Call[ShopliveWorld]) -> str | None:
    """The access key in the path, right or wrong."""
    return call.arguments[0]


def authorize(home: World, operation: Operation, arguments: tuple[str, ...]) -> str | None:
    """The header of a token as the customer of the path would mint it."""
    world: ShopliveWorld = home.parts["shoplive"]  # type: ignore[assignment]  # this provider's
    customer = world.customers.get(arguments[0])
    if customer is None:
        return None
    jwt = _jwt()
    with catch_warnings():
        simplefilter("ignore", jwt.InsecureKeyLengthWarning)
        claims = {"accessKey": customer.access_key, "exp": int(home.clock.now()) + 3600}
        return f"Bearer {jwt.encode(claims, customer.secret, algorithm='HS256')}"


def identify(call: Call[ShopliveWorld]) -> Caller:
    """The customer of the path, if the token is one of its own. Raises the 401s and the 403."""
    access_key, header = call.arguments[0], call.request.header(b"authorization")
    if header is None:
        raise Refused(NOT_AUTHENTICATED.at("authorization", detail="the Authorization header is missing"))
    bare = call.readings["bare-token"] == "accepted"
    caller = call.world.callers.get((access_key, header, bare)) or _introduced(call, access_key, header, bare=bare)
    if caller.expires <= call.now:
        raise Refused(TOKEN_EXPIRED)
    return caller


def _introduced(call: Call[ShopliveWorld], access_key: str, header: str, *, bare: bool) -> Caller:
    token = _bearer(header, bare=bare)
    customer = call.world.customers.get(access_key)
    if customer is None:
        known = list(call.world.customers)
        raise Refused(
            NO_SUCH_CUSTOMER.at(
                detail=f"no customer has the access key {access_key}",
                instead=lambda: next(iter([*get_close_matches(access_key, known, n=1), *known]), None),
                mends="accessKey",
            )
        )
    claims = _claims(token, customer)
    if claims["exp"] <= call.now:  # before whose it is
        raise Refused(TOKEN_EXPIRED)
    if claims.get("accessKey") != access_key:
        raise Refused(ANOTHER_CUSTOMER.at(detail="the accessKey claim is not the accessKey of the path"))
    caller = Caller(customer, claims["exp"])
    if len(call.world.callers) >= _REMEMBERED:
        call.world.callers.clear()
    call.world.callers[access_key, header, bare] = caller
    return caller


def _bearer(header: str, *, bare: bool) -> str:
    scheme, space, token = header.strip().partition(" ")
    if bare and not space:
        return scheme
    if scheme.lower() != "bearer" or not token:
        raise Refused(NOT_AUTHENTICATED.at("authorization", detail="the Authorization header is not Bearer and a token"))
    return token.strip()


def _jwt() -> ModuleType:
    """Its library, which with what it looks for itself is a tenth of every start."""
    return late("jwt")


def _claims(token: str, customer: Customer) -> dict[str, Any]:
    """What a token says. Its age is judged by the world's clock, later."""
    jwt = _jwt()
    try:
        with catch_warnings():  # how long the customer's key is, is not the customer's to choose
            simplefilter("ignore", jwt.InsecureKeyLengthWarning)
            claims: dict[str, Any] = jwt.decode(token, customer.secret, algorithms=["HS256"], options=_OPTIONS)
    except jwt.InvalidSignatureError:
        raise Refused(INVALID_SIGNATURE) from None
    except jwt.InvalidTokenError as error:
        raise Refused(NOT_AUTHENTICATED.at("authorization", detail=str(error))) from None
    if type(claims["exp"]) not in (int, float) or not -math.inf < claims["exp"] < math.inf:
        raise Refused(NOT_AUTHENTICATED.at("authorization", detail="the exp claim is not a number"))
    return claims
