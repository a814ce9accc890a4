"""Realtime statistics by hour and campaign, asked as a client would ask, so that the figures are those it would get."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from mockserver.contract.operation import Operation
from mockserver.engine import Engine
from mockserver.message import Response, compose
from mockserver.mistake import Mistake, unknown
from mockserver.pages.chart import chart
from mockserver.pages.room import Room, Visit
from mockserver.provider import Provider
from mockserver.world import World

_OPERATION = "getRealTimeReport"
METRICS = {"Displays": "displays", "Clicks": "clicks", "Cost": "cost, EUR"}
WINDOWS = (12, 18, 24)
_ZONES = (
    "UTC Europe/London Europe/Paris Europe/Warsaw America/New_York America/Los_Angeles America/Sao_Paulo Asia/Kathmandu "
    "Asia/Kolkata Asia/Seoul Asia/Tokyo Australia/Sydney"
).split()
_DRAWN = 10


@dataclass(frozen=True, slots=True)
class Question:
    """What a report is asked for."""

    advertiser: str
    timezone: str
    hours: int


def show(visit: Visit) -> Mapping[str, Any]:
    """The report that the page asks for. Raises `Mistake`."""
    found = _offered(visit.engine)
    advertisers = _advertisers(visit.engine.world)
    if found is None or not advertisers:
        return {"asked": None, "advertisers": advertisers}
    provider, operation = found
    metric = visit.place.get("metric", "Displays")
    if metric not in METRICS:
        raise unknown("metric", metric, METRICS)
    question = _question(visit.place, advertisers)
    answer = _ask(visit.engine, provider, operation, question)
    drawn = _drawn(visit.engine.world, answer, metric, question)
    return {
        "asked": question,
        "advertisers": advertisers,
        "zones": _ZONES if question.timezone in _ZONES else [question.timezone, *_ZONES],
        "windows": WINDOWS if question.hours in WINDOWS else (question.hours, *WINDOWS),
        "metrics": METRICS,
        "metric": metric,
        "path": operation.path,
        "refusal": None if answer.status == 200 else {"status": answer.status, "body": answer.json()},
        "chart": drawn,
        "most_drawn": _DRAWN,
    }


def _advertisers(world: World) -> dict[str, str]:
    """The advertisers that have ad sets, by id."""
    ad_sets: Mapping[str, Sequence[Any]] = getattr(world.parts.get("criteo"), "ad_sets", {})
    return {id: each[0].advertiser for id, each in ad_sets.items() if each}


def _offered(engine: Engine) -> tuple[Provider[Any], Operation] | None:
    """Who offers the report, and the last version that does."""
    for provider in engine.providers.values():
        for operation in reversed(engine.contract(provider).operations):
            if operation.id == _OPERATION:
                return provider, operation
    return None


def _question(place: Mapping[str, str], advertisers: Mapping[str, str]) -> Question:
    advertiser = place.get("advertiser", next(iter(advertisers)))
    if advertiser not in advertisers:
        raise unknown("advertiser", advertiser, advertisers)
    timezone = place.get("timezone", "UTC")
    if timezone not in _known_zones():
        raise unknown("time zone", timezone, _known_zones())
    hours = place.get("hours", "12")
    if hours not in {str(each) for each in range(1, 25)}:
        raise Mistake(f"a look-back is 1 to 24 hours, not {hours[:20]!r}")
    return Question(advertiser, timezone, int(hours))


@cache
def _known_zones() -> set[str]:
    return available_timezones()


def _ask(engine: Engine, provider: Provider[Any], operation: Operation, question: Question) -> Response:
    asked = {
        "advertiserIds": [question.advertiser],
        "dimensions": ["CampaignId", "Campaign", "Day", "Hour"],
        "metrics": list(METRICS),
        "lookbackWindow": question.hours,
        "timezone": question.timezone,
    }
    body = {"data": {"type": "RealtimeStatisticsReport", "attributes": asked}}
    with _unnoticed(engine.world):
        header = provider.authorize(engine.world, operation, ()) or ""
        return engine.handle_aside(compose(operation.method, operation.path, json=body, headers={"Authorization": header}))


@contextmanager
def _unnoticed(world: World) -> Iterator[None]:
    """What is asked meanwhile counts against nobody's limit and takes no number from what comes after it."""
    limit, serial = world.rate_limit, world.serial
    world.rate_limit = None
    try:
        yield
    finally:
        world.rate_limit, world.serial = limit, serial


def _drawn(world: World, answer: Response, metric: str, question: Question) -> Any:
    if answer.status != 200:
        return None
    rows = answer.json()["data"][0]["attributes"]["rows"]
    return chart(rows, metric, _hours(world, question))


def _hours(world: World, question: Question) -> list[str]:
    """The local hours that a look-back touches, the earliest first: the running hour of UTC and those before it."""
    running = datetime.fromtimestamp(world.clock.now() // 3600 * 3600, UTC)
    quarters = [running + timedelta(minutes=15 * at) for at in range(-4 * (question.hours - 1), 4)]
    return list(dict.fromkeys(f"{each.astimezone(ZoneInfo(question.timezone)):%Y-%m-%d %H}" for each in quarters))


REALTIME = Room("realtime.html", show)
