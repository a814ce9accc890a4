"""Shoplive's statistics: which periods are asked for, and which campaigns belong to them."""

from urllib.parse import quote

from hypothesis import strategies as st

from mockserver.check.law import Check, drawn
from mockserver.check.laws.minting import customer, stats
from mockserver.check.laws.periods import DAY, WEEK, Entry, belongs, entries, keys, last_week, period, read, whole
from mockserver.check.laws.stating import claim
from mockserver.check.session import Answer, Session
from mockserver.evidence import assumed, guide, inferred
from mockserver.providers.shoplive.sources import STATS_PAGE

_DAY = "from=2026-01-01T00:00:00Z"


def _refused(answer: Answer) -> None:
    answer.says(400).holds("body/_s", -510).holds("body/_e", ".+", "matches")


def _a_week_and_no_second_more(session: Session) -> None:
    now = int(session.wire.now())
    for start in (
        now - WEEK,
        now - 5,
        now - 30 * DAY + 1,
        now + DAY,
        read("2024-02-25T12:00:00Z"),
        read("2026-03-27T00:00:01Z"),
    ):
        for seconds in (0, 1, DAY, WEEK - 1, WEEK):
            period(session, start, start + seconds).says(200)
        for seconds in (WEEK + 1, WEEK + 60, WEEK + 3600, 8 * DAY, 400 * DAY):
            _refused(period(session, start, start + seconds))


def _drawn_lengths(session: Session, said: tuple[int, int]) -> None:
    start, seconds = said
    answer = period(session, start, start + seconds)
    if 0 <= seconds <= WEEK:
        answer.says(200)
    else:
        _refused(answer)


def _never_backwards(session: Session) -> None:
    now = int(session.wire.now())
    for seconds in (1, 60, 3600, DAY, WEEK, WEEK + 1):
        _refused(period(session, now, now - seconds))


def _both_ends(session: Session) -> None:
    for query in ("", _DAY, "to=2026-01-02T00:00:00Z", "from=&to=", f"{_DAY}&to=", f"{_DAY}&to=2026-01-02T00:00:00Z&{_DAY}"):
        _refused(stats(session, query))


_NO_MOMENTS = (
    *("2026-01-02", "2026-01-02T00:00:00", "2026-01-02T00:00:00+00:00", "2026-01-02T00:00:00.000Z", "2026-01-02T00:00:00z"),
    *("2026-01-02 00:00:00Z", "2026-01-02T24:00:00Z", "2026-01-02T23:60:00Z", "2026-01-02T23:59:60Z", "1767312000", "now"),
    *("2026-1-2T00:00:00Z", "2026-01-02T0:00:00Z", "20260102T000000Z", "2026-13-01T00:00:00Z", "2026-00-10T00:00:00Z"),
    *("2026-01-00T00:00:00Z", "2026-01-32T00:00:00Z", " 2026-01-02T00:00:00Z", "2026-01-02T00:00:00Z ", "02-01-2026"),
)

_NO_DAYS = ("2026-02-29", "2026-02-30", "2026-04-31", "2026-06-31", "2026-09-31", "2026-11-31", "2100-02-29")


def _one_form_only(session: Session) -> None:
    for moment in _NO_MOMENTS:
        _refused(stats(session, f"{_DAY}&to={quote(moment)}"))
        _refused(stats(session, f"from={quote(moment)}&to=2026-01-03T00:00:00Z"))


def _only_days_that_are(session: Session) -> None:
    for day in _NO_DAYS:
        _refused(stats(session, f"from={day}T00:00:00Z&to={day}T01:00:00Z"))
    for day in ("2024-02-29", "2026-02-28", "2026-12-31", "2000-02-29"):
        stats(session, f"from={day}T00:00:00Z&to={day}T23:59:59Z").says(200)


def _newest_first(session: Session) -> None:
    for start, end in (last_week(session), *((end - 8 * DAY, end - 2 * DAY) for _, end in [last_week(session)])):
        answer = period(session, start, end)
        started = [entry["startedAt"] for entry in entries(answer)]
        answer.holds("body/results/*/startedAt", sorted(started, reverse=True), why="the newest first")
        answer.holds("body/results/*/campaignKey", list(dict.fromkeys(keys(entries(answer)))), why="each campaign once")
        answer.holds("body/results/*/campaignId", list({entry["campaignId"]: 0 for entry in entries(answer)}))
        answer.holds("body/results/*/accessKey", [customer(session).access_key] * len(started))


def _ends_after_it_started(session: Session) -> None:
    answer = period(session, *last_week(session))
    for number, entry in enumerate(entries(answer)):
        if entry["endedAt"] is not None:
            seconds = read(entry["endedAt"]) - read(entry["startedAt"])
            later = entry["endedAt"] if seconds > 0 else f"a time after {entry['startedAt']}"
            answer.holds(f"body/results/{number}/endedAt", later)


