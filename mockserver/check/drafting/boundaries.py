"""The boundaries of an operation: each bound and value, each member missing, null or of another type; and beyond schemas."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

from mockserver.check.drafting.draft import NOTHING, Draft
from mockserver.check.drafting.samples import sample
from mockserver.check.drafting.variants import variants
from mockserver.contract.operation import Operation
from mockserver.providers.criteo.algebra import DEEPEST
from mockserver.providers.criteo.naming import LONGEST_DESCRIPTION, LONGEST_NAME
from mockserver.testing.flaws import Change, Steps, breaches
from mockserver.testing.generation import Grammar, Schema
from mockserver.testing.holdings import Holdings
from mockserver.testing.slips import slips

_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"
_NAMED = ("bulkCreateAudienceSegments", "bulkUpdateAudienceSegments", "bulkCreateAudience", "bulkUpdateAudience")
_PAGED = ("searchAudienceSegments", "searchAudiences")
_SEVERAL = 5
"""Every fifth way to break a contract is tried together with the next of these too."""
_OF_LISTS = (
    "getAudienceSegmentContactListStatistics",
    "AddRemoveContactListByAudienceSegment",
    "ClearContactListByAudienceSegment",
)


def own_drafts(operation: Operation, schema: Schema | None, grammar: Grammar, held: Holdings) -> Iterator[Draft]:
    """Every draft of ours for an operation, sound ones and flawed ones."""
    if operation.id == "requestToken" or schema is None:
        yield from _without_body(operation)
        return
    body = sample(operation.id, held)
    yield Draft(body, media=_JSON, why="a sample")
    for change in variants(schema, body, grammar):
        yield Draft(change.applied(body), media=_JSON, why=change.what)
    broken = list(breaches(schema, body, grammar))
    for change in broken:
        yield Draft(change.applied(body), media=_JSON, why=change.what)
    for one, other in pairwise(broken[::_SEVERAL]):
        if not _overlap(one.steps, other.steps):
            yield Draft(other.applied(one.applied(body)), media=_JSON, why=f"{one.what} and {other.what}")
    yield from beyond(operation.id, body, held)
    yield from _framed(body)
    if operation.id in _NAMED:
        yield from _lengths(operation.id, body)
    if operation.id in _PAGED:
        yield from _pages(body)
    if operation.id in _OF_LISTS:
        yield from _ids(Draft(body, media=_JSON))


def _overlap(one: Steps, other: Steps) -> bool:
    """Whether one place lies within the other."""
    return all(step == at for step, at in zip(one, other, strict=False))


def beyond(operation: str, body: Any, held: Holdings) -> Iterator[Draft]:
    """What breaks a rule that no schema tells, in one place of a sound body."""
    if operation == "estimateAudienceSegmentSize" and held.events_are_refused:
        return
    for change in slips(operation, body, held):
        if change.what == "the name is taken" and _freed(change.value, body):
            continue
        deeper = "/not" * DEEPEST if change.what == "the algebra is too deep" else ""
        yield Draft(change.applied(body), media=_JSON, flaw=change.what, at=change.flaw.pointer + deeper)


def _freed(name: str, body: Any) -> bool:
    """Whether the one who has a name is renamed by the same request, and may be before it is given again."""
    return any(name.endswith(f" {item.get('id')}") for item in body["data"])


def _without_body(operation: Operation) -> Iterator[Draft]:
    if operation.id == "retrieveCampaignStats":
        yield from _periods()
    elif operation.id in _OF_LISTS:
        yield Draft(why="no body")
        yield Draft(media=_JSON, why="no body, but its type, as Criteo's SDKs send it")
        yield from _ids(Draft())


def _framed(body: Any) -> Iterator[Draft]:
    """Bodies that are not what they say, and those that are in other words."""
    yield Draft(body, media="application/json; charset=utf-8", why="with a charset")
    yield Draft(body, media="text/plain", why="of another type")
    yield Draft(body, media=_FORM, why="of another type")
    yield Draft(body, media=None, why="of no type")
    for broken in (b"", b"{", b"nothing", b'{"data":}', b"\xff\xfe{}", b"[]]", b"'single'"):
        yield Draft(broken, media=_JSON, why="no JSON")
    others: tuple[Any, ...] = ([], "text", 1, True, None)
    for other in others:
        yield Draft(other, media=_JSON, why="no object")


def _lengths(operation: str, body: Any) -> Iterator[Draft]:
    """Names and descriptions as long as they may be; longer ones are among the slips."""
    spelled = (lambda text: {"value": text}) if "Update" in operation else str
    for name, value in (("name", "n" * LONGEST_NAME), ("description", spelled("d" * LONGEST_DESCRIPTION))):
        change = Change(f"the longest {name}", ("data", 0, "attributes", name), value)
        yield Draft(change.applied(body), media=_JSON, why=change.what)


def _pages(body: Any) -> Iterator[Draft]:
    for name in ("limit", "offset"):
        for text in (
            "0",
            "1",
            "499",
            "500",
            "501",
            "-1",
            "2147483647",
            "2147483648",
            "9" * 30,
            "",
            "1.0",
            "1e2",
            "ten",
            " 1 ",
            "+5",
        ):
            yield Draft(body, ((name, text),), _JSON, why=f"{name}={text}")
        yield Draft(body, ((name, "1"), (name, "2")), _JSON, why=f"{name} twice")
    yield Draft(body, (("Limit", "1"), ("page", "2"), ("unheard", "of")), _JSON, why="parameters nobody knows")
    yield Draft(body, (("offset", "0"), ("limit", "500")), _JSON, why="both")


def _ids(draft: Draft) -> Iterator[Draft]:
    """Ids in the path that are none."""
    for id in ("abc", "-1", "1.0", "0x1f", "9" * 20, "%20", "1%2C2", "%D9%A1"):
        yield replace(draft, path={"audience-segment-id": id}, why=f"the segment {id}")


_START = "2026-11-01T00:00:00Z"


def _periods() -> Iterator[Draft]:
    """Periods of Shoplive's, in form and out of it."""
    sound = (_START, "2026-11-01T00:00:00Z"), (_START, "2026-11-08T00:00:00Z"), ("2024-02-29T23:59:59Z", "2024-03-01T00:00:00Z")
    for start, end in sound:
        for keys in (None, "", "nobody", " a , ,b", "x" * 500):
            query = (("from", start), ("to", end), *([] if keys is None else [("campaignKeys", keys)]))
            yield Draft(query=query, why="a period")
    yield Draft(query=(("from", _START), ("to", "2026-11-08T00:00:01Z")), flaw="longer than a week", at="to")
    yield Draft(query=(("from", _START), ("to", "2026-10-31T23:59:59Z")), flaw="backwards", at="to")
    yield Draft(query=(("from", "2026-02-30T00:00:00Z"), ("to", "2026-03-01T00:00:00Z")), flaw="no such day", at="from")
    for wrong in (
        "",
        "2026-11-01",
        "2026-11-01T00:00:00",
        "2026-11-01T00:00:00+00:00",
        "2026-11-01T00:00:00.000Z",
        "1793491200",
    ):
        yield Draft(query=(("from", wrong), ("to", _START)), why="not of the form")
        yield Draft(query=(("from", _START), ("to", wrong)), why="not of the form")
    yield Draft(query=(("from", _START), ("from", _START), ("to", _START)), why="from twice")
    yield Draft(query=(("from", _START),), why="no to")
    yield Draft(why="no query")


