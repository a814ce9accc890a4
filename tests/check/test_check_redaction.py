"""No output of the kit holds a secret or an identifier, wherever it stands and however it is written there."""

import html as markup
import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any
from urllib.parse import quote, quote_plus, unquote_plus, urlencode

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spoiling import check

from mockserver.check.customer_token import customer_token
from mockserver.check.expectation import Expectation
from mockserver.check.fresh import TARGET, fresh_venue
from mockserver.check.observation import Observation
from mockserver.check.outcome import Finding, Outcome
from mockserver.check.publishing import REPORTS
from mockserver.check.readings.learning import learn
from mockserver.check.redaction import redacted, scrubbed, secrets_of
from mockserver.check.reports.baseline import baseline
from mockserver.check.reports.curl import curl
from mockserver.check.reports.github import annotations, step_summary
from mockserver.check.reports.repeat import repeat
from mockserver.check.reports.summary import summary
from mockserver.check.result import Result
from mockserver.check.session import Exchange
from mockserver.check.setting import DEMO, Credentials, Customer
from mockserver.check.tapes.recording import Recording
from mockserver.message import Request, Response
from mockserver.providers import PROVIDERS

CLIENT_SECRET = "s3cr3t/+with space&=\"'$<%>"
SECRET_KEY = b64encode(b"the key of nobody else at all 00").decode()
OURS = replace(DEMO, main=Credentials("our-client", CLIENT_SECRET), customer=Customer("a1b2c3d4", SECRET_KEY), run="our run")
GIVEN = secrets_of(OURS)

TOKEN = "opaque_ACCESS-token.0123456789"
REFRESH = "opaque_REFRESH-token.9876543210"
CODE = "authorization-code-4711"
OTHER_SECRET = "the-secret-of-another-0815"
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
COOKIE = "session=c00kie-of-somebody"
EMAIL = "jane.roe@example.com"
PHONE = "+491701234567"
DIGEST = sha256(b"jane.roe@example.com").hexdigest()
CUSTOMER_ID = "customer-4711-jane"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJhY2Nlc3NLZXkiOiJhIn0.c2lnbmF0dXJlLW9mLW5vYm9keQ"
OWN = customer_token(OURS.customer, 4e9) if OURS.customer else ""

JSON, FORM, HTML = "application/json", "application/x-www-form-urlencoded", "text/html"


def said(
    *,
    path: str = "/2026-07/retail-media/accounts/1/audience-segments/search",
    query: str = "",
    headers: Mapping[str, str] | None = None,
    body: Any = b"",
    media: str = JSON,
    answer: Any = b"",
    answer_media: str = JSON,
    answer_headers: Mapping[str, str] | None = None,
    status: int = 400,
    operation: str = "searchAudienceSegments",
) -> Exchange:
    def raw(thing: Any) -> bytes:
        return thing if isinstance(thing, bytes) else orjson.dumps(thing)

    def wire(named: Mapping[str, str] | None, kind: str) -> list[tuple[bytes, bytes]]:
        return [(name.encode(), value.encode()) for name, value in {"content-type": kind, **(named or {})}.items()]

    request = Request("POST", path, query, tuple(wire(headers, media)), raw(body))
    return Exchange(request, Response(status, wire(answer_headers, answer_media), raw(answer)), operation, "2026-07", 1.0)


def refusal(**more: Any) -> dict[str, Any]:
    return {"warnings": [], "errors": [{"code": "invalid", "title": "The value is not valid", "detail": None, **more}]}


def form(**fields: str) -> bytes:
    return urlencode(fields).encode()


def basic(client: str, secret: str) -> str:
    return f"Basic {b64encode(f'{client}:{secret}'.encode()).decode()}"


def amendment(*identifiers: Any) -> dict[str, Any]:
    return {"data": {"attributes": {"operation": "add", "identifiers": list(identifiers)}}}


def nested(thing: Any, depth: int = 20) -> Any:
    return thing if depth == 0 else {"data": [nested(thing, depth - 1)]}


def percent(text: str) -> str:
    return "".join(f"%{byte:02x}" for byte in text.encode())


@dataclass(frozen=True)
class Row:
    """Where secrets stand, and which."""

    name: str
    exchanges: Sequence[Exchange]
    secrets: Sequence[str]


