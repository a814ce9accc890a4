"""A line a call, for people and for machines; whoever does not read holds up nothing."""

import io
import json
import re
import threading
from collections.abc import Callable
from typing import Any

import pytest
from conftest import Client

from mockserver.faults import parse_fault
from mockserver.journal import Entry
from mockserver.message import compose
from mockserver.serving.lines import Lines


def latest(client: Client) -> Entry:
    return list(client.engine.world.journal)[-1]


def told(*entries: Entry, form: str = "lines", said: str = "") -> list[str]:
    """What is written of some calls that took a quarter of a millisecond."""
    stream = io.BytesIO()
    lines = Lines(stream, form, lambda flush: None)
    for entry in entries:
        lines.call(entry, 0.00025)
    lines.say(said)
    lines.finish()
    return stream.getvalue().decode().splitlines()


def test_a_call_is_told_with_operation_status_rule_and_milliseconds(client: Client) -> None:
    attributes = {"name": "Twice", "retailerId": "12", "contactList": {"identifierType": "Email"}}
    client.create(attributes, attributes, attributes)
    (line,) = told(latest(client))
    assert re.fullmatch(
        r"\d\d:\d\d:\d\d POST   200 +0\.2 ms  bulkCreateAudienceSegments 2026-07  demo-client  name-must-be-unique x2", line
    )


def test_a_call_is_told_in_json_with_the_same(client: Client) -> None:
    client.create({"name": "Twice", "retailerId": "13", "contactList": {"identifierType": "Email"}})
    (line,) = told(latest(client), form="json")
    said = json.loads(line)
    assert said.pop("time").endswith("Z")
    assert said.pop("path").endswith("/audience-segments/create")
    assert said == {
        "method": "POST",
        "provider": "criteo",
        "operation": "bulkCreateAudienceSegments",
        "version": "2026-07",
        "caller": "demo-client",
        "status": 200,
        "rules": [each.problem.code for each in latest(client).objections],
        "faults": [],
        "milliseconds": 0.25,
        "number": 2,
    }
    assert said["rules"] != []


def test_what_struck_a_call_is_told(client: Client) -> None:
    client.search()
    client.engine.world.faults.add(parse_fault({"effect": "cut", "where": "before"}), 0.0)
    client.search()
    (line,) = told(latest(client))
    assert " cut " in line
    assert line.endswith("  fault-1")


@pytest.mark.parametrize("path", ["/a\nb", "/a\x1b[31mb", "/é\u2028", "/" + "x" * 9000, "/ \x00"])
def test_no_path_can_forge_a_line_or_reach_the_terminal(client: Client, path: str) -> None:
    client.engine.handle(compose("GET", path))
    (line,) = told(latest(client))
    assert line.isascii()
    assert line.isprintable()
    assert len(line) < 800
    (said,) = told(latest(client), form="json")
    assert json.loads(said)["operation"] is None


@pytest.mark.parametrize("form", ["lines", "json"])
def test_no_secret_is_told(client: Client, form: str) -> None:
    client.amend(client.create_list("Secrets"), "add", ["someone@example.com"])
    client.login(client_secret="wrong-secret-0001")
    client.engine.handle(compose("GET", "/2026-07/nowhere?access_token=abcdefgh0001&email=someone@example.com"))
    lines = "\n".join(told(*client.engine.world.journal, form=form))
    assert client.token is not None
    for secret in ("demo-secret", "wrong-secret-0001", "abcdefgh0001", "someone", client.token):
        assert secret not in lines


def test_what_else_is_said_is_marked_line_by_line() -> None:
    assert told(said="one\ntwo") == ["mockserver: one", "mockserver: two"]
    assert [json.loads(each)["message"] for each in told(form="json", said="one\ntwo")] == ["one", "two"]


class Stuck(io.RawIOBase):
    """A stream that takes nothing until it is let go."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.taken: list[bytes] = []

    def write(self, text: Any) -> int:
        assert self.go.wait(30)
        self.taken.append(bytes(text))
        return len(text)


def test_a_reader_that_is_too_slow_loses_lines_and_is_told_how_many(client: Client) -> None:
    client.login()
    entry, stream = latest(client), Stuck()
    flushes: list[Callable[[], None]] = []
    lines = Lines(stream, "lines", flushes.append)  # type: ignore[arg-type]  # it can write, which is all there is to it
    for _ in range(1000):
        lines.call(entry, 0.0)
        flushes.pop()()
    stream.go.set()
    while lines.waiting:
        pass
    lines.say("the end")
    lines.finish()
    text = b"".join(stream.taken).decode()
    lost = sum(map(int, re.findall(r"(\d+) lines were left out", text)))
    assert lost > 0
    assert text.count("requestToken") + lost == 1000
    assert text.endswith("mockserver: the end\n")


def test_a_stream_that_is_closed_hurts_nobody(client: Client) -> None:
    client.login()
    stream = io.BytesIO()
    stream.close()
    lines = Lines(stream, "lines", lambda flush: flush())
    for _ in range(5):
        lines.call(latest(client), 0.0)
    writing = [each for each in threading.enumerate() if each.name == "mockserver lines"]
    lines.finish()
    assert [each for each in writing if each.is_alive()] == [], "nobody goes on writing to it"
