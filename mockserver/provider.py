"""The socket every provider plugs into: what a call brings, what a handler gives back, what a provider has to say."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, Generic, TypeVar

import orjson

from mockserver.contract.operation import Operation
from mockserver.contract.router import Contract, Contracts
from mockserver.contract.schema import Violation
from mockserver.faults import Armed
from mockserver.fingerprint import hex_fingerprint
from mockserver.message import Request
from mockserver.mistake import unknown
from mockserver.problem import Objection, Problem, Refused
from mockserver.readings import Reading, Readings
from mockserver.throttle import Quota, Window
from mockserver.world import World

W = TypeVar("W")
HeaderList = list[tuple[bytes, bytes]]


class OffContract(Exception):  # noqa: N818 - it is a finding
    """The fake was about to say something its own contract forbids."""

    def __init__(self, what: str, violations: Iterable[Violation]):
        self.what = what
        self.violations = list(violations)
        super().__init__(f"{what}: {'; '.join(f'{v.pointer}: {v.message}' for v in self.violations)}")


@dataclass(slots=True)
class Call(Generic[W]):
    """One request on its walk. The corridor fills in what it learns; a handler reads it.

    `world` is the provider's part of the world, `home` the whole of it, `now` the moment of the call in seconds since
    1970, `caller` whoever the provider found to be calling, `headers` what the answer has to carry besides its own,
    `objections` what a refusal or the refused items rest on, `struck` the faults that strike the call, unless it is made
    `aside`.
    """

    request: Request
    home: World
    world: W
    now: float
    contract: Contract
    path: str
    aside: bool = False
    operation: Operation = field(init=False)
    routed: bool = False
    arguments: tuple[str, ...] = ()
    parameters: dict[str, Any] = field(default_factory=dict)
    body: Any = None
    caller: Any = None
    headers: HeaderList = field(default_factory=list)
    objections: Sequence[Objection] = ()
    struck: Sequence[Armed] = ()
    _trace: str = ""

    @property
    def readings(self) -> Readings:
        """The readings in force."""
        return self.home.readings

    @property
    def trace(self) -> str:
        """What this call is known by in its problems: 32 hexadecimal digits."""
        if not self._trace:
            self._trace = hex_fingerprint(self.home.seed, f"trace {self.home.next_serial()}")
        return self._trace

    def written(self, component: str, document: Any) -> orjson.Fragment:
        """A document as JSON, held against its schema: it goes into answers as it is, for as long as it is true."""
        self.keep_contract(component, document)
        text = orjson.dumps(document).decode()  # the bytes take up 4 KB, however few they are
        return orjson.Fragment(text)

    def keep_contract(self, component: str, document: Any) -> None:
        """Hold a part of an answer against its schema. Raises `OffContract`."""
        schema = self.contract.component(component)
        if not schema.accepts(document):
            raise OffContract(component, schema.violations(document))


@dataclass(slots=True)
class Reply:
    """What a handler gives back.

    `failures` are the items of a bulk request that were refused, each with its reason. `outline` stands for `data` where
    the answer is held against the contract: `data` less the parts that were held against it when they were written.
    """

    data: Any = None
    status: int = 200
    failures: Sequence[Objection] = ()
    meta: Mapping[str, int] | None = None
    type: str | None = None
    outline: Any = None


Handler = Callable[[Call[Any]], Reply]
Control = Callable[[World, Any, Mapping[str, Any]], Any]
"""What can be done to a part of a world from outside the API: takes the world, the part and what was said."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a provider words its answers: bodies of replies and refusals, and what a broken contract is called."""

    answer: Callable[[Call[Any], Reply], Any]
    refusal: Callable[[Call[Any], Refused], Any]
    objection: Callable[[Violation], Objection]


@dataclass(frozen=True, slots=True)
class Counting:
    """What calls count against, the headers that tell how many are left, and the refusal of one too many."""

    quotas: Callable[[Call[Any]], Sequence[Quota]]
    headers: Callable[[Window], HeaderList]
    refusal: Callable[[Call[Any], Window], Refused]


def _own_path(call: Call[Any]) -> str:
    return call.path


def _nothing_to_say(call: Call[Any]) -> HeaderList:
    return []


def _anything(call: Call[Any]) -> None:
    return None


def _nobody(call: Call[Any]) -> str | None:
    return None


def _nothing(home: World, operation: Operation, arguments: tuple[str, ...]) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class Provider(Generic[W]):
    """Everything the corridor asks of a provider.

    `identify` finds the caller or refuses with 401; `permit` refuses with 403; `lost` and `unfit` are the refusals of an
    unknown path and of a method that a path does not have, given those it has. `direct` gives the path that answers a
    call, another one where a version was retired; `announce` the headers that every answer to a call carries. Paths whose
    first step is among `claims` are this provider's; `dialects` are by operation, where it is not `dialect`. `claimant` is
    who a request says is calling, right or wrong; `authorize` gives an Authorization header with which a call of an
    operation with these arguments would be let in, if there is one; `failures` are what a
    fault of a status is worded as, `particular_failures` the same for some operations.
    """

    name: str
    contracts: Contracts
    handlers: Mapping[str, Handler]
    readings: tuple[Reading, ...]
    modules: tuple[ModuleType, ...]
    build: Callable[[Mapping[str, Any], int, float], W]
    identify: Callable[[Call[W]], Any]
    lost: Callable[[Call[W]], Refused]
    unfit: Callable[[Call[W], str], Refused]
    dialect: Dialect
    permit: Callable[[Call[W]], None] = _anything
    counting: Counting | None = None
    direct: Callable[[Call[W]], str] = _own_path
    announce: Callable[[Call[W]], HeaderList] = _nothing_to_say
    dialects: Mapping[str, Dialect] = field(default_factory=dict)
    controls: Mapping[str, Control] = field(default_factory=dict)
    claims: frozenset[str] = frozenset()
    claimant: Callable[[Call[W]], str | None] = _nobody
    authorize: Callable[[World, Operation, tuple[str, ...]], str | None] = _nothing
    failures: Mapping[int, Problem] = field(default_factory=dict)
    particular_failures: Mapping[str, Mapping[int, Problem]] = field(default_factory=dict)


def check_named(providers: Iterable[Provider[Any]], operation: str | None, version: str | None = None) -> None:
    """Raise `Mistake` for an operation or a version that none of the providers has."""
    every = list(providers)
    operations = [id for provider in every for id in provider.handlers]
    if operation is not None and operation not in operations:
        raise unknown("operation", operation, operations)
    versions = [known for provider in every for known in provider.contracts.library.versions]
    if version is not None and version not in versions:
        raise unknown("version", version, versions)
