"""The pages over HTTP: what they show, what they hide, what their forms do, how they are built."""

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from time import monotonic
from urllib.parse import unquote

import httpx
import pytest
from conftest import EMPTY, engine_of
from over_http import CREDENTIALS, authorization, create
from starlette.applications import Starlette
from visiting import HTML, Outline, Site, opened

from mockserver.http import Door
from mockserver.message import compose
from mockserver.pages import page_routes
from mockserver.server import in_background
from mockserver.serving.condition import Condition
from mockserver.serving.tally import Tally
from mockserver.throttle import Quota, Throttle
from mockserver.worlds import Worlds

HOSTILE = "<script>alert('1')</script>\" onload='x'"
PAGES = (
    "/_mock/",
    "/_mock",
    "/_mock/pages",
    "/_mock/pages/calls/1",
    "/_mock/pages/state",
    "/_mock/pages/state?kind=contact+list&search=225702933721171456",
    "/_mock/pages/state?kind=campaign",
    "/_mock/pages/state/criteo/segment/225702933721171456",
    "/_mock/pages/faults",
    "/_mock/pages/faults?effect=delay",
    "/_mock/pages/readings",
    "/_mock/pages/coverage",
    "/_mock/pages/realtime?hours=24&timezone=Asia/Kathmandu&metric=Cost",
    "/_mock/pages/worlds",
    "/_mock/docs",
    "/_mock/docs/criteo/2026-07",
    "/_mock/docs/criteo/preview",
    "/_mock/docs/shoplive/v2",
    "/_mock/pages/nothing-such",
)


@pytest.fixture(scope="module")
def running_site() -> Iterator[Site]:
    with opened(rate_limit=250) as site:
        yield site


