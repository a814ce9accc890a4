"""The layer `examples`: what the documents show holds of the truthful fake, lies are found, and wrong files are told."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import pytest

from mockserver.check import examples
from mockserver.check.documented import documented, read_exchanges
from mockserver.check.drafting.subjects import SUBJECTS
from mockserver.check.fresh import fresh_venue
from mockserver.check.law import Effort
from mockserver.check.outcome import Outcome
from mockserver.check.running import run_one
from mockserver.check.session import Session
from mockserver.check.setting import Setting
from mockserver.check.venue import Fresh, Venue
from mockserver.check.wire import InProcess
from mockserver.message import Request, Response
from mockserver.mistake import Mistake
from mockserver.providers import READINGS

CHECKS = {check.name.removeprefix("examples/"): check for check in examples.CHECKS}
VARYING = [
    {name: alternative}
    for name, reading in {each.name: each for each in READINGS}.items()
    for alternative in reading.alternatives
    if alternative != reading.guide
]


truthful = cache(fresh_venue)
"""One for each profile: every check has forks of its world."""


def run(name: str, venue: Venue) -> Outcome:
    return run_one(CHECKS[name], venue, Effort())


def test_there_are_many_exchanges_each_of_a_name_of_its_own() -> None:
    assert len(documented()) >= 60
    assert len(CHECKS) == len(documented())


def test_every_operation_is_shown() -> None:
    assert {operation for check in examples.CHECKS for operation in check.operations} == {id for id, _ in SUBJECTS}


def test_every_kind_of_evidence_says_where_it_can_be_read() -> None:
    assert {check.evidence.kind for check in examples.CHECKS} >= {"wire", "ci", "openapi", "guide", "sdk", "third-party"}


@pytest.mark.parametrize("profile", ["guide", "openapi"])
@pytest.mark.parametrize("name", CHECKS)
def test_an_exchange_holds_of_the_truthful_fake(name: str, profile: str) -> None:
    outcome = run(name, truthful(profile))
    assert outcome.verdict == "passed", outcome.finding
    assert outcome.calls


@pytest.mark.parametrize("readings", VARYING, ids=str)
def test_exchanges_hold_under_every_alternative(readings: Mapping[str, str]) -> None:
    venue = fresh_venue(readings=readings)
    assert not [outcome for name in CHECKS if (outcome := run(name, venue)).verdict != "passed"]


@pytest.mark.parametrize("moment", ["2026-11-22T10:03:00Z", "2026-12-31T23:59:59Z", "2027-06-01T00:00:00Z"])
def test_exchanges_hold_at_any_time(moment: str) -> None:
    venue = fresh_venue(moment=moment)
    assert not [outcome for name in CHECKS if (outcome := run(name, venue)).verdict != "passed"]


def test_what_a_setting_does_not_know_is_skipped() -> None:
    venue = fresh_venue(setting=Setting())
    assert {run(name, venue).verdict for name in CHECKS} == {"skipped"}


class Spoiled(InProcess):
    """A wire on which a text of the answers is another."""

    def __init__(self, engine: Any, there: bytes, instead: bytes):
        super().__init__(engine)
        self._there, self._instead = there, instead

    def send(self, request: Request) -> Response:
        response = super().send(request)
        return Response(response.status, response.headers, response.body.replace(self._there, self._instead))


class Lying(Fresh):
    """A fresh fake behind such a wire."""

    there = instead = b""

    def open(self) -> Session:
        return Session(Spoiled(self.engine.fork(), self.there, self.instead), self.setting, self.judge)


LIES = {
    "segment-created": (b"Wool and tea", b"Wool"),
    "segment-created-is-found": (b'"totalItems":1,', b'"totalItems":2,'),
    "segment-renamed": (b"Said anew", b"Said"),
    "description-emptied": (b'"description":null', b'"description":""'),
    "partial-approval": (b"name-must-not-be-empty", b"invalid"),
    "name-taken": (b"Another Segment exists", b"A segment exists"),
    "identifiers-added": (b'"nbValidIdentifiers":3', b'"nbValidIdentifiers":2'),
    "statistics-counted": (b'"numberOfIdentifiers":2', b'"numberOfIdentifiers":3'),
    "list-unknown": (b"audience-invalid", b"segment-not-found"),
    "audience-changed": (b"Both of them", b"Both"),
    "deleted-audience-is-unknown": (b"audience-not-found", b"segment-not-found"),
    "sizes-hidden": (b'{"relativeSize"', b'{"size":1,"relativeSize"'),
    "report-spelled-as-asked": (b'"advertiserId":', b'"AdvertiserId":'),
    "report-of-defaults": (b'"AdvertiserId":', b'"advertiserId":'),
    "report-in-no-time-zone": (b"Mars/Olympus is not valid", b"is not valid"),
    "report-of-no-campaign": (b"No campaign found", b"Nothing found"),
    "token": (b'"refresh_token":null,', b""),
    "invalid-client": (b"client_secret is invalid", b"secret is invalid"),
    "foreign-token": (b"authorization-token-invalid", b"authorization-token-missing"),
    "reader-may-not-write": (b"permission-denied", b"not-authorized"),
    "sdk-entity": (b'"isReadOnly":false', b'"isReadOnly":"false"'),
    "broken-json": (b"json-format", b"invalid"),
    "required-field": (b"required-field", b"invalid"),
    "campaign-week": (b"-510", b"-500"),
    "campaign-of-nobody": (b"-200", b"-102"),
}


@pytest.mark.parametrize("name", LIES)
def test_a_lie_is_found_by_an_exchange(name: str) -> None:
    venue = Lying(truthful().engine, truthful().setting, truthful().judge)
    venue.there, venue.instead = LIES[name]
    outcome = run(name, venue)
    assert outcome.verdict == "failed"


def written(tmp_path: Path, **changed: Any) -> Path:
    """A file of one exchange; `changed` are members of it, or of its step with `step_` before the name."""
    step = {"ask": "searchAudienceSegments", "body": {}, "status": 200}
    step |= {name.removeprefix("step_"): value for name, value in changed.items() if name.startswith("step_")}
    exchange = {"name": "one", "says": "It is so.", "source": {"guide": "a page"}, "steps": [step]}
    exchange |= {name: value for name, value in changed.items() if not name.startswith("step_")}
    file = tmp_path / "mine.yaml"
    file.write_bytes(orjson.dumps([exchange]))
    return file


def test_a_file_is_read(tmp_path: Path) -> None:
    (read,) = read_exchanges(written(tmp_path, versions=["preview"], needs=["writes"], step_who="reader"))
    assert read.needs == {"writes", "main", "account", "retailers", "reader"}
    assert read.versions == ("preview",)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"sorce": {}}, "one: unknown member of an exchange 'sorce'; did you mean 'source'?"),
        ({"source": {"gide": "a page"}}, "unknown kind of evidence 'gide'; did you mean 'guide'?"),
        ({"source": {"guide": "a", "wire": "b"}}, "source: it is one kind of evidence"),
        ({"needs": ["write"]}, "unknown need 'write'; did you mean 'writes'?"),
        ({"versions": ["2026-06"]}, "unknown version '2026-06'"),
        ({"step_ask": "searchAudienceSegment"}, "steps/0: unknown operation 'searchAudienceSegment'; did you mean"),
        ({"step_boddy": {}}, "steps/0: unknown member of a step 'boddy'; did you mean 'body'?"),
        ({"step_who": "main2"}, "unknown caller 'main2'; did you mean 'main'?"),
        ({"step_url": "/"}, "steps/0: ask: a step asks for an operation, or for a method and a url"),
        ({"step_expect": [["body/data", "equals", 1]]}, "unknown relation 'equals'"),
        ({"step_expect": [["bdy/data", "is", 1]]}, "unknown part of an answer 'bdy'; did you mean 'body'?"),
        ({"step_expect": [["body/data"]]}, "expect: an expectation is a pointer, a relation and a value"),
        ({"step_under": {"match-rat": {}}}, "unknown reading 'match-rat'; did you mean 'match-rate'?"),
        (
            {"step_under": {"match-rate": {"fractions": []}}},
            "unknown alternative of match-rate 'fractions'; did you mean 'fraction'?",
        ),
        ({"step_body": {"data": "{retailler}"}}, "unknown placeholder 'retailler'; did you mean 'retailer'?"),
        ({"step_body": {"data": "{0 body/data}"}}, "steps/0: {0 body/data} is of an answer that is not yet there"),
        (
            {"step_expect": [["body/data", "is", "{1 body/data}"]]},
            "steps/0: {1 body/data} is of an answer that is not yet there",
        ),
        ({"steps": [{"ask": "searchAudiences"}]}, "steps/0: status: a step needs it"),
    ],
)
def test_a_wrong_file_is_told(tmp_path: Path, changed: dict[str, Any], told: str) -> None:
    with pytest.raises(Mistake) as raised:
        read_exchanges(written(tmp_path, **changed))
    assert str(raised.value).startswith("mine.yaml: one: ")
    assert told in str(raised.value)


@pytest.mark.parametrize("text", ["{", "name: one", "- 3"])
def test_a_file_that_is_no_list_of_exchanges_is_told(tmp_path: Path, text: str) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(text)
    with pytest.raises(Mistake, match=r"^mine.yaml: "):
        read_exchanges(file)