ANYWHERE: Mapping[str, Callable[[str], Exchange]] = {
    "header": lambda secret: said(headers={"x-note": f"with {secret} in it"}),
    "header-name": lambda secret: said(headers={quote(secret, safe="").lower(): "1"}),
    "form": lambda secret: said(body=form(client_id="c", note=secret), media=FORM),
    "form-with-every-character-encoded": lambda secret: said(body=b"note=" + percent(secret).encode(), media=FORM),
    "json": lambda secret: said(body={"note": secret}),
    "json-within-a-text": lambda secret: said(body={"note": json.dumps({"inner": secret})}),
    "json-nested": lambda secret: said(body=nested(f"- {secret} -")),
    "json-key": lambda secret: said(body={"data": {secret: 1}}),
    "path": lambda secret: said(path=f"/2026-07/{quote(secret, safe='')}/x"),
    "path-as-it-is": lambda secret: said(path=f"/2026-07/{secret}/x"),
    "query": lambda secret: said(query=urlencode({"limit": 1, "note": secret})),
    "query-encoded-twice": lambda secret: said(query=f"note={quote(quote(secret, safe=''), safe='')}"),
    "query-in-small-hexadecimal": lambda secret: said(query=f"note={percent(secret)}"),
    "detail": lambda secret: said(answer=refusal(detail=f"no {secret} is known")),
    "title": lambda secret: said(answer=refusal(title=f"{secret}: unknown")),
    "source": lambda secret: said(answer=refusal(source={secret: f"data/{secret}"})),
    "base64": lambda secret: said(body={"note": b64encode(f"id:{secret}".encode()).decode()}),
    "base64-for-urls": lambda secret: said(query=f"note={urlsafe_b64encode(f'id?{secret}'.encode()).decode()}"),
    "basic": lambda secret: said(headers={"authorization": basic("our-client", secret)}),
    "bytes-that-are-no-json": lambda secret: said(body=b"\xff{" + secret.encode()),
    "json-cut-off": lambda secret: said(body=orjson.dumps({"note": secret})[:-1]),
    "html": lambda secret: said(answer=f"<p>{markup.escape(secret)}</p>".encode(), answer_media=HTML),
    "answer-header": lambda secret: said(answer_headers={"location": f"/x?note={quote_plus(secret)}"}),
}
"""What we were given is hidden wherever it stands."""

