"""A server killed at any moment: what was kept is whole, and the last that was said to be kept or the next after it."""

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from conftest import EMPTY, Client, engine_of

from mockserver.clock import stopwatch
from mockserver.providers import PROVIDERS
from mockserver.serving.state.file import StateFile
from mockserver.worlds import Worlds

ROUNDS = 100


def change_and_save(path: Path, told: Connection) -> None:
    """Go on from what is kept: one more segment, saved, told, and so on without end."""
    file = StateFile(path)
    file.claim()
    worlds = file.load(PROVIDERS).worlds or Worlds(engine_of(EMPTY))
    client = Client(worlds.default)
    while True:
        count = len(names(worlds))
        client.amend(client.create_list(f"Number {count}"), "add", [f"{count}-{each}@example.com" for each in range(50)])
        file.save(worlds.freeze())
        told.send(count + 1)


def names(worlds: Worlds) -> list[str]:
    return [each.name for each in worlds.default.world.parts["criteo"].entities()["segment"].values()]


def test_killed_at_a_hundred_random_moments_it_finds_a_complete_state_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))  # where the process that children are forked from finds this
    path, known = tmp_path / "worlds.state", 0
    context = get_context("forkserver")
    context.set_forkserver_preload(["pytest", "_pytest.pytester", __name__])
    chance = random.Random(6)
    for _ in range(ROUNDS):
        ours, theirs = context.Pipe(duplex=False)
        child = context.Process(target=change_and_save, args=(path, theirs), daemon=True)
        child.start()
        theirs.close()
        known = killed_some_time_after(child.pid or 0, ours, chance.uniform(0, 0.02), known)
        child.join()
        child.close()
        file = StateFile(path)
        file.claim()
        found = file.load(PROVIDERS)
        file.release()
        kept = names(found.worlds) if found.worlds else []
        assert "damaged" not in found.says
        assert len(kept) in (known, known + 1)
        assert kept == [f"Number {each}" for each in range(len(kept))]
        known = len(kept)
    assert known >= ROUNDS
    assert sorted(each.name for each in tmp_path.iterdir()) == ["worlds.state", "worlds.state.lock"]


def killed_some_time_after(child: int, told: Connection, seconds: float, known: int) -> int:
    """Kill a process so long after it first saved; how many segments it said were kept."""
    known = told.recv()
    watch = stopwatch()
    while watch() < seconds:
        if told.poll(max(seconds - watch(), 0)):
            known = told.recv()
    os.kill(child, signal.SIGKILL)
    while True:
        try:
            known = told.recv()
        except EOFError:
            return known


@contextmanager
def serving(state: Path) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """A real server that keeps its state, and the URL of it."""
    command = [sys.executable, "-m", "mockserver", "serve", "--port", "0", "--world", "empty", "--rate-limit", "off"]
    with subprocess.Popen(
        [*command, "--state", str(state), "--state-every", "0.1"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().split()[-1], process
        finally:
            process.kill()


def asked(url: str, path: str, said: object = None, token: str = "") -> bytes:
    body = None if said is None else said.encode() if isinstance(said, str) else json.dumps(said).encode()
    headers = {"content-type": "application/x-www-form-urlencoded" if isinstance(said, str) else "application/json"}
    with urlopen(Request(url + path, body, headers | ({"authorization": f"Bearer {token}"} if token else {}))) as answer:
        return bytes(answer.read())


SEARCH = "/2026-07/retail-media/accounts/625702934721171442/audience-segments/search"
CREATE = SEARCH.replace("search", "create")
LOGIN = "grant_type=client_credentials&client_id=demo-client&client_secret=demo-secret"


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_a_server_that_ends_goes_on_where_it_was_and_tokens_stay_good(tmp_path: Path, end: signal.Signals) -> None:
    state, token, before = tmp_path / "worlds.state", "", b""
    for number in range(3):
        with serving(state) as (url, process):
            token = token or json.loads(asked(url, "/oauth2/token", LOGIN))["access_token"]
            if number:
                assert asked(url, SEARCH, {"data": {"attributes": {}}}, token) == before
            attributes = {"name": f"Number {number}", "retailerId": "12", "contactList": {"identifierType": "Email"}}
            asked(url, CREATE, {"data": [{"attributes": attributes}]}, token)
            before = asked(url, SEARCH, {"data": {"attributes": {}}}, token)
            if end is signal.SIGKILL:
                wait_until_kept(state, number + 1)
            process.send_signal(end)
            process.wait()


def wait_until_kept(state: Path, segments: int) -> None:
    watch = stopwatch()
    while watch() < 20:
        found = StateFile(state).load(PROVIDERS).worlds if state.exists() else None
        if found is not None and len(names(found)) == segments:
            return
    raise AssertionError(f"{segments} segments were never kept")
