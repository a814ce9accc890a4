"""What the test kit costs: a call through a client, and a fixture, beside what else does the same."""

import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import httpx
import respx

from benchmarks.cases import CASES_BY_NAME
from mockserver.testing import faked

ROUNDS = 7
TESTS = 1000
_SEARCH = CASES_BY_NAME["search, page of 50"]


def measure() -> list[list[Any]]:
    """A row for each: name, microseconds, those of the reference, the ratio or the most there may be of either."""
    ours, theirs = _calls()
    with_fixture, without = _fixture()
    _open_and_close()  # the world is founded once
    opened = _timed(_open_and_close, 500)
    return [
        ["search through httpx, against a respx static route", ours, theirs, ours / theirs, "1.1 x"],
        ["faked(): open and close", opened, None, None, "1000 µs"],
        ["fixture mockserver: set up and tear down, in pytest", with_fixture - without, without, None, "1000 µs"],
    ]


def _calls() -> tuple[float, float]:
    """The same search, rounds interleaved: answered from state, and by a constant of the same size."""
    with faked(rate_limit="off") as fake, httpx.Client() as client:
        headers = {"content-type": "application/json", "authorization": f"Bearer {fake.token()}"}
        url = f"{fake.url}{_SEARCH.path}"

        def call() -> None:
            client.post(url, content=_SEARCH.body, headers=headers)

        answer = client.post(url, content=_SEARCH.body, headers=headers)
        assert answer.status_code == 200
        constant = url.replace("api.criteo.com", "static.example")
        with respx.mock(assert_all_called=False) as router:
            router.post(constant).respond(200, content=answer.content, content_type="application/json")

            def static() -> None:
                client.post(constant, content=_SEARCH.body, headers=headers)

            rounds = [(_timed(call, 300), _timed(static, 300)) for _ in range(ROUNDS)]
    return median(each[0] for each in rounds), median(each[1] for each in rounds)


def _open_and_close() -> None:
    with faked():
        pass


def _timed(call: Callable[[], Any], calls: int) -> float:
    start = perf_counter()
    for _ in range(calls):
        call()
    return (perf_counter() - start) / calls * 1e6


def _fixture() -> tuple[float, float]:
    """Microseconds a test of an empty test with the fixture, and of one without, after the first: the least of some runs."""
    with_fixture = min(_suite("mockserver") for _ in range(3))
    return with_fixture, min(_suite("request") for _ in range(3))


def _suite(fixture: str) -> float:
    test = f"import pytest\n\n@pytest.mark.parametrize('n', range({TESTS}))\ndef test_it({fixture}, n):\n    pass\n"
    start = "import time\n\nended = []\n\ndef pytest_runtest_logfinish():\n    ended.append(time.perf_counter())\n\n"
    stop = "def pytest_sessionfinish():\n    print('took', ended[-1] - ended[0])\n"
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "test_it.py").write_text(test, "utf-8")
        Path(folder, "conftest.py").write_text(start + stop, "utf-8")
        command = [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:randomly", "-p", "no:cacheprovider", folder]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return float(told.split("took ")[1].split()[0]) / TESTS * 1e6
