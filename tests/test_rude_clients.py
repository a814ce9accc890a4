"""Clients that keep to no rule: none brings the server down, holds it up, or gets what another was meant to get."""

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from time import monotonic, sleep

import httpx
import pytest
from conftest import engine_of
from on_the_wire import (
    HEALTH,
    LAST,
    LONGEST,
    TOKEN,
    Place,
    eventually,
    page_of,
    received,
    serving,
    statuses,
    token,
    wire,
)
from over_http import CREDENTIALS, SEGMENTS

from mockserver.http import Door
from mockserver.server import Server, configured, listening
from mockserver.worlds import Worlds


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    with serving(engine_of()) as place:
        yield place


@pytest.fixture(scope="module")
def hasty() -> Iterator[Place]:
    """A server without patience."""
    with serving(engine_of(), patience=0.3, silence=1.5) as place:
        yield place


@pytest.mark.parametrize(
    "said",
    [
        b"\x16\x03\x01\x02\x00\x01",
        b"nonsense\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"CONNECT api.criteo.com:443 HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"GET / HTTP/1.1\r\na: \x00\r\n\r\n",
        b"GET /\xe4 HTTP/1.1\r\n\r\n",
        wire("POST", "/oauth2/token", b"zz\r\n", "transfer-encoding: chunked"),
        wire("POST", "/oauth2/token", b"x", "content-length: -1"),
        wire("POST", "/oauth2/token", b"x", "content-length: 2"),
        wire("POST", "/_mock/clock", b"zz\r\n", "transfer-encoding: chunked"),
    ],
)
def test_what_is_no_http_is_refused_with_400_and_the_end_of_the_connection(place: Place, said: bytes) -> None:
    assert statuses(place.answers(TOKEN + said, LAST)) == [200, 400]
    assert place.is_well()


@pytest.mark.parametrize(
    ("path", "header", "status"),
    [("/x" * 9_000, "", 414), ("/x", "x" * 70_000, 431), ("/_mock/health", "x" * 70_000, 431), ("/x", "x" * 4 * 2**20, 431)],
    ids=["path", "head", "head of a control", "head without end"],
)
@pytest.mark.parametrize("size", [1000, 30_000, 2**22])
def test_what_is_too_long_is_refused_by_its_name(place: Place, path: str, header: str, status: int, size: int) -> None:
    said = wire("GET", path, b"", f"much: {header}") + LAST
    pieces = [said[at : at + size] for at in range(0, len(said), size)]
    assert statuses(place.answers(*pieces)) == [status]
    assert place.is_well()


def test_a_head_and_a_path_just_within_the_limits_are_taken(place: Place) -> None:
    said = wire("GET", "/" + "x" * 16_000, b"", f"much: {'x' * 65_000}", "connection: close")
    assert statuses(place.answers(said)) == [404]


@pytest.mark.parametrize("path", ["/oauth2/token", "/_mock/clock", "/worlds/default/oauth2/token"])
def test_a_request_that_does_not_come_whole_is_told_so_in_time(hasty: Place, path: str) -> None:
    whole = wire("POST", path, b"x" * 50)
    with hasty.connect() as head, hasty.connect() as body:
        head.sendall(whole[:30])
        body.sendall(whole[:-1])
        assert [statuses(received(each)) for each in (head, body)] == [[408], [408]]
    assert hasty.is_well()


def test_a_connection_is_closed_after_a_long_silence_and_not_before(hasty: Place) -> None:
    with hasty.connect() as mute, hasty.connect() as used, hasty.connect() as controlling:
        began = monotonic()
        used.sendall(TOKEN)
        controlling.sendall(HEALTH)
        assert [statuses(received(each)) for each in (mute, used, controlling)] == [[], [200], [200]]
        assert monotonic() - began >= 1.5
    assert hasty.is_well()


@pytest.mark.parametrize("conducted", [False, True])
def test_a_client_that_does_not_read_is_let_go(hasty: Place, conducted: bool) -> None:
    ask = page_of(500, token(hasty), *(["expect: 100-continue"] if conducted else []))
    with hasty.connect() as connection:
        connection.settimeout(0.1)
        with suppress(TimeoutError, ConnectionError):
            connection.sendall(ask * 1000)
        assert eventually(lambda: not hasty.server.server_state.connections)
    assert hasty.is_well()


def test_a_slow_answer_is_not_hurried(hasty: Place) -> None:
    hasty.answers(wire("POST", "/_mock/faults", b'{"effect": "delay", "seconds": 1.6, "times": 1}', "connection: close"))
    assert statuses(hasty.answers(TOKEN + LAST)) == [200, 404]
    assert hasty.is_well()