def _belonging(session: Session) -> None:
    """Around the beginnings and ends of the campaigns of a week, second by second."""
    start, end = last_week(session)
    week = entries(period(session, start, end))
    _same(session, week, end, end)
    for entry in [each for each in week if whole(each, start + 10, end - 10)][:4]:
        moments = [read(entry[name]) for name in ("scheduledAt", "startedAt", "endedAt") if entry[name] is not None]
        for moment in moments:
            for first, last in ((0, 0), (-1, -1), (1, 1), (-1, 0), (0, 1), (-10, 10)):
                _same(session, week, moment + first, moment + last)
        _same(session, week, min(moments), max(moments))
        _same(session, week, min(moments) + 1, max(moments) - 1)


def _same(session: Session, week: list[Entry], start: int, end: int) -> None:
    wanted = [entry for entry in week if belongs(session, entry, start, end)]
    period(session, start, end).says(200).holds("body/results/*/campaignKey", keys(wanted), why="those of the week that belong")


def _drawn_periods_of_a_week(session: Session, said: tuple[int, int]) -> None:
    start, end = last_week(session)
    first, length = start + said[0], min(said[1], WEEK - said[0])
    _same(session, entries(period(session, start, end)), first, first + length)


def _adjacent_periods(session: Session) -> None:
    start, end = last_week(session)
    week = keys(entries(period(session, start, end)))
    for middle in (start + DAY, start + WEEK // 2, end - DAY, *_starts(session, start, end)):
        early, late = (keys(entries(period(session, *each))) for each in ((start, middle), (middle + 1, end)))
        answer = period(session, start, end)
        answer.holds("body/results/*/campaignKey", [key for key in week if key in {*early, *late}], why="what the parts have")


def _starts(session: Session, start: int, end: int) -> list[int]:
    return [read(entry["startedAt"]) for entry in entries(period(session, start, end))[1:3]]


def _asked_again(session: Session) -> None:
    start, end = last_week(session)
    first = period(session, start, end - DAY)
    period(session, start, end - DAY).holds("body/results", entries(first), why="the same question")


_WEEK = guide(STATS_PAGE, unproven="the code")
_FORMAT = guide(STATS_PAGE, unproven="status and code")
_PERIOD = inferred(f"statistics are of what happened in a period: {STATS_PAGE}")
_ID = ("retrieveCampaignStats",)
_NEEDS = frozenset({"customer"})
_LENGTHS = st.tuples(st.integers(1_600_000_000, 1_900_000_000), st.integers(-WEEK, 2 * WEEK))
_INSIDE = st.integers(0, WEEK).flatmap(lambda first: st.tuples(st.just(first), st.integers(0, WEEK - first)))


CHECKS: tuple[Check, ...] = (
    claim("shoplive-week", "A period is of seven days at most, to the second.", _WEEK, _a_week_and_no_second_more, _ID, _NEEDS),
    Check(
        "laws/shoplive-drawn-lengths",
        "laws",
        "A period is of no second to seven days, whenever.",
        _WEEK,
        drawn(_drawn_lengths, _LENGTHS, 30),
        _ID,
        _NEEDS,
    ),
    claim(
        "shoplive-never-backwards",
        "A period does not end before it begins.",
        assumed("nobody published it"),
        _never_backwards,
        _ID,
        _NEEDS,
    ),
    claim("shoplive-both-ends", "A period has two ends, each said once.", _FORMAT, _both_ends, _ID, _NEEDS),
    claim("shoplive-one-form", "A moment is written in one form only.", _FORMAT, _one_form_only, _ID, _NEEDS),
    claim("shoplive-days-that-are", "A day that is not is refused.", _FORMAT, _only_days_that_are, _ID, _NEEDS),
    claim(
        "shoplive-newest-first",
        "The campaign that started last comes first, each comes once.",
        assumed("as the campaign search's default"),
        _newest_first,
        _ID,
        _NEEDS,
    ),
    claim("shoplive-ends-after-it-started", "A campaign ends after it started.", _PERIOD, _ends_after_it_started, _ID, _NEEDS),
    claim(
        "shoplive-belonging",
        "Which campaigns belong to a period is decided to the second, ends included.",
        _PERIOD,
        _belonging,
        _ID,
        _NEEDS,
    ),
    Check(
        "laws/shoplive-drawn-periods",
        "laws",
        "A period has those campaigns of a longer one that belong to it.",
        _PERIOD,
        drawn(_drawn_periods_of_a_week, _INSIDE, 30),
        _ID,
        _NEEDS,
    ),
    claim("shoplive-adjacent-periods", "What a period has, its parts have.", _PERIOD, _adjacent_periods, _ID, _NEEDS),
    claim("shoplive-asked-again", "The same question has the same answer.", _PERIOD, _asked_again, _ID, _NEEDS),
)
