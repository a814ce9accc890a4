"""What a check holds: it asks, every answer is judged by the contract, and what was said is kept for the report."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import quote, urlencode

from mockserver.check.expectation import RELATIONS, Broken, Expectation, at
from mockserver.check.judging import Judge
from mockserver.check.setting import Credentials, Setting
from mockserver.check.wire import Wire
from mockserver.contract.operation import Operation
from mockserver.message import Request, Response, compose

_CURRENT: Any = object()


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request, its answer, and which operation of which version it was meant for.

    `at` is what the target's clock showed, in seconds since 1970, `moved` by how many seconds it was moved just before.
    """

    request: Request
    response: Response
    operation: str
    version: str
    at: float = 0.0
    moved: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, and its place among what was said in its session."""

    session: "Session" = field(repr=False)
    place: int
    response: Response

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.response.status

    @property
    def body(self) -> Any:
        """The body, parsed; `None` if it is empty or no JSON."""
        try:
            return self.response.json()
        except ValueError:
            return None

    @property
    def document(self) -> dict[str, Any]:
        """What the pointers of expectations lead into: `status`, `headers`, `body`."""
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in self.response.headers}
        return {"status": self.status, "headers": headers, "body": self.body}

    def at(self, pointer: str) -> Any:
        """What stands at `body/data/0/id` or the like, or `ABSENT`."""
        return at(self.document, pointer)

    def holds(self, pointer: str, wanted: Any = None, relation: str = "is", why: str = "") -> Self:
        """Expect what stands at a place to be in relation to a value. Raises `Broken`."""
        found = self.at(pointer)
        try:
            kept = RELATIONS[relation](found, wanted)
        except TypeError:
            kept = False
        if not kept:
            raise Broken(Expectation(self.place, pointer, relation, wanted, found), why)
        return self

    def says(self, status: int, *codes: str) -> Self:
        """Expect a status, and problems of exactly these codes, in any order."""
        self.holds("status", status)
        if codes:
            self.refuses(*codes)
        return self

    def refuses(self, *codes: str) -> Self:
        """Expect the problems told, wherever they are listed, to have exactly these codes."""
        found = sorted(self.codes.elements())
        if found != sorted(codes):
            place = "body/errors/*/code" if self.at("body/errors/0") is not None else "body/warnings/*/code"
            raise Broken(Expectation(self.place, place, "has in any order", sorted(codes), found))
        return self

    @property
    def problems(self) -> list[dict[str, Any]]:
        """The entries of `errors` and `warnings`."""
        body = self.body if isinstance(self.body, dict) else {}
        listed = [*(body.get("errors") or ()), *(body.get("warnings") or ())]
        return [each for each in listed if isinstance(each, dict)]

    @property
    def codes(self) -> Counter[str]:
        """How often each code is among the problems."""
        return Counter(str(each.get("code")) for each in self.problems)

    @property
    def places(self) -> Counter[tuple[str, str]]:
        """Where each problem says it is, and its code."""
        return Counter(
            (str(next(iter((each.get("source") or {}).values()), "")), str(each.get("code"))) for each in self.problems
        )

    @property
    def items(self) -> list[dict[str, Any]]:
        """`data`, if it is a list of objects."""
        data = self.body.get("data") if isinstance(self.body, dict) else None
        return [each for each in data if isinstance(each, dict)] if isinstance(data, list) else []

    @property
    def ids(self) -> list[str]:
        """The ids of `data`."""
        return [str(each.get("id")) for each in self.items]


@dataclass(slots=True)
class Session:
    """One world for the length of one attempt. `readings` are what the target is taken to follow."""

    wire: Wire
    setting: Setting
    judge: Judge
    exchanges: list[Exchange] = field(default_factory=list)
    names: int = 0
    cells: Counter[tuple[str, str]] = field(default_factory=Counter)
    _tokens: dict[Credentials, tuple[str, float]] = field(default_factory=dict)
    _moved: float = 0.0

    @property
    def readings(self) -> Mapping[str, str]:
        """What the target is taken to follow."""
        return self.judge.readings

    def name(self, word: str = "") -> str:
        """A name that nothing has yet, which begins with the run's."""
        self.names += 1
        return f"{self.setting.run} {self.names} {word}".rstrip()

    def advance(self, seconds: float) -> None:
        """Move the target's clock, which needs the ability `clock`; the report of what comes next tells it."""
        self.wire.advance(seconds)
        self._moved += seconds

    def send(self, request: Request, operation: Operation) -> Answer:
        """Send a request that is meant for an operation, and judge the answer. Raises `Broken`."""
        answer = self.stray(request, operation.id, operation.version)
        self.judge(answer, request, operation)
        return answer

    def stray(self, request: Request, operation: str = "", version: str = "") -> Answer:
        """Send a request whose answer no contract judges, such as one for a path that leads nowhere."""
        self.cells[operation, version] += 1
        at = self.wire.now()
        response = self.wire.send(request)
        self.exchanges.append(Exchange(request, response, operation, version, at, self._moved))
        self._moved = 0.0
        return Answer(self, len(self.exchanges) - 1, response)

    def ask(
        self,
        operation: str,
        body: Any = None,
        *,
        version: str | None = None,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, Any] | None = None,
        who: Credentials | None = None,
        headers: Mapping[str, str] | None = None,
        authorization: str | None = _CURRENT,
    ) -> Answer:
        """Ask for an operation by id. The account in the path and the token are the setting's unless told otherwise."""
        known = self.judge.operation(operation, version or self.setting.version)
        sent = dict(headers or {})
        if authorization is _CURRENT:
            authorization = f"Bearer {self.token(who)}"
        if authorization is not None:
            sent["authorization"] = authorization
        request = compose(known.method, self._url(known, path or {}, query or {}), json=body, headers=sent)
        return self.send(request, known)

    def _url(self, operation: Operation, path: Mapping[str, str], query: Mapping[str, Any]) -> str:
        url = operation.path
        for name, value in {"account-id": self.setting.account or "", **path}.items():
            url = url.replace(f"{{{name}}}", quote(value, safe=""))
        return f"{url}?{urlencode(query)}" if query else url

    def login(self, **form: str) -> Answer:
        """Ask for a token with a form."""
        operation = self.judge.operation("requestToken", self.setting.version)
        return self.send(compose("POST", "/oauth2/token", form=form), operation)

    def token(self, who: Credentials | None = None) -> str:
        """A token of an application, fetched once and again when it runs out."""
        credentials = who or self.setting.main
        assert credentials is not None, "a check that needs no application asks for no token"
        token, expires = self._tokens.get(credentials, ("", 0.0))
        if self.wire.now() >= expires:
            form = {"grant_type": "client_credentials", "client_id": credentials.client_id}
            answer = self.login(**form, client_secret=credentials.client_secret).says(200)
            answer.holds("body/access_token", ".+", "matches").holds("body/expires_in", 0, "is more than")
            token, seconds = answer.at("body/access_token"), answer.at("body/expires_in")
            self._tokens[credentials] = (token, self.wire.now() + seconds - 1)
        return str(token)

    # What nearly every check does.

    def create(self, *attributes: Mapping[str, Any], **how: Any) -> Answer:
        """Create segments."""
        return self.ask("bulkCreateAudienceSegments", {"data": [{"attributes": each} for each in attributes]}, **how)

    def update(self, *items: Mapping[str, Any], **how: Any) -> Answer:
        """Change segments; an item has `id` and `attributes`."""
        return self.ask("bulkUpdateAudienceSegments", {"data": list(items)}, **how)

    def delete(self, *ids: Any, **how: Any) -> Answer:
        """Delete segments."""
        return self.ask("bulkDeleteAudienceSegments", {"data": [{"id": id} for id in ids]}, **how)

    def search(self, *, query: Mapping[str, Any] | None = None, filters: Mapping[str, Any] | None = None, **how: Any) -> Answer:
        """Find segments."""
        body = {"data": {"attributes": dict(filters or {})}}
        return self.ask("searchAudienceSegments", body, query=query, **how)

    def amend(self, id: str, operation: str, identifiers: list[Any], **more: Any) -> Answer:
        """Add identifiers to a contact list or remove them."""
        attributes = {"operation": operation, "identifiers": identifiers, **more}
        body = {"data": {"attributes": attributes}}
        return self.ask("AddRemoveContactListByAudienceSegment", body, path={"audience-segment-id": id})

    def clear(self, id: str, **how: Any) -> Answer:
        """Take every identifier out of a contact list."""
        return self.ask("ClearContactListByAudienceSegment", path={"audience-segment-id": id}, **how)

    def statistics(self, id: str, **how: Any) -> Answer:
        """What a contact list holds."""
        return self.ask("getAudienceSegmentContactListStatistics", path={"audience-segment-id": id}, **how)

    def contact_list(self, kind: str = "Email", **more: Any) -> dict[str, Any]:
        """The attributes of a new contact-list segment."""
        return {
            "name": self.name(),
            "retailerId": self.setting.retailers[0],
            "contactList": {"identifierType": kind},
            **more,
        }

    def events(self, **more: Any) -> dict[str, Any]:
        """The attributes of a new events segment."""
        events = {"shopperActivity": "Buy", "lookbackDays": "Last30Days", "categoryIds": ["1042"]}
        return {"name": self.name(), "retailerId": self.setting.retailers[0], "events": events, **more}

    def made(self, *attributes: Mapping[str, Any]) -> list[str]:
        """The ids of segments created without objection."""
        answer = self.create(*attributes).says(200).refuses()
        return answer.holds("body/data", len(attributes), "has length").ids

    def close(self) -> None:
        """Give the world back."""
        self.wire.close()