BY_PLACE: tuple[Row, ...] = (
    Row("bearer", [said(headers={"authorization": f"Bearer {TOKEN}"}, answer=refusal(detail=f"{TOKEN} has expired"))], [TOKEN]),
    Row("bare-token", [said(headers={"authorization": TOKEN})], [TOKEN]),
    Row("proxy", [said(headers={"proxy-authorization": f"Bearer {TOKEN}"})], [TOKEN]),
    Row("basic-of-another", [said(headers={"authorization": basic("c", OTHER_SECRET)})], [OTHER_SECRET]),
    Row(
        "basic-of-another-told",
        [said(headers={"authorization": basic("c", OTHER_SECRET)}, answer=refusal(detail=f"{OTHER_SECRET} is wrong"))],
        [OTHER_SECRET],
    ),
    Row("x-api-key", [said(headers={"x-api-key": TOKEN})], [TOKEN]),
    Row("cookie", [said(headers={"cookie": COOKIE}, answer_headers={"set-cookie": COOKIE})], [COOKIE]),
    Row("form", [said(body=form(client_id="c", client_secret=OTHER_SECRET), media=FORM)], [OTHER_SECRET]),
    Row("form-as-text", [said(body=form(client_id="c", client_secret=OTHER_SECRET), media="text/plain")], [OTHER_SECRET]),
    Row("form-as-json", [said(body=form(client_id="c", client_secret=OTHER_SECRET))], [OTHER_SECRET]),
    Row("form-in-camel-case", [said(body=form(clientId="c", clientSecret=OTHER_SECRET), media=FORM)], [OTHER_SECRET]),
    Row("json", [said(body={"client_id": "c", "client_secret": OTHER_SECRET, "password": VERIFIER})], [OTHER_SECRET, VERIFIER]),
    Row("json-nested", [said(body={"client_secret": {"of": ["main", OTHER_SECRET]}})], [OTHER_SECRET]),
    Row("json-cut-off", [said(body=orjson.dumps({"client_secret": OTHER_SECRET})[:-1])], [OTHER_SECRET]),
    Row("code", [said(body=form(code=CODE, code_verifier=VERIFIER), media=FORM)], [CODE, VERIFIER]),
    Row("code-in-json", [said(body={"code": CODE})], [CODE]),
    Row("code-in-query", [said(query=f"code={CODE}&client_secret={OTHER_SECRET}&limit=1")], [CODE, OTHER_SECRET]),
    Row("own", [said(headers={"authorization": f"Bearer {OWN}"}, answer=refusal(detail=f"{OWN} is none"))], [OWN]),
    Row("jwt", [said(query=f"note={JWT}", answer=refusal(detail=f"{JWT} is none"))], [JWT, JWT.rpartition(".")[2]]),
    Row("jwt-in-path", [said(path=f"/v2/{JWT}/campaign")], [JWT]),
    Row(
        "handed-out",
        [
            said(
                answer={"access_token": TOKEN, "refresh_token": REFRESH, "expires_in": 900},
                status=200,
                operation="requestToken",
            ),
            said(path=f"/x/{TOKEN}", query=f"note={quote(REFRESH)}", body=[TOKEN], answer=refusal(title=f"no {REFRESH}")),
        ],
        [TOKEN, REFRESH],
    ),
    Row("handed-out-later", [said(path=f"/x/{TOKEN}"), said(headers={"authorization": f"Bearer {TOKEN}"})], [TOKEN]),
    Row(
        "identifiers",
        [said(body=amendment(EMAIL, PHONE, DIGEST, CUSTOMER_ID), operation="AddRemoveContactListByAudienceSegment")],
        [EMAIL, PHONE, DIGEST, CUSTOMER_ID],
    ),
    Row("identifiers-as-numbers", [said(body=amendment(4917012345678, [4711471147.5]))], ["4917012345678", "4711471147.5"]),
    Row("identifiers-as-keys", [said(body=amendment({CUSTOMER_ID: {"of": EMAIL}}))], [CUSTOMER_ID, EMAIL]),
    Row("identifiers-in-capitals", [said(body={"Identifiers": [CUSTOMER_ID]})], [CUSTOMER_ID]),
    Row("identifiers-cut-off", [said(body=orjson.dumps(amendment(CUSTOMER_ID))[:-1])], [CUSTOMER_ID]),
    Row(
        "sample",
        [said(status=200, answer={"data": {"sampleInvalidIdentifiers": [CUSTOMER_ID, EMAIL], "nbValidIdentifiers": 1}})],
        [CUSTOMER_ID, EMAIL],
    ),
    Row(
        "identifiers-told",
        [
            said(
                body=amendment(EMAIL, CUSTOMER_ID), answer=refusal(title=f"{CUSTOMER_ID}: no", detail=f"{EMAIL}, {CUSTOMER_ID}")
            )
        ],
        [EMAIL, CUSTOMER_ID],
    ),
    Row(
        "anywhere",
        [said(body={"name": f"of {EMAIL}", "text": [PHONE, f"({DIGEST})"]}, query=f"mail={quote(EMAIL)}&{percent(EMAIL)}=1")],
        [EMAIL, PHONE, DIGEST],
    ),
)

GIVEN_ROWS = [
    Row(f"{name}-{which}", [said(), build(secret)], [secret])
    for name, build in ANYWHERE.items()
    for which, secret in (("client-secret", CLIENT_SECRET), ("secret-key", SECRET_KEY))
]
every_row = pytest.mark.parametrize("row", [*GIVEN_ROWS, *BY_PLACE], ids=lambda row: row.name)


def leaves(thing: Any) -> Iterator[str]:
    if isinstance(thing, Mapping):
        for key, value in thing.items():
            yield str(key)
            yield from leaves(value)
    elif isinstance(thing, list):
        for each in thing:
            yield from leaves(each)
    else:
        yield str(thing)


def assert_hidden(text: str, secrets: Sequence[str], what: str) -> None:
    read = {text, markup.unescape(text), unquote_plus(text), unquote_plus(unquote_plus(text)), text.replace('\\"', '"')}
    for secret in secrets:
        packed = b64encode(secret.encode()).decode().rstrip("=")
        for form in (secret, quote(secret, safe=""), quote_plus(secret), packed, json.dumps(secret)[1:-1]):
            assert not any(form in each for each in read), f"{what} holds {form}"


def result_of(row: Row) -> Result:
    """A result in which the last answer is told wherever an answer may be: of what was given, also apart from its exchanges."""
    answer = row.exchanges[-1].response.body.decode("utf-8", "replace")
    shown = answer if row in GIVEN_ROWS else "nothing"
    broken = Expectation(len(row.exchanges) - 1, "body", "is", f"not {shown}", answer)
    suspect = check(name="laws/suspect", operations=("searchAudienceSegments",))
    finding = Finding(suspect, broken, f"why: {answer}", row.exchanges)
    reading = PROVIDERS[0].readings[0]
    seen = [
        Observation(reading, reading.guide, row.exchanges),
        Observation(reading, None, row.exchanges, f"since {shown}", True),
    ]
    outcomes = [
        Outcome(suspect, "failed", 0.1, finding=finding),
        Outcome(check(name="laws/other"), "broke off", reason=f"for {shown}"),
    ]
    return Result("http://localhost:1", "our run", 1.0, 0.1, 0, outcomes, seen, notes=(f"note {shown}",), setting=OURS)


