"""The token endpoint: three grants, each refused in the words of RFC 6749 where Criteo published none."""

from base64 import b64encode, urlsafe_b64encode
from hashlib import sha256
from typing import Any

import pytest
from conftest import ACCOUNT, EMPTY, Client, engine_of

from mockserver.message import Request, Response, compose
from mockserver.mistake import Mistake
from mockserver.providers.criteo import CRITEO

CALLBACK = "http://localhost:3000/callback"
OTHER_CALLBACK = "https://client.example/callback"
RECORDED = "The client authentication failed, the provided client_id doesn't exist or the client_secret is invalid"
REFUSED_CLIENT = {"error": "invalid_client", "error_description": RECORDED, "error_uri": None}


def ask_for_token(client: Client, headers: dict[str, str] | None = None, **form: str) -> Response:
    return client.engine.handle(compose("POST", "/oauth2/token", form=form, headers=headers))


def post_token(client: Client, body: bytes, content_type: str | None = "application/x-www-form-urlencoded") -> Response:
    headers = ((b"content-type", content_type.encode()),) if content_type else ()
    return client.engine.handle(Request("POST", "/oauth2/token", "", headers, body))


def consent(client: Client, **said: Any) -> str:
    """The code that a user's consent sends to the callback."""
    world = client.engine.world
    told = {"client_id": "demo-client", "redirect_uri": CALLBACK, **said}
    return str(CRITEO.controls["authorization-codes"](world, world.parts["criteo"], told)["code"])


