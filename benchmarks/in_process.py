"""Microseconds a call inside one process, against Starlette called as ASGI in the same rounds."""

from collections.abc import Callable
from itertools import islice
from statistics import median
from time import perf_counter
from typing import Any

from benchmarks.cases import CASES, CREDENTIALS, Case
from benchmarks.reference import app
from mockserver.engine import Engine
from mockserver.message import compose
from mockserver.providers import PROVIDERS
from mockserver.world_files import read_world, world_file
from mockserver.worlds import found_world

ROUNDS = 7


def engine_of_demo(**more: Any) -> Engine:
    """The demo world; `more` says otherwise what its Criteo part is to hold."""
    said = read_world(world_file("demo"))
    said["criteo"] |= more
    return Engine(PROVIDERS, found_world(PROVIDERS, said, rate_limit=None))


def measure() -> list[list[Any]]:
    """A row for each case: name, microseconds, reference microseconds, ratio."""
    rows = [[case.name, *_compared(_case(case), 20 if "50,000" in case.name else 1000)] for case in CASES]
    rows.append(["realtime report of 23,000 rows", *_compared(_large_report(), 5)])
    retailers = read_world(world_file("demo"))["criteo"]["retailers"]
    retailers[0] = {**retailers[0], "generate": {"segments": 5000, "audiences": 5000}}
    engine = engine_of_demo(retailers=retailers)
    rows.append(["fork a world of 10,000 entities", *_compared(engine.fork, 1000)])
    rows.append(["reset it", *_compared(engine.world.reset, 1000)])
    return rows


def _case(case: Case) -> Callable[[], Any]:
    engine = engine_of_demo()
    token = engine.handle(compose("POST", "/oauth2/token", form=CREDENTIALS)).json()["access_token"]
    requests = iter(list(islice(case.requests(token), 60_000))) if case.fresh else case.requests(token)
    assert engine.handle(next(requests)).status == 200
    return lambda: engine.handle(next(requests))


def _large_report() -> Callable[[], Any]:
    """Ten advertisers of twenty campaigns of five ad sets, 24 hours, every dimension of the default: too large to be kept."""
    generate = {"campaigns": 20, "ad_sets": 5}
    ids = [str(number) for number in range(1, 11)]
    advertisers = [{"id": id, "name": f"Advertiser {id}", "generate": generate} for id in ids]
    applications = [{**read_world(world_file("demo"))["criteo"]["applications"][0], "advertisers": ids}]
    engine = engine_of_demo(advertisers=advertisers, applications=applications)
    token = engine.handle(compose("POST", "/oauth2/token", form=CREDENTIALS)).json()["access_token"]
    asked = {"data": {"attributes": {"advertiserIds": ids, "lookbackWindow": 24}}}
    request = compose("POST", "/preview/reports/realtime", json=asked, headers={"authorization": f"Bearer {token}"})
    assert len(engine.handle(request).json()["data"][0]["attributes"]["rows"]) > 22_000
    return lambda: engine.handle(request)


def _compared(call: Callable[[], Any], calls: int) -> list[float]:
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(_timed(call, calls))
        theirs.append(_timed(_reference, calls))
    return [median(ours), median(theirs), median(ours) / median(theirs)]


def _timed(call: Callable[[], Any], calls: int) -> float:
    start = perf_counter()
    for _ in range(calls):
        call()
    return (perf_counter() - start) / calls * 1e6


_SCOPE = {
    "type": "http",
    "method": "POST",
    "path": "/reference",
    "raw_path": b"/reference",
    "query_string": b"",
    "headers": [(b"content-type", b"application/json")],
    "root_path": "",
}


async def _receive() -> dict[str, Any]:
    return {"type": "http.request", "body": b"{}", "more_body": False}


async def _send(message: Any) -> None:
    return None


def _reference() -> None:
    """Starlette never waits here, so its coroutine can be driven by hand."""
    try:
        app({**_SCOPE}, _receive, _send).send(None)  # type: ignore[attr-defined]
    except StopIteration:
        return
    raise RuntimeError("the reference waited for something")
