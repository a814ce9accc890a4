import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from rich.console import Console
from spoiling import bodied, check, finding, result

from mockserver.check.expectation import ABSENT
from mockserver.check.fresh import MOMENT
from mockserver.check.law import Check
from mockserver.check.observation import Observation
from mockserver.check.outcome import Outcome
from mockserver.check.redaction import secrets_of
from mockserver.check.reports.as_json import FORMAT, as_json
from mockserver.check.reports.baseline import baseline, compared, read_baseline
from mockserver.check.reports.curl import curl
from mockserver.check.reports.github import annotations, step_summary
from mockserver.check.reports.html import html
from mockserver.check.reports.junit import junit
from mockserver.check.reports.progress import watched
from mockserver.check.reports.repeat import repeat
from mockserver.check.reports.summary import summary, told_finding
from mockserver.check.result import Result
from mockserver.check.session import Session
from mockserver.check.setting import DEMO, Credentials, Customer
from mockserver.clock import parse_moment
from mockserver.engine import Engine
from mockserver.evidence import assumed, guide
from mockserver.mistake import Mistake
from mockserver.providers import PROVIDERS
from mockserver.world_files import read_world, world_file
from mockserver.worlds import found_world

SECRETS = secrets_of(DEMO)
OTHERS = replace(
    DEMO,
    main=Credentials("our-own-client", "s3cr3t/+with space&=\"'$"),
    customer=Customer("a1b2c3d4", "dGhlIGtleSBvZiBub2JvZHkgZWxzZSBhdCBhbGwh"),
)
READING = PROVIDERS[0].readings[0]
READINGS = (
    Observation(READING, READING.guide),
    Observation(PROVIDERS[0].readings[1], None, reason="it would write, and --allow-writes is not given"),
    Observation(PROVIDERS[0].readings[2], None, reason="it answered 418", contradicted=True),
)
TEXTS: tuple[Callable[..., str], ...] = (summary, junit, as_json, annotations, step_summary, html, baseline)
every_text = pytest.mark.parametrize("told", TEXTS, ids=lambda told: told.__name__)


def _emptied(body: Any) -> Any:
    return {**body, "data": []}


LIE = bodied("/search", _emptied)


def what_was_made_is_found(session: Session) -> None:
    ids = session.made(session.contact_list())
    session.search(filters={"audienceSegmentIds": ids}).holds("body/data/*/id", ids, "has in any order", why="it was just made")


def what_was_made_twice_is_found(session: Session) -> None:
    session.made(session.contact_list())
    what_was_made_is_found(session)


def true_anyhow(session: Session) -> None:
    session.search().says(200)


def markup(session: Session) -> None:
    """What is expected has all in it that a report could take for its own."""
    name = session.name("<script>alert(1)</script> ]]> ``` % :: {{ 7 * 7 }} [red] | \x0b")
    session.create(session.contact_list(name=name)).holds("body/data/0/attributes/name", "<b>&\x0b]]>``` {{ 7 * 7 }} [red]")


CHECKS: tuple[Check, ...] = (
    check(true_anyhow, "examples/true"),
    check(what_was_made_twice_is_found, "laws/made-twice", evidence=assumed("nobody published it")),
    check(what_was_made_is_found, "laws/made", operations=("searchAudienceSegments",), evidence=guide("the segment guide")),
    check(true_anyhow, "laws/lacking", needs=frozenset({"a-friend"})),
    check(true_anyhow, "laws/lacking-too", needs=frozenset({"a-friend"})),
)


@pytest.fixture(scope="module")
def told() -> Result:
    found = result(CHECKS, LIE, observations=READINGS, notes=("Something was left behind.",))
    broke_off = Outcome(check(true_anyhow, "fuzz/unreached"), "broke off", reason="the target hangs")
    return replace(found, outcomes=[*found.outcomes, broke_off])


# The summary.


def test_a_summary_begins_with_the_verdict(told: Result) -> None:
    assert summary(told, SECRETS).startswith("FAILED: 1 finding by 2 checks (3 checks, ")
    assert summary(result(CHECKS[:1]), SECRETS).startswith("PASSED: 1 check, 2 calls, ")
    unfinished = replace(told, outcomes=[told.outcomes[0], told.outcomes[-1]], observations=())
    assert summary(unfinished, SECRETS).startswith("NOT FINISHED: 1 check broke off")
    contradicted = result(CHECKS[:1], observations=READINGS)
    assert summary(contradicted, SECRETS).startswith("FAILED: 1 reading contradicted (1 check, ")
    assert summary(result(CHECKS[3:]), SECRETS).startswith("NOTHING RUN")


