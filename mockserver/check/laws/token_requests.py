"""Requests for a token: which are turned down, and in which words."""

from base64 import b64encode
from typing import Any

from mockserver.check.law import Check
from mockserver.check.laws.aiming import request
from mockserver.check.laws.granting import NONE_GIVEN, form, granted, main, turned_down
from mockserver.check.laws.stating import claim
from mockserver.check.session import Answer, Session
from mockserver.evidence import assumed, guide, wire
from mockserver.providers.criteo.sources import OAUTH_GUIDE, OWOX

_RFC = assumed("RFC 6749 section 5; Criteo has published only invalid_client")
_REFUSED = "The client authentication failed, the provided client_id doesn't exist or the client_secret is invalid"


def _unauthenticated(answer: Answer) -> None:
    turned_down(answer, "invalid_client", 401).holds("body/error_description", _REFUSED)


def _unknown_client(session: Session) -> None:
    for client_id in ("no such client", f"{main(session).client_id} ", main(session).client_id[:-1], "", NONE_GIVEN):
        _unauthenticated(session.login(**form(session, client_id=client_id)))


def _wrong_secret(session: Session) -> None:
    secret = main(session).client_secret
    for wrong in ("wrong", f"{secret}x", f" {secret}", f"{secret} ", secret[:-1], secret.swapcase(), secret[::-1]):
        if wrong != secret:
            _unauthenticated(session.login(**form(session, client_secret=wrong)))


def _missing_secret(session: Session) -> None:
    _unauthenticated(session.login(**form(session, client_secret=NONE_GIVEN)))
    _unauthenticated(session.login(**form(session, client_secret="")))


def _others_secret(session: Session) -> None:
    assert session.setting.reader is not None, "it is needed"
    _unauthenticated(session.login(**form(session, client_secret=session.setting.reader.client_secret)))
    _unauthenticated(session.login(**form(session, client_id=session.setting.reader.client_id)))


def _missing_grant_type(session: Session) -> None:
    turned_down(session.login(**form(session, grant_type=NONE_GIVEN)), "invalid_request")
    turned_down(session.login(**form(session, grant_type="")), "invalid_request")


def _unknown_grant_type(session: Session) -> None:
    for kind in ("password", "implicit", "Client_Credentials", "client_credentials ", "client credentials"):
        turned_down(session.login(**form(session, grant_type=kind)), "unsupported_grant_type")


def _nothing_to_exchange(session: Session) -> None:
    turned_down(session.login(**form(session, grant_type="authorization_code")), "invalid_request")
    turned_down(session.login(**form(session, grant_type="refresh_token")), "invalid_request")


def _worthless(session: Session) -> None:
    access = granted(session).at("body/access_token")
    for what in ("worthless", f"{access}", "." * 60, "ü"):
        turned_down(session.login(**form(session, grant_type="authorization_code", code=what)), "invalid_grant")
        turned_down(session.login(**form(session, grant_type="refresh_token", refresh_token=what)), "invalid_grant")


def _raw(session: Session, body: bytes, media: str | None, **headers: str) -> Answer:
    operation = session.judge.operation("requestToken", session.setting.version)
    return session.send(request("POST", "/oauth2/token", body, media=media, headers=headers), operation)


_FORM = "application/x-www-form-urlencoded"


def _encoded(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())


def _no_form(session: Session) -> None:
    who = main(session)
    said = f'{{"grant_type":"client_credentials","client_id":"{who.client_id}","client_secret":"{who.client_secret}"}}'
    turned_down(_raw(session, said.encode(), "application/json"), "invalid_request")
    turned_down(_raw(session, said.encode(), _FORM), "invalid_request")
    good = f"grant_type=client_credentials&client_id={_encoded(who.client_id)}&client_secret={_encoded(who.client_secret)}"
    for media in ("application/json", "text/plain", None):
        turned_down(_raw(session, good.encode(), media), "invalid_request")
    turned_down(_raw(session, b"", _FORM), "invalid_request")


def _form_is_read_as_one(session: Session) -> None:
    who = main(session)
    credentials = f"client_id={_encoded(who.client_id)}&client_secret={_encoded(who.client_secret)}"
    for said in (
        f"grant_type=client_credentials&{credentials}",
        f"{credentials}&grant_type=client%5fcredentials",
        f"scope=&{credentials}&grant_type=client_credentials&more=1",
    ):
        for media in (_FORM, f"{_FORM}; charset=utf-8", _FORM.upper()):
            _raw(session, said.encode(), media).says(200)


