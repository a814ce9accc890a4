"""What is seen of Shoplive's campaign statistics."""

from collections.abc import Iterator
from typing import Any

from mockserver.check.customer_token import customer_token
from mockserver.check.readings.observer import Contradicted, Observer, Unseen, chosen, succeeded
from mockserver.check.session import Answer, Session
from mockserver.clock import parse_moment, written

_WEEK = 7 * 24 * 3600
_WEEKS = 8
_SHORTEST = 60
_FIGURES = ("totalViewers", "totalViewingTime", "likes", "chats", "productClicks", "bannerClicks")
_CUSTOMER = frozenset({"customer"})


def _token(session: Session) -> str:
    assert session.setting.customer is not None, "the need `customer` was looked at"
    return customer_token(session.setting.customer, session.wire.now() + 600)


def _stats(session: Session, start: float, end: float, key: str = "", scheme: str = "Bearer ") -> Answer:
    """The statistics of a period, in seconds since 1970, of all campaigns or one."""
    assert session.setting.customer is not None, "the need `customer` was looked at"
    query = {"from": f"{written(start)[:19]}Z", "to": f"{written(end)[:19]}Z", **({"campaignKeys": key} if key else {})}
    path = {"accessKey": session.setting.customer.access_key}
    return session.ask("retrieveCampaignStats", path=path, query=query, authorization=f"{scheme}{_token(session)}")


def _campaigns(session: Session) -> Iterator[tuple[dict[str, Any], float, float, float]]:
    """Campaigns of the last weeks that have ended: each with when it was scheduled, started and ended."""
    for week in range(_WEEKS):
        end = session.wire.now() - week * _WEEK
        answer = succeeded(_stats(session, end - _WEEK, end), "the statistics of a week")
        found = answer.at("body/results")
        for each in found if isinstance(found, list) else ():
            moments = [each.get(name) for name in ("scheduledAt", "startedAt", "endedAt")]
            if all(moments):
                scheduled, started, ended = map(parse_moment, moments)
                yield each, scheduled, started, ended


def _campaign_in_period(session: Session) -> str:
    for each, scheduled, started, ended in _campaigns(session):
        start = max(scheduled, started) + _SHORTEST
        if start < ended:
            answer = succeeded(_stats(session, start, ended, each["campaignKey"]), "a period after the scheduled start")
            many = len(answer.at("body/results"))
            return chosen(many, {1: "live-interval", 0: "scheduled-start"}, "how many campaigns there are")
    raise Unseen(f"in {_WEEKS} weeks no campaign has ended later than it was to start")


def _campaign_activity(session: Session) -> str:
    for each, scheduled, started, ended in _campaigns(session):
        first, half = min(scheduled, started), max(scheduled, (started + ended) // 2)
        if half >= ended or ended - first > _WEEK or not any(each.get(name) for name in _FIGURES):
            continue
        whole, part = (
            succeeded(_stats(session, first, until, each["campaignKey"]), "a part of a campaign").at("body/results/0")
            for until in (ended, half)
        )
        if not (isinstance(whole, dict) and isinstance(part, dict)):
            continue
        compared = [(part[name], whole[name]) for name in _FIGURES]
        if all(of == all_ for of, all_ in compared):
            return "whole-campaign"
        if all(of <= all_ for of, all_ in compared):
            return "period-only"
        raise Contradicted("some figures of a part of a campaign are greater than those of the whole")
    raise Unseen(f"in {_WEEKS} weeks no campaign that has ended was seen by anybody")


def _bare_token(session: Session) -> str:
    now = session.wire.now()
    succeeded(_stats(session, now - 3600, now), "a token after the word Bearer")
    answer = _stats(session, now - 3600, now, scheme="")
    return chosen(answer.status, {200: "accepted", 401: "refused"}, "the status")


OBSERVERS = {
    "campaign-in-period": Observer(_campaign_in_period, _CUSTOMER),
    "campaign-activity": Observer(_campaign_activity, _CUSTOMER, shows=2),
    "bare-token": Observer(_bare_token, _CUSTOMER),
}
