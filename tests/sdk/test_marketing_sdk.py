"""Criteo's Python SDK of the preview for marketing solutions asks for realtime reports."""

import json
from decimal import Decimal

import pytest
from sdks import MARKETING, cached, imported

PACKAGE, REQUIREMENT = next(iter(MARKETING.items()))
# The SDKs reckon a token's age with a function that Python 3.12 deprecated.
pytestmark = pytest.mark.filterwarnings(rf"ignore:datetime\.datetime\.utcnow:DeprecationWarning:{PACKAGE}")

DEFAULTS = ["AdvertiserId", "Advertiser", "CampaignId", "Campaign", "AdsetId", "Adset", "Day", "Hour"]
METRICS = ["Displays", "Clicks", "Cost"]


@pytest.fixture
def sdk(pytestconfig, monkeypatch):
    monkeypatch.syspath_prepend(cached(REQUIREMENT, pytestconfig))
    return imported(PACKAGE, "analytics")


@pytest.fixture
def api(sdk, server):
    return sdk.connected(server.url)


def report(sdk, api, *advertisers, **attributes):
    """The rows of a report."""
    models = sdk.models
    asked = models.GenerateRealtimeStatisticsReportRequestAttributes(advertiser_ids=list(advertisers), **attributes)
    resource = models.GenerateRealtimeStatisticsReportRequestAttributesResource(type="Report", attributes=asked)
    request = models.GenerateRealtimeStatisticsReportRequestAttributesRequest(data=resource)
    answer = api.get_realtime_statistics_report(generate_realtime_statistics_report_request_attributes_request=request)
    assert (answer.errors, answer.warnings) == ([], [])
    assert [each.type for each in answer.data] == ["RealtimeStatisticsReport"]
    return answer.data[0].attributes.rows


def total(rows, metric):
    return sum(Decimal(row[metric]) for row in rows)


def test_a_report_of_an_advertiser_has_every_hour_of_twelve(sdk, api, server):
    server.engine.world.clock.advance(1800)  # from ten to half past ten
    rows = report(sdk, api, "123")
    assert {tuple(row) for row in rows} == {(*DEFAULTS, *METRICS)}
    assert {row["AdvertiserId"] for row in rows} == {"123"}
    assert len({(row["Day"], row["Hour"]) for row in rows}) == 12
    assert total(rows, "Displays") > 0


@pytest.mark.parametrize("dimension", ["Advertiser", "CampaignId", "Adset", "Year", "Month", "Week", "Day", "Hour"])
def test_any_dimension_sums_up_to_the_same(sdk, api, dimension):
    rows = report(sdk, api, "123", "456", dimensions=[dimension], metrics=METRICS)
    assert {tuple(row) for row in rows} == {(dimension, *METRICS)}
    every = report(sdk, api, "123", "456")
    assert [total(rows, metric) for metric in METRICS] == [total(every, metric) for metric in METRICS]


def test_a_report_is_narrowed_by_campaign_and_by_ad_set(sdk, api):
    asked = {"campaign_ids": ["111"], "adset_ids": ["135"], "dimensions": ["Campaign", "Adset"], "metrics": ["Clicks"]}
    rows = report(sdk, api, "123", **asked)
    assert [(row["Campaign"], row["Adset"]) for row in rows] == [("Spring beans", "Homepage")]


def test_timezone_currency_and_look_back_are_taken(sdk, api):
    settings = {"lookback_window": 24, "currency": "JPY", "timezone": "Asia/Kathmandu"}
    yen = report(sdk, api, "123", dimensions=["Advertiser"], metrics=METRICS, **settings)
    euro = report(sdk, api, "123", dimensions=["Advertiser"], metrics=METRICS, lookback_window=24)
    assert yen[0]["Displays"] == euro[0]["Displays"]
    assert total(yen, "Cost") > total(euro, "Cost") * 100
    assert total(euro, "Displays") > total(report(sdk, api, "123"), "Displays")


def refused(sdk, api, exception, *advertisers, **attributes):
    with pytest.raises(exception) as caught:
        report(sdk, api, *advertisers, **attributes)
    problem = json.loads(caught.value.body)["errors"][0]
    return caught.value.status, problem["code"], problem["title"]


def test_an_unknown_timezone_is_an_exception_in_criteos_words(sdk, api):
    status, code, title = refused(sdk, api, sdk.exceptions.ApiException, "123", timezone="Mars/Olympus")
    assert (status, code) == (400, "invalid")
    assert title.startswith("Time zone Mars/Olympus is not valid.")


def test_an_advertiser_not_ours_is_a_forbidden_exception(sdk, api):
    status, code, _ = refused(sdk, api, sdk.exceptions.ForbiddenException, "999")
    assert (status, code) == (403, "insufficient-account-permissions")


def test_a_campaign_that_is_not_there_is_a_forbidden_exception(sdk, api):
    assert refused(sdk, api, sdk.exceptions.ForbiddenException, "123", campaign_ids=["1"])[0] == 403


def test_a_request_without_a_body_is_an_exception(sdk, api):
    with pytest.raises(sdk.exceptions.ApiException) as caught:
        api.get_realtime_statistics_report()
    assert caught.value.status in (400, 415)


def test_a_wrong_secret_is_an_unauthorized_exception(sdk, server):
    with pytest.raises(sdk.exceptions.UnauthorizedException):
        report(sdk, sdk.connected(server.url, secret="wrong"), "123")
