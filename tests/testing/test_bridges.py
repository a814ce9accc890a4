"""Every HTTP client of Python's, as it is, reaches the fake that is active, and meets what it would meet on a network."""

import asyncio
import http.client
import socket
import ssl
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import aiohttp
import httpx
import httpx2
import pytest
import requests
import respx
import urllib3
import uvloop
from bridge_clients import CLIENTS, Answer
from conftest import ACCOUNT, DEMO, engine_of
from rude_server import BODY, rude_server

from mockserver.engine import Engine
from mockserver.message import Request, Response, compose
from mockserver.testing import bridges
from mockserver.testing.bridges import guard
from mockserver.testing.bridges.over_httpx import respond
from mockserver.testing.target import activate, deactivate

CRITEO = "https://api.criteo.com"
SHOPLIVE = "https://private.shopliveapi.com"
SEGMENTS = f"{CRITEO}/2026-07/retail-media/accounts/{ACCOUNT}/audience-segments"
CREDENTIALS = {"grant_type": "client_credentials", "client_id": "demo-client", "client_secret": "demo-secret"}
POOLED = sorted({*CLIENTS} - {"http.client", "urllib.request"})
"""The clients that keep connections and look whether they were dropped."""


@dataclass
class Fake:
    """An engine, what goes wrong with every answer, and what was asked."""

    engine: Engine
    trouble: dict[str, Any] = field(default_factory=dict)
    asked: list[Request] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)
    lock: Any = field(default_factory=threading.Lock)

    def handle(self, request: Request) -> Response:
        with self.lock:
            self.asked.append(request)
            response = self.answer(request)
        for name, value in self.trouble.items():
            setattr(response, name, value)
        return response

    def answer(self, request: Request) -> Response:
        if request.path == "/echo":
            return Response(200, [(b"content-type", b"text/plain"), (b"x-twice", b"1"), (b"x-twice", b"2")], request.body)
        return self.engine.handle(request)

    def wait(self, seconds: float) -> None:
        with self.lock:
            self.waited.append(seconds)
            self.engine.world.clock.advance(seconds)


@pytest.fixture
def installed():
    """Bridges without a fake: nobody gets past the guard."""
    bridges.install()
    guard.drain()
    yield
    left = guard.drain()
    bridges.uninstall()
    assert not left


@pytest.fixture
def fake(demo, installed):
    fake = Fake(demo.fork())
    activate(fake)
    yield fake
    deactivate(fake)


@pytest.fixture(params=CLIENTS)
def send(request):
    """Each client in turn."""
    with CLIENTS[request.param]() as send:
        yield send


@pytest.fixture(params=POOLED)
def pooled(request):
    with CLIENTS[request.param]() as send:
        yield send


@pytest.fixture
def rude():
    with rude_server() as server:
        yield server


def login(send) -> dict[str, str]:
    token = send("POST", f"{CRITEO}/oauth2/token", form=CREDENTIALS).json()["access_token"]
    return {"authorization": f"Bearer {token}"}


def search(send, headers: dict[str, str], **attributes: Any) -> Answer:
    return send("POST", f"{SEGMENTS}/search", json={"data": {"attributes": attributes}}, headers=headers)


def create(send, headers: dict[str, str], name: str) -> Answer:
    attributes = {"name": name, "retailerId": "12", "contactList": {"identifierType": "Email"}}
    return send("POST", f"{SEGMENTS}/create", json={"data": [{"attributes": attributes}]}, headers=headers)


def test_a_search_is_what_the_engine_says(send, fake):
    headers = login(send)
    found = search(send, headers)
    expected = fake.engine.handle(compose("POST", f"{SEGMENTS}/search", json={"data": {"attributes": {}}}, headers=headers))
    assert (found.status, found.body) == (expected.status, expected.body)
    assert found.headers["content-length"] == str(len(expected.body))
    assert found.headers["content-type"] == "application/json"


def test_shoplive_is_reached_as_well(send, fake):
    answer = send("GET", f"{SHOPLIVE}/v2/someone/campaign/stats")
    assert (answer.status, fake.asked[0].header(b"host")) == (401, "private.shopliveapi.com")


