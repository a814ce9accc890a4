"""Where an authorization code came from: a user agreed, which is no call of the API. A fake has a control for it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import parse_qsl

import orjson

from mockserver.check.session import Exchange
from mockserver.message import Request, Response
from mockserver.providers.criteo.tokens import read

_SHORTEST = 20
_SEED = 0
"""Of a world that nobody gave another: its codes say what they are for and since when."""


def agreed(exchanges: Sequence[Exchange], wrong: int) -> tuple[list[Exchange], int]:
    """The exchanges, with one in which a fake is told that a user agreed before each new code is used; and where the answer
    that is wrong stands then.
    """
    told = list(exchanges)
    for code, form, exchange in _codes(exchanges):
        claims = read(code, _SEED)
        if claims is not None and claims.kind == "code":
            said = {"client_id": claims.client_id, "redirect_uri": claims.redirect_uri}
            place = next(number for number, each in enumerate(told) if each.at >= claims.issued)
            waited = max(claims.issued - told[place].at + told[place].moved, 0.0)
        elif exchange.response.status == 200:
            said = {"client_id": form.get("client_id"), "redirect_uri": form.get("redirect_uri")}
            place, waited = told.index(exchange), 0.0
        else:
            continue  # nobody gave it
        waited = min(waited, told[place].moved)
        after = replace(told[place], moved=told[place].moved - waited)
        told[place : place + 1] = [_consent(said, code, told[place], waited), after]
        wrong += place <= wrong
    return told, wrong


def _codes(exchanges: Sequence[Exchange]) -> Iterator[tuple[str, dict[str, str], Exchange]]:
    """Each code that is used, with the form and the exchange that it is first used in."""
    given: set[str] = set()
    for exchange in exchanges:
        media = exchange.request.header(b"content-type") or ""
        if not media.startswith("application/x-www-form-urlencoded"):
            continue
        form = dict(parse_qsl(exchange.request.body.decode("latin-1")))
        code = form.get("code", "")
        if len(code) >= _SHORTEST and code not in given:
            given.add(code)
            yield code, form, exchange


def _consent(said: dict[str, str | None], code: str, before: Exchange, moved: float) -> Exchange:
    request = Request("POST", "/_mock/criteo/authorization-codes", body=orjson.dumps(said))
    answer = Response(200, [(b"content-type", b"application/json")], orjson.dumps({"code": code}))
    return Exchange(request, answer, "", before.version, before.at - before.moved + moved, moved)
