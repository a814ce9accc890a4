"""Who is calling Shoplive: a customer with a token of its own making, signed with its key, and nobody else."""

from typing import Any

from mockserver.check.law import Check
from mockserver.check.laws.minting import claims, customer, minted, stats, token
from mockserver.check.laws.stating import claim
from mockserver.check.session import Answer, Session
from mockserver.evidence import assumed, guide, inferred
from mockserver.providers.shoplive.sources import CLIENT, ERROR_TABLES, STATS_PAGE, TOKEN_PAGE

_NOW = "from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z"
_AUTHENTICATION, _NO_CUSTOMER, _SIGNATURE, _EXPIRED = -102, -200, -204, -412


def _told(answer: Answer, code: int, status: int = 401) -> None:
    answer.holds("status", status).holds("body/_s", code).holds("body/_e", ".+", "matches")


def _taken(session: Session) -> None:
    stats(session, _NOW).says(200)
    for scheme in ("Bearer", "bearer", "BEARER"):
        stats(session, _NOW, f"{scheme} {token(session)}").says(200)


def _claims_that_do_not_matter(session: Session) -> None:
    stats(session, _NOW, f"Bearer {token(session, iat=None)}").says(200)
    stats(session, _NOW, f"Bearer {token(session, userId='u', name='n', exp=claims(session)['exp'] + 0.5)}").says(200)


def _no_header(session: Session) -> None:
    _told(stats(session, _NOW, None), _AUTHENTICATION)


def _another_scheme(session: Session) -> None:
    for header in (f"Basic {token(session)}", f"Token {token(session)}", "Bearer", "Bearer ", f"Bearer{token(session)} x"):
        _told(stats(session, _NOW, header), _AUTHENTICATION)


def _bare(session: Session) -> None:
    answer = stats(session, _NOW, token(session))
    if session.readings["bare-token"] == "accepted":
        answer.says(200)
        _told(stats(session, _NOW, token(session, secret=b"wrong")), _SIGNATURE)
    else:
        _told(answer, _AUTHENTICATION)


def _garbage(session: Session) -> None:
    good = token(session)
    head, said, _ = good.split(".")
    for wrong in ("garbage", "a.b", "a.b.c", "...", head, f"{head}.{said}", f"{good}.x", "null", good.replace(".", "")):
        _told(stats(session, _NOW, f"Bearer {wrong}"), _AUTHENTICATION)


def _wrong_signature(session: Session) -> None:
    good = token(session)
    head, said, signature = good.split(".")
    other = token(session, exp=claims(session)["exp"] + 1).split(".")[1]
    first = "B" if signature[0] != "B" else "C"
    for wrong in (f"{head}.{other}.{signature}", f"{head}.{said}.{first}{signature[1:]}"):
        _told(stats(session, _NOW, f"Bearer {wrong}"), _SIGNATURE)
    stats(session, _NOW, f"Bearer {good}").says(200)


def _wrong_key(session: Session) -> None:
    for secret in (b"wrong", b"\0", customer(session).secret_key.encode(), customer(session).access_key.encode()):
        _told(stats(session, _NOW, f"Bearer {token(session, secret=secret)}"), _SIGNATURE)


def _other_algorithms(session: Session) -> None:
    for algorithm in ("none", "None", "HS384", "HS512", "RS256", "hs256", ""):
        _told(stats(session, _NOW, f"Bearer {token(session, algorithm=algorithm)}"), _AUTHENTICATION)


def _expired(session: Session) -> None:
    now = int(session.wire.now())
    for seconds in (1, 60, 86_400, now - 1):
        _told(stats(session, _NOW, f"Bearer {token(session, exp=now - seconds)}"), _EXPIRED)


def _expires_to_the_second(session: Session) -> None:
    session.advance(1 - session.wire.now() % 1)
    header = f"Bearer {token(session, exp=int(session.wire.now()) + 60)}"
    stats(session, _NOW, header).says(200)
    session.advance(59)
    stats(session, _NOW, header).says(200)
    session.advance(1)
    _told(stats(session, _NOW, header), _EXPIRED)
    session.advance(86_400)
    _told(stats(session, _NOW, header), _EXPIRED)


def _without_exp(session: Session) -> None:
    _told(stats(session, _NOW, f"Bearer {token(session, exp=None)}"), _AUTHENTICATION)
    for wrong in ("tomorrow", "99999999999", True, [], ["9"]):
        _told(stats(session, _NOW, f"Bearer {token(session, exp=wrong)}"), _AUTHENTICATION)


def _of_another(session: Session) -> None:
    own = customer(session).access_key
    for key in ("another", own.upper() if own.upper() != own else own.lower(), f"{own} ", own[:-1], "", 5):
        _told(stats(session, _NOW, f"Bearer {token(session, accessKey=key)}"), _AUTHENTICATION, 403)
    _told(stats(session, _NOW, f"Bearer {token(session, accessKey=None)}"), _AUTHENTICATION, 403)


