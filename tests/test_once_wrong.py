"""What was once wrong with faults, whys, mending and masking, and is not any more."""

from typing import Any

import orjson
import pytest
from conftest import ACCOUNT, Client, engine_of
from shoplive.asking import EXAMPLE, OURS, Customer, campaign, customer

from mockserver.difference import changes
from mockserver.effects import Cut, Delay, Html, Lost, MediaType, Revoked, Status, Throttled
from mockserver.faults import Fault, parse_fault
from mockserver.mending import mended
from mockserver.message import Request, compose
from mockserver.mistake import Mistake
from mockserver.why import entry_line, told, why

BASE = engine_of()
TOKEN = Client(BASE).login().json()["access_token"]
LIST = "225702933721171456"
SEARCH = f"/preview/retail-media/accounts/{ACCOUNT}/audience-segments/search"
JSON = ((b"authorization", b"Bearer " + TOKEN.encode()), (b"content-type", b"application/json"))
FORM = ((b"content-type", b"application/x-www-form-urlencoded"),)


def ours(*faults: Fault) -> Client:
    client = Client(BASE.fork(), "preview", token=TOKEN)
    for each in faults:
        client.engine.world.faults.add(each, client.engine.world.clock.now())
    return client


def last(client: Client) -> Any:
    return list(client.engine.world.journal)[-1]


def shown(client: Client) -> str:
    entry = last(client)
    return orjson.dumps([told(entry), why(entry, client.engine), entry_line(entry)]).decode()


def test_why_survives_a_superscript_in_a_query():
    client = ours()
    assert client.engine.handle(Request("POST", SEARCH, "limit=%C2%B2", JSON, b"{}")).status == 400
    why(last(client), client.engine)


def test_why_survives_a_body_nested_deeply():
    client = ours()
    client.engine.handle(Request("POST", SEARCH, "", JSON, b'{"data":' + b"[" * 300 + b"]" * 300 + b"}"))
    why(last(client), client.engine)


def test_told_survives_a_body_nested_more_deeply():
    client = ours()
    client.engine.handle(Request("POST", SEARCH, "", JSON, b"[" * 600 + b"]" * 600))
    told(last(client))


def test_why_survives_two_slashes_before_shoplives_path():
    client = ours()
    client.engine.handle(Request("GET", f"//v2/{OURS}/campaign/stats", f"from={EXAMPLE[0]}&to={EXAMPLE[1]}"))
    why(last(client), client.engine)


@pytest.mark.parametrize("code", ["²", "--5"])
def test_shoplive_takes_any_code_of_a_fault(code):
    client = ours(Fault(effect=Status(400, code=code)))
    assert Customer(client.engine, OURS).ask(*EXAMPLE).status == 400


@pytest.mark.parametrize("other", [Cut("after"), Cut("in"), Lost()])
def test_a_call_that_never_arrives_has_no_answer_whatever_else_strikes(other):
    for faults in ([Cut("before"), other], [other, Cut("before")]):
        response = ours(*[Fault(effect=each) for each in faults]).search()
        assert (response.status, response.cut) == (0, "before")


def test_the_earliest_cut_holds():
    for faults in ([Lost(), Cut("after")], [Cut("after"), Lost()]):
        assert ours(*[Fault(effect=each) for each in faults]).search().cut == "before"


def test_the_nearest_request_of_a_revoked_call_has_another_token():
    client = ours(Fault(effect=Revoked(), nth=1))
    client.search()
    found = mended(last(client), client.engine)
    assert client.engine.fork().handle(found.request).status == 200


def test_a_revoked_token_is_revoked_however_it_is_spelled():
    client = ours(Fault(effect=Revoked(), nth=1))
    client.search()
    assert client.ask("POST", "/{account}/audience-segments/search", {}, {"authorization": f"bearer {TOKEN}"}).status == 401


def test_the_caller_of_basic_credentials_is_known():
    engine = engine_of(readings={"basic-credentials": "accepted"})
    engine.world.faults.add(Fault(effect=Status(503), caller="demo-client"), 0)
    headers = {"authorization": "Basic ZGVtby1jbGllbnQ6ZGVtby1zZWNyZXQ="}
    assert (
        engine.handle(compose("POST", "/oauth2/token", form={"grant_type": "client_credentials"}, headers=headers)).status
        == 503
    )


def test_a_fault_that_could_not_act_is_not_said_to_have_struck():
    client = ours(Fault(effect=Html(), nth=1), Fault(effect=Revoked(), nth=1))
    client.search()
    assert [each.struck for each in client.engine.world.faults.armed] == [1, 0]


