"""The server on its socket: what it lets through unchanged, and that no client can hurt it."""

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from time import perf_counter

import httpx
import pytest
from conftest import Client, Server, engine_of
from over_http import CREDENTIALS, NOW, SEGMENTS, authorization, create

from mockserver.contract.operation import LARGEST_BODY
from mockserver.http import Door
from mockserver.server import in_background
from mockserver.worlds import Worlds


def test_what_goes_over_the_socket_is_what_the_engine_says(server: Server, web: httpx.Client) -> None:
    made = create(web, "Over the socket").json()["data"][0]
    assert Client(server.engine).search(audienceSegmentIds=[made["id"]]).json()["data"] == [made]


def test_what_only_looks_like_a_control_or_a_world_is_a_path_of_the_api(web: httpx.Client) -> None:
    for path in ("/_mockery", "/worlds", "/_moc", "/worldsx/default"):
        assert web.get(path).json()["errors"][0]["code"] == "not-found"


def test_an_answer_over_the_socket_has_its_length_and_type(web: httpx.Client) -> None:
    answer = web.post(f"{SEGMENTS}/search", json={}, headers=authorization(web))
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert answer.headers["content-type"] == "application/json"


def test_a_head_has_no_body(web: httpx.Client) -> None:
    answer = web.head(SEGMENTS)
    assert (answer.status_code, answer.headers["allow"], answer.content) == (405, "PATCH", b"")
    assert web.get("/_mock/health").status_code == 200


def test_a_path_may_be_percent_encoded_or_begin_with_two_slashes(server: Server, web: httpx.Client) -> None:
    for path in ("/%6Fauth2/tok%65n", "//oauth2/token"):
        assert web.post(f"{server.url}{path}", data=CREDENTIALS).status_code == 200


def test_an_application_that_calls_the_door_gets_what_a_client_of_the_socket_gets(server: Server, web: httpx.Client) -> None:
    asked = [("POST", f"{SEGMENTS}/search?limit=3", "{}"), ("POST", f"{SEGMENTS}/create", "["), ("GET", "/nowhere", "")]
    headers = {**authorization(web), "content-type": "application/json"}

    async def called() -> list[tuple[int, httpx.Headers, bytes]]:
        door = httpx.ASGITransport(Door(Worlds(server.engine.fork())))
        async with httpx.AsyncClient(transport=door, base_url="http://x") as client:
            answers = [await client.request(method, path, content=body, headers=headers) for method, path, body in asked]
        return [(each.status_code, each.headers, each.content) for each in answers]

    inside = asyncio.run(called())
    for (method, path, body), (status, given, content) in zip(asked, inside, strict=True):
        outside = web.request(method, path, content=body, headers=headers)
        del outside.headers["date"]
        assert (outside.status_code, outside.headers, outside.content) == (status, given, content)


def test_two_clients_at_once_keep_to_their_worlds(server: Server) -> None:
    def work(name: str) -> list[str]:
        with httpx.Client(base_url=server.url, timeout=30, verify=False) as web:
            web.post("/_mock/worlds", json={"name": name})
            headers = authorization(web, f"/worlds/{name}")
            made = [create(web, f"{name} {number}", f"/worlds/{name}", headers).json()["data"][0] for number in range(30)]
            query = {"data": {"attributes": {"audienceSegmentIds": [each["id"] for each in made]}}}
            found = web.post(f"/worlds/{name}{SEGMENTS}/search", json=query, headers=headers).json()["data"]
            assert found == made
            return [each["attributes"]["name"] for each in found]

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(work, ("left", "right"))) == [[f"{name} {n}" for n in range(30)] for name in ("left", "right")]


def cut(server: Server, said: bytes) -> None:
    """Say something over a connection of one's own and go away without waiting."""
    with socket.create_connection(server.url.removeprefix("http://").split(":")) as connection:
        connection.sendall(said)


@pytest.mark.parametrize("path", ["/oauth2/token", f"{SEGMENTS}/create", "/_mock/clock", "/worlds/default/oauth2/token"])
def test_a_connection_cut_in_the_middle_of_a_body_does_no_harm(server: Server, web: httpx.Client, path: str) -> None:
    head = f"POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n".encode()
    for _ in range(5):
        cut(server, head + b'content-length: 1000\r\n\r\n{"advance": 5}')
        cut(server, head + b'transfer-encoding: chunked\r\n\r\n5\r\n{"adv')
        cut(server, head + b"content-length: 1000\r\n\r\n")
        cut(server, head)
    assert web.get("/_mock/health").json()["now"] == NOW