@pytest.fixture
def site(running_site: Site) -> Iterator[Site]:
    """The server, its default world as it began, with a call in its journal."""
    running_site.worlds.default.world.reset()
    running_site.worlds.default.world.snapshots.clear()
    running_site.client.create({"name": HOSTILE, "retailerId": "12", "contactList": {"identifierType": "Email"}})
    yield running_site
    for name in running_site.worlds.names():
        if name != "default":
            running_site.worlds.close(name)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_takes_nothing_from_elsewhere(site: Site, path: str) -> None:
    answer = site.web.get(path)
    assert answer.headers["content-security-policy"] == (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["cache-control"] == "no-store"
    for element in Outline(answer.text).elements:
        assert "style" not in element.attributes
        assert not [name for name in element.attributes if name.startswith("on")]
        for name in ("src", "href", "action"):
            assert element.attributes.get(name, "/").startswith(("/", "#", "data:image/svg+xml"))
            assert not element.attributes.get(name, "").startswith("//")
        assert element.name != "script" or element.attributes.get("src") == "/_mock/assets/pages.js"
        assert element.name != "style"


@pytest.mark.parametrize("path", PAGES)
def test_every_page_can_be_read_aloud(site: Site, path: str) -> None:
    outline = Outline(site.web.get(path).text)
    levels = [int(each.name[1]) for each in outline.all("h1", "h2", "h3", "h4")]
    assert levels[:1] == [1]
    assert levels.count(1) == 1
    assert all(deeper <= level + 1 for level, deeper in pairwise(levels))
    assert [each.name for each in outline.all("header", "main")] == ["header", "main"]
    assert outline.all("html")[0].attributes["lang"] == "en"
    assert outline.all("a")[0].attributes["href"] == "#main"
    assert all(each.attributes.get("aria-label") for each in outline.all("nav"))
    for table in outline.all("table"):
        assert [each for each in table.inside if each.name == "caption"]
        assert all(each.attributes.get("scope") for each in table.inside if each.name == "th")
    for entry in outline.all("input", "select"):
        hidden = entry.attributes.get("type") == "hidden"
        assert hidden or [each for each in entry.parents if each.name == "label" and each.text.strip()]
    assert all(each.text.strip() for each in outline.all("button", "a", "label", "title"))
    ids = [each.attributes["id"] for each in outline.elements if "id" in each.attributes]
    assert len(ids) == len(set(ids))
    for each in outline.elements:
        for name in ("aria-labelledby", "aria-describedby"):
            assert set(each.attributes.get(name, "").split()) <= set(ids)


@pytest.mark.parametrize("path", [path for path in PAGES if path != "/_mock"])
def test_in_a_world_of_its_own_every_link_stays_there(site: Site, path: str) -> None:
    site.worlds.open("t1", "default").handle(compose("GET", "/nowhere"))
    site.worlds.get("t1").handle(compose("GET", "/nowhere"))
    outline = Outline(site.web.get(f"/worlds/t1{path}").text)
    leading_out = {
        each.attributes[name]
        for each in outline.elements
        for name in ("href", "src", "action", "data-stream")
        if each.attributes.get(name, "#").startswith("/") and not each.attributes[name].startswith("/worlds/t1/_mock/")
    }
    assert leading_out <= {"/_mock/", "/_mock/pages/worlds"}
    assert not leading_out or "worlds" in path


def test_a_hostile_name_is_only_text(site: Site) -> None:
    (segment,) = [
        id for id, each in site.worlds.default.world.parts["criteo"].entities()["segment"].items() if each.name == HOSTILE
    ]
    site.worlds.default.world.snapshot("<b>bold</b>")
    site.web.get("/<img src=x>?q=<i>")
    number = site.worlds.default.world.journal.count
    pages = ("/_mock/", "/_mock/pages/state", f"/_mock/pages/state/criteo/segment/{segment}", "/_mock/pages/worlds")
    for path in (*pages, f"/_mock/pages/calls/{number}", "/_mock/pages/calls/1", "/_mock/pages/state?search=<script>"):
        outline = Outline(site.text(path))
        assert not [each for each in outline.all("script") if "src" not in each.attributes]
        assert not outline.all("img", "i")
    assert HOSTILE in Outline(site.text(f"/_mock/pages/state/criteo/segment/{segment}")).all("main")[0].text


def test_no_page_shows_a_secret(site: Site) -> None:
    token = authorization(site.web)["authorization"].removeprefix("Bearer ")
    site.web.post("/oauth2/token", data={**CREDENTIALS, "client_secret": "not-the-demo-secret"})
    list_ = "/2026-07/retail-media/audience-segments/225702933721171456/contact-list/add-remove"
    body = {"data": {"attributes": {"operation": "add", "identifiers": ["ada@example.com", "not-an-address"]}}}
    site.web.post(list_, json=body, headers={"authorization": f"Bearer {token}"})
    site.web.get("/2026-07/nothing?access_token=secret-in-a-query&mail=ada@example.com")
    secrets = (token, "demo-secret", "ada@example.com", "not-an-address", "secret-in-a-query")
    calls = [f"/_mock/pages/calls/{entry.number}" for entry in site.worlds.default.world.journal]
    assert len(calls) == 5
    for path in (*PAGES, *calls):
        text = site.web.get(path).text
        shown = [secret for secret in secrets if secret in unquote(text)]
        assert shown == (["ada@example.com"] if path.startswith("/_mock/docs/criteo") else []), path  # an example of ours


def test_a_call_tells_why_it_was_refused_and_what_would_be_taken(site: Site) -> None:
    site.client.create({"name": "x" * 300, "retailerId": "99"})
    text = Outline(site.text(f"/_mock/pages/calls/{site.worlds.default.world.journal.count}")).all("main")[0].text
    for told in (
        "retailer-not-found",
        "data/0/attributes/retailerId",
        "assumed",
        "Retailer 99",
        "'99' -> '12'",
        "would now be",
    ):
        assert told in text


def test_a_call_says_which_fault_struck_it_also_when_it_was_taken_back(site: Site) -> None:
    site.post("/_mock/pages/faults", do="add", effect="status", status="503")
    site.client.search()
    number = site.worlds.default.world.journal.count
    assert '"status": 503' in Outline(site.text(f"/_mock/pages/calls/{number}")).all("main")[0].text
    site.post("/_mock/pages/faults", do="clear")
    assert "taken back since" in site.text(f"/_mock/pages/calls/{number}")


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/_mock/pages/calls/99", "unknown entry of the journal"),
        ("/_mock/pages/calls/²", "a call is known by its number"),
        ("/_mock/pages/fault", "did you mean &#39;/_mock/pages/faults&#39;?"),
        ("/_mock/docs/criteo/2026-08", "did you mean &#39;2026-0"),
        ("/_mock/docs/crito/2026-07", "did you mean &#39;criteo&#39;?"),
        ("/_mock/docs/criteo", "unknown page"),
        ("/_mock/pages/state?kind=segments", "did you mean &#39;segment&#39;?"),
        ("/_mock/pages/state?from=-1", "a number of records"),
        ("/_mock/pages/state/criteo/segment/225702933721171457", "did you mean &#39;225702933721171456&#39;?"),
        ("/_mock/pages/faults?effect=statuss", "did you mean &#39;status&#39;?"),
        ("/_mock/pages/realtime?timezone=Europe/Pariss", "did you mean &#39;Europe/Paris&#39;?"),
        ("/_mock/pages/realtime?hours=25", "1 to 24 hours"),
        ("/_mock/pages/realtime?advertiser=9", "unknown advertiser"),
        ("/_mock/pages/realtime?metric=Sales", "unknown metric"),
        ("/_mock/?status=4x", "a class such as 4xx"),
        ("/_mock/assets/pages.cs", "did you mean &#39;pages.css&#39;?"),
    ],
)
def test_what_is_not_there_is_told_with_the_nearest(site: Site, path: str, told: str) -> None:
    assert told in site.text(path, 404)


