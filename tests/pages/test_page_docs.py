"""The API documents as pages: whole, finite, and with commands that work."""

import re
import subprocess
from collections.abc import Iterator
from html import unescape
from shutil import which

import pytest
from conftest import engine_of
from over_http import authorization
from visiting import Element, Outline, Site, opened

from mockserver.message import Request, compose
from mockserver.pages.bearing import bearing
from mockserver.pages.curl import curl, variables
from mockserver.pages.example import example
from mockserver.pages.member import members_of
from mockserver.providers.criteo.identity import PERMISSION_DENIED, TOKEN_EXPIRED
from mockserver.providers.criteo.realtime import NO_CAMPAIGN

ENGINE = engine_of()
VERSIONS = [(name, version) for name, each in ENGINE.providers.items() for version in each.contracts.library.versions]


@pytest.fixture(scope="module")
def running_site() -> Iterator[Site]:
    with opened() as site:
        yield site


@pytest.fixture
def site(running_site: Site) -> Site:
    """The server, its world as it began."""
    running_site.worlds.default.world.reset()
    return running_site


def commands(page: str) -> list[str]:
    return [unescape(text) for text in re.findall(r'<pre id="curl[^"]*"[^>]*>(.*?)</pre>', page, re.DOTALL)]


@pytest.mark.parametrize(("provider", "version"), VERSIONS)
def test_every_operation_is_described(site: Site, provider: str, version: str) -> None:
    outline = Outline(site.text(f"/_mock/docs/{provider}/{version}"))
    described = {each.attributes["id"]: each.text for each in outline.all("article")}
    offered = [each for each in ENGINE.contract(ENGINE.providers[provider]).operations if each.version == version]
    assert set(described) == {each.id for each in offered}
    for operation in offered:
        text = described[operation.id]
        assert operation.path in text
        assert all(parameter.name in text for parameter in operation.parameters)
        assert all(f"{status} " in text for status in operation.answers)
        assert all(scope in text for scope in operation.scopes)
    anchors = {each.attributes["id"] for each in outline.elements if "id" in each.attributes}
    links = [each.attributes["href"][1:] for each in outline.all("a") if each.attributes["href"].startswith("#")]
    assert set(links) <= anchors


@pytest.mark.parametrize(("provider", "version"), VERSIONS)
def test_the_example_of_every_operation_is_taken(provider: str, version: str) -> None:
    of = ENGINE.providers[provider]
    contract = ENGINE.contract(of)
    for operation in contract.operations:
        if operation.version == version:
            node = contract.documents[version]["paths"][operation.path][operation.method.lower()]
            fork = ENGINE.fork()
            answer = fork.handle(example(of, operation, node, ENGINE))
            (entry,) = fork.world.journal
            assert answer.status == 200, (operation.id, answer.body)
            assert not entry.objections


def test_every_problem_is_told_with_its_evidence(site: Site) -> None:
    text = Outline(site.text("/_mock/docs/criteo/2026-07")).all("main")[0].text
    for problem in (TOKEN_EXPIRED, PERMISSION_DENIED, NO_CAMPAIGN):
        assert f"{problem.status} {problem.type}/{problem.code}: {problem.title}" in text
        assert problem.evidence.source in text


def test_making_examples_leaves_the_world_alone() -> None:
    engine = engine_of()
    before = (engine.world.serial, engine.world.journal.count, len(engine.world.parts["criteo"].entities()["segment"]))
    of = engine.providers["criteo"]
    contract = engine.contract(of)
    for operation in contract.operations:
        example(of, operation, contract.documents[operation.version]["paths"][operation.path][operation.method.lower()], engine)
    after = (engine.world.serial, engine.world.journal.count, len(engine.world.parts["criteo"].entities()["segment"]))
    assert after == before


@pytest.mark.skipif(not which("curl"), reason="curl is not installed")
def test_a_command_of_the_documents_works_as_it_stands(site: Site) -> None:
    token = authorization(site.web)["authorization"].removeprefix("Bearer ")
    found = commands(site.text("/_mock/docs/criteo/preview"))
    assert len(found) == 17
    known = {"TOKEN": token, "CLIENT_SECRET": "demo-secret", "PATH": "/usr/bin:/bin"}
    for command in (found[0], found[2], found[6]):
        script = f"{command} -w ' %{{http_code}}'"
        ran = subprocess.run(["bash", "-c", script], env=known, capture_output=True, text=True, check=True)
        assert ran.stdout.endswith(" 200"), ran.stdout


def article(site: Site, path: str, id: str) -> Element:
    """An operation on a page."""
    return next(each for each in Outline(site.text(path)).all("article") if each.attributes["id"] == id)


