"""A fake of ours by URL: every session has a world of its own there, with a clock that stands still."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import orjson

from mockserver.check.judging import Judge
from mockserver.check.session import Session
from mockserver.check.setting import Setting
from mockserver.check.target.budget import Budget
from mockserver.check.target.pace import Line
from mockserver.check.target.remote import Remote
from mockserver.check.wire import EVERYTHING, Unreachable
from mockserver.clock import written
from mockserver.message import Request, Response, compose
from mockserver.mistake import Mistake


class Fake:
    """A running fake. `moment` is when the clocks of its worlds stand, in seconds since 1970; `origin` the world that they
    are as it now is, or nothing for how the server began; `notes` what a report has to tell.
    """

    def __init__(
        self, root: Remote, setting: Setting, judge: Judge, budget: Budget, *, moment: float, origin: str | None = None
    ):
        self.setting = setting
        self.judge = judge
        self.budget = budget
        self.notes: tuple[str, ...] = ()
        self._root, self._moment, self._origin = root, moment, origin
        self._opened = 0
        self._worlds: dict[str, None] = {}

    @property
    def abilities(self) -> frozenset[str]:
        """Everything, and what the setting knows; where no limit is in force, none can be used up."""
        return (EVERYTHING if self.setting.limit else EVERYTHING - {"exhaust"}) | self.setting.known

    def open(self) -> Session:
        """A session in a new world."""
        self._opened += 1
        name = f"{world_prefix(self.setting.run)}{self._opened}"
        self._worlds[name] = None
        control(self._root, "POST", "/_mock/worlds", {"name": name, "from": self._origin})
        return Session(
            World(self, self._root.at(f"{self._root.url}/worlds/{name}"), name, self._moment), self.setting, self.judge
        )

    def close(self, name: str) -> None:
        """Give a world back, now or in the end."""
        with suppress(Mistake, Unreachable):
            control(self._root, "DELETE", f"/_mock/worlds/{name}")
            del self._worlds[name]

    @property
    def sent(self) -> int:
        """How many calls were made, those that clean up included."""
        return self.budget.spent

    def leave(self) -> None:
        """Give back every world that is still open, and end the connection."""
        try:
            for name in list(self._worlds):
                self.close(name)
        finally:
            self._root.close()
        if self._worlds:
            self.notes = (
                f"{len(self._worlds)} worlds were left; mockserver check --clean {self.setting.run!r} gives them back",
            )

    def clean(self, run: str) -> list[str]:
        """Give back every world of a run by its name. Raises `Mistake`."""
        names = [each["name"] for each in control(self._root, "GET", "/_mock/worlds")["worlds"]]
        left = [name for name in names if name.startswith(world_prefix(run))]
        for name in left:
            control(self._root, "DELETE", f"/_mock/worlds/{name}")
        return [f"world {name!r}" for name in left]


class World:
    """A world of a running fake."""

    abilities = EVERYTHING

    def __init__(self, fake: Fake, root: Remote, name: str, moment: float):
        self.patient = True
        self._fake, self._root, self._name = fake, root, name
        self._now: float = control(root, "POST", "/_mock/clock", {"freeze": written(moment)})["epoch"]

    def send(self, request: Request) -> Response:
        """The world's answer. Raises `Unreachable` and `BudgetSpent`."""
        self._fake.budget.take()
        return self._root.send(request)

    def now(self) -> float:
        """What the world's clock shows: it moves only when it is moved."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Move the world's clock."""
        self._now = control(self._root, "POST", "/_mock/clock", {"advance": seconds})["epoch"]

    def consent(self, client_id: str, redirect_uri: str) -> str:
        """The authorization code that an application gets once a user agreed. Raises `Mistake`."""
        said = {"client_id": client_id, "redirect_uri": redirect_uri}
        return str(control(self._root, "POST", "/_mock/criteo/authorization-codes", said)["code"])

    def close(self) -> None:
        """Give the world back."""
        self._fake.close(self._name)


def control(root: Remote, method: str, path: str, said: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What the control plane of a fake answers. Raises `Mistake` where it refuses, and `Unreachable`."""
    shown = {"authorization": f"Bearer {root.control_token}"} if root.control_token else None
    response = root.send(compose(method, path, json=said, headers=shown))
    body = _object(response)
    if response.status != 200 or body is None:
        raise Mistake(f"the fake at {root.url} answered {response.status} to {method} {path}: {(body or {}).get('error')}")
    return body


def health(root: Line) -> dict[str, Any] | None:
    """What a fake of ours says of itself; nothing if it is none. Raises `Unreachable`."""
    response = root.send(compose("GET", "/_mock/health"))
    body = _object(response)
    if response.status != 200 or body is None or body.get("status") != "ok":
        return None
    return body if isinstance(body.get("version"), str) and isinstance(body.get("now"), str) else None


def world_prefix(run: str) -> str:
    """How the names of a run's worlds begin."""
    return f"{run.replace(' ', '-')}-"


def _object(response: Response) -> dict[str, Any] | None:
    try:
        body = orjson.loads(response.body)
    except orjson.JSONDecodeError:
        return None
    return body if isinstance(body, dict) else None
