"""What may be sent to a target that is not ours alone: what reads, and what touches nothing but what this run made."""

import re
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from mockserver.check.judging import Judge
from mockserver.check.refraining import KeptBack, NothingPasses
from mockserver.check.setting import Setting
from mockserver.check.target.made import Made, number
from mockserver.check.target.mentions import AUDIENCE, SEGMENT, Unclear, loose_mentions, mentions
from mockserver.check.target.pace import Pace
from mockserver.contract.operation import Operation
from mockserver.message import Request, Response
from mockserver.providers import PROVIDERS

READS = frozenset(
    "requestToken searchAudienceSegments getAudienceSegmentContactListStatistics searchAudiences computeAudiencesSizes "
    "estimateAudienceSize computeAudienceSegmentsSizes estimateAudienceSegmentSize getRealTimeReport "
    "retrieveCampaignStats".split()
)
CREATES: Mapping[str, str] = {"bulkCreateAudienceSegments": SEGMENT, "bulkCreateAudience": AUDIENCE}
CHANGES: Mapping[str, str] = {
    "bulkUpdateAudienceSegments": SEGMENT,
    "AddRemoveContactListByAudienceSegment": SEGMENT,
    "ClearContactListByAudienceSegment": SEGMENT,
    "bulkUpdateAudience": AUDIENCE,
}
DELETES: Mapping[str, str] = {"bulkDeleteAudienceSegments": SEGMENT, "bulkDeleteAudiences": AUDIENCE}
WRITES = {**CREATES, **CHANGES, **DELETES}

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_UNCLEAR_HEADERS = frozenset(
    b"transfer-encoding content-encoding host connection upgrade expect te trailer "
    b"x-http-method x-http-method-override x-method-override x-original-url x-rewrite-url".split()
)
_PLAIN_PATH = re.compile(r"(/[A-Za-z0-9_-][A-Za-z0-9_.~-]*)+")
_MANY = 20
"""Attempts in a row that end in a request kept back, after which a check is given up."""


class Guard:
    """The rules of one run; `judge` says what the contract objects to."""

    def __init__(self, judge: Judge, setting: Setting, made: Made, *, allow_writes: bool):
        self.judge = judge
        self.made = made
        self._setting = setting
        self._allow_writes = allow_writes

    def operation(self, request: Request) -> tuple[Operation, tuple[str, ...]] | None:
        """What every server of this API takes a request for, and the arguments in its path; nothing if that is not clear."""
        if not _PLAIN_PATH.fullmatch(request.path):
            return None
        for provider in PROVIDERS:
            route = provider.contracts.under(self.judge.readings).route(request.path)
            if route is not None and request.method in route.operations:
                return route.operations[request.method], route.arguments
        return None

    def objection(self, request: Request) -> str | None:
        """Why a request may not be sent, or nothing."""
        if any(name in _UNCLEAR_HEADERS for name, _ in request.headers) or not _framed(request):
            return "its headers may make the target take it for another one"
        if request.method in _SAFE:
            return None
        found = self.operation(request)
        if found is None:
            return "nobody knows what it would do there"
        operation, arguments = found
        if operation.id in READS:
            return None
        if operation.id not in WRITES:
            return "nobody has said whether its operation writes"
        if not self._allow_writes:
            return "it would write, and --allow-writes is not given"
        return self._place_objection(request, operation, arguments) or self._body_objection(request, operation)

    def _place_objection(self, request: Request, operation: Operation, arguments: tuple[str, ...]) -> str | None:
        named = dict(zip(re.findall(r"\{([^}]*)\}", operation.path), arguments, strict=True))
        if "account-id" in named and named["account-id"] != self._setting.account:
            return "it is about another account"
        if "audience-segment-id" in named and not self._owns(SEGMENT, named["audience-segment-id"]):
            return "it is about what this run did not make"
        return "nobody knows what its query would do" if request.query else None

    def _owns(self, kind: str, said: str) -> bool:
        id = number(said)
        return id is not None and (kind, id) in self.made.ours

    def _body_objection(self, request: Request, operation: Operation) -> str | None:
        charset = re.search("charset\\s*=\\s*[\"']?([^\\s;\"']*)", (request.header(b"content-type") or "").lower())
        if charset and charset[1] not in ("utf-8", "utf8", "us-ascii"):
            return "its encoding may make the target read something else"
        try:
            said = mentions(request.body, WRITES[operation.id])
        except Unclear:
            return self._loose_objection(request, operation)
        if not all(self.made.is_ours(kind, id) for kind, id in said.ids):
            return "it is about what this run did not make"
        named = [name for name in said.names if isinstance(name, str)]
        if not all(map(self.made.bears_our_name, named)):
            return "it gives a name that does not begin with the run's"
        sound = len(named) == len(said.names) and all(id is not None for _, id in said.ids)
        return None if sound else self._hope(request, operation)

    def _loose_objection(self, request: Request, operation: Operation) -> str | None:
        numbers = loose_mentions(request.body)
        if numbers is None or not all(self._owns(WRITES[operation.id], each) for each in numbers):
            return "it may be about what this run did not make"
        return self._hope(request, operation)

    def _hope(self, request: Request, operation: Operation) -> str | None:
        """What cannot be judged may go only where the contract objects to it anyway."""
        return None if self.judge.objections(request, operation) else "nobody knows what it would do there"