@every_row
def test_exchanges_are_redacted(row):
    told = redacted(row.exchanges, GIVEN)
    for leaf in leaves(told):
        assert_hidden(leaf, row.secrets, "what is redacted")
    assert len(told) == len(row.exchanges)
    orjson.dumps(told)


@every_row
def test_a_recording_is_without_secrets(row, tmp_path):
    venue = fresh_venue(setting=OURS)
    recording = Recording(tmp_path / "tape", venue, TARGET, 1.0)
    session = recording.venue.open()
    session.exchanges += row.exchanges
    recording.keep(check(name="laws/suspect"))
    files = sorted((tmp_path / "tape").iterdir())
    assert [file.name for file in files] == ["laws.suspect.json", "manifest.json"]
    for file in files:
        assert_hidden(file.read_text("utf-8"), row.secrets, file.name)
        for leaf in leaves(json.loads(file.read_text("utf-8"))):
            assert_hidden(leaf, row.secrets, file.name)


@every_row
def test_what_is_learned_is_without_secrets(row, tmp_path):
    reading, other = PROVIDERS[0].readings[:2]
    detail = row.exchanges[-1].response.body.decode("utf-8", "replace")
    seen = [Observation(reading, reading.guide, row.exchanges), Observation(other, None, row.exchanges, f"it said {detail}")]
    learn(tmp_path / "learned.yaml", seen, f"https://user:{OTHER_SECRET}@api.criteo.com/", 1.0, GIVEN)
    secrets = [secret for secret in row.secrets if _is_known(secret, row)]
    text = (tmp_path / "learned.yaml").read_text("utf-8")
    assert_hidden(" ".join(text.split()), secrets, "what is learned")
    assert OTHER_SECRET not in text


def _is_known(secret: str, row: Row) -> bool:
    """Whether a text alone, without the place it stood in, gives a secret away: a reason is such a text."""
    return secret in GIVEN or not row.name.endswith(("told", "sample", "identifiers-as-keys", "bearer"))


TEXTS: Mapping[str, Callable[[Result], str]] = {
    **{name: lambda result, report=report: report(result, GIVEN) for name, report in REPORTS.items()},
    "summary": lambda result: summary(result, GIVEN),
    "annotations": lambda result: annotations(result, GIVEN),
    "step-summary": lambda result: step_summary(result, GIVEN),
    "baseline": lambda result: baseline(result, GIVEN),
    "curl": lambda result: curl(result.findings[0], result, GIVEN),
    "repeat": lambda result: repeat(result.findings[0], result, GIVEN),
}


@pytest.mark.parametrize("report", TEXTS)
@pytest.mark.parametrize("row", [row for row in GIVEN_ROWS if "header-name" not in row.name], ids=lambda row: row.name)
def test_no_report_holds_what_the_run_was_given(report, row):
    assert_hidden(TEXTS[report](result_of(row)), row.secrets, report)


@pytest.mark.parametrize("report", TEXTS)
@pytest.mark.parametrize("name", ["bearer", "own", "handed-out"])
def test_no_report_holds_a_token(report, name):
    row = next(row for row in BY_PLACE if row.name == name)
    assert_hidden(TEXTS[report](result_of(row)), row.secrets, report)


AWKWARD = st.text(st.sampled_from("aZ0 %+/&=\"'<>{}\\é…ß漢.-_~$"), min_size=8, max_size=24).filter(lambda text: "漢" in text)


@settings(max_examples=150, deadline=None)
@given(secret=AWKWARD, place=st.sampled_from(sorted(ANYWHERE.keys() - {"path-as-it-is", "header", "html"})))
def test_any_secret_that_was_given_is_hidden_in_any_place(secret, place):
    for leaf in leaves(redacted([ANYWHERE[place](secret)], [secret])):
        assert_hidden(leaf, [secret], place)


