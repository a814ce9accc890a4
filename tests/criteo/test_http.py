"""HTTP itself: unknown paths, wrong methods, bodies that are too large, of the wrong type, or no JSON at all."""

import re
from typing import Any

import pytest
from conftest import ACCOUNT, Client, codes

from mockserver.contract.operation import LARGEST_BODY
from mockserver.message import Request, Response, compose

SEGMENTS = f"/accounts/{ACCOUNT}/audience-segments"
LIST = "/audience-segments/225702933721171456/contact-list"
OPERATIONS = [
    ("PATCH", SEGMENTS),
    ("POST", f"{SEGMENTS}/create"),
    ("POST", f"{SEGMENTS}/delete"),
    ("POST", f"{SEGMENTS}/search"),
    ("GET", f"/accounts/{ACCOUNT}{LIST}"),
    ("POST", f"{LIST}/add-remove"),
    ("POST", f"{LIST}/clear"),
    ("POST", f"/accounts/{ACCOUNT}/audiences/search"),
]
WITH_BODY = [path for method, path in OPERATIONS if method != "GET" and not path.endswith("clear")]
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT", "get", "BREW"]


def send(
    client: Client, path: str, body: bytes = b"", content_type: str | None = "application/json", method: str | None = None
) -> Response:
    """A request as bytes; the path starts after `retail-media`."""
    token = client.token = client.token or client.login().json()["access_token"]
    headers = [(b"authorization", f"Bearer {token}".encode())]
    if content_type is not None:
        headers.append((b"content-type", content_type.encode()))
    verb = method or next(verb for verb, known in OPERATIONS if known == path)
    return client.engine.handle(Request(verb, f"/2026-07/retail-media{path}", "", tuple(headers), body))


def sources(response: Response) -> list[str]:
    """Where in the request the problems are, in order."""
    return sorted(next(iter(problem["source"].values())) for problem in response.json()["errors"])


def assert_enveloped(response: Response) -> None:
    body = response.json()
    assert response.header("content-type") == "application/json"
    assert list(body) == ["warnings", "errors"]
    assert body["warnings"] == []
    for problem in body["errors"]:
        assert re.fullmatch("[0-9a-f]{32}", problem["traceId"])
        assert problem["traceIdentifier"] == problem["traceId"]
        assert problem["instance"].startswith("/")
        assert "stackTrace" not in problem


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "",
        "/2026-07",
        "/2026-07/",
        "/2026-07/retail-media",
        "/2026-07/retail-media/audience-segments",
        f"/2026-07/retail-media{SEGMENTS}/",
        f"/2026-07/retail-media{SEGMENTS}/serch",
        f"/2026-07/retail-media/accounts//{SEGMENTS}",
        f"/2026-07//retail-media{SEGMENTS}",
        f"/2026-07/Retail-Media{SEGMENTS}",
        "/2026-07/reports/realtime",
        "/oauth2/tokens",
        "/oauth2",
        "/favicon.ico",
        "/2026-07/retail-media/accounts/%00/audience-segments/x",
        "/" * 5000,
        "/a" * 5000,
        "/é/ü",
    ],
)
def test_a_path_that_leads_nowhere_is_not_found(empty: Client, path: str) -> None:
    answer = empty.engine.handle(Request("POST", path))
    assert (answer.status, codes(answer, "errors")) == (404, ["not-found"])
    assert_enveloped(answer)


@pytest.mark.parametrize(("allowed", "path"), OPERATIONS)
@pytest.mark.parametrize("method", METHODS)
def test_a_path_allows_its_method_only_and_says_so(client: Client, method: str, allowed: str, path: str) -> None:
    answer = send(client, path, method=method)
    if method == allowed:
        assert answer.status in (200, 400)
    else:
        assert (answer.status, answer.header("allow"), codes(answer, "errors")) == (405, allowed, ["method-not-allowed"])
        assert_enveloped(answer)


