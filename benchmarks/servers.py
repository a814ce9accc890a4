"""The servers that are measured, each a process on the first core."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from benchmarks.cases import CREDENTIALS

ROOT = Path(__file__).parents[1]


def on_core(core: int) -> Callable[[], Any] | None:
    """What makes a process stay on a core, where that can be."""
    return (lambda: os.sched_setaffinity(0, {core})) if hasattr(os, "sched_setaffinity") else None


@contextmanager
def serving(command: Sequence[str]) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A process that tells its URL in the first line, and that URL."""
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, preexec_fn=on_core(0)
    )
    try:
        assert process.stdout is not None
        yield process, process.stdout.readline().strip().rpartition(" ")[2]
    finally:
        process.terminate()
        process.wait()


@contextmanager
def ours(*options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The fake, telling nobody of calls unless the options say so, and its URL."""
    command = [sys.executable, "-m", "mockserver", "serve", "--port", "0", "--rate-limit", "off", "--log", "off", *options]
    with serving(command) as (process, url):
        yield process, url


@contextmanager
def reference() -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Plain uvicorn and Starlette, which answers at `/reference`, and its URL."""
    serve = (
        "import socket, uvicorn; from benchmarks.reference import app; s = socket.create_server(('127.0.0.1', 0)); "
        "print('ready at http://127.0.0.1:%d' % s.getsockname()[1], flush=True); "
        "uvicorn.Server(uvicorn.Config(app, log_level='warning', access_log=False)).run([s])"
    )
    with serving([sys.executable, "-c", serve]) as (process, url):
        yield process, url


def token_of(url: str) -> str:
    """A token of the fake."""
    return str(httpx.post(f"{url}/oauth2/token", data=CREDENTIALS).json()["access_token"])


def resident(process: int) -> float:
    """Megabytes of memory that a process holds; nothing where that can not be seen."""
    try:
        told = Path(f"/proc/{process}/status").read_text("ascii")
    except OSError:
        return float("nan")
    held = re.search(r"VmRSS:\s+([0-9]+) kB", told)
    return int(held[1]) / 1024 if held else float("nan")
