"""One exchange, at least, for every answer that the contract knows."""

from collections.abc import Callable
from functools import cache, partial
from typing import Any

from conftest import ACCOUNT, DEMO, Client, engine_of

from mockserver.contract.operation import LARGEST_BODY, Operation
from mockserver.contract.router import Contract
from mockserver.engine import Engine
from mockserver.message import Request, Response, compose
from mockserver.providers.criteo import CRITEO

LIST, READ_ONLY, EVENTS = "225702933721171456", "56159923678901880", "225702933721195672"
NESTED = "258216562069639999"
CALLBACK = "https://client.example/callback"

_POWERLESS = {"client_id": "powerless-client", "client_secret": "secret", "accounts": [ACCOUNT], "permissions": []}
_MENTIONS = [{"audienceSegmentId": LIST}, {"audienceSegmentId": EVENTS}]
_ALGEBRA = {"and": [{"or": _MENTIONS}, {"not": {"audienceSegmentId": READ_ONLY}}]}
_AUDIENCE = {"id": NESTED, "account": ACCOUNT, "retailer": "12", "name": "Nested", "algebra": _ALGEBRA}
_CRITEO = DEMO["criteo"]
_SAID = {
    "criteo": _CRITEO
    | {"applications": [*_CRITEO["applications"], _POWERLESS], "audiences": [*_CRITEO["audiences"], _AUDIENCE]}
}

WORLDS: dict[str, dict[str, Any]] = {
    "guide": {},
    "openapi": {"profile": "openapi"},
    "neither": {
        "readings": {
            "add-remove-shape": "nested",
            "empty-problem-lists": "omitted",
            "unknown-contact-list": "404",
            "default-page-size": "500",
            "lookback-range": "12-24",
        }
    },
}
"""Between them they take every variant that is written in the contract."""


@cache
def _founded(world: str) -> Engine:
    return engine_of(_SAID, **WORLDS[world])


def contracted(world: str) -> Contract:
    """What holds in a world."""
    return _founded(world).contract(CRITEO)


def reading(world: str, name: str) -> str:
    """The alternative that a world takes."""
    return _founded(world).world.readings[name]


def operations(world: str) -> dict[str, Operation]:
    """Those of a dated version, and those that only the preview has, by id."""
    every = contracted(world).operations
    return {operation.id: operation for at in ("preview", Client.version) for operation in every if operation.version == at}


def answered(world: str, exchange: str) -> Response:
    """What an exchange comes to in a world as it began."""
    return EXCHANGES[exchange][1](Client(_founded(world).fork()))


_NAMED = {"name": "A name", "retailerId": "12"}
_BY_LIST = {**_NAMED, "contactList": {"identifierType": "Email"}}
_BY_EVENTS = {
    **_NAMED,
    "name": "Another name",
    "description": "Said of it",
    "events": {
        "shopperActivity": "View",
        "lookbackDays": "Last7Days",
        "categoryIds": ["1"],
        "brandIds": ["2"],
        "minPrice": 1.5,
        "maxPrice": 10,
    },
}


def _consented(client: Client) -> Response:
    said = {"client_id": client.client_id, "redirect_uri": CALLBACK}
    home = client.engine.world
    code = CRITEO.controls["authorization-codes"](home, home.parts["criteo"], said)
    return client.login(grant_type="authorization_code", redirect_uri=CALLBACK, **code)


def _found(client: Client, **filters: Any) -> Response:
    return client.ask("POST", "/{account}/audiences/search", {"data": {"attributes": filters}})


_PREVIEW = "/preview/retail-media/{account}"
_HIDDEN = {"client_id": "relative-client", "client_secret": "relative-secret"}


def _asked(client: Client, method: str, path: str, body: Any, headers: dict[str, str] | None = None) -> Response:
    """As the client asks, but also at paths that begin with their version."""
    if headers is None:
        client.token = client.token or client.login().json()["access_token"]
        headers = {"authorization": f"Bearer {client.token}"}
    return client.engine.handle(compose(method, _address(client, path), json=body, headers=headers))


def _address(client: Client, path: str) -> str:
    whole = path if path.startswith("/preview/") else f"/{client.version}/retail-media{path}"
    return whole.replace("{account}", f"accounts/{ACCOUNT}")


def _bulk(method: str, path: str, *items: dict[str, Any]) -> Callable[[Client], Response]:
    return lambda client: _asked(client, method, f"{_PREVIEW}/{path}", {"data": list(items)})


def _of(path: str, /, **attributes: Any) -> Callable[[Client], Response]:
    return lambda client: _asked(client, "POST", path, {"data": {"attributes": attributes}})


def _unseen(ask: Callable[[Client], Response]) -> Callable[[Client], Response]:
    """Asked by an application that may not see absolute sizes."""
    return lambda client: ask(Client(client.engine, **_HIDDEN))