@pytest.mark.parametrize("origin", ["http://api.criteo.com", "https://api.criteo.com:8443", "http://api.criteo.com:8080"])
def test_any_port_and_scheme_leads_to_the_fake(send, fake, origin):
    assert send("POST", f"{origin}/echo", content=b"here").body == b"here"


def test_a_request_arrives_as_it_was_sent(send, fake):
    send("PUT", f"{CRITEO}/echo/caf%C3%A9%20au%2Flait?q=a%20b&q=%C3%A9", content=b"{}", headers={"X-Case": "Kept"})
    (request,) = fake.asked
    assert (request.method, request.path, request.query) == ("PUT", "/echo/café au/lait", "q=a%20b&q=%C3%A9")
    assert (request.header(b"x-case"), request.header(b"content-length"), request.body) == ("Kept", "2", b"{}")
    assert request.header(b"host") == "api.criteo.com"


def test_what_one_client_makes_every_other_finds(fake):
    with CLIENTS["requests"]() as send:
        headers = login(send)
        id = create(send, headers, "Made by requests ☕️ 顧客").json()["data"][0]["id"]
    for client in CLIENTS.values():
        with client() as send:
            (found,) = search(send, headers, audienceSegmentIds=[id]).json()["data"]
            assert found["attributes"]["name"] == "Made by requests ☕️ 顧客"


def test_an_answer_without_content_has_no_length(send, installed):
    fake = Fake(engine_of(DEMO, readings={"contact-list-clear": "204"}))
    activate(fake)
    try:
        headers = login(send)
        id = create(send, headers, "Emptied").json()["data"][0]["id"]
        url = f"{CRITEO}/2026-07/retail-media/audience-segments/{id}/contact-list/clear"
        cleared = send("POST", url, headers=headers)
        assert (cleared.status, cleared.body, cleared.headers.get("content-length")) == (204, b"", None)
        assert search(send, headers).status == 200
    finally:
        deactivate(fake)


def test_an_answer_to_head_has_a_length_and_no_body(send, fake):
    url = f"{CRITEO}/2026-07/retail-media/nothing"
    expected = len(fake.engine.handle(compose("HEAD", url)).body)
    answer = send("HEAD", url)
    assert (answer.body, answer.headers["content-length"]) == (b"", str(expected))
    assert expected > 0
    assert send("POST", f"{CRITEO}/echo", content=b"in step").body == b"in step"


def test_a_large_body_goes_both_ways(send, fake):
    body = bytes(range(256)) * 4096
    assert send("POST", f"{CRITEO}/echo", content=body).body == body


def test_a_body_is_uploaded_in_chunks(send, fake):
    parts = [b"first ", b"x" * 100_000, b" last"]
    assert send("POST", f"{CRITEO}/echo", parts=parts).body == b"".join(parts)
    assert fake.asked[0].header(b"transfer-encoding") == "chunked"


def test_fifty_calls_go_one_after_another(send, fake):
    assert [send("POST", f"{CRITEO}/echo", content=b"%d" % n).body for n in range(50)] == [b"%d" % n for n in range(50)]


def test_a_connection_is_kept(fake, monkeypatch):
    made = []
    plug = bridges.over_sockets.Plug
    monkeypatch.setattr(bridges.over_sockets, "Plug", lambda target: made.append(target) or plug(target))
    with CLIENTS["requests"]() as send:
        for _ in range(50):
            send("POST", f"{CRITEO}/echo", content=b"")
    assert len(made) == 1


def test_eight_threads_call_at_once(fake):
    def work(name: str) -> set[bytes]:
        with CLIENTS[name]() as send:
            return {send("POST", f"{CRITEO}/echo", content=name.encode()).body for _ in range(10)}

    names = [*CLIENTS][:8] * 2
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, names)) == [{name.encode()} for name in names]
    assert len(fake.asked) == 160


def test_one_session_of_requests_serves_eight_threads(fake):
    with CLIENTS["requests"]() as send, ThreadPoolExecutor(8) as pool:
        said = [b"%d" % n for n in range(100)]
        assert list(pool.map(lambda body: send("POST", f"{CRITEO}/echo", content=body).body, said)) == said


