"""What is measured: requests as a client would send them, each with the share of the reference it should reach."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from urllib.parse import urlencode

import orjson

from mockserver.message import Request

ACCOUNT = "/2026-07/retail-media/accounts/625702934721171442"
SEGMENT = "/2026-07/retail-media/audience-segments/225702933721171456"
CREDENTIALS = {"grant_type": "client_credentials", "client_id": "demo-client", "client_secret": "demo-secret"}
JSON = "application/json"


@dataclass(frozen=True)
class Case:
    """`fresh` if `{n}` in the body has to be another number in every request; `target` is a ratio of the reference."""

    name: str
    path: str
    body: str
    target: float | None
    media: str = JSON
    fresh: bool = False

    def requests(self, token: str) -> Iterator[Request]:
        """Requests without end."""
        headers = ((b"content-type", self.media.encode()), (b"authorization", f"Bearer {token}".encode()))
        path, _, query = self.path.partition("?")
        for number in count():
            body = self.body.replace("{n}", str(number)) if self.fresh else self.body
            yield Request("POST", path, query, headers, body.encode())


def _amendment(size: int) -> str:
    identifiers = [f"shopper.{number}@example.com" for number in range(size)]
    attributes = {"operation": "add", "identifierType": "Email", "identifiers": identifiers}
    return orjson.dumps({"data": {"attributes": attributes}}).decode()


def _report() -> str:
    return orjson.dumps({"data": {"attributes": {"advertiserIds": ["123"]}}}).decode()


def _creation() -> str:
    attributes = {"name": "benchmark {n}", "retailerId": "12", "contactList": {"identifierType": "Email"}}
    return orjson.dumps({"data": [{"type": "AudienceSegment", "attributes": attributes}]}).decode()


CASES = (
    Case("token", "/oauth2/token", urlencode(CREDENTIALS), 0.80, "application/x-www-form-urlencoded"),
    Case("search, page of 50", f"{ACCOUNT}/audience-segments/search", '{"data":{"attributes":{"retailerIds":["12"]}}}', 0.70),
    Case("create one segment", f"{ACCOUNT}/audience-segments/create", _creation(), 0.70, fresh=True),
    Case("add 100 identifiers", f"{SEGMENT}/contact-list/add-remove", _amendment(100), 0.65),
    Case("realtime report of twelve hours", "/preview/reports/realtime", _report(), 0.70),
    Case("add 50,000 identifiers", f"{SEGMENT}/contact-list/add-remove", _amendment(50_000), None),
)

CASES_BY_NAME = {case.name: case for case in CASES}
