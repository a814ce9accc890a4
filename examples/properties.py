"""What is to hold of the application whatever goes wrong with its calls: each property takes its parts and a plan."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import count
from typing import Any

import httpx
import requests
from mockserver.message import compose
from mockserver.testing import Fake, Fault, faked
from mockserver.testing.strategies import fault_plans

from audiences.api import Api, Credentials
from audiences.patience import Patience
from audiences.polling import Figures, Poller
from audiences.segments import Segments
from audiences.troubles import GaveUp
from audiences.uploading import Report, Uploader

ACCOUNT = "625702934721171442"
RETAILER = "1234"
"""One of the demo world's, with two pages of ten contact lists."""
DEMO = ("demo-client", "demo-secret")
LISTS = {
    "Newsletter": ["ann@example.com", "dora@", "eve@example.com"],
    "Loyalty club": ["tom@example.com", "ann@example.com", "not an address"],
}
REPORTS = [
    Report("Newsletter", valid=2, invalid=1, sample=("dora@",)),
    Report("Loyalty club", valid=2, invalid=1, sample=("not an address",)),
]
HELD = {"Newsletter": "2 identifiers", "Loyalty club": "2 identifiers"}
COUNTED_CALLS = 2 + 1 + 4
"""An upload that meets no trouble: two pages of a search, a creation, two batches for each list."""
CALL_BUDGET = 100

HTTP = httpx.Client(timeout=10)  # one for all, as the certificates take long to read
SESSION = requests.Session()

Plan = Sequence[Fault]

outages = fault_plans().map(lambda plan: [replace(fault, nth=None, lasting=86_400) for fault in plan])
"""Plans of what goes wrong with every call for a day."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What the application is made of; a bug is one of these replaced."""

    patience: Callable[..., Patience] = Patience
    api: type[Api] = Api
    segments: type[Segments] = Segments
    uploader: type[Uploader] = Uploader
    poller: type[Poller] = Poller


SOUND = Parts()


class TooManyCalls(AssertionError):
    """The application went on and on."""


@dataclass(slots=True)
class Waiting:
    """Sleep on the fake's clock, so long as the application does not go on for ever; others may act meanwhile."""

    fake: Fake
    meanwhile: Callable[[], None] | None = None
    naps: Any = field(default_factory=count)

    def __call__(self, seconds: float) -> None:
        if next(self.naps) > CALL_BUDGET:
            raise TooManyCalls(f"{len(self.fake.journal)} calls and no end")
        self.fake.wait(seconds)
        if self.meanwhile:
            self.meanwhile()


def segments(parts: Parts, fake: Fake, sleep: Callable[[float], None]) -> Segments:
    """The application's segments, on the fake's clock, ten to a page."""
    patience = parts.patience(now=fake.clock.now, sleep=sleep)
    return parts.segments(parts.api(Credentials(*DEMO), patience, HTTP), ACCOUNT, RETAILER, page_size=10)


def uploads_everything(parts: Parts, plan: Plan) -> None:
    """Every list ends up in one segment of its name, the report is right, and nothing is created twice."""
    with faked(plan) as fake:
        reports = parts.uploader(segments(parts, fake, Waiting(fake)), batch_size=2).upload(LISTS)
        assert reports == REPORTS
        assert held(fake) == HELD
        fake.journal.assert_not_called("bulkCreateAudienceSegments", status=200, answer={"data": []})


def uploads_everything_within_the_limit(parts: Parts, plan: Plan) -> None:
    """The same if the application may make as many calls a minute as it needs, and not one more."""
    with faked(plan, rate_limit=COUNTED_CALLS) as fake:
        assert parts.uploader(segments(parts, fake, Waiting(fake)), batch_size=2).upload(LISTS) == REPORTS
        assert held(fake) == HELD


def uploads_everything_beside_a_colleague(parts: Parts, plan: Plan) -> None:
    """The same if somebody else creates one of the segments while the application waits."""
    with faked(plan) as fake:
        waiting = Waiting(fake, meanwhile=lambda: create_as_a_colleague(fake, "Newsletter"))
        assert parts.uploader(segments(parts, fake, waiting), batch_size=2).upload(LISTS) == REPORTS
        assert held(fake) == HELD


def finds_every_segment(parts: Parts, plan: Plan) -> None:
    """A search by pages finds what there is."""
    with faked(plan) as fake:
        assert segments(parts, fake, Waiting(fake)).found() == every_segment()


def gives_up_in_the_end(parts: Parts, plan: Plan) -> None:
    """Under an outage the application does its work or says that it gave up, and soon."""
    with faked(plan) as fake:
        try:
            assert parts.uploader(segments(parts, fake, Waiting(fake)), batch_size=2).upload(LISTS) == REPORTS
        except GaveUp:
            assert len(fake.journal) <= CALL_BUDGET


def counts_each_hour_once(parts: Parts, plan: Plan) -> None:
    """After some hours of polls the totals are what an undisturbed application has."""
    assert polled(parts.poller, plan) == undisturbed()


def polled(poller: type[Poller], plan: Plan) -> Figures:
    """What a poller has counted after the day before and an hour and some of polls."""
    with faked(plan, sleep="clock") as fake:
        polling = poller(*DEMO, ["123", "456", "1234"], fake.clock.now, fake.wait, per_call=2, session=SESSION)
        polling.run(7)
        return polling.total


@cache
def undisturbed() -> Figures:
    """What it has if nothing goes wrong."""
    return polled(Poller, [])


@cache
def every_segment() -> dict[str, str]:
    """What there is to be found, a page of five hundred being enough."""
    with faked() as fake:
        patience = Patience(now=fake.clock.now, sleep=fake.wait)
        return Segments(Api(Credentials(*DEMO), patience, HTTP), ACCOUNT, RETAILER).found()


def held(fake: Fake) -> dict[str, str]:
    """What the segments that are new hold, by name."""
    added = [(change.kind, change.id, change.after or {}) for change in fake.diff() if change.what == "added"]
    names = {id: members["name"] for kind, id, members in added if kind == "segment"}
    return {names[id]: members["members"] for kind, id, members in added if kind == "contact list"}


def create_as_a_colleague(fake: Fake, name: str) -> None:
    """Create a segment by another application, if it is not there yet, which no fault strikes."""
    attributes = {"name": name, "retailerId": RETAILER, "contactList": {"identifierType": "Email"}}
    path = f"/2026-07/retail-media/accounts/{ACCOUNT}/audience-segments/create"
    headers = {"authorization": f"Bearer {fake.token()}"}
    fake.engine.handle_aside(compose("POST", path, json={"data": [{"attributes": attributes}]}, headers=headers))
