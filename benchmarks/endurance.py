"""Whether the fake is the same after ten million calls, and after a while of everything going wrong."""

import random
import re
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import cycle
from os import getpid
from time import monotonic, perf_counter
from typing import Any

import httpx

from benchmarks.cases import ACCOUNT, CASES_BY_NAME, CREDENTIALS
from benchmarks.in_process import engine_of_demo
from benchmarks.servers import ours, resident
from mockserver.message import compose

_STRETCHES = 10
_MIX = ("token", "search, page of 50", "add 100 identifiers", "realtime report of twelve hours")
FAULTS: tuple[dict[str, Any], ...] = (
    {"effect": "status", "status": 503, "chance": 0.05},
    {"effect": "delay", "seconds": 0.05, "chance": 0.05},
    {"effect": "drip", "seconds": 0.05, "chance": 0.02},
    {"effect": "cut", "where": "before", "chance": 0.02},
    {"effect": "cut", "where": "in", "chance": 0.02},
    {"effect": "cut", "where": "after", "chance": 0.02},
    {"effect": "lost", "chance": 0.02},
    {"effect": "html", "status": 502, "chance": 0.02},
    {"effect": "truncated", "chance": 0.02},
)
NONSENSE = (
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc",
    b"GET / HTTP/9.9\r\n\r\n",
    b"POST /oauth2/token HTTP/1.1\r\nhost: x\r\ncontent-length: 99999\r\n\r\ngrant",
    b"POST /oauth2/token HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
    b"POST /oauth2/token HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n",
    b"GET /" + b"a" * 100_000,
    b"GET / HTTP/1.1\r\n" + b"x: y\r\n" * 20_000,
    b"GET / HTTP/1.1\r\nhost: x\r\n\r\nGET / HTTP/1.1\r\nhost: x\r\n\r\nGET / HT",
    b"\r\n\r\n\r\n",
    b"",
)


def many(calls: int) -> Iterator[list[Any]]:
    """A row after each tenth of so many calls of one engine: calls so far, megabytes of the process, microseconds a call."""
    engine = engine_of_demo()
    token = engine.handle(compose("POST", "/oauth2/token", form=CREDENTIALS)).json()["access_token"]
    requests = cycle([next(CASES_BY_NAME[name].requests(token)) for name in _MIX])
    stretch = calls // _STRETCHES
    yield [0, resident(getpid()), None]
    for number in range(1, _STRETCHES + 1):
        start = perf_counter()
        for _ in range(stretch):
            assert engine.handle(next(requests)).status == 200
        yield [number * stretch, resident(getpid()), (perf_counter() - start) / stretch * 1e6]


def soak(minutes: float) -> dict[str, Any]:
    """What was seen in so many minutes of clients that behave, clients that do not, and faults of every kind."""
    with ours() as (process, url):
        httpx.post(f"{url}/_mock/faults", json={"faults": list(FAULTS)}).raise_for_status()
        before = _standing(url, process, float("inf"))
        until, told = monotonic() + minutes * 60, {"good": 0, "rude": 0, "unexpected": 0}
        threads = [
            threading.Thread(target=_again, args=(work, url, until, told))
            for work in (_behave, _behave, _misbehave, _misbehave)
        ]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        httpx.delete(f"{url}/_mock/faults").raise_for_status()
        after = _standing(url, process, before["open files"])
        return {"minutes": minutes, **told, "before": before, "after": after, "answers 500": _of_status(url, 500)}


def _again(work: Callable[[str, dict[str, int], random.Random], None], url: str, until: float, told: dict[str, int]) -> None:
    chance = random.Random(threading.get_ident())
    while monotonic() < until:
        work(url, told, chance)


def _behave(url: str, told: dict[str, int], chance: random.Random) -> None:
    """A client with a pool, which meets faults as they come and expects nothing else."""
    with httpx.Client(base_url=url, timeout=30) as client:
        for _ in range(200):
            with suppress(httpx.TransportError, ValueError, KeyError):
                token = client.post("/oauth2/token", data=CREDENTIALS).json()["access_token"]
                path = f"{ACCOUNT}/audience-segments/search"
                answer = client.post(path, json={}, headers={"authorization": f"Bearer {token}"})
                told["unexpected"] += answer.status_code not in (200, 502, 503)
            told["good"] += 1


def _misbehave(url: str, told: dict[str, int], chance: random.Random) -> None:
    """Nonsense, whole or cut anywhere, and gone; sometimes without reading."""
    place = (url.removeprefix("http://").split(":")[0], int(url.rpartition(":")[2]))
    said = chance.choice(NONSENSE)
    with suppress(OSError), socket.create_connection(place, timeout=5) as connection:
        connection.sendall(said[: chance.randrange(len(said) + 1)])
        if chance.random() < 0.5:
            connection.settimeout(0.05)
            connection.recv(65_536)
    told["rude"] += 1


def _standing(url: str, process: "subprocess.Popen[str]", calm: float) -> dict[str, float]:
    """Megabytes and open files of the server, once whoever went away is noticed to be gone."""
    until = monotonic() + 60
    while (files := _open_files(url)) > calm and monotonic() < until:
        threading.Event().wait(0.5)
    return {"MB": round(resident(process.pid), 1), "open files": files}


def _open_files(url: str) -> float:
    found = re.search(r"^process_open_fds ([0-9.e+]+)", httpx.get(f"{url}/_mock/metrics").text, re.MULTILINE)
    return float(found[1]) if found else float("nan")


def _of_status(url: str, status: int) -> int:
    """How many calls were answered so, faults apart, which have none of this status."""
    lines = httpx.get(f"{url}/_mock/metrics").text.splitlines()
    of_status = [line for line in lines if line.startswith("mockserver_calls_total") and f'status="{status}"' in line]
    return int(sum(float(line.rpartition(" ")[2]) for line in of_status))
