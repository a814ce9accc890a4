"""Tokens asked for in words of one's own, and the grants that rest on a user's consent."""

from typing import Any

from mockserver.check.expectation import ABSENT
from mockserver.check.session import Answer, Session
from mockserver.check.setting import Credentials

NONE_GIVEN: Any = object()


def main(session: Session) -> Credentials:
    """The application that the setting knows."""
    assert session.setting.main is not None, "a check of tokens needs main"
    return session.setting.main


def form(session: Session, **changed: Any) -> dict[str, str]:
    """The form of a good request for a token, with fields put in the place of its own, or left out by `NONE_GIVEN`."""
    who = main(session)
    good = {"grant_type": "client_credentials", "client_id": who.client_id, "client_secret": who.client_secret}
    return {name: value for name, value in (good | changed).items() if value is not NONE_GIVEN}


def granted(session: Session, **changed: Any) -> Answer:
    """The answer that brings a token."""
    return session.login(**form(session, **changed)).says(200)


def header(answer: Answer) -> str:
    """The Authorization header of the token in an answer."""
    return f"Bearer {answer.at('body/access_token')}"


def tried(session: Session, authorization: str | None) -> Answer:
    """The answer to a search with this header."""
    return session.search(query={"limit": 0}, authorization=authorization)


def turned_down(answer: Answer, error: str, status: int = 400) -> Answer:
    """Expect the refusal of a request for a token."""
    return answer.holds("status", status).holds("body/error", error).holds("body/error_uri", None)


def consented(session: Session) -> str:
    """An authorization code of the setting's application."""
    code: str = session.wire.consent(main(session).client_id, session.setting.redirect_uri)  # type: ignore[attr-defined]  # needs consent
    return code


def exchange(session: Session, code: str, **changed: Any) -> Answer:
    """What an authorization code is worth."""
    said = {"grant_type": "authorization_code", "code": code, "redirect_uri": session.setting.redirect_uri, **changed}
    return session.login(**form(session, **said))


def refresh(session: Session, token: str, **changed: Any) -> Answer:
    """What a refresh token is worth."""
    return session.login(**form(session, grant_type="refresh_token", refresh_token=token, **changed))


def refresh_token(answer: Answer) -> str:
    """The refresh token of an answer that has one."""
    answer.holds("body/refresh_token", ".{40,}", "matches")
    found = answer.at("body/refresh_token")
    assert found is not ABSENT
    return str(found)
