"""Tokens that say what they are and are signed, so that none has to be remembered.

Criteo's are RS256 JWTs that clients treat as opaque; these are opaque for good. A world with another seed does not know
them; the same world started again still does.
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

import orjson


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token says. Times are seconds since 1970; `kind` is `access`, `refresh` or `code`.

    `user` and `accounts` are of the consent that an authorization code stands for; a code also carries where it was to
    be sent and the PKCE challenge.
    """

    kind: str
    client_id: str
    issued: float
    expires: float
    serial: int
    user: str | None = None
    accounts: tuple[str, ...] | None = None
    redirect_uri: str | None = None
    challenge: str | None = None


def minted(claims: Claims, seed: int) -> str:
    """The token that says so."""
    said = [
        claims.kind,
        claims.client_id,
        claims.issued,
        claims.expires,
        claims.serial,
        claims.user,
        claims.accounts,
        claims.redirect_uri,
        claims.challenge,
    ]
    payload = urlsafe_b64encode(orjson.dumps(said)).rstrip(b"=")
    return f"{payload.decode()}.{_signature(payload, seed)}"


def read(token: str, seed: int) -> Claims | None:
    """What a token says, if this world made it; its age is for the reader to judge."""
    payload, _, signature = token.partition(".")
    if not token.isascii() or not hmac.compare_digest(signature, _signature(payload.encode(), seed)):
        return None
    kind, client_id, issued, expires, serial, user, accounts, redirect_uri, challenge = orjson.loads(
        urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    )
    granted = tuple(accounts) if accounts is not None else None
    return Claims(kind, client_id, issued, expires, serial, user, granted, redirect_uri, challenge)


def _signature(payload: bytes, seed: int) -> str:
    return hashlib.blake2b(payload, digest_size=16, key=b"mockserver %d" % seed).hexdigest()
