import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from spoiling import Lie, bodied, finding, served, truth

from mockserver.check.customer_token import customer_token
from mockserver.check.judging import KEEPS
from mockserver.check.outcome import Finding
from mockserver.check.redaction import secrets_of
from mockserver.check.reports.curl import curl
from mockserver.check.reports.repeat import repeat
from mockserver.check.result import Result
from mockserver.check.session import Session
from mockserver.check.setting import DEMO
from mockserver.clock import written
from mockserver.message import Request, Response, compose

SECRETS = secrets_of(DEMO)


def restated(status: int, otherwise: int) -> Lie:
    def lie(request: Request, response: Response) -> Response:
        return replace(response, status=otherwise if response.status == status else response.status)

    return lie


def without_header(name: bytes) -> Lie:
    def lie(request: Request, response: Response) -> Response:
        return replace(response, headers=[each for each in response.headers if each[0].lower() != name])

    return lie


def with_header(name: bytes) -> Lie:
    def lie(request: Request, response: Response) -> Response:
        return replace(response, headers=[*response.headers, (name, b"is told")])

    return lie


# What is claimed, each true of the fake.


def a_reader_may_not_write(session: Session) -> None:
    session.create(session.contact_list(), who=session.setting.reader).says(403)


def a_name_is_kept(session: Session) -> None:
    made = session.contact_list()
    [id] = session.made(made)
    session.search(filters={"audienceSegmentIds": [id]}).holds("body/data/0/attributes/name", made["name"], why="it was given")


def what_was_deleted_is_gone(session: Session) -> None:
    ids = session.made(session.contact_list(), session.contact_list(), session.contact_list())
    session.delete(ids[0]).says(200)
    session.search(filters={"audienceSegmentIds": ids}).holds("body/data/*/id", ids[1:], "has in any order")


def the_order_is_kept(session: Session) -> None:
    ids = session.made(session.contact_list(), session.contact_list())
    session.search(filters={"audienceSegmentIds": ids}).holds("body/data/*/id", ids)


def a_page_has_its_length(session: Session) -> None:
    ids = session.made(*[session.contact_list() for _ in range(3)])
    session.search(query={"limit": 2}, filters={"audienceSegmentIds": ids}).holds("body/data", 2, "has length")


def a_counted_call_says_what_is_left(session: Session) -> None:
    session.search().holds("headers/x-ratelimit-remaining", "[0-9]+", "matches")


def every_answer_keeps_the_contract(session: Session) -> None:
    session.search()


def one_call_too_many_is_refused(session: Session) -> None:
    session.token()
    for _ in range(300):
        answer = session.search(query={"limit": 1})
        left = answer.at("headers/x-ratelimit-remaining")
        if left == "0":
            session.search(query={"limit": 1}).says(429)
            return


def an_old_customer_token_is_refused(session: Session) -> None:
    said = {"from": written(session.wire.now() - 9000)[:19] + "Z", "to": written(session.wire.now())[:19] + "Z"}
    path = {"accessKey": DEMO.customer.access_key}
    old, young = (customer_token(DEMO.customer, session.wire.now() + seconds) for seconds in (-60, 60))
    session.ask("retrieveCampaignStats", path=path, query=said, authorization=f"Bearer {young}").says(200)
    session.ask("retrieveCampaignStats", path=path, query=said, authorization=f"Bearer {old}").says(401)


def figures_add_up(session: Session) -> None:
    attributes = {"advertiserIds": ["123"], "metrics": ["Displays"], "lookbackWindow": 12}
    parts = {"data": {"attributes": {**attributes, "dimensions": ["Campaign"]}}}
    whole = {"data": {"attributes": {**attributes, "dimensions": ["Advertiser"]}}}
    rows = session.ask("getRealTimeReport", parts).at("body/data/0/attributes/rows")
    total = sum(int(next(row[key] for key in row if key.lower() == "displays")) for row in rows)
    answer = session.ask("getRealTimeReport", whole)
    key = next(key for key in answer.at("body/data/0/attributes/rows/0") if key.lower() == "displays")
    answer.holds(f"body/data/0/attributes/rows/0/{key}", str(total))


def a_token_runs_out(session: Session) -> None:
    old = session.token()
    session.advance(901)
    session.ask("searchAudienceSegments", {"data": {}}, authorization=f"Bearer {old}").says(401)


def an_altered_token_is_refused(session: Session) -> None:
    altered = session.token()[:-1] + "~"
    session.ask("searchAudienceSegments", {"data": {}}, authorization=f"Bearer {altered}").says(401)


def a_code_is_good_once(session: Session) -> None:
    code = session.wire.consent(DEMO.main.client_id, DEMO.redirect_uri)  # type: ignore[attr-defined]
    form = {"grant_type": "authorization_code", "client_id": "demo-client", "client_secret": "demo-secret", "code": code}
    session.login(**form, redirect_uri=DEMO.redirect_uri).says(200)
    session.login(**form, redirect_uri=DEMO.redirect_uri).says(400)


def what_is_no_text_is_refused(session: Session) -> None:
    known = session.judge.operation("searchAudienceSegments", "2026-07")
    asked = compose("POST", known.path.replace("{account-id}", DEMO.account), json={})
    headers = (*asked.headers, (b"authorization", f"Bearer {session.token()}".encode()))
    session.send(replace(asked, headers=headers, body=b'{"data": "\xff\x00"}'), known).says(400)