def test_a_schema_that_contains_itself_is_shown_once(site: Site) -> None:
    shown = article(site, "/_mock/docs/criteo/preview", "bulkCreateAudience")
    assert "Once more AlgebraInput, as above." in shown.text


def reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def test_a_schema_is_told_member_by_member() -> None:
    leaves = {"type": "array", "maxItems": 3, "items": reference("Tree")}
    schemas = {
        "Id": {"type": "string", "pattern": "^[0-9]+$", "description": "A number as text."},
        "Tree": {"type": "object", "required": ["id"], "properties": {"id": reference("Id"), "leaves": leaves}},
    }
    properties = {
        "kind": {"enum": ["a", None]},
        "many": {"type": "array", "minItems": 1, "items": reference("Id")},
        "tree": reference("Tree"),
        "size": {"type": "integer", "minimum": 1, "maximum": 9, "default": 5},
    }
    node = {"type": ["object", "null"], "additionalProperties": False, "properties": properties}
    told = [(each.depth, each.name, each.type, each.required, each.rules, each.again) for each in members_of(node, schemas)]
    assert told == [
        (0, "", "object or null", False, ("no other members",), ""),
        (1, "kind", "string or null", False, ("one of a, null",), ""),
        (1, "many", "array of string", False, ("at least 1 item", "each matches ^[0-9]+$"), ""),
        (1, "tree", "object", False, (), ""),
        (2, "id", "string", True, ("matches ^[0-9]+$",), ""),
        (2, "leaves", "array of object", False, ("at most 3 items",), "Tree"),
        (1, "size", "integer", False, ("default 5", "1 to 9"), ""),
    ]


def test_every_reading_of_a_contract_bears_on_some_operation() -> None:
    for each in ENGINE.providers.values():
        library = each.contracts.library
        bearing_on = {name for version in library.versions for names in bearing(library, version).values() for name in names}
        assert bearing_on == library.readings()


def test_the_documents_follow_the_readings(site: Site) -> None:
    def answers() -> list[str]:
        shown = article(site, "/_mock/docs/criteo/2026-07", "ClearContactListByAudienceSegment")
        return [each.text for each in shown.inside if each.name == "b"]

    before = answers()
    site.post("/_mock/pages/readings", do="choose", reading="contact-list-clear", alternative="204")
    assert (before[0], answers()[0]) == ("200", "204")


def shell(command: str, **variables: str) -> list[str]:
    """The words that a shell makes of a command."""
    script = 'curl() { printf "%s\\0" "$@"; }\n' + command
    ran = subprocess.run(["sh", "-c", script], env=variables, capture_output=True, check=True)
    return ran.stdout.decode().split("\0")[:-1]


HOSTILE = 'it\'s $(touch x) `id` "quoted" \\ !! %41 [1-3] é'


def test_a_command_says_what_was_sent_whatever_that_is() -> None:
    request = compose("POST", "/a/b", json={"data": HOSTILE}, headers={"x-odd": HOSTILE.replace("é", "e"), "host": "x"})
    request = Request("POST", f"/a/{HOSTILE}", "q=[1]&w=it's", request.headers, request.body)
    words = shell(curl("http://localhost:1", request))
    assert words[:3] == ["-gsS", "-X", "POST"]
    assert words[3].startswith("http://localhost:1/a/it's%20$(touch")
    assert words[3].endswith("?q=[1]&w=it's")
    assert f"x-odd: {HOSTILE.replace('é', 'e')}" in words
    assert words[-1] == request.body.decode()
    assert not [each for each in words if each.startswith("host")]


def test_secrets_of_a_command_are_variables_of_the_shell() -> None:
    form = {"grant_type": "client_credentials", "client_id": "me", "client_secret": "s3cret"}
    request = compose("POST", "/oauth2/token?access_token=abc&b=1", form=form, headers={"Authorization": "Bearer t0ken"})
    command = curl("http://localhost:1", request)
    assert not [secret for secret in ("s3cret", "t0ken", "abc") if secret in command]
    assert variables(command) == ["ACCESS_TOKEN", "CLIENT_SECRET", "TOKEN"]
    words = shell(command, ACCESS_TOKEN="1", CLIENT_SECRET="two words", TOKEN="3")
    assert "http://localhost:1/oauth2/token?access_token=1&b=1" in words
    assert "client_secret=two words" in words
    assert "authorization: Bearer 3" in words


def test_a_body_that_is_not_shown_comes_from_a_file() -> None:
    request = Request("POST", "/x", "", ((b"content-type", b"application/json"),), b"{not json")
    assert curl("http://localhost:1", request).endswith("--data-binary @body")
    assert "--head" in curl("http://localhost:1", Request("HEAD", "/x"))
