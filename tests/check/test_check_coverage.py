"""The layers `coverage` and `fuzz`: nothing is found on the truthful fake, and each lie is, by the check that is named."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import orjson
import pytest

from mockserver.check import coverage, fuzz
from mockserver.check.drafting.boundaries import own_drafts
from mockserver.check.drafting.cases import asking, boundaries
from mockserver.check.drafting.cast import known_of, stand_ins
from mockserver.check.drafting.subjects import SUBJECTS, grammar_of
from mockserver.check.fresh import fresh_venue
from mockserver.check.law import Check, Effort
from mockserver.check.outcome import Outcome
from mockserver.check.running import run_one
from mockserver.check.session import Session
from mockserver.check.setting import DEMO, Setting
from mockserver.check.venue import Fresh, Venue
from mockserver.check.wire import InProcess
from mockserver.message import Request, Response
from mockserver.providers import READINGS

CHECKS = {check.name: check for check in (*coverage.CHECKS, *fuzz.CHECKS)}
VARYING = [
    {name: alternative}
    for name, reading in {each.name: each for each in READINGS}.items()
    for alternative in reading.alternatives
    if alternative != reading.guide
]
QUICK = Effort(share=0.2)
SOME = [check for check in CHECKS.values() if check.name.endswith(("2026-07", "preview", "v2", "requestToken/2026-01"))]
"""The checks of one dated version and of preview: the others are of the same contract."""
Spoil = Callable[[Request, Response], Response]


truthful = cache(fresh_venue)
"""One for each profile: every check has forks of its world."""


class Spoiled(InProcess):
    """A wire that changes answers, or requests before the fake sees them."""

    def __init__(self, engine: Any, spoil: Spoil, mend: Callable[[Request], Request]):
        super().__init__(engine)
        self._spoil, self._mend = spoil, mend

    def send(self, request: Request) -> Response:
        return self._spoil(request, super().send(self._mend(request)))


class Lying(Fresh):
    """A fresh fake behind such a wire."""

    spoil: Spoil = staticmethod(lambda _, response: response)
    mend: Callable[[Request], Request] = staticmethod(lambda request: request)

    def open(self) -> Session:
        return Session(Spoiled(self.engine.fork(), self.spoil, self.mend), self.setting, self.judge)


def lying(spoil: Spoil | None = None, mend: Callable[[Request], Request] | None = None) -> Lying:
    venue = Lying(truthful().engine, truthful().setting, truthful().judge)
    venue.spoil = spoil or Lying.spoil
    venue.mend = mend or Lying.mend
    return venue


def run(check: str | Check, venue: Venue, effort: Effort = Effort()) -> Outcome:  # noqa: B008 - a value
    return run_one(CHECKS[check] if isinstance(check, str) else check, venue, effort)


def test_there_is_a_check_for_every_operation_of_every_version() -> None:
    venue = truthful()
    paths = {(each.id, each.path) for each in venue.judge.operations}
    assert len(SUBJECTS) == len(paths)
    assert {f"{layer}/{operation}/{version}" for layer in ("coverage", "fuzz") for operation, version in SUBJECTS} <= set(
        CHECKS
    )


@pytest.mark.parametrize("operation", dict(SUBJECTS))
def test_the_boundaries_of_every_operation_are_many_and_each_is_there_once(operation: str) -> None:
    venue = truthful()
    made = boundaries(operation, asking(operation, venue.judge.readings))
    assert len({draft.key for draft in made}) == len(made)
    assert made is boundaries(operation, asking(operation, venue.judge.readings))


@pytest.mark.parametrize("name", [check.name for check in coverage.CHECKS])
def test_a_truthful_fake_keeps_every_boundary(name: str) -> None:
    outcome = run(name, truthful())
    assert outcome.verdict == "passed", outcome.finding


def passing(checks: Iterable[Check], venue: Venue, effort: Effort) -> None:
    found = [outcome for check in checks if (outcome := run(check, venue, effort)).verdict != "passed"]
    assert not found


def test_a_truthful_fake_of_the_other_profile_keeps_them() -> None:
    passing(coverage.CHECKS, truthful("openapi"), QUICK)


@pytest.mark.parametrize("readings", VARYING, ids=str)
def test_a_truthful_fake_keeps_them_under_every_alternative(readings: Mapping[str, str]) -> None:
    passing(SOME, fresh_venue(readings=readings), Effort(share=0.1))


@pytest.mark.parametrize("seed", range(5))
def test_a_truthful_fake_stands_up_to_chance(seed: int) -> None:
    passing(fuzz.CHECKS, truthful(("guide", "openapi")[seed % 2]), replace(QUICK, seed=seed))


def test_a_setting_of_one_retailer_and_no_advertisers_is_enough_for_most() -> None:
    setting = Setting(main=DEMO.main, account=DEMO.account, retailers=("12",))
    venue = fresh_venue(setting=setting)
    outcomes = [run(check, venue, QUICK) for check in coverage.CHECKS]
    assert {outcome.verdict for outcome in outcomes} == {"passed", "skipped"}
    skipped = {outcome.check.operations[0] for outcome in outcomes if outcome.verdict == "skipped"}
    assert skipped == {"getRealTimeReport", "retrieveCampaignStats"}


def test_where_nothing_may_be_written_only_reading_operations_are_asked() -> None:
    class ReadOnly(InProcess):
        abilities = frozenset({"clock", "fresh", "exhaust"})

    class Looking(Fresh):
        @property
        def abilities(self) -> frozenset[str]:
            return ReadOnly.abilities | self.setting.known

        def open(self) -> Session:
            return Session(ReadOnly(self.engine.fork()), self.setting, self.judge)

    venue = Looking(truthful().engine, truthful().setting, truthful().judge)
    outcomes = [run(check, venue, QUICK) for check in (*coverage.CHECKS, *fuzz.CHECKS)]
    assert {outcome.verdict for outcome in outcomes} == {"passed", "skipped"}
    called = {operation for outcome in outcomes for operation, _ in outcome.cells}
    reading = {
        "requestToken",
        "searchAudienceSegments",
        "searchAudiences",
        "getAudienceSegmentContactListStatistics",
        "estimateAudienceSegmentSize",
        "getRealTimeReport",
        "retrieveCampaignStats",
    }
    assert called == reading


def test_drafts_of_ours_cover_bounds_values_nulls_and_types() -> None:
    venue = truthful()
    session = venue.open()
    operation = venue.judge.operation("getRealTimeReport", "preview")
    held = stand_ins(known_of(session, operation.id), operation.id, "preview", venue.setting)
    schema, grammar = grammar_of(operation, venue.judge.readings)
    said = [draft.body["data"]["attributes"] for draft in own_drafts(operation, schema, grammar, held) if _reports(draft.body)]
    assert {len(each["advertiserIds"]) for each in said if isinstance(each.get("advertiserIds"), list)} >= {0, 1, 10, 11}
    assert {each["lookbackWindow"] for each in said if type(each.get("lookbackWindow")) is int} >= {0, 1, 24, 25}
    for member in ("campaignIds", "adsetIds", "dimensions", "metrics", "lookbackWindow", "currency", "timezone"):
        assert any(member in each and each[member] is None for each in said)
        assert any(member not in each for each in said)


def _reports(body: Any) -> bool:
    data = body.get("data") if isinstance(body, dict) else None
    return isinstance(data, dict) and isinstance(data.get("attributes"), dict)


def test_the_fewer_calls_a_minute_the_fewer_drafts_in_a_session() -> None:
    sessions: list[Session] = []

    class Watched(Fresh):
        def open(self) -> Session:
            sessions.append(super().open())
            return sessions[-1]

    venue = Watched(truthful().engine, replace(DEMO, limit=20), truthful().judge)
    assert run("coverage/searchAudienceSegments/2026-07", venue, QUICK).verdict == "passed"
    assert max(len(session.exchanges) for session in sessions) <= 20


# The lies. Each changes what the fake says, or what it is asked, and names the check that has to find it.


def altered(path: str, change: Callable[[Any, Any], Any]) -> Spoil:
    """Another body where a path fits; `change` is given what was asked and what was answered."""

    def spoil(request: Request, response: Response) -> Response:
        if response.status != 200 or not re.search(path, request.path):
            return response
        asked = orjson.loads(request.body) if request.body.startswith(b"{") else None
        return Response(response.status, response.headers, orjson.dumps(change(asked, response.json())))

    return spoil


def answering(path: str, status: int, at: int) -> Spoil:
    """Another status in place of one."""

    def spoil(request: Request, response: Response) -> Response:
        if response.status == at and re.search(path, request.path):
            return Response(status, response.headers, response.body)
        return response

    return spoil


def asked(path: str, change: Callable[[Any], Any]) -> Callable[[Request], Request]:
    """Another body for the fake where a path fits."""

    def mend(request: Request) -> Request:
        if not re.search(path, request.path) or not request.body.startswith(b"{"):
            return request
        try:
            return replace(request, body=orjson.dumps(change(orjson.loads(request.body))))
        except (TypeError, KeyError, AttributeError, ValueError):
            return request

    return mend


def of_attributes(change: Callable[[dict[str, Any]], None]) -> Callable[[Any], Any]:
    def changed(body: Any) -> Any:
        items = body["data"] if isinstance(body["data"], list) else [body["data"]]
        for item in items:
            change(item["attributes"])
        return body

    return changed


def cut(name: str, most: int) -> Callable[[Any], Any]:
    """A list that is cut where it is too long."""
    return of_attributes(lambda said: said.update({name: said[name][:most]}))


def each_named(name: str) -> Callable[[Any, Any], Any]:
    def change(_: Any, body: Any) -> Any:
        for item in body["data"]:
            item["attributes"]["name"] = name
        return body

    return change


def queried(change: Callable[[str], str]) -> Callable[[Request], Request]:
    return lambda request: replace(request, query=change(request.query))


def without(place: str) -> Callable[[Any], Any]:
    return of_attributes(lambda said: said.pop(place, None) and None)


def _first_only(_: Request, response: Response) -> Response:
    if response.status == 400 and b'"errors"' in response.body:
        body = response.json()
        return Response(400, response.headers, orjson.dumps({**body, "errors": body["errors"][:1]}))
    return response


def _typed(name: str) -> Spoil:
    def spoil(_: Request, response: Response) -> Response:
        if response.status == 400 and b'"validation"' in response.body:
            return Response(400, response.headers, response.body.replace(b'"validation"', name.encode()))
        return response

    return spoil


def _less(_: Any, body: Any) -> Any:
    return {**body, "data": body["data"][:-1]}


def _told_nothing(_: Any, body: Any) -> Any:
    return {**body, "errors": [], "warnings": []}


CREATE, UPDATE, DELETE = "audience-segments/create$", "audience-segments$", "audience-segments/delete$"
LIES: Mapping[str, tuple[str, Spoil | None, Callable[[Request], Request] | None]] = {
    "eleven advertisers are taken": ("getRealTimeReport/preview", None, asked("realtime", cut("advertiserIds", 10))),
    "a look-back of 25 is taken": (
        "getRealTimeReport/preview",
        None,
        asked(
            "realtime", of_attributes(lambda said: said.update(lookbackWindow=24) if said.get("lookbackWindow") == 25 else None)
        ),
    ),
    "a currency is not looked at": ("getRealTimeReport/experimental", None, asked("realtime", without("currency"))),
    "a time zone is not looked at": ("getRealTimeReport/preview", None, asked("realtime", without("timezone"))),
    "campaigns are not looked at": ("getRealTimeReport/preview", None, asked("realtime", without("campaignIds"))),
    "a limit of 501 is taken": (
        "searchAudienceSegments/2026-07",
        None,
        queried(lambda query: query.replace("limit=501", "limit=500")),
    ),
    "a limit below none is taken": (
        "searchAudiences/2026-01",
        None,
        queried(lambda query: query.replace("limit=-1", "limit=0")),
    ),
    "a limit that is no number is taken": (
        "searchAudiences/preview",
        None,
        queried(lambda query: query.replace("=ten", "=10")),
    ),
    "a repeated limit is taken": ("searchAudienceSegments/preview", None, queried(lambda query: query.partition("&")[0])),
    "a limit of 500 is refused": ("searchAudienceSegments/2027-01", None, queried(lambda query: query.replace("=500", "=501"))),
    "names are not compared": ("bulkCreateAudience/preview", altered("audiences/create$", _told_nothing), None),
    "the last item is dropped": ("bulkCreateAudienceSegments/2026-07", altered(CREATE, _less), None),
    "another name is kept": ("bulkCreateAudienceSegments/2026-07", altered(CREATE, each_named("another")), None),
    "an update is shown but not kept": (
        "bulkUpdateAudienceSegments/2027-01",
        altered("search$", each_named("another")),
        None,
    ),
    "an update changes nothing": (
        "bulkUpdateAudienceSegments/2026-01",
        None,
        asked("audience-segments$", without("name")),
    ),
    "what is deleted is told no more": ("bulkDeleteAudienceSegments/preview", altered(DELETE, _less), None),
    "problems of items are not told": ("bulkDeleteAudiences/preview", altered("audiences/delete$", _told_nothing), None),
    "a description of 501 is cut": (
        "bulkCreateAudienceSegments/2026-07",
        None,
        asked(CREATE, of_attributes(lambda said: said.update(description=said["description"][:500]))),
    ),
    "a name of 256 is refused": (
        "bulkUpdateAudience/preview",
        None,
        asked(
            "audiences$",
            of_attributes(lambda said: said.update(name=said["name"].ljust(257)) if len(said["name"]) == 256 else None),
        ),
    ),
    "a wrong type is overlooked": (
        "bulkCreateAudienceSegments/2026-07",
        None,
        asked(CREATE, of_attributes(lambda said: said.update(name=str(said["name"])))),
    ),
    "unknown members are refused": (
        "searchAudienceSegments/2026-07",
        lambda request, response: Response(400, response.headers, b"{}") if b"unheardOf" in request.body else response,
        None,
    ),
    "ids as numbers are refused": (
        "computeAudienceSegmentsSizes/preview",
        None,
        asked(
            "sizes",
            of_attributes(lambda said: said.update(ids=[each if isinstance(each, str) else [each] for each in said["ids"]])),
        ),
    ),
    "a size is left out": ("computeAudiencesSizes/experimental", altered("compute-sizes$", _less), None),
    "refusals are successes": ("estimateAudienceSize/preview", answering("estimate", 500, 400), None),
    "a crossed price is taken": (
        "estimateAudienceSegmentSize/preview",
        None,
        asked(
            "estimate",
            of_attributes(lambda said: said["events"].update(minPrice=0) if said["events"].get("minPrice") == 9.5 else None),
        ),
    ),
    "a refusal is of another type": ("bulkCreateAudience/experimental", _typed('"quota"'), None),
    "a refusal of a body is a 404": ("AddRemoveContactListByAudienceSegment/2026-07", answering("add-remove", 404, 400), None),
    "invalid identifiers are counted valid": (
        "AddRemoveContactListByAudienceSegment/2026-07",
        altered("add-remove$", lambda _, body: {**body, "data": {**body["data"], "nbInvalidIdentifiers": 0}}),
        None,
    ),
    "a week and a second is taken": (
        "retrieveCampaignStats/v2",
        None,
        queried(lambda query: query.replace("08T00%3A00%3A01Z", "08T00%3A00%3A00Z")),
    ),
    "any secret is taken": (
        "requestToken/2026-01",
        None,
        lambda request: replace(request, body=re.sub(rb"client_secret=[^&]+", b"client_secret=demo-secret", request.body)),
    ),
    "only the first violation is told": ("bulkUpdateAudienceSegments/every-violation", _first_only, None),
    "a list is cleared for any id": (
        "ClearContactListByAudienceSegment/2026-07",
        lambda request, response: Response(200, response.headers, b"{}") if "abc" in request.path else response,
        None,
    ),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_found_at_a_boundary(lie: str) -> None:
    check, spoil, mend = LIES[lie]
    outcome = run(f"coverage/{check}", lying(spoil, mend))
    assert outcome.verdict == "failed", lie
    assert outcome.finding is not None
    assert len(outcome.finding.exchanges) <= 12


BY_CHANCE = {
    "the last item is dropped": "fuzz/bulkCreateAudienceSegments/2026-07",
    "another name is kept": "fuzz/bulkCreateAudienceSegments/2026-07",
    "problems of items are not told": "fuzz/bulkDeleteAudiences/preview",
    "a size is left out": "fuzz/computeAudiencesSizes/experimental",
    "any secret is taken": "fuzz/requestToken/2026-01",
    "refusals are successes": "fuzz/estimateAudienceSize/preview",
}


@pytest.mark.parametrize("lie", BY_CHANCE)
def test_a_lie_is_found_by_chance(lie: str) -> None:
    _, spoil, mend = LIES[lie]
    assert run(BY_CHANCE[lie], lying(spoil, mend), Effort(shrink=False)).verdict == "failed"


def test_a_sequence_finds_that_looking_changes_something() -> None:
    seen: list[bytes] = []

    def spoil(request: Request, response: Response) -> Response:
        if not request.path.endswith("search"):
            return response
        seen.append(request.body)
        body = response.json()
        return Response(200, response.headers, orjson.dumps({**body, "data": body["data"][: len(seen) % 2]}))

    assert run("fuzz/sequences/2026-07", lying(spoil), Effort(shrink=False)).verdict == "failed"
