"""The laws about tokens, callers, permissions, counts, versions and HTTP: true of the fake, and broken by each lie here."""

from dataclasses import replace
from typing import Any

import pytest
from law_trials import MOMENTS, QUICK, Spoil, alarms, alternatives, body, checks_of, header, lying, named, told, without

from mockserver.check.law import Effort
from mockserver.check.laws import (
    accounts,
    bodies,
    consents,
    counting,
    http,
    identity,
    permissions,
    throttle_machine,
    throttling,
    token_machine,
    token_requests,
    tokens,
    versions,
)
from mockserver.check.running import run_one
from mockserver.check.setting import DEMO
from mockserver.contract import operation
from mockserver.message import Request, Response
from mockserver.providers.criteo import identity as callers
from mockserver.providers.criteo import oauth
from mockserver.providers.criteo import versions as lives
from mockserver.throttle import Throttle, Window

CHECKS = checks_of(
    *(tokens, token_requests, token_machine, consents, identity, permissions, accounts),
    *(throttling, counting, throttle_machine, versions, http, bodies),
)
READINGS = (
    *("missing-authorization", "retired-version", "deprecation-headers", "basic-credentials", "refresh-token"),
    *("authorization-code-limit", "throttle-problem-type", "unknown-contact-list", "empty-problem-lists", "failed-items-in"),
    *("contact-list-clear", "default-page-size"),
)


def test_no_two_checks_have_one_name():
    assert len({check.name for check in CHECKS}) == len(CHECKS)


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("profile", ["guide", "openapi"])
def test_the_truth_raises_no_alarm_at_any_time(moment: str, profile: str):
    assert alarms(CHECKS, moment=moment, profile=profile) == []


@pytest.mark.parametrize("chosen", alternatives(*READINGS), ids=str)
def test_the_truth_raises_no_alarm_under_any_reading(chosen: dict[str, str]):
    assert alarms(CHECKS, readings=chosen) == []


@pytest.mark.parametrize("chosen", [{}, *alternatives("retired-version", "deprecation-headers")], ids=str)
def test_the_truth_raises_no_alarm_once_versions_are_retired(chosen: dict[str, str]):
    setting = replace(DEMO, version="2027-01")
    assert alarms(CHECKS, readings=chosen, moment="2027-08-01T00:00:00Z", setting=setting) == []


@pytest.mark.parametrize("seed", range(10))
def test_the_truth_raises_no_alarm_whatever_chance_does(seed: int):
    drawn = checks_of(token_machine, throttle_machine)
    assert alarms(drawn, Effort(share=0.5, seed=seed, shrink=False)) == []


def test_everything_is_looked_at_in_few_calls_for_each_claim():
    venue = lying(None)
    calls = {check.name: run_one(check, venue, QUICK).calls for check in CHECKS}
    assert all(calls.values())
    assert max(calls[f"laws/{name}"] for name in ("identity-no-header", "http-changes-object", "permission-reader-reads")) < 250


def _one_more(self: Throttle, quotas: Any, now: float) -> Window:
    return TAKE(self, [replace(quota, limit=quota.limit + 1) for quota in quotas], now)


def _sliding(self: Throttle, quotas: Any, now: float) -> Window:
    return TAKE(self, quotas, now - 1)


def _together(self: Throttle, quotas: Any, now: float) -> Window:
    return TAKE(self, [replace(quota, key="everybody") for quota in quotas[:1]], now)


TAKE = Throttle.take


def _cached(request: Request, response: Response) -> Response | None:
    if response.status == 405:
        return Response(404, response.headers, response.body)
    return None


def _leaks_a_retry(request: Request, response: Response) -> Response | None:
    if response.status == 429:
        return Response(429, [*response.headers, (b"retry-after", b"30")], response.body)
    return None


SPOILS: dict[str, tuple[str, Spoil]] = {
    "no limit header": ("throttling-headers-go-down", without(b"x-ratelimit-limit")),
    "no remaining header": ("throttling-counted-though-refused", without(b"x-ratelimit-remaining")),
    "a reset in the past": (
        "throttling-reset-is-the-next-minute",
        header(b"x-ratelimit-reset", lambda said: b"%d" % (int(said) - 60)),
    ),
    "a reset that is no full minute": (
        "throttling-headers-go-down",
        header(b"x-ratelimit-reset", lambda said: b"%d" % (int(said) + 1)),
    ),
    "remaining counts too much": (
        "throttling-exactly-so-many",
        header(b"x-ratelimit-remaining", lambda said: b"%d" % (int(said) + 1)),
    ),
    "a Retry-After": ("throttling-exactly-so-many", _leaks_a_retry),
    "no sunset": ("version-warning-begins", without(b"sunset")),
    "a sunset of another day": ("version-warning-begins", header(b"sunset", lambda said: said.replace(b" 01 ", b" 02 "))),
    "no deprecation": ("version-warned-now", without(b"deprecation")),
    "tokens may be cached": ("token-is-not-cached", without(b"cache-control")),
    "refresh_token left out": ("token-says-what-it-is", body(lambda said: said.pop("refresh_token"), path="/oauth2")),
    "no Allow": ("http-wrong-methods", without(b"allow")),
    "404 for a wrong method": ("http-wrong-methods", _cached),
    "two traces": (
        "refusals-are-traced",
        body(lambda said: said["errors"][0].update(traceIdentifier="0" * 32), status=401, path="/"),
    ),
    "one trace for all": (
        "refusals-are-traced",
        body(lambda said: said["errors"][0].update(traceIdentifier="0" * 32, traceId="0" * 32), status=401, path="/"),
    ),
    "another instance": (
        "http-nowhere",
        body(lambda said: said["errors"][0].update(instance="/"), status=404, path="/"),
    ),
    "another type of 401": (
        "identity-no-token",
        body(lambda said: said["errors"][0].update(type="authentication"), status=401, path="/retail-media"),
    ),
    "other words for a wrong secret": (
        "token-wrong-secret",
        body(lambda said: said.update(error_description="no"), status=401, path="/oauth2"),
    ),
}


