"""Every realtime report is a view of one ledger: figures by quarter of an hour and ad set, added up in Decimals by a model.

The model reads the ledger through reports of one hour and a clock that goes on by a quarter: what they differ by is what
the quarter brought. Calendar and time zones are Python's own; no code of the fake computes an expected figure.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from conftest import DEMO, TODAY, Client, engine_of
from hypothesis import given, settings
from hypothesis import strategies as st
from patience import PATIENT

from mockserver.engine import Engine
from mockserver.message import compose

ENGINE = engine_of()
ENTITIES = ("AdvertiserId", "Advertiser", "CampaignId", "Campaign", "AdsetId", "Adset")
UNITS = ("Year", "Month", "Week", "Day", "Hour")
METRICS = ("Displays", "Clicks", "Cost")
ADVERTISERS = ("123", "456", "1234")
RATES = {currency: Decimal(str(rate)) for currency, rate in DEMO["criteo"]["currencies"].items()}
QUARTER = timedelta(minutes=15)

TURNS = (
    "2026-03-29T01:00Z",  # Europe/Paris springs forward
    "2026-10-25T01:00Z",  # and back
    "2026-03-08T07:00Z",  # America/New_York springs forward
    "2026-11-01T06:00Z",  # and back
    "2026-11-01T04:30Z",  # America/St_Johns goes back, at half past an hour of UTC
    "2026-04-04T15:00Z",  # Australia/Lord_Howe goes back by half an hour
    "2026-12-31T18:15Z",  # a new year in Asia/Kathmandu, a Friday
    "2026-11-22T10:00Z",
)
ZONES = ("UTC", "Europe/Paris", "America/New_York", "America/St_Johns", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe")

Figures = tuple[int, int, Decimal]
NOTHING: Figures = (0, 0, Decimal(0))

moments = st.builds(
    lambda turn, quarters, seconds: datetime.fromisoformat(turn) + quarters * QUARTER + timedelta(seconds=seconds),
    st.sampled_from(TURNS),
    st.integers(-6, 14),
    st.sampled_from([0, 1, 899]),
)
zones = st.sampled_from(ZONES)
hours = st.integers(1, 12)
spellings = st.sampled_from([str, str.lower, str.upper, lambda name: name[0].lower() + name[1:]])
dimensions = st.lists(st.sampled_from(ENTITIES + UNITS), unique=True).flatmap(st.permutations)


def rows(moment: datetime, engine: Engine = ENGINE, **asked: Any) -> list[dict[str, str]]:
    """The rows of a report that is asked for at a moment."""
    if not quarters(moment, asked.get("lookbackWindow", 12)):
        return []  # test_realtime has this: it is an open bug
    engine.world.clock.set(moment.timestamp())
    token = Client(engine).login().json()["access_token"]
    said = {"data": {"attributes": {"advertiserIds": ADVERTISERS, **asked}}}
    headers = {"authorization": f"Bearer {token}"}
    answer = engine.handle(compose("POST", "/preview/reports/realtime", json=said, headers=headers))
    assert (answer.status, answer.json()["errors"], answer.json()["warnings"]) == (200, [], [])
    return list(answer.json()["data"][0]["attributes"]["rows"])


def figures(row: dict[str, str]) -> Figures:
    return int(row["Displays"]), int(row["Clicks"]), Decimal(row["Cost"])


def added(every: Iterable[Figures]) -> Figures:
    displays, clicks, cost = NOTHING
    for each in every:
        displays, clicks, cost = displays + each[0], clicks + each[1], cost + each[2]
    return displays, clicks, cost


def totals(report: Iterable[dict[str, str]]) -> Figures:
    return added(map(figures, report))


def by_ad_set(report: Iterable[dict[str, str]]) -> dict[str, Figures]:
    found: dict[str, list[Figures]] = defaultdict(list)
    for row in report:
        found[row["AdsetId"]].append(figures(row))
    return {ad_set: added(each) for ad_set, each in found.items()}


@cache
def named() -> dict[str, dict[str, str]]:
    """What each ad set is called, and of whom it is."""
    report = rows(datetime.fromisoformat("2026-11-22T10:00Z"), dimensions=ENTITIES, lookbackWindow=24)
    return {row["AdsetId"]: {name: row[name] for name in ENTITIES} for row in report}


@cache
def so_far(end: datetime) -> dict[str, Figures]:
    """What each ad set had in the hour of UTC that holds the quarter before `end`, until then."""
    window = 1 if end.minute else 2
    report = rows(end, dimensions=["AdsetId", "Hour"], lookbackWindow=window)
    return by_ad_set(row for row in report if row["Hour"] == f"{end - QUARTER:%H}")


def brought(quarter: datetime) -> dict[str, Figures]:
    """What each ad set had in the quarter of an hour that begins then."""
    after, before = so_far(quarter + QUARTER), so_far(quarter) if quarter.minute else {}
    return {
        ad_set: (now[0] - old[0], now[1] - old[1], now[2] - old[2])
        for ad_set, now in after.items()
        for old in [before.get(ad_set, NOTHING)]
    }


def quarters(moment: datetime, window: int) -> list[datetime]:
    """Those of the running hour that are over, and those of the hours of UTC before it."""
    hour = moment.replace(minute=0, second=0)
    first = hour - timedelta(hours=window - 1)
    return [first + number * QUARTER for number in range((moment - first) // QUARTER)]


def called(quarter: datetime, zone: str) -> dict[str, str]:
    """What the calendar on a wall of that zone says."""
    there = quarter.astimezone(ZoneInfo(zone))
    year, week, _ = there.isocalendar()
    return {
        "Year": str(date(there.year, 1, 1)),
        "Month": str(date(there.year, there.month, 1)),
        "Week": str(date.fromisocalendar(year, week, 1)),
        "Day": str(there.date()),
        "Hour": there.isoformat()[11:13],
    }


def expected(moment: datetime, wanted: list[str], window: int, zone: str) -> dict[tuple[str, ...], Figures]:
    """Every row of a report, latest first: figures by the values of the dimensions."""
    found: dict[tuple[str, ...], list[Figures]] = {}
    for quarter in reversed(quarters(moment, window)):
        for ad_set, each in brought(quarter).items():
            values = named()[ad_set] | called(quarter, zone)
            found.setdefault(tuple(values[name] for name in wanted), []).append(each)
    return {key: added(each) for key, each in found.items() if added(each)[0]}


@given(moments, dimensions, hours, zones, spellings, st.permutations(METRICS))
@settings(PATIENT, max_examples=120)
def test_a_report_is_the_ledger_added_up(
    moment: datetime, wanted: list[str], window: int, zone: str, spelling: Any, metrics: list[str]
) -> None:
    keys, units = [spelling(name) for name in wanted], [name for name in wanted if name in UNITS]
    report = rows(moment, dimensions=keys, metrics=[spelling(name) for name in metrics], lookbackWindow=window, timezone=zone)
    assert all(list(row) == [spelling(name) for name in (*wanted, *metrics)] for row in report)
    assert all(type(value) is str for row in report for value in row.values())
    plain = [dict(zip((*wanted, *metrics), row.values(), strict=True)) for row in report]
    told = {tuple(row[name] for name in wanted): figures(row) for row in plain}
    assert len(told) == len(plain)
    assert told == expected(moment, wanted, window, zone)
    moved = list(dict.fromkeys(tuple(row[name] for name in units) for row in plain))
    assert moved == list(expected(moment, units, window, zone))


@given(moments, dimensions, st.integers(1, 24), zones)
@settings(PATIENT, max_examples=60)
def test_no_dimension_and_no_time_zone_moves_a_total(moment: datetime, wanted: list[str], window: int, zone: str) -> None:
    [whole] = rows(moment, dimensions=[], lookbackWindow=window) or [dict.fromkeys(METRICS, "0")]
    assert totals(rows(moment, dimensions=wanted, lookbackWindow=window, timezone=zone)) == figures(whole)


@given(moments, st.integers(1, 24), st.integers(1, 24))
@settings(PATIENT, max_examples=40)
def test_a_longer_look_back_holds_the_shorter(moment: datetime, one: int, other: int) -> None:
    shorter, longer = (
        rows(moment, dimensions=["AdsetId", "Day", "Hour"], lookbackWindow=window) for window in sorted((one, other))
    )
    assert longer[: len(shorter)] == shorter


@given(moments, st.integers(0, 48))
@settings(PATIENT, max_examples=40)
def test_the_hours_that_are_over_stay_as_they_were_told(moment: datetime, later: int) -> None:
    wanted = ["AdsetId", "Day", "Hour"]
    now = rows(moment, dimensions=wanted, lookbackWindow=12)
    then = rows(moment + later * QUARTER, dimensions=wanted, lookbackWindow=24)
    over = [row for row in now if row["Hour"] != f"{moment:%H}"]
    assert over
    assert [row for row in over if row not in then] == []


@given(moments, zones)
@settings(PATIENT, max_examples=40)
def test_no_row_has_more_clicks_than_displays_and_only_clicks_cost(moment: datetime, zone: str) -> None:
    report = rows(moment, dimensions=["AdsetId", "Day", "Hour"], lookbackWindow=24, timezone=zone)
    prices: dict[str, set[Decimal]] = defaultdict(set)
    for row in report:
        displays, clicks, cost = figures(row)
        assert 0 <= clicks <= displays > 0
        assert (cost == 0) is (clicks == 0)
        prices[row["AdsetId"]] |= {cost / clicks} if clicks else set()
    assert all(len(each) <= 1 for each in prices.values())


@given(moments, st.sampled_from(sorted(RATES)), zones)
@settings(PATIENT, max_examples=60)
def test_a_currency_changes_the_cost_by_its_rate_and_nothing_else(moment: datetime, currency: str, zone: str) -> None:
    euros, others = (rows(moment, dimensions=["AdsetId", "Hour"], timezone=zone, currency=each) for each in ("EUR", currency))
    for euro, other in zip(euros, others, strict=True):
        assert euro | {"Cost": ""} == other | {"Cost": ""}
        _, clicks, cost = figures(euro)
        price = (cost / clicks * RATES[currency]).quantize(Decimal("0.001"), ROUND_HALF_UP) if clicks else Decimal(0)
        assert Decimal(other["Cost"]) == clicks * price


def test_the_same_seed_tells_the_same_and_another_tells_another() -> None:
    one, same, other = (rows(datetime.fromisoformat(TODAY), engine_of(seed=seed)) for seed in (1, 1, 2))
    assert one == same != other
