"""The laws about realtime reports and Shoplive's statistics: true of the fake, and broken by each lie here."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from law_trials import MOMENTS, QUICK, Spoil, alarms, alternatives, checks_of, each, lying, named, results, rows, told

from mockserver.check.law import Effort
from mockserver.check.laws import (
    realtime,
    realtime_filters,
    realtime_rules,
    realtime_time,
    realtime_zones,
    shoplive,
    shoplive_figures,
    shoplive_identity,
    shoplive_time,
)
from mockserver.check.laws.figures import folded, moved
from mockserver.check.running import run_one
from mockserver.message import Request, Response
from mockserver.providers.criteo import calendar, realtime_rows
from mockserver.providers.criteo import realtime as reports
from mockserver.providers.shoplive import activity, stats
from mockserver.providers.shoplive import identity as customers

CHECKS = checks_of(
    *(realtime, realtime_zones, realtime_time, realtime_rules, realtime_filters),
    *(shoplive, shoplive_figures, shoplive_time, shoplive_identity),
)
READINGS = ("lookback-range", "empty-problem-lists", "campaign-in-period", "campaign-activity", "bare-token")


def test_no_two_checks_have_one_name():
    assert len({check.name for check in CHECKS}) == len(CHECKS)


@pytest.mark.parametrize("moment", MOMENTS)
def test_the_truth_raises_no_alarm_at_any_time(moment: str):
    assert alarms(CHECKS, moment=moment) == []


@pytest.mark.parametrize("chosen", alternatives(*READINGS), ids=str)
def test_the_truth_raises_no_alarm_under_any_reading(chosen: dict[str, str]):
    assert alarms(CHECKS, readings=chosen) == []


def test_the_truth_raises_no_alarm_under_two_readings_of_periods_at_once():
    statistics = checks_of(shoplive, shoplive_figures, shoplive_time)
    chosen = {"campaign-in-period": "scheduled-start", "campaign-activity": "period-only"}
    assert alarms(statistics, readings=chosen) == []


@pytest.mark.parametrize("seed", range(10))
def test_the_truth_raises_no_alarm_whatever_chance_does(seed: int):
    drawn = [check for check in CHECKS if "drawn" in check.name]
    assert len(drawn) == 3
    assert alarms(drawn, Effort(share=0.4, seed=seed, shrink=False)) == []


def test_a_week_has_campaigns_and_a_day_has_rows_to_be_looked_at():
    venue = lying(None)
    calls = {check.name: run_one(check, venue, QUICK).calls for check in CHECKS}
    assert calls["laws/shoplive-belonging"] > 40
    assert calls["laws/shoplive-grows-and-then-stays"] > 15
    assert calls["laws/realtime-anothers-campaign"] > 20


def _row(day: str, hour: str, ad_set: str, displays: int, cost: str = "0.500") -> dict[str, str]:
    names = {"AdvertiserId": "1", "Advertiser": "A", "CampaignId": ad_set[:1], "Campaign": "C", "AdsetId": ad_set, "Adset": "S"}
    return {**names, "Day": day, "Hour": hour, "Displays": str(displays), "Clicks": "1", "Cost": cost}


def test_rows_are_folded_latest_first_and_by_ids_as_numbers():
    fine = [_row("2026-01-02", "00", "20", 1), _row("2026-01-01", "23", "100", 2), _row("2026-01-01", "23", "20", 4)]
    by_day = [("2026-01-02", "20", "1", "0.500"), ("2026-01-01", "100", "2", "0.500"), ("2026-01-01", "20", "4", "0.500")]
    found = folded(fine, ("Day", "adsetId"), ("Displays", "Cost"))
    assert [tuple(row.values()) for row in found] == by_day
    assert folded(fine, (), ("displays",)) == [{"displays": "7"}]
    assert folded([], (), ("displays",)) == []


def test_a_moment_has_the_names_of_its_zone():
    assert moved(_row("2026-12-31", "23", "1", 1), "Europe/Paris") == _row("2027-01-01", "00", "1", 1) | {
        "Year": "2027-01-01",
        "Month": "2027-01-01",
        "Week": "2026-12-28",
    }


def _more(member: str, of: str | None = None, by: int = 1) -> Callable[[list[dict[str, str]]], None]:
    """A figure more in every row that has a dimension."""

    def change(found: list[dict[str, str]]) -> None:
        for row in found:
            if member in row and (of is None or of in row):
                row[member] = str(int(row[member]) + by)

    return change


def _unless(member: str, change: Callable[[list[dict[str, str]]], None]) -> Callable[[list[dict[str, str]]], None]:
    def changed(found: list[dict[str, str]]) -> None:
        if found and member not in found[0]:
            change(found)

    return changed


def _bigger(member: str) -> Callable[[dict[str, Any]], None]:
    def change(entry: dict[str, Any]) -> None:
        entry[member] += 1

    return change


def _only(status: int, instead: int) -> Spoil:
    def spoil(request: Request, response: Response) -> Response | None:
        return Response(instead, response.headers, response.body) if response.status == status else None

    return spoil


SPOILS: dict[str, tuple[str, Spoil]] = {
    "a total that does not add up": ("realtime-groupings-add-up", rows(_unless("Hour", _more("Displays")))),
    "clicks of a campaign counted twice": (
        "realtime-groupings-add-up",
        rows(_unless("AdsetId", _more("Clicks", "CampaignId"))),
    ),
    "a row lost": ("realtime-groupings-add-up", rows(_unless("Hour", lambda found: found.pop()))),
    "rows earliest first": ("realtime-latest-first", rows(lambda found: found.reverse())),
    "more clicks than displays": ("realtime-never-more-clicks", rows(_more("Clicks", by=10**6))),
    "a row a second time": ("realtime-each-advertiser", rows(lambda found: found.extend(found[:1]))),
    "names in lower case": (
        "realtime-keys-as-asked",
        rows(
            lambda found: found.__setitem__(slice(None), [{key.lower(): value for key, value in row.items()} for row in found])
        ),
    ),
    "campaigns of the week before": ("shoplive-belonging", results(lambda found: found.extend(found[:1]))),
    "oldest first": ("shoplive-newest-first", results(lambda found: found.reverse())),
    "viewing time rounded up": ("shoplive-averages", results(each(_bigger("averageViewingTime")))),
    "likes rounded up": ("shoplive-averages", results(each(_bigger("averageLikes")))),
    "chats in hundredths": (
        "shoplive-averages-on-air",
        results(each(lambda entry: entry.update(averageChats=entry["chats"] / max(entry["chatViewers"], 1)))),
    ),
    "more logged in than there are": (
        "shoplive-parts-and-wholes",
        results(each(lambda entry: entry.update(totalLoginViewers=entry["totalViewers"] + 1))),
    ),
    "no end": ("shoplive-belonging", results(each(lambda entry: entry.update(endedAt=None)))),
    "another's key": ("shoplive-newest-first", results(each(lambda entry: entry.update(accessKey="x")))),
    "403 for 401": ("shoplive-wrong-key", _only(401, 403)),
}


@pytest.mark.parametrize("lie", SPOILS)
def test_a_spoiled_answer_is_caught(lie: str):
    name, spoil = SPOILS[lie]
    outcome = run_one(named(CHECKS, name), lying(spoil), QUICK)
    assert outcome.verdict == "failed", told(outcome)


UNITS = calendar.UNITS
PRICE = realtime_rows._price.__wrapped__
BELONGS = stats._belongs
BUCKETS = reports.buckets


def _sunday(moment: Any) -> str:
    return calendar.day(moment - timedelta(days=(moment.weekday() + 1) % 7))


def _ad_sets_of_any(said: Any, call: Any) -> Any:
    return [each for advertiser in said["advertiserIds"] for each in call.world.ad_sets[str(advertiser)]]


def _an_hour_early(units: Any, start: int, end: int, zone: Any) -> Any:
    return BUCKETS(units, start - 4, end - 4, zone)


def _an_hour_short(units: Any, start: int, end: int, zone: Any) -> Any:
    return BUCKETS(units, min(start + 4, end), end, zone)


def _to_the_minute(units: Any, start: int, end: int, zone: Any) -> Any:
    return BUCKETS(units, start, end - end % 4, zone)


def _whole_only(campaign: Any, start: float, end: float, call: Any) -> bool:
    return campaign.ended_at is not None and start <= campaign.started_at and campaign.ended_at <= end


def _end_left_out(campaign: Any, start: float, end: float, call: Any) -> bool:
    return BELONGS(campaign, start, end, call) and campaign.started_at < end


PATCHES: dict[str, tuple[str, Any, str, Any]] = {
    "weeks from Sunday": ("realtime-groupings-add-up", calendar, "UNITS", {**UNITS, "week": _sunday}),
    "hours of one figure": ("realtime-groupings-add-up", calendar, "UNITS", {**UNITS, "hour": lambda moment: str(moment.hour)}),
    "hours from one": (
        "realtime-tells-of-the-hours",
        calendar,
        "UNITS",
        {**UNITS, "hour": lambda at: f"{(at.hour + 1) % 24:02}"},
    ),
    "months of their day": ("realtime-groupings-add-up", calendar, "UNITS", {**UNITS, "month": UNITS["day"]}),
    "filters ignored": ("realtime-campaigns-narrow", reports, "_ad_sets", _ad_sets_of_any),
    "a window an hour early": ("realtime-tells-of-the-hours", reports, "buckets", _an_hour_early),
    "a window an hour short": ("realtime-tells-of-the-hours", reports, "buckets", _an_hour_short),
    "only full hours": ("realtime-running-hour-fills", reports, "buckets", _to_the_minute),
    "zones ignored": ("realtime-zones-shift-labels", reports, "_zone", lambda name: reports.ZoneInfo("UTC")),
    "any zone will do": ("realtime-time-zones", reports, "_zone", lambda name: reports.ZoneInfo("UTC")),
    "a default of 13 hours": ("realtime-defaults", reports, "HOURS", 13),
    "another order by default": ("realtime-defaults", reports, "METRICS", ("Clicks", "Displays")),
    "currencies ignored": ("realtime-euro-and-yen", reports, "_rate", lambda currency, call: Decimal(1)),
    "prices that vary": (
        "realtime-currencies-add-up",
        realtime_rows,
        "_price",
        lambda millis, rate: PRICE(millis + 50 * (rate != 1), rate),
    ),
    "eight days": ("shoplive-week", stats, "WEEK", 8 * 86_400),
    "a second more than a week": ("shoplive-week", stats, "WEEK", 7 * 86_400 + 1),
    "a second less than a week": ("shoplive-week", stats, "WEEK", 7 * 86_400 - 1),
    "only whole campaigns": ("shoplive-belonging", stats, "_belongs", _whole_only),
    "the last second left out": ("shoplive-belonging", stats, "_belongs", _end_left_out),
    "all that was written": ("shoplive-keys-outside", stats, "_belongs", lambda campaign, start, end, call: True),
    "averages cut off": (
        "shoplive-averages-on-air",
        stats,
        "_per",
        lambda total, people: int(10 * total / people) / 10 if people else 0.0,
    ),
    "whatever signature": ("shoplive-wrong-signature", customers, "INVALID_SIGNATURE", customers.NOT_AUTHENTICATED),
    "figures at once": (
        "shoplive-grows-and-then-stays",
        activity.Spread,
        "_way",
        lambda self, moment: 1_000_000 - (moment > self.start),
    ),
}


@pytest.mark.parametrize("lie", PATCHES)
def test_a_fake_that_lies_is_caught(lie: str, monkeypatch: pytest.MonkeyPatch):
    name, place, member, instead = PATCHES[lie]
    if member == "UNITS":
        for unit, written in instead.items():
            monkeypatch.setitem(UNITS, unit, written)
    else:
        monkeypatch.setattr(place, member, instead)
    outcome = run_one(named(CHECKS, name), lying(None), QUICK)
    assert outcome.verdict == "failed", told(outcome)