def test_a_wrong_method_is_told_without_a_token(empty: Client) -> None:
    answer = empty.engine.handle(compose("PUT", f"/2026-07/retail-media{SEGMENTS}"))
    assert (answer.status, answer.header("allow")) == (405, "PATCH")


@pytest.mark.parametrize("path", ["//oauth2/token", "///oauth2/token"])
def test_a_host_given_with_a_trailing_slash_still_finds_its_token(empty: Client, path: str) -> None:
    said = {"grant_type": "client_credentials", "client_id": "demo-client", "client_secret": "demo-secret"}
    request = compose("POST", "/oauth2/token", form=said)
    assert empty.engine.handle(Request("POST", path, "", request.headers, request.body)).status == 200


def test_two_calls_have_two_traces(empty: Client) -> None:
    traces = [send(empty, f"{SEGMENTS}/create", b"[]").json()["errors"][0]["traceId"] for _ in range(3)]
    assert len(set(traces)) == 3


def test_problems_of_one_call_share_its_trace(empty: Client) -> None:
    problems = send(empty, f"{SEGMENTS}/create", b'{"data": [1, 2]}').json()["errors"]
    assert len(problems) == 2
    assert len({problem["traceId"] for problem in problems}) == 1


@pytest.mark.parametrize("path", WITH_BODY)
def test_a_body_that_is_too_large_is_told_so(client: Client, path: str) -> None:
    answer = send(client, path, b" " * (LARGEST_BODY + 1))
    assert (answer.status, codes(answer, "errors")) == (413, ["payload-too-large"])
    assert_enveloped(answer)


def test_the_largest_body_is_read(empty: Client) -> None:
    body = b'{"data": []}'
    assert send(empty, f"{SEGMENTS}/create", body + b" " * (LARGEST_BODY - len(body))).status == 200


@pytest.mark.parametrize("path", WITH_BODY)
@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "text/plain",
        "application/xml",
        "text/html",
        "application/x-www-form-urlencoded",
        "json",
        "application/jsonp",
        ";",
    ],
)
def test_a_body_of_another_type_is_not_supported(client: Client, path: str, content_type: str | None) -> None:
    answer = send(client, path, b"{}", content_type)
    assert (answer.status, codes(answer, "errors")) == (415, ["unsupported-media-type"])
    assert_enveloped(answer)


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "application/json; charset=utf-8",
        "application/json;charset=UTF-8",
        "Application/JSON",
        " application/json ",
        "text/json",
        "application/vnd.api+json",
    ],
)
def test_json_by_any_of_its_names_is_read(empty: Client, content_type: str) -> None:
    assert send(empty, f"{SEGMENTS}/create", b"{}", content_type).status == 200


def test_a_byte_order_mark_is_no_harm(empty: Client) -> None:
    assert send(empty, f"{SEGMENTS}/create", b'\xef\xbb\xbf{"data": []}').status == 200


MALFORMED = {
    "cut off": b'{"data": [',
    "single quotes": b"{'data': []}",
    "a comma too many": b'{"data": [],}',
    "a comment": b'{"data": []} // so',
    "two documents": b"{}{}",
    "white space": b"  \n",
    "a byte order mark alone": b"\xef\xbb\xbf",
    "not a number": b'{"data": NaN}',
    "infinity": b'{"data": Infinity}',
    "a number beyond all numbers": b'{"data": 1e400}',
    "a lone surrogate": b'{"data": "\\ud800"}',
    "a surrogate in UTF-8": b'{"data": "\xed\xa0\x80"}',
    "not UTF-8": b'{"data": "\xff"}',
    "UTF-16": '{"data": []}'.encode("utf-16"),
    "a control character": b'{"data": "\x01"}',
    "a form": b"data=5",
    "a leading zero": b'{"data": 01}',
    "nested 100,000 deep": b"[" * 100_000 + b"]" * 100_000,
    "objects nested 100,000 deep": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "open 100,000 deep": b"[" * 100_000,
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED)
@pytest.mark.parametrize("path", WITH_BODY)
def test_what_is_no_json_is_malformed(client: Client, path: str, body: bytes) -> None:
    answer = send(client, path, body)
    assert (answer.status, codes(answer, "errors")) == (400, ["json-format"])
    assert_enveloped(answer)


