"""Who is calling and what they may do: 401 and 403, in the recorded words."""

import re
from typing import Any

import pytest
from conftest import ACCOUNT, DEMO, EMPTY, Client, codes, engine_of

from mockserver.message import Response
from mockserver.providers.criteo import CRITEO

OURS = "225702933721171456"
SOMEBODY = "625702934721171999"
INVALID = ("authorization-token-invalid", "The authorization header is invalid")
EXPIRED = ("authorization-token-expired", "The authorization token has expired")
MISSING = ("authorization-token-missing", "The authorization header is missing")
DENIED = "Permission denied, you do not have access this to resource"

MANAGING = [
    ("POST", "/{account}/audience-segments/create", {"data": []}),
    ("PATCH", "/{account}/audience-segments", {"data": []}),
    ("POST", "/{account}/audience-segments/delete", {"data": []}),
    (
        "POST",
        f"/audience-segments/{OURS}/contact-list/add-remove",
        {"data": {"attributes": {"operation": "add", "identifiers": []}}},
    ),
    ("POST", f"/audience-segments/{OURS}/contact-list/clear", None),
]
READING = [
    ("POST", "/{account}/audience-segments/search", {}),
    ("POST", "/{account}/audiences/search", {}),
    ("GET", f"/{{account}}/audience-segments/{OURS}/contact-list", None),
]


def named(client: Client, name: str) -> Client:
    """The same world, asked by another application."""
    return Client(client.engine, client_id=f"{name}-client", client_secret=f"{name}-secret")


def assert_unauthorized(response: Response, told: tuple[str, str], instance: str) -> None:
    body = response.json()
    trace = body["errors"][0]["traceId"]
    assert response.status == 401
    assert list(body) == ["warnings", "errors"]
    assert re.fullmatch("[0-9a-f]{32}", trace)
    assert body == {
        "warnings": [],
        "errors": [
            {
                "traceId": trace,
                "traceIdentifier": trace,
                "type": "authorization",
                "code": told[0],
                "instance": instance,
                "title": told[1],
                "detail": None,
                "source": None,
            }
        ],
    }


SEARCH = f"/2026-07/retail-media/accounts/{ACCOUNT}/audience-segments/search"


def search_with(client: Client, header: str | None) -> Response:
    headers = {} if header is None else {"authorization": header}
    return client.ask("POST", "/{account}/audience-segments/search", {}, headers)


def test_a_call_without_authorization_is_told_that_it_is_invalid(empty: Client) -> None:
    assert_unauthorized(search_with(empty, None), INVALID, SEARCH)


def test_a_reading_tells_a_call_without_authorization_that_it_is_missing() -> None:
    client = Client(engine_of(EMPTY, readings={"missing-authorization": "authorization-token-missing"}))
    assert_unauthorized(search_with(client, None), MISSING, SEARCH)
    assert_unauthorized(search_with(client, "Bearer nonsense"), INVALID, SEARCH)


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Bearer nonsense", "Bearer a.b", "Bearer .", "Bearer é", "Basic ZGVtbzpkZW1v", "nonsense"],
)
def test_a_malformed_authorization_is_invalid(empty: Client, header: str) -> None:
    assert_unauthorized(search_with(empty, header), INVALID, SEARCH)


def test_a_token_without_its_scheme_or_with_something_changed_is_invalid(empty: Client) -> None:
    token = empty.login().json()["access_token"]
    for header in (token, f"Token {token}", f"Bearer {token}0", f"Bearer x{token}", f"Bearer {token} {token}"):
        assert_unauthorized(search_with(empty, header), INVALID, SEARCH)


def test_the_scheme_may_be_spelled_in_any_case(empty: Client) -> None:
    assert search_with(empty, f"bearer {empty.login().json()['access_token']}").status == 200


def test_a_token_of_another_world_is_invalid(empty: Client) -> None:
    foreign = Client(engine_of(EMPTY, seed=1)).login().json()["access_token"]
    assert_unauthorized(search_with(empty, f"Bearer {foreign}"), INVALID, SEARCH)


