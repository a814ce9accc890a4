"""What holds of every answer, whatever was asked: that it keeps the contract, and that no request that breaks it is taken."""

from collections.abc import Mapping
from typing import Any, Protocol

from mockserver.check.expectation import ABSENT, Broken, Expectation, at
from mockserver.contract.operation import Operation
from mockserver.contract.router import Contract
from mockserver.contract.schema import Violation
from mockserver.message import Request, Response
from mockserver.mistake import unknown
from mockserver.provider import Provider
from mockserver.providers import PROVIDERS

KEEPS = "keeps the contract"
"""The relation of what stands somewhere to a schema of the contract."""


class Judged(Protocol):
    """An answer, and its place among what was said."""

    @property
    def place(self) -> int: ...

    @property
    def response(self) -> Response: ...


class Judge:
    """The contracts of every provider under some readings."""

    def __init__(self, readings: Mapping[str, str], providers: tuple[Provider[Any], ...] = PROVIDERS):
        self.readings = readings
        self._contracts = [provider.contracts.under(readings) for provider in providers]
        self._operations = {(each.id, each.version): each for contract in self._contracts for each in contract.operations}

    def operation(self, id: str, version: str) -> Operation:
        """An operation of a version, or of the first that has it. Raises `Mistake` for one that none has."""
        if (id, version) in self._operations:
            return self._operations[id, version]
        having = {known: each for (known, at_version), each in self._operations.items() if at_version != "experimental"}
        if id not in having:
            raise unknown("operation", id, having)
        return having[id]

    @property
    def operations(self) -> list[Operation]:
        """All of them, in every version."""
        return list(self._operations.values())

    def objections(self, request: Request, operation: Operation) -> list[Violation]:
        """What is wrong with a request by the contract."""
        route = next((found for contract in self._contracts if (found := _route(contract, request))), ())
        return operation.read(request, route).violations

    def __call__(self, answer: Judged, request: Request, operation: Operation) -> None:
        """Hold an answer against the contract. Raises `Broken`."""
        response, place = answer.response, answer.place
        if response.status not in operation.answers:
            raise Broken(
                Expectation(place, "status", "is one of", sorted(operation.answers), response.status), "an undeclared status"
            )
        if response.status < 300 and (wrong := self.objections(request, operation)):
            said = "; ".join(f"{each.pointer or each.place}: {each.message}" for each in wrong[:3])
            wanted = [400, 413, 415]
            raise Broken(
                Expectation(place, "status", "is one of", wanted, response.status), f"a wrong request was taken ({said})"
            )
        keep(response, operation, place)


def _route(contract: Contract, request: Request) -> tuple[str, ...] | None:
    route = contract.route("/" + request.path.lstrip("/"))
    return None if route is None else route.arguments


def keep(response: Response, operation: Operation, place: int) -> None:
    """Hold the body and its type against what the contract says of the status. Raises `Broken`."""
    schema = operation.answers[response.status]
    if schema is None:
        if response.body:
            raise Broken(Expectation(place, "body", "is", None, response.body[:200].decode("latin-1")), "a body where none is")
        return
    kind = (response.header("content-type") or "").partition(";")[0].strip()
    if kind != "application/json":
        raise Broken(Expectation(place, "headers/content-type", "matches", "application/json.*", kind), "an answer in JSON")
    try:
        body = response.json()
    except ValueError:
        raise Broken(Expectation(place, "body", KEEPS, "JSON", response.body[:200].decode("latin-1"))) from None
    for violation in schema.violations(body):
        found = at(body, violation.pointer)
        pointer = f"body/{violation.pointer}".rstrip("/")
        raise Broken(
            Expectation(place, pointer, KEEPS, violation.message, found),
            f"{operation.id} {response.status} breaks the contract{'' if found is not ABSENT else ' by what is missing'}",
        )
