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
    signed = b".".join(_encoded(orjson.dumps(dict(part))) for part in (header, claims))
    if key == "none":
        return f"{signed.decode()}."
    keys = {"decoded": b64decode(customer.secret_key), "written": customer.secret_key.encode()}
    signature = hmac.digest(keys.get(key, b"another key"), signed, _HASHES.get(str(header.get("alg")), "sha256"))
    return f"{signed.decode()}.{_encoded(signature).decode()}"


def _encoded(part: bytes) -> bytes:
    return urlsafe_b64encode(part).rstrip(b"=")
