"""What carries a check's requests to whoever answers them, and what else it can do there."""

from typing import Protocol

from mockserver.clock import Clock
from mockserver.engine import Engine
from mockserver.message import Request, Response


class Unreachable(BaseException):
    """The target gave no answer that can be judged: it is down, slow, or speaks no HTTP. The message says which.

    It is no `Exception`, for Hypothesis would take one for a finding and ask again and again to make it smaller.
    """


class Wire(Protocol):
    """A way to one world of a target.

    `abilities` are of `writes` (what is made may be made here), `clock` (it can be moved), `fresh` (the world is this
    session's own and as it began), `exhaust` (its limits may be used up), `consent` (users can be made to agree: such a wire
    has a method `consent` like that of `InProcess`). A `patient` wire waits where a limit of calls is near; a check that is
    about the limit makes it impatient.
    """

    abilities: frozenset[str]
    patient: bool

    def send(self, request: Request) -> Response:
        """The answer to a request. Raises `Unreachable`."""
        ...

    def now(self) -> float:
        """Seconds since 1970, as the target's clock shows."""
        ...

    def advance(self, seconds: float) -> None:
        """Move the target's clock, which needs the ability `clock`."""
        ...

    def close(self) -> None:
        """Give back what it took."""
        ...


EVERYTHING = frozenset({"writes", "clock", "fresh", "exhaust", "consent"})


class InProcess:
    """Straight into an engine that is nobody else's."""

    abilities = EVERYTHING

    def __init__(self, engine: Engine):
        self.engine = engine
        self.patient = True

    def send(self, request: Request) -> Response:
        """The engine's answer; as a server would have it, 500 for an engine that fails."""
        try:
            return self.engine.handle_aside(request)
        except Exception as error:  # noqa: BLE001 - wrong fakes fail in every way there is
            return Response(500, [(b"content-type", b"text/plain")], f"{type(error).__name__}: {error}".encode())

    @property
    def _clock(self) -> Clock:
        return self.engine.world.clock

    def now(self) -> float:
        """What the world's clock shows."""
        return self._clock.now()

    def advance(self, seconds: float) -> None:
        """Move the world's clock."""
        self._clock.advance(seconds)

    def turn_to(self, moment: float) -> None:
        """Let the world's clock show another time, be it in the past; seconds since 1970."""
        self._clock.set(moment)

    def consent(self, client_id: str, redirect_uri: str) -> str:
        """The authorization code that an application gets once a user agreed. Raises `Mistake`."""
        world, criteo = self.engine.world, self.engine.providers["criteo"]
        said = {"client_id": client_id, "redirect_uri": redirect_uri}
        code: str = criteo.controls["authorization-codes"](world, world.parts["criteo"], said)["code"]
        return code

    def close(self) -> None:
        """Nothing was taken."""
