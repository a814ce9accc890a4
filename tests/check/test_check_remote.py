import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import rule
from stranger_servers import always, answering, discreet, raw

from mockserver.check.fresh import fresh_engine
from mockserver.check.law import Check, Effort, Machine, drawn, once, staged
from mockserver.check.refraining import BudgetSpent, KeptBack
from mockserver.check.running import run_all, run_one
from mockserver.check.session import Session
from mockserver.check.setting import DEMO, Credentials, Customer, Setting
from mockserver.check.target.budget import Budget
from mockserver.check.target.cleaning import cleaned
from mockserver.check.target.elsewhere import Elsewhere
from mockserver.check.target.fake import Fake
from mockserver.check.target.made import check_run, new_run
from mockserver.check.target.meeting import met
from mockserver.check.target.pace import Pace
from mockserver.check.target.rehearsal import rehearsed
from mockserver.check.target.remote import AGENT, dialled
from mockserver.check.wire import Unreachable
from mockserver.clock import Clock
from mockserver.difference import changes
from mockserver.engine import Engine
from mockserver.evidence import assumed
from mockserver.http import Door
from mockserver.message import Request, Response, compose
from mockserver.mistake import Mistake
from mockserver.server import in_background
from mockserver.worlds import Worlds

US = Setting(main=DEMO.main, account=DEMO.account)
EFFORT = Effort(share=0.3)


def engine_of(**changes_of_world: Any) -> Engine:
    engine = fresh_engine()
    for name, value in changes_of_world.items():
        setattr(engine.world, name, value)
    return engine


def check_of(run: Any, *needs: str, name: str = "laws/x") -> Check:
    return Check(name, "laws", "It is so.", assumed("for a test"), run, needs=frozenset(needs))


def finds_what_was_made(session: Session, count: int) -> None:
    ids = session.made(*[session.contact_list() for _ in range(count)])
    session.search(filters={"audienceSegmentIds": ids}).says(200).holds("body/data/*/id", ids)


def forgets_what_was_deleted(session: Session) -> None:
    one, other = session.made(session.contact_list(), session.events())
    session.delete(one).says(200)
    session.search(filters={"audienceSegmentIds": [one, other]}).holds("body/data/*/id", [other])


class Segments(Machine):
    def begin(self) -> None:
        self.ids: list[str] = []

    @rule(count=st.integers(1, 3))
    def make(self, count: int) -> None:
        self.ids += self.session.made(*[self.session.contact_list() for _ in range(count)])

    @rule()
    def look(self) -> None:
        if self.ids:
            self.session.search(filters={"audienceSegmentIds": self.ids}).holds("body/data/*/id", self.ids)


WRITING = (
    check_of(drawn(finds_what_was_made, st.integers(1, 4)), "writes", "retailers", name="laws/found"),
    check_of(once(forgets_what_was_deleted), "writes", "retailers", name="laws/deleted"),
    check_of(staged(Segments), "writes", "retailers", name="laws/machine"),
)
READING = check_of(once(lambda session: session.search(query={"limit": 1}).says(200)), name="laws/read")


@contextmanager
def fake_at(engine: Engine) -> Iterator[str]:
    with in_background(Door(Worlds(engine))) as url:
        yield url


# Requests and answers as they are


@pytest.mark.parametrize(
    ("path", "query", "sent"),
    [
        ("/a/b", "", "/a/b"),
        ("/a b", "x=1&y=%20", "/a%20b?x=1&y=%20"),
        ("/a/../b/./c//d", "", "/a/../b/./c//d"),
        ("/é%2F", "q=é#x", "/%C3%A9%252F?q=%C3%A9%23x"),
        ("//evil.example/x", "", "//evil.example/x"),
        ("/{a};b=c?d", "", "/%7Ba%7D;b=c%3Fd"),
    ],
)
def test_a_request_goes_out_as_it_is(path, query, sent):
    with answering(always(200, b"{}")) as server:
        remote = dialled(server.url)
        headers = ((b"x-one", b"1"), (b"x-one", b"2"), (b"content-type", b"text/odd"))
        remote.send(Request("PATCH", path, query, headers, b"\x00\xff"))
        remote.close()
    method, target, seen, body = server.calls[0]
    assert (method, target, body) == ("PATCH", sent, b"\x00\xff")
    assert [value for name, value in seen if name.lower() == "x-one"] == ["1", "2"]
    told = {name.lower(): value for name, value in seen}
    assert set(told) == {"host", "x-one", "content-type", "content-length", "user-agent"}
    assert told["user-agent"] == AGENT