@pytest.mark.parametrize("effect", [Delay(uniform=(1, 2)), Delay(lognormal=(1, 2)), Delay(quantiles=((0.5, 1),))])
def test_what_a_fault_says_of_itself_is_read_without_going_through_text(effect):
    assert parse_fault(Fault(effect=effect).said()) == Fault(effect=effect)


def test_a_rewritten_campaign_has_changed():
    asking = customer()
    asking.write(campaign())
    before = asking.engine.world.fork()
    asking.write(campaign(figures={"viewers": 5}))
    assert changes(before, asking.engine.world) != []


def test_snapshots_of_one_name_do_not_pile_up():
    world = BASE.fork().world
    for _ in range(5):
        world.snapshot("then")
    assert "then" not in world.remembered("then").snapshots


def test_the_last_none_are_none():
    client = ours()
    client.search()
    assert list(client.engine.world.journal.last(0)) == []


def nearest(client: Client) -> Any:
    return why(last(client), client.engine)["nearest"]


def test_a_parameter_given_twice_is_mended():
    client = ours()
    client.search("?limit=5&limit=6")
    assert nearest(client)["request"]


def test_an_algebra_too_deep_is_mended():
    node: Any = {"audienceSegmentId": LIST}
    for _ in range(32):
        node = {"not": node}
    client = ours()
    client.ask(
        "POST", "/{account}/audiences/create", {"data": [{"attributes": {"name": "A", "retailerId": "12", "algebra": node}}]}
    )
    assert nearest(client)["request"]


@pytest.mark.parametrize("form", [{}, {"grant_type": ""}, {"grant_type": "refresh_token"}])
def test_a_token_call_without_its_grant_is_mended(form):
    client = ours()
    whole = {"client_id": "demo-client", "client_secret": "demo-secret", **form}
    client.engine.handle(compose("POST", "/oauth2/token", form=whole))
    assert nearest(client)["request"]


def test_a_token_call_in_json_is_mended():
    client = ours()
    whole = {"grant_type": "client_credentials", "client_id": "demo-client", "client_secret": "demo-secret"}
    client.engine.handle(compose("POST", "/oauth2/token", json=whole))
    assert nearest(client)["request"]


def test_a_day_is_mended_to_a_moment():
    client = ours()
    Customer(client.engine, OURS).ask("2022-07-08", EXAMPLE[1])
    assert nearest(client)["request"]


def test_a_misspelt_access_key_is_mended():
    client = ours()
    Customer(client.engine, OURS).get(f"from={EXAMPLE[0]}&to={EXAMPLE[1]}")
    client.engine.handle(
        compose("GET", f"/v2/a1b2c3d5/campaign/stats?from={EXAMPLE[0]}&to={EXAMPLE[1]}", headers={"authorization": "Bearer x"})
    )
    assert nearest(client)["request"]


def test_a_metric_that_there_is_not_is_mended():
    client = ours()
    said = {"data": {"type": "x", "attributes": {"advertiserIds": ["123"], "metrics": ["clicks", "impressions"]}}}
    client.engine.handle(compose("POST", "/preview/reports/realtime", json=said, headers={"authorization": f"Bearer {TOKEN}"}))
    assert nearest(client)["request"]


@pytest.mark.parametrize("many", [20, 21, 100])
def test_a_bulk_request_without_retailers_is_mended(many):
    client = ours()
    client.create(*[{"name": f"n{at}", "contactList": {"identifierType": "Email"}} for at in range(many)])
    assert nearest(client)["request"]


@pytest.mark.parametrize("many", [8, 9, 30])
def test_many_names_that_are_taken_are_mended(many):
    client = ours()
    client.create(*[{"name": "Segment Name", "retailerId": "12", "contactList": {"identifierType": "Email"}}] * many)
    assert nearest(client)["request"]


def test_only_the_unknown_ids_are_left_out():
    client = ours()
    good = [each["id"] for each in client.search("?limit=10").json()["data"]]
    said = {"data": {"attributes": {"ids": [*good[:9], "1", "2", good[9]], "channel": "Onsite"}}}
    client.ask("POST", "/{account}/audience-segments/compute-sizes", said)
    kept = orjson.loads(mended(last(client), client.engine).request.body)["data"]["attributes"]["ids"]
    assert kept == good


def test_the_charset_of_a_content_type_is_left_alone():
    client = ours()
    headers = {"authorization": f"Bearer {TOKEN}", "content-type": "application/json; charset=utf-8"}
    client.ask("POST", "/{account}/audience-segments/search", {"data": 5}, headers)
    assert nearest(client)["changes"] == ["data: 5 -> {}"]


def test_many_unknown_ids_are_mended():
    client = ours()
    client.delete(*[str(number) for number in range(100)])
    assert nearest(client)["request"]


