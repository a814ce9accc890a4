"""Rate limits: how many calls a minute, counted for whom, and what the headers tell."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest
from conftest import ACCOUNT, DEMO, EMPTY, TODAY, Client, codes, engine_of

from mockserver.clock import parse_moment
from mockserver.message import Response, compose
from mockserver.providers.criteo import CRITEO

NEXT_MINUTE = int(parse_moment(TODAY)) + 60
CALLBACK = "http://localhost:3000/callback"


def limited(limit: int | None = 3, **settings: Any) -> Client:
    return Client(engine_of(EMPTY, rate_limit=limit, **settings))


def left(response: Response) -> int | None:
    """How many calls the answer says are left, if it says."""
    told = response.header("x-ratelimit-remaining")
    return None if told is None else int(told)


def let_through(client: Client) -> int:
    """How many searches pass before the first 429."""

    def passing() -> Iterator[Response]:
        while (answer := client.search()).status == 200:
            yield answer

    return len(list(islice(passing(), 1000)))


def on_behalf(client: Client, **said: Any) -> Client:
    """The same application with a token of a user's consent."""
    world = client.engine.world
    told = {"client_id": "demo-client", "redirect_uri": CALLBACK, **said}
    code = CRITEO.controls["authorization-codes"](world, world.parts["criteo"], told)["code"]
    granted = client.login(grant_type="authorization_code", code=code, redirect_uri=CALLBACK).json()
    return Client(client.engine, token=granted["access_token"])


def test_250_calls_a_minute_pass_and_the_next_does_not() -> None:
    client = limited(250)
    assert [client.search().status for _ in range(251)] == [200] * 250 + [429]


def test_one_call_too_many_is_told_so() -> None:
    client = limited()
    let_through(client)
    answer = client.search()
    problem = answer.json()["errors"][0]
    assert (answer.status, problem["type"], problem["code"]) == (429, "quota", "too-many-requests")
    assert list(answer.json()) == ["warnings", "errors"]


def test_a_reading_makes_it_a_problem_of_availability() -> None:
    client = limited(readings={"throttle-problem-type": "availability"})
    let_through(client)
    assert client.search().json()["errors"][0]["type"] == "availability"


def test_every_answer_counts_down_to_the_next_minute() -> None:
    client = limited()
    told = [client.search() for _ in range(5)]
    assert [left(answer) for answer in told] == [2, 1, 0, 0, 0]
    assert {answer.header("x-ratelimit-limit") for answer in told} == {"3"}
    assert {answer.header("x-ratelimit-reset") for answer in told} == {str(NEXT_MINUTE)}


def test_the_headers_are_written_in_lower_case_and_there_is_no_retry_after() -> None:
    client = limited(1)
    for _ in range(2):
        names = [name for name, _ in client.search().headers]
        assert {b"x-ratelimit-limit", b"x-ratelimit-remaining", b"x-ratelimit-reset"} < set(names)
        assert all(name.lower() not in (b"retry-after", b"ratelimit") for name in names)


def test_the_window_turns_with_the_minute_of_the_clock() -> None:
    client = limited(frozen_at=parse_moment("2026-11-22T10:00:30Z"))
    assert let_through(client) == 3
    client.engine.world.clock.advance(29.999)
    assert client.search().status == 429
    client.engine.world.clock.advance(0.001)
    answer = client.search()
    assert (answer.status, left(answer), answer.header("x-ratelimit-reset")) == (200, 2, str(NEXT_MINUTE + 60))


def test_calls_that_are_refused_as_too_many_do_not_count() -> None:
    client = limited()
    let_through(client)
    for _ in range(10):
        client.search()
    client.engine.world.clock.advance(60)
    assert let_through(client) == 3


def test_refused_bodies_accounts_and_permissions_count() -> None:
    client = limited(10)
    client.search()
    assert left(client.ask("POST", "/{account}/audience-segments/search", [])) == 8  # 400
    assert left(client.ask("POST", "/accounts/1/audience-segments/search", {})) == 7  # 403
    assert left(client.clear("1")) == 6  # 403
    assert left(client.search("?limit=501")) == 5  # 400


def test_unknown_paths_methods_and_callers_do_not_count() -> None:
    client = limited(10)
    client.search()
    refused = [
        client.ask("POST", "/{account}/audience-segments/serch", {}),
        client.ask("GET", "/{account}/audience-segments/search"),
        client.ask("POST", "/{account}/audience-segments/search", {}, headers={}),
        client.ask("POST", "/{account}/audience-segments/search", {}, headers={"authorization": "Bearer nonsense"}),
    ]
    assert [answer.status for answer in refused] == [404, 405, 401, 401]
    assert [left(answer) for answer in refused] == [None] * 4
    assert left(client.search()) == 8