def test_an_answer_comes_in_as_it_is():
    with answering(lambda *_: (418, {"X-Odd": "a", "content-type": "text/html"}, b"<p>")) as server:
        remote = dialled(server.url)
        response = remote.send(compose("GET", "/x"))
        remote.close()
    assert (response.status, response.body) == (418, b"<p>")
    assert response.header("x-odd") == "a"
    assert (b"x-odd", b"a") in response.headers


def test_a_target_with_a_path_is_asked_below_it():
    with answering(always(200, b"{}")) as server:
        remote = dialled(f"{server.url}/base/")
        remote.send(compose("GET", "/x?y=1"))
        remote.close()
    assert server.calls[0][1] == "/base/x?y=1"


def test_no_redirect_is_followed():
    with answering(always(302, b"", location="/elsewhere")) as server:
        remote = dialled(server.url)
        assert remote.send(compose("GET", "/x")).status == 302
        remote.close()
    assert len(server.calls) == 1


@pytest.mark.parametrize("headers", [((b"x", b"a\r\nb: c"),), ((b"a b", b"c"),)])
def test_what_http_cannot_carry_is_kept_back(headers):
    with answering(always(200, b"{}")) as server:
        remote = dialled(server.url)
        with pytest.raises(KeptBack, match="HTTP cannot carry it"):
            remote.send(Request("GET", "/x", "", headers))
        remote.close()
    assert server.calls == []


def test_the_clock_is_the_one_that_the_date_header_shows():
    then = Clock().time.replace(year=2031, microsecond=0)
    said = f"HTTP/1.1 200 OK\r\ndate: {format_datetime(then, usegmt=True)}\r\ncontent-length: 2\r\n\r\n{{}}"
    with raw(said.encode()) as url:
        remote = dialled(url)
        remote.send(compose("GET", "/"))
        assert 0 <= remote.now() - then.timestamp() < 60
        remote.close()


@pytest.mark.parametrize("date", ["", "yesterday", "Tue, 24 Nov 99999 10:00:00 GMT", "Thu, 01 Jan 1970 00:00:00 GMT"])
def test_a_date_that_makes_no_sense_leaves_the_clock_alone(date):
    with raw(f"HTTP/1.1 200 OK\r\ndate: {date}\r\ncontent-length: 2\r\n\r\n{{}}".encode()) as url:
        remote = dialled(url)
        remote.send(compose("GET", "/"))
        assert abs(remote.now() - Clock().now()) < 60
        remote.close()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (b"", "ended the connection without a whole answer"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc", "ended the connection without a whole answer"),
        (b"\x16\x03\x01 garbage \xff\xff\r\n\r\n", "does not answer in HTTP"),
        (b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 3\r\n\r\nabc", "not encoded as it says"),
    ],
)
def test_what_is_no_answer_is_told_in_one_sentence(said, words):
    with raw(said) as url:
        remote = dialled(url)
        with pytest.raises(Unreachable, match=words) as told:
            remote.send(compose("GET", "/x"))
        remote.close()
    assert "\n" not in str(told.value)


def test_a_target_that_never_answers_is_given_up_after_three_calls():
    with raw(None) as url:
        remote = dialled(url, 0.05)
        for _ in range(3):
            with pytest.raises(Unreachable, match=r"gave no answer within 0\.05 seconds$"):
                remote.send(compose("GET", "/x"))
        with pytest.raises(Unreachable, match="3 calls in a row"):
            remote.send(compose("GET", "/x"))
        remote.close()


