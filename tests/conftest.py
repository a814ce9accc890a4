"""What every test starts from: a world of its own, a client that knows how to ask, a server when a socket is the point."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from mockserver.clock import parse_moment
from mockserver.engine import Engine
from mockserver.http import Door
from mockserver.message import Response, compose
from mockserver.providers import PROVIDERS
from mockserver.server import in_background
from mockserver.world_files import read_world, world_file
from mockserver.worlds import Worlds, found_world

ACCOUNT = "625702934721171442"
TODAY = "2026-11-22T10:00:00Z"
DEMO = read_world(world_file("demo"))
EMPTY = read_world(world_file("empty"))


def engine_of(said: dict[str, Any] = DEMO, **settings: Any) -> Engine:
    """A fresh engine, its clock standing still, no rate limit unless asked for."""
    settings = {"frozen_at": parse_moment(TODAY), "rate_limit": None, **settings}
    return Engine(PROVIDERS, found_world(PROVIDERS, said, **settings))


@dataclass
class Client:
    """Asks an engine as an application would; `token` is fetched when first needed."""

    engine: Engine
    version: str = "2026-07"
    client_id: str = "demo-client"
    client_secret: str = "demo-secret"
    token: str | None = None

    def login(self, **form: str) -> Response:
        said = {"grant_type": "client_credentials", "client_id": self.client_id, "client_secret": self.client_secret, **form}
        return self.engine.handle(compose("POST", "/oauth2/token", form=said))

    def ask(self, method: str, path: str, json: Any = None, headers: dict[str, str] | None = None) -> Response:
        """`path` starts after the version; `{account}` in it is the demo account."""
        if self.token is None:
            self.token = self.login().json()["access_token"]
        url = f"/{self.version}/retail-media" + path.replace("{account}", f"accounts/{ACCOUNT}")
        said = {"authorization": f"Bearer {self.token}"} if headers is None else headers
        return self.engine.handle(compose(method, url, json=json, headers=said))

    def create(self, *attributes: dict[str, Any]) -> Response:
        return self.ask("POST", "/{account}/audience-segments/create", {"data": [{"attributes": each} for each in attributes]})

    def create_list(self, name: str, identifier_type: str = "Email", retailer: str = "12") -> str:
        said = {"name": name, "retailerId": retailer, "contactList": {"identifierType": identifier_type}}
        return str(self.create(said).json()["data"][0]["id"])

    def update(self, *items: dict[str, Any]) -> Response:
        return self.ask("PATCH", "/{account}/audience-segments", {"data": list(items)})

    def delete(self, *ids: Any) -> Response:
        return self.ask("POST", "/{account}/audience-segments/delete", {"data": [{"id": id} for id in ids]})

    def search(self, query: str = "", **filters: Any) -> Response:
        return self.ask("POST", "/{account}/audience-segments/search" + query, {"data": {"attributes": filters}})

    def amend(self, segment: Any, operation: str, identifiers: list[str], **more: Any) -> Response:
        said = {"data": {"attributes": {"operation": operation, "identifiers": identifiers, **more}}}
        return self.ask("POST", f"/audience-segments/{segment}/contact-list/add-remove", said)

    def clear(self, segment: Any) -> Response:
        return self.ask("POST", f"/audience-segments/{segment}/contact-list/clear")

    def statistics(self, segment: Any) -> Response:
        return self.ask("GET", f"/{{account}}/audience-segments/{segment}/contact-list")


def codes(response: Response, member: str = "warnings") -> list[str]:
    """The codes of an answer's problems, in order."""
    return [problem["code"] for problem in response.json()[member]]


@pytest.fixture(scope="session")
def demo() -> Engine:
    """The demo world, to be forked and never written to."""
    return engine_of()


@pytest.fixture
def client(demo: Engine) -> Client:
    """A client of its own fork of the demo world."""
    return Client(demo.fork())


@pytest.fixture
def empty() -> Client:
    """A client of a world with nothing in it."""
    return Client(engine_of(EMPTY))


@dataclass
class Server:
    """A server on a socket of this machine; `engine` is its default world."""

    url: str
    engine: Engine
    worlds: Worlds


@pytest.fixture(scope="session")
def running() -> Iterator[Server]:
    """One server for the whole run: its worlds are what each test gets."""
    engine = engine_of()
    worlds = Worlds(engine)
    with in_background(Door(worlds)) as url:
        yield Server(url, engine, worlds)


@pytest.fixture
def server(running: Server) -> Iterator[Server]:
    """The running server, brought back to its beginning."""
    running.engine.world.reset()
    running.engine.world.snapshots.clear()
    yield running
    for name in running.worlds.names():
        if name != "default":
            running.worlds.close(name)


@pytest.fixture
def web(server: Server) -> Iterator[httpx.Client]:
    """A client of the running server, as it began."""
    with httpx.Client(base_url=server.url, timeout=30, verify=False) as client:
        yield client
