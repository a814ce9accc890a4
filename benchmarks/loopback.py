"""Calls a second over loopback: server on one core, wrk with 32 connections on the other, rounds interleaved."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import httpx

from benchmarks.cases import CASES, CREDENTIALS, Case

ROUNDS = 5
SECONDS = 2
CONNECTIONS = 32


def measure() -> list[list[Any]]:
    """A row for each case: name, calls a second, the reference's, ratio, target, 99th percentile in milliseconds."""
    if shutil.which("wrk") is None:
        raise SystemExit("the loopback benchmark needs wrk: apt-get install wrk")
    with ExitStack() as servers:
        ours, theirs = servers.enter_context(_ours()), servers.enter_context(_reference())
        token = httpx.post(f"{ours}/oauth2/token", data=CREDENTIALS).json()["access_token"]
        return [_row(case, ours, theirs, token) for case in CASES if case.target is not None]


def _row(case: Case, ours: str, theirs: str, token: str) -> list[Any]:
    figures, references, tails = [], [], []
    for number in range(ROUNDS):
        rate, tail = _load(f"{ours}{case.path}", case, token, number)
        figures.append(rate)
        tails.append(tail)
        references.append(_load(f"{theirs}/reference", case, token, number)[0])
    ratio = median(figures) / median(references)
    return [case.name, median(figures), median(references), ratio, case.target, median(tails)]


def _load(url: str, case: Case, token: str, round_number: int) -> tuple[float, float]:
    """Calls a second and the 99th percentile in milliseconds. Raises if any answer is not a 2xx."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(_lua(case, token, round_number))
        script.flush()
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "--latency", "-s", script.name, url]
        told = subprocess.run(command, capture_output=True, text=True, check=True, preexec_fn=_on_core(1)).stdout
    if "Non-2xx" in told:
        raise RuntimeError(f"{case.name}: {told}")
    rate = re.search(r"Requests/sec:\s+([0-9.]+)", told)
    tail = re.search(r"99%\s+([0-9.]+)(us|ms|s)", told)
    assert rate is not None
    assert tail is not None
    return float(rate[1]), float(tail[1]) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[tail[2]]


def _lua(case: Case, token: str, round_number: int) -> str:
    lines = [
        'wrk.method = "POST"',
        f'wrk.headers["Content-Type"] = "{case.media}"',
        f'wrk.headers["Authorization"] = "Bearer {token}"',
        f"wrk.body = [==[{case.body}]==]",
    ]
    if case.fresh:
        before, after = case.body.split("{n}")
        lines += [
            "local n = 0",
            "request = function()",
            "  n = n + 1",
            f'  return wrk.format(nil, nil, nil, [==[{before}]==] .. "{round_number}-" .. n .. [==[{after}]==])',
            "end",
        ]
    return "\n".join(lines)


def _ours() -> Any:
    return _serving([sys.executable, "-m", "mockserver", "serve", "--port", "0", "--rate-limit", "off", "--log", "off"])


def _reference() -> Any:
    serve = (
        "import socket, uvicorn; from benchmarks.reference import app; s = socket.create_server(('127.0.0.1', 0)); "
        "print('ready at http://127.0.0.1:%d' % s.getsockname()[1], flush=True); "
        "uvicorn.Server(uvicorn.Config(app, log_level='warning', access_log=False)).run([s])"
    )
    return _serving([sys.executable, "-c", serve])


@contextmanager
def _serving(command: list[str]) -> Iterator[str]:
    """The URL of a server on the first core."""
    root = Path(__file__).parents[1]
    process = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True, preexec_fn=_on_core(0))
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip().rpartition(" ")[2]
    finally:
        process.terminate()
        process.wait()


def _on_core(core: int) -> Any:
    return lambda: os.sched_setaffinity(0, {core}) if hasattr(os, "sched_setaffinity") else None
