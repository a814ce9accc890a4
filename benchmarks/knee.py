"""Where more connections bring no more calls, only longer waits."""

from typing import Any

from benchmarks.cases import CASES_BY_NAME
from benchmarks.servers import ours, token_of
from benchmarks.wrk import load

CONNECTIONS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
_ENOUGH = 0.9
_SECONDS = 2


def measure() -> list[list[Any]]:
    """A row for each number of connections: the number, calls a second, 99th percentile in milliseconds."""
    case = CASES_BY_NAME["search, page of 50"]
    with ours() as (_, url):
        token = token_of(url)
        load(f"{url}{case.path}", case, token, "warm", seconds=1)
        loads = [
            (many, load(f"{url}{case.path}", case, token, str(many), seconds=_SECONDS, connections=many))
            for many in CONNECTIONS
        ]
    return [[many, each.rate, each.tail] for many, each in loads]


def knee(rows: list[list[Any]]) -> int:
    """The fewest connections that bring nine tenths of the most calls there are."""
    most = max(rate for _, rate, _ in rows)
    return int(next(many for many, rate, _ in rows if rate >= _ENOUGH * most))