_REALTIME = "/preview/reports/realtime"
_NESTED = {"name": "A name", "retailerId": "12", "algebra": _ALGEBRA}
_TOLD = {"name": "Another name", "description": "Said of it", "retailerId": "12", "algebra": {"audienceSegmentId": LIST}}
_CAMEL = ["advertiserId", "advertiser", "campaignId", "campaign", "adsetId", "adset", "year", "month", "week", "day", "hour"]
_SEGMENT_SIZES = _of(f"{_PREVIEW}/audience-segments/compute-sizes", channel="Onsite", ids=[LIST, EVENTS, "1"])
_AUDIENCE_SIZES = _of(f"{_PREVIEW}/audiences/compute-sizes", channel="Offsite", ids=[NESTED, "1"])
_SEGMENT_ESTIMATE = {"channel": "Onsite", "retailerId": "12", "events": _BY_EVENTS["events"]}
_AUDIENCE_ESTIMATE = {"channel": "Onsite", "retailerId": "12", "algebra": _ALGEBRA}
_ONE = {"advertiserIds": ["123"], "campaignIds": ["111"], "lookbackWindow": 12}

_SUCCESSES: dict[str, tuple[str, Callable[[Client], Response]]] = {
    "create some": ("bulkCreateAudienceSegments", lambda client: client.create(_BY_LIST, _BY_EVENTS, _BY_LIST, _NAMED)),
    "create none": ("bulkCreateAudienceSegments", lambda client: client.create()),
    "update some": (
        "bulkUpdateAudienceSegments",
        lambda client: client.update({"id": LIST, "attributes": {"name": "New"}}, {"id": EVENTS}, {"id": "1"}),
    ),
    "delete some": ("bulkDeleteAudienceSegments", lambda client: client.delete(LIST, "1")),
    "find segments": ("searchAudienceSegments", lambda client: client.search(audienceSegmentIds=[LIST, READ_ONLY, EVENTS])),
    "find no segment": ("searchAudienceSegments", lambda client: client.search(audienceSegmentIds=["1"])),
    "find audiences": ("searchAudiences", lambda client: _found(client, audienceIds=[NESTED, "920472839472539402"])),
    "find no audience": ("searchAudiences", lambda client: _found(client, audienceIds=["1"])),
    "count a list": ("getAudienceSegmentContactListStatistics", lambda client: client.statistics(LIST)),
    "add to a list": (
        "AddRemoveContactListByAudienceSegment",
        lambda client: client.amend(LIST, "add", ["a@b.example", "not one"]),
    ),
    "remove from a list": ("AddRemoveContactListByAudienceSegment", lambda client: client.amend(LIST, "remove", [])),
    "clear a list": ("ClearContactListByAudienceSegment", lambda client: client.clear(LIST)),
    "create audiences": (
        "bulkCreateAudience",
        _bulk("POST", "audiences/create", {"attributes": _NESTED}, {"attributes": _TOLD}, {"attributes": _NESTED}),
    ),
    "create no audience": ("bulkCreateAudience", _bulk("POST", "audiences/create")),
    "update audiences": (
        "bulkUpdateAudience",
        _bulk("PATCH", "audiences", {"id": NESTED, "attributes": {"name": "New"}}, {"id": "1"}),
    ),
    "delete audiences": ("bulkDeleteAudiences", _bulk("POST", "audiences/delete", {"id": NESTED}, {"id": "1"})),
    "size segments": ("computeAudienceSegmentsSizes", _SEGMENT_SIZES),
    "size segments unseen": ("computeAudienceSegmentsSizes", _unseen(_SEGMENT_SIZES)),
    "size audiences": ("computeAudiencesSizes", _AUDIENCE_SIZES),
    "size audiences unseen": ("computeAudiencesSizes", _unseen(_AUDIENCE_SIZES)),
    "estimate a segment": (
        "estimateAudienceSegmentSize",
        _of(f"{_PREVIEW}/audience-segments/estimate-size", **_SEGMENT_ESTIMATE),
    ),
    "estimate an audience": ("estimateAudienceSize", _of(f"{_PREVIEW}/audiences/estimate-size", **_AUDIENCE_ESTIMATE)),
    "report an hour": ("getRealTimeReport", _of(_REALTIME, **_ONE)),
    "report every dimension": (
        "getRealTimeReport",
        _of(_REALTIME, **_ONE, dimensions=_CAMEL, metrics=["clicks", "cost", "displays"]),
    ),
    "take a token": ("requestToken", lambda client: client.login()),
    "take a token for a user": ("requestToken", _consented),
    "take a token as nobody": ("requestToken", lambda client: client.login(client_id="nobody")),
    "take a token for nothing": ("requestToken", lambda client: client.login(grant_type="password")),
}