@pytest.mark.parametrize("path", WITH_BODY)
def test_a_body_that_is_missing_is_required(client: Client, path: str) -> None:
    for content_type in ("application/json", None):
        answer = send(client, path, b"", content_type)
        assert (answer.status, codes(answer, "errors")) == (400, ["required-field"])
        assert_enveloped(answer)


@pytest.mark.parametrize("body", [b"null", b"[]", b"5", b'"text"', b"true", b"1.5", b"[{}]"])
@pytest.mark.parametrize("path", WITH_BODY)
def test_a_body_that_is_no_object_is_invalid(client: Client, path: str, body: bytes) -> None:
    answer = send(client, path, body)
    assert (answer.status, codes(answer, "errors")) == (400, ["invalid"])
    assert answer.json()["errors"][0]["source"] is None


@pytest.mark.parametrize("depth", [100, 200, 1_000])
def test_what_nobody_knows_is_ignored_however_deep(empty: Client, depth: int) -> None:
    assert send(empty, f"{SEGMENTS}/create", b'{"data": [], "x": ' + b"[" * depth + b"]" * depth + b"}").status == 200


@pytest.mark.parametrize("depth", [100, 255, 256, 1_000])
@pytest.mark.parametrize("around", ["%s", '{"data": %s}', '{"data": [{"id": "1", "attributes": {"name": %s}}]}'])
def test_what_is_wrong_is_invalid_however_deep(empty: Client, around: str, depth: int) -> None:
    answer = send(empty, SEGMENTS, (around % ("[" * depth + "5" + "]" * depth)).encode())
    assert answer.status == 400
    assert_enveloped(answer)


def test_what_is_wrong_is_told_beside_anything_deep(empty: Client) -> None:
    answer = send(empty, SEGMENTS, b'{"data": 5, "x": ' + b"[" * 1_000 + b"]" * 1_000 + b"}")
    assert (answer.status, sources(answer)) == (400, ["data"])


def test_every_wrong_type_is_named_by_its_path(empty: Client) -> None:
    body = (
        b'{"data": [{"attributes": {"name": 5, "retailerId": [], "description": 1, "contactList": {"identifierType": "X"}}},'
        b'{"type": 5, "attributes": {"name": "Sound", "retailerId": "12", "events":'
        b'{"shopperActivity": "Sell", "minPrice": "1", "categoryIds": "1", "brandIds": [null]}}}, 7, {}]}'
    )
    answer = send(empty, f"{SEGMENTS}/create", body)
    assert answer.status == 400
    assert sources(answer) == sorted(
        [
            "data/0/attributes/name",
            "data/0/attributes/retailerId",
            "data/0/attributes/description",
            "data/0/attributes/contactList/identifierType",
            "data/1/type",
            "data/1/attributes/events/shopperActivity",
            "data/1/attributes/events/lookbackDays",
            "data/1/attributes/events/minPrice",
            "data/1/attributes/events/categoryIds",
            "data/1/attributes/events/brandIds/0",
            "data/2",
            "data/3/attributes",
        ]
    )
    assert empty.search().json()["meta"]["totalItems"] == 0


def test_a_missing_field_is_required_by_name(empty: Client) -> None:
    answer = send(empty, f"{SEGMENTS}/create", b'{"data": [{"attributes": {"retailerId": "12"}}]}')
    problem = answer.json()["errors"][0]
    assert (answer.status, problem["type"], problem["code"]) == (400, "validation", "required-field")
    assert (problem["title"], problem["source"]) == ("name is required", {"name": "data/0/attributes/name"})


def test_a_hundred_violations_are_told_and_that_there_are_more(empty: Client) -> None:
    answer = send(empty, f"{SEGMENTS}/create", b'{"data": [' + b",".join([b"1"] * 150) + b"]}")
    told = [problem["detail"] for problem in answer.json()["errors"]]
    assert (len(told), told[-1]) == (101, "more is wrong; only the first 100 violations are told")