def the_sum_of_two_answers_is_kept(session: Session) -> None:
    [id] = session.made(session.contact_list())
    made = session.search(filters={"audienceSegmentIds": [id]}).at("body/data/0/attributes/createdAt")
    session.advance(60)
    session.update({"id": id, "attributes": {"name": session.name('it\'s "$1" `{x}` \\')}}).says(200)
    session.search(filters={"audienceSegmentIds": [id]}).holds("body/data/0/attributes/createdAt", made)


def nothing_is_said_of_what_is_not_asked(session: Session) -> None:
    session.search().holds("headers/x-secret", relation="is absent")


def _renamed(body: Any) -> Any:
    for each in body["data"]:
        each["attributes"]["name"] = each["attributes"]["name"].upper()
    return body


def _misdated(body: Any) -> Any:
    for each in body["data"]:
        each["attributes"]["createdAt"] = each["attributes"]["updatedAt"]
    return body


def _bloated(body: Any) -> Any:
    for row in body["data"][0]["attributes"]["rows"]:
        if "advertiser" in {key.lower() for key in row}:
            row |= {key: str(int(row[key]) + 1) for key in row if key.lower() == "displays"}
    return body


def _undeleted() -> Lie:
    def lie(request: Request, response: Response) -> Response:
        if request.path.endswith("/search") and response.status == 200:
            body = response.json()
            body["data"] = body["data"][:1]
            response.body = json.dumps(body).encode()
        return response

    return lie


def _mistyped(body: Any) -> Any:
    body["data"] = {"these": "are no list"}
    return body


@dataclass(frozen=True)
class Case:
    claim: Callable[[Session], None]
    lie: Lie
    relation: str
    pointer: str


CASES = (
    Case(a_reader_may_not_write, restated(403, 401), "is", "status"),
    Case(a_name_is_kept, bodied("/search", _renamed), "is", "body/data/0/attributes/name"),
    Case(what_was_deleted_is_gone, _undeleted(), "has in any order", "body/data/*/id"),
    Case(the_order_is_kept, bodied("/search", lambda body: {**body, "data": body["data"][::-1]}), "is", "body/data/*/id"),
    Case(a_page_has_its_length, bodied("/search", lambda body: {**body, "data": body["data"][:1]}), "has length", "body/data"),
    Case(
        a_counted_call_says_what_is_left, without_header(b"x-ratelimit-remaining"), "matches", "headers/x-ratelimit-remaining"
    ),
    Case(every_answer_keeps_the_contract, bodied("/search", _mistyped), KEEPS, "body/data"),
    Case(one_call_too_many_is_refused, restated(429, 403), "is", "status"),
    Case(an_old_customer_token_is_refused, restated(401, 403), "is", "status"),
    Case(figures_add_up, bodied("/realtime", _bloated), "is", "body/data/0/attributes/rows/0/Displays"),
    Case(a_token_runs_out, restated(401, 403), "is", "status"),
    Case(an_altered_token_is_refused, restated(401, 403), "is", "status"),
    Case(a_code_is_good_once, restated(400, 401), "is", "status"),
    Case(what_is_no_text_is_refused, restated(400, 403), "is", "status"),
    Case(the_sum_of_two_answers_is_kept, bodied("/search", _misdated), "is", "body/data/0/attributes/createdAt"),
    Case(nothing_is_said_of_what_is_not_asked, with_header(b"x-secret"), "is absent", "headers/x-secret"),
)
every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.claim.__name__)


def found(case: Case) -> tuple[Finding, Result]:
    return finding(case.claim, case.lie)


def shell(script: str, url: str, folder: Path) -> subprocess.CompletedProcess[str]:
    (folder / "repeat.sh").write_text(script)
    return run([str(shutil.which("bash")), "repeat.sh"], url, folder)


def run(command: list[str], url: str, folder: Path) -> subprocess.CompletedProcess[str]:
    said = {"PATH": os.environ["PATH"], "BASE": url, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, cwd=folder, env=said, capture_output=True, text=True, timeout=120, check=False)


def attempt(script: str, url: str, folder: Path) -> subprocess.CompletedProcess[str]:
    (folder / "test_repeat.py").write_text(script)
    (folder / "pytest.ini").write_text("[pytest]\n")
    return run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_repeat.py"], url, folder)


@pytest.fixture(scope="module")
def honest() -> Iterator[str]:
    with served(truth) as url:
        yield url


@every_case
def test_a_finding_is_repeated_by_pytest_where_it_was_found_and_only_there(case: Case, honest: str, tmp_path: Path) -> None:
    known, whole = found(case)
    assert (known.expectation.pointer, known.expectation.relation) == (case.pointer, case.relation)
    script = repeat(known, whole, SECRETS)
    right = attempt(script, f"{honest}", tmp_path)
    assert right.returncode == 0, right.stdout
    with served(case.lie) as url:
        wrong = attempt(script, url, tmp_path)
    assert wrong.returncode == 1, wrong.stdout
    assert f"{case.pointer} {'' if case.relation == KEEPS else case.relation}".strip() in wrong.stdout


@every_case
def test_a_finding_is_shown_by_curl_where_it_was_found_and_only_there(case: Case, honest: str, tmp_path: Path) -> None:
    known, whole = found(case)
    script = curl(known, whole, SECRETS)
    right = shell(script, honest, tmp_path)
    with served(case.lie) as url:
        wrong = shell(script, url, tmp_path)
    for each in (right, wrong):
        assert each.returncode == 0, each.stderr
    assert right.stdout != wrong.stdout
    last = known.exchanges[known.expectation.exchange].response
    if not case.pointer.startswith("headers"):
        assert wrong.stdout.startswith(f"status {last.status}\n")
