"""Shoplive's campaigns as time goes on: not there before they start, without an end while on air, and then unchanged."""

from mockserver.check.law import Check, Effort, Opening, Way, opened
from mockserver.check.laws.periods import DAY, Entry, averages, belongs, entries, keys, period, read
from mockserver.check.session import Answer, Session
from mockserver.evidence import assumed, inferred
from mockserver.providers.shoplive.sources import STATS_PAGE

_GROWING = (
    *("totalViewers", "totalLoginViewers", "newLoginViewers", "totalViewingTime", "likes", "likeViewers", "chats"),
    *("chatViewers", "productClicks", "productClickViewers", "bannerClicks", "peakConcurrentViewers"),
)


def _foretold(opening: Opening, days: int = 3) -> list[Entry]:
    """The campaigns that start and end in the days to come, the first first: seen in a world that goes on to then."""
    with opened(opening) as session:
        now = int(session.wire.now())
        session.advance(days * DAY)
        found = entries(period(session, now, now + days * DAY))
        to_come = [entry for entry in found if read(entry["startedAt"]) > now + 1 and entry["endedAt"] is not None]
        return list(reversed(to_come))


def _to(session: Session, moment: float) -> None:
    session.advance(max(moment - session.wire.now(), 0))


def _around(session: Session, entry: Entry) -> Answer:
    """All that a day before and after an hour of a campaign has of it."""
    start = read(entry["startedAt"]) - DAY
    return period(session, start, start + 3 * DAY, entry["campaignKey"]).says(200)


def _not_before_it_starts(opening: Opening, effort: Effort) -> None:
    for entry in _foretold(opening)[:3]:
        with opened(opening) as session:
            start = read(entry["startedAt"])
            _to(session, start - 1)
            _around(session, entry).holds("body/results", [], why="a campaign that has not started has no statistics")
            _to(session, start)
            answer = _around(session, entry)
            answer.holds("body/results/*/campaignKey", [entry["campaignKey"]]).holds("body/results/0/endedAt", None)
            for name in ("title", "scheduledAt", "startedAt", "campaignId"):
                answer.holds(f"body/results/0/{name}", entry[name])


def _ends_to_the_second(opening: Opening, effort: Effort) -> None:
    for entry in _foretold(opening)[:3]:
        with opened(opening) as session:
            end = read(entry["endedAt"])
            _to(session, end - 1)
            _around(session, entry).holds("body/results/0/endedAt", None, why="it is on air")
            _to(session, end)
            _around(session, entry).holds("body/results", [entry], why="it has ended")


def _grows_and_then_stays(opening: Opening, effort: Effort) -> None:
    for entry in _foretold(opening)[:2]:
        with opened(opening) as session:
            start, end = read(entry["startedAt"]), read(entry["endedAt"])
            last: Entry = dict.fromkeys(_GROWING, 0)
            for share in (0, 0.1, 0.3, 0.5, 0.8, 0.99, 1):
                _to(session, int(start + (end - start) * share))
                answer = _around(session, entry)
                for name in _GROWING:
                    answer.holds(f"body/results/0/{name}", last[name], "is at least", "counts never shrink")
                    if share == 0:
                        answer.holds(f"body/results/0/{name}", 0, why="nothing has happened yet")
                    elif share == 0.5 and entry[name] > 100 and name != "peakConcurrentViewers":
                        answer.holds(f"body/results/0/{name}", entry[name], "is less than", "more is to come")
                last = entries(answer)[0]
            for seconds in (1, 3600, DAY):
                session.advance(seconds)
                _around(session, entry).holds("body/results", [entry], why="what has ended stays as it was")


def _averages_on_air(opening: Opening, effort: Effort) -> None:
    for entry in _foretold(opening)[:2]:
        with opened(opening) as session:
            start, end = read(entry["startedAt"]), read(entry["endedAt"])
            for second in (1, 7, 61, 119, 301, 777, 1201, end - start - 1):
                _to(session, start + second)
                averages(_around(session, entry))


def _nothing_to_come(opening: Opening, effort: Effort) -> None:
    to_come = {entry["campaignKey"] for entry in _foretold(opening, 7)}
    with opened(opening) as session:
        now = int(session.wire.now())
        for days in (0, 1, 30):
            answer = period(session, now + days * DAY + 1, now + days * DAY + 7 * DAY)
            found = entries(answer)
            started = [entry for entry in found if read(entry["startedAt"]) <= session.wire.now()]
            answer.holds("body/results", started, why="only what has started")
            answer.holds("body/results/*/campaignKey", [key for key in keys(found) if key not in to_come])


def _on_air_belongs(opening: Opening, effort: Effort) -> None:
    """A campaign on air has been live until now, and no further."""
    for entry in _foretold(opening)[:2]:
        with opened(opening) as session:
            start, end = read(entry["startedAt"]), read(entry["endedAt"])
            now = (start + end) // 2
            _to(session, now)
            for first, last in ((now, now), (now - 1, now), (start, start), (start - 1, start - 1), (now - 60, now + 60)):
                wanted = [entry["campaignKey"]] if belongs(session, entry, first, last) else []
                answer = period(session, first, last, entry["campaignKey"])
                answer.says(200).holds("body/results/*/campaignKey", wanted)
            period(session, now + 1, now + 60, entry["campaignKey"]).says(200).holds(
                "body/results", _later(session, entry, now)
            )


def _later(session: Session, entry: Entry, now: int) -> list[Entry]:
    """What the seconds after now have of a campaign on air: nothing, unless it is scheduled for then."""
    scheduled = session.readings["campaign-in-period"] == "scheduled-start" and entry["scheduledAt"] is not None
    if scheduled and now < read(entry["scheduledAt"]) <= now + 60:
        return entries(period(session, now + 1, now + 60, entry["campaignKey"]))
    return []


_LIFE = inferred(f"statistics are of what happened: {STATS_PAGE}")
_READY = assumed("a campaign that has not started has no startedAt to show")
_ID = ("retrieveCampaignStats",)
_NEEDS = frozenset({"customer", "clock", "fresh"})


CHECKS: tuple[Check, ...] = (
    Check(
        "laws/shoplive-not-before-it-starts",
        "laws",
        "A campaign is there from the second it starts.",
        _READY,
        Way(_not_before_it_starts, 1),
        _ID,
        _NEEDS,
    ),
    Check(
        "laws/shoplive-ends-to-the-second",
        "laws",
        "endedAt is null until the second a campaign ends.",
        _LIFE,
        Way(_ends_to_the_second, 1),
        _ID,
        _NEEDS,
    ),
    Check(
        "laws/shoplive-grows-and-then-stays",
        "laws",
        "Figures grow while a campaign is on air and stay when it has ended.",
        _LIFE,
        Way(_grows_and_then_stays, 1),
        _ID,
        _NEEDS,
    ),
    Check(
        "laws/shoplive-averages-on-air",
        "laws",
        "Averages follow from what they are averages of at any moment.",
        inferred(f"the sample's 1851840 / 123456 = 15 confirms the first: {STATS_PAGE}"),
        Way(_averages_on_air, 1),
        _ID,
        _NEEDS,
    ),
    Check(
        "laws/shoplive-nothing-to-come",
        "laws",
        "No period tells of campaigns that are still to start.",
        _READY,
        Way(_nothing_to_come, 1),
        _ID,
        _NEEDS,
    ),
    Check(
        "laws/shoplive-on-air-belongs",
        "laws",
        "A campaign on air has been live until now.",
        _LIFE,
        Way(_on_air_belongs, 1),
        _ID,
        _NEEDS,
    ),
)
