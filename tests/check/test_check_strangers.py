import importlib
import json
import os
import pkgutil
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from stranger_servers import always, answering, discreet, forgetful, raw, sample

from mockserver.check import laws
from mockserver.check.fresh import fresh_engine
from mockserver.check.law import Check, Effort, once
from mockserver.check.outcome import Outcome
from mockserver.check.running import run_all
from mockserver.check.session import Session
from mockserver.check.setting import DEMO, Credentials, Customer, Setting
from mockserver.check.target.meeting import met
from mockserver.clock import Clock
from mockserver.difference import changes
from mockserver.evidence import assumed
from mockserver.mistake import Mistake
from mockserver.providers import PROVIDERS

US = Setting(main=DEMO.main, account=DEMO.account, retailers=("12", "1234"), advertisers=("123", "456"))
EFFORT = Effort(share=0.02, shrink=False)
QUICK = 0.2


def every_law() -> list[Check]:
    modules = [importlib.import_module(f"{laws.__name__}.{each.name}") for each in pkgutil.iter_modules(laws.__path__)]
    return [check for module in modules for check in getattr(module, "CHECKS", ())]


def remembers(session: Session) -> None:
    """What nothing without a memory can do: show again what it was told, and no more what was deleted."""
    said = session.contact_list()
    id = session.create(said).says(200).ids[0]
    found = session.search(filters={"audienceSegmentIds": [id]}).says(200)
    found.holds("body/data/0/attributes/name", said["name"], why="what was created is found")


MEMORY = Check(
    "laws/memory", "laws", "What was created is found.", assumed("for a test"), once(remembers), needs=frozenset({"writes"})
)


def run_on(url: str, *checks: Check, setting: Setting = US, timeout: float = 10.0) -> list[Outcome]:
    """What comes of checks on a target, which is left in the end."""
    venue = met(url, setting, allow_writes=True, timeout=timeout, sleep=lambda seconds: None)
    try:
        return list(run_all(checks, venue, EFFORT))
    finally:
        venue.leave()


def refusal_of(url: str, setting: Setting = US, timeout: float = 10.0) -> str:
    """The sentence that says why a target cannot be checked."""
    with pytest.raises(Mistake) as told:
        met(url, setting, timeout=timeout, sleep=lambda seconds: None)
    said = str(told.value)
    assert "\n" not in said
    assert len(said) < 400
    assert DEMO.main.client_secret not in said
    return said


# A server that keeps the contract


def test_a_stranger_that_keeps_the_contract_passes_and_is_left_as_it_was():
    engine = fresh_engine()
    engine.world.rate_limit, engine.world.clock = None, Clock()
    before = engine.world.fork()
    with discreet(engine) as url:
        outcomes = run_on(url, *every_law(), setting=replace(US, customer=DEMO.customer))
    assert [
        (outcome.check.name, str(outcome.finding and outcome.finding.expectation)) for outcome in outcomes if outcome.finding
    ] == []
    assert {outcome.verdict for outcome in outcomes} == {"passed", "skipped"}
    assert sum(outcome.verdict == "passed" for outcome in outcomes) > 100
    assert changes(before, engine.world) == []


# Servers that keep its form and forget everything


def check_forgetting(outcomes: list[Outcome]) -> None:
    """The kit found out what is wrong: not what is said, but that nothing of it is remembered."""
    assert outcomes[0].finding is not None
    assert outcomes[0].finding.why == "what was created is found"
    assert outcomes[0].finding.expectation.pointer == "body/data/0/attributes/name"
    failed = {outcome.check.name for outcome in outcomes if outcome.verdict == "failed"}
    assert {"laws/segments", "laws/segment-lists-kept", "laws/segment-names-unique", "laws/tokens-live-together"} <= failed
    assert {outcome.verdict for outcome in outcomes} <= {"passed", "failed", "skipped"}


def test_a_server_that_forgets_everything_fails_for_that():
    with answering(forgetful()) as server:
        outcomes = run_on(server.url, MEMORY, *every_law())
    check_forgetting(outcomes)
    about_others = [body for method, path, _, body in server.calls if path.endswith("/delete") and b'"id"' in body]
    assert about_others == []


def prism() -> str:
    """A spec-only mock of others, if there is one."""
    found = os.environ.get("MOCKSERVER_PRISM") or shutil.which("prism")
    if not found:
        pytest.skip("no prism: npm install -g @stoplight/prism-cli, or MOCKSERVER_PRISM=FILE")
    return found