def test_a_target_that_is_down_says_so():
    with raw(b"") as url:
        pass
    remote = dialled(url)
    with pytest.raises(Unreachable, match="takes no connection"):
        remote.send(compose("GET", "/x"))
    remote.close()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "a target is a URL"),
        ("api.criteo.com", "a target is a URL"),
        ("ftp://api.criteo.com", "a target is a URL"),
        ("http://", "a target is a URL"),
        ("http://x:99999", "a target is a URL"),
        ("http://x:0", "a target is a URL"),
        ("http://user:hunter2@x", "no user and password"),
        ("http://x?token=hunter2", "not with a query"),
        ("http://[::1", "a target is a URL"),
    ],
)
def test_what_is_no_url_of_a_target_is_refused_without_showing_what_may_be_secret(url, words):
    with pytest.raises(Mistake, match=words) as told:
        met(url, US)
    assert "hunter2" not in str(told.value)


# Fakes of ours


def test_a_fake_of_ours_is_known_and_gives_each_session_a_world_of_its_own():
    engine = engine_of()
    with fake_at(engine) as url:
        venue = met(url, Setting())
        assert isinstance(venue, Fake)
        assert venue.abilities >= {"writes", "clock", "fresh", "exhaust", "main", "reader", "customer"}
        one, other = venue.open(), venue.open()
        id = one.made(one.contact_list())[0]
        other.search(filters={"audienceSegmentIds": [id]}).holds("body/data", [])
        assert one.wire.now() == other.wire.now()
        one.wire.advance(90)
        assert one.wire.now() == other.wire.now() + 90
        one.close()
        assert len(_worlds(url)) == 2
        venue.leave()
    assert changes(engine.fork().world, engine.world) == []


def _worlds(url: str) -> list[str]:
    remote = dialled(url)
    names = [each["name"] for each in remote.send(compose("GET", "/_mock/worlds")).json()["worlds"]]
    remote.close()
    return names


def test_nothing_is_left_of_a_run_on_a_fake():
    with fake_at(engine_of()) as url:
        venue = met(url, Setting())
        outcomes = list(run_all(WRITING, venue, EFFORT))
        assert [outcome.verdict for outcome in outcomes] == ["passed"] * 3
        venue.leave()
        assert _worlds(url) == ["default"]


def test_the_worlds_of_a_run_that_was_killed_are_cleaned_by_its_name():
    with fake_at(engine_of()) as url:
        killed, other = met(url, Setting()), met(url, Setting())
        killed.open()
        killed.open()
        other.open()
        venue = met(url, Setting())
        assert len(cleaned(killed.setting.run, venue)) == 2
        assert len(_worlds(url)) == 2
        for each in (killed, other, venue):
            each.leave()


def test_a_world_of_a_fake_can_be_the_target():
    engine = engine_of()
    with fake_at(engine) as url:
        remote = dialled(url)
        remote.send(compose("POST", "/_mock/worlds", json={"name": "mine"}))
        remote.send(compose("PATCH", "/worlds/mine/_mock/settings", json={"rate_limit": 7}))
        venue = met(f"{url}/worlds/mine", Setting())
        assert venue.setting.limit == 7
        session = venue.open()
        session.search(query={"limit": 1}).says(200).holds("headers/x-ratelimit-limit", "7")
        session.close()
        venue.leave()
        remote.close()


def test_a_fake_without_the_demo_world_asks_who_is_to_be_played():
    engine = fresh_engine()
    engine.world.parts["criteo"].applications = {}
    with fake_at(engine) as url, pytest.raises(Mistake, match="it has not the demo world, so say who you are"):
        met(url, Setting())


