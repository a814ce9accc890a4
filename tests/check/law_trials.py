"""Laws on trial: held against the truthful fake, and against fakes that tell one lie."""

from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any

import orjson

from mockserver.check.fresh import fresh_venue
from mockserver.check.law import Check, Effort
from mockserver.check.outcome import Outcome
from mockserver.check.running import run_one
from mockserver.check.session import Session
from mockserver.check.venue import Fresh
from mockserver.check.wire import InProcess
from mockserver.message import Request, Response
from mockserver.providers import READINGS

MOMENTS = (
    "2026-11-22T10:30:00Z",
    "2026-11-22T10:05:00Z",
    "2026-10-25T01:30:00Z",
    "2026-03-29T01:30:00Z",
    "2026-12-31T23:59:59Z",
)
QUICK = Effort(share=0.2, shrink=False)
Spoil = Callable[[Request, Response], Response | None]


def checks_of(*modules: ModuleType) -> tuple[Check, ...]:
    return tuple(check for module in modules for check in module.CHECKS)


def named(checks: Iterable[Check], name: str) -> Check:
    (found,) = [check for check in checks if check.name == f"laws/{name}"]
    return found


def alarms(checks: Iterable[Check], effort: Effort = QUICK, **world: Any) -> list[str]:
    """What is found in a fake that tells the truth, or not even looked at."""
    venue = fresh_venue(**world)
    outcomes = [run_one(check, venue, effort) for check in checks]
    return [told(outcome) for outcome in outcomes if outcome.verdict != "passed"]


def told(outcome: Outcome) -> str:
    reason = outcome.finding.expectation if outcome.finding else outcome.reason
    return f"{outcome.check.name} {outcome.verdict}: {reason}"


class Spoiled(InProcess):
    """A wire on which answers are changed on their way."""

    def __init__(self, engine: Any, spoil: Spoil):
        super().__init__(engine)
        self._spoil = spoil

    def send(self, request: Request) -> Response:
        response = super().send(request)
        return self._spoil(request, response) or response


class Lying(Fresh):
    """A venue whose every wire spoils answers."""

    spoil: Spoil

    def open(self) -> Session:
        return Session(Spoiled(self.engine.fork(), self.spoil), self.setting, self.judge)


def lying(spoil: Spoil | None, **world: Any) -> Fresh:
    honest = fresh_venue(**world)
    if spoil is None:
        return honest
    venue = Lying(honest.engine, honest.setting, honest.judge)
    venue.spoil = spoil
    return venue


def without(*names: bytes) -> Spoil:
    """Headers forgotten."""
    return lambda request, response: Response(
        response.status, [(name, value) for name, value in response.headers if name not in names], response.body
    )


def header(name: bytes, change: Callable[[bytes], bytes]) -> Spoil:
    """A header that says something else."""
    return lambda request, response: Response(
        response.status, [(each, change(value) if each == name else value) for each, value in response.headers], response.body
    )


def body(change: Callable[[Any], None], *, path: str = "", status: int = 200) -> Spoil:
    """Bodies of a status under a path that say something else."""

    def spoil(request: Request, response: Response) -> Response | None:
        if response.status != status or path not in request.path or not response.body:
            return None
        said = response.json()
        change(said)
        return Response(response.status, response.headers, orjson.dumps(said))

    return spoil


def rows(change: Callable[[list[dict[str, str]]], None]) -> Spoil:
    """Rows of reports that say something else."""
    return body(lambda said: change(said["data"][0]["attributes"]["rows"]), path="/reports/realtime")


def results(change: Callable[[list[dict[str, Any]]], None]) -> Spoil:
    """Entries of Shoplive's statistics that say something else."""
    return body(lambda said: change(said["results"]), path="/campaign/stats")


def each(change: Callable[[dict[str, Any]], None]) -> Callable[[list[dict[str, Any]]], None]:
    """The change made to every item of a list."""

    def changed(items: list[dict[str, Any]]) -> None:
        for item in items:
            change(item)

    return changed


def alternatives(*names: str) -> list[dict[str, str]]:
    """Every alternative of some readings that is not the guides', one at a time."""
    declared = {each.name: each for each in READINGS}
    return [{name: other} for name in names for other in declared[name].alternatives if other != declared[name].guide]