@settings(max_examples=150, deadline=None)
@given(secret=AWKWARD, around=st.tuples(st.text(max_size=9), st.text(max_size=9)))
def test_any_secret_is_hidden_in_a_line_of_a_log(secret, around):
    before, after = around
    for written in (secret, quote(secret, safe=""), b64encode(secret.encode()).decode()):
        assert_hidden(scrubbed(f"{before} {written} {after}", [secret]), [secret], "a line")


def test_a_mark_is_the_same_for_the_same_secret_wherever_it_stands():
    [row] = [row for row in BY_PLACE if row.name == "handed-out"]
    first, second = redacted(row.exchanges, GIVEN)
    token, refresh = first["response"]["body"]["access_token"], first["response"]["body"]["refresh_token"]
    assert token != refresh
    assert second["request"]["path"] == f"/x/{token}"
    assert second["request"]["query"] == f"note={refresh}"
    assert second["request"]["body"] == [token]
    [answered] = redacted([said(headers={"authorization": f"Bearer {TOKEN}"})])
    assert answered["request"]["headers"]["authorization"] == f"Bearer {token}"


def test_equal_identifiers_have_equal_marks_and_others_have_others():
    [told] = redacted([said(body=amendment(EMAIL, PHONE, EMAIL, CUSTOMER_ID), answer={"sampleInvalidIdentifiers": [PHONE]})])
    first, phone, again, customer = told["request"]["body"]["data"]["attributes"]["identifiers"]
    assert first == again
    assert len({first, phone, customer}) == 3
    assert told["response"]["body"]["sampleInvalidIdentifiers"] == [phone]


def test_what_is_no_secret_stays():
    answer = {
        "meta": {"totalItems": 2**60, "rate": 0.5},
        "data": [
            {"id": "302000002547600481", "type": "AudienceSegment", "attributes": {"name": "check 1 a+b", "createdById": None}}
        ],
        "errors": [],
        "warnings": [
            {
                "traceId": "c9113a42e22c3c4d18c0e275499a799f",
                "code": "name-must-not-be-empty",
                "source": {"name": "data/1/attributes/name"},
                "detail": "at 2026-11-22T10:30:00.000Z, +00:00",
            }
        ],
    }
    headers = {"x-ratelimit-reset": "1795343460", "accept": "application/json"}
    path = "/2026-07/retail-media/accounts/625702934721171442/audience-segments/search"
    exchange = said(path=path, query="limit=50&from=2026-11-22T10%3A00%3A00Z", headers=headers, body={"data": [1, True, None]})
    exchange = replace(exchange, response=Response(200, [(b"Content-Type", b"application/json")], orjson.dumps(answer)))
    assert redacted([exchange], GIVEN) == [
        {
            "operation": "searchAudienceSegments",
            "version": "2026-07",
            "request": {
                "method": "POST",
                "path": path,
                "query": "limit=50&from=2026-11-22T10%3A00%3A00Z",
                "headers": {"content-type": JSON, **headers},
                "body": {"data": [1, True, None]},
            },
            "response": {"status": 200, "headers": {"content-type": JSON}, "body": answer},
        }
    ]


@pytest.mark.parametrize(
    "text", ["", "the Authorization header is not Bearer and a token", "Basic facts", "a@b", "50 % off", "x" * 30]
)
def test_a_line_without_a_secret_stays(text):
    assert scrubbed(text, GIVEN) == text


def test_headers_of_one_name_are_joined_and_a_scheme_alone_is_no_secret():
    exchange = said(headers={"authorization": "Bearer"})
    exchange.response.headers.extend([(b"x-a", b"1"), (b"X-A", b"2")])
    [told] = redacted([exchange])
    assert told["request"]["headers"]["authorization"] == "Bearer"
    assert told["response"]["headers"]["x-a"] == "1, 2"


@pytest.mark.parametrize("body", [b"\xff\xfe", b"[" * 2000, b'{"a": NaN}', b"[" * 300 + b"]" * 300, b'{"a": 1e999}'])
def test_any_bytes_can_be_told(body, tmp_path):
    exchange = said(body=body, answer=body)
    orjson.dumps(redacted([exchange]))
    recording = Recording(tmp_path, fresh_venue(), TARGET, 1.0)
    recording.venue.open().exchanges.append(exchange)
    recording.keep(check())
    assert (tmp_path / "laws.said.json").is_file()


def test_the_secrets_of_a_setting_are_those_of_everybody_in_it():
    setting = replace(OURS, reader=Credentials("r", "of the reader"), stranger=None, relative=Credentials("x", ""))
    assert secrets_of(setting) == {CLIENT_SECRET, SECRET_KEY, "of the reader"}
