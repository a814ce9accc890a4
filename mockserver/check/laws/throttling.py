"""How many calls a minute there are, and what happens to those that are too many."""

from mockserver.check.law import Check
from mockserver.check.laws.calls import LEFT, LIMIT, RESET, begin, called
from mockserver.check.laws.stating import claim
from mockserver.check.session import Answer, Session
from mockserver.check.setting import Credentials
from mockserver.evidence import guide, openapi
from mockserver.providers.criteo.sources import OPENAPI, RATE_GUIDE, REALTIME_GUIDE

REPORTS = 200
"""Realtime reports a minute."""


def _exhausted(session: Session) -> Answer:
    """Begin a window and use it up; gives the last answer in it."""
    begin(session)
    limit = session.setting.limit or 0
    answer = called(session)
    for _ in range(limit - 1):
        answer = called(session)
    return answer.says(200).holds(LEFT, "0")


def _refused(session: Session, answer: Answer) -> Answer:
    answer.says(429, "too-many-requests").holds("body/errors/0/type", session.readings["throttle-problem-type"])
    return answer.holds("headers/retry-after", relation="is absent").holds(LEFT, "0")


def _exactly_so_many(session: Session) -> None:
    begin(session)
    limit, reset = session.setting.limit or 0, int(session.wire.now() // 60 + 1) * 60
    for left in range(limit - 1, -1, -1):
        answer = called(session).says(200).holds(LIMIT, str(limit)).holds(LEFT, str(left)).holds(RESET, str(reset))
        answer.holds("headers/retry-after", relation="is absent")
    for _ in range(3):
        _refused(session, called(session)).holds(LIMIT, str(limit)).holds(RESET, str(reset))


def _open_again_at_the_minute(session: Session) -> None:
    reset = int(session.wire.now() // 60 + 2) * 60
    _exhausted(session).holds(RESET, str(reset))
    session.advance(reset - 1 - session.wire.now())
    _refused(session, called(session)).holds(RESET, str(reset))
    session.advance(reset - session.wire.now())
    limit = session.setting.limit or 0
    called(session).says(200).holds(LEFT, str(limit - 1)).holds(RESET, str(reset + 60))


def _whole_window_after_the_turn(session: Session) -> None:
    begin(session, early=1)
    limit = session.setting.limit or 0
    for left in range(limit - 1, -1, -1):
        called(session).says(200).holds(LEFT, str(left))
    session.advance(1)
    for left in range(limit - 1, -1, -1):
        called(session).says(200).holds(LEFT, str(left))
    _refused(session, called(session))


def _applications_count_apart(session: Session) -> None:
    reader = session.setting.reader
    session.token(reader)
    _exhausted(session)
    limit = session.setting.limit or 0
    called(session, who=reader).says(200).holds(LEFT, str(limit - 1)).holds(LIMIT, str(limit))
    _refused(session, called(session))
    called(session, who=reader).says(200).holds(LEFT, str(limit - 2))


def _report(session: Session, version: str = "preview", who: Credentials | None = None) -> Answer:
    said = {"advertiserIds": list(session.setting.advertisers[:1]), "dimensions": [], "metrics": ["Clicks"]}
    return session.ask("getRealTimeReport", {"data": {"attributes": said}}, version=version, who=who)


def _reports_count_beside(session: Session) -> None:
    limit = session.setting.limit or 0
    if limit <= REPORTS:
        return
    begin(session)
    for left in range(REPORTS - 1, -1, -1):
        answer = _report(session, "preview" if left % 2 else "experimental").says(200)
        answer.holds(LIMIT, str(REPORTS)).holds(LEFT, str(left))
    _refused(session, _report(session)).holds(LIMIT, str(REPORTS))
    for left in range(limit - REPORTS - 1, -1, -1):
        called(session).says(200).holds(LIMIT, str(limit)).holds(LEFT, str(left))
    _refused(session, called(session))
    session.advance(60 - session.wire.now() % 60)
    _report(session).says(200).holds(LEFT, str(REPORTS - 1))


def _reports_of_each_application(session: Session) -> None:
    session.token(session.setting.reader)
    begin(session)
    for _ in range(5):
        _report(session).says(200)
    answer = _report(session, who=session.setting.reader)
    if answer.status == 200:
        answer.holds(LEFT, str(min(REPORTS, session.setting.limit or 0) - 1), why="reports of an application are its own")


def _other_calls_limit_reports_too(session: Session) -> None:
    _exhausted(session)
    _refused(session, _report(session)).holds(LIMIT, str(session.setting.limit))


def _a_throttled_write_writes_nothing(session: Session) -> None:
    (kept,) = session.made(session.contact_list())
    session.amend(kept, "add", ["a@example.org"]).says(200)
    before = session.statistics(kept).says(200)
    wanted = session.contact_list()
    _exhausted(session)
    for answer in (
        session.create(wanted),
        session.update({"id": kept, "attributes": {"name": session.name()}}),
        session.amend(kept, "add", ["b@example.org"]),
        session.clear(kept),
        session.delete(kept),
    ):
        _refused(session, answer)
    session.advance(60 - session.wire.now() % 60)
    session.search(filters={"audienceSegmentIds": [kept]}).says(200).holds("body/data/*/id", [kept])
    session.statistics(kept).says(200).holds("body/data", before.at("body/data"))
    session.made(wanted)


_RATE = guide(RATE_GUIDE, unproven="that successes carry the headers too")
_WINDOW = guide(RATE_GUIDE, unproven="that the window is fixed; it follows from the reset every minute")
_ID = ("searchAudienceSegments",)
_LOOKS = frozenset({"main", "account", "limit"})
_ALONE = _LOOKS | {"fresh", "clock"}
_SPENDS = _ALONE | {"exhaust"}


CHECKS: tuple[Check, ...] = (
    claim(
        "throttling-exactly-so-many",
        "So many calls a minute are let in as the limit says, each telling what is left, and not one more.",
        _RATE,
        _exactly_so_many,
        _ID,
        _SPENDS,
    ),
    claim(
        "throttling-open-again-at-the-minute",
        "At the reset, and not a second before, all calls are there again.",
        _WINDOW,
        _open_again_at_the_minute,
        _ID,
        _SPENDS,
    ),
    claim(
        "throttling-window-is-fixed",
        "However late the calls of one minute come, the next has all of its own.",
        _WINDOW,
        _whole_window_after_the_turn,
        _ID,
        _SPENDS,
    ),
    claim(
        "throttling-applications-count-apart",
        "What one application spends is not taken from another.",
        _RATE,
        _applications_count_apart,
        _ID,
        _SPENDS | {"reader"},
    ),
    claim(
        "throttling-reports-count-beside",
        "Realtime reports have 200 calls a minute of their own beside, and count among all calls.",
        guide(REALTIME_GUIDE),
        _reports_count_beside,
        ("getRealTimeReport",),
        _SPENDS | {"advertisers"},
    ),
    claim(
        "throttling-reports-of-each-application",
        "The reports of one application are not counted as another's.",
        guide(REALTIME_GUIDE),
        _reports_of_each_application,
        ("getRealTimeReport",),
        _ALONE | {"advertisers", "reader"},
    ),
    claim(
        "throttling-calls-limit-reports",
        "Where no call is left there is no report either.",
        guide(REALTIME_GUIDE),
        _other_calls_limit_reports_too,
        ("getRealTimeReport",),
        _SPENDS | {"advertisers"},
    ),
    claim(
        "throttling-throttled-write-writes-nothing",
        "A call too many does nothing.",
        openapi(OPENAPI, unproven="that nothing is done"),
        _a_throttled_write_writes_nothing,
        ("bulkCreateAudienceSegments", "bulkDeleteAudienceSegments"),
        _SPENDS | {"writes", "retailers"},
    ),
)
