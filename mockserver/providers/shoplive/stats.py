"""Campaign statistics: what happened in the campaigns of a period."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from mockserver.clock import written
from mockserver.evidence import Rule, assumed, guide, inferred
from mockserver.problem import Problem, Refused
from mockserver.provider import Call, Reply
from mockserver.providers.shoplive.dialect import INVALID_ARGUMENT
from mockserver.providers.shoplive.records import Campaign
from mockserver.providers.shoplive.sources import STATS_PAGE
from mockserver.providers.shoplive.world import ShopliveWorld

WEEK = 7 * 24 * 3600

TOO_LONG = Problem(400, "shoplive", "-510", "Invalid argument", guide(STATS_PAGE, unproven="the code"))
BACKWARDS = Problem(
    400, "shoplive", "-510", "Invalid argument", assumed("nobody published what a period that ends first answers")
)
FILTER = Rule(
    "campaign-keys",
    "campaignKeys narrows the period's campaigns: keys that are unknown, foreign or outside it are silently absent.",
    inferred(f"it is described as a filter: {STATS_PAGE}"),
)
READY = Rule("ready-campaigns", "A campaign that has not started has no statistics.", assumed("it has no startedAt to show"))
NEWEST_FIRST = Rule("stats-order", "The campaign that started last comes first.", assumed("as the campaign search's default"))
AVERAGES = Rule(
    "averages",
    "averageViewingTime is the viewing time per viewer in whole seconds; the others are per viewer who took part, averageLikes "
    "whole, averageChats and averageProductClicks to one decimal; none of nobody is 0.",
    inferred(f"the sample's 1851840 / 123456 = 15 confirms the first, its 1 and 1.0 suggest the forms: {STATS_PAGE}"),
)
ENDED_LATER = Rule("ended-at", "endedAt is null while the campaign is on air.", inferred("as the campaign object's field"))


def campaign_stats(call: Call[ShopliveWorld]) -> Reply:
    """An entry for each campaign of the period that has started."""
    start, end = _moment(call, "from"), _moment(call, "to")
    if end < start:
        raise Refused(BACKWARDS.at("to", detail="to is before from", instead=lambda: _written(start)))
    if end - start > WEEK:
        detail = "the period is longer than seven days"
        raise Refused(TOO_LONG.at("to", detail=detail, instead=lambda: _written(start + WEEK)))
    keys = {key.strip() for key in (call.parameters["campaignKeys"] or "").split(",")} - {""}
    found = [
        campaign
        for campaign in call.world.around(call.caller.customer, start, end)
        if (not keys or campaign.key in keys) and campaign.status(call.now) != "READY" and _belongs(campaign, start, end, call)
    ]
    found.sort(key=lambda campaign: (campaign.started_at, campaign.id), reverse=True)
    return Reply({"results": list(_entries(found, start, end, call))})


def _moment(call: Call[ShopliveWorld], name: str) -> float:
    try:
        return datetime.strptime(call.parameters[name], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()
    except ValueError:
        raise Refused(INVALID_ARGUMENT.at(name, detail=f"{name}: there is no such day")) from None


def _belongs(campaign: Campaign, start: float, end: float, call: Call[ShopliveWorld]) -> bool:
    if call.readings["campaign-in-period"] == "scheduled-start":
        return campaign.scheduled_at is not None and start <= campaign.scheduled_at <= end
    assert campaign.started_at is not None
    return campaign.started_at <= end and _until(campaign, call.now) >= start


def _until(campaign: Campaign, now: float) -> float:
    return now if campaign.ended_at is None else min(campaign.ended_at, now)


def _entries(campaigns: Iterable[Campaign], start: float, end: float, call: Call[ShopliveWorld]) -> Iterable[dict[str, Any]]:
    whole = call.readings["campaign-activity"] == "whole-campaign"
    for campaign in campaigns:
        assert campaign.started_at is not None
        until = _until(campaign, call.now)
        first, last = (campaign.started_at, until) if whole else (max(start, campaign.started_at), min(end, until))
        yield _entry(campaign, first, last, call.now)


def _entry(campaign: Campaign, start: float, end: float, now: float) -> dict[str, Any]:
    figures = campaign.activity.between(start, end)
    return {
        "campaignId": str(campaign.id),
        "campaignKey": campaign.key,
        "accessKey": campaign.access_key,
        "title": campaign.title,
        "scheduledAt": _written(campaign.scheduled_at),
        "startedAt": _written(campaign.started_at),
        "endedAt": _written(campaign.ended_at) if campaign.status(now) == "ENDED" else None,
        "totalViewers": figures.viewers,
        "totalLoginViewers": figures.login_viewers,
        "peakConcurrentViewers": figures.peak_viewers,
        "newLoginViewers": figures.new_login_viewers,
        "averageViewingTime": figures.viewing_time // figures.viewers if figures.viewers else 0,
        "totalViewingTime": figures.viewing_time,
        "likes": figures.likes,
        "likeViewers": figures.like_viewers,
        "averageLikes": figures.likes // figures.like_viewers if figures.like_viewers else 0,
        "chats": figures.chats,
        "chatViewers": figures.chat_viewers,
        "averageChats": _per(figures.chats, figures.chat_viewers),
        "productClicks": figures.product_clicks,
        "productClickViewers": figures.product_click_viewers,
        "averageProductClicks": _per(figures.product_clicks, figures.product_click_viewers),
        "bannerClicks": figures.banner_clicks,
    }


def _per(total: int, people: int) -> float:
    return round(total / people, 1) if people else 0.0


def _written(moment: float | None) -> str | None:
    return None if moment is None else f"{written(moment)[:19]}Z"