def test_calls_are_filtered_by_operation_and_status(site: Site) -> None:
    site.client.search()
    site.web.get("/2026-07/nothing")
    rows = [
        Outline(site.text(f"/_mock/?{query}")).all("tr")[1:]
        for query in ("operation=searchAudienceSegments", "status=4xx", "status=404")
    ]
    assert [len(each) for each in rows] == [1, 1, 1]
    assert "searchAudienceSegments" in rows[0][0].text
    assert rows[1][0].text == rows[2][0].text
    assert "not-found" in rows[1][0].text


def events(site: Site, path: str = "/_mock/pages/stream", **headers: str) -> list[dict[str, object]]:
    """What a stream says until it ends by itself, each with its number."""
    found = []
    with site.web.stream("GET", path, headers=headers) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        for block in answer.read().decode().split("\n\n"):
            said = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
            if "data" in said:
                found.append({"id": int(said["id"]), **json.loads(said["data"])})
    return found


def test_a_stream_brings_the_calls_after_the_last_one_seen_and_ends_by_itself(site: Site) -> None:
    site.client.search()
    (first,) = events(site, **{"last-event-id": "1"})
    assert (first["id"], first["came"], len(first["rows"]), first["anew"]) == (2, 1, 1, False)
    assert set(first["panels"]) == {"clock-now", "windows", "faults", "kept"}
    assert [each["came"] for each in events(site, "/_mock/pages/stream?after=2")] == [0]


def test_of_many_calls_a_stream_brings_some_and_says_how_many_there_were(site: Site) -> None:
    client = site.client
    with ThreadPoolExecutor(1) as pool:
        told = pool.submit(events, site, "/_mock/pages/stream?after=1")
        deadline = monotonic() + 1.5
        while monotonic() < deadline:
            client.search("?limit=1")
        updates = told.result()
    assert 1 <= len(updates) <= 8
    assert all(len(each["rows"]) <= 25 for each in updates)
    assert max(each["came"] for each in updates) > 25
    journal = site.worlds.default.world.journal
    assert 1 + sum(each["came"] for each in updates) == updates[-1]["id"] <= journal.count


def test_a_stream_starts_anew_after_the_journal_was_cleared(site: Site) -> None:
    site.post("/_mock/pages/", do="forget")
    site.web.get("/nothing")
    (only,) = events(site, **{"last-event-id": "500"})
    assert (only["anew"], only["came"], only["id"]) == (True, 1, 1)


def test_a_stream_takes_the_filters_of_the_list(site: Site) -> None:
    site.web.get("/nothing")
    (only,) = events(site, "/_mock/pages/stream?after=0&status=404")
    assert only["came"] == 1
    assert site.web.get("/_mock/pages/stream?status=x").status_code == 400


def test_a_stream_ends_when_its_client_goes_away_and_nothing_else_waits(site: Site) -> None:
    with site.web.stream("GET", "/_mock/pages/stream") as answer:
        next(answer.iter_bytes())
    assert site.web.get("/_mock/health").status_code == 200


