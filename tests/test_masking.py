"""No token, secret or identifier is ever shown of a call, and equal ones can still be told from others."""

import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from typing import Any

import orjson
import pytest
from conftest import Client, engine_of
from hypothesis import given, settings
from hypothesis import strategies as st
from laws.patience import PATIENT
from shoplive.asking import EXAMPLE, OURS, Customer

from mockserver.effects import Malformed, Truncated
from mockserver.engine import Engine
from mockserver.faults import Fault
from mockserver.message import Request, compose
from mockserver.providers.criteo import CRITEO
from mockserver.testing.bodies import nearly_valid_bodies
from mockserver.why import entry_line, told, told_journal, why

BASE = engine_of()
TOKEN = Client(BASE).login().json()["access_token"]
LIST = "225702933721171456"
CALLBACK = "http://localhost:3000/callback"
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
ADDRESSES = ["jane.roe@example.com", "john.doe@example.org", sha256(b"somebody@example.com").hexdigest(), "not@@an@address"]
SECRETS = ["demo-secret", "reader-secret", "wrong-secret", VERIFIER, TOKEN, *ADDRESSES]


def shown(engine: Engine) -> str:
    """Everything that can be seen of the calls of a world."""
    journal = engine.world.journal
    each = [[told(entry), why(entry, engine), entry_line(entry)] for entry in journal]
    return orjson.dumps([each, told_journal(journal, journal)]).decode()


def assert_hidden(engine: Engine, secrets: Iterable[str]) -> None:
    text = shown(engine)
    assert [secret for secret in secrets if secret in text] == []


def ours(**readings: str) -> Client:
    engine = BASE.fork()
    engine.world.readings = engine.world.readings.changed({name.replace("_", "-"): value for name, value in readings.items()})
    return Client(engine, "preview", token=TOKEN)


def received(engine: Engine) -> list[str]:
    """The tokens that were handed out."""
    found = []
    for entry in engine.world.journal:
        body = entry.response.json() if entry.response.body else {}
        found += [body[name] for name in ("access_token", "refresh_token") if body.get(name)]
    return found


def test_no_secret_of_the_token_calls_is_shown() -> None:
    client = ours(basic_credentials="accepted", refresh_token="rotated")
    world = client.engine.world
    said = {"client_id": "demo-client", "redirect_uri": CALLBACK, "code_challenge": VERIFIER}
    code = CRITEO.controls["authorization-codes"](world, world.parts["criteo"], said)["code"]
    client.login()
    client.login(client_secret="wrong-secret")
    client.login(grant_type="authorization_code", code=code, redirect_uri=CALLBACK, code_verifier="wrong-verifier")
    granted = client.login(grant_type="authorization_code", code=code, redirect_uri=CALLBACK, code_verifier=VERIFIER).json()
    client.login(grant_type="refresh_token", refresh_token=granted["refresh_token"])
    client.login(grant_type="refresh_token", refresh_token=granted["refresh_token"])
    basic = b64encode(b"demo-client:demo-secret").decode()
    form = {"grant_type": "client_credentials"}
    client.engine.handle(compose("POST", "/oauth2/token", form=form, headers={"authorization": f"Basic {basic}"}))
    whole = {**form, "client_id": "demo-client", "client_secret": "demo-secret"}
    client.engine.handle(compose("POST", "/oauth2/token", json=whole))
    client.engine.handle(compose("POST", "/oauth2/token", form=whole, headers={"content-type": "text/plain"}))
    assert [entry.response.status for entry in client.engine.world.journal] == [200, 401, 400, 200, 200, 400, 200, 400, 400]
    tokens = received(client.engine)
    assert len(tokens) == 6
    assert_hidden(client.engine, [*SECRETS, code, basic, "wrong-verifier", *tokens])


AMENDMENTS: Mapping[str, Callable[[Client], Any]] = {
    "taken": lambda client: client.amend(LIST, "add", ADDRESSES),
    "a misspelt operation": lambda client: client.amend(LIST, "ad", ADDRESSES),
    "another type": lambda client: client.amend(LIST, "add", ADDRESSES, identifierType="madid"),
    "no list": lambda client: client.amend("1", "remove", ADDRESSES),
    "a text for a list": lambda client: client.amend(LIST, "add", ADDRESSES[0]),  # type: ignore[arg-type]
    "lists in a list": lambda client: client.amend(LIST, "add", [ADDRESSES]),  # type: ignore[list-item]
    "a number among them": lambda client: client.amend(LIST, "add", [*ADDRESSES, 5]),  # type: ignore[list-item]
    "too many": lambda client: client.amend(LIST, "add", ADDRESSES * 12_501),
    "no token": lambda client: client.ask(
        "POST",
        f"/audience-segments/{LIST}/contact-list/add-remove",
        {"data": {"attributes": {"operation": "add", "identifiers": ADDRESSES}}},
        {},
    ),
    "nowhere": lambda client: client.ask("POST", "/nowhere", {"data": {"attributes": {"identifiers": ADDRESSES}}}),
}


@pytest.mark.parametrize("shape", ["hybrid", "flat", "nested"])
@pytest.mark.parametrize("how", AMENDMENTS)
def test_no_identifier_is_shown(how: str, shape: str) -> None:
    client = ours(add_remove_shape=shape)
    AMENDMENTS[how](client)
    assert_hidden(client.engine, SECRETS)