def test_findings_of_one_cause_are_told_once_by_the_one_on_the_better_evidence(told: Result) -> None:
    text = summary(told, SECRETS)
    assert text.count("it was just made") == 1
    assert "1. laws/made: What is said is true." in text
    assert "met by laws/made-twice" in text


def test_a_finding_tells_what_was_expected_and_what_was_there_and_where(told: Result) -> None:
    [first] = [each for each in told.findings if each.check.name == "laws/made"]
    text = told_finding(first, SECRETS)
    assert "Broken: said or shown in the vendor's guides (guide: the segment guide)." in text
    assert f"expected  body/data/*/id has in any order {first.expectation.wanted!r}" in text
    assert "found     []" in text
    assert re.search(r"POST /2026-07/\S+/audience-segments/search -> 200  <- here$", text)


def test_an_assumption_that_breaks_is_told_as_one(told: Result) -> None:
    [assumption] = [each for each in told.findings if each.check.evidence.kind == "assumed"]
    assert "An assumption of ours does not hold here (assumed: nobody published it)." in told_finding(assumption, SECRETS)


def test_reasons_for_skipping_are_counted(told: Result) -> None:
    text = summary(told, SECRETS)
    assert re.search(r"Skipped:\n +2 {2}.*a-friend", text)
    assert re.search(r"Broke off:\n +1 {2}the target hangs", text)


def test_readings_are_told_if_they_are_unusual(told: Result) -> None:
    text = summary(told, SECRETS)
    assert "1 of 3 as the vendors' guides have it" in text
    assert "CONTRADICTED, no alternative does this: it answered 418" in text
    assert "1 not seen: it would write" in text


def test_a_target_is_named_in_what_repeats_a_finding() -> None:
    found = result(CHECKS[2:3], LIE, target="https://x.example/a b")
    assert "mockserver check --only laws/made --seed 0 --target 'https://x.example/a b'" in summary(found, SECRETS)


def test_many_equal_calls_are_one_line() -> None:
    def claim(session: Session) -> None:
        for _ in range(30):
            session.search()
        session.search(query={"limit": 1}).says(201)

    found, _ = finding(claim, lambda request, response: response)
    assert "-> 200  (30 times)" in told_finding(found, SECRETS)
    assert len(told_finding(found, SECRETS).splitlines()) < 10


# Other tools.


def test_junit_has_a_case_for_each_check(told: Result) -> None:
    root = ElementTree.fromstring(junit(told, SECRETS))
    cases = {case.get("name"): case for case in root.iter("testcase")}
    assert set(cases) == {outcome.check.name for outcome in told.outcomes}
    failure = cases["laws/made"].find("failure")
    assert failure is not None
    assert failure.get("type") == "guide"
    assert "call POST" in (cases["laws/made"].findtext("system-out") or "")
    assert "a-friend" in cases["laws/lacking"].find("skipped").get("message")  # type: ignore[union-attr]
    assert cases["fuzz/unreached"].find("error").get("message") == "the target hangs"  # type: ignore[union-attr]
    laws = next(suite for suite in root if suite.get("name") == "laws")
    assert {name: laws.get(name) for name in ("tests", "failures", "skipped")} == {
        "tests": "4",
        "failures": "2",
        "skipped": "2",
    }


def test_json_is_complete_and_says_its_format(told: Result) -> None:
    said = json.loads(as_json(told, SECRETS))
    assert said["format"] == FORMAT
    assert [each["name"] for each in said["checks"]] == [outcome.check.name for outcome in told.outcomes]
    assert sum(sum(cell["calls"].values()) for cell in said["matrix"]) == told.calls == said["calls"]
    [found] = [each["finding"] for each in said["checks"] if each["name"] == "laws/made"]
    assert found["found"] == []
    assert len(found["exchanges"]) == 3
    assert found["pytest"].startswith('"""laws/made')
    assert [each["contradicted"] for each in said["readings"]] == [False, False, True]


def test_json_tells_nothing_from_null() -> None:
    found, whole = finding(_holds_nothing, lambda request, response: response)
    assert found.expectation.found is ABSENT
    [said] = json.loads(as_json(whole, SECRETS))["checks"]
    assert (said["finding"]["found"], said["finding"]["absent"]) == (None, True)


def _holds_nothing(session: Session) -> None:
    session.search().holds("body/nowhere", relation="is there")


def test_annotations_are_one_line_each(told: Result) -> None:
    lines = annotations(told, SECRETS).splitlines()
    assert [line.split(" ")[0] for line in lines] == ["::error", "::error", "::warning", "::notice"]
    assert lines[0].startswith("::error title=laws/made::laws/made: What is said is true.%0A")


