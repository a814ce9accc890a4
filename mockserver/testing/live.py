"""The fake on a socket, for clients that no bridge reaches: one server a process, a world for each test."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen
from uuid import uuid4

from mockserver.clock import moment, written
from mockserver.engine import Engine
from mockserver.http import Door
from mockserver.mistake import Mistake
from mockserver.server import in_background
from mockserver.testing.settings import Settings
from mockserver.worlds import Worlds

Opening = Callable[[Engine, Settings], Any]


@contextmanager
def own_server() -> Iterator[Opening]:
    """A server of this process; what it gives opens a world for an engine, as a context manager that gives its URL."""
    worlds = Worlds(Settings().engine())
    with in_background(Door(worlds)) as url:

        @contextmanager
        def opened(engine: Engine, settings: Settings) -> Iterator[str]:
            name = uuid4().hex
            worlds.adopt(name, engine)
            try:
                yield f"{url}/worlds/{name}"
            finally:
                worlds.close(name)

        yield opened


@contextmanager
def other_server(url: str) -> Iterator[Opening]:
    """A server that runs elsewhere, maybe shared by others: the same, through its control plane. Raises `Mistake`."""
    if not url.startswith(("http://", "https://")):
        raise Mistake(f"a URL begins with http://, not {url!r}")

    @contextmanager
    def opened(engine: Engine, settings: Settings) -> Iterator[str]:
        name = f"test-{uuid4().hex}"
        _say(url, "POST", "/_mock/worlds", {"name": name})
        root = f"{url.rstrip('/')}/worlds/{name}"
        try:
            _furnish(root, settings)
            yield root
        finally:
            _say(url, "DELETE", f"/_mock/worlds/{name}")

    yield opened


def _furnish(root: str, settings: Settings) -> None:
    """Bring a world to what a test asks for, as far as it can be from outside."""
    if settings.world != "demo" or settings.seed or settings.profile != "guide":
        raise Mistake("world, profile and seed of a running server were chosen when it was started: mockserver serve --world …")
    if settings.chosen:
        _say(root, "PATCH", "/_mock/readings", settings.chosen)
    _say(root, "PATCH", "/_mock/settings", {"rate_limit": settings.rate_limit})
    _say(root, "POST", "/_mock/clock", {"resume": True} if settings.clock == "real" else _frozen(settings))


def _frozen(settings: Settings) -> dict[str, str]:
    return {"freeze": written(moment(settings.clock))}


def _say(root: str, method: str, path: str, said: Mapping[str, Any] | None = None) -> None:
    body = None if said is None else json.dumps(said).encode()
    request = Request(root.rstrip("/") + path, body, {"content-type": "application/json"}, method=method)  # noqa: S310 - the user's own
    try:
        with urlopen(request, timeout=30) as answer:  # noqa: S310 - the user's own server
            answer.read()
    except HTTPError as refusal:
        raise Mistake(f"{request.full_url} answered {refusal.code}: {refusal.read().decode(errors='replace')}") from None
    except (URLError, OSError) as error:
        raise Mistake(f"cannot reach {request.full_url}: {error}; is the server running?") from None