def test_no_stream_keeps_a_server_from_ending() -> None:
    worlds, condition = Worlds(engine_of()), Condition()
    pages = Starlette(routes=page_routes(worlds, Tally(), condition))
    with in_background(Door(worlds, control=pages)) as url, httpx.stream("GET", f"{url}/_mock/pages/stream") as answer:
        pieces = answer.iter_text()
        assert "data: " in next(pieces) + next(pieces)
        condition.stopping = True
        assert "data: " not in "".join(pieces)


def test_the_clock_is_moved_by_forms(site: Site) -> None:
    clock = site.worlds.default.world
    before = clock.clock.now()
    answer = site.post("/_mock/pages/", do="advance", by="900")
    assert (answer.status_code, answer.headers["location"]) == (303, "/_mock/#clock")
    assert clock.clock.now() == before + 900
    site.post("/_mock/pages/", do="set", now="2026-01-15T10:00:00Z")
    assert "2026-01-15" in site.text("/_mock/")
    site.post("/_mock/pages/", do="resume")
    assert not clock.clock.frozen
    site.post("/_mock/pages/", do="freeze")
    assert clock.clock.frozen


@pytest.mark.parametrize(
    ("path", "form", "told"),
    [
        ("/_mock/pages/", {"do": "advance", "by": "soon"}, "a number of seconds, not &#39;soon&#39;"),
        ("/_mock/pages/", {"do": "advance", "by": "-5"}, "a clock advances by 0 seconds or more"),
        ("/_mock/pages/", {"do": "advance", "by": "nan"}, "a clock advances by 0 seconds or more"),
        ("/_mock/pages/", {"do": "set", "now": "noon"}, "a time is written like 2026-01-15T10:00:00Z"),
        ("/_mock/pages/", {"do": "explode"}, "unknown deed &#39;explode&#39;"),
        ("/_mock/pages/faults", {"do": "add", "effect": "status"}, "needs &#39;status&#39;"),
        ("/_mock/pages/faults", {"do": "add", "effect": "status", "status": "many"}, "&#39;status&#39; of a fault"),
        ("/_mock/pages/faults", {"do": "add", "effect": "status", "status": "200"}, "from 400 to 599"),
        (
            "/_mock/pages/faults",
            {"do": "add", "effect": "lost", "operation": "searchAudience"},
            "did you mean &#39;searchAudiences",
        ),
        ("/_mock/pages/faults", {"do": "add", "effect": "lost", "chance": "2"}, "a chance is from 0 to 1"),
        ("/_mock/pages/faults", {"do": "add", "effect": "lost", "nth": "0"}, "&#39;nth&#39; is a whole number of 1 or more"),
        ("/_mock/pages/faults", {"do": "add", "effect": "delay", "uniform": "[2, 1]"}, "ascend"),
        ("/_mock/pages/faults", {"do": "remove", "fault": "fault-9"}, "unknown fault"),
        ("/_mock/pages/readings", {"do": "choose", "reading": "contact-list-clear", "alternative": "205"}, "204"),
        ("/_mock/pages/readings", {"do": "choose", "reading": "contact-list", "alternative": "204"}, "did you mean"),
        ("/_mock/pages/worlds", {"do": "open", "name": "../up"}, "a world&#39;s name is 1 to 64 letters"),
        ("/_mock/pages/worlds", {"do": "open", "name": ""}, "a world needs a name"),
        ("/_mock/pages/worlds", {"do": "close", "world": "default"}, "reset it instead"),
        ("/_mock/pages/worlds", {"do": "take", "name": "a/b"}, "without &#39;/&#39;"),
        ("/_mock/pages/worlds", {"do": "restore", "snapshot": "befor"}, "unknown snapshot"),
    ],
)
def test_the_mistake_of_a_form_is_told_beside_it_and_nothing_is_done(
    site: Site, path: str, form: dict[str, str], told: str
) -> None:
    answer = site.post(path, **form)
    assert answer.status_code == 400
    (mistake,) = [each for each in Outline(answer.text).elements if each.attributes.get("role") == "alert"]
    assert told in answer.text
    beside = [each.name for each in mistake.parents]
    assert "form" in beside or "section" in beside or form["do"] in ("explode", "close") or form["reading"] == "contact-list"
    for name in ("name", "now", "nth", "chance", "uniform"):
        if form.get(name) and form["do"] != "explode":
            assert form[name] in [each.attributes.get("value") for each in Outline(answer.text).all("input")]


