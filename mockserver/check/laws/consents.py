"""Tokens on behalf of a user: what an authorization code and a refresh token are worth, when, and how often."""

from mockserver.check.law import Check
from mockserver.check.laws.granting import (
    NONE_GIVEN,
    consented,
    exchange,
    granted,
    header,
    refresh,
    refresh_token,
    tried,
    turned_down,
)
from mockserver.check.laws.stating import claim
from mockserver.check.laws.tokens import expired
from mockserver.check.session import Session
from mockserver.evidence import assumed, guide
from mockserver.providers.criteo.sources import OAUTH_GUIDE

CODE_SECONDS = 600
REFRESH_SECONDS = 182 * 24 * 3600


def _code_is_worth_a_token(session: Session) -> None:
    answer = exchange(session, consented(session)).says(200)
    refresh_token(answer)
    answer.holds("headers/cache-control", ".*no-store.*", "matches")
    tried(session, header(answer)).says(200)


def _code_is_good_once(session: Session) -> None:
    code = consented(session)
    first = exchange(session, code).says(200)
    turned_down(exchange(session, code), "invalid_grant")
    tried(session, header(first)).says(200)
    exchange(session, consented(session)).says(200)


def _code_lasts_ten_minutes(session: Session) -> None:
    early, late = consented(session), consented(session)
    session.advance(CODE_SECONDS - 1)
    exchange(session, early).says(200)
    session.advance(1)
    turned_down(exchange(session, late), "invalid_grant")


def _code_goes_where_it_was_sent(session: Session) -> None:
    code, uri = consented(session), session.setting.redirect_uri or ""
    for wrong in (f"{uri}/", uri.upper(), uri[:-1], "", NONE_GIVEN, f"{uri}?a=b", "https://elsewhere.example"):
        turned_down(exchange(session, code, redirect_uri=wrong), "invalid_grant")
    exchange(session, code).says(200)


def _code_is_its_applications(session: Session) -> None:
    code, other = consented(session), session.setting.reader
    assert other is not None, "it is needed"
    mine = {"client_id": other.client_id, "client_secret": other.client_secret}
    turned_down(exchange(session, code, **mine), "invalid_grant")
    token = refresh_token(exchange(session, code).says(200))
    turned_down(refresh(session, token, **mine), "invalid_grant")


def _kinds_are_not_mixed(session: Session) -> None:
    code = consented(session)
    turned_down(refresh(session, code), "invalid_grant")
    answer = exchange(session, code).says(200)
    token, access = refresh_token(answer), str(answer.at("body/access_token"))
    turned_down(exchange(session, token), "invalid_grant")
    turned_down(refresh(session, access), "invalid_grant")
    for wrong in (consented(session), token):
        tried(session, f"Bearer {wrong}").says(401, "authorization-token-invalid")


def _refreshing(session: Session) -> None:
    first = exchange(session, consented(session)).says(200)
    old = refresh_token(first)
    second = refresh(session, old).says(200)
    new = refresh_token(second)
    second.holds("body/access_token", first.at("body/access_token"), "is not")
    for answer in (first, second):
        tried(session, header(answer)).says(200)
    if session.readings["refresh-token"] == "kept":
        second.holds("body/refresh_token", old)
        refresh(session, old).says(200)
    else:
        second.holds("body/refresh_token", old, "is not")
        turned_down(refresh(session, old), "invalid_grant")
    refresh(session, new).says(200)


def _refresh_lasts_half_a_year(session: Session) -> None:
    early = refresh_token(exchange(session, consented(session)).says(200))
    late = refresh_token(exchange(session, consented(session)).says(200))
    session.advance(REFRESH_SECONDS - 1)
    refresh(session, early).says(200)
    session.advance(1)
    turned_down(refresh(session, late), "invalid_grant")


def _users_token_expires(session: Session) -> None:
    first = exchange(session, consented(session)).says(200)
    session.advance(first.at("body/expires_in") - 1)
    tried(session, header(first)).says(200)
    session.advance(1)
    expired(tried(session, header(first)))
    tried(session, header(refresh(session, refresh_token(first)).says(200))).says(200)