def _framed(request: Request) -> bool:
    """Whether a length that is told is the body's: what is beyond it would be another request."""
    return all(value == b"%d" % len(request.body) for name, value in request.headers if name == b"content-length")


class Guarded:
    """A session's way to a target that is not ours alone: what may not go stays, and what it made is known.

    Without patience, the target's limit of calls may be run into.
    """

    def __init__(self, pace: Pace, guard: Guard, abilities: frozenset[str], leave: Callable[["Guarded"], None] | None = None):
        """`leave` deletes what the session made and did not delete; without one it is what deletes, and beyond any budget."""
        self.abilities = abilities
        self.patient = True
        self.mine: dict[tuple[str, int], None] = {}
        self._pace, self._guard, self._leave = pace, guard, leave
        self._kept_back = False

    def send(self, request: Request) -> Response:
        """The answer to a request. Raises `KeptBack`, `Unreachable` and `BudgetSpent`."""
        objection = self._guard.objection(request)
        if objection is not None:
            self._keep_back(objection)
        found = self._guard.operation(request)
        operation = found[0].id if found else ""
        if operation in CREATES:
            self._guard.made.created = True
        try:
            response = self._pace.send(request, patient=self.patient, cleaning=self._leave is None)
        except KeptBack as kept:
            self._keep_back(str(kept))
        self._learn(operation, response)
        return response

    def _keep_back(self, reason: str) -> NoReturn:
        made = self._guard.made
        made.kept_back[reason] += 1
        self._kept_back = True
        made.in_a_row += 1
        if made.in_a_row >= _MANY:
            made.in_a_row = 0
            raise NothingPasses(f"{reason}; so it was {_MANY} times in a row")
        raise KeptBack(reason)

    def _learn(self, operation: str, response: Response) -> None:
        """Which things came, and which went."""
        made = self._guard.made
        if response.status >= 300:
            return
        for item in _items(response):
            id = number(item.get("id"))
            if id is None:
                continue
            if operation in CREATES and made.bears_our_name(_name(item, made.run)):
                made.add(CREATES[operation], id)
                self.mine[CREATES[operation], id] = None
            elif operation in DELETES:
                made.left.pop((DELETES[operation], id), None)
                self.mine.pop((DELETES[operation], id), None)

    def now(self) -> float:
        """What the target's clock shows."""
        return self._pace.line.now()

    def advance(self, seconds: float) -> None:
        """Nobody moves this clock."""
        raise AssertionError(f"a check that moves the clock needs the ability to; {seconds} seconds")

    def close(self) -> None:
        """Delete what the session made."""
        if not self._kept_back:
            self._guard.made.in_a_row = 0
        if self._leave is not None:
            self._leave(self)


def _items(response: Response) -> list[dict[str, Any]]:
    """What an answer shows under `data`, if it does."""
    try:
        body = response.json()
    except ValueError:
        return []
    data = body.get("data") if isinstance(body, dict) else None
    return [each for each in data if isinstance(each, dict)] if isinstance(data, list) else []


def _name(item: Mapping[str, Any], run: str) -> Any:
    """The name that something has; the run's for what shows none: no other was asked for."""
    attributes = item.get("attributes")
    return attributes.get("name") if isinstance(attributes, dict) else f"{run} "