def test_a_token_of_an_application_that_is_not_here_is_invalid(empty: Client) -> None:
    stranger = Client(engine_of(DEMO), client_id="stranger-client", client_secret="stranger-secret")
    assert_unauthorized(search_with(empty, f"Bearer {stranger.login().json()['access_token']}"), INVALID, SEARCH)


def test_neither_a_code_nor_a_refresh_token_opens_the_api(empty: Client) -> None:
    world, callback = empty.engine.world, "http://localhost:3000/callback"
    said = {"client_id": "demo-client", "redirect_uri": callback}
    code = CRITEO.controls["authorization-codes"](world, world.parts["criteo"], said)["code"]
    granted = empty.login(grant_type="authorization_code", code=code, redirect_uri=callback).json()
    for token in (code, granted["refresh_token"]):
        assert_unauthorized(search_with(empty, f"Bearer {token}"), INVALID, SEARCH)


def test_a_token_expires_after_900_seconds_and_not_before(empty: Client) -> None:
    assert empty.search().status == 200
    empty.engine.world.clock.advance(899)
    assert empty.search().status == 200
    empty.engine.world.clock.advance(1)
    assert_unauthorized(empty.search(), EXPIRED, SEARCH)


def test_thousands_of_tokens_are_valid_at_once(empty: Client) -> None:
    tokens = [empty.login().json()["access_token"] for _ in range(2000)]
    assert {search_with(empty, f"Bearer {token}").status for token in [*tokens, *tokens[:10]]} == {200}


def test_an_expired_token_leaves_a_new_one_valid(empty: Client) -> None:
    empty.search()
    empty.engine.world.clock.advance(900)
    empty.token = None
    assert empty.search().status == 200


def test_the_instance_of_a_problem_is_the_path_without_the_query(client: Client) -> None:
    answer = client.ask("POST", "/{account}/audience-segments/search?limit=1", {}, headers={})
    assert_unauthorized(answer, INVALID, SEARCH)


@pytest.mark.parametrize(("method", "path", "body"), MANAGING + READING)
def test_every_operation_needs_a_token(client: Client, method: str, path: str, body: Any) -> None:
    answer = client.ask(method, path, body, headers={})
    assert (answer.status, codes(answer, "errors")) == (401, [INVALID[0]])


def test_a_call_without_a_token_hears_nothing_of_its_body_or_account(client: Client) -> None:
    answer = client.ask("POST", "/accounts/0/audience-segments/create", [], headers={})
    assert (answer.status, codes(answer, "errors")) == (401, [INVALID[0]])


def assert_denied(response: Response) -> None:
    problem = response.json()["errors"][0]
    assert response.status == 403
    assert (problem["type"], problem["code"], problem["title"]) == ("authorization", "permission-denied", DENIED)


@pytest.mark.parametrize(("method", "path", "body"), MANAGING)
def test_an_application_that_may_only_read_manages_nothing(client: Client, method: str, path: str, body: Any) -> None:
    assert_denied(named(client, "reader").ask(method, path, body))


@pytest.mark.parametrize(("method", "path", "body"), READING)
def test_an_application_that_may_only_read_reads(client: Client, method: str, path: str, body: Any) -> None:
    assert named(client, "reader").ask(method, path, body).status == 200


@pytest.mark.parametrize(("method", "path", "body"), MANAGING + READING)
def test_an_application_that_may_manage_may_read_too(client: Client, method: str, path: str, body: Any) -> None:
    assert client.ask(method, path, body).status == 200


def test_an_application_of_another_domain_may_not_even_read() -> None:
    application = {**EMPTY["criteo"]["applications"][0], "permissions": ["MarketingSolutions_Analytics_Read"]}
    client = Client(engine_of({"criteo": {**EMPTY["criteo"], "applications": [application]}}))
    assert_denied(client.search())


def test_what_a_reader_tried_has_no_effect(client: Client) -> None:
    reader = named(client, "reader")
    assert_denied(reader.delete(OURS))
    assert_denied(reader.clear(OURS))
    assert client.search(audienceSegmentIds=[OURS]).json()["meta"]["totalItems"] == 1
    assert client.statistics(OURS).json()["data"]["attributes"]["numberOfIdentifiers"] == 10000