def test_many_tasks_call_at_once(fake):
    async def work() -> None:
        async with aiohttp.ClientSession() as session, httpx.AsyncClient() as client:

            async def over_aiohttp(body: bytes) -> bytes:
                async with session.post(f"{CRITEO}/echo", data=body) as answer:
                    return await answer.read()

            async def over_httpx(body: bytes) -> bytes:
                return (await client.post(f"{CRITEO}/echo", content=body)).content

            said = [b"%d" % n for n in range(50)]
            assert await asyncio.gather(*map(over_aiohttp, said)) == said
            assert await asyncio.gather(*map(over_httpx, said)) == said

    asyncio.run(work())


def test_other_hosts_are_reached_as_ever(send, fake, rude):
    assert send("GET", f"{rude.url}/fine").body == BODY
    assert not fake.asked


def test_without_a_fake_other_hosts_are_reached_as_ever(send, installed, rude):
    assert send("GET", f"{rude.url}/fine").body == BODY


def caught(send, url: str, **settings: Any) -> Exception:
    with pytest.raises(Exception) as caught:  # noqa: PT011  # which one, is what the test compares
        send("GET", url, **settings)
    return caught.value


@pytest.mark.parametrize("cut", ["before", "in"])
def test_a_cut_fails_as_on_a_socket(send, fake, rude, cut):
    fake.trouble = {"cut": cut, "body": BODY, "status": 200}
    ours, real = caught(send, f"{CRITEO}/echo"), caught(send, f"{rude.url}/{cut}")
    assert (type(ours), str(ours)) == (type(real), str(real))


def test_a_connection_that_is_cut_after_the_answer_is_dropped_from_the_pool(pooled, fake, rude):
    fake.trouble = {"cut": "after"}
    for url in [f"{rude.url}/after", f"{CRITEO}/echo"] * 3:
        assert pooled("GET", url).status == 200
        rude.settle()
    assert len(fake.asked) == 3


def test_a_connection_that_is_cut_after_the_answer_is_reset_without_a_pool(fake, rude):
    fake.trouble = {"cut": "after"}
    for url in (f"{rude.url}/after", f"{CRITEO}/echo"):
        with CLIENTS["http.client"]() as send:
            assert send("GET", url).status == 200
            rude.settle()
            assert isinstance(caught(send, url), ConnectionResetError)


def test_a_late_answer_times_out_as_on_a_socket(send, fake, rude):
    fake.trouble = {"delay": 30.0}
    ours, real = caught(send, f"{CRITEO}/echo", timeout=20.0), caught(send, f"{rude.url}/silent", timeout=0.05)
    assert type(ours) is type(real)
    assert fake.waited == [20.0]


def test_a_late_answer_comes_within_the_timeout(send, fake):
    before = fake.engine.world.clock.now()
    fake.trouble = {"delay": 30.0}
    assert send("POST", f"{CRITEO}/echo", content=b"late", timeout=31.0).body == b"late"
    assert fake.engine.world.clock.now() == before + 30


def test_a_dripping_answer_comes_if_no_piece_takes_too_long(send, fake):
    before = fake.engine.world.clock.now()
    fake.trouble = {"drip": 30.0}
    assert send("POST", f"{CRITEO}/echo", content=b"x" * 1000, timeout=4.0).body == b"x" * 1000
    assert fake.engine.world.clock.now() == before + 30
    assert fake.waited == [3.0] * 10


def test_a_dripping_answer_times_out_if_a_piece_takes_too_long(send, fake):
    fake.trouble = {"drip": 30.0}
    name = type(caught(send, f"{CRITEO}/2026-07/nothing", timeout=2.0)).__name__
    assert "Time" in name or name == "ConnectionError"  # what requests makes of a timeout in a body
    assert fake.waited == [2.0]


def test_a_dripping_answer_may_also_be_cut(send, fake):
    fake.trouble = {"drip": 10.0, "cut": "in", "body": BODY}
    caught(send, f"{CRITEO}/echo")
    assert sum(fake.waited) == 5.0


def test_a_client_may_wait_for_ever(send, fake):
    fake.trouble = {"delay": 86400.0, "drip": 86400.0}
    assert send("POST", f"{CRITEO}/echo", content=b"at last", timeout=None).body == b"at last"


