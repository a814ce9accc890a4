"""How the cost of a call grows with what there is: segments, identifiers, worlds. In process, microseconds."""

import gc
import tracemalloc
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from os import getpid
from statistics import median
from time import perf_counter
from typing import Any

from benchmarks.cases import ACCOUNT, CREDENTIALS, SEGMENT
from benchmarks.in_process import engine_of_demo
from benchmarks.servers import resident
from mockserver.engine import Engine
from mockserver.message import compose
from mockserver.worlds import Worlds

SEGMENTS = (1, 100, 10_000, 100_000)
IDENTIFIERS = (1, 10_000, 1_000_000, 10_000_000)
WORLDS = (1, 10, 100, 1000)
_ROUNDS, _CALLS = 5, 200
_BATCH = 50_000


def of_segments() -> Iterator[list[Any]]:
    """A row for each number of segments: the number, and the microseconds of each call."""
    for size in SEGMENTS:
        retailers = [{"id": id, "name": id} for id in ("12", "1234", "77")]
        retailers[0]["generate"] = {"segments": size}
        engine = engine_of_demo(retailers=retailers, segments=[], audiences=[])
        call = _calling(engine)
        search = call("POST", f"{ACCOUNT}/audience-segments/search", {"data": {"attributes": {"retailerIds": ["12"]}}})
        last = f"{ACCOUNT}/audience-segments/search?offset={max(size - 50, 0)}"
        deep = call("POST", last, {"data": {"attributes": {"retailerIds": ["12"]}}})
        create = _creating(call)
        yield [size, _timed(search), _timed(deep), _timed(create), _timed(engine.fork)]


def of_identifiers() -> Iterator[list[Any]]:
    """A row for each number of identifiers in one list: the number, microseconds of each call, megabytes of the process."""
    engine = engine_of_demo()
    call = _calling(engine)
    created = call("POST", f"{ACCOUNT}/audience-segments/create", _creation("Grows"))().json()
    list_path = SEGMENT.rpartition("/")[0] + f"/{created['data'][0]['id']}/contact-list/add-remove"
    statistics = call("GET", f"{ACCOUNT}/audience-segments/{created['data'][0]['id']}/contact-list")
    held = 0
    for size in IDENTIFIERS:
        while held < size:
            batch = min(_BATCH, size - held)
            assert call("POST", list_path, _amendment(held, batch))().status == 200
            held += batch
        hundred = call("POST", list_path, _amendment(0, 100))
        gc.collect()
        yield [size, _timed(hundred), _timed(statistics), resident(getpid())]


def of_worlds() -> Iterator[list[Any]]:
    """A row for each number of worlds: the number, microseconds to open one more, of a call in it, kilobytes of each world."""
    for size in WORLDS:
        engine = engine_of_demo()
        worlds, names = Worlds(engine), count()
        tracemalloc.start()
        for _ in range(size):
            _create_in(worlds.open(f"world-{next(names)}"))
        each = tracemalloc.get_traced_memory()[0] / 1024 / size
        tracemalloc.stop()
        search = _calling(worlds.get("world-0"))(
            "POST", f"{ACCOUNT}/audience-segments/search", {"data": {"attributes": {"retailerIds": ["12"]}}}
        )
        yield [size, _timed(partial(_open_next, worlds, names)), _timed(search), each]


def _open_next(worlds: Worlds, names: Iterator[int]) -> None:
    worlds.open(f"world-{next(names)}")


def _create_in(engine: Engine) -> None:
    assert _calling(engine)("POST", f"{ACCOUNT}/audience-segments/create", _creation("Its own"))().status == 200


def _calling(engine: Engine) -> Callable[[str, str, Any], Callable[[], Any]]:
    token = engine.handle(compose("POST", "/oauth2/token", form=CREDENTIALS)).json()["access_token"]

    def call(method: str, path: str, body: Any = None) -> Callable[[], Any]:
        request = compose(method, path, json=body, headers={"authorization": f"Bearer {token}"})
        return lambda: engine.handle(request)

    return call


def _creating(call: Callable[[str, str, Any], Callable[[], Any]]) -> Callable[[], Any]:
    path = f"{ACCOUNT}/audience-segments/create"
    ready = iter([call("POST", path, _creation(f"n {n}")) for n in range(_ROUNDS * _CALLS + 1)])
    assert next(ready)().status == 200
    return lambda: next(ready)()  # noqa: PLW0108 - the next one each time


def _creation(name: str) -> Any:
    attributes = {"name": name, "retailerId": "12", "contactList": {"identifierType": "Email"}}
    return {"data": [{"type": "AudienceSegment", "attributes": attributes}]}


def _amendment(first: int, size: int) -> Any:
    identifiers = [f"shopper.{number}@example.com" for number in range(first, first + size)]
    return {"data": {"attributes": {"operation": "add", "identifierType": "Email", "identifiers": identifiers}}}


def _timed(call: Callable[[], Any]) -> float:
    """Microseconds, the median of some rounds."""
    rounds = []
    for _ in range(_ROUNDS):
        start = perf_counter()
        for _ in range(_CALLS):
            call()
        rounds.append((perf_counter() - start) / _CALLS * 1e6)
    return median(rounds)