def test_a_fault_is_set_by_a_form_strikes_and_is_taken_back(site: Site) -> None:
    form = {"status": "503", "operation": "searchAudienceSegments", "nth": "1", "code": "", "version": "", "lasting": "60"}
    answer = site.post("/_mock/pages/faults?effect=status", do="add", effect="status", **form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/_mock/pages/faults#set")
    assert [site.client.search().status, site.client.search().status] == [503, 200]
    text = Outline(site.text("/_mock/pages/faults")).all("table")[0].text
    assert "fault-1" in text
    assert "operation searchAudienceSegments nth 1 lasting 60" in " ".join(text.split())
    site.post("/_mock/pages/faults", do="remove", fault="fault-1")
    assert not site.worlds.default.world.faults


@pytest.mark.parametrize(
    "form",
    [
        {"effect": "delay", "quantiles": "[[0.5, 0.1], [0.99, 2]]"},
        {"effect": "throttled", "reset": "30", "headers": "false"},
        {"effect": "cut", "where": "in"},
        {"effect": "media-type", "media": "1"},
        {"effect": "status", "status": "500", "code": "7", "title": "true"},
        {"effect": "drip", "seconds": "1.5", "every": "2", "times": "3", "caller": "demo-client"},
    ],
)
def test_every_kind_of_member_can_be_filled_in(site: Site, form: dict[str, str]) -> None:
    assert site.post("/_mock/pages/faults", do="add", **form).status_code == 303
    (armed,) = site.worlds.default.world.faults.armed
    said = armed.fault.said()
    for name, text in form.items():
        assert said[name] == text or said[name] == json.loads(text)


def test_a_reading_is_chosen_by_a_form(site: Site) -> None:
    answer = site.post("/_mock/pages/readings", do="choose", reading="contact-list-clear", alternative="204")
    assert answer.headers["location"] == "/_mock/pages/readings#reading-contact-list-clear"
    assert site.client.clear(225702933721171456).status == 204
    assert "1 is chosen otherwise" in site.text("/_mock/pages/readings")


def test_a_form_is_bounded_and_is_a_form(site: Site) -> None:
    big = site.post("/_mock/pages/worlds", do="open", name="x" * 70_000)
    json_ = site.web.post("/_mock/pages/worlds", json={"do": "open"})
    many = site.post("/_mock/pages/worlds", **{f"field{number}": "" for number in range(200)})
    wrong = site.web.post(
        "/_mock/pages/worlds", content=b"do=%ff\xff", headers={"content-type": "application/x-www-form-urlencoded"}
    )
    assert [each.status_code for each in (big, json_, many, wrong)] == [400, 400, 400, 400]
    assert "at most 65536 bytes" in big.text
    assert "x-www-form-urlencoded" in json_.text
    assert site.web.post("/_mock/pages/state").status_code == 405


def test_worlds_and_snapshots_come_and_go_by_forms(site: Site) -> None:
    site.post("/_mock/pages/worlds", do="open", name="t1")
    site.post("/_mock/pages/worlds", do="open", name="t2", **{"from": "default"})
    assert site.worlds.names() == ["default", "t1", "t2"]
    assert (
        site.post("/worlds/t1/_mock/pages/worlds", do="take", name="before").headers["location"]
        == "/worlds/t1/_mock/pages/worlds"
    )
    create(site.web, "later", "/worlds/t1")
    site.post("/worlds/t1/_mock/pages/worlds", do="restore", snapshot="before")
    names = [each.name for each in site.worlds.get("t1").world.parts["criteo"].entities()["segment"].values()]
    assert "later" not in names
    assert "Snapshots of t1" in site.text("/worlds/t1/_mock/pages/worlds")
    site.post("/worlds/t1/_mock/pages/worlds", do="forget", snapshot="before")
    site.post("/worlds/t1/_mock/pages/worlds", do="reset")
    assert not site.worlds.get("t1").world.journal.count
    site.post("/_mock/pages/worlds", do="close", world="t1")
    assert site.worlds.names() == ["default", "t2"]


def test_state_is_found_by_id_and_by_any_text_and_paged(site: Site) -> None:
    first = Outline(site.text("/_mock/pages/state")).all("tbody")[0].inside
    assert len([each for each in first if each.name == "tr"]) == 50
    assert HOSTILE in [each.text for each in first if each.name == "td"]  # the newest is first
    by_id = Outline(site.text("/_mock/pages/state?kind=segment&search=225702933721171456")).all("tbody")[0]
    assert "Segment Description" in by_id.text
    by_text = Outline(site.text("/_mock/pages/state?kind=segment&search=SEGMENT+descr"))
    assert "225702933721171456" in by_text.all("tbody")[0].text
    by_part_of_id = Outline(site.text("/_mock/pages/state?kind=segment&search=2257029337211714"))
    assert "225702933721171456" in by_part_of_id.all("tbody")[0].text


def test_every_record_is_on_one_page(site: Site) -> None:
    seen: list[str] = []
    path = "/_mock/pages/state?kind=audience"
    while path:
        outline = Outline(site.text(path))
        seen += [each.text for each in outline.all("tbody")[0].inside if each.name == "th"]
        path = next((each.attributes["href"] for each in outline.all("a") if each.attributes.get("rel") == "next"), "")
    assert len(seen) == len(set(seen)) == 414


def test_what_is_not_found_is_said(site: Site) -> None:
    assert "0 with “no-such-thing” among 428 looked at" in site.text("/_mock/pages/state?kind=segment&search=no-such-thing")


def test_a_contact_list_is_shown_by_its_size(site: Site) -> None:
    text = Outline(site.text("/_mock/pages/state/criteo/contact%20list/225702933721171456")).all("main")[0].text
    assert "10,000 identifiers" in text
    assert "criteo segment" in text


def test_written_campaigns_are_shown_and_the_others_are_spoken_of(site: Site) -> None:
    text = site.text("/_mock/pages/state?kind=campaign")
    assert "1234fef8e8e3" in text
    assert "makes up" in text


def test_an_empty_world_has_its_pages_too() -> None:
    with opened(said=EMPTY) as site:
        for path in PAGES:
            if "/calls/" not in path and "segment" not in path and "nothing" not in path and "225702" not in path:
                site.text(path)


def test_a_large_world_shows_its_first_page_and_searches_so_much_at_once() -> None:
    said = {**EMPTY, "criteo": {**EMPTY["criteo"]}}
    said["criteo"]["retailers"] = [
        {**each, "generate": {"segments": 15_000, "audiences": 0}} if each["id"] == "12" else each
        for each in said["criteo"]["retailers"]
    ]
    with opened(said=said) as site:
        assert "1 to 50 of 15,000" in site.text("/_mock/pages/state")
        looked = site.text("/_mock/pages/state?kind=segment&search=no+such+thing")
        assert "among 10,000 looked at, of 15,000" in looked
        on = next(each for each in Outline(looked).all("a") if each.attributes.get("rel") == "next")
        assert "among 5,000 looked at" in site.text(on.attributes["href"])


def test_coverage_counts_what_was_called_over_http_and_says_what_was_never() -> None:
    with opened() as site:
        create(site.web, "one")
        create(site.web, "two", headers={"authorization": "Bearer wrong"})
        site.web.get("/2026-07/nothing")
        outline = Outline(site.text("/_mock/pages/coverage"))
        rows = {
            each.inside[0].text: [cell.text.split() for cell in each.inside if cell.name == "td"] for each in outline.all("tr")
        }
        times = "\N{MULTIPLICATION SIGN}"
        assert rows["bulkCreateAudienceSegments"][1] == ["2", "200", times, "1", "401", times, "1"]
        assert rows["bulkCreateAudienceSegments"][0] == ["never"]
        assert rows["bulkCreateAudience"][0] == ["not", "offered"]
        assert rows["requestToken"] == [["1", "200", "of", "no", "version"]]
        assert "Paths that lead nowhere: 1 404" in " ".join(outline.all("main")[0].text.split())


def test_the_realtime_page_shows_what_a_client_would_get_and_leaves_no_trace(site: Site) -> None:
    world = site.worlds.default.world
    before = (world.serial, world.journal.count, world.throttle.windows(world.clock.now()), world.rate_limit)
    outline = Outline(site.text("/_mock/pages/realtime?advertiser=456&metric=Clicks&hours=18&timezone=Europe/Paris"))
    assert (world.serial, world.journal.count, world.throttle.windows(world.clock.now()), world.rate_limit) == before
    asked = {
        "advertiserIds": ["456"],
        "dimensions": ["Hour"],
        "metrics": ["Clicks"],
        "lookbackWindow": 18,
        "timezone": "Europe/Paris",
    }
    headers = {"authorization": f"Bearer {site.client.token}"}
    question = compose("POST", "/preview/reports/realtime", json={"data": {"attributes": asked}}, headers=headers)
    answer = site.worlds.default.handle(question)
    clicks = {row["Hour"]: row["Clicks"] for row in answer.json()["data"][0]["attributes"]["rows"]}
    table = outline.all("tbody")[0]
    rows = [[cell.text for cell in row.inside if cell.name in ("th", "td")] for row in table.inside if row.name == "tr"]
    assert len(rows) == 18
    assert {row[0][-5:-3]: row[-1].replace(",", "") for row in rows} == {hour: clicks.get(hour, "0") for hour in clicks} | {
        row[0][-5:-3]: "0" for row in rows if row[0][-5:-3] not in clicks
    }
    drawings = outline.all("svg")
    assert drawings
    for svg in drawings:
        assert [each.name for each in svg.inside[:2]] == ["title", "desc"]
        assert len([each for each in svg.inside if each.name == "rect"]) == 18


def test_a_refused_report_is_shown_as_refused() -> None:
    with opened(readings={"lookback-range": "12-24"}) as site:
        assert "refused with 400" in site.text("/_mock/pages/realtime?hours=3")


def test_the_home_page_shows_windows_and_faults_in_force(site: Site) -> None:
    site.post("/_mock/pages/faults", do="add", effect="lost", operation="searchAudiences")
    text = " ".join(Outline(site.text("/_mock/")).all("main")[0].text.split())
    assert "application demo-client 1 of 250" in text
    assert "fault-1 lost on searchAudiences struck 0 of 0" in text
    meter = next(each for each in Outline(site.text("/_mock/")).all("meter"))
    assert (meter.attributes["value"], meter.attributes["max"]) == ("1", "250")


def test_a_throttle_tells_its_windows_the_fullest_first() -> None:
    throttle = Throttle()
    for _ in range(3):
        throttle.take([Quota("one", 4), Quota("both", 100)], 1000)
    throttle.take([Quota("two", 2), Quota("both", 100)], 1000)
    told = [(each.quota.key, each.used, each.quota.limit, each.reset) for each in throttle.windows(1000)]
    assert told == [("one", 3, 4, 1020), ("two", 1, 2, 1020), ("both", 4, 100, 1020)]
    assert throttle.windows(1020) == []
    assert [each.used for each in throttle.fork().windows(1000)] == [3, 1, 4]


def test_assets_are_kept_by_the_browser_until_they_change(site: Site) -> None:
    first = site.web.get("/_mock/assets/pages.js")
    assert first.headers["content-type"].startswith("text/javascript")
    again = site.web.get("/_mock/assets/pages.js", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("host", ["[", "a'b\"<c>", "localhost:99999999", "$(id)", "[::1]:80"])
def test_an_odd_host_is_only_text(site: Site, host: str) -> None:
    for path in ("/_mock/", "/_mock/pages/calls/1", "/_mock/pages/nothing", "/_mock/docs/shoplive/v2"):
        answer = site.web.get(path, headers={"host": host})
        assert answer.status_code == (404 if "nothing" in path else 200)
        assert "<c>" not in answer.text
    assert site.web.post("/_mock/pages/", data={"do": "freeze"}, headers={"host": host}).status_code == 303


def test_machines_get_json_where_people_get_the_page(site: Site) -> None:
    assert httpx.get(f"{site.url}/_mock/").headers["content-type"] == "application/json"
    assert site.web.get("/_mock/", headers=HTML).headers["content-type"].startswith("text/html")


def test_nothing_of_the_pages_names_another_host(site: Site) -> None:
    for path in ("/_mock/assets/pages.css", "/_mock/assets/pages.js"):
        assert not re.search(r"https?://|@import|url\(", site.text(path))


def test_a_world_is_not_closed_under_its_own_page(site: Site) -> None:
    site.web.post("/_mock/worlds", json={"name": "mine"})
    answer = site.web.post("/worlds/mine/_mock/pages/worlds", data={"do": "close", "world": "mine"})
    assert (answer.status_code, "close it on the page of another" in answer.text) == (400, True)
    site.web.post("/_mock/pages/worlds", data={"do": "close", "world": "mine"})
    assert "mine" not in [each["name"] for each in site.web.get("/_mock/worlds").json()["worlds"]]