def test_of_a_fake_only_what_is_named_is_known_of_an_application_that_is_named():
    with fake_at(engine_of()) as url:
        venue = met(url, Setting(main=DEMO.reader, account=DEMO.account))
        assert venue.setting.reader is None
        assert venue.setting.account == DEMO.account
        venue.leave()


# Anything else


def test_a_stranger_is_met_with_two_calls_beside_the_question_whether_it_is_ours():
    with discreet(engine_of()) as url:
        venue = met(url, US)
        assert isinstance(venue, Elsewhere)
        assert venue.budget.spent == 2
        assert venue.abilities == {"main", "account", "retailers", "read_only_list", "limit", "run", "version"}
        assert (venue.setting.retailers, venue.setting.limit) == (("12", "1234"), 250)
        venue.leave()


@pytest.mark.parametrize(
    ("limit", "allow_writes", "abilities"), [(9, True, {"writes", "exhaust"}), (9, False, set()), (None, True, {"writes"})]
)
def test_a_limit_may_be_used_up_only_where_it_was_given_and_writing_allowed(limit, allow_writes, abilities):
    with discreet(engine_of()) as url:
        venue = met(url, replace(US, limit=limit), allow_writes=allow_writes)
        assert venue.abilities & {"writes", "exhaust", "clock", "fresh"} == abilities
        venue.leave()


def test_a_run_on_a_stranger_leaves_it_as_it_was():
    engine = engine_of(rate_limit=None)
    before = engine.world.fork()
    with discreet(engine) as url:
        venue = met(url, US, allow_writes=True)
        outcomes = list(run_all((READING, *WRITING), venue, EFFORT))
        assert [(outcome.verdict, outcome.reason) for outcome in outcomes] == [("passed", "")] * 4
        assert changes(before, engine.world) == []
        venue.leave()
    assert venue.notes == ()


def test_what_a_check_that_fails_has_made_is_deleted():
    def fails(session: Session) -> None:
        session.made(session.contact_list())
        session.search(query={"limit": 1}).says(201)

    engine = engine_of()
    before = engine.world.fork()
    with discreet(engine) as url:
        venue = met(url, US, allow_writes=True)
        assert run_one(check_of(once(fails), "writes"), venue, EFFORT).verdict == "failed"
        assert changes(before, engine.world) == []
        venue.leave()


def test_without_leave_to_write_no_check_writes():
    engine = engine_of(rate_limit=None)
    before = engine.world.fork()
    lying = tuple(replace(check, needs=check.needs - {"writes"}) for check in WRITING)
    with discreet(engine) as url:
        venue = met(url, US)
        assert {outcome.verdict for outcome in run_all(WRITING, venue, EFFORT)} == {"skipped"}
        assert {outcome.verdict for outcome in run_all(lying[:2], venue, EFFORT)} == {"skipped"}
        venue.leave()
    assert changes(before, engine.world) == []
    assert "it would write" in venue.notes[0]


def test_an_answer_that_got_lost_does_not_leave_behind_what_it_told_of():
    engine = engine_of()
    before = engine.world.fork()
    with discreet(engine) as url:
        venue = met(url, US, allow_writes=True)
        session = venue.open()
        session.token()
        line = session.wire._pace.line
        answered = line.send
        line.send = lambda request: _lost(answered(request))
        with pytest.raises(Unreachable):
            session.create(session.contact_list())
        line.send = answered
        session.close()
        assert len(changes(before, engine.world)) > 0
        venue.leave()
    assert changes(before, engine.world) == []


def _lost(response: Response) -> Response:
    raise Unreachable("the answer got lost")


def test_a_token_is_asked_for_once_for_all_sessions():
    with discreet(engine_of()) as url:
        venue = met(url, US)
        for _ in range(5):
            assert run_one(READING, venue, EFFORT).verdict == "passed"
        assert venue.budget.spent == 2 + 1 + 5
        venue.leave()


