"""Customers mint their tokens; the fake takes those that were signed with the customer's own key, and are not over."""

from base64 import urlsafe_b64encode
from collections.abc import Callable

import jwt
import orjson
import pytest
from conftest import engine_of
from shoplive.asking import EXAMPLE, OURS, SECRETS, THEIRS, YEARS, Customer, customer

from mockserver.clock import parse_moment
from mockserver.message import Response

FAILED, NO_CUSTOMER, BAD_SIGNATURE, EXPIRED = -102, -200, -204, -412


def refused(response: Response) -> tuple[int, int]:
    """The status and the code of a refusal, which is worded as each is."""
    said = response.json()
    assert list(said) == ["_s", "_e"]
    assert isinstance(said["_e"], str)
    assert said["_e"]
    return response.status, said["_s"]


def bearer(asking: Customer, token: str) -> Response:
    return asking.ask(*EXAMPLE, header=f"Bearer {token}")


def handmade(asking: Customer, header: object, claims: object) -> str:
    """A token that no library would sign, its signature another one's."""
    parts = [urlsafe_b64encode(orjson.dumps(part)).rstrip(b"=").decode() for part in (header, claims)]
    return ".".join([*parts, asking.token().rpartition(".")[2]])


def soon(asking: Customer) -> dict[str, object]:
    return {"accessKey": asking.access_key, "exp": asking.engine.world.clock.now() + 60}


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", "BEARER ", " Bearer   "])
def test_a_token_of_ones_own_is_taken(scheme: str) -> None:
    asking = customer()
    assert asking.ask(*EXAMPLE, header=scheme + asking.token()).status == 200


def test_a_call_without_authorization_is_refused() -> None:
    assert refused(customer().get("from=a&to=b")) == (401, FAILED)


NO_TOKENS: dict[str, Callable[[Customer], str]] = {
    "nothing": lambda asking: "",
    "a scheme alone": lambda asking: "Bearer",
    "a scheme and a space": lambda asking: "Bearer ",
    "a bare token": lambda asking: asking.token(),
    "another scheme": lambda asking: f"Basic {asking.token()}",
    "garbage": lambda asking: "Bearer garbage",
    "garbage in three parts": lambda asking: "Bearer a.b.c",
    "letters beyond ASCII": lambda asking: "Bearer é.é.é",
    "two parts": lambda asking: f"Bearer {asking.token().rpartition('.')[0]}",
    "four parts": lambda asking: f"Bearer {asking.token()}.more",
    "claims that are a list": lambda asking: f"Bearer {jwt.PyJWS().encode(b'[]', SECRETS[THEIRS])}",
    "a header that is a list": lambda asking: f"Bearer {handmade(asking, [], soon(asking))}",
    "no algorithm": lambda asking: f"Bearer {handmade(asking, {'typ': 'JWT'}, soon(asking))}",
    "a foreign algorithm": lambda asking: f"Bearer {handmade(asking, {'alg': 'RS256', 'typ': 'JWT'}, soon(asking))}",
    "algorithm none, signed": lambda asking: f"Bearer {handmade(asking, {'alg': 'none'}, soon(asking))}",
    "algorithm none": lambda asking: f"Bearer {jwt.encode(soon(asking), '', 'none')}",
    "algorithm None": lambda asking: f"Bearer {handmade(asking, {'alg': 'None'}, soon(asking))}",
}


@pytest.mark.filterwarnings("ignore::jwt.InsecureKeyLengthWarning")
@pytest.mark.parametrize("header", NO_TOKENS.values(), ids=NO_TOKENS)
def test_what_is_no_token_is_refused(header: Callable[[Customer], str]) -> None:
    asking = customer()
    assert refused(asking.ask(*EXAMPLE, header=header(asking))) == (401, FAILED)


@pytest.mark.filterwarnings("ignore::jwt.InsecureKeyLengthWarning")
@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_only_hs256_is_taken(algorithm: str) -> None:
    asking = customer()
    assert refused(bearer(asking, jwt.encode(soon(asking), SECRETS[THEIRS], algorithm))) == (401, FAILED)


def test_another_secret_is_a_wrong_signature() -> None:
    asking = customer()
    assert refused(bearer(asking, jwt.encode(soon(asking), SECRETS[OURS], "HS256"))) == (401, BAD_SIGNATURE)


def test_the_key_is_the_decoded_secret_not_the_text_of_it() -> None:
    asking = customer()
    token = jwt.encode(soon(asking), "c2hvcGxpdmUtb3RoZXItc2VjcmV0LWtleS0wMDAwMDI=", "HS256")
    assert refused(bearer(asking, token)) == (401, BAD_SIGNATURE)


