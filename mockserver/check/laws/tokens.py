"""Tokens of an application on its own: what they say, and how long they live."""

from mockserver.check.law import Check
from mockserver.check.laws.granting import granted, header, tried
from mockserver.check.laws.stating import claim
from mockserver.check.session import Answer, Session
from mockserver.evidence import assumed, guide, sdk, wire
from mockserver.providers.criteo.sources import OAUTH_GUIDE, PYTHON_SDK, RUDDERSTACK

_RFC = assumed("RFC 6749 section 5; Criteo has published only invalid_client")


def _token_says_what_it_is(session: Session) -> None:
    answer = granted(session).holds("body/token_type", "Bearer").holds("body/expires_in", 900)
    answer.holds("body/refresh_token", None, why="a client of Criteo's fails without this key")


def _token_is_not_kept_by_caches(session: Session) -> None:
    granted(session).holds("headers/cache-control", ".*no-store.*", "matches").holds("headers/pragma", "no-cache")


def _tokens_live_together(session: Session) -> None:
    answers = [granted(session) for _ in range(4)]
    for number, answer in enumerate(answers[1:], 1):
        answer.holds("body/access_token", [each.at("body/access_token") for each in answers[:number]], "is none of")
    for answer in answers:
        tried(session, header(answer)).says(200)


def _token_lives_to_the_second(session: Session) -> None:
    answer = granted(session)
    seconds = answer.at("body/expires_in")
    tried(session, header(answer)).says(200)
    session.advance(seconds - 1)
    tried(session, header(answer)).says(200)
    session.advance(1)
    expired(tried(session, header(answer)))
    for later in (1, 60, 86_400):
        session.advance(later)
        expired(tried(session, header(answer)))


def _token_first_used_late_is_late(session: Session) -> None:
    answer = granted(session)
    session.advance(answer.at("body/expires_in"))
    expired(tried(session, header(answer)))


def _use_prolongs_nothing(session: Session) -> None:
    answer = granted(session)
    for _ in range(3):
        session.advance(answer.at("body/expires_in") // 3 - 1)
        tried(session, header(answer)).says(200)
    session.advance(3)
    expired(tried(session, header(answer)))


def _each_token_has_its_own_time(session: Session) -> None:
    first = granted(session)
    session.advance(300)
    second = granted(session)
    session.advance(first.at("body/expires_in") - 300)
    expired(tried(session, header(first)))
    tried(session, header(second)).says(200)
    session.advance(300)
    expired(tried(session, header(second)))
    tried(session, header(granted(session))).says(200)


def expired(answer: Answer) -> None:
    """Expect the refusal of a token that was good once."""
    answer.says(401, "authorization-token-expired").holds("body/errors/0/type", "authorization")
    answer.holds("body/errors/0/title", "The authorization token has expired")


_GUIDE = guide(OAUTH_GUIDE)
_MAIN = frozenset({"main"})
_USED = frozenset({"main", "account"})
_TIMED = _USED | {"clock"}
_ID = ("requestToken",)


CHECKS: tuple[Check, ...] = (
    claim(
        "token-says-what-it-is",
        "A token is a Bearer token for 900 seconds, with a refresh_token that is null.",
        sdk(PYTHON_SDK),
        _token_says_what_it_is,
        _ID,
        _MAIN,
    ),
    claim("token-is-not-cached", "No cache keeps a token.", _RFC, _token_is_not_kept_by_caches, _ID, _MAIN),
    claim(
        "tokens-live-together",
        "A new token is another one and leaves the earlier ones valid.",
        _GUIDE,
        _tokens_live_together,
        _ID,
        _USED,
    ),
    claim(
        "token-lives-to-the-second",
        "A token is good until expires_in seconds have passed, and never after.",
        wire(RUDDERSTACK, unproven="the second"),
        _token_lives_to_the_second,
        _ID,
        _TIMED,
    ),
    claim(
        "token-first-used-late-is-late",
        "A token that was never used expires all the same.",
        _GUIDE,
        _token_first_used_late_is_late,
        _ID,
        _TIMED,
    ),
    claim("token-use-prolongs-nothing", "Using a token does not prolong it.", _GUIDE, _use_prolongs_nothing, _ID, _TIMED),
    claim(
        "token-has-its-own-time",
        "Each token expires at its own time.",
        _GUIDE,
        _each_token_has_its_own_time,
        _ID,
        _TIMED,
    ),
)
