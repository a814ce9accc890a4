import json
import os
import re
import shutil
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from spoiling import Lie, bodied, finding, served, spoiled, truth

from mockserver.check.customer_token import customer_token
from mockserver.check.expectation import ABSENT, RELATIONS
from mockserver.check.fresh import fresh_engine
from mockserver.check.judging import KEEPS
from mockserver.check.outcome import Finding
from mockserver.check.redaction import secrets_of
from mockserver.check.reports import phrases
from mockserver.check.reports.curl import curl
from mockserver.check.reports.plan import planned
from mockserver.check.reports.repeat import repeat
from mockserver.check.result import Result
from mockserver.check.session import Session
from mockserver.check.setting import DEMO
from mockserver.clock import written
from mockserver.http import Door
from mockserver.message import Request, Response, compose
from mockserver.server import in_background
from mockserver.worlds import Worlds

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


def a_code_runs_out(session: Session) -> None:
    session.advance(33)
    session.search().says(200)
    session.advance(7)
    code = session.wire.consent(DEMO.main.client_id, DEMO.redirect_uri)  # type: ignore[attr-defined]
    session.advance(601)
    form = {"grant_type": "authorization_code", "client_id": "demo-client", "client_secret": "demo-secret", "code": code}
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


def an_hour_is_told_after_a_long_time(session: Session) -> None:
    session.advance(11_194_203)
    [id] = session.made(session.contact_list())
    session.advance(0.5)
    moment = written(session.wire.now() - 0.5)
    session.search(filters={"audienceSegmentIds": [id]}).holds("body/data/0/attributes/updatedAt", moment)


def a_token_of_before_is_good(session: Session) -> None:
    session.token()
    session.exchanges.clear()
    session.search().says(200)


def credentials_come_in_a_header_too(session: Session) -> None:
    known = session.judge.operation("requestToken", "2026-07")
    basic = b64encode(b"demo-client:demo-secret").decode()
    form = {"grant_type": "client_credentials"}
    session.send(compose("POST", "/oauth2/token", form=form, headers={"authorization": f"Basic {basic}"}), known).holds(
        "body/expires_in", 900
    )


def nothing_is_said_of_what_is_not_asked(session: Session) -> None:
    session.search().holds("headers/x-secret", relation="is absent")


def _renamed(body: Any) -> Any:
    for each in body["data"]:
        each["attributes"]["name"] = each["attributes"]["name"].upper()
    return body


def _misdated(body: Any) -> Any:
    for each in body["data"]:
        each["attributes"]["createdAt"] = each["attributes"]["updatedAt"]
        each["attributes"]["updatedAt"] = "2026-11-22T10:30:00.000Z"
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
    Case(a_code_runs_out, restated(400, 401), "is", "status"),
    Case(what_is_no_text_is_refused, restated(400, 403), "is", "status"),
    Case(the_sum_of_two_answers_is_kept, bodied("/search", _misdated), "is", "body/data/0/attributes/createdAt"),
    Case(an_hour_is_told_after_a_long_time, bodied("/search", _misdated), "is", "body/data/0/attributes/updatedAt"),
    Case(a_token_of_before_is_good, restated(200, 204), "is one of", "status"),
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


@pytest.fixture
def honest() -> Iterator[str]:
    with served(truth) as url:
        yield url


@pytest.fixture(scope="module")
def repeated(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, tuple[str | None, str | None]]:
    """How the test of each case fails, if it does: against the truth, and against the lie that it was found in.

    All tests run at once, each against a world of its own.
    """
    folder = tmp_path_factory.mktemp("repeated")
    (folder / "pytest.ini").write_text("[pytest]\n")
    worlds = Worlds(fresh_engine())
    with in_background(Door(worlds)) as url:
        for case in CASES:
            name = case.claim.__name__
            for kind, lie in (("true", truth), ("lying", case.lie)):
                worlds.adopt(f"{kind}-{name}", spoiled(fresh_engine(), lie))
                known, whole = found(case)
                script = repeat(known, replace(whole, target=f"{url}/worlds/{kind}-{name}"), SECRETS)
                (folder / f"test_{kind}_{name}.py").write_text(script)
        said = {"PATH": os.environ["PATH"], "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--junit-xml=said.xml"]
        subprocess.run(command, cwd=folder, env=said, capture_output=True, timeout=300, check=False)
    cases = ElementTree.parse(folder / "said.xml").getroot().iter("testcase")
    failures = {each.get("classname"): each.find("failure") for each in cases}
    told = {name: None if failure is None else failure.get("message") for name, failure in failures.items()}
    return {name: (told[f"test_true_{name}"], told[f"test_lying_{name}"]) for name in (case.claim.__name__ for case in CASES)}