def test_unknown_members_are_ignored_everywhere(empty: Client) -> None:
    body = (
        b'{"meta": {}, "data": [{"extra": 1, "links": [], "attributes": {"name": "N", "retailerId": "12", "extra": null,'
        b'"contactList": {"identifierType": "Email", "gumCallerId": 5}}}]}'
    )
    answer = send(empty, f"{SEGMENTS}/create", body)
    assert [each["attributes"]["name"] for each in answer.json()["data"]] == ["N"]


def test_of_a_member_given_twice_the_last_counts(empty: Client) -> None:
    contact_list = b'"retailerId": "12", "contactList": {"identifierType": "Email"}'
    body = b'{"data": [{"attributes": {"name": "A", "name": "B", ' + contact_list + b"}}]}"
    assert send(empty, f"{SEGMENTS}/create", body).json()["data"][0]["attributes"]["name"] == "B"


def test_null_bytes_and_other_planes_come_back_as_they_went(empty: Client) -> None:
    name = "\x00\u2028\U0001f600é"
    assert empty.create_list(name)
    assert empty.search().json()["data"][0]["attributes"]["name"] == name


STRANGE_IDS = [
    "abc",
    " ",
    "1e3",
    "-1",
    "1.5",
    "٣",
    "9" * 19,
    "9" * 20,
    "9" * 5000,
    "0",
    "00",
    "null",
    "\x00",
    "0x10",
    "1_0",
]
STRANGE_NUMBERS = [0, -1, 1.5, 1e300, 2**63, 2**64, -(2**63)]


@pytest.mark.parametrize("id", STRANGE_IDS)
def test_an_id_that_is_no_number_is_not_found(client: Client, id: str) -> None:
    before = client.search("?limit=0").json()["meta"]["totalItems"]
    assert codes(client.delete(id)) == ["segment-not-found"]
    assert codes(client.update({"id": id, "attributes": {"name": "N"}})) == ["segment-not-found"]
    assert client.search(audienceSegmentIds=[id]).json()["data"] == []
    assert codes(client.create({"name": "N", "retailerId": id, "contactList": {"identifierType": "Email"}})) == [
        "retailer-not-found"
    ]
    assert client.search("?limit=0").json()["meta"]["totalItems"] == before


@pytest.mark.parametrize("id", [*STRANGE_NUMBERS, 10**30, True, None, [], {}])
def test_an_id_that_is_a_strange_number_or_none_is_not_found_or_invalid(empty: Client, id: Any) -> None:
    body = b'{"data": [{"id": %s, "attributes": {}}]}' % str(id).lower().replace("none", "null").encode()
    for path in (SEGMENTS, f"{SEGMENTS}/delete"):
        answer = send(empty, path, body)
        told = codes(answer, "warnings" if answer.status == 200 else "errors")
        assert (answer.status, told) in [(200, ["segment-not-found"]), (400, ["invalid"])]


@pytest.mark.parametrize("segment", ["abc", "-1", "1.5", "9" * 20, "9" * 5000, "٣", "%2e%2e", "null", "1;2", "1 "])
def test_an_id_in_a_path_that_is_no_number_is_invalid(client: Client, segment: str) -> None:
    for method, path in (
        ("POST", f"/audience-segments/{segment}/contact-list/clear"),
        ("POST", f"/audience-segments/{segment}/contact-list/add-remove"),
        ("GET", f"/accounts/{ACCOUNT}/audience-segments/{segment}/contact-list"),
    ):
        answer = send(client, path, b'{"data": {"attributes": {"operation": "add", "identifiers": []}}}', method=method)
        assert (answer.status, sources(answer)) == (400, ["audience-segment-id"])
        assert_enveloped(answer)


