"""How long a server takes to its first answer, and what it holds then."""

import subprocess
from statistics import median
from time import perf_counter
from typing import Any

import httpx

from benchmarks.servers import ours, reference, resident

ROUNDS = 7


def measure() -> list[list[Any]]:
    """A row for us and one for the reference: name, milliseconds to the first answer, megabytes then."""
    return [["mockserver serve", *_median(ours)], ["uvicorn and Starlette", *_median(reference)]]


def _median(start: Any) -> list[float]:
    rounds = [_once(start) for _ in range(ROUNDS)]
    return [median(each[0] for each in rounds), median(each[1] for each in rounds)]


def _once(start: Any) -> tuple[float, float]:
    began = perf_counter()
    process: subprocess.Popen[str]
    with start() as (process, url):
        httpx.get(f"{url}/_mock/health")
        return (perf_counter() - began) * 1e3, resident(process.pid)
