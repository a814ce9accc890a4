"""What is seen of who may call Criteo, how often, in which version and how far back."""

from base64 import b64encode
from typing import Any

from mockserver.check.expectation import ABSENT
from mockserver.check.readings.observer import CRITEO, Contradicted, Observer, Unseen, chosen, some_list, succeeded
from mockserver.check.session import Answer, Session
from mockserver.check.setting import Credentials
from mockserver.message import compose
from mockserver.providers.criteo.versions import LIVES, SERVED

_MOST_CALLS = 1000
_CONSENT = CRITEO | {"consent", "redirect_uri"}


def _main(session: Session) -> Credentials:
    assert session.setting.main is not None, "the need `main` was looked at"
    return session.setting.main


def _missing_authorization(session: Session) -> str:
    answer = session.search(authorization=None)
    if answer.status != 401:
        raise Contradicted(f"the status is {answer.status}")
    names = ("authorization-token-invalid", "authorization-token-missing")
    return chosen(answer.at("body/errors/0/code"), {name: name for name in names}, "the code")


def _asked_for_version(session: Session, version: str) -> Answer:
    """The statistics of a contact list, in a version that the contract may not have; a GET, which changes nothing anywhere."""
    operation = session.judge.operation("getAudienceSegmentContactListStatistics", session.setting.version)
    url = operation.path.replace(f"/{operation.version}/", f"/{version}/")
    url = url.replace("{account-id}", session.setting.account or "").replace("{audience-segment-id}", some_list(session))
    headers = {"authorization": f"Bearer {session.token()}"}
    return session.send(compose("GET", url, headers=headers), operation)


def _retired_version(session: Session) -> str:
    retired = [version for version, life in LIVES.items() if life.retired <= session.wire.now()]
    if not retired:
        raise Unseen("no version is retired yet")
    answer = _asked_for_version(session, max(retired))
    return chosen(answer.status, {200: "fall-forward", 410: "gone"}, f"the status of {max(retired)}")


def _deprecation_headers(session: Session) -> str:
    answer = _asked_for_version(session, _deprecated(session))
    shown = tuple(answer.at(f"headers/{name}") is not ABSENT for name in ("deprecation", "sunset"))
    known = {(True, True): "sent", (False, False): "absent"}
    return chosen(shown, known, "whether there are Deprecation and Sunset headers")


def _deprecated(session: Session) -> str:
    """A version in its last three months; the clock goes on to such a time if it can. Raises `Unseen`."""
    now = session.wire.now()
    for version in SERVED:
        life = LIVES[version]
        if now < life.retired:
            if now < life.deprecated:
                if "clock" not in session.wire.abilities:
                    raise Unseen("no version is in its last three months now")
                session.advance(life.deprecated - now)
            return version
    raise Unseen("no version of the contract is in its last three months or will be")


def _throttle_problem_type(session: Session) -> str:
    session.wire.patient = False
    answer = session.search(query={"limit": 1})
    for _ in range(_MOST_CALLS):
        if answer.status == 429:
            names = ("quota", "availability")
            return chosen(answer.at("body/errors/0/type"), {name: name for name in names}, "the type of the problem")
        answer = session.search(query={"limit": 1})
    raise Unseen(f"{_MOST_CALLS} calls were let in")


def _consented(session: Session) -> Answer:
    """The answer to an authorization code."""
    main, uri = _main(session), session.setting.redirect_uri or ""
    consent = getattr(session.wire, "consent", None)
    if consent is None:
        raise Unseen("nobody can consent there")
    code = consent(main.client_id, uri)
    return succeeded(_granted(session, grant_type="authorization_code", code=code, redirect_uri=uri), "an authorization code")


def _granted(session: Session, **form: str) -> Answer:
    main = _main(session)
    return session.login(client_id=main.client_id, client_secret=main.client_secret, **form)


def _authorization_code_limit(session: Session) -> str:
    token = _consented(session).at("body/access_token")
    answer = succeeded(session.search(query={"limit": 1}, authorization=f"Bearer {token}"), "a search")
    limit: Any = answer.at("headers/x-ratelimit-limit")
    if limit is ABSENT or not limit.isdecimal():
        raise Unseen("the answer tells no limit of calls")
    if int(limit) != 35 and (int(limit) % 10 or limit == "0"):
        raise Contradicted(f"the limit is {limit}")
    return "35-per-token" if int(limit) == 35 else "10-per-account"


def _refresh_token(session: Session) -> str:
    first = _consented(session).at("body/refresh_token")
    if not isinstance(first, str):
        raise Unseen("no refresh token was handed out")
    answer = succeeded(_granted(session, grant_type="refresh_token", refresh_token=first), "a refresh token")
    changed = answer.at("body/refresh_token") not in (first, None, ABSENT)
    ended = _granted(session, grant_type="refresh_token", refresh_token=first).status != 200
    known = {(False, False): "kept", (True, True): "rotated"}
    return chosen((changed, ended), known, "whether there is a new refresh token, and an end of the old one")


def _basic_credentials(session: Session) -> str:
    main = _main(session)
    succeeded(_granted(session, grant_type="client_credentials"), "credentials in the body")
    basic = b64encode(f"{main.client_id}:{main.client_secret}".encode()).decode()
    operation = session.judge.operation("requestToken", session.setting.version)
    form = {"grant_type": "client_credentials"}
    answer = session.send(compose("POST", "/oauth2/token", form=form, headers={"authorization": f"Basic {basic}"}), operation)
    return chosen(answer.status, {200: "accepted", 400: "refused", 401: "refused"}, "the status")


def _lookback_range(session: Session) -> str:
    succeeded(_reported(session, 12), "a report of 12 hours")
    answer = _reported(session, 6)
    return chosen(answer.status, {200: "1-24", 400: "12-24"}, "the status of a report of 6 hours")


def _reported(session: Session, hours: int) -> Answer:
    attributes = {"advertiserIds": [session.setting.advertisers[0]], "lookbackWindow": hours}
    return session.ask("getRealTimeReport", {"data": {"attributes": attributes}}, version="preview")


OBSERVERS = {
    "missing-authorization": Observer(_missing_authorization),
    "retired-version": Observer(_retired_version),
    "deprecation-headers": Observer(_deprecation_headers),
    "throttle-problem-type": Observer(_throttle_problem_type, CRITEO | {"exhaust"}),
    "authorization-code-limit": Observer(_authorization_code_limit, _CONSENT),
    "refresh-token": Observer(_refresh_token, _CONSENT, shows=2),
    "basic-credentials": Observer(_basic_credentials, frozenset({"main"})),
    "lookback-range": Observer(_lookback_range, frozenset({"main", "advertisers"}), shows=2),
}