def test_json_sent_as_a_form_is_masked():
    client = ours()
    client.engine.handle(Request("POST", "/oauth2/token", "", FORM, b'{"client_secret":"demo-secret"}'))
    assert "demo-secret" not in shown(client)


def test_a_token_answered_as_a_form_is_masked():
    client = ours(Fault(effect=MediaType("application/x-www-form-urlencoded")))
    token = client.login().json()["access_token"]
    assert token not in shown(client)


AMEND = f"/preview/retail-media/audience-segments/{LIST}/contact-list/add-remove"
JANE = "jane@example.com"


@pytest.mark.parametrize(
    "body",
    [
        {"data": [{"attributes": {"operation": "add", "identifiers": [JANE]}}]},
        {"data": {"attributes": [{"operation": "add", "identifiers": [JANE]}]}},
        {"data": {"attributes": {"operation": "add", "identifiers": {"value": [JANE]}}}},
        {"data": {"attributes": {"operation": "add", "identifiers": [{"email": JANE}]}}},
        [{"attributes": {"operation": "add", "identifiers": [JANE]}}],
    ],
)
def test_identifiers_in_another_shape_are_masked(body):
    client = ours()
    client.engine.handle(Request("POST", AMEND, "", JSON, orjson.dumps(body)))
    assert JANE not in shown(client)


def test_identifiers_in_json_that_is_broken_are_masked():
    client = ours()
    body = b'{"data":{"attributes":{"operation":"add","identifiers":["jane@example.com"],"x":"a=b"'
    client.engine.handle(Request("POST", AMEND, "", JSON, body))
    assert JANE not in shown(client)


def test_secrets_in_a_query_are_masked():
    client = ours()
    client.engine.handle(compose("POST", "/oauth2/token?client_id=demo-client&client_secret=demo-secret"))
    assert "demo-secret" not in shown(client)


def test_a_code_sent_as_json_is_masked():
    client = ours()
    client.engine.handle(compose("POST", "/oauth2/token", json={"grant_type": "authorization_code", "code": "s3cret-code"}))
    assert "s3cret-code" not in shown(client)


def test_nobody_is_not_throttled_with_everybody_else_who_is_nobody():
    client = ours(Fault(effect=Throttled(60), nth=1))
    client.ask("POST", "/{account}/audience-segments/search", {}, {})
    assert client.ask("POST", "/{account}/audience-segments/search", {}, {"authorization": "Bearer other"}).status == 401


def test_a_fault_that_is_taken_back_throttles_nobody_any_more():
    client = ours(Fault(effect=Throttled(60), nth=1))
    client.search()
    client.engine.world.faults.remove("fault-1")
    assert client.search().status == 200


def test_the_nearest_request_of_a_throttled_call_is_true():
    client = ours(Fault(effect=Throttled(60), nth=1))
    client.search()
    found = mended(last(client), client.engine)
    twin = client.engine.fork()
    twin.world.clock.advance(found.wait)
    assert twin.handle(found.request).status == 200


def test_a_reset_beyond_every_clock_is_not_waited_for():
    client = ours(Fault(effect=Throttled(30_000_000), nth=1))
    client.engine.world.clock.set("9989-12-31T00:00:00Z")
    client.search()
    assert mended(last(client), client.engine) is None


def test_a_bulk_request_of_many_wrong_items_is_mended():
    client = ours()
    client.ask("POST", "/{account}/audience-segments/create", {"data": [{"x": at} for at in range(1000)]})
    assert nearest(client)["request"]


def test_a_revoking_fault_waits_for_a_call_that_has_a_token():
    client = ours(Fault(effect=Revoked(), caller="demo-client", times=1))
    client.login()
    assert (client.search().status, client.engine.world.faults.armed[0].struck) == (401, 1)


def test_a_call_that_a_shut_window_refuses_strikes_nothing_else():
    client = ours(Fault(effect=Throttled(60), times=1), Fault(effect=Status(503)))
    assert [client.search().status for _ in range(3)] == [429, 429, 429]
    assert [each.struck for each in client.engine.world.faults.armed] == [1, 0]


def test_what_is_kept_of_a_call_shows_no_secret_of_it():
    client = ours()
    client.search()
    entry = last(client)
    assert TOKEN not in repr(entry) + repr(entry.request)
    assert repr(entry) == "<call 1: searchAudienceSegments 200>"


def test_too_many_faults_are_refused():
    client = ours(*[Fault(effect=Lost(), caller="nobody")] * 1000)
    with pytest.raises(Mistake, match="at most 1000 faults"):
        client.engine.world.faults.add(Fault(effect=Lost()), 0)
