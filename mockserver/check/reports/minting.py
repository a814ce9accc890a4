"""Tokens that a customer of Shoplive's made for itself, taken apart so that a script can make them anew."""

import binascii
import hmac
import re
from base64 import b64decode, urlsafe_b64decode
from typing import Any

import orjson

from mockserver.check.reports.parts import Minted
from mockserver.check.setting import Customer

JWT = re.compile(r"eyJ[\w-]*\.eyJ[\w-]*\.[\w-]*")
_TIMES = ("exp", "iat", "nbf")
_HASHES = {"HS256": "sha256", "HS384": "sha384", "HS512": "sha512"}
_ALGORITHMS = {*_HASHES, "none"}


def taken_apart(token: str, customer: Customer | None, at: float) -> Minted | None:
    """How a token was made at that time, in seconds since 1970; nothing if no customer makes such."""
    head, body, signature = token.split(".")
    try:
        header, claims = orjson.loads(_decoded(head)), orjson.loads(_decoded(body))
    except ValueError:
        return None
    if not (isinstance(header, dict) and isinstance(claims, dict)) or header.get("alg") not in _ALGORITHMS:
        return None
    times = {name: claims[name] - at for name in _TIMES if at and type(claims.get(name)) in (int, float)}
    rest = {name: value for name, value in claims.items() if name not in times}
    if customer is not None and rest.get("accessKey") == customer.access_key:
        rest["accessKey"] = None  # whoever runs the script
    return Minted(header, rest, times, _signed_with(f"{head}.{body}", signature, header, customer))


def _signed_with(signed: str, signature: str, header: dict[str, Any], customer: Customer | None) -> str:
    if not signature:
        return "none"
    if customer is None:
        return "decoded"
    digest = _HASHES.get(header["alg"], "sha256")
    try:
        keys = {"decoded": b64decode(customer.secret_key), "written": customer.secret_key.encode()}
    except binascii.Error:
        keys = {"written": customer.secret_key.encode()}
    made = _decoded(signature)
    return next((name for name, key in keys.items() if hmac.digest(key, signed.encode(), digest) == made), "another")


def _decoded(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))
