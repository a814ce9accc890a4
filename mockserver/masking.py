"""What of a call may be shown: tokens, secrets and identifiers stand as marks that tell equal ones from others."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

import orjson

from mockserver.fingerprint import fingerprint

SECRETS = frozenset(
    "access_token refresh_token client_secret secret_key code_verifier code_challenge token assertion password".split()
)
IDENTIFIERS = frozenset({"identifiers", "sampleInvalidIdentifiers"})
_CALLED_WITH = SECRETS | {"code"}
_TELLING = tuple(f'"{name}"' for name in (*_CALLED_WITH, *IDENTIFIERS))
_FORM = "application/x-www-form-urlencoded"
_DEEPEST = 100
_HEADERS = frozenset({b"authorization", b"proxy-authorization", b"cookie", b"set-cookie"})
_LONGEST = 20


def mark(what: str, text: str) -> str:
    """What stands for a secret: `<access_token 3fa85f>`, the same for the same text."""
    return f"<{what} {fingerprint(0, text) & 0xFFFFFF:06x}>"


def masked_headers(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers by name, the secret ones by a mark behind their scheme."""
    return {name.decode("latin-1"): _header(name, value.decode("latin-1")) for name, value in headers}


def _header(name: bytes, value: str) -> str:
    if name.lower() not in _HEADERS:
        return value
    scheme, space, secret = value.partition(" ")
    return f"{scheme} {mark('token', secret)}" if space else mark("secret", value)


def masked_path(path: str) -> str:
    """A path with marks for the steps that look like an address or a token, which belong in none."""
    if "@" not in path and "/eyJ" not in path:
        return path
    return "/".join(mark("step", each) if "@" in each or each.startswith("eyJ") else each for each in path.split("/"))


def masked_query(query: str) -> str:
    """A query with its secrets by marks."""
    if not any(name in query for name in ("@", "%40", *_CALLED_WITH)):
        return query
    fields = parse_qsl(query, keep_blank_values=True)
    return "&".join(f"{name}={mark(name, value) if name in _CALLED_WITH or '@' in value else value}" for name, value in fields)


def masked_body(body: bytes, media: str | None, secrets: frozenset[str] = SECRETS) -> Any:
    """A body as JSON, its secrets by marks; what is neither JSON nor a form by its size."""
    if not body:
        return None
    try:
        return masked(orjson.loads(body), "", secrets)
    except ValueError:
        fields = form_fields(body) if (media or "").startswith(_FORM) else {}
        return masked(fields, "", secrets | _CALLED_WITH) if fields else f"<{len(body)} bytes that are no JSON>"


def masked_request_body(body: bytes, media: str | None) -> Any:
    """The same for a request, in which an authorization code is a secret too."""
    return masked_body(body, media, _CALLED_WITH)


def form_fields(body: bytes) -> dict[str, str]:
    """The fields of a form, or none if it is not written as one."""
    if not body.isascii() or not re.fullmatch(rb"[^\s{}\[\]\"<>]+", body):
        return {}
    return dict(parse_qsl(body.decode("ascii"), keep_blank_values=True))


def masked(thing: Any, name: str = "", secrets: frozenset[str] = SECRETS, depth: int = 0) -> Any:
    """Parsed JSON with a mark for every secret; of a long list of identifiers, the first ones and how many there are.

    Everything below a member that holds identifiers is one.
    """
    if depth > _DEEPEST:
        return "<nested more deeply>"
    if isinstance(thing, dict):
        if "detail" in thing and (_repeats(thing["detail"]) or "identifiers" in str(thing.get("source"))):
            thing = thing | {"detail": "<about what is not shown>"}
        return {key: masked(value, name if name in IDENTIFIERS else key, secrets, depth + 1) for key, value in thing.items()}
    if isinstance(thing, list):
        shown = thing[:_LONGEST] if name in IDENTIFIERS else thing
        rest = [f"<and {len(thing) - len(shown)} more>"] if len(shown) < len(thing) else []
        return [masked(each, name, secrets, depth + 1) for each in shown] + rest
    if name in IDENTIFIERS and thing is not None:
        return mark("identifier", str(thing))
    return mark(name, thing) if name in secrets and isinstance(thing, str) else thing


def masked_detail(detail: str | None, pointer: str | None) -> str | None:
    """The detail of an objection, unless it may repeat a secret or an identifier."""
    return "<about what is not shown>" if "identifiers" in (pointer or "") or _repeats(detail) else detail


def _repeats(detail: Any) -> bool:
    """Whether a detail repeats a part of a request that has secrets or identifiers in it, or may do so, shortened."""
    return isinstance(detail, str) and (" … " in detail or any(name in detail for name in _TELLING))
