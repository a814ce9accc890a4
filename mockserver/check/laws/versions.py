"""The life of a version: nine months, then three with a warning, then it is gone or goes on as the current one."""

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime

from mockserver.check.law import Check
from mockserver.check.laws.aiming import bearer, enveloped, of_criteo, place, request
from mockserver.check.laws.stating import claim
from mockserver.check.session import Answer, Session
from mockserver.evidence import assumed, guide, openapi
from mockserver.providers.criteo.sources import OPENAPI, VERSION_GUIDE

_BEFORE = ("2021-10", "2022-07", "2024-04", "2025-07")
"""Versions that were retired before any that the contract has."""

_NEVER = (
    "2020-01",
    "2021-07",
    "2023-02",
    "2026-02",
    "2026-04",
    "2026-10",
    "2031-01",
    "2026-7",
    "2026-007",
    "v1",
    "latest",
    "stable",
    "0000-00",
    "x",
)


def _month(version: str, later: int) -> datetime:
    months = int(version[:4]) * 12 + int(version[5:]) - 1 + later
    return datetime(months // 12, months % 12 + 1, 1, tzinfo=UTC)


def _dated(session: Session) -> list[str]:
    """The versions of the contract that have a date, the oldest first."""
    return sorted({each.version for each in of_criteo(session) if each.version[:2] == "20"})


def _asked(session: Session, version: str, *, authorized: bool = True) -> Answer:
    """A search in a version, whether the contract has it or not."""
    operation = session.judge.operation("searchAudienceSegments", _dated(session)[-1])
    path = place(session, operation).replace(f"/{operation.version}/", f"/{version}/", 1)
    header = bearer(session) if authorized else None
    body = b'{"data":{"attributes":{}}}'
    return session.stray(request("POST", path, body, query="limit=1", authorization=header), operation.id, version)


def _moments(session: Session, later: int, around: tuple[int, ...]) -> Iterator[tuple[str, int]]:
    """Each version whose month so much later is still to come, with the clock moved to some seconds around its beginning."""
    for version in _dated(session):
        turn = _month(version, later).timestamp()
        for seconds in around:
            if turn + seconds >= session.wire.now():
                session.advance(turn + seconds - session.wire.now())
                yield version, seconds


def _announced(session: Session, answer: Answer, version: str, *, told: bool) -> None:
    if told and session.readings["deprecation-headers"] == "sent":
        sunset = format_datetime(_month(version, 12), usegmt=True)
        answer.holds("headers/deprecation", "true").holds("headers/sunset", sunset)
    else:
        answer.holds("headers/deprecation", relation="is absent").holds("headers/sunset", relation="is absent")


def _warning_begins(session: Session) -> None:
    for version, seconds in _moments(session, 9, (-1, 0, 1)):
        answer = _asked(session, version).holds("status", 200)
        _announced(session, answer, version, told=seconds >= 0)


def _warning_ends(session: Session) -> None:
    for version, seconds in _moments(session, 12, (-86_400, -1, 0, 1)):
        _announced(session, _asked(session, version), version, told=seconds < 0)


def _warning_is_on_every_answer(session: Session) -> None:
    for version, _ in _moments(session, 11, (0,)):
        _announced(session, _asked(session, version, authorized=False).holds("status", 401), version, told=True)
        operation = session.judge.operation("searchAudienceSegments", version)
        path, header = place(session, operation), bearer(session)
        refused = session.send(request("POST", path, b"{", authorization=header), operation).says(400, "json-format")
        _announced(session, refused, version, told=True)


def _no_warning_else(session: Session) -> None:
    for _ in _moments(session, 10, (0,)):
        for version in ("preview", "experimental"):
            _announced(session, _asked(session, version).holds("status", 200), version, told=False)
        answer = session.ask("searchAudiences", {"data": {"attributes": {}}}, version="preview", query={"limit": 0}).says(200)
        _announced(session, answer, "preview", told=False)
    latest = _dated(session)[-1]
    if session.wire.now() < _month(latest, 9).timestamp():
        _announced(session, _asked(session, latest).holds("status", 200), latest, told=False)


def _warned_now(session: Session) -> None:
    """Of versions the contract has, as far as the target's own day tells; nothing is said on the days around a turn."""
    now = session.wire.now()
    for version in _dated(session):
        begins, ends = _month(version, 9).timestamp(), _month(version, 12).timestamp()
        if min(abs(now - begins), abs(now - ends)) > 86_400 and now < ends:
            _announced(session, _asked(session, version).holds("status", 200), version, told=now >= begins)


def _retired(session: Session, version: str, answer: Answer) -> None:
    """Expect what a retired version answers."""
    if session.readings["retired-version"] == "gone":
        path = session.exchanges[answer.place].request.path
        enveloped(answer.holds("status", 410), path, "deprecation", "version-decommissioned")
    else:
        answer.holds("status", 200).holds("body/meta/limit", 1)
        answer.holds("body/data/*/id", _asked(session, "preview").at("body/data/*/id"), why="as the current version")
    _announced(session, answer, version, told=False)


def _retires_to_the_second(session: Session) -> None:
    for version, seconds in _moments(session, 12, (-1, 0, 1)):
        answer = _asked(session, version)
        if seconds < 0:
            answer.holds("status", 200)
        else:
            _retired(session, version, answer)


def _stays_retired(session: Session) -> None:
    for version in _BEFORE:
        if _month(version, 12).timestamp() <= session.wire.now():
            _retired(session, version, _asked(session, version))
            if session.readings["retired-version"] != "gone":
                path = place(session, session.judge.operation("bulkCreateAudience", "preview"))
                lost = path.replace("/preview/", f"/{version}/", 1)
                session.stray(request("POST", lost, b"{}", authorization=bearer(session))).holds("status", 404)


def _retired_before_anybody_is_known(session: Session) -> None:
    for version in _BEFORE[-1:]:
        if _month(version, 12).timestamp() <= session.wire.now():
            gone = session.readings["retired-version"] == "gone"
            _asked(session, version, authorized=False).holds("status", 410 if gone else 401)


def _never_a_version(session: Session) -> None:
    for version in _NEVER:
        answer = _asked(session, version).holds("status", 404)
        enveloped(answer, session.exchanges[answer.place].request.path, "validation", "not-found")


def _only_in_preview(session: Session) -> None:
    having: dict[str, set[str]] = {}
    for each in of_criteo(session):
        having.setdefault(each.id, set()).add(each.version)
    for each in of_criteo(session):
        if each.version != "preview":
            continue
        for version in set(_dated(session)) - having[each.id]:
            path = place(session, each).replace("/preview/", f"/{version}/", 1)
            if _month(version, 12).timestamp() > session.wire.now():
                answer = session.stray(request(each.method, path, b"{}", authorization=bearer(session)))
                answer.holds("status", [404, 405], "is one of").holds("status", 405 if _shared(session, version, path) else 404)


def _shared(session: Session, version: str, path: str) -> bool:
    """Whether a version has the path with another method."""
    return any(place(session, each) == path for each in of_criteo(session, version))


def _same_in_every_version(session: Session) -> None:
    now = session.wire.now()
    latest = _asked(session, "preview").holds("status", 200)
    for version in [*_dated(session), "experimental"]:
        if version == "experimental" or _month(version, 12).timestamp() > now:
            answer = _asked(session, version).holds("status", 200)
            answer.holds("body/data/*/id", latest.at("body/data/*/id")).holds("body/meta", latest.at("body/meta"))


_LIFE = guide(VERSION_GUIDE)
_ID = ("searchAudienceSegments",)
_NOW = frozenset({"main", "account"})
_LATER = _NOW | {"clock"}
CHECKS: tuple[Check, ...] = (
    claim(
        "version-warning-begins",
        "Nine months after its first day, and not a second before, a version is announced to end.",
        _LIFE,
        _warning_begins,
        _ID,
        _LATER,
    ),
    claim("version-warning-ends", "The announcement lasts until the version is retired.", _LIFE, _warning_ends, _ID, _LATER),
    claim(
        "version-warning-on-every-answer",
        "Refusals carry the announcement too.",
        _LIFE,
        _warning_is_on_every_answer,
        _ID,
        _LATER,
    ),
    claim(
        "version-no-warning-else",
        "Nothing is announced of other versions, nor of those without a date.",
        _LIFE,
        _no_warning_else,
        (*_ID, "searchAudiences"),
        _LATER,
    ),
    claim(
        "version-warned-now",
        "A version in its last three months is announced to end, any other is not.",
        _LIFE,
        _warned_now,
        _ID,
        _NOW,
    ),
    claim(
        "version-retires-to-the-second",
        "Twelve months after its first day, and not a second before, a version is retired.",
        _LIFE,
        _retires_to_the_second,
        _ID,
        _LATER,
    ),
    claim(
        "version-stays-retired", "What was retired long ago answers like any retired version.", _LIFE, _stays_retired, _ID, _NOW
    ),
    claim(
        "version-retired-for-everybody",
        "A retired version is gone for callers without a token too.",
        assumed("nobody published what is looked at first"),
        _retired_before_anybody_is_known,
        _ID,
        {"account"},
    ),
    claim(
        "version-never-was",
        "What never was a version is not found.",
        assumed("as any path that leads nowhere"),
        _never_a_version,
        _ID,
        _NOW,
    ),
    claim(
        "version-only-in-preview",
        "What preview has beyond a dated version is not found there.",
        openapi(OPENAPI),
        _only_in_preview,
        (),
        _NOW,
    ),
    claim(
        "version-same-in-every-version",
        "Every version tells of the same segments.",
        openapi(OPENAPI),
        _same_in_every_version,
        _ID,
        _NOW,
    ),
)