def _users_limit(session: Session) -> None:
    session.advance(60 - session.wire.now() % 60)
    own = header(granted(session))
    given = [exchange(session, consented(session)).says(200) for _ in range(2)]
    first, second = (header(each) for each in given)
    per_token = session.readings["authorization-code-limit"] == "35-per-token"
    answer = tried(session, first).says(200)
    answer.holds("headers/x-ratelimit-limit", "35" if per_token else "[1-9]+0", "matches", "ten for each account")
    answer.holds("headers/x-ratelimit-limit", str(session.setting.limit), "is not")
    limit = int(answer.at("headers/x-ratelimit-limit"))
    answer.holds("headers/x-ratelimit-remaining", str(limit - 1))
    for left in range(limit - 2, -1, -1):
        answer = tried(session, first).says(200).holds("headers/x-ratelimit-limit", str(limit))
        answer.holds("headers/x-ratelimit-remaining", str(left))
    tried(session, first).says(429, "too-many-requests")
    tried(session, own).says(200).holds("headers/x-ratelimit-limit", str(session.setting.limit))
    if per_token:
        tried(session, second).says(200).holds("headers/x-ratelimit-remaining", str(limit - 1))
    else:
        tried(session, second).says(429, "too-many-requests")
    session.advance(60 - session.wire.now() % 60)
    tried(session, first).says(200).holds("headers/x-ratelimit-remaining", str(limit - 1))
    renewed = tried(session, header(refresh(session, refresh_token(given[0])).says(200))).says(200)
    renewed.holds("headers/x-ratelimit-limit", str(limit), why="a refreshed token is the user's too")


_RFC = assumed("RFC 6749 sections 4.1 and 6")
_GUIDE = guide(OAUTH_GUIDE)
_ID = ("requestToken",)
_CODE = frozenset({"main", "account", "redirect_uri", "consent"})
_TIMED = _CODE | {"clock"}
CHECKS: tuple[Check, ...] = (
    claim("code-is-worth-a-token", "A code is worth a token and a refresh token.", _GUIDE, _code_is_worth_a_token, _ID, _CODE),
    claim("code-is-good-once", "A code is good once.", _RFC, _code_is_good_once, _ID, _CODE),
    claim("code-lasts-ten-minutes", "A code is good for ten minutes.", _RFC, _code_lasts_ten_minutes, _ID, _TIMED),
    claim(
        "code-goes-where-it-was-sent",
        "A code is exchanged with the redirect_uri that it was sent to.",
        _GUIDE,
        _code_goes_where_it_was_sent,
        _ID,
        _CODE,
    ),
    claim(
        "code-is-its-applications",
        "Codes and refresh tokens are worth nothing to another application.",
        _RFC,
        _code_is_its_applications,
        _ID,
        _CODE | {"reader"},
    ),
    claim(
        "token-kinds-are-not-mixed",
        "A code, a refresh token and an access token are each good for their own use only.",
        _RFC,
        _kinds_are_not_mixed,
        _ID,
        _CODE,
    ),
    claim(
        "refresh-as-read",
        "A refresh token is worth new tokens, and is kept or rotated as the target was seen to do.",
        _RFC,
        _refreshing,
        _ID,
        _CODE,
    ),
    claim(
        "refresh-lasts-half-a-year", "A refresh token is good for 182 days.", _GUIDE, _refresh_lasts_half_a_year, _ID, _TIMED
    ),
    claim(
        "users-token-expires",
        "A user's token expires like any, and can be refreshed.",
        _GUIDE,
        _users_token_expires,
        _ID,
        _TIMED,
    ),
    claim(
        "users-calls-are-counted-apart",
        "Calls on behalf of a user have a limit of their own, as the target was seen to count them.",
        guide("developers.criteo.com, rate limits"),
        _users_limit,
        _ID,
        _TIMED | {"fresh", "exhaust", "limit"},
    ),
)
