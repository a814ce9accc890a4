"""The fake as a test holds it: a world of its own, reached by the vendors' real addresses while it is open."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from typing import Any
from urllib.parse import urlencode

from mockserver.clock import Clock
from mockserver.difference import Change, changes
from mockserver.effects import Effect
from mockserver.engine import Engine
from mockserver.faults import Armed, Fault
from mockserver.journal import Entry
from mockserver.message import Request, Response, compose
from mockserver.mistake import Mistake, unknown
from mockserver.provider import check_named
from mockserver.testing.bridges import install
from mockserver.testing.calls import Calls
from mockserver.testing.target import activate, deactivate, listeners
from mockserver.testing.touching import Dial
from mockserver.world import World

_UNNAMED = "snapshot"


class FaultPlan:
    """What goes wrong with the calls of one world."""

    def __init__(self, fake: "Fake"):
        self._fake = fake

    def add(self, effect: Effect | Fault, **aim: Any) -> Armed:
        """Set a fault, from now on: `add(Status(503), operation="searchAudiences", nth=2)`. Raises `Mistake`.

        The aim is what `mockserver.faults.Fault` takes. Gives back the fault as set, which counts whom it `struck`.
        """
        if isinstance(effect, Fault) and aim:
            raise Mistake(f"the fault has its own aim; {', '.join(aim)} goes into it: Fault(effect=…, {next(iter(aim))}=…)")
        for name in aim:
            if name not in _AIMS:
                raise unknown("aim of a fault", name, _AIMS)
        fault = effect if isinstance(effect, Fault) else Fault(effect=effect, **aim)
        check_named(self._fake.engine.providers.values(), fault.operation, fault.version)
        return self._fake.world.faults.add(fault, self._fake.clock.now())

    def plan(self, faults: Iterable[Fault]) -> None:
        """Have these faults and no others."""
        self.clear()
        for fault in faults:
            self.add(fault)

    def remove(self, armed: Armed) -> None:
        """Take one back. Raises `Mistake` if it is not set any more."""
        self._fake.world.faults.remove(armed.name)

    def clear(self) -> None:
        """Take every fault back."""
        self._fake.world.faults.clear()

    def assert_all_struck(self) -> None:
        """Fail if a fault that is set has not struck any call: its aim may be another than was meant."""
        idle = [f"{each.name}: {each.fault!r}, aimed at {each.aimed} calls" for each in self if not each.struck]
        if idle:
            raise AssertionError("\n".join(["no call was struck by", *idle]))

    def __iter__(self) -> Iterator[Armed]:
        return iter(self._fake.world.faults.armed)

    def __len__(self) -> int:
        return len(self._fake.world.faults.armed)

    def __repr__(self) -> str:
        return f"FaultPlan({[each.fault for each in self]!r})"


_AIMS = [each.name for each in fields(Fault) if each.name != "effect"]


class CallsSpent(BaseException):
    """A client made more calls than its test allows. No `Exception`, as clients that never give up catch those."""


class Fake:
    """One world and the ways to it. As a context manager it is open: the vendors' hosts reach it from this process.

    `url` and `shoplive_url` are the vendors' own; `faults`, `journal` and `readings` command it; `handle` answers a
    `Request` without any client. Nothing waits: what takes time moves the `clock`. `most_calls` ends a client that never
    gives up.
    """

    url = "https://api.criteo.com"
    shoplive_url = "https://private.shopliveapi.com"

    def __init__(self, engine: Engine, most_calls: int | None = None, dial: Dial | None = None):
        self.engine = engine
        self.most_calls = most_calls
        self.spent = False
        self.faults = FaultPlan(self)
        self.journal = Calls(engine)
        self.readings = Dial(engine, dial)
        engine.world.journal.listener = self._hear

    def _hear(self, entry: Entry) -> None:
        self.readings.heard.add(entry.name)
        for listener in listeners:
            listener.hear(entry)

    @property
    def world(self) -> World:
        """Everything the fake remembers."""
        return self.engine.world

    @property
    def clock(self) -> Clock:
        """The only time there is in this world."""
        return self.engine.world.clock

    def handle(self, request: Request) -> Response:
        """Answer a request of the client's. Raises `CallsSpent` if it has made as many as it may."""
        __tracebackhide__ = True
        if self.most_calls is not None and self.world.journal.count >= self.most_calls:
            self.spent = True
            raise CallsSpent(f"the client has made {self.most_calls} calls, which is all that the test allows it")
        return self.engine.handle(request)

    def handle_aside(self, request: Request) -> Response:
        """Answer a request of somebody else's: no fault strikes it, and no journal keeps it. `compose` makes one."""
        with self.engine.turn, self.readings.unheard():
            return self.engine.handle_aside(request)

    def now(self) -> float:
        """What the clock shows, in seconds since 1970: for a client that can be told where to look."""
        return self.clock.now()

    def wait(self, seconds: float) -> None:
        """Let time go by, which takes none: for a client that can be told how to sleep."""
        self.clock.advance(seconds)

    async def async_wait(self, seconds: float) -> None:
        """The same for one that awaits its sleep."""
        self.clock.advance(seconds)
        await asyncio.sleep(0)

    def token(self, client_id: str = "demo-client", client_secret: str = "demo-secret") -> str:  # noqa: S107 - the demo world's
        """An access token by client credentials, as if fetched before the test: no fault strikes, nothing is noted."""
        form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": client_secret}
        answer = self.handle_aside(compose("POST", "/oauth2/token", form=form)).json()
        if "access_token" not in answer:
            raise ValueError(f"no token for {urlencode({'client_id': client_id})}: {answer}")
        return str(answer["access_token"])

    def reset(self) -> None:
        """Back to how it began; snapshots stay."""
        with self.engine.turn:
            self.world.reset()
            self.readings.follow()

    def snapshot(self, name: str = _UNNAMED) -> None:
        """Remember how it is now; costs the same whatever its size."""
        if not isinstance(name, str) or not name:
            raise Mistake(f"a snapshot has a name, not {name!r}")
        with self.engine.turn:
            self.world.snapshot(name)

    def restore(self, name: str = _UNNAMED) -> None:
        """Back to a snapshot. Raises `Mistake`."""
        with self.engine.turn:
            self.world.restore(name)

    def diff(self, since: str | None = None) -> list[Change]:
        """What entities came, went and changed since a snapshot, or since the beginning. Raises `Mistake`."""
        return changes(self.world.origin if since is None else self.world.remembered(since), self.world)

    def fork(self) -> "Fake":
        """Another fake over the same world, from here on its own."""
        with self.engine.turn:
            return Fake(self.engine.fork(), self.most_calls, self.readings)

    def __enter__(self) -> "Fake":
        install()
        activate(self)
        return self

    def __exit__(self, *error: object) -> None:
        deactivate(self)
        for listener in listeners:
            listener.hear_readings(self.readings, self.readings.touched())

    @contextmanager
    def trial(self, faults: Iterable[Fault] = (), readings: Mapping[str, str] | None = None) -> Iterator["Fake"]:
        """A fork that is open in this one's stead, with some faults and readings: for each example of a property."""
        with self.fork() as fake:
            fake.readings.update(readings or {})
            fake.faults.plan(faults)
            yield fake