def _unknown_customer(session: Session) -> None:
    own = customer(session).access_key
    for key in ("nobody", f"{own}x", own[:-1], own.swapcase() if own.swapcase() != own else f"{own}y"):
        _told(stats(session, _NOW, f"Bearer {token(session, accessKey=key)}", key), _NO_CUSTOMER)
        _told(stats(session, _NOW, f"Bearer {minted({'accessKey': key}, b'x')}", key), _NO_CUSTOMER)


def _known_before(session: Session) -> None:
    """That a header was found good does not make it good elsewhere or a similar one good."""
    good = token(session)
    stats(session, _NOW, f"Bearer {good}").says(200)
    _told(stats(session, _NOW, f"Bearer {good}", "nobody"), _NO_CUSTOMER)
    _told(stats(session, _NOW, f"Bearer {token(session, secret=b'wrong')}"), _SIGNATURE)
    _told(stats(session, _NOW, None), _AUTHENTICATION)
    stats(session, _NOW, f"Bearer {good}").says(200)


def _signature_before_claims(session: Session) -> None:
    wrongs: tuple[dict[str, Any], ...] = ({"accessKey": "another"}, {"accessKey": None}, {"exp": 1})
    for changed in wrongs:
        _told(stats(session, _NOW, f"Bearer {token(session, secret=b'wrong', **changed)}"), _SIGNATURE)


def _before_the_period(session: Session) -> None:
    for query in ("", "from=x&to=y", "from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z"):
        _told(stats(session, query, None), _AUTHENTICATION)
        _told(stats(session, query, f"Bearer {token(session, secret=b'wrong')}"), _SIGNATURE)


_CODES = guide(ERROR_TABLES, unproven="the status")
_ENVELOPE = inferred(f"a client reads _e of any failed call: {CLIENT}")
_ORDER = assumed("nobody published what is looked at first")
_ID = ("retrieveCampaignStats",)
_NEEDS = frozenset({"customer"})
CHECKS: tuple[Check, ...] = (
    claim(
        "shoplive-token-taken",
        "A customer's own token is taken, the scheme in any case.",
        guide(TOKEN_PAGE),
        _taken,
        _ID,
        _NEEDS,
    ),
    claim(
        "shoplive-claims-that-do-not-matter",
        "Other claims do not matter.",
        guide(TOKEN_PAGE),
        _claims_that_do_not_matter,
        _ID,
        _NEEDS,
    ),
    claim("shoplive-no-header", "A call without a token is refused.", _CODES, _no_header, _ID, _NEEDS),
    claim("shoplive-another-scheme", "A token comes with the scheme Bearer.", _CODES, _another_scheme, _ID, _NEEDS),
    claim(
        "shoplive-bare-token",
        "A bare token is taken, or not, as the target was seen to do.",
        guide(STATS_PAGE),
        _bare,
        _ID,
        _NEEDS,
    ),
    claim("shoplive-garbage", "What is no JWT is refused.", _ENVELOPE, _garbage, _ID, _NEEDS),
    claim("shoplive-wrong-signature", "A signature fits what was signed.", _CODES, _wrong_signature, _ID, _NEEDS),
    claim("shoplive-wrong-key", "A token is signed with the secret key, base64-decoded.", _CODES, _wrong_key, _ID, _NEEDS),
    claim(
        "shoplive-other-algorithms", "Only HS256 is taken, and never none.", guide(TOKEN_PAGE), _other_algorithms, _ID, _NEEDS
    ),
    claim("shoplive-expired", "A token whose time is over is refused.", _CODES, _expired, _ID, _NEEDS),
    claim(
        "shoplive-expires-to-the-second",
        "A token is good until exp, and not at it.",
        _CODES,
        _expires_to_the_second,
        _ID,
        _NEEDS | {"clock"},
    ),
    claim("shoplive-without-exp", "A token says when it expires, as a number.", guide(TOKEN_PAGE), _without_exp, _ID, _NEEDS),
    claim(
        "shoplive-of-another",
        "A token names the customer of the path.",
        assumed("the claim is mandatory, so it has to mean something"),
        _of_another,
        _ID,
        _NEEDS,
    ),
    claim(
        "shoplive-unknown-customer",
        "There is nothing for a customer that there is not.",
        _CODES,
        _unknown_customer,
        _ID,
        _NEEDS,
    ),
    claim(
        "shoplive-known-before", "That a caller was known a moment ago lets nobody else in.", _CODES, _known_before, _ID, _NEEDS
    ),
    claim(
        "shoplive-signature-before-claims",
        "What a token says counts for nothing before its signature is found right.",
        _ORDER,
        _signature_before_claims,
        _ID,
        _NEEDS,
    ),
    claim("shoplive-before-the-period", "The token is looked at before the period.", _ORDER, _before_the_period, _ID, _NEEDS),
)