NASTY = [
    *MALFORMED.values(),
    b"",
    b"null",
    b"[]",
    b"0",
    b'""',
    b"{}",
    b'{"data": null}',
    b'{"data": {}}',
    b'{"data": []}',
    b'{"data": [null]}',
    b'{"data": [[]]}',
    b'{"data": [{}]}',
    b'{"data": [{"id": {}}]}',
    b'{"data": [{"id": "1"}]}',
    b'{"data": [{"id": 12345678901234567890123456789012345678901234567890}]}',
    b'{"data": {"attributes": []}}',
    b'{"data": {"attributes": null}}',
    b'{"data": {"attributes": {"operation": "add", "identifiers": [""]}}}',
    b'{"data": {"attributes": {"operation": "add", "identifiers": ["\\u0000", "\\n", "\\r\\n\\u2028"]}}}',
    b'{"data": {"attributes": {"operation": [], "identifiers": {}, "identifierType": {}}}}',
    b'{"data": {"attributes": {"audienceSegmentIds": [1e308, "", {}], "audienceIds": [1e308], "retailerIds": [-0.0]}}}',
    b'{"data": {"attributes": {"audienceSegmentIds": [1e308, -0.0, ""], "audienceIds": [1e308], "retailerIds": [1e308]}}}',
    b'{"data": [{"id": "1", "attributes": {"name": 0, "description": {"value": {}}, "events": {"minPrice": {"value": []}}}}]}',
    b'{"data": [{"id": "225702933721195672", "attributes": {"events": {"minPrice": {"value": 1e308}, "brandIds": [1e308]}}}]}',
    b'{"data": [{"attributes": {"name": "\\u0000", "retailerId": 1e308, "contactList": {}, "events": null}}]}',
    b'{"data": [{"attributes": {"name": "' + b"n" * 100_000 + b'", "retailerId": "' + b"9" * 100_000 + b'"}}]}',
    b'{"\\u0000": 1, "": {"": {"": 1}}, "__proto__": [], "$ref": "#"}',
]


@pytest.mark.parametrize("body", NASTY, ids=range(len(NASTY)))
def test_nothing_that_is_sent_breaks_the_server(client: Client, body: bytes) -> None:
    for method, path in OPERATIONS:
        answer = send(client, path, body, method=method)
        assert answer.status in (200, 400), answer.body
        assert answer.json() is not None
    form = (b"content-type", b"application/x-www-form-urlencoded")
    assert client.engine.handle(Request("POST", "/oauth2/token", "", (form,), body)).status in (400, 401)


@pytest.mark.parametrize(
    "query", ["%", "%zz", "&&&", "=", "limit", "a=" * 3000, "limit=1;offset=2", "\x00", "%00=%00", "limit[]=1"]
)
def test_no_query_breaks_the_server(client: Client, query: str) -> None:
    request = compose("POST", f"/2026-07/retail-media{SEGMENTS}/search", json={})
    token = client.login().json()["access_token"]
    headers = (*request.headers, (b"authorization", f"Bearer {token}".encode()))
    answer = client.engine.handle(Request("POST", request.path, query, headers, b"{}"))
    assert answer.status in (200, 400)


@pytest.mark.parametrize("name", [b"authorization", b"content-type", b"content-length", b"host", b"x-anything"])
@pytest.mark.parametrize("value", [b"", b"\xff\xfe", b"a" * 60_000, b"Bearer \x00", b"Bearer ..", b"=;,"])
def test_no_header_breaks_the_server(empty: Client, name: bytes, value: bytes) -> None:
    request = Request("POST", f"/2026-07/retail-media{SEGMENTS}/search", "", ((name, value),), b"{}")
    assert empty.engine.handle(request).status == 401


def test_a_long_value_is_told_by_its_beginning_and_end(empty: Client) -> None:
    answer = empty.create({"name": "A list", "retailerId": "9" * 1_000_000, "contactList": {"identifierType": "Email"}})
    assert len(answer.body) < 2_000


def test_of_a_large_body_the_first_violation_is_told(empty: Client) -> None:
    answer = empty.amend(empty.create_list("A list"), "add", [5] * 50_000)  # type: ignore[list-item]
    assert (answer.status, len(answer.json()["errors"])) == (400, 1)