@contextmanager
def mocked_by_prism(path) -> Iterator[str]:
    contract = PROVIDERS[0].contracts.under({reading.name: reading.guide for reading in PROVIDERS[0].readings})
    document = json.loads(json.dumps(contract.documents["2026-07"]))
    for item in document["paths"].values():
        for operation in item.values():
            for answer in operation["responses"].values() if "responses" in operation else ():
                for content in answer.get("content", {}).values():
                    content["example"] = sample(content["schema"], document["components"]["schemas"])
    path.write_text(json.dumps(document))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [prism(), "mock", "--port", str(port), "--host", "127.0.0.1", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            assert process.stdout is not None
            assert any("is listening" in line for line in process.stdout)
            threading.Thread(target=process.stdout.read, daemon=True).start()
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait()


def test_a_spec_only_mock_of_the_same_document_fails_for_forgetting(tmp_path):
    prism()
    with mocked_by_prism(tmp_path / "contract.json") as url:
        check_forgetting(run_on(url, MEMORY, *every_law()))


# Servers that answer no question


def test_a_target_that_hangs():
    with raw(None) as url:
        assert refusal_of(url, timeout=QUICK) == f"{url} gave no answer within 0.2 seconds"


def test_a_target_that_hangs_up():
    with raw(b"") as url:
        assert refusal_of(url) == f"{url} ended the connection without a whole answer"


def test_a_target_that_says_garbage():
    with raw(b"\x00\x01\x02 garbage \xff\r\n\r\n") as url:
        assert refusal_of(url).startswith(f"{url} does not answer in HTTP: ")


def test_a_target_that_is_down():
    with raw(b"") as url:
        pass
    assert refusal_of(url) == f"{url} takes no connection: it is down, or this is not its port"


def test_a_host_that_does_not_exist():
    assert refusal_of("http://api.criteo.invalid").startswith("http://api.criteo.invalid cannot be reached: ")


def test_a_target_that_speaks_no_tls():
    with answering(always(200, b"{}")) as server:
        url = server.url.replace("http:", "https:")
        assert refusal_of(url).startswith(f"{url} does not speak TLS as it should")


HTML = b"<!doctype html><title>Sign in</title>"


@pytest.mark.parametrize("status", [200, 401, 403])
def test_a_target_that_answers_html(status):
    with answering(always(status, HTML, "text/html; charset=utf-8")) as server:
        said = f"{server.url} speaks another API: POST /oauth2/token answers {status} in text/html, not in JSON"
        assert refusal_of(server.url) == said


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_target_that_is_broken(status):
    with answering(always(status, b"oops", "text/plain")) as server:
        assert refusal_of(server.url) == f"{server.url} gives no token now: POST /oauth2/token answers {status}"


def test_a_target_that_is_elsewhere():
    with answering(always(308, b"", location="https://api.example/v2?token=hunter2")) as server:
        said = refusal_of(server.url)
        assert (
            said == f"{server.url} redirects POST /oauth2/token to https://api.example/v2: give as --target where it really is"
        )


def test_a_target_that_knows_no_tokens():
    with answering(always(404, b"{}")) as server:
        assert refusal_of(server.url) == f"{server.url} speaks another API: POST /oauth2/token answers 404"


SHAPES = [
    b"[]",
    b"null",
    b"3",
    b'"x"',
    b"{}",
    b"[[]]",
    b'{"access_token": 5}',
    b'{"access_token": ""}',
    b'{"access_token": "a\\nb"}',
]


@pytest.mark.parametrize("shape", SHAPES, ids=[shape.decode() for shape in SHAPES])
def test_a_target_that_answers_json_that_is_no_token(shape):
    with answering(always(200, shape)) as server:
        said = f"{server.url} speaks another API: POST /oauth2/token answers 200 without an access_token"
        assert refusal_of(server.url) == said


def test_a_target_with_a_certificate_that_nobody_signed(tmp_path):
    openssl = shutil.which("openssl")
    if not openssl:
        pytest.skip("no openssl to make a certificate with")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1".split()
    subprocess.run([openssl, *made, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with answering(always(200, b"{}"), context) as server:
        said = refusal_of(server.url)
        assert said.startswith(f"{server.url} has a certificate that cannot be trusted: self")


# Targets that do not let us in, or are of another time


def test_a_target_that_refuses_the_credentials():
    with discreet(fresh_engine()) as url:
        setting = replace(US, main=Credentials(DEMO.main.client_id, "wrong"))
        assert refusal_of(url, setting) == f"{url} refuses the credentials of 'demo-client' (401 invalid_client)"


def test_a_target_that_does_not_show_the_account():
    with discreet(fresh_engine()) as url:
        said = f"{url} does not let 'demo-client' read the segments of account 7 (403)"
        assert refusal_of(url, replace(US, account="7")) == said


def test_a_stranger_has_to_be_told_who_asks():
    with discreet(fresh_engine()) as url:
        assert "it has to be told who asks: --client-id, --client-secret and --account" in refusal_of(url, Setting())


TOKEN = json.dumps({"access_token": "x" * 40, "token_type": "Bearer", "refresh_token": None, "expires_in": 900}).encode()
KIND = {"content-type": "application/json"}


def after_a_token(status: int, body: bytes, kind: str = "application/json"):
    """A token for everybody, and then always the same answer."""
    return lambda method, path: (200, KIND, TOKEN) if path == "/oauth2/token" else (status, {"content-type": kind}, body)


@pytest.mark.parametrize("status", [404, 405, 410])
def test_a_target_without_the_version(status):
    with answering(after_a_token(status, b"{}")) as server:
        assert refusal_of(server.url).startswith(f"{server.url} has no version 2026-07 of this API: POST /2026-07/")


def test_a_version_that_never_was():
    assert refusal_of("http://127.0.0.1:9", replace(US, version="2026-7")).startswith("unknown version '2026-7'; did you mean ")


def test_a_target_that_gives_tokens_it_does_not_take():
    with answering(after_a_token(401, b"{}")) as server:
        assert "and does not take it" in refusal_of(server.url)


def test_a_target_that_answers_html_where_it_matters():
    with answering(after_a_token(200, HTML, "text/html")) as server:
        assert refusal_of(server.url).endswith("/audience-segments/search answers 200 in text/html, not in JSON")


def test_a_target_for_campaigns_that_speaks_something_else():
    setting = Setting(customer=Customer("a1b2c3d4", "c2VjcmV0"))
    with answering(always(200, HTML, "text/html")) as server:
        assert refusal_of(server.url, setting).startswith(f"{server.url} speaks another API: retrieveCampaignStats answers 200")


def test_what_says_it_is_a_fake_of_ours_and_is_none():
    lie = json.dumps({"status": "ok", "version": "1", "now": "2026-11-22T10:30:00Z"}).encode()
    with answering(always(200, lie)) as server:
        assert refusal_of(server.url).startswith(f"{server.url} speaks another API: POST /oauth2/token answers 200")


# Servers whose answers make no sense, once they were met


WRONG = [
    b"[]",
    b"null",
    b"3",
    b"{}",
    b'{"data": null}',
    b'{"data": {"id": []}}',
    b'{"data": [[]], "meta": 5}',
    b'{"data": [{"id": {}}]}',
]


@pytest.mark.parametrize("body", WRONG, ids=[body.decode() for body in WRONG])
def test_json_of_the_wrong_shape_everywhere_is_found_and_breaks_nothing(body):
    with answering(after_a_token(200, body)) as server:
        outcomes = run_on(server.url, MEMORY, *every_law())
    assert {outcome.verdict for outcome in outcomes} <= {"failed", "skipped", "passed"}
    assert outcomes[0].verdict == "failed"
    assert sum(outcome.verdict == "failed" for outcome in outcomes) > 50


@pytest.mark.parametrize("status", [500, 503, 200, 302, 429])
def test_a_target_that_breaks_after_it_was_met_is_found(status):
    answers = iter([(404, KIND, b"{}"), (200, KIND, TOKEN), (200, KIND, b'{"data": []}'), (200, KIND, TOKEN)])
    with answering(lambda method, path: next(answers, (status, {"content-type": "text/html"}, HTML))) as server:
        outcomes = run_on(server.url, MEMORY)
    assert outcomes[0].verdict == "failed"


def test_a_target_that_stops_answering_breaks_the_run_off_and_is_not_asked_for_ever():
    answers = iter([(404, KIND, b"{}"), (200, KIND, TOKEN), (200, KIND, b'{"data": []}'), (200, KIND, TOKEN)])
    over = threading.Event()

    def answer(method: str, path: str):
        said = next(answers, None)
        if said is None:
            over.wait(30)
        return said or (500, KIND, b"{}")

    with answering(answer) as server:
        outcomes = run_on(server.url, *[MEMORY] * 8, timeout=QUICK)
        over.set()
    assert {outcome.verdict for outcome in outcomes} == {"broke off"}
    assert outcomes[0].reason == f"{server.url} gave no answer within 0.2 seconds"
    assert "no more are made" in outcomes[-1].reason
    assert len(server.calls) < 10