@pytest.mark.parametrize("said", [b"\r\n\r\n", b"\x16\x03\x01\x02\x00\x01", b"GET / HTTP/9.9\r\n\r\n", b"nonsense\r\n\r\n"])
def test_what_is_not_http_does_no_harm(server: Server, web: httpx.Client, said: bytes) -> None:
    cut(server, said)
    assert web.get("/_mock/health").status_code == 200


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("extra", [1, 4 * 2**20])
def test_a_body_over_the_limit_is_too_large(web: httpx.Client, extra: int, chunked: bool) -> None:
    body = b" " * (LARGEST_BODY + extra)
    headers = {**authorization(web), "content-type": "application/json"}
    content = iter([body[: 2**20]] * (len(body) // 2**20) + [b" "]) if chunked else body
    answer = web.post(f"{SEGMENTS}/create", content=content, headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (413, "payload-too-large")
    assert web.get("/_mock/health").status_code == 200


def fault(web: httpx.Client, **said: object) -> None:
    assert web.post("/_mock/faults", json=said).status_code == 200


def held(web: httpx.Client) -> int:
    """How many segments there are, asked when nothing goes wrong any more."""
    web.delete("/_mock/faults")
    answer = web.post(f"{SEGMENTS}/search?limit=0", json={}, headers=authorization(web))
    return int(answer.json()["meta"]["totalItems"])


@pytest.mark.parametrize(("effect", "more"), [({"effect": "cut", "where": "before"}, 0), ({"effect": "lost"}, 1)])
def test_a_connection_cut_before_the_answer_ends_without_a_byte(web: httpx.Client, effect: dict[str, str], more: int) -> None:
    before, headers = held(web), authorization(web)
    fault(web, **effect)
    with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
        create(web, "Was it made?", headers=headers)
    assert held(web) == before + more


def test_a_connection_cut_in_the_answer_ends_in_its_middle(web: httpx.Client) -> None:
    before, headers = held(web), authorization(web)
    fault(web, effect="cut", where="in")
    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete message body"):
        create(web, "It was made", headers=headers)
    assert held(web) == before + 1


def test_a_connection_cut_after_the_answer_brings_it_whole_and_ends_unannounced(server: Server, web: httpx.Client) -> None:
    headers = authorization(web)
    fault(web, effect="cut", where="after")
    connection = HTTPConnection(server.url.removeprefix("http://"), timeout=30)
    connection.request("POST", f"{SEGMENTS}/search?limit=0", "{}", {**headers, "content-type": "application/json"})
    answer = connection.getresponse()
    assert (answer.status, answer.getheader("connection")) == (200, None)
    assert len(answer.read()) == int(str(answer.getheader("content-length")))
    assert connection.sock.recv(1) == b"", "the end of the connection"
    connection.close()


def test_a_late_answer_is_late_and_a_slow_one_comes_whole(web: httpx.Client) -> None:
    headers = authorization(web)
    fault(web, effect="delay", seconds=0.3)
    with pytest.raises(httpx.ReadTimeout):
        web.post(f"{SEGMENTS}/search", json={}, headers=headers, timeout=0.1)
    web.delete("/_mock/faults")
    whole = web.post(f"{SEGMENTS}/search", json={}, headers=headers)
    fault(web, effect="drip", seconds=0.1)
    slow = web.post(f"{SEGMENTS}/search", json={}, headers=headers)
    assert (slow.content, slow.status_code) == (whole.content, 200)
    assert slow.elapsed.total_seconds() >= 0.09


def test_a_client_that_goes_away_does_not_keep_the_server_waiting(web: httpx.Client) -> None:
    headers, before = authorization(web), perf_counter()
    fault(web, effect="delay", seconds=3600)
    with pytest.raises(httpx.ReadTimeout):
        web.post(f"{SEGMENTS}/search", json={}, headers=headers, timeout=0.1)
    with in_background(Door(Worlds(engine_of()))) as url:
        httpx.post(f"{url}/_mock/faults", json={"effect": "delay", "seconds": 3600})
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(f"{url}/oauth2/token", data=CREDENTIALS, timeout=0.1)
    assert perf_counter() - before < 60


def test_a_page_of_a_gateway_and_broken_json_arrive_as_they_are(web: httpx.Client) -> None:
    headers = authorization(web)
    fault(web, effect="html", status=504, times=1)
    page = web.post(f"{SEGMENTS}/search", json={}, headers=headers)
    assert (page.status_code, page.headers["content-type"]) == (504, "text/html; charset=utf-8")
    fault(web, effect="truncated")
    broken = web.post(f"{SEGMENTS}/search", json={}, headers=headers)
    assert int(broken.headers["content-length"]) == len(broken.content)
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        broken.json()