def test_a_budget_ends_the_run_and_skips_the_rest_but_not_the_cleaning():
    engine = engine_of()
    before = engine.world.fork()
    with discreet(engine) as url:
        venue = met(url, US, allow_writes=True, budget=9)
        outcomes = list(run_all((*WRITING, READING), venue, Effort()))
        assert {(outcome.verdict, outcome.reason) for outcome in outcomes} == {("skipped", "the budget of 9 calls is spent")}
        venue.leave()
    assert changes(before, engine.world) == []


def test_a_budget_too_small_to_meet_anybody_is_a_mistake():
    with discreet(engine_of()) as url, pytest.raises(Mistake, match="the budget of 1 calls is spent"):
        met(url, US, budget=1)


# Clean-up


@pytest.mark.parametrize(
    "name", ["", "check", "mockserver-check", "mockserver-check ", "mockserver-check 3f9a2", "*", "a" * 99]
)
def test_a_name_that_could_be_of_others_cleans_nothing(name):
    with discreet(engine_of()) as url:
        venue = met(url, US)
        with pytest.raises(Mistake, match="a run is named like"):
            cleaned(name, venue)
        venue.leave()


def test_cleaning_finds_what_a_run_left_on_any_page_and_deletes_nothing_else():
    engine = engine_of(rate_limit=None)
    before = engine.world.fork()
    run = new_run()
    with discreet(engine) as url:
        killed = met(url, replace(US, run=run), allow_writes=True)
        session = killed.open()
        ids = session.made(*[session.contact_list() for _ in range(620)])
        for each in ids[:2]:
            attributes = {"name": session.name("both"), "retailerId": "12", "algebra": {"audienceSegmentId": each}}
            session.ask("bulkCreateAudience", {"data": [{"attributes": attributes}]}, version="preview").says(200).refuses()
        other = met(url, US, allow_writes=True)
        theirs = other.open().made(
            {"name": f"{other.setting.run} 1", "retailerId": "12", "contactList": {"identifierType": "Email"}}
        )
        venue = met(url, US)
        told = cleaned(run, venue)
        assert len(told) == 622
        assert told[0].startswith("audience ")
        assert {change.id for change in changes(before, engine.world) if change.kind == "segment"} == set(map(int, theirs))
        assert cleaned(run, venue) == []
        venue.leave()
        killed.leave()
        other.leave()
    assert changes(before, engine.world) == []


def test_what_cannot_be_deleted_is_told_with_the_way_to_try_again():
    engine = engine_of()
    with discreet(engine) as url:
        venue = met(url, US, allow_writes=True)
        session = venue.open()
        session.made(session.contact_list())
        engine.world.parts["criteo"].applications = {
            id: replace(each, permissions=frozenset({"RetailMedia_Audience_Read"}))
            for id, each in engine.world.parts["criteo"].applications.items()
        }
        engine.world.parts["criteo"].callers.clear()
        session.close()
        venue.leave()
    assert len(venue.notes) == 1
    assert "1 things of run" in venue.notes[0]
    assert f"mockserver check --clean '{venue.setting.run}' tries again" in venue.notes[0]


RUNNING = """
import sys
from mockserver.check.target.elsewhere import Elsewhere
from mockserver.check.target.meeting import met
from mockserver.check.setting import DEMO, Setting
from mockserver.check.law import Effort
from mockserver.check.running import run_one
from mockserver.check.stopping import stoppable
sys.path.insert(0, sys.argv[3])
from test_check_remote import check_of, drawn
from hypothesis import strategies as st

def endless(session, drawn):
    session.made(session.contact_list(), session.events())
    print("made", flush=True)
    sys.stdin.readline()

venue = met(sys.argv[1], Setting(main=DEMO.main, account=DEMO.account, run=sys.argv[2]), allow_writes=True)
with stoppable():
    try:
        run_one(check_of(drawn(endless, st.integers()), "writes"), venue, Effort())
    finally:
        venue.leave()
"""


