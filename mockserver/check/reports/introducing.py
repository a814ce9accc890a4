"""Where the first token of a sequence came from, if not from one of its own answers."""

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlencode

import orjson

from mockserver.check.outcome import Finding
from mockserver.check.reports.agreeing import agreed
from mockserver.check.reports.minting import JWT, taken_apart
from mockserver.check.session import Exchange
from mockserver.check.setting import DEMO, Credentials, Setting
from mockserver.message import Request, Response

_BEARER = re.compile(r"Bearer (\S{20,})")
_FORM = ((b"content-type", b"application/x-www-form-urlencoded"),)


def introduced(finding: Finding, setting: Setting) -> Finding:
    """A finding whose exchanges begin with those that handed out what nobody in it did."""
    first = finding.exchanges[0] if finding.exchanges else None
    began = first.at - first.moved if first is not None else 0.0
    logins = [replace(each, at=began) for each in _logins(finding, setting)]
    exchanges, wrong = agreed(finding.exchanges, finding.expectation.exchange)
    expectation = replace(finding.expectation, exchange=wrong + len(logins))
    return replace(finding, expectation=expectation, exchanges=[*logins, *exchanges])


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
    return Exchange(request, answer, "requestToken", exchange.version)