def test_an_assumption_that_breaks_is_no_error_of_the_target() -> None:
    assert annotations(result(CHECKS[1:2], LIE), SECRETS).startswith("::warning title=laws/made-twice::")


def test_a_step_summary_has_the_table_and_the_script(told: Result) -> None:
    text = step_summary(told, SECRETS)
    assert text.startswith("## FAILED")
    assert "| laws |  | 2 | 2 |  |" in text
    assert "```bash\n#!/usr/bin/env bash" in text


# The page.


class Page(HTMLParser):
    """What stands in a page; the tags must close."""

    VOID = frozenset({"meta", "br", "link", "img", "hr"})

    def __init__(self, text: str):
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


def test_a_page_is_well_formed_and_needs_nothing_else(told: Result) -> None:
    page = Page(html(told, SECRETS))
    assert not {tag for tag, _ in page.tags} & {"script", "link", "img", "iframe", "object"}
    assert not [
        attrs for _, attrs in page.tags if "src" in attrs or "style" in attrs or any(key.startswith("on") for key in attrs)
    ]
    links = [attrs["href"] for tag, attrs in page.tags if tag == "a"]
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert {f"#{id}" for id in ids} >= set(links)
    assert len(ids) == len(set(ids))
    assert all("scope" in attrs for tag, attrs in page.tags if tag == "th")
    assert "url(" not in html(told, SECRETS)


def test_a_page_tells_all_that_was_found(told: Result) -> None:
    words = Page(html(told, SECRETS)).words
    scripts = ("call POST", "def test_laws_made")
    for each in ("Failed", "laws/made-twice", "the segment guide", "it answered 418", "the target hangs", *scripts):
        assert each in words
    assert READING.question in words


def test_a_page_of_a_good_run_says_so() -> None:
    page = Page(html(result(CHECKS[:1]), SECRETS))
    assert "Passed" in page.words
    assert "None." in page.words


# Everything at once.


@every_text
def test_what_a_target_says_is_never_taken_for_the_report_itself(told: Callable[..., str]) -> None:
    found = result([check(markup)], lambda request, response: response)
    assert len(found.findings) == 1
    text = told(found, SECRETS)
    if told is html:
        page = Page(text)
        assert not [tag for tag, _ in page.tags if tag in ("script", "b")]
        assert "49" not in page.words.partition("expected")[2].partition("found")[0]
    elif told is junit:
        ElementTree.fromstring(text)
    elif told in (as_json, baseline):
        json.loads(text)
    elif told is annotations:
        assert len(text.splitlines()) == 1


def leaking(session: Session) -> None:
    """Secrets in every place where a check or a target can put them."""
    main = session.setting.main
    assert main is not None
    session.search(query={"limit": 1})
    token = session.token()
    wrong = {"grant_type": "client_credentials", "client_id": main.client_id, "client_secret": main.client_secret + "x"}
    session.login(**wrong).says(401)
    body = {"data": {"attributes": {}}}
    session.ask("searchAudienceSegments", body, authorization=f"Bearer {token[:-4]}").says(401)
    answer = session.create(session.contact_list(name=f"{main.client_secret} {token}"[:200]))
    answer.holds("body/data/0/attributes/name", main.client_secret, why=f"{token} and {main.client_secret}")


def _ours(secret: str) -> Iterator[str]:
    yield secret
    yield json.dumps(secret)[1:-1]
    yield repr(secret)[1:-1]


def test_no_report_holds_a_secret_or_a_token() -> None:
    found = result([check(leaking)], setting=OTHERS, engine=_engine_of_others())
    [failed] = found.findings
    secrets = secrets_of(OTHERS)
    token = failed.exchanges[0].response.json()["access_token"]
    texts = {told.__name__: told(found, secrets) for told in TEXTS}
    texts |= {"curl": curl(failed, found, secrets), "repeat": repeat(failed, found, secrets)}
    for name, text in texts.items():
        for secret in (OTHERS.main.client_secret, OTHERS.customer.secret_key, token):  # type: ignore[union-attr]
            assert not [each for each in _ours(secret) if each in text], name
        assert token.partition(".")[2][:-4] not in text, name


def _engine_of_others() -> Any:
    """The demo world, in which our application has another name and another secret."""
    said = json.loads(json.dumps(read_world(world_file("demo")), default=str))
    text = json.dumps(said).replace("demo-client", "our-own-client")
    text = text.replace("demo-secret", json.dumps(OTHERS.main.client_secret)[1:-1])  # type: ignore[union-attr]
    return Engine(PROVIDERS, found_world(PROVIDERS, json.loads(text), frozen_at=parse_moment(MOMENT)))


