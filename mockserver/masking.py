"""What of a call may be shown: tokens, secrets and identifiers stand as marks that tell equal ones from others."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

import orjson

from mockserver.fingerprint import fingerprint

SECRETS = frozenset(
    "access_token refresh_token client_secret secret_key code_verifier code_challenge token assertion password".split()
)
IDENTIFIERS = frozenset({"identifiers", "sampleInvalidIdentifiers"})
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


def masked_body(body: bytes, media: str | None) -> Any:
    """A body as JSON, its secrets by marks; what is neither JSON nor a form by its size."""
    if not body:
        return None
    if (media or "").startswith("application/x-www-form-urlencoded"):
        fields = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        return {name: mark(name, value) if name in SECRETS or name == "code" else value for name, value in fields.items()}
    try:
        return masked(orjson.loads(body))
    except ValueError:
        return f"<{len(body)} bytes that are no JSON>"


def masked(thing: Any, name: str = "") -> Any:
    """Parsed JSON with a mark for every secret; of a long list of identifiers, the first ones and how many there are."""
    if isinstance(thing, dict):
        if _speaks_of_identifiers(thing):
            thing = thing | {"detail": "<about an identifier>"}
        return {key: masked(value, key) for key, value in thing.items()}
    if isinstance(thing, list):
        shown = thing[:_LONGEST] if name in IDENTIFIERS else thing
        rest = [f"<and {len(thing) - len(shown)} more>"] if len(shown) < len(thing) else []
        return [mark("identifier", str(each)) if name in IDENTIFIERS else masked(each, name) for each in shown] + rest
    if name in IDENTIFIERS and thing is not None:
        return mark("identifier", str(thing))
    return mark(name, thing) if name in SECRETS and isinstance(thing, str) else thing


def _speaks_of_identifiers(problem: dict[str, Any]) -> bool:
    """Whether a problem's detail may repeat an identifier."""
    source = problem.get("source")
    places = source.values() if isinstance(source, dict) else ()
    return "detail" in problem and any("identifiers" in str(place) for place in places)