@pytest.mark.parametrize("trouble", [{"delay": 30.0}, {"drip": 30.0}])
def test_aiohttp_counts_the_whole_call(fake, rude, trouble):
    fake.trouble = {**trouble, "body": BODY}
    with CLIENTS["aiohttp"]() as send:
        ours = caught(send, f"{CRITEO}/echo", timeout=None, total=20.0)
        real = caught(send, f"{rude.url}/silent", timeout=None, total=0.05)
        assert type(ours) is type(real) is TimeoutError
        assert sum(fake.waited) == pytest.approx(20)
        fake.trouble = {"delay": 10.0}
        assert [send("GET", f"{CRITEO}/echo", timeout=None, total=15.0).status for _ in range(3)] == [200, 200, 200]


def test_aiohttp_waits_to_be_told_to_continue(fake):
    async def work() -> None:
        async with aiohttp.ClientSession() as session:
            for _ in range(2):
                async with session.post(f"{CRITEO}/echo", data=b"body", expect100=True) as answer:
                    assert await answer.read() == b"body"

    asyncio.run(work())


def test_http_client_sends_what_it_has_pipelined(fake):
    connection = http.client.HTTPConnection("API.Criteo.com")
    connection.connect()
    request = b"POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\n\r\n"
    connection.sock.sendall(request + b"1" + request + b"2")
    answers = b""
    while not answers.endswith(b"\r\n\r\n2"):
        answers += connection.sock.recv(7)
    assert answers.count(b"HTTP/1.1 200 OK") == 2
    connection.close()


def test_what_is_not_http_is_refused(fake):
    connection = http.client.HTTPConnection("api.criteo.com")
    connection.connect()
    connection.sock.sendall(b"\x16\x03\x01 hello\r\n\r\n")
    assert connection.sock.recv(1000).startswith(b"HTTP/1.1 400 Bad Request")
    assert connection.sock.recv(1000) == b""
    connection.close()


def test_a_client_that_has_asked_nothing_hears_nothing(fake):
    connection = http.client.HTTPConnection("api.criteo.com", timeout=3)
    connection.connect()
    with pytest.raises(TimeoutError, match="timed out"):
        connection.sock.recv(1)
    connection.sock.settimeout(None)
    assert connection.sock.recv(1) == b""
    assert fake.waited == [3]
    connection.close()


def test_a_response_is_streamed(fake):
    fake.trouble = {"drip": 10.0, "body": BODY}
    with httpx.Client(verify=False) as client, client.stream("GET", f"{CRITEO}/echo") as answer:
        assert [(part, sum(fake.waited)) for part in answer.iter_raw()] == [(b"%d" % n, n + 1.0) for n in range(10)]
    with requests.get(f"{CRITEO}/echo", stream=True, timeout=5) as answer:
        assert list(answer.iter_content(5)) == [b"01234", b"56789"]


def test_repeated_headers_stay_apart(fake):
    assert httpx.get(f"{CRITEO}/echo").headers.get_list("x-twice") == ["1", "2"]
    assert urllib3.request("GET", f"{CRITEO}/echo").headers.getlist("x-twice") == ["1", "2"]