@every_case
def test_a_finding_is_repeated_by_pytest_where_it_was_found_and_only_there(
    case: Case, repeated: Mapping[str, tuple[str | None, str | None]]
) -> None:
    known, _ = found(case)
    assert (known.expectation.pointer, known.expectation.relation) == (case.pointer, case.relation)
    right, wrong = repeated[case.claim.__name__]
    assert right is None
    assert wrong is not None
    assert f"{case.pointer} {'' if case.relation == KEEPS else case.relation}".strip() in wrong


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


def test_a_script_of_ours_names_no_secret_and_no_token_but_the_demo_world_s() -> None:
    known, whole = found(CASES[1])
    token = known.exchanges[0].response.json()["access_token"]
    for script in (curl(known, whole, SECRETS), repeat(known, whole, SECRETS)):
        assert token not in script
        assert script.count("demo-secret") == 1  # the default of a variable


def test_what_is_expected_is_never_taken_from_the_answer_that_is_wrong() -> None:
    known, whole = found(next(case for case in CASES if case.claim is the_order_is_kept))
    plan = planned(known, whole, SECRETS)
    assert [step.gives for step in plan.steps][-1] == ()


def test_equal_calls_are_a_loop() -> None:
    known, whole = found(next(case for case in CASES if case.claim is one_call_too_many_is_refused))
    assert len(known.exchanges) > 250
    assert "for _ in range(250):" in repeat(known, whole, SECRETS)
    assert len(curl(known, whole, SECRETS).splitlines()) < 60


def test_a_script_knows_the_target_it_was_found_at() -> None:
    known, whole = found(CASES[1])
    elsewhere = replace(whole, target="https://api.example.com/root")
    assert "BASE=${BASE:-https://api.example.com/root}" in curl(known, elsewhere, SECRETS)
    assert 'os.environ.get("BASE", "https://api.example.com/root")' in repeat(known, elsewhere, SECRETS)


def test_two_applications_have_variables_of_their_own() -> None:
    def claim(session: Session) -> None:
        session.search(who=session.setting.reader).says(200)
        session.search().says(201)

    script = curl(*finding(claim, truth), SECRETS)
    assert "READER_ID=${READER_ID:-reader-client}" in script
    assert "CLIENT_ID=${CLIENT_ID:-demo-client}" in script
    assert "token_1=" in script
    assert "token_2=" in script


def test_credentials_in_a_header_are_made_of_variables(tmp_path: Path) -> None:
    accepted = {"basic-credentials": "accepted"}
    lie = bodied("/token", lambda body: {**body, "expires_in": 9})
    known, whole = finding(credentials_come_in_a_header_too, lie, engine=fresh_engine(readings=accepted))
    with served(truth, accepted) as url:
        assert attempt(repeat(known, whole, SECRETS), url, tmp_path).returncode == 0
        assert '"expires_in":900' in shell(curl(known, whole, SECRETS), url, tmp_path).stdout


def test_a_user_agrees_when_one_did() -> None:
    known, whole = found(next(case for case in CASES if case.claim is a_code_runs_out))
    steps = planned(known, whole, SECRETS).steps
    assert [(step.moved, "".join(map(str, step.url)).rpartition("/")[2]) for step in steps[2:]] == [
        (7, "authorization-codes"),
        (601, "token"),
    ]


def test_a_script_knows_every_relation_that_a_check_has():
    assert set(phrases.RELATIONS) == set(RELATIONS) - {"is"}


@pytest.mark.parametrize("relation", sorted(phrases.RELATIONS))
@pytest.mark.parametrize("found", [ABSENT, None, 2, 3.0, "2", "abc", [2, 1], {"a": 1}])
@pytest.mark.parametrize("wanted", [2, "a", [1, 2], "[a-c]+"])
def test_a_script_asserts_what_a_check_does(relation, found, wanted):
    if relation in ("is within", "has in any order"):
        wanted = [2, 1]  # which are of lists alone
    names = {"found": found, "MISSING": ABSENT, "re": re}
    outcomes = []
    for said in (
        lambda: RELATIONS[relation](found, wanted),
        lambda: eval(phrases.condition(relation, wanted, repr(wanted)), names),
    ):
        try:
            outcomes.append(bool(said()))
        except (TypeError, ValueError, IndexError):
            outcomes.append(False)
    assert outcomes[0] == outcomes[1]