def test_a_secret_of_ours_has_to_be_given_to_a_script() -> None:
    found = result([check(leaking)], setting=OTHERS, engine=_engine_of_others())
    [failed] = found.findings
    assert "CLIENT_SECRET=${CLIENT_SECRET:?" in curl(failed, found, secrets_of(OTHERS))
    assert 'CLIENT_SECRET = os.environ["CLIENT_SECRET"]' in repeat(failed, found, secrets_of(OTHERS))


# Progress.


def lines(checks: tuple[Check, ...], outcomes: Any, **how: Any) -> tuple[list[Outcome], str]:
    stream = io.StringIO()
    seen = list(watched(checks, outcomes, Console(file=stream, width=100, **how), SECRETS))
    return seen, stream.getvalue()


def test_progress_is_a_line_for_each_finding_and_each_layer_where_nobody_watches(told: Result) -> None:
    outcomes = told.outcomes[:-1]
    seen, text = lines(CHECKS, iter(outcomes))
    assert seen == outcomes
    begun = [line.partition(":")[0] for line in text.splitlines()]
    assert begun == ["examples", "FAILED laws/made-twice", "FAILED laws/made", "laws"]
    assert "laws: 2 failed, 2 skipped; " in text
    assert "\x1b" not in text


def test_progress_lives_on_a_terminal(told: Result) -> None:
    outcomes = told.outcomes[:-1]
    seen, text = lines(CHECKS, iter(outcomes), force_terminal=True)
    assert seen == outcomes
    assert "FAILED laws/made" in text
    assert "5/5" in text


def test_progress_ends_when_the_run_is_interrupted(told: Result) -> None:
    def interrupted() -> Iterator[Outcome]:
        yield told.outcomes[0]
        raise KeyboardInterrupt

    console = Console(file=io.StringIO(), force_terminal=True)
    with pytest.raises(KeyboardInterrupt):
        list(watched(CHECKS, interrupted(), console, SECRETS))
    assert console.file.getvalue().endswith("\x1b[?25h") or "\x1b[?25h" in console.file.getvalue()  # type: ignore[attr-defined]


# Baselines.


def test_what_a_baseline_accepts_is_no_finding(told: Result, tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    file.write_text(baseline(told, SECRETS))
    again = compared(told, read_baseline(file))
    assert again.findings == []
    assert replace(again, observations=()).exit_code == 2  # something broke off
    assert "Accepted by the baseline: 2 findings." in summary(again, SECRETS)
    assert "::error title=laws" not in annotations(again, SECRETS)
    assert "accepted by the baseline" in junit(again, SECRETS)


def test_what_a_baseline_accepts_in_vain_is_told(told: Result, tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    file.write_text(baseline(told, SECRETS))
    mended = compared(result(CHECKS), read_baseline(file))
    assert len(mended.gone) == 2
    told_gone = "Gone: the baseline accepts what is no longer found: laws/made: body/data/*/id has in any order"
    assert told_gone in summary(mended, SECRETS)


def test_what_was_not_run_is_not_gone_and_stays_accepted(told: Result, tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    file.write_text(baseline(told, SECRETS))
    accepted = read_baseline(file)
    partly = compared(result(CHECKS[:1]), accepted)
    assert partly.gone == frozenset()
    assert json.loads(baseline(partly, SECRETS, accepted)) == json.loads(file.read_text())
    assert json.loads(baseline(result(CHECKS), SECRETS, accepted))["accepted"] == []


def test_a_note_in_a_baseline_is_kept(told: Result, tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    said = json.loads(baseline(told, SECRETS))
    said["accepted"][0]["note"] = "reported as 123"
    file.write_text(json.dumps(said))
    assert json.loads(baseline(told, SECRETS, read_baseline(file))) == said


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "cannot read the baseline"),
        ("{", "is not JSON"),
        ("\ud800", "is not JSON"),
        ("[]", "is none"),
        ('{"format": "mockserver-baseline/2", "accepted": []}', "is none"),
        ('{"format": "mockserver-baseline/1", "accepted": [1]}', 'entry 1 has no "identity"'),
        ('{"format": "mockserver-baseline/1", "accepted": [{"identity": "a", "notes": ""}]}', "has 'notes'"),
        ('{"format": "mockserver-baseline/1", "accepted": [{"identity": "a", "note": 1}]}', "has 'note'"),
    ],
)
def test_a_baseline_that_is_none_is_told_in_a_sentence(text: str | None, message: str, tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    if text is not None:
        file.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(Mistake, match=re.escape(message)) as caught:
        read_baseline(file)
    assert "\n" not in str(caught.value)