def test_a_proxy_is_not_needed_to_reach_the_fake(fake, monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    for name in ("httpx", "httpx-async", "httpx2", "httpx2-async", "requests"):
        with CLIENTS[name]() as send:
            assert send("POST", f"{CRITEO}/echo", content=b"here").body == b"here"
    with urllib3.ProxyManager("http://127.0.0.1:9") as pool:
        assert pool.request("POST", f"{CRITEO}/echo", body=b"here").data == b"here"

    async def over_aiohttp() -> bytes:
        async with aiohttp.ClientSession(trust_env=True) as session:
            async with session.post(f"{CRITEO}/echo", data=b"here") as secure:
                assert await secure.read() == b"here"
            async with session.post("http://api.criteo.com/echo", data=b"here") as plain:
                return await plain.read()

    assert asyncio.run(over_aiohttp()) == b"here"


def test_without_a_fake_no_call_leaves_through_a_proxy(installed, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    for name in ("httpx", "httpx-async", "httpx2", "httpx2-async", "requests"):
        with CLIENTS[name]() as send:
            assert isinstance(
                caught(send, f"{CRITEO}/echo"), httpx.ConnectError | httpx2.ConnectError | requests.ConnectionError
            )
            (leak,) = guard.drain()
            assert leak.host == "api.criteo.com"

    async def over_aiohttp() -> None:
        async with aiohttp.ClientSession(trust_env=True) as session:
            await session.get(f"{CRITEO}/echo")

    with pytest.raises(aiohttp.ClientConnectorError):
        asyncio.run(over_aiohttp())
    assert guard.drain()[0].line.endswith('await session.get(f"{CRITEO}/echo")')


@respx.mock
def test_without_a_fake_respx_may_mock_the_vendors(installed, monkeypatch):
    respx.get(f"{CRITEO}/echo").respond(text="mocked")
    assert httpx.get(f"{CRITEO}/echo").text == "mocked"
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    assert httpx.get(f"{CRITEO}/echo").text == "mocked"


def test_without_a_fake_a_resolver_may_lead_elsewhere(installed, rude):
    class Here(aiohttp.abc.AbstractResolver):
        async def resolve(self, host, port=0, family=socket.AF_INET):
            where = {"host": "127.0.0.1", "port": int(rude.url.rpartition(":")[2])}
            return [{"hostname": host, "family": family, "proto": 0, "flags": 0, **where}]

        async def close(self):
            pass

    async def over_aiohttp() -> bytes:
        connector = aiohttp.TCPConnector(resolver=Here(), family=socket.AF_INET)
        async with aiohttp.ClientSession(connector=connector) as session, session.get("http://api.criteo.com/fine") as answer:
            return await answer.read()

    assert asyncio.run(over_aiohttp()) == BODY


def test_a_call_lets_other_tasks_run(fake):
    async def calls(client: httpx.AsyncClient) -> None:
        while True:
            await client.get(f"{CRITEO}/echo")

    async def work() -> None:
        async with httpx.AsyncClient() as client:
            await asyncio.wait_for(calls(client), 0.05)

    with pytest.raises(TimeoutError):
        asyncio.run(work())


@respx.mock
def test_respx_keeps_what_it_mocks_beside_the_fake(fake):
    respx.get("https://elsewhere.example/").respond(text="mocked")
    assert httpx.get("https://elsewhere.example/").text == "mocked"
    assert httpx.post(f"{CRITEO}/echo", content=b"faked").text == "faked"


@respx.mock
def test_an_answer_of_the_fake_is_a_side_effect_of_a_route(fake):
    respx.route(host="elsewhere.example").mock(side_effect=partial(respond, fake))
    assert httpx.post("https://elsewhere.example/echo", content=b"faked").text == "faked"
    fake.trouble = {"cut": "before"}
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.post("https://elsewhere.example/echo", content=b"faked")


@pytest.mark.parametrize("library", [httpx, httpx2])
def test_an_answer_of_the_fake_is_a_transport_of_its_own(fake, library):
    transport = library.MockTransport(partial(respond, fake))
    with library.Client(transport=transport, base_url="https://elsewhere.example") as client:
        assert client.post("/echo", content=b"faked").text == "faked"

    async def later() -> str:
        async with library.AsyncClient(transport=transport) as client:
            return (await client.post("https://elsewhere.example/echo", content=b"faked")).text

    assert asyncio.run(later()) == "faked"


def test_the_latest_fake_answers_also_on_a_connection_that_is_open(pooled, fake):
    pooled("GET", f"{CRITEO}/echo")
    other = Fake(engine_of())
    activate(other)
    pooled("GET", f"{CRITEO}/echo")
    deactivate(other)
    pooled("GET", f"{CRITEO}/echo")
    assert (len(fake.asked), len(other.asked)) == (2, 1)


def test_a_connection_that_is_open_leads_nowhere_when_no_fake_is_active(send, fake):
    send("GET", f"{CRITEO}/echo")
    deactivate(fake)
    error = caught(send, f"{CRITEO}/echo")
    assert len(fake.asked) == 1
    activate(fake)
    assert guard.drain() or isinstance(error, BrokenPipeError)  # a connection without a pool breaks, but leads nowhere
    assert send("GET", f"{CRITEO}/echo").status == 200


def test_without_a_fake_the_guard_refuses_and_names_the_line(send, installed):
    error = caught(send, f"{CRITEO}/echo")
    assert "Leak" in repr(error) + repr(error.__cause__) + repr(error.__context__) or "api.criteo.com" in str(error)
    leaks = guard.drain()
    assert {leak.host for leak in leaks} == {"api.criteo.com"}
    assert all("bridge_clients.py" in leak.line or "test_bridges.py" in leak.line for leak in leaks)


def test_the_guard_names_this_very_line(installed):
    number = sys._getframe().f_lineno + 2
    with pytest.raises(httpx.ConnectError):
        httpx.get("https://api.criteo.com/oauth2/token")
    (leak,) = guard.drain()
    function = "test_the_guard_names_this_very_line"
    source = 'httpx.get("https://api.criteo.com/oauth2/token")'
    assert leak.line == f"{__file__}:{number} in {function}: {source}"
    assert str(leak).endswith(f"from reaching api.criteo.com, made at {leak.line}")


@pytest.mark.parametrize("run", [asyncio.run, uvloop.run])
def test_the_guard_names_the_line_of_a_task(installed, run):
    async def over_httpx() -> None:
        async with httpx.AsyncClient() as client:
            await client.get("https://api.criteo.com/httpx")

    async def over_aiohttp() -> None:
        async with aiohttp.ClientSession() as session:
            await session.get("https://api.criteo.com/aiohttp")

    async def both() -> list[Any]:
        return await asyncio.gather(over_httpx(), over_aiohttp(), return_exceptions=True)

    assert [type(error) for error in run(both())] == [httpx.ConnectError, aiohttp.ClientConnectorDNSError]
    told = sorted(leak.line.rpartition(" in ")[2] for leak in guard.drain())
    assert told == [
        'over_aiohttp: await session.get("https://api.criteo.com/aiohttp")',
        'over_httpx: await client.get("https://api.criteo.com/httpx")',
    ]


def test_the_guard_names_the_line_of_a_thread(installed):
    def work() -> None:
        with pytest.raises(requests.ConnectionError):
            requests.get("https://api.criteo.com/thread", timeout=1)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert {leak.line.rpartition(": ")[2] for leak in guard.drain()} == {
        'requests.get("https://api.criteo.com/thread", timeout=1)'
    }


@pytest.mark.parametrize("host", ["consent.criteo.com", "CRITEO.com.", b"api.criteo.com", "a.b.shopliveapi.com"])
@pytest.mark.parametrize("look_up", [partial(socket.getaddrinfo, port=443), socket.gethostbyname, socket.gethostbyname_ex])
def test_no_name_of_the_vendors_is_looked_up(fake, host, look_up):
    name = getattr(look_up, "func", look_up).__name__  # as the fixture has replaced it by now
    settings = getattr(look_up, "keywords", {})
    with pytest.raises(guard.Leak):
        getattr(socket, name)(host, **settings)
    assert len(guard.leaks()) == len(guard.drain()) == 1
    assert guard.leaks() == []


@pytest.mark.parametrize("host", ["127.0.0.1", None, b"localhost", "localhost"])
def test_any_other_name_is_looked_up(installed, host):
    assert socket.getaddrinfo(host, 80)


def test_a_loop_looks_up_other_names(installed):
    async def work() -> Any:
        return await asyncio.get_running_loop().getaddrinfo("127.0.0.1", 80)

    assert asyncio.run(work())


def test_what_is_uninstalled_leaves_nothing_behind():
    def parts() -> list[Any]:
        kinds = [httpx.HTTPTransport, httpx.AsyncHTTPTransport, httpx2.HTTPTransport, aiohttp.TCPConnector]
        kinds += [urllib3.connection.HTTPSConnection, http.client.HTTPConnection, socket, asyncio.BaseEventLoop]
        return [dict(vars(kind)) for kind in kinds]

    before = parts()
    bridges.install()
    inside = parts()
    bridges.install()
    assert inside == parts() != before
    bridges.uninstall()
    bridges.uninstall()
    assert parts() == before


def test_importing_the_bridges_imports_no_client():
    code = "import sys, mockserver.testing.bridges; print(sorted({'httpx', 'httpx2', 'aiohttp', 'urllib3'} & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "[]\n"


def test_no_certificate_is_asked_for(fake):
    context = ssl.create_default_context()
    connection = http.client.HTTPSConnection("api.criteo.com", context=context)
    connection.request("GET", "/echo")
    assert connection.getresponse().read() == b""
    connection.close()