@given(data=st.data())
@settings(PATIENT, max_examples=25)
def test_no_identifier_is_shown_of_a_flawed_amendment(data: st.DataObject) -> None:
    operation = "AddRemoveContactListByAudienceSegment"
    body, _ = data.draw(nearly_valid_bodies(operation, engine=BASE))
    client = ours()
    client.ask("POST", f"/audience-segments/{LIST}/contact-list/add-remove", body)
    said = body.get("data") if isinstance(body, dict) else None
    attributes = said.get("attributes") if isinstance(said, dict) else None
    sent = attributes.get("identifiers") if isinstance(attributes, dict) else None
    texts = {text for text in sent if isinstance(text, str)} if isinstance(sent, list) else set()
    assert_hidden(client.engine, [text for text in texts if "@" in text or len(text) > 15])


def test_no_token_is_shown_of_any_operation() -> None:
    client = ours()
    customer = Customer(client.engine, OURS)
    token = customer.token()
    for provider in client.engine.providers.values():
        for each in client.engine.contract(provider).operations:
            path = each.path.replace("{accessKey}", OURS).replace("{account-id}", "1").replace("{audience-segment-id}", LIST)
            bearer = token if provider.name == "shoplive" else TOKEN
            for scheme in ("Bearer", "bearer", "Token", ""):
                headers = {
                    "authorization": f"{scheme} {bearer}".strip(),
                    "cookie": TOKEN,
                    "proxy-authorization": "Basic c2VjcmV0",
                }
                client.engine.handle(compose(each.method, path, json={}, headers=headers))
    customer.ask(*EXAMPLE, header=f"Bearer {token[:-2]}")
    assert_hidden(client.engine, [*SECRETS, token, token[:-2], token.rpartition(".")[2][:-2], "c2VjcmV0"])


@pytest.mark.parametrize("effect", [Truncated(), Malformed()])
def test_a_damaged_answer_shows_no_token_either(effect: Any) -> None:
    client = ours()
    client.engine.world.faults.add(Fault(effect=effect), 0)
    answer = client.login()
    assert_hidden(client.engine, [*SECRETS, answer.body[17:60].decode()])
    assert told(next(iter(client.engine.world.journal)))["response"]["body"] == f"<{len(answer.body)} bytes that are no JSON>"


def marks(thing: Any) -> list[str]:
    return re.findall(r"<[a-z_]+ ([0-9a-f]{6})>", orjson.dumps(thing).decode())


def test_equal_secrets_have_equal_marks_and_others_others() -> None:
    client = ours()
    client.token = client.login().json()["access_token"]
    client.search()
    client.amend(LIST, "add", [ADDRESSES[0], ADDRESSES[1], ADDRESSES[0], ADDRESSES[3]])
    client.amend(LIST, "remove", [ADDRESSES[1]])
    login, search, first, second = map(told, client.engine.world.journal)
    assert login["response"]["body"]["access_token"][-7:] == search["request"]["headers"]["authorization"][-7:]
    assert search["request"]["headers"] == first["request"]["headers"] | {"content-type": "application/json"}
    jane, john, again, malformed = first["request"]["body"]["data"]["attributes"]["identifiers"]
    assert (jane, len({jane, john, malformed})) == (again, 3)
    assert first["response"]["body"]["data"]["sampleInvalidIdentifiers"] == [malformed]
    assert second["request"]["body"]["data"]["attributes"]["identifiers"] == [john]
    other = Client(engine_of(seed=5))
    other.login()
    (entry,) = other.engine.world.journal
    assert told(entry)["request"]["body"]["client_secret"] == login["request"]["body"]["client_secret"]
    assert len(set(marks(login))) == 2


def test_of_many_identifiers_the_first_are_marked_and_the_rest_counted() -> None:
    client = ours()
    client.amend(LIST, "add", [f"{number}@example.com" for number in range(1000)])
    (entry,) = client.engine.world.journal
    identifiers = told(entry)["request"]["body"]["data"]["attributes"]["identifiers"]
    assert identifiers[20:] == ["<and 980 more>"]
    assert len(set(identifiers)) == 21


def test_what_is_no_secret_is_shown() -> None:
    client = ours()
    client.create({"name": "Autumn", "retailerId": "12", "contactList": {"identifierType": "Email"}})
    client.engine.handle(Request("POST", "/oauth2/token", "", ((b"content-type", b"text/plain"),), b"\xff\xfe"))
    first, second = map(told, client.engine.world.journal)
    assert first["request"]["body"]["data"] == [
        {"attributes": {"name": "Autumn", "retailerId": "12", "contactList": {"identifierType": "Email"}}}
    ]
    assert (first["caller"], first["operation"], first["version"]) == ("demo-client", "bulkCreateAudienceSegments", "preview")
    assert (first["number"], first["at"], first["faults"], first["problems"]) == (1, "2026-11-22T10:00:00.000Z", [], [])
    assert first["response"]["body"]["data"][0]["attributes"]["name"] == "Autumn"
    assert second["request"]["body"] == "<2 bytes that are no JSON>"
    assert second["problems"] == [{"code": "invalid_request", "pointer": None}]


def test_a_call_in_a_line_says_what_became_of_it() -> None:
    client = ours()
    client.version = "2026-07"
    client.search("?limit=501&offset=-1")
    client.delete("1")
    client.search("?limit=0")
    first, second, third = map(entry_line, client.engine.world.journal)
    path = "/2026-07/retail-media/accounts/625702934721171442/audience-segments"
    moment = "2026-11-22T10:00:00.000Z"
    assert first.startswith(f"#1 {moment} POST {path}/search?limit=501&offset=-1 -> 400 2 objections: invalid at ")
    assert second == f"#2 {moment} POST {path}/delete -> 200 segment-not-found at data/0/id"
    assert third == f"#3 {moment} POST {path}/search?limit=0 -> 200"
