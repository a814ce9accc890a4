"""The token that a customer of Shoplive's makes for itself: a JWT, signed with its secret key."""

import hmac
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Any

import orjson

from mockserver.check.setting import Customer

_HASHES = {"HS256": "sha256", "HS384": "sha384", "HS512": "sha512"}


def customer_token(customer: Customer, expires: float, **claims: Any) -> str:
    """A token that is good until `expires`, in seconds since 1970; `claims` are added or put in place of its own."""
    said = {"accessKey": customer.access_key, "exp": int(expires), **claims}
    return minted(customer, {"alg": "HS256", "typ": "JWT"}, said)


def minted(customer: Customer, header: Mapping[str, Any], claims: Mapping[str, Any], key: str = "decoded") -> str:
    """A token, sound or not; `key` is `decoded` or `written` for the secret key as used or as issued, `another`, or `none`."""
    keys = {"decoded": b64decode(customer.secret_key), "written": customer.secret_key.encode(), "none": None}
    return signed(header, claims, keys.get(key, b"another key"))


def signed(header: Mapping[str, Any], claims: Mapping[str, Any], secret: bytes | None) -> str:
    """A token whose parts say anything, signed with a secret or not at all: what libraries refuse to make."""
    said = b".".join(_encoded(orjson.dumps(dict(part))) for part in (header, claims))
    algorithm = _HASHES.get(str(header.get("alg")), "sha256")
    signature = b"" if secret is None else _encoded(hmac.digest(secret, said, algorithm))
    return f"{said.decode()}.{signature.decode()}"


def _encoded(part: bytes) -> bytes:
    return urlsafe_b64encode(part).rstrip(b"=")
