"""What was recorded is played again, elsewhere and later, and what differs is shown, and nothing else."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spoiling import Lie, check, spoiled

from mockserver.check.customer_token import customer_token
from mockserver.check.fresh import TARGET, fresh_engine, fresh_venue
from mockserver.check.judging import Judge
from mockserver.check.law import Check, Effort
from mockserver.check.readings.observing import OBSERVERS, unjudging
from mockserver.check.running import run_all
from mockserver.check.session import Session
from mockserver.check.setting import DEMO, Credentials, Customer, Setting
from mockserver.check.suite import selected
from mockserver.check.tapes.recording import Recording, kept
from mockserver.check.tapes.references import as_written, filled, marked, names_in, pieces, whole_name
from mockserver.check.tapes.replaying import Parity, replayed
from mockserver.check.tapes.standins import StandIns, form_of, made_up
from mockserver.check.tapes.tape import MANIFEST, read_manifest
from mockserver.check.venue import Fresh
from mockserver.check.wire import InProcess
from mockserver.clock import parse_moment, written
from mockserver.engine import Engine
from mockserver.message import Request, Response
from mockserver.mistake import Mistake
from mockserver.providers import PROVIDERS, READINGS
from mockserver.providers.criteo.identifiers import FORMS, sift
from mockserver.testing.identifiers import VALID
from mockserver.world_files import read_world, world_file
from mockserver.worlds import found_world

NOW = parse_moment("2026-11-24T12:00:00Z")
DAY = 24 * 3600
JANE = "jane.roe@example.com"


def recorded(folder: Path, *checks: Check, venue: Fresh | None = None, now: float = NOW, target: str = TARGET) -> int:
    """Record checks, which have to hold, and count their calls."""
    venue = venue or fresh_venue()
    recording = Recording(folder, venue, target, now)
    outcomes = list(kept(run_all(checks, recording.venue, Effort(share=0.1)), recording))
    assert [outcome.reason or outcome.finding for outcome in outcomes if outcome.verdict != "passed"] == []
    return sum(outcome.calls for outcome in outcomes)


def replay(folder: Path, venue: Fresh | None = None, **how: Any) -> Parity:
    return replayed(folder, venue or fresh_venue(), how.pop("now", NOW), **how)


def places(parity: Parity) -> list[str]:
    return [f"{each.step} {each.pointer}" for each in parity.differences]


def same(parity: Parity, calls: int) -> bool:
    return (parity.played, [str(each) for each in parity.differences], parity.notes, parity.stale) == (calls, [], [], "")


def spoiled_venue(lie: Lie, **readings: str) -> Fresh:
    engine = spoiled(fresh_engine(readings=readings), lie)
    return Fresh(engine, DEMO, Judge(engine.world.readings.chosen))


def tale(session: Session) -> None:
    """A little of everything; the steps are counted from 0."""
    first, second = session.made(session.contact_list(), session.events(description="d"))  # 1, after a token
    session.amend(first, "add", [JANE, "John.Doe@Example.com ", "not@@an@address", JANE])  # 2
    session.statistics(first)  # 3
    session.advance(3600)
    session.update({"id": first, "attributes": {"name": session.name("renamed")}})  # 5, after another token
    session.search(filters={"audienceSegmentIds": [second, first]}, query={"limit": 5})  # 6
    session.create({**session.contact_list(), "name": ""}, session.contact_list())  # 7
    session.delete(second, second)
    session.search(authorization=None)
    session.search(version="2026-01", query={"limit": 1})


def story(claim: Callable[[Session], Any] = tale, name: str = "laws/tale", **more: Any) -> Check:
    def unjudged(session: Session) -> None:
        session.judge = unjudging()
        claim(session)

    return check(unjudged, name, **more)


@pytest.mark.parametrize(
    "pattern",
    [
        "examples/*",
        "laws/code-*",
        "laws/list-*",
        "laws/contact-lists",
        "laws/http-*object",
        "laws/shoplive-*",
        "laws/token-*",
        "laws/segments*",
        "laws/throttling-exactly-so-many",
        "laws/realtime-all-that-is-wrong",
        "laws/sizes-of-*",
        "coverage/bulkDelete*/2026-07",
        "fuzz/search*/2026-07",
    ],
)
def test_what_is_recorded_of_a_fake_is_the_same_on_another(pattern, tmp_path):
    checks = [each for each in selected() if fnmatchcase(each.name, pattern)][:6]
    assert checks, f"no check is called {pattern}"
    calls = recorded(tmp_path, *checks)
    assert calls > 0
    assert same(replay(tmp_path), calls)


def test_a_tale_is_the_same_on_another_fake(tmp_path):
    calls = recorded(tmp_path, story())
    assert same(replay(tmp_path), calls)


def test_a_manifest_says_when_where_and_what(tmp_path):
    recorded(
        tmp_path,
        story(),
        story(lambda session: session.search(version="preview"), "laws/other"),
        target="https://u:p@host.example/x",
    )
    manifest = read_manifest(tmp_path)
    assert (manifest.recorded, manifest.target, manifest.run) == ("2026-11-24T12:00:00.000Z", "host.example", "check")
    assert manifest.versions == ["2026-01", "2026-07", "preview"]
    assert manifest.files == {"laws/tale": "laws.tale.json", "laws/other": "laws.other.json"}
    assert sorted(file.name for file in tmp_path.iterdir()) == ["laws.other.json", "laws.tale.json", "manifest.json"]


def test_equal_things_have_equal_names_on_a_tape(tmp_path):
    recorded(tmp_path, story())
    steps = json.loads((tmp_path / "laws.tale.json").read_text("utf-8"))["sessions"][0]["steps"]
    bodies = [step["response"]["body"] for step in steps]
    assert bodies[0]["access_token"] == "{token 1}"
    assert steps[1]["request"]["headers"]["authorization"] == "Bearer {token 1}"
    assert [each["id"] for each in bodies[1]["data"]] == ["{segment 1}", "{segment 2}"]
    assert bodies[1]["data"][0]["attributes"]["accountId"] == "{account}"
    assert bodies[1]["data"][0]["attributes"]["retailerId"] == "{retailer 1}"
    assert bodies[1]["data"][0]["attributes"]["name"] == "{run} 1"
    assert steps[2]["request"]["path"].split("/")[4] == "{segment 1}"
    assert bodies[2]["data"]["contactListId"] == "{#segment 1}"
    first, second, third, fourth = steps[2]["request"]["body"]["data"]["attributes"]["identifiers"]
    assert first == fourth == "{identifier 0 llll.lll%40lllllll.lll}"
    assert second == "{identifier 1 Ulll.Ull%40Ullllll.lll%20}"
    assert bodies[2]["data"]["sampleInvalidIdentifiers"] == [third]
    created, changed = bodies[1]["data"][0]["attributes"]["createdAt"], bodies[5]["data"][0]["attributes"]["updatedAt"]
    assert bodies[5]["data"][0]["attributes"]["createdAt"] == created != changed
    assert [step["moved"] for step in steps[3:6]] == [0, 3600, 0]
    assert bodies[7]["warnings"][0]["traceId"] == bodies[7]["warnings"][0]["traceIdentifier"]
    assert "traceId" in bodies[7]["warnings"][0]
    assert bodies[7]["warnings"][0]["traceId"].startswith("{trace ")


# What differs is shown.


def of(path: str, change: Callable[[Request, Response], Any]) -> Lie:
    def lie(request: Request, response: Response) -> Response:
        if request.path.endswith(path) and response.status == 200:
            change(request, response)
        return response

    return lie


def body(change: Callable[[Any], Any]) -> Callable[[Request, Response], None]:
    def rewrite(request: Request, response: Response) -> None:
        document = response.json()
        change(document)
        response.body = json.dumps(document).encode()

    return rewrite


def _swap(document: Any) -> None:
    document["data"].reverse()


def _set(*steps: Any, value: Any) -> Callable[[Any], None]:
    def change(document: Any) -> None:
        for step in steps[:-1]:
            if not document or (isinstance(step, int) and len(document) <= step):
                return
            document = document[step]
        if value is KeyError:
            document.pop(steps[-1], None)
        elif isinstance(document, dict) or len(document) > steps[-1]:
            document[steps[-1]] = value

    return change


def _headers(change: Callable[[list[tuple[bytes, bytes]]], Any]) -> Callable[[Request, Response], None]:
    return lambda request, response: change(response.headers)


WRONG: Sequence[tuple[str, Lie, list[str]]] = [
    ("status", of("/search", lambda request, response: setattr(response, "status", 202)), ["6 status", "10 status"]),
    ("a member more", of("/add-remove", body(_set("data", "more", value=1))), ["2 body/data/more"]),
    ("a member less", of("/add-remove", body(_set("data", "operation", value=KeyError))), ["2 body/data/operation"]),
    ("another count", of("/add-remove", body(_set("data", "nbValidIdentifiers", value=2))), ["2 body/data/nbValidIdentifiers"]),
    (
        "a count as text",
        of("/add-remove", body(_set("data", "nbInvalidIdentifiers", value="1"))),
        ["2 body/data/nbInvalidIdentifiers"],
    ),
    (
        "a count as truth",
        of("/add-remove", body(_set("data", "nbInvalidIdentifiers", value=True))),
        ["2 body/data/nbInvalidIdentifiers"],
    ),
    ("another list", of("/add-remove", body(_set("data", "contactListId", value=4711))), ["2 body/data/contactListId"]),
    (
        "a list's id as text",
        of("/add-remove", body(_set("data", "contactListId", value="4711"))),
        ["2 body/data/contactListId"],
    ),
    (
        "another sample",
        of("/add-remove", body(_set("data", "sampleInvalidIdentifiers", value=[JANE]))),
        ["2 body/data/sampleInvalidIdentifiers/0"],
    ),
    ("null for empty", of("/contact-list", body(_set("errors", value=None))), ["3 body/errors"]),
    ("another type", of("/contact-list", body(_set("data", "type", value="List"))), ["3 body/data/type"]),
    (
        "no list of matches",
        of("/contact-list", body(_set("data", "attributes", "numberOfIdentifiers", value=3))),
        ["3 body/data/attributes/numberOfIdentifiers"],
    ),
    ("another order", of("/search", body(_swap)), ["6 body/data/*/id"]),
    ("too few", of("/search", body(lambda document: document["data"].pop())), ["6 body/data", "10 body/data"]),
    (
        "another total",
        of("/search", body(_set("meta", "totalItems", value=9))),
        ["6 body/meta/totalItems", "10 body/meta/totalItems"],
    ),
    (
        "one id twice",
        of(
            "/create",
            body(lambda document: len(document["data"]) > 1 and document["data"][1].update(id=document["data"][0]["id"])),
        ),
        ["1 body/data/1/id", "10 body/meta/totalItems"],
    ),
    (
        "another trace",
        of("/create", body(_set("warnings", 0, "traceIdentifier", value="other"))),
        ["7 body/warnings/0/traceIdentifier"],
    ),
    ("another code", of("/create", body(_set("warnings", 0, "code", value="invalid"))), ["7 body/warnings/0/code"]),
    (
        "another place",
        of("/create", body(_set("warnings", 0, "source", "name", value="data/1"))),
        ["7 body/warnings/0/source/name"],
    ),
    (
        "another account",
        of("/search", body(_set("data", 1, "attributes", "accountId", value="1"))),
        ["6 body/data/1/attributes/accountId"],
    ),
    (
        "no limit told",
        of(
            "/delete",
            _headers(lambda headers: headers.remove(next(each for each in headers if each[0] == b"x-ratelimit-limit"))),
        ),
        ["8 headers/x-ratelimit-limit"],
    ),
    (
        "another media",
        of("/delete", _headers(lambda headers: headers.__setitem__(0, (b"content-type", b"text/plain")))),
        ["8 headers/content-type"],
    ),
    (
        "no warning",
        of("/search", _headers(lambda headers: [headers.remove(each) for each in list(headers) if each[0] == b"deprecation"])),
        ["10 headers/deprecation"],
    ),
    (
        "a warning",
        of("/delete", _headers(lambda headers: headers.append((b"deprecation", b"true")))),
        ["8 headers/deprecation"],
    ),
    ("bytes", of("/delete", lambda request, response: setattr(response, "body", b"<html>")), ["8 body"]),
    ("nothing", of("/delete", lambda request, response: setattr(response, "body", b"")), ["8 body"]),
]


@pytest.mark.parametrize(("name", "lie", "where"), WRONG, ids=[name for name, _, _ in WRONG])
def test_a_difference_is_shown_where_it_is(name, lie, where, tmp_path):
    recorded(tmp_path, story())
    parity = replay(tmp_path, spoiled_venue(lie))
    assert places(parity) == where
    assert parity.exit_code() == 1


def test_a_difference_says_what_was_and_what_is(tmp_path):
    recorded(tmp_path, story())
    lie = of("/add-remove", body(_set("data", "nbValidIdentifiers", value=2)))
    assert [str(each) for each in replay(tmp_path, spoiled_venue(lie)).differences] == [
        "laws/tale, session 1, call 3 (AddRemoveContactListByAudienceSegment 2026-07): "
        "body/data/nbValidIdentifiers: recorded 3, now 2"
    ]


def test_a_time_that_moves_when_it_should_not_is_shown(tmp_path):
    def created_anew(request: Request, response: Response) -> None:
        document = response.json()
        for each in document["data"]:
            each["attributes"]["createdAt"] = each["attributes"]["updatedAt"]
        response.body = json.dumps(document).encode()

    recorded(tmp_path, story())
    assert places(replay(tmp_path, spoiled_venue(of("/audience-segments", created_anew)))) == [
        "5 body/data/0/attributes/createdAt"
    ]


def test_times_in_another_order_are_shown(tmp_path):
    recorded(tmp_path, story())
    lie = of(
        "/audience-segments",
        body(lambda document: document["data"][0]["attributes"].update(updatedAt="2020-01-01T00:00:00.000Z")),
    )
    found = [str(each) for each in replay(tmp_path, spoiled_venue(lie)).differences]
    assert any("2020-01-01T00:00:00.000Z" in each and "before" in each for each in found)


def test_what_follows_from_a_difference_is_noted_and_not_a_difference(tmp_path):
    recorded(tmp_path, story())
    parity = replay(tmp_path, spoiled_venue(of("/create", lambda request, response: setattr(response, "status", 503))))
    assert places(parity) == ["1 status", "7 status", "10 body/meta/totalItems"]
    assert parity.notes[0] == "laws/tale, session 1, call 3 was not played: the target handed out no segment 1"
    assert parity.played == 6


REPLAYABLE = sorted(OBSERVERS.keys() - {"default-page-size"})


@pytest.mark.parametrize("name", REPLAYABLE)
def test_a_fake_that_reads_something_otherwise_differs(name, tmp_path):
    """What an observer saw of one reading is not the same under another one."""
    [reading] = [each for each in READINGS if each.name == name]
    recorded(tmp_path, story(OBSERVERS[name].look, needs=OBSERVERS[name].needs))
    assert replay(tmp_path).differences == []
    for alternative in reading.alternatives.keys() - {reading.guide}:
        parity = replay(tmp_path, fresh_venue(readings={name: alternative}))
        assert parity.differences, alternative


# Elsewhere and later.

ACCOUNT, RETAILERS = "815702934721171000", ("9012", "1234")
OURS = Setting(
    main=Credentials("our-client", "our+secret &x"),
    account=ACCOUNT,
    retailers=RETAILERS,
    advertisers=DEMO.advertisers,
    reader=Credentials("our-reader", "another secret"),
    relative=Credentials("our-relative", "a third secret"),
    stranger=Credentials("no-relative", "a fourth secret"),
    stranger_account="815702934721171001",
    stranger_retailer="9077",
    read_only_list="99159923678901880",
    customer=Customer("zzzz9999", "c2hvcGxpdmUtb3VyLW93bi1zZWNyZXQta2V5LTAwMDA="),
    limit=250,
    redirect_uri=DEMO.redirect_uri,
    run="a run of somebody else",
)


def another_world(folder: Path, **how: Any) -> Fresh:
    """The demo world with other ids, names, secrets and amounts, and another seed."""
    text = world_file("demo").read_text("utf-8")
    pairs = {
        DEMO.account: ACCOUNT,
        DEMO.stranger_account: OURS.stranger_account,
        '"12"': '"9012"',
        '"77"': '"9077"',
        DEMO.read_only_list: OURS.read_only_list,
        DEMO.customer.access_key: OURS.customer.access_key,
        DEMO.customer.secret_key: OURS.customer.secret_key,
        "segments: 397, audiences: 398": "segments: 5, audiences: 7",
        "Northwind Market": "Another Market",
        "client_id: ": "client_id: &",
    }
    for role in ("main", "reader", "relative", "stranger"):
        pairs |= {
            f"client_id: {getattr(DEMO, role).client_id}": f"client_id: {getattr(OURS, role).client_id}",
            f"client_secret: {getattr(DEMO, role).client_secret}": f"client_secret: {getattr(OURS, role).client_secret}",
        }
    del pairs["client_id: "]
    for old, new in pairs.items():
        assert old in text
        text = text.replace(old, new)
    file = folder / "another.yaml"
    file.write_text(text, "utf-8")
    world = found_world(PROVIDERS, read_world(file), seed=7, frozen_at=parse_moment("2026-12-03T10:00:00Z"), **how)
    return Fresh(Engine(PROVIDERS, world), OURS, Judge(world.readings.chosen))


ELSEWHERE = (
    "laws/code-is-worth-a-token",
    "laws/token-by-wrong-basic",
    "laws/token-form-is-read",
    "laws/segment-name-lengths",
    "laws/segment-retailers",
    "laws/segment-times",
    "laws/segment-ids-as-numbers",
    "laws/list-forms",
    "laws/list-spellings",
    "laws/contact-lists",
    "laws/permission-reader-reads",
    "laws/permission-no-reading-elsewhere",
    "laws/shoplive-expired",
    "laws/shoplive-wrong-signature",
    "laws/shoplive-other-algorithms",
    "laws/throttling-exactly-so-many",
    "laws/http-last-of-a-member-counts",
    "laws/pages-of-own-segments",
    "laws/version-warning-begins",
)


def known(*names: str) -> list[Check]:
    return [each for each in selected() if each.name in names]


def test_a_recording_of_one_account_can_be_played_on_another(tmp_path):
    checks = [story(), *known(*ELSEWHERE)]
    assert len(checks) >= len(ELSEWHERE) - 4
    calls = recorded(tmp_path / "tape", *checks)
    parity = replay(tmp_path / "tape", another_world(tmp_path))
    assert same(parity, calls)


def test_differences_are_shown_on_another_account_too(tmp_path):
    recorded(tmp_path / "tape", story())
    parity = replay(
        tmp_path / "tape", another_world(tmp_path, readings={"add-remove-shape": "flat", "match-rate": "percentage"})
    )
    assert places(parity) == ["2 body/data/type", "2 body/data/attributes", "3 body/data/attributes/matchRate"]


def test_what_was_there_before_is_compared_in_the_same_world_only(tmp_path):
    recorded(tmp_path, story(lambda session: session.search(query={"limit": 3})))
    renamed = spoiled_venue(of("/search", body(_set("data", 0, "attributes", "name", value="Another"))))
    assert places(replay(tmp_path, renamed)) == ["1 body/data/0/attributes/name"]
    assert places(replay(tmp_path, renamed, same_world=False)) == []
    shaped = spoiled_venue(of("/search", body(_set("data", 0, "attributes", "name", value=5))))
    assert places(replay(tmp_path, shaped, same_world=False)) == ["1 body/data/*/attributes/name"]


def test_a_recording_of_a_server_is_not_taken_to_be_of_the_same_world(tmp_path):
    recorded(tmp_path, story(lambda session: session.search(query={"limit": 3})), target="https://api.criteo.com")
    renamed = spoiled_venue(of("/search", body(_set("data", 0, "attributes", "name", value="Another"))))
    assert places(replay(tmp_path, renamed)) == []


def test_a_match_rate_in_another_measure_is_shown_though_matches_are_others(tmp_path):
    def claim(session: Session) -> None:
        [id] = session.made(session.contact_list())
        session.amend(id, "add", [f"nobody-{number}@example.com" for number in range(400)])
        session.statistics(id)

    recorded(tmp_path, story(claim))
    assert places(replay(tmp_path)) == []
    assert places(replay(tmp_path, fresh_venue(readings={"match-rate": "percentage"}))) == ["3 body/data/attributes/matchRate"]


def test_a_token_that_an_earlier_session_fetched_is_fetched_anew(tmp_path):
    venue = fresh_venue()
    recording = Recording(tmp_path, venue, TARGET, NOW)
    first, second = recording.venue.open(), recording.venue.open()
    second._tokens = first._tokens
    first.search(query={"limit": 1})
    second.search(query={"limit": 1})
    recording.keep(story())
    assert [len(each["steps"]) for each in json.loads((tmp_path / "laws.tale.json").read_text("utf-8"))["sessions"]] == [2, 1]
    assert same(replay(tmp_path), 3)
    assert replay(tmp_path, another_world(tmp_path)).differences == []


def test_consents_and_own_tokens_are_made_again(tmp_path):
    def claim(session: Session) -> None:
        main, customer = DEMO.main, DEMO.customer
        early = session.wire.consent(main.client_id, DEMO.redirect_uri)
        session.advance(601)
        late = session.wire.consent(main.client_id, DEMO.redirect_uri)
        for code in (early, late, late, "no-code-at-all"):
            form = {"grant_type": "authorization_code", "code": code, "redirect_uri": DEMO.redirect_uri}
            session.login(client_id=main.client_id, client_secret=main.client_secret, **form)
        now = session.wire.now()
        period = {"from": f"{written(now - DAY)[:19]}Z", "to": f"{written(now)[:19]}Z"}
        for expires in (now + 60, now - 60):
            session.ask("retrieveCampaignStats", path={"accessKey": customer.access_key}, query=period,
                        authorization=f"Bearer {customer_token(customer, expires)}")  # fmt: skip

    recorded(tmp_path / "tape", story(claim))
    statuses = [
        step["response"]["status"]
        for step in json.loads((tmp_path / "tape/laws.tale.json").read_text("utf-8"))["sessions"][0]["steps"]
        if "response" in step
    ]
    assert statuses == [400, 200, 400, 400, 200, 401]
    assert same(replay(tmp_path / "tape"), 6)
    assert places(replay(tmp_path / "tape", another_world(tmp_path))) == []
    lasting = spoiled_venue(lambda request, response: replace(response, status=200) if response.status == 401 else response)
    assert places(replay(tmp_path / "tape", lasting)) == ["5 status"]


def test_texts_that_look_like_names_stay_texts(tmp_path):
    def claim(session: Session) -> None:
        name = f"{session.name()} {{segment 1}} {{{{x}} {{}} {{#account}}"
        [id] = session.made({**session.contact_list(), "name": name, "description": "{run} 1"})
        session.search(filters={"audienceSegmentIds": [id]}).holds("body/data/0/attributes/name", name)

    calls = recorded(tmp_path, story(claim))
    assert same(replay(tmp_path), calls)


def test_bodies_are_sent_as_they_were(tmp_path):
    bodies = [
        b"",
        b"null",
        b"{",
        b'{"data":{}}',
        b' {"data" : {} } ',
        b"\xef\xbb\xbf{}",
        b"\xff",
        b'{"data":1,"data":{}}',
        b"[" * 900,
    ]
    bodies += [
        b'{"data":{"attributes":{"retailerIds":[1e400]}}}',
        b'{"identifiers":',
        b'"{segment 1}"',
        b"0",
        b'{"a":9007199254740993123}',
    ]

    def claim(session: Session) -> None:
        operation = session.judge.operation("searchAudienceSegments", "2026-07")
        path = operation.path.replace("{account-id}", DEMO.account)
        for each in bodies:
            headers = ((b"content-type", b"application/json"), (b"authorization", f"Bearer {session.token()}".encode()))
            session.send(Request("POST", path, "", headers, each), operation)

    seen: list[bytes] = []
    recorded(tmp_path, story(claim))

    def lie(request: Request, response: Response) -> Response:
        seen.append(request.body)
        return response

    assert places(replay(tmp_path, spoiled_venue(lie))) == []
    kept_back = b'{"identifiers":'
    assert [each for each in seen if not each.startswith(b"grant_type")] == [
        b"{" * len(kept_back) if each == kept_back else each for each in bodies
    ]


def test_forms_are_sent_as_they_were_with_the_secrets_of_who_plays(tmp_path):
    def claim(session: Session) -> None:
        operation = session.judge.operation("requestToken", "2026-07")
        head = ((b"content-type", b"application/x-www-form-urlencoded"),)
        for each in (
            b"grant_type=client%5Fcredentials&client_id=demo-client&client_secret=demo%2Dsecret&x=",
            b"client_secret=wrong-secret-1&",
        ):
            session.send(Request("POST", "/oauth2/token", "", head, each), operation)

    seen: list[bytes] = []

    def lie(request: Request, response: Response) -> Response:
        seen.append(request.body)
        return response

    recorded(tmp_path / "tape", story(claim))
    venue = another_world(tmp_path)
    venue.engine = spoiled(venue.engine, lie)
    assert places(replay(tmp_path / "tape", venue)) == []
    assert seen == [
        b"grant_type=client%5Fcredentials&client_id=our-client&client_secret=our%2Bsecret%20%26x&x=",
        b"client_secret=made-up-clientsecret-1-for-a-run-of-somebody-else&",
    ]


def test_a_venue_whose_clock_stands_is_told_what_it_cannot_play(tmp_path):
    recorded(tmp_path, story(needs=frozenset({"writes"})))

    class Still(Fresh):
        def open(self) -> Session:
            session = super().open()
            session.wire.abilities = frozenset({"writes"})
            return session

    venue = fresh_venue()
    parity = replay(tmp_path, Still(venue.engine, venue.setting, venue.judge))
    assert parity.notes == ["laws/tale, session 1, call 5 was not played: the clock cannot be moved here"]
    assert parity.played == 4


def test_a_check_that_needs_what_the_venue_lacks_is_noted(tmp_path):
    recorded(tmp_path, story(needs=frozenset({"writes", "customer"})))
    parity = replay(tmp_path, fresh_venue(setting=replace(DEMO, customer=None)))
    assert (parity.played, parity.notes) == (0, ["laws/tale was not played: it needs customer"])


def test_whom_the_setting_does_not_know_is_noted(tmp_path):
    recorded(tmp_path, story(lambda session: session.search(who=DEMO.reader, query={"limit": 1})))
    parity = replay(tmp_path, fresh_venue(setting=replace(DEMO, reader=None)))
    assert parity.notes[0] == "laws/tale, session 1, call 1 was not played: no client reader is known here"


def test_sessions_are_closed_when_they_were_played(tmp_path, monkeypatch):
    closed = []

    def close(wire: InProcess) -> None:
        closed.append(wire)

    recorded(tmp_path, story())
    monkeypatch.setattr(InProcess, "close", close)
    replay(tmp_path)
    assert len(closed) == 1


# Age, and folders that hold no recording.


def test_a_recording_older_than_ninety_days_is_stale(tmp_path):
    recorded(tmp_path, story())
    fresh = replay(tmp_path, now=NOW + 90 * DAY)
    assert (fresh.stale, fresh.exit_code(fail_stale=True)) == ("", 0)
    stale = replay(tmp_path, now=NOW + 100 * DAY)
    assert stale.stale == "the recording is 100 days old, of 2026-11-24: record it anew, the API may be another by now"
    assert (stale.exit_code(), stale.exit_code(fail_stale=True)) == (0, 1)


def test_clocks_that_differ_a_little_are_no_future(tmp_path):
    recorded(tmp_path, story())
    assert replay(tmp_path, now=NOW - 60).stale == ""
    with pytest.raises(Mistake, match=r"the recording says that it is of 2026-11-24T12:00:00.000Z, which is in the future"):
        replay(tmp_path, now=NOW - DAY)


def manifest(**change: Any) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        said = json.loads((folder / MANIFEST).read_text("utf-8"))
        for name, value in change.items():
            if value is KeyError:
                del said[name]
            else:
                said[name] = value
        (folder / MANIFEST).write_text(json.dumps(said), "utf-8")

    return spoil


def tape(*steps: Any, value: Any) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        said = json.loads((folder / "laws.tale.json").read_text("utf-8"))
        _set(*steps, value=value)(said)
        (folder / "laws.tale.json").write_text(json.dumps(said), "utf-8")

    return spoil


def gone(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def holding(name: str, content: bytes) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_bytes(content) and None


def _empty(folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()


BROKEN: Sequence[tuple[str, Callable[[Path], None], str]] = [
    ("no folder", _empty, "there is no folder "),
    ("no manifest", gone(MANIFEST), "holds no recording: it has no manifest.json"),
    ("no json", holding(MANIFEST, b"{"), "manifest.json is not JSON"),
    ("no text", holding(MANIFEST, b"\xff"), "manifest.json is not JSON"),
    ("too deep", holding(MANIFEST, b"[" * 99999), "manifest.json is not JSON"),
    ("another thing", holding(MANIFEST, b"[]"), "manifest.json is not the manifest of a recording"),
    ("another manifest", holding(MANIFEST, b'{"name": "x"}'), "manifest.json is not the manifest of a recording"),
    ("a later format", manifest(format=2), "is a recording of format 2; this kit reads format 1"),
    ("no date", manifest(recorded=KeyError), "manifest.json does not say when it was recorded"),
    ("an empty date", manifest(recorded=""), "manifest.json does not say when it was recorded"),
    ("a number for a date", manifest(recorded=1795000000), "manifest.json is not the manifest of a recording"),
    ("no date at all", manifest(recorded="yesterday"), "a time is written like 2026-01-15T10:00:00Z, not 'yesterday'"),
    ("no files", manifest(files=KeyError), "manifest.json is not the manifest of a recording"),
    ("files elsewhere", manifest(files={"laws/tale": "../laws.tale.json"}), "manifest.json is not the manifest of a recording"),
    ("no name of a file", manifest(files={"laws/tale": ""}), "manifest.json is not the manifest of a recording"),
    ("versions of no sort", manifest(versions=[1]), "manifest.json is not the manifest of a recording"),
    ("no tape", gone("laws.tale.json"), "laws.tale.json is missing: the recording is not whole"),
    ("a tape of bytes", holding("laws.tale.json", b"\x00"), "laws.tale.json is not JSON"),
    ("a tape cut off", holding("laws.tale.json", b'{"check": "laws/tale"'), "laws.tale.json is not JSON"),
    ("a tape of nothing", holding("laws.tale.json", b"null"), "laws.tale.json is not the recording of laws/tale"),
    ("a tape of another", tape("check", value="laws/other"), "laws.tale.json is not the recording of laws/tale"),
    ("no sessions", tape("sessions", value=5), "laws.tale.json is not the recording of laws/tale"),
    ("no session", tape("sessions", 0, value=5), "laws.tale.json is not the recording of laws/tale"),
    ("no steps", tape("sessions", 0, "steps", value=KeyError), "laws.tale.json is not the recording of laws/tale"),
    ("steps of another sort", tape("sessions", 0, "steps", 0, value=[]), "laws.tale.json is not the recording of laws/tale"),
    ("no request", tape("sessions", 0, "steps", 0, "request", value=None), "laws.tale.json is not the recording of laws/tale"),
    (
        "no path",
        tape("sessions", 0, "steps", 0, "request", "path", value=5),
        "laws.tale.json is not the recording of laws/tale",
    ),
    (
        "no status",
        tape("sessions", 0, "steps", 0, "response", "status", value="200"),
        "laws.tale.json is not the recording of laws/tale",
    ),
    (
        "no headers",
        tape("sessions", 0, "steps", 0, "response", "headers", value=[]),
        "laws.tale.json is not the recording of laws/tale",
    ),
    ("no time", tape("sessions", 0, "steps", 0, "after", value=None), "laws.tale.json is not the recording of laws/tale"),
    ("no beginning", tape("sessions", 0, "began", value="now"), "laws.tale.json is not the recording of laws/tale"),
]


@pytest.mark.parametrize(("name", "spoil", "sentence"), BROKEN, ids=[name for name, _, _ in BROKEN])
def test_a_folder_that_holds_no_sound_recording_is_told_in_a_sentence(name, spoil, sentence, tmp_path):
    folder = tmp_path / "tape"
    recorded(folder, story())
    spoil(folder)
    with pytest.raises(Mistake) as mistake:
        replay(folder)
    assert sentence in str(mistake.value)
    assert "\n" not in str(mistake.value)


def test_a_recording_gives_way_to_a_new_one_and_nothing_else_does(tmp_path):
    recorded(tmp_path, story(), story(tale, "laws/other"))
    recorded(tmp_path, story(tale, "laws/third"))
    assert sorted(file.name for file in tmp_path.iterdir()) == ["laws.third.json", "manifest.json"]
    (tmp_path / "letter.txt").write_text("dear", "utf-8")
    with pytest.raises(Mistake, match="holds other things than a recording; name an empty folder"):
        recorded(tmp_path, story())
    assert (tmp_path / "letter.txt").read_text("utf-8") == "dear"


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("x", "utf-8")
    with pytest.raises(Mistake, match="cannot record in"):
        recorded(tmp_path / "file" / "in", story())


def test_a_check_that_said_nothing_leaves_no_file(tmp_path):
    recording = Recording(tmp_path, fresh_venue(), TARGET, NOW)
    recording.venue.open()
    recording.keep(story())
    assert [*tmp_path.iterdir()] == []


# Names and stand-ins.

IDENTIFIERS = st.one_of(*(strategy.map(lambda text, kind=kind: (kind, text)) for kind, strategy in VALID.items()))


@settings(max_examples=300, deadline=None)
@given(st.lists(IDENTIFIERS, min_size=1, max_size=8), st.sampled_from(sorted(FORMS)))
def test_stand_ins_are_as_sound_as_what_they_stand_for(drawn, kind):
    identifiers = [text for _, text in drawn]
    numbers = StandIns()
    others = [made_up(numbers.number(text), form_of(text)) for text in identifiers]
    was, is_now = sift(identifiers, FORMS[kind]), sift(others, FORMS[kind])
    assert (was.valid, was.invalid) == (is_now.valid, is_now.invalid)
    assert len(set(was.lines.split(b"\n"))) == len(set(is_now.lines.split(b"\n")))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(max_size=12), max_size=12))
def test_stand_ins_are_equal_where_what_they_stand_for_is(texts):
    numbers = StandIns()
    others = [made_up(numbers.number(text), form_of(text)) for text in texts]
    for one, first in zip(texts, others, strict=True):
        for two, second in zip(texts, others, strict=True):
            if one == two:
                assert first == second
            elif one.isascii() and two.isascii() and first == second:
                raise AssertionError(f"{one!r} and {two!r} are both {first!r}")


@given(
    st.lists(
        st.one_of(
            st.text(max_size=8).map(lambda text: (text, False)),
            st.sampled_from(["segment 1", "#x 2"]).map(lambda name: (name, True)),
        )
    )
)
def test_a_text_with_names_is_read_as_it_was_written(parts):
    kept_text = as_written("".join(marked(text) if is_name else text for text, is_name in parts))
    assert filled(kept_text, lambda name: f"<{name}>") == "".join(f"<{text}>" if is_name else text for text, is_name in parts)
    assert names_in(kept_text) == [text for text, is_name in parts if is_name]
    assert "".join(text for text, is_name in pieces(kept_text) if not is_name) == "".join(
        text for text, is_name in parts if not is_name
    )


def test_a_text_that_is_a_name_alone_is_known_from_one_that_has_others_in_it():
    assert whole_name(as_written(marked("segment 1"))) == "segment 1"
    texts = [marked("segment 1") + " ", marked("a") + marked("b"), "{segment 1}", "", "{}"]
    assert [whole_name(as_written(text)) for text in texts] == [None] * 5
    assert whole_name(5) is None


def test_recording_does_not_change_what_a_check_sees(tmp_path):
    plain, seen = fresh_venue().open(), Recording(tmp_path, fresh_venue(), TARGET, NOW).venue.open()
    for session in (plain, seen):
        tale(session)
    assert [each.response.body for each in plain.exchanges] == [each.response.body for each in seen.exchanges]
    assert seen.wire.abilities == plain.wire.abilities
    seen.wire.patient = False
    assert seen.wire.patient is False
    assert seen.wire.engine is not None
