"""What the server says while it runs: a line a call, for people or for machines, and what else is worth telling.

Whoever reads slowly, or not at all, holds up no call: what waits to be written is bounded, and what was left out is counted.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from queue import Full, Queue
from threading import Thread
from typing import BinaryIO
from urllib.parse import quote

import orjson

from mockserver.clock import Clock, written
from mockserver.journal import Entry
from mockserver.masking import masked_path

Later = Callable[[Callable[[], None]], object]
"""Has something done a moment later, by whoever runs the server."""

_now = Clock().now
_WAITING = 200
_LONGEST_PATH = 200
_LONGEST_GOODBYE = 2.0


def _plain(entry: Entry, seconds: float) -> str:
    """`20:41:07 POST 200   0.4 ms  bulkCreateAudienceSegments 2026-07  demo-client  name-must-be-unique x2`."""
    told = (what_was_called(entry), entry.caller or "", rules(entry), ", ".join(entry.faults))
    return f"{written(_now())[11:19]} {entry.request.method:<6} {answered(entry)} {seconds * 1e3:6.1f} ms  " + "  ".join(
        filter(None, told)
    )


def _json(entry: Entry, seconds: float) -> str:
    operation = entry.operation
    return orjson.dumps(
        {
            "time": written(_now()),
            "method": entry.request.method,
            "path": _path(entry),
            "provider": entry.provider,
            "operation": operation and operation.id,
            "version": operation and operation.dated,
            "caller": entry.caller,
            "status": entry.response.status,
            "rules": [each.problem.code for each in entry.objections],
            "faults": entry.faults,
            "milliseconds": round(seconds * 1e3, 3),
            "number": entry.number,
        }
    ).decode()


def _said_in_json(text: str) -> str:
    return orjson.dumps({"time": written(_now()), "message": text}).decode()


FORMS: Mapping[str, Callable[[Entry, float], str] | None] = {"lines": _plain, "json": _json, "off": None}
"""How a call is told, by the name of the form."""


def what_was_called(entry: Entry) -> str:
    """The operation and its version, or the path that leads nowhere."""
    if entry.operation is None:
        return _path(entry)
    return f"{entry.operation.id} {entry.operation.dated}" if entry.operation.dated else entry.operation.id


def _path(entry: Entry) -> str:
    """The path, or its beginning, with nothing in it that could end a line or move a terminal's hand."""
    return quote(masked_path(entry.request.path)[:_LONGEST_PATH], safe="/:.,~<> ")


def answered(entry: Entry) -> str:
    """The status, or that the connection was cut before there was one."""
    return str(entry.response.status) if entry.response.cut != "before" else "cut"


def rules(entry: Entry) -> str:
    """The rules that the call met, each once."""
    if not entry.objections:
        return ""
    counted = Counter(each.problem.code for each in entry.objections)
    return ", ".join(f"{code} x{count}" if count > 1 else code for code, count in counted.items())


class Lines:
    """Writes lines to a stream from a thread of its own, in batches."""

    def __init__(self, stream: BinaryIO, form: str, later: Later):
        self.tells_calls = FORMS[form] is not None
        self._told = FORMS[form] or _plain
        self._in_json = form == "json"
        self._stream = stream
        self._later = later
        self._batch: list[str] = []
        self._queue: Queue[bytes | None] = Queue(_WAITING)
        self._lost = 0
        self._thread = Thread(target=self._write, name="mockserver lines", daemon=True)
        self._thread.start()

    def call(self, entry: Entry, seconds: float) -> None:
        """Tell a call."""
        self._put(self._told(entry, seconds))

    def say(self, text: str) -> None:
        """Tell anything else, each line of it by itself."""
        for line in text.splitlines():
            self._put(self._in_form(line))

    @property
    def waiting(self) -> int:
        """How many batches are not written yet."""
        return self._queue.qsize()

    def finish(self) -> None:
        """Write what waits, unless nobody takes it."""
        self._flush()
        try:
            self._queue.put(None, timeout=_LONGEST_GOODBYE)
        except Full:
            return
        self._thread.join(_LONGEST_GOODBYE)

    def _in_form(self, text: str) -> str:
        return _said_in_json(text) if self._in_json else f"mockserver: {text}"

    def _put(self, line: str) -> None:
        if not self._batch:
            self._later(self._flush)
        self._batch.append(line)

    def _flush(self) -> None:
        batch, self._batch = self._batch, []
        if self._queue.full():
            self._lost += len(batch)
            return
        if self._lost:
            batch.insert(0, self._in_form(f"{self._lost} lines were left out: whoever reads them was too slow"))
            self._lost = 0
        if batch:
            self._queue.put_nowait("".join(f"{line}\n" for line in batch).encode())

    def _write(self) -> None:
        while (batch := self._queue.get()) is not None:
            try:
                self._stream.write(batch)
                self._stream.flush()
            except (OSError, ValueError):  # nobody listens any more
                return