@pytest.mark.parametrize("lie", SPOILS)
def test_a_spoiled_answer_is_caught(lie: str):
    name, spoil = SPOILS[lie]
    outcome = run_one(named(CHECKS, name), lying(spoil), QUICK)
    assert outcome.verdict == "failed", told(outcome)


def _later(**seconds: float) -> dict[str, lives.Life]:
    """The lives of all versions with some moments so many seconds later."""
    moved = {name: {each: getattr(life, each) + by for each, by in seconds.items()} for name, life in lives.LIVES.items()}
    return {name: replace(life, **moved[name]) for name, life in lives.LIVES.items()}


PATCHES: dict[str, tuple[str, Any, str, Any]] = {
    "a token lives a second longer": ("token-lives-to-the-second", oauth, "ACCESS_SECONDS", 901),
    "a token lives a second less": ("token-lives-to-the-second", oauth, "ACCESS_SECONDS", 899),
    "a code lives a second longer": ("code-lasts-ten-minutes", oauth, "CODE_SECONDS", 601),
    "a refresh token lives a day less": ("refresh-lasts-half-a-year", oauth, "REFRESH_SECONDS", 181 * 86_400),
    "a verifier is not looked at": (
        "code-is-good-once",
        oauth,
        "_redeemable",
        lambda call, token, kind, own: call.world.claims(token),
    ),
    "Basic is never read": ("token-by-basic", oauth, "_basic", lambda header: None),
    "any secret will do": ("token-wrong-secret", oauth.hmac, "compare_digest", lambda one, other: True),
    "one call more": ("throttling-exactly-so-many", Throttle, "take", _one_more),
    "a window turns a second late": ("throttling-open-again-at-the-minute", Throttle, "take", _sliding),
    "everybody counts together": ("throttling-applications-count-apart", Throttle, "take", _together),
    "199 reports": ("throttling-reports-count-beside", callers, "OPERATION_LIMITS", {"getRealTimeReport": 199}),
    "text is JSON": ("http-searches-object", operation, "is_media", lambda said, media: True),
    "a version that never was": ("version-never-was", lives, "LIVES", {**lives.LIVES, "2026-02": lives.LIVES["2025-01"]}),
    "a version lives a month longer": ("version-retires-to-the-second", lives, "LIVES", _later(retired=31 * 86_400)),
    "the warning begins a second late": ("version-warning-begins", lives, "LIVES", _later(deprecated=1)),
    "the warning begins a second early": ("version-warning-begins", lives, "LIVES", _later(deprecated=-1)),
    "the warning ends a second late": ("version-warning-ends", lives, "LIVES", _later(retired=1)),
}
REREAD = {"Basic is never read": {"basic-credentials": "accepted"}}


@pytest.mark.parametrize("lie", PATCHES)
def test_a_fake_that_lies_is_caught(lie: str, monkeypatch: pytest.MonkeyPatch):
    name, place, member, instead = PATCHES[lie]
    monkeypatch.setattr(place, member, instead)
    outcome = run_one(named(CHECKS, name), lying(None, readings=REREAD.get(lie)), QUICK)
    assert outcome.verdict == "failed", told(outcome)


RIGHTS: dict[str, tuple[str, str, Any]] = {
    "a reader may write": (
        "permission-reader-manages-nothing",
        "reader-client",
        {"permissions": {"RetailMedia_Audience_Manage"}},
    ),
    "a manager may not read": (
        "permission-manager-reads",
        "demo-client",
        {"permissions": {"MarketingSolutions_Analytics_Read"}},
    ),
    "a stranger may read": ("permission-stranger-reads-nothing", "stranger-client", {"accounts": ("625702934721171442",)}),
    "another's account may be read": (
        "permission-strangers-account-not-read",
        "demo-client",
        {"accounts": ("625702934721171442", "625702934721171999")},
    ),
    "another's account may be changed": (
        "permission-strangers-account-not-changed",
        "demo-client",
        {"accounts": ("625702934721171442", "625702934721171999")},
    ),
    "a stranger may ask for reports": (
        "permission-of-reports",
        "stranger-client",
        {"permissions": {"MarketingSolutions_Analytics_Read"}, "advertisers": ("123",)},
    ),
}


@pytest.mark.parametrize("lie", RIGHTS)
def test_rights_that_nobody_gave_are_caught(lie: str):
    name, client, rights = RIGHTS[lie]
    venue = lying(None)
    known = venue.engine.world.parts["criteo"].applications  # type: ignore[attr-defined]  # Criteo's
    known[client] = replace(known[client], **rights)
    outcome = run_one(named(CHECKS, name), venue, QUICK)
    assert outcome.verdict == "failed", told(outcome)