_AMENDMENT = {"data": {"attributes": {"operation": "add", "identifiers": []}}}
_SIZES = {"data": {"attributes": {"channel": "Onsite", "ids": []}}}
_REQUESTS: dict[str, tuple[str, str, Any]] = {
    "bulkCreateAudienceSegments": ("POST", "/{account}/audience-segments/create", {}),
    "bulkUpdateAudienceSegments": ("PATCH", "/{account}/audience-segments", {}),
    "bulkDeleteAudienceSegments": ("POST", "/{account}/audience-segments/delete", {}),
    "searchAudienceSegments": ("POST", "/{account}/audience-segments/search", {}),
    "searchAudiences": ("POST", "/{account}/audiences/search", {}),
    "getAudienceSegmentContactListStatistics": ("GET", "/{account}/audience-segments/1/contact-list", None),
    "AddRemoveContactListByAudienceSegment": ("POST", "/audience-segments/1/contact-list/add-remove", _AMENDMENT),
    "ClearContactListByAudienceSegment": ("POST", "/audience-segments/1/contact-list/clear", None),
    "bulkCreateAudience": ("POST", f"{_PREVIEW}/audiences/create", {}),
    "bulkUpdateAudience": ("PATCH", f"{_PREVIEW}/audiences", {}),
    "bulkDeleteAudiences": ("POST", f"{_PREVIEW}/audiences/delete", {}),
    "computeAudienceSegmentsSizes": ("POST", f"{_PREVIEW}/audience-segments/compute-sizes", _SIZES),
    "computeAudiencesSizes": ("POST", f"{_PREVIEW}/audiences/compute-sizes", _SIZES),
    "estimateAudienceSegmentSize": (
        "POST",
        f"{_PREVIEW}/audience-segments/estimate-size",
        {"data": {"attributes": _SEGMENT_ESTIMATE}},
    ),
    "estimateAudienceSize": ("POST", f"{_PREVIEW}/audiences/estimate-size", {"data": {"attributes": _AUDIENCE_ESTIMATE}}),
    "getRealTimeReport": ("POST", _REALTIME, {"data": {"attributes": _ONE}}),
}
"""A sound request for each operation. There is no segment 1."""


def _ask(operation: str, client: Client) -> Response:
    return _asked(client, *_REQUESTS[operation])


def _without_token(operation: str, client: Client) -> Response:
    return _asked(client, *_REQUESTS[operation], headers={})


def _without_permission(operation: str, client: Client) -> Response:
    return _ask(operation, Client(client.engine, client_id="powerless-client", client_secret="secret"))


def _throttled(operation: str, client: Client) -> Response:
    client.engine.world.rate_limit = 1
    _ask(operation, client)
    return _ask(operation, client)


def _malformed(operation: str, client: Client) -> Response:
    """A body or, where there is none, a segment that is no number."""
    method, path, body = _REQUESTS[operation]
    return _asked(client, method, path.replace("/1/", "/one/"), None if body is None else [])


def _sent(body: bytes, kind: bytes, operation: str, client: Client) -> Response:
    method, path, _ = _REQUESTS[operation]
    token = client.login().json()["access_token"].encode()
    headers = ((b"authorization", b"Bearer " + token), (b"content-type", kind))
    return client.engine.handle(Request(method, _address(client, path), "", headers, body))


_REFUSALS: dict[str, Callable[[str, Client], Response]] = {
    "malformed": _malformed,
    "without token": _without_token,
    "without permission": _without_permission,
    "too often": _throttled,
}
_OF_SEGMENTS = {"to no segment": _ask}
_OF_BODIES = {
    "too large": partial(_sent, b" " * (LARGEST_BODY + 1), b"application/json"),
    "as text": partial(_sent, b"{}", b"text/plain"),
}


def _refusals(operation: str, body: Any) -> dict[str, Callable[[str, Client], Response]]:
    on_segment = "contact-list" in _REQUESTS[operation][1]
    return _REFUSALS | (_OF_SEGMENTS if on_segment else {}) | (_OF_BODIES if body is not None else {})


def _retired(client: Client) -> Response:
    client.engine.world.readings = client.engine.world.readings.changed({"retired-version": "gone"})
    client.version = "2024-01"
    return client.search()


_UNROUTED: dict[str, tuple[str, Callable[[Client], Response]]] = {
    "ask at no path": ("", lambda client: client.ask("POST", "/nothing")),
    "ask with no method": ("", lambda client: client.ask("PUT", "/{account}/audience-segments")),
    "ask a retired version": ("", _retired),
}

EXCHANGES = (
    _SUCCESSES
    | _UNROUTED
    | {
        f"{operation} {name}": (operation, partial(refused, operation))
        for operation, (_, _, body) in _REQUESTS.items()
        for name, refused in _refusals(operation, body).items()
    }
)
"""The operation, if the answer is one's, and how a client comes to it."""