def exchange(client: Client, code: str, **form: str) -> Response:
    return client.login(**{"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, **form})


def refresh(client: Client, token: str) -> Response:
    return client.login(grant_type="refresh_token", refresh_token=token)


def assert_refused(response: Response, error: str, status: int = 400) -> None:
    body = response.json()
    assert (response.status, body["error"]) == (status, error)
    assert list(body) == ["error", "error_description", "error_uri"]
    assert body["error_description"]


def test_client_credentials_give_a_bearer_token_for_900_seconds(empty: Client) -> None:
    answer = empty.login()
    assert answer.status == 200
    assert answer.header("content-type") == "application/json"
    assert list(answer.json()) == ["access_token", "token_type", "refresh_token", "expires_in"]
    assert (answer.json()["token_type"], answer.json()["expires_in"]) == ("Bearer", 900)


def test_the_refresh_token_key_is_there_and_null_for_client_credentials(empty: Client) -> None:
    assert '"refresh_token":null' in empty.login().body.decode()


def test_no_token_answer_may_be_cached(empty: Client) -> None:
    assert empty.login().header("cache-control") == "no-store"


def test_every_token_differs_and_leaves_the_earlier_ones_valid(empty: Client) -> None:
    tokens = [empty.login().json()["access_token"] for _ in range(3)]
    assert len(set(tokens)) == 3
    for token in tokens:
        empty.token = token
        assert empty.search().status == 200


def test_an_unknown_client_is_told_the_recorded_sentence(empty: Client) -> None:
    answer = empty.login(client_id="nobody")
    assert (answer.status, answer.json()) == (401, REFUSED_CLIENT)


def test_a_wrong_secret_is_told_the_same_as_an_unknown_client(empty: Client) -> None:
    answer = empty.login(client_secret="demo-secret ")
    assert (answer.status, answer.json()) == (401, REFUSED_CLIENT)


@pytest.mark.parametrize("missing", ["client_id", "client_secret"])
def test_missing_credentials_are_no_client(empty: Client, missing: str) -> None:
    form = {"grant_type": "client_credentials", "client_id": "demo-client", "client_secret": "demo-secret"}
    del form[missing]
    answer = ask_for_token(empty, **form)
    assert (answer.status, answer.json()) == (401, REFUSED_CLIENT)


def test_the_credentials_are_asked_for_before_the_code(empty: Client) -> None:
    assert_refused(exchange(empty, "made up", client_secret="wrong"), "invalid_client", 401)


@pytest.mark.parametrize("form", [{}, {"grant_type": ""}])
def test_a_missing_grant_type_is_an_invalid_request(empty: Client, form: dict[str, str]) -> None:
    answer = ask_for_token(empty, client_id="demo-client", client_secret="demo-secret", **form)
    assert_refused(answer, "invalid_request")
    assert "grant_type" in answer.json()["error_description"]


@pytest.mark.parametrize("grant_type", ["password", "Client_Credentials", "client_credentials "])
def test_another_grant_type_is_unsupported(empty: Client, grant_type: str) -> None:
    assert_refused(empty.login(grant_type=grant_type), "unsupported_grant_type")


@pytest.mark.parametrize("name", ["code", "refresh_token"])
@pytest.mark.parametrize("form", [{}, {"code": "", "refresh_token": ""}])
def test_a_grant_without_what_it_exchanges_is_an_invalid_request(empty: Client, name: str, form: dict[str, str]) -> None:
    grant_type = "authorization_code" if name == "code" else name
    answer = empty.login(grant_type=grant_type, **form)
    assert_refused(answer, "invalid_request")
    assert name in answer.json()["error_description"]


def test_a_json_body_is_an_invalid_request(empty: Client) -> None:
    said = {"grant_type": "client_credentials", "client_id": "demo-client", "client_secret": "demo-secret"}
    assert_refused(empty.engine.handle(compose("POST", "/oauth2/token", json=said)), "invalid_request")


FORM = b"grant_type=client_credentials&client_id=demo-client&client_secret=demo-secret"


@pytest.mark.parametrize("content_type", [None, "text/plain", "multipart/form-data; boundary=x", "application/json"])
def test_a_form_under_another_content_type_is_an_invalid_request(empty: Client, content_type: str | None) -> None:
    assert_refused(post_token(empty, FORM, content_type), "invalid_request")


@pytest.mark.parametrize("body", [b"", b"\xff\xfe=1", b"grant_type=%FF", FORM + b"&client_id=demo-client", b"a=1&" * 200])
def test_a_form_that_cannot_be_read_is_an_invalid_request(empty: Client, body: bytes) -> None:
    assert_refused(post_token(empty, body), "invalid_request")


@pytest.mark.parametrize(
    "content_type", ["application/x-www-form-urlencoded; charset=utf-8", "Application/X-WWW-Form-Urlencoded"]
)
def test_parameters_and_case_of_the_content_type_make_no_difference(empty: Client, content_type: str) -> None:
    assert post_token(empty, FORM, content_type).status == 200


def test_a_client_that_accepts_only_text_gets_json(empty: Client) -> None:
    answer = empty.engine.handle(
        Request(
            "POST",
            "/oauth2/token",
            headers=((b"accept", b"text/plain"), (b"content-type", b"application/x-www-form-urlencoded")),
            body=FORM,
        )
    )
    assert (answer.status, answer.header("content-type")) == (200, "application/json")


def test_a_scope_and_other_unknown_fields_are_ignored(empty: Client) -> None:
    assert empty.login(scope="everything", audience="x").status == 200


def test_a_plus_sign_in_a_secret_has_to_be_percent_encoded() -> None:
    application = {**EMPTY["criteo"]["applications"][0], "client_secret": "a+b c"}
    client = Client(engine_of({"criteo": {**EMPTY["criteo"], "applications": [application]}}))
    start = b"grant_type=client_credentials&client_id=demo-client&client_secret="
    assert post_token(client, start + b"a%2Bb+c").status == 200
    assert_refused(post_token(client, start + b"a+b+c"), "invalid_client", 401)


def basic(name: str, secret: str) -> dict[str, str]:
    return {"authorization": "Basic " + b64encode(f"{name}:{secret}".encode()).decode()}


def test_basic_credentials_are_refused_unless_a_reading_accepts_them(empty: Client) -> None:
    answer = ask_for_token(empty, basic("demo-client", "demo-secret"), grant_type="client_credentials")
    assert_refused(answer, "invalid_client", 401)


def test_a_reading_accepts_basic_credentials() -> None:
    client = Client(engine_of(EMPTY, readings={"basic-credentials": "accepted"}))
    for name in ("demo-client", "demo%2Dclient"):
        assert ask_for_token(client, basic(name, "demo-secret"), grant_type="client_credentials").status == 200


@pytest.mark.parametrize(
    "header",
    ["Basic", "Basic !", "Basic bm9jb2xvbg==", "Basic /w==", "Bearer " + b64encode(b"demo-client:demo-secret").decode()],
)
def test_basic_credentials_that_are_none_are_no_client(header: str) -> None:
    client = Client(engine_of(EMPTY, readings={"basic-credentials": "accepted"}))
    assert_refused(ask_for_token(client, {"authorization": header}, grant_type="client_credentials"), "invalid_client", 401)


def test_credentials_in_the_body_outrank_basic_ones() -> None:
    client = Client(engine_of(EMPTY, readings={"basic-credentials": "accepted"}))
    form = {"grant_type": "client_credentials", "client_id": "demo-client", "client_secret": "wrong"}
    assert_refused(ask_for_token(client, basic("demo-client", "demo-secret"), **form), "invalid_client", 401)


def test_an_authorization_code_gives_an_access_and_a_refresh_token(empty: Client) -> None:
    answer = exchange(empty, consent(empty))
    assert answer.status == 200
    assert (answer.json()["token_type"], answer.json()["expires_in"]) == ("Bearer", 900)
    assert answer.json()["refresh_token"]
    empty.token = answer.json()["access_token"]
    assert empty.search().status == 200


def test_a_code_is_good_once(empty: Client) -> None:
    code = consent(empty)
    assert exchange(empty, code).status == 200
    assert_refused(exchange(empty, code), "invalid_grant")


def test_a_code_stays_used_among_thousands(empty: Client) -> None:
    codes = [consent(empty) for _ in range(1100)]
    assert {exchange(empty, code).status for code in codes} == {200}
    assert {exchange(empty, code).json().get("error") for code in codes} == {"invalid_grant"}


def test_a_code_lasts_ten_minutes(empty: Client) -> None:
    early, late = consent(empty), consent(empty)
    empty.engine.world.clock.advance(599)
    assert exchange(empty, early).status == 200
    empty.engine.world.clock.advance(1)
    assert_refused(exchange(empty, late), "invalid_grant")


@pytest.mark.parametrize("form", [{"redirect_uri": OTHER_CALLBACK}, {"redirect_uri": CALLBACK + "/"}, {"redirect_uri": ""}])
def test_the_redirect_uri_has_to_be_the_one_of_the_consent(empty: Client, form: dict[str, str]) -> None:
    assert_refused(exchange(empty, consent(empty), **form), "invalid_grant")


def test_a_missing_redirect_uri_is_not_the_one_of_the_consent(empty: Client) -> None:
    assert_refused(empty.login(grant_type="authorization_code", code=consent(empty)), "invalid_grant")


def test_a_code_is_only_for_the_client_it_was_issued_to(empty: Client) -> None:
    code = consent(empty)
    assert_refused(exchange(empty, code, client_id="reader-client", client_secret="reader-secret"), "invalid_grant")


@pytest.mark.parametrize("code", ["made up", "a.b", "é", "."])
def test_a_made_up_code_is_an_invalid_grant(empty: Client, code: str) -> None:
    assert_refused(exchange(empty, code), "invalid_grant")
    assert_refused(refresh(empty, code), "invalid_grant")


def test_no_token_passes_for_another_sort(empty: Client) -> None:
    granted = exchange(empty, consent(empty)).json()
    for token in (granted["access_token"], granted["refresh_token"]):
        assert_refused(exchange(empty, token), "invalid_grant")
    assert_refused(refresh(empty, granted["access_token"]), "invalid_grant")
    assert_refused(refresh(empty, consent(empty)), "invalid_grant")


VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
S256 = {
    "code_challenge": urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode(),
    "code_challenge_method": "S256",
}


@pytest.mark.parametrize(
    "challenge", [S256, {"code_challenge": VERIFIER}, {"code_challenge": VERIFIER, "code_challenge_method": "plain"}]
)
def test_a_code_with_a_challenge_needs_its_verifier(empty: Client, challenge: dict[str, str]) -> None:
    assert exchange(empty, consent(empty, **challenge), code_verifier=VERIFIER).status == 200
    assert_refused(exchange(empty, consent(empty, **challenge), code_verifier=VERIFIER[:-1]), "invalid_grant")
    assert_refused(exchange(empty, consent(empty, **challenge)), "invalid_grant")


def test_a_hashed_challenge_is_not_its_own_verifier(empty: Client) -> None:
    assert_refused(exchange(empty, consent(empty, **S256), code_verifier=S256["code_challenge"]), "invalid_grant")


def test_a_token_of_a_consent_reaches_only_the_accounts_consented_to(client: Client) -> None:
    client.token = exchange(client, consent(client, accounts=["625702934721171999"])).json()["access_token"]
    assert client.search().status == 403


def test_the_accounts_of_a_consent_may_come_as_numbers(client: Client) -> None:
    client.token = exchange(client, consent(client, accounts=[int(ACCOUNT)])).json()["access_token"]
    assert client.search().status == 200


def test_a_refresh_token_gives_a_new_access_token_and_stays(empty: Client) -> None:
    granted = exchange(empty, consent(empty)).json()
    for _ in range(2):
        again = refresh(empty, granted["refresh_token"])
        assert again.status == 200
        assert again.json()["refresh_token"] == granted["refresh_token"]
        assert again.json()["access_token"] != granted["access_token"]
        empty.token = again.json()["access_token"]
        assert empty.search().status == 200


def test_a_reading_hands_out_a_new_refresh_token_and_ends_the_old_one() -> None:
    client = Client(engine_of(EMPTY, readings={"refresh-token": "rotated"}))
    first = exchange(client, consent(client)).json()["refresh_token"]
    second = refresh(client, first).json()["refresh_token"]
    assert second != first
    assert_refused(refresh(client, first), "invalid_grant")
    assert refresh(client, second).status == 200


def test_a_refresh_token_lasts_six_months(empty: Client) -> None:
    token = exchange(empty, consent(empty)).json()["refresh_token"]
    empty.engine.world.clock.advance(182 * 24 * 3600 - 1)
    assert refresh(empty, token).status == 200
    empty.engine.world.clock.advance(1)
    assert_refused(refresh(empty, token), "invalid_grant")


def test_a_refresh_token_is_only_for_the_client_it_was_issued_to(empty: Client) -> None:
    token = exchange(empty, consent(empty)).json()["refresh_token"]
    other = Client(empty.engine, client_id="reader-client", client_secret="reader-secret")
    assert_refused(refresh(other, token), "invalid_grant")


def test_a_refreshed_token_still_acts_for_the_user(empty: Client) -> None:
    granted = exchange(empty, consent(empty, user="m.lee")).json()
    empty.token = refresh(empty, granted["refresh_token"]).json()["access_token"]
    made = empty.create({"name": "Mine", "retailerId": "12", "contactList": {"identifierType": "Email"}})
    assert made.json()["data"][0]["attributes"]["createdById"] == "m.lee"


def test_only_post_is_allowed_at_the_token_endpoint(empty: Client) -> None:
    answer = empty.engine.handle(compose("GET", "/oauth2/token"))
    assert (answer.status, answer.header("allow")) == (405, "POST")


@pytest.mark.parametrize(
    ("said", "hint"),
    [
        ({"client_id": "demo-clent"}, "did you mean 'demo-client'"),
        ({"redirect_uri": CALLBACK + "s"}, "did you mean '" + CALLBACK),
        ({"accounts": [ACCOUNT + "1"]}, "did you mean '" + ACCOUNT),
        ({"code_challenge": "x", "code_challenge_method": "S512"}, "S256 or plain"),
    ],
)
def test_a_consent_that_cannot_be_given_names_the_nearest_that_can(empty: Client, said: dict[str, Any], hint: str) -> None:
    with pytest.raises(Mistake, match=hint):
        consent(empty, **said)


@pytest.mark.parametrize("said", [{"client_id": []}, {"accounts": 5}, {"accounts": [[]]}, {"user": 5}, {"usr": "x"}])
def test_a_consent_of_the_wrong_form_is_a_mistake(empty: Client, said: dict[str, Any]) -> None:
    with pytest.raises(Mistake):
        consent(empty, **said)
