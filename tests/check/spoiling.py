"""A fake whose answers are spoiled on their way, in process and on a socket, and checks that are run against it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import orjson

from mockserver.check.fresh import TARGET, fresh_engine
from mockserver.check.judging import Judge
from mockserver.check.law import Check, Effort, Run, once
from mockserver.check.observation import Observation
from mockserver.check.outcome import Finding
from mockserver.check.result import Result
from mockserver.check.running import run_all
from mockserver.check.session import Session
from mockserver.check.setting import DEMO, Setting
from mockserver.check.venue import Fresh
from mockserver.engine import Engine
from mockserver.evidence import Evidence, guide
from mockserver.http import Door
from mockserver.message import Request, Response
from mockserver.server import in_background
from mockserver.worlds import Worlds

Lie = Callable[[Request, Response], Response]


def truth(request: Request, response: Response) -> Response:
    return response


class Spoiled(Engine):
    """Answers as the fake does, and then the lie has its way with it."""

    lie: Lie = staticmethod(truth)

    def fork(self) -> "Spoiled":
        return spoiled(super().fork(), self.lie)

    def _handled(self, request: Request, *, aside: bool) -> Response:
        return self.lie(request, super()._handled(request, aside=aside))


def spoiled(engine: Engine, lie: Lie) -> Spoiled:
    found = Spoiled(list(engine.providers.values()), engine.world)
    found.lie = lie
    return found


def bodied(path: str, change: Callable[[Any], Any]) -> Lie:
    """Changes the body of every success at a path that ends so."""

    def lie(request: Request, response: Response) -> Response:
        if request.path.endswith(path) and response.status == 200:
            response.body = orjson.dumps(change(response.json()))
        return response

    return lie


@contextmanager
def served(lie: Lie, readings: Mapping[str, str] | None = None) -> Iterator[str]:
    with in_background(Door(Worlds(spoiled(fresh_engine(readings=readings), lie)))) as url:
        yield url


def check(
    claim: Callable[[Session], None] | None = None, name: str = "laws/said", run: Run | None = None, **more: Any
) -> Check:
    evidence: Evidence = more.pop("evidence", guide("the guide"))
    return Check(name, name.partition("/")[0], "What is said is true.", evidence, run or once(claim), **more)  # type: ignore[arg-type]


def result(
    checks: Sequence[Check],
    lie: Lie = truth,
    *,
    setting: Setting = DEMO,
    engine: Engine | None = None,
    target: str = TARGET,
    observations: Sequence[Observation] = (),
    **more: Any,
) -> Result:
    """What comes of checks that are run in process."""
    engine = spoiled(engine or fresh_engine(), lie)
    readings = engine.world.readings.chosen
    outcomes = list(run_all(checks, Fresh(engine, setting, Judge(readings)), Effort()))
    began = engine.world.clock.now()
    said = {"target": target, "run": setting.run, "began": began, "seconds": 1.5, "seed": 0, "readings": readings, **more}
    return Result(outcomes=outcomes, observations=observations, setting=setting, **said)


def finding(claim: Callable[[Session], None], lie: Lie, **more: Any) -> tuple[Finding, Result]:
    found = result([check(claim)], lie, **more)
    assert len(found.findings) == 1, found.outcomes
    return found.findings[0], found
