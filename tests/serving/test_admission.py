"""The control plane lets in whoever may command the server: by name, by origin, by token, by port."""

import asyncio
from base64 import b64encode
from typing import Any

import pytest
from conftest import engine_of

from mockserver.control import Scope, control_app
from mockserver.mistake import Mistake
from mockserver.serving.admission import Admission, allowed
from mockserver.worlds import Worlds


def asked(
    headers: dict[str, str], method: str = "GET", path: str = "/_mock/clock", came_to: int = 8000, **how: Any
) -> tuple[int, dict[str, str]]:
    """The status and headers with which a call of the control plane is answered."""
    engine = engine_of()
    admission = Admission(control_app(Worlds(engine)), **how)
    scope: Scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "server": ("127.0.0.1", came_to),
        "engine": engine,
        "root": "",
    }
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(admission(scope, receive, send))
    return sent[0]["status"], {name.decode(): value.decode() for name, value in sent[0]["headers"]}


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST:8000", "app.localhost", "127.0.0.1:8000", "[::1]:8000", "192.168.0.7", "mockserver:8000"],
)
def test_a_name_that_nobody_else_can_have_is_let_in(host: str) -> None:
    assert asked({"host": host})[0] == 200


@pytest.mark.parametrize(
    "host",
    ["api.criteo.com", "private.shopliveapi.com:443", "host.docker.internal:8000", "mock.example", "MOCK.example.:80", ""],
)
def test_a_name_of_ours_is_let_in(host: str) -> None:
    assert asked({"host": host}, hosts=allowed(["mock.example"]))[0] == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.nip.io", "mock.example.evil.com", "1.2.3"]
)
def test_a_name_that_somebody_else_may_have_is_not(host: str) -> None:
    assert asked({"host": host}, hosts=allowed(["mock.example"]))[0] == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://[x"},
        {"origin": "http://127.0.0.1:9000"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"},
        {"sec-fetch-site": "same-site", "sec-fetch-mode": "cors"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"},
    ],
)
def test_a_page_from_elsewhere_can_not_send_anything(headers: dict[str, str]) -> None:
    assert asked({"host": "127.0.0.1:8000", **headers}, "POST", "/_mock/reset")[0] == 403


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "http://127.0.0.1:8000"},
        {"origin": "https://127.0.0.1:8000"},
        {"sec-fetch-site": "same-origin", "sec-fetch-mode": "cors"},
        {"sec-fetch-site": "none", "sec-fetch-mode": "navigate"},
    ],
)
def test_a_page_of_our_own_and_a_tool_can(headers: dict[str, str]) -> None:
    assert asked({"host": "127.0.0.1:8000", **headers}, "POST", "/_mock/reset")[0] == 200


def test_a_link_from_elsewhere_may_be_followed() -> None:
    assert asked({"host": "127.0.0.1", "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"})[0] == 200


def basic(token: str) -> str:
    return f"Basic {b64encode(f'anybody:{token}'.encode()).decode()}"


@pytest.mark.parametrize(
    ("shown", "status"),
    [
        ("Bearer s3cret", 200),
        ("bearer s3cret", 200),
        (basic("s3cret"), 200),
        ("", 401),
        ("Bearer", 401),
        ("Bearer s3cre", 401),
        ("Bearer ünder", 401),
        ("s3cret", 401),
        ("Digest s3cret", 401),
        (basic("other"), 401),
        ("Basic !!!", 401),
        ("Basic /w==", 401),
    ],
)
def test_a_token_has_to_be_shown_where_there_is_one(shown: str, status: int) -> None:
    answered, headers = asked({"host": "localhost", "authorization": shown}, token="s3cret")
    assert answered == status
    assert ("WWW-Authenticate" in headers or "www-authenticate" in headers) == (status == 401)


@pytest.mark.parametrize("how", [{"token": "s3cret"}, {"shut": True}, {"port": 9000}])
@pytest.mark.parametrize("path", ["/_mock/health", "/_mock/health/live", "/_mock/health/ready"])
def test_anybody_may_ask_how_the_server_is(how: dict[str, Any], path: str) -> None:
    assert asked({"host": "localhost"}, path=path, **how)[0] == 200


@pytest.mark.parametrize("path", ["/_mock/healthy", "/_mock/health/../clock", "/_mock/clock"])
def test_nothing_that_only_begins_like_it_is_answered(path: str) -> None:
    assert asked({"host": "localhost"}, path=path, shut=True)[0] == 404


@pytest.mark.parametrize(("came_to", "status"), [(9000, 200), (8000, 404)])
def test_only_the_port_of_the_control_plane_lets_in(came_to: int, status: int) -> None:
    assert asked({"host": "localhost"}, came_to=came_to, port=9000)[0] == status


def test_two_hosts_are_none() -> None:
    headers = [(b"host", b"evil.example"), (b"host", b"localhost")]
    assert Admission(control_app(Worlds(engine_of())))._refusal({"headers": headers, "path": "/_mock"}) is not None


@pytest.mark.parametrize("name", ["http://x/", "", "a b", "*"])
def test_what_is_no_name_of_a_host_is_told(name: str) -> None:
    with pytest.raises(Mistake, match="a name of this server is one of a host"):
        allowed([name])
