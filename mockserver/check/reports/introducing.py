"""What must have been said before a sequence began: where its first token or its authorization code came from."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

import orjson

from mockserver.check.outcome import Finding
from mockserver.check.reports.minting import JWT, taken_apart
from mockserver.check.session import Exchange
from mockserver.check.setting import DEMO, Credentials, Setting
from mockserver.message import Request, Response

_BEARER = re.compile(r"Bearer (\S{20,})")
_CODE_LENGTH = 20
_FORM = ((b"content-type", b"application/x-www-form-urlencoded"),)


def introduced(finding: Finding, setting: Setting) -> Finding:
    """A finding whose exchanges begin with those that handed out what nobody in it did."""
    before = [*_logins(finding, setting), *_consents(finding.exchanges)]
    expectation = replace(finding.expectation, exchange=finding.expectation.exchange + len(before))
    return replace(finding, expectation=expectation, exchanges=[*before, *finding.exchanges])


def _logins(finding: Finding, setting: Setting) -> Iterator[Exchange]:
    """Sessions may share a token, so that it was fetched in another one."""
    given: set[str] = set()
    for number, exchange in enumerate(finding.exchanges):
        found = _BEARER.fullmatch(exchange.request.header(b"authorization") or "")
        if found and found[1] not in given and _let_in(finding, number) and not _is_own(found[1], exchange, setting):
            given.add(found[1])
            yield _login(setting.main or DEMO.main, found[1], exchange)
        given |= set(_tokens(exchange))


def _is_own(token: str, exchange: Exchange, setting: Setting) -> bool:
    return JWT.fullmatch(token) is not None and taken_apart(token, setting.customer, exchange.at) is not None


def _let_in(finding: Finding, number: int) -> bool:
    """Whether a token was taken, and rightly so; what nobody handed out is a wrong one otherwise."""
    expectation = finding.expectation
    doubted = expectation.exchange == number and expectation.pointer == "status" and "401" in str(expectation.wanted)
    return finding.exchanges[number].response.status != 401 and not doubted


def _tokens(exchange: Exchange) -> Iterator[str]:
    try:
        body = exchange.response.json() if exchange.response.body else None
    except ValueError:
        return
    if isinstance(body, dict) and isinstance(body.get("access_token"), str):
        yield body["access_token"]


def _login(credentials: Credentials | None, token: str, exchange: Exchange) -> Exchange:
    assert credentials is not None, "the demo world has applications"
    said = {
        "grant_type": "client_credentials",
        "client_id": credentials.client_id,
        "client_secret": credentials.client_secret,
    }
    request = Request("POST", "/oauth2/token", headers=_FORM, body=urlencode(said).encode())
    answer = Response(200, [(b"content-type", b"application/json")], orjson.dumps({"access_token": token}))
    return Exchange(request, answer, "requestToken", exchange.version, exchange.at)


def _consents(exchanges: Sequence[Exchange]) -> Iterator[Exchange]:
    """A user's consent is no call of the API. A fake has a control for it, and only fakes are asked for codes."""
    given: set[str] = set()
    for exchange in exchanges:
        fields = dict(parse_qsl(exchange.request.body.decode("latin-1"))) if _is_form(exchange.request) else {}
        code = fields.get("code", "")
        if len(code) >= _CODE_LENGTH and code not in given and exchange.response.status == 200:
            given.add(code)
            said = {"client_id": fields.get("client_id"), "redirect_uri": fields.get("redirect_uri")}
            request = Request("POST", "/_mock/criteo/authorization-codes", body=orjson.dumps(said))
            answer = Response(200, [(b"content-type", b"application/json")], orjson.dumps({"code": code}))
            yield Exchange(request, answer, "", exchange.version, exchange.at)


def _is_form(request: Request) -> bool:
    return (request.header(b"content-type") or "").startswith(_FORM[0][1].decode())