def test_a_token_that_names_another_customer_is_forbidden() -> None:
    asking = customer()
    assert refused(bearer(asking, asking.token(accessKey=OURS))) == (403, FAILED)


@pytest.mark.parametrize("claim", [None, "", THEIRS.upper(), [THEIRS], 7])
def test_a_token_that_names_no_customer_is_forbidden(claim: object) -> None:
    asking = customer()
    assert refused(bearer(asking, asking.token(accessKey=claim))) == (403, FAILED)


def test_a_customer_that_is_not_there_is_refused() -> None:
    asking = customer()
    header = f"Bearer {asking.token()}"
    asking.access_key = "nobody"
    assert refused(asking.ask(*EXAMPLE, header=header)) == (401, NO_CUSTOMER)


def test_a_token_ends_by_the_worlds_clock() -> None:
    asking = customer()
    token = asking.token()
    asking.engine.world.clock.advance(YEARS - 1)
    assert bearer(asking, token).status == 200
    asking.engine.world.clock.advance(1)
    assert refused(bearer(asking, token)) == (401, EXPIRED)
    asking.engine.world.clock.set(parse_moment("2026-11-22T10:00:00Z"))
    assert bearer(asking, token).status == 200


def test_a_token_that_is_over_is_told_so_before_whose_it_is() -> None:
    asking = customer()
    now = asking.engine.world.clock.now()
    assert refused(bearer(asking, asking.token(accessKey="nobody", exp=now + 60)))[0] == 403
    assert refused(bearer(asking, asking.token(accessKey="nobody", exp=now - 60))) == (401, EXPIRED)


def test_a_token_of_the_future_is_taken() -> None:
    asking = customer()
    assert bearer(asking, asking.token(iat=4_000_000_000, nbf=4_000_000_000)).status == 200


def test_an_expiry_may_have_a_fraction_and_be_huge() -> None:
    asking = customer()
    now = asking.engine.world.clock.now()
    assert bearer(asking, asking.token(exp=now + 0.5)).status == 200
    assert bearer(asking, asking.token(exp=10**30)).status == 200
    assert refused(bearer(asking, asking.token(exp=now - 0.5))) == (401, EXPIRED)
    assert refused(bearer(asking, asking.token(exp=-(10**30)))) == (401, EXPIRED)


@pytest.mark.parametrize("expiry", ["", "4000000000", "never", True, None, [4_000_000_000], {}])
def test_an_expiry_that_is_no_number_is_refused(expiry: object) -> None:
    asking = customer()
    assert refused(bearer(asking, asking.token(exp=expiry))) == (401, FAILED)


@pytest.mark.parametrize("expiry", [float("nan"), float("inf")])
def test_an_expiry_that_never_comes_is_refused(expiry: float) -> None:
    asking = customer()
    assert refused(bearer(asking, asking.token(exp=expiry))) == (401, FAILED)


def test_a_token_without_expiry_is_refused() -> None:
    asking = customer()
    token = jwt.encode({"accessKey": THEIRS}, SECRETS[THEIRS], "HS256")
    assert refused(bearer(asking, token)) == (401, FAILED)


def test_a_bare_token_is_taken_under_that_reading_alone() -> None:
    asking = customer().read(bare_token="accepted")
    assert asking.ask(*EXAMPLE, header=asking.token()).status == 200
    assert bearer(asking, asking.token()).status == 200
    assert refused(asking.ask(*EXAMPLE, header="garbage")) == (401, FAILED)


def test_a_bare_token_is_refused_as_soon_as_the_reading_says_so() -> None:
    asking = customer().read(bare_token="accepted")
    token = asking.token()
    assert asking.ask(*EXAMPLE, header=token).status == 200
    asking.read(bare_token="refused")
    assert refused(asking.ask(*EXAMPLE, header=token)) == (401, FAILED)


def test_a_short_secret_is_a_secret() -> None:
    said = {"shoplive": {"customers": [{"access_key": THEIRS, "secret_key": "c2hvcnQ="}]}}
    asking = Customer(engine_of(said))
    assert refused(bearer(asking, asking.token())) == (401, BAD_SIGNATURE)


def test_more_tokens_than_are_remembered_are_taken() -> None:
    asking = customer()
    end = asking.engine.world.clock.now() + 60
    assert {bearer(asking, asking.token(exp=end + number)).status for number in range(1030)} == {200}
    assert refused(bearer(asking, asking.token(exp=end - 61))) == (401, EXPIRED)
