"""Which calls are counted, and together with which."""

from mockserver.check.expectation import ABSENT
from mockserver.check.law import Check
from mockserver.check.laws.aiming import place, request, shot, widest
from mockserver.check.laws.calls import LEFT, LIMIT, RESET, begin, called, number, search_path
from mockserver.check.laws.stating import claim
from mockserver.check.session import Answer, Session
from mockserver.evidence import assumed, guide
from mockserver.providers.criteo.sources import RATE_GUIDE


def _reset_is_the_next_minute(session: Session) -> None:
    begin(session)
    start = round(session.wire.now() // 60) * 60
    for second in (0, 1, 29, 30, 31, 59):
        session.advance(start + second - session.wire.now() if start + second > session.wire.now() else 0)
        called(session).says(200).holds(RESET, str(start + 60))
    session.advance(start + 60 - session.wire.now())
    called(session).says(200).holds(RESET, str(start + 120))


def _headers_go_down(session: Session) -> None:
    limit = str(session.setting.limit)
    before = called(session).says(200).holds(LIMIT, limit)
    for _ in range(5):
        after = called(session).says(200).holds(LIMIT, limit).holds("headers/retry-after", relation="is absent")
        if number(after, RESET) == number(before, RESET):
            after.holds(LEFT, [str(number(before, LEFT) - 1)] if _alone(session) else _below(before), "is one of")
        before = after
    reset = number(before, RESET)
    before.holds(RESET, str(reset - reset % 60), why="a window turns at a full minute")


def _alone(session: Session) -> bool:
    return "fresh" in session.wire.abilities


def _below(answer: Answer) -> list[str]:
    return [str(left) for left in range(number(answer, LEFT))]


def _spends(session: Session, cost: int, *calls: Answer) -> None:
    """Expect that what was called since the last two looks cost so much."""
    after, before = called(session), calls[0]
    after.holds(LEFT, str(number(before, LEFT) - cost - 1))


def _uncounted(session: Session) -> None:
    expired = f"Bearer {session.token()}"
    session.advance(3600)
    begin(session)
    before = called(session).says(200)
    for header in (None, "Bearer wrong", "Basic wrong", expired):
        answer = called(session, authorization=header).says(401)
        for name in (LIMIT, LEFT, RESET):
            answer.holds(name, relation="is absent")
    main = session.setting.main
    assert main is not None, "it is needed"
    good = {"grant_type": "client_credentials", "client_id": main.client_id}
    for secret, status in ((main.client_secret, 200), ("wrong", 401)):
        session.login(**good, client_secret=secret).says(status).holds(LEFT, relation="is absent")
    path = place(session, session.judge.operation("searchAudienceSegments", session.setting.version))
    header = f"Bearer {session.token()}"
    session.stray(request("POST", f"{path}/nowhere", b"{}", authorization=header)).holds("status", 404)
    session.stray(request("GET", path, authorization=header)).holds("status", 405)
    _spends(session, 0, before)


def _counted_though_refused(session: Session) -> None:
    begin(session)
    before = called(session).says(200)
    operation = session.judge.operation("searchAudienceSegments", session.setting.version)
    path, header = place(session, operation), f"Bearer {session.token()}"
    left = number(before, LEFT)
    elsewhere = place(session, operation, account="1")
    for status, said, media, where in (
        (400, b"{", "application/json", path),
        (400, b"", "application/json", path),
        (415, b"{}", "text/plain", path),
        (403, b"{}", "application/json", elsewhere),
    ):
        left -= 1
        answer = session.send(request("POST", where, said, media=media, authorization=header), operation).says(status)
        answer.holds(LEFT, str(left)).holds(LIMIT, str(session.setting.limit)).holds(RESET, before.at(RESET))
    _spends(session, 4, before)


def _all_operations_count_together(session: Session) -> None:
    begin(session)
    left = number(called(session).says(200), LEFT)
    header = f"Bearer {session.token()}"
    for operation in widest(session):
        if operation.id != "getRealTimeReport":
            left -= 1
            shot(session, operation, authorization=header).holds(LEFT, str(left)).holds(LIMIT, str(session.setting.limit))
    for version in sorted({each.version for each in session.judge.operations if each.id == "searchAudienceSegments"}):
        answer = session.stray(request("POST", search_path(session, version), b"{}", authorization=header))
        if answer.status != 410:
            left -= 1
            answer.holds(LEFT, str(left))


def _tokens_count_together(session: Session) -> None:
    begin(session)
    main = session.setting.main
    assert main is not None, "it is needed"
    form = {"grant_type": "client_credentials", "client_id": main.client_id, "client_secret": main.client_secret}
    headers = [f"Bearer {session.login(**form).says(200).at('body/access_token')}" for _ in range(3)]
    left = number(called(session), LEFT)
    for spent, header in enumerate([*headers, headers[0]], 1):
        called(session, authorization=header).says(200).holds(LEFT, str(left - spent))


def _no_header_where_nothing_is_counted(session: Session) -> None:
    answer = called(session, authorization=None).says(401)
    for name in (LIMIT, LEFT, RESET):
        answer.holds(name, ABSENT, "is absent")


_RATE = guide(RATE_GUIDE, unproven="that successes carry the headers too")
_WINDOW = guide(RATE_GUIDE, unproven="that the window is fixed; it follows from the reset every minute")
_COUNTED = assumed("nobody published which refusals count")
_ID = ("searchAudienceSegments",)
_LOOKS = frozenset({"main", "account", "limit"})
_ALONE = _LOOKS | {"fresh", "clock"}


CHECKS: tuple[Check, ...] = (
    claim(
        "throttling-reset-is-the-next-minute",
        "The reset is the next full minute.",
        _WINDOW,
        _reset_is_the_next_minute,
        _ID,
        _ALONE,
    ),
    claim(
        "throttling-headers-go-down",
        "Every answer tells the limit, and one call less than the one before.",
        _RATE,
        _headers_go_down,
        _ID,
        _LOOKS,
    ),
    claim(
        "throttling-uncounted",
        "Token calls, unknown paths, wrong methods and calls without a valid token are not counted.",
        _COUNTED,
        _uncounted,
        _ID,
        _ALONE,
    ),
    claim(
        "throttling-counted-though-refused",
        "A call refused with 400, 403 or 415 counts, and says so.",
        _COUNTED,
        _counted_though_refused,
        _ID,
        _ALONE,
    ),
    claim(
        "throttling-operations-count-together",
        "All operations of all versions count together.",
        _RATE,
        _all_operations_count_together,
        _ID,
        _ALONE | {"writes"},
    ),
    claim(
        "throttling-tokens-count-together",
        "All tokens of an application count together.",
        _RATE,
        _tokens_count_together,
        _ID,
        _ALONE,
    ),
    claim(
        "throttling-no-headers-uncounted",
        "A call that is not counted tells nothing of counts.",
        _COUNTED,
        _no_header_where_nothing_is_counted,
        _ID,
        {"account"},
    ),
)
