"""For tests that stand alone: whether an answer keeps the contract."""

from collections.abc import Mapping
from typing import Protocol

from mockserver.check.judging import Judge, keep
from mockserver.message import Response
from mockserver.providers import READINGS
from mockserver.readings import Readings


class Answered(Protocol):
    """An answer as httpx has it, and requests."""

    @property
    def status_code(self) -> int: ...

    @property
    def headers(self) -> Mapping[str, str]: ...

    @property
    def content(self) -> bytes: ...


def assert_keeps(answer: Answered, operation: str, version: str, readings: Mapping[str, str] | None = None) -> None:
    """Hold an answer against what the contract says of an operation in a version. Raises an `AssertionError` that says where.

    `readings` are what the target is taken to follow where that is open; what is not among them is as the guides have it.
    """
    judge = Judge(Readings(READINGS, chosen=readings))
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers.items()]
    known = judge.operation(operation, version)
    response = Response(answer.status_code, headers, answer.content)
    assert response.status in known.answers, f"status is one of {sorted(known.answers)}; it is {response.status}"
    keep(response, known, 0)
