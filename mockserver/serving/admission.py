"""Who may command the server: `/_mock` answers neither a foreign web page nor, if there is a token, anybody without it.

A browser can be led here by any page it has open. A page that pretends to be this server (DNS rebinding) shows in `Host`, one
that sends requests from elsewhere in `Origin` and `Sec-Fetch-Site`.
"""

import binascii
import re
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hmac import compare_digest
from ipaddress import ip_address
from urllib.parse import urlsplit

import orjson
from starlette.responses import Response

from mockserver.control import App, Receive, Scope, Send
from mockserver.hosts import HOSTS
from mockserver.mistake import Mistake

_OF_CONTAINERS = ("host.docker.internal", "host.containers.internal")
_HEALTH = ("/_mock/health", "/_mock/health/live", "/_mock/health/ready")
_READS = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True, slots=True)
class Admission:
    """The control plane behind its door.

    `hosts` are names that this server is called by beside those that are always ours; `port` is the only one that lets in, if
    there is one; nobody is let in where it is `shut`. Everybody may ask whether the server lives.
    """

    app: App
    hosts: frozenset[str] = frozenset()
    token: str | None = None
    port: int | None = None
    shut: bool = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(scope) if scope["type"] == "http" else None
        await (refusal or self.app)(scope, receive, send)

    def _refusal(self, scope: Scope) -> Response | None:
        if [name for name, _ in scope["headers"]].count(b"host") > 1:
            return _refused(400, "a request has one Host")
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        host = headers.get("host", "")
        if not self._is_ours(host):
            told = f"{host!r} is no name of this server; to command it by that name: serve --allow-host {_name(host)}"
            return _refused(403, told)
        if _is_foreign(headers, scope["method"]):
            return _refused(403, "a web page from elsewhere can not command this server")
        if scope["path"] in _HEALTH:
            return None
        if self.shut or self.port not in (None, scope["server"][1]):
            told = "switched off: serve --control on" if self.shut else "on another port: see serve --control"
            return _refused(404, f"the control plane of this server is {told}")
        if self.token is None or _has(self.token, headers.get("authorization", "")):
            return None
        challenge = {"WWW-Authenticate": 'Basic realm="mockserver: any name, the control token as password", charset="UTF-8"'}
        return _refused(401, "this server has a control token: Authorization: Bearer TOKEN", challenge)

    def _is_ours(self, host: str) -> bool:
        name = _name(host)
        return (
            _is_address(name)
            or "." not in name  # no public name is so short: localhost, a service of a compose file, or none at all
            or name.endswith(".localhost")
            or name in (*HOSTS, *_OF_CONTAINERS)
            or name in self.hosts
        )


def _name(host: str) -> str:
    """A host without its port and brackets, in lower case."""
    name = host.rpartition("]")[0].lstrip("[") if host.startswith("[") else host.partition(":")[0]
    return name.lower().rstrip(".")


def _is_address(name: str) -> bool:
    """Whether it is an address: whoever is led astray by a name has none in `Host`."""
    try:
        ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return True


def _is_foreign(headers: Mapping[str, str], method: str) -> bool:
    """Whether a web page of another origin sent it. Following a link to here is no sending."""
    origin = headers.get("origin")
    if origin is not None:
        return _place(origin) != headers.get("host", "").lower()
    led = headers.get("sec-fetch-mode") == "navigate" and method in _READS
    return headers.get("sec-fetch-site") in ("cross-site", "same-site") and not led


def _place(origin: str) -> str | None:
    """Host and port of an origin; nothing for what is none."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return None


def _has(token: str, authorization: str) -> bool:
    """Whether the token is shown, as a bearer's or as a password under any name."""
    scheme, _, shown = authorization.partition(" ")
    if scheme.lower() == "basic":
        try:
            shown = b64decode(shown, validate=True).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return False
    return scheme.lower() in ("basic", "bearer") and compare_digest(shown.encode(), token.encode())


def _refused(status: int, told: str, headers: Mapping[str, str] | None = None) -> Response:
    return Response(orjson.dumps({"error": told}) + b"\n", status, headers, media_type="application/json")


def allowed(names: Sequence[str]) -> frozenset[str]:
    """Names as they are compared. Raises `Mistake` for what is no name of a host."""
    wrong = [each for each in names if not re.fullmatch(r"[\w.:%\[\]-]+", each)]
    if wrong:
        raise Mistake(f"a name of this server is one of a host, like mock.example, not {wrong[0]!r}")
    return frozenset(_name(each) for each in names)