def test_answers_come_in_the_order_of_the_questions_whoever_gives_them(place: Place) -> None:
    late = wire("POST", "/_mock/faults", b'{"effect": "delay", "seconds": 0.05, "operation": "requestToken", "times": 1}')
    nowhere, unfit = wire("GET", "/nowhere"), wire("GET", SEGMENTS)
    said = HEALTH + nowhere + late + TOKEN + unfit + HEALTH + TOKEN + nowhere + wire("GET", "/worlds/none/x") + LAST
    assert statuses(place.answers(said)) == [200, 404, 200, 200, 405, 200, 200, 404, 404, 404]
    assert place.is_well()


def test_nothing_is_read_behind_the_last_request(place: Place) -> None:
    before = place.worlds.default.world.journal.count
    for last in (LAST, wire("GET", "/nowhere", version="1.0"), wire("GET", "/_mock/health", b"", "connection: close")):
        assert len(statuses(place.answers(last + TOKEN * 3))) == 1
    assert place.worlds.default.world.journal.count == before + 2


@pytest.mark.parametrize("offer", [("upgrade: h2c", "http2-settings: AAMAAABkAARAAAAAAAIAAAAA"), ("upgrade: websocket",)])
def test_an_offer_to_speak_otherwise_is_passed_over(place: Place, offer: tuple[str, ...]) -> None:
    offers = ("connection: upgrade", *offer)
    for path, status in (("/nowhere", 404), ("/_mock/health", 200)):
        assert statuses(place.answers(wire("GET", path, b"", *offers) + TOKEN + LAST)) == [status, 200, 404]
    assert statuses(place.answers(wire("POST", "/nowhere", b"some body", *offers) + LAST)) == [404, 404]
    assert place.is_well()


def test_who_asks_first_whether_to_send_a_body_is_told_to(place: Place) -> None:
    head, body = TOKEN[: TOKEN.index(b"\r\n\r\n")], TOKEN[TOKEN.index(b"\r\n\r\n") + 4 :]
    with place.connect() as connection:
        connection.sendall(head + b"\r\nexpect: 100-continue\r\n\r\n")
        assert connection.recv(2**16) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(body + LAST)
        assert statuses(received(connection)) == [200, 404]
    assert place.is_well()


def test_a_call_that_is_coming_in_is_answered_before_the_server_ends() -> None:
    with serving(engine_of()) as place, place.connect() as connection, place.connect() as idle:
        connection.sendall(TOKEN[:-5])
        assert eventually(lambda: len(place.server.server_state.connections) == 2)
        sleep(0.05)
        place.server.should_exit = True
        assert received(idle) == b""
        connection.sendall(TOKEN[-5:])
        assert b"connection: close" in received(connection)


def test_a_server_that_ends_waits_for_nobody_for_long() -> None:
    with serving(engine_of()) as place, place.connect() as slow, place.connect() as waiting:
        place.answers(wire("POST", "/_mock/faults", b'{"effect": "delay", "seconds": 3600}', "connection: close"))
        slow.sendall(TOKEN[:-5])
        waiting.sendall(TOKEN)
        assert eventually(lambda: len(place.server.server_state.tasks) == 1)
        place.server.should_exit = True
        assert received(slow) + received(waiting) == b""
        assert not place.said


OUT_OF_CONNECTIONS = """
import resource
from mockserver.http import Door
from mockserver.providers import PROVIDERS
from mockserver.server import Server, configured, listening
from mockserver.worlds import Worlds, founded

resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40))
sock = listening("127.0.0.1", 0)
print(sock.getsockname()[1], flush=True)
Server(configured(Door(Worlds(founded(PROVIDERS, "empty"))))).run([sock])
"""


def test_a_server_that_has_no_file_left_for_a_connection_goes_on() -> None:
    process = subprocess.Popen([sys.executable, "-c", OUT_OF_CONNECTIONS], stdout=subprocess.PIPE)
    assert process.stdout is not None
    address = ("127.0.0.1", int(process.stdout.readline()))
    many = [socket.create_connection(address, LONGEST) for _ in range(60)]
    for each in many:
        each.close()
    with process, socket.create_connection(address, LONGEST) as connection:
        connection.sendall(LAST)
        assert statuses(received(connection)) == [404]
        process.terminate()


def test_who_listens_hears_of_every_call_to_the_vendors_and_of_no_other() -> None:
    heard = []
    worlds, sock = Worlds(engine_of()), listening("127.0.0.1", 0)
    server = Server(configured(Door(worlds, hear=lambda entry, seconds: heard.append((entry.response.status, seconds >= 0)))))
    thread = threading.Thread(target=server.run, args=([sock],), daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{sock.getsockname()[1]}"
    httpx.post(f"{url}/_mock/worlds", json={"name": "other"})
    httpx.get(f"{url}/worlds/other/nowhere")
    httpx.post(f"{url}/oauth2/token", data=CREDENTIALS, headers={"expect": "100-continue"})
    httpx.post(f"{url}/_mock/faults", json={"effect": "drip", "seconds": 0.01})
    httpx.post(f"{url}/oauth2/token", data=CREDENTIALS)
    server.should_exit = server.force_exit = True
    thread.join()
    assert heard == [(404, True), (200, True), (200, True)]