def _plus_is_a_space(session: Session) -> None:
    who = main(session)
    said = f"grant_type=client_credentials&client_id={_encoded(who.client_id)}&client_secret={_encoded(who.client_secret)}"
    _unauthenticated(_raw(session, f"{said}+".encode(), _FORM))
    turned_down(_raw(session, said.replace("_credentials", "+credentials", 1).encode(), _FORM), "unsupported_grant_type")


def _field_given_twice(session: Session) -> None:
    who = main(session)
    fields = {"grant_type": "client_credentials", "client_id": who.client_id, "client_secret": who.client_secret}
    good = "&".join(f"{name}={_encoded(value)}" for name, value in fields.items())
    for name, value in fields.items():
        for second in (value, "another"):
            turned_down(_raw(session, f"{good}&{name}={_encoded(second)}".encode(), _FORM), "invalid_request")


def _basic(client_id: str, secret: str) -> dict[str, str]:
    return {"authorization": f"Basic {b64encode(f'{client_id}:{secret}'.encode()).decode()}"}


def _basic_as_read(session: Session) -> None:
    who = main(session)
    right = (_basic(who.client_id, who.client_secret), _basic(_encoded(who.client_id), _encoded(who.client_secret)))
    for headers in right:
        answer = _raw(session, b"grant_type=client_credentials", _FORM, **headers)
        if session.readings["basic-credentials"] == "accepted":
            answer.says(200)
        else:
            _unauthenticated(answer)


def _basic_that_is_wrong(session: Session) -> None:
    who = main(session)
    good = f"grant_type=client_credentials&client_id={_encoded(who.client_id)}"
    wrong: list[dict[str, Any]] = [
        _basic(who.client_id, "wrong"),
        _basic("wrong", who.client_secret),
        {"authorization": "Basic !"},
        {"authorization": f"Basic {b64encode(who.client_id.encode()).decode()}"},
    ]
    for headers in wrong:
        _unauthenticated(_raw(session, good.encode(), _FORM, **headers))
        _raw(session, f"{good}&client_secret={_encoded(who.client_secret)}".encode(), _FORM, **headers).says(200)


_GUIDE = guide(OAUTH_GUIDE)
_CLIENT = wire(OWOX)
_MAIN = frozenset({"main"})
_ID = ("requestToken",)


CHECKS: tuple[Check, ...] = (
    claim("token-unknown-client", "An unknown client gets invalid_client.", _CLIENT, _unknown_client, _ID, _MAIN),
    claim("token-wrong-secret", "A secret is right to the letter.", _CLIENT, _wrong_secret, _ID, _MAIN),
    claim("token-missing-secret", "No secret is a wrong secret.", _CLIENT, _missing_secret, _ID, _MAIN),
    claim(
        "token-secret-of-another",
        "A secret is worth nothing beside another application's id.",
        _CLIENT,
        _others_secret,
        _ID,
        _MAIN | {"reader"},
    ),
    claim("token-without-grant-type", "A grant_type is required.", _RFC, _missing_grant_type, _ID, _MAIN),
    claim("token-of-unknown-grant-type", "Three grant_types are known, to the letter.", _RFC, _unknown_grant_type, _ID, _MAIN),
    claim(
        "token-for-nothing",
        "A code or a refresh token is required where it is exchanged.",
        _RFC,
        _nothing_to_exchange,
        _ID,
        _MAIN,
    ),
    claim(
        "token-for-what-is-worthless",
        "What is no code and no refresh token is an invalid_grant.",
        _RFC,
        _worthless,
        _ID,
        _MAIN,
    ),
    claim("token-for-no-form", "A token is asked for with a form.", _GUIDE, _no_form, _ID, _MAIN),
    claim(
        "token-form-is-read",
        "A form is decoded, in any order, and what is unknown in it ignored.",
        _RFC,
        _form_is_read_as_one,
        _ID,
        _MAIN,
    ),
    claim("token-plus-is-a-space", "In a form a plus is a space.", _RFC, _plus_is_a_space, _ID, _MAIN),
    claim("token-field-twice", "No field of the form is given twice.", _RFC, _field_given_twice, _ID, _MAIN),
    claim(
        "token-by-basic",
        "Credentials by HTTP Basic are taken, or not, as the target was seen to do.",
        _RFC,
        _basic_as_read,
        _ID,
        _MAIN,
    ),
    claim(
        "token-by-wrong-basic",
        "Wrong credentials by HTTP Basic are never taken, and do no harm beside right ones in the form.",
        _RFC,
        _basic_that_is_wrong,
        _ID,
        _MAIN,
    ),
)