@pytest.mark.parametrize("account", [SOMEBODY, "1", "abc", "0", "-1", "9" * 40, f"0{ACCOUNT}", f"{ACCOUNT} "])
@pytest.mark.parametrize(("method", "path", "body"), [each for each in MANAGING + READING if "{account}" in each[1]])
def test_an_account_that_is_not_the_callers_is_denied_whatever_it_is(
    client: Client, account: str, method: str, path: str, body: Any
) -> None:
    assert_denied(client.ask(method, path.replace("{account}", f"accounts/{account}"), body))


def test_an_account_that_is_not_the_callers_is_denied_before_the_body_is_read(client: Client) -> None:
    assert_denied(client.ask("POST", f"/accounts/{SOMEBODY}/audience-segments/create", {"data": 5}))


def assert_unknown_list(response: Response, status: int = 403) -> None:
    problem = response.json()["errors"][0]
    assert response.status == status
    assert (problem["type"], problem["code"], problem["title"], problem["detail"]) == (
        "validation",
        "audience-invalid",
        "Audience is invalid",
        "Audience is not found, please choose a valid audience",
    )


def test_a_stranger_touches_no_contact_list_of_ours(client: Client) -> None:
    stranger = named(client, "stranger")
    assert_unknown_list(stranger.amend(OURS, "add", ["a@example.com"]))
    assert_unknown_list(stranger.amend(OURS, "remove", ["a@example.com"]))
    assert_unknown_list(stranger.clear(OURS))
    assert client.statistics(OURS).json()["data"]["attributes"]["numberOfIdentifiers"] == 10000


def test_a_stranger_is_told_the_same_of_our_list_as_of_one_that_is_not_there(client: Client) -> None:
    stranger = named(client, "stranger")
    ours, nobodys = (stranger.clear(segment).json()["errors"][0] for segment in (OURS, "1"))
    own = ("traceId", "traceIdentifier", "instance")
    assert {name: ours[name] for name in ours if name not in own} == {
        name: nobodys[name] for name in nobodys if name not in own
    }


def test_our_segment_is_unknown_under_the_strangers_own_account(client: Client) -> None:
    stranger = named(client, "stranger")
    assert_unknown_list(stranger.ask("GET", f"/accounts/{SOMEBODY}/audience-segments/{OURS}/contact-list"))


def test_a_foreign_segment_is_unknown_under_our_account(client: Client) -> None:
    stranger = named(client, "stranger")
    theirs = stranger.ask("POST", f"/accounts/{SOMEBODY}/audience-segments/search", {}).json()["data"]
    assert len(theirs) == 3
    for segment in theirs:
        assert_unknown_list(client.statistics(segment["id"]))
        assert_unknown_list(client.clear(segment["id"]))


def test_a_segment_of_one_account_is_unknown_under_another_even_to_a_caller_of_both() -> None:
    applications = [{**DEMO["criteo"]["applications"][0], "accounts": [ACCOUNT, SOMEBODY]}]
    both = Client(engine_of({"criteo": {**DEMO["criteo"], "applications": applications}}))
    assert both.statistics(OURS).status == 200
    assert_unknown_list(both.ask("GET", f"/accounts/{SOMEBODY}/audience-segments/{OURS}/contact-list"))


def test_an_unknown_segment_has_no_contact_list(client: Client) -> None:
    for answer in (client.statistics("1"), client.amend("1", "add", []), client.clear("1"), client.statistics("0")):
        assert_unknown_list(answer)


def test_a_reading_refuses_an_unknown_contact_list_with_404() -> None:
    client = Client(engine_of(EMPTY, readings={"unknown-contact-list": "404"}))
    for answer in (client.statistics("1"), client.amend("1", "add", []), client.clear("1")):
        assert_unknown_list(answer, 404)


def test_a_foreign_segment_is_neither_found_changed_nor_deleted(client: Client) -> None:
    stranger = named(client, "stranger")
    theirs = stranger.ask("POST", f"/accounts/{SOMEBODY}/audience-segments/search", {}).json()["data"][0]["id"]
    assert client.search(audienceSegmentIds=[theirs]).json()["data"] == []
    assert codes(client.update({"id": theirs, "attributes": {"name": "Taken over"}})) == ["segment-not-found"]
    assert codes(client.delete(theirs)) == ["segment-not-found"]