def test_tokens_are_neither_counted_nor_refused() -> None:
    client = limited(1)
    let_through(client)
    for _ in range(5):
        answer = client.login()
        assert (answer.status, left(answer)) == (200, None)
    assert client.engine.handle(compose("POST", "/oauth2/token", form={})).status == 400


def test_an_expired_token_does_not_count() -> None:
    client = limited()
    client.search()
    client.engine.world.clock.advance(900)
    assert [client.search().status for _ in range(9)] == [401] * 9
    client.token = None
    assert let_through(client) == 3


def test_an_application_does_not_use_up_anothers_calls() -> None:
    client = limited()
    reader = Client(client.engine, client_id="reader-client", client_secret="reader-secret")
    assert let_through(client) == 3
    assert let_through(reader) == 3


def test_tokens_and_versions_of_one_application_share_its_calls() -> None:
    client = limited()
    for version in ("2026-01", "preview", "2025-10"):
        assert Client(client.engine, version=version).search().status == 200
    assert client.search().status == 429


def test_every_operation_counts() -> None:
    client = Client(engine_of(DEMO, rate_limit=10))
    answers = [
        client.create(),
        client.update(),
        client.delete(),
        client.search(),
        client.statistics(225702933721171456),
        client.amend(225702933721171456, "add", []),
        client.clear(225702933721171456),
        client.ask("POST", "/{account}/audiences/search", {}),
    ]
    assert [left(answer) for answer in answers] == [9, 8, 7, 6, 5, 4, 3, 2]


def test_without_a_limit_nothing_is_counted_or_told() -> None:
    client = limited(None)
    answers = [client.search() for _ in range(300)]
    assert {(answer.status, left(answer)) for answer in answers} == {(200, None)}


def test_the_limit_can_be_set_at_any_time() -> None:
    client = limited(3)
    assert let_through(client) == 3
    client.engine.world.rate_limit = 5
    assert let_through(client) == 2
    client.engine.world.rate_limit = 2
    answer = client.search()
    assert (answer.status, left(answer), answer.header("x-ratelimit-limit")) == (429, 0, "2")
    client.engine.world.rate_limit = None
    assert client.search().status == 200


def test_a_forked_world_counts_on_its_own() -> None:
    client = limited()
    client.search()
    twin = Client(client.engine.fork(), token=client.token)
    assert let_through(twin) == 2
    assert let_through(client) == 2


def test_a_reset_begins_to_count_anew() -> None:
    client = limited()
    let_through(client)
    client.engine.world.reset()
    assert let_through(client) == 3


def test_a_consent_of_one_account_gives_ten_calls_a_minute() -> None:
    client = limited(250)
    user = on_behalf(client)
    assert let_through(user) == 10
    assert user.search().header("x-ratelimit-limit") == "10"


def test_consented_accounts_pool_their_calls() -> None:
    client = Client(engine_of(DEMO, rate_limit=250))
    assert let_through(on_behalf(client, accounts=[ACCOUNT, "625702934721171999"])) == 20


def test_tokens_of_one_consent_share_its_calls_and_leave_the_applications_own() -> None:
    client = limited(250)
    assert let_through(on_behalf(client)) == 10
    assert let_through(on_behalf(client)) == 0
    assert let_through(client) == 250


def test_a_reading_gives_each_token_of_a_consent_35_calls() -> None:
    client = limited(250, readings={"authorization-code-limit": "35-per-token"})
    assert let_through(on_behalf(client)) == 35
    assert let_through(on_behalf(client)) == 35


def test_switching_the_limit_off_holds_for_consents_too() -> None:
    assert let_through(on_behalf(limited(None))) == 1000


@pytest.mark.parametrize("back", [0, 1])
def test_a_clock_set_back_opens_the_window_it_shows(back: int) -> None:
    client = limited()
    assert let_through(client) == 3
    client.engine.world.clock.set(parse_moment(TODAY) - 60 * back)
    assert let_through(client) == (3 if back else 0)


def test_a_call_too_many_is_refused_before_its_account_and_body_are_looked_at() -> None:
    client = limited(1)
    client.search()
    answer = client.ask("POST", "/accounts/1/audience-segments/create", [])
    assert (answer.status, codes(answer, "errors")) == (429, ["too-many-requests"])
