"""Tokens as a customer of Shoplive's makes them, and as one would forge them."""

from base64 import b64decode
from typing import Any

from mockserver.check.customer_token import signed
from mockserver.check.session import Answer, Session
from mockserver.check.setting import Customer
from mockserver.message import compose

LONG = 3 * 365 * 24 * 3600
"""Seconds. What the vendor's sample has a token last."""


def customer(session: Session) -> Customer:
    """The customer that the setting knows."""
    assert session.setting.customer is not None, "a check of Shoplive's needs customer"
    return session.setting.customer


def minted(claims: dict[str, Any], secret: bytes, algorithm: str = "HS256", **header: Any) -> str:
    """A JWT of these claims; `none` has no signature."""
    return signed({"alg": algorithm, "typ": "JWT", **header}, claims, None if algorithm == "none" else secret)


def claims(session: Session, **changed: Any) -> dict[str, Any]:
    """What a good token says, with claims in the place of its own; `None` leaves one out."""
    now = int(session.wire.now())
    good = {"accessKey": customer(session).access_key, "iat": now - 60, "exp": now + LONG}
    return {name: value for name, value in (good | changed).items() if value is not None}


def token(session: Session, *, algorithm: str = "HS256", secret: bytes | None = None, **changed: Any) -> str:
    """A token of the setting's customer, or one that is nearly so."""
    return minted(claims(session, **changed), b64decode(customer(session).secret_key) if secret is None else secret, algorithm)


def stats(session: Session, query: str, authorization: str | None = "", access_key: str | None = None) -> Answer:
    """The answer to a request for statistics, by a token of the customer's unless told otherwise."""
    operation = session.judge.operation("retrieveCampaignStats", session.setting.version)
    path = operation.path.replace("{accessKey}", access_key or customer(session).access_key)
    header = f"Bearer {token(session)}" if authorization == "" else authorization
    headers = {} if header is None else {"authorization": header}
    return session.send(compose("GET", f"{path}?{query}" if query else path, headers=headers), operation)