def forms(credentials: Mapping[str, str]) -> Iterator[Draft]:
    """Forms for the token endpoint, right and wrong; these are an application's credentials."""
    sound = {"grant_type": "client_credentials", **credentials}
    yield Draft(sound, media=_FORM, why="a token")
    yield Draft({**sound, "unheard": "of"}, media=_FORM, why="a member nobody knows")
    yield Draft(sound, media=f"{_FORM}; charset=utf-8", why="with a charset")
    for change in slips("requestToken", sound, None):  # type: ignore[arg-type]  # a form speaks of nothing that is held
        apart = change.what in ("missing", "empty") and change.steps != ("grant_type",)
        if not apart and change.value not in ("authorization_code", "refresh_token"):
            yield Draft(change.applied(sound), media=_FORM, flaw=change.what)
    for grant in ("authorization_code", "refresh_token"):
        yield Draft({**sound, "grant_type": grant}, media=_FORM, flaw="missing")
    for name in credentials:
        for wrong in ({**sound, name: ""}, {key: value for key, value in sound.items() if key != name}):
            yield Draft(wrong, media=_FORM, flaw="not the application's secret")
    yield Draft(sound, media=_JSON, why="of another type")
    yield Draft(b"grant_type=a&grant_type=b", media=_FORM, why="given twice")
    yield Draft(b"grant_type=%ff", media=_FORM, why="no UTF-8")
    yield Draft(NOTHING, why="no body")