@contextmanager
def running(url: str, run: str) -> Iterator[subprocess.Popen]:
    """A run in a process of its own, in the middle of a check that has made something."""
    command = [sys.executable, "-c", RUNNING, url, run, str(Path(__file__).parent)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line == "made\n", process.stderr and process.stderr.read()
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_a_run_that_is_stopped_cleans_up(number):
    engine = engine_of()
    before = engine.world.fork()
    with discreet(engine) as url, running(url, new_run()) as process:
        assert len([each for each in changes(before, engine.world) if each.kind == "segment"]) == 2
        process.send_signal(number)
        _, errors = process.communicate(timeout=60)
        assert "KeyboardInterrupt" in errors
        assert changes(before, engine.world) == []


def test_what_a_run_that_was_killed_left_is_found_by_its_name():
    engine = engine_of()
    before = engine.world.fork()
    run = new_run()
    with discreet(engine) as url:
        with running(url, run) as process:
            process.kill()
            process.wait()
        assert len([each for each in changes(before, engine.world) if each.kind == "segment"]) == 2
        venue = met(url, US)
        assert [each.partition(" ")[0] for each in cleaned(run, venue)] == ["segment", "segment"]
        venue.leave()
    assert changes(before, engine.world) == []


# Pace


class Counter:
    """A line that says how many calls are left, and remembers when it was asked; time goes by only by sleeping."""

    def __init__(self, limit: int, skew: float = 0.0, **headers: str):
        self.limit, self.skew, self.headers = limit, skew, headers
        self.time, self.left, self.slept, self.statuses = 1_800_000_000.0, limit, [], []

    def send(self, request: Request) -> Response:
        status = 200 if self.left else 429
        self.left = max(self.left - 1, 0)
        self.statuses.append(status)
        said = {"limit": self.limit, "remaining": self.left, "reset": int(self.time // 60 + 1) * 60}
        told = {f"x-ratelimit-{name}": str(value) for name, value in said.items()} | self.headers
        return Response(status, [(name.encode(), value.encode()) for name, value in told.items()], b"{}")

    def now(self) -> float:
        return self.time + self.skew

    def close(self) -> None:
        pass

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        if (self.time + seconds) // 60 > self.time // 60:
            self.left = self.limit
        self.time += seconds


ASK = compose("GET", "/x")


def test_the_limit_is_kept_by_waiting_until_the_minute_is_over():
    line = Counter(20)
    pace = Pace(line, Budget(), line.sleep)
    for _ in range(100):
        pace.send(ASK)
    assert set(line.statuses) == {200}
    assert line.slept[0] == 61.0
    assert len(line.slept) == 5


def test_a_date_header_that_is_a_second_late_does_not_make_a_wait_too_short():
    line = Counter(20, skew=0.9)
    pace = Pace(line, Budget(), line.sleep)
    for _ in range(100):
        pace.send(ASK)
    assert set(line.statuses) == {200}


def test_one_call_too_many_is_asked_again_once():
    line = Counter(20)
    line.left = 0
    pace = Pace(line, Budget(), line.sleep)
    assert pace.send(ASK).status == 200
    assert line.statuses == [429, 200]
    assert pace.budget.spent == 2


def test_a_target_that_refuses_again_is_believed():
    line = Counter(0)
    pace = Pace(line, Budget(), line.sleep)
    assert pace.send(ASK).status == 429
    assert line.statuses == [429, 429]


def test_who_is_about_the_limit_sees_it():
    line = Counter(20)
    pace = Pace(line, Budget(), line.sleep)
    for _ in range(25):
        pace.send(ASK, patient=False)
    assert line.statuses == [200] * 20 + [429] * 5
    assert line.slept == []
    assert pace.send(ASK).status == 200


@pytest.mark.parametrize(
    ("reset", "slept"), [("30", 31.0), ("junk", 61.0), ("99999999999", 61.0), ("1", 2.0), ("", 61.0), ("1799999990", 1.0)]
)
def test_no_reset_header_makes_a_wait_of_more_than_two_minutes(reset, slept):
    line = Counter(20, **{"x-ratelimit-reset": reset})
    line.left = 0
    Pace(line, Budget(), line.sleep).send(ASK)
    assert line.slept == [slept]


def test_a_check_that_is_about_the_limit_is_not_paced_and_the_next_one_is():
    line_sleeps = []
    engine = engine_of(rate_limit=20)
    engine.world.clock.freeze()

    def sleep(seconds: float) -> None:
        line_sleeps.append(seconds)
        engine.world.clock.advance(seconds + 60)

    def exhausts(session: Session) -> None:
        statuses = [session.search(query={"limit": 0}).status for _ in range(22)]
        session.search(query={"limit": 0}).holds("status", 429)
        assert statuses.count(429) >= 2

    with discreet(engine) as url:
        venue = met(url, replace(US, limit=20), allow_writes=True, sleep=sleep)
        assert run_one(check_of(once(exhausts), "exhaust"), venue, EFFORT).verdict == "passed"
        assert line_sleeps == []
        assert run_one(READING, venue, EFFORT).verdict == "passed"
        assert len(line_sleeps) == 1
        venue.leave()


# Rehearsal

NEVER = "https://api.never.invalid"
WHO = replace(US, main=Credentials("somebody", "s3cr3t-of-theirs"), account="42", retailers=("7",), advertisers=("5",))


def test_a_rehearsal_tells_every_call_and_sends_none(monkeypatch):
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("something was sent"))
    calls = list(rehearsed(WRITING, NEVER, WHO, EFFORT, allow_writes=True))
    assert [call.url.removeprefix(NEVER) for call in calls[:3]] == [
        "/_mock/health",
        "/oauth2/token",
        "/2026-07/retail-media/accounts/42/audience-segments/search?limit=500",
    ]
    assert {call.check for call in calls} == {None, "laws/found", "laws/deleted", "laws/machine"}
    made = [item["attributes"]["name"] for call in calls if call.url.endswith("/create") for item in call.body["data"]]
    assert made
    assert all(check_run(" ".join(name.split()[:2])) for name in made)
    assert "s3cr3t" not in str(calls)


def test_a_rehearsal_is_as_long_as_the_run_would_be():
    with discreet(engine_of(rate_limit=None)) as url:
        venue = met(url, US, allow_writes=True)
        met_with = venue.budget.spent
        outcomes = list(run_all(WRITING, venue, EFFORT))
        assert {outcome.verdict for outcome in outcomes} == {"passed"}
        spent = venue.budget.spent - met_with
        venue.leave()
    planned = [call for call in rehearsed(WRITING, NEVER, US, EFFORT, allow_writes=True) if call.check]
    assert len(planned) == spent


def test_a_rehearsal_without_leave_to_write_writes_nothing():
    calls = list(rehearsed((READING, *WRITING), NEVER, WHO, EFFORT))
    assert {call.check for call in calls} == {None, "laws/read"}


def test_a_rehearsal_tells_what_is_asked_before_any_check():
    calls = list(rehearsed((READING,), NEVER, WHO, EFFORT, first=lambda venue: READING.run(venue.open, EFFORT)))
    assert [call.check for call in calls] == [None] * 5 + ["laws/read"]


def test_a_rehearsal_keeps_to_the_budget():
    assert len(list(rehearsed((READING,) * 50, NEVER, WHO, EFFORT, budget=10))) == 1 + 10


def test_a_rehearsal_of_campaigns_needs_no_application():
    setting = Setting(customer=Customer("abc", DEMO.customer.secret_key))
    assert [call.url for call in rehearsed((), NEVER, setting, EFFORT)][1:] == [f"{NEVER}/v2/abc/campaign/stats"]


def test_a_budget_is_spent_where_it_is_spent():
    budget = Budget(2)
    budget.take()
    budget.take()
    with pytest.raises(BudgetSpent):
        budget.take()
    budget.take(cleaning=True)
    assert budget.spent == 3
