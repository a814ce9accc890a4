"""Other mock servers answering the same calls from a static stub, beside us answering from state.

They are npm packages: `npm install --prefix FOLDER @stoplight/prism-cli@5 @mockoon/cli wiremock`, and Java for the last.
"""

import json
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from time import monotonic, sleep
from typing import Any

import httpx

from benchmarks.cases import CASES, Case
from benchmarks.servers import on_core, ours, reference, token_of
from benchmarks.wrk import load

ROUNDS = 3
_PATIENCE = 60


Answers = Mapping[str, Any]
"""What each path is answered with."""


def measure(folder: Path | None) -> list[list[Any]]:
    """A row for each case: name, then the ratio to the reference of ours and of every peer that is there."""
    cases = [case for case in CASES if case.target is not None]
    with ExitStack() as servers:
        _, url = servers.enter_context(ours())
        token = token_of(url)
        answers = {case.path: _answer(url, case, token) for case in cases}
        theirs = {
            name: servers.enter_context(start(folder, answers)) for name, start in _PEERS.items() if _is_there(folder, name)
        }
        _, yardstick = servers.enter_context(reference())
        return [[case.name, *_ratios(case, {"mockserver": url, **theirs}, yardstick, token)] for case in cases]


def names(folder: Path | None) -> list[str]:
    """The peers that are there."""
    return [name for name in _PEERS if _is_there(folder, name)]


def _ratios(case: Case, urls: Mapping[str, str], yardstick: str, token: str) -> Iterator[float]:
    """Rounds interleaved, so that whatever else the machine does befalls all alike."""
    rates: dict[str, list[float]] = {name: [] for name in urls}
    for number in range(ROUNDS):
        ref = load(f"{yardstick}/reference", case, token, f"r{number}").rate
        for name, url in urls.items():
            rates[name].append(load(f"{url}{case.path}", case, token, f"{name}{number}").rate / ref)
    yield from (median(each) for each in rates.values())


def _answer(url: str, case: Case, token: str) -> Any:
    headers = {"content-type": case.media, "authorization": f"Bearer {token}"}
    answer = httpx.post(f"{url}{case.path}", content=case.body.replace("{n}", "0"), headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def _openapi(answers: Answers) -> dict[str, Any]:
    """A document whose only example of each answer is that answer."""
    asked = {"content": {media: {"schema": {}} for media in ("application/json", "application/x-www-form-urlencoded")}}
    paths = {path: {"post": {"requestBody": asked, "responses": {"200": _static(answer)}}} for path, answer in answers.items()}
    return {"openapi": "3.0.3", "info": {"title": "static", "version": "1"}, "paths": paths}


def _static(answer: Any) -> dict[str, Any]:
    said = {"examples": {"it": {"value": answer}}, "schema": {"type": "object", "example": answer}}
    return {"description": "as answered by the fake", "content": {"application/json": said}}


@contextmanager
def _started(command: Sequence[str], port: int) -> Iterator[str]:
    """The URL of a process, when it listens."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=on_core(0))
    try:
        until = monotonic() + _PATIENCE
        while monotonic() < until and process.poll() is None and not _listens(port):
            sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def _free() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@contextmanager
def _from_document(command: Callable[[str, int], Sequence[str]], answers: Answers) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "static.json"
        file.write_text(json.dumps(_openapi(answers)), "utf-8")
        port = _free()
        with _started(command(str(file), port), port) as url:
            yield url


def _prism(folder: Path, answers: Answers) -> Any:
    return _from_document(
        lambda file, port: [str(_binary(folder, "prism")), "mock", "-p", str(port), "-h", "127.0.0.1", file], answers
    )


def _mockoon(folder: Path, answers: Answers) -> Any:
    return _from_document(
        lambda file, port: [
            *(str(_binary(folder, "mockoon-cli")), "start", "--data", file, "--port", str(port), "--hostname", "127.0.0.1"),
            *("--disable-log-to-file", "--disable-admin-api"),
        ],
        answers,
    )


@contextmanager
def _wiremock(folder: Path, answers: Answers, *options: str) -> Iterator[str]:
    jar, port = next(folder.glob(_JAR)), _free()
    command = ["java", "-jar", str(jar), "--port", str(port), "--bind-address", "127.0.0.1", "--disable-banner", *options]
    with _started(command, port) as url:
        for path, answer in answers.items():
            response = {"status": 200, "jsonBody": answer, "headers": {"Content-Type": "application/json"}}
            stub = {"request": {"method": "POST", "url": path}, "response": response}
            httpx.post(f"{url}/__admin/mappings", json=stub, timeout=30).raise_for_status()
        yield url


_JAR = "node_modules/wiremock/build/wiremock-standalone-*.jar"
_PEERS: Mapping[str, Callable[[Any, Answers], Any]] = {
    "WireMock": _wiremock,
    "WireMock, no journal": lambda folder, answers: _wiremock(folder, answers, "--no-request-journal"),
    "Mockoon": _mockoon,
    "Prism": _prism,
}


def _binary(folder: Path, name: str) -> Path:
    return folder / "node_modules" / ".bin" / name


def _is_there(folder: Path | None, name: str) -> bool:
    if folder is None:
        return False
    if name.startswith("WireMock"):
        return any(folder.glob(_JAR))
    return _binary(folder, {"Prism": "prism", "Mockoon": "mockoon-cli"}[name]).exists()
