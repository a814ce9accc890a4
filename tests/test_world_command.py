"""`mockserver world`: what is wrong with a world file is named by file, line and field; one to start from works at once."""

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import jwt
import pytest
from click.testing import CliRunner, Result
from conftest import Client
from shoplive.asking import Customer

from mockserver import strict_yaml
from mockserver.cli import main
from mockserver.message import compose
from mockserver.mistake import Mistake
from mockserver.providers import PROVIDERS
from mockserver.world_files import read_world, world_schema
from mockserver.worlds import founded

MINE = """\
criteo:
  retailers:
    - {id: "12", name: Mine, match_rate: 0.5}
  accounts:
    - {id: "1", name: Mine, retailers: ["12"]}
  applications:
    - {client_id: c, client_secret: s, accounts: ["1"], permissions: []}
  segments:
    - {id: "7", account: "1", retailer: "12", name: One, contact_list: {identifier_type: Email}}
    - {id: "8", account: "1", retailer: "12", name: Two, contact_list: {identifier_type: Email}}
  audiences:
    - {id: "9", account: "1", retailer: "12", name: Mine, algebra: {audienceSegmentId: "7"}}
shoplive:
  customers:
    - {access_key: k, secret_key: c2VjcmV0}
  campaigns:
    - {key: live, access_key: k, title: Mine}
"""


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["world", *map(str, arguments)])


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    file = tmp_path / "mine.yaml"
    file.write_text(MINE)
    return file


def wrong(file: Path, text: str) -> list[str]:
    """What `check` tells of a file with this text, a line each, the file's name taken off."""
    file.write_text(text)
    result = run("check", file)
    assert (result.exit_code, result.stdout) == (1, "")
    told = result.stderr.splitlines()
    assert all(line.startswith(f"{file}:") for line in told)
    return [line.removeprefix(f"{file}:") for line in told]


def test_of_a_file_that_is_right_it_tells_what_is_in_it(mine: Path) -> None:
    result = run("check", mine, "demo")
    assert (result.exit_code, result.stderr) == (0, "")
    first, second = result.stdout.splitlines()
    assert first == (
        f"{mine}: right; criteo: 1 retailer, 1 account, 1 application, 2 segments, 1 audience; shoplive: 1 customer, 1 campaign"
    )
    assert "3 segments + 424 generated" in second


def test_of_several_files_each_is_told_and_one_that_is_wrong_is_enough_to_fail(mine: Path, tmp_path: Path) -> None:
    result = run("check", mine, tmp_path / "nowhere.yaml", "demo")
    assert result.exit_code == 1
    assert result.stderr == f"there is no world file {tmp_path / 'nowhere.yaml'}\n"
    assert len(result.stdout.splitlines()) == 2


def test_everything_that_breaks_the_schema_is_named(mine: Path) -> None:
    text = MINE.replace("identifier_type: Email", "identifier_type: Emial").replace("client_secret: s", "client_secret: 5")
    told = wrong(mine, text.replace("title: Mine", "titel: Mine"))
    assert {tuple(line.split(": ")[:2]) for line in told} == {
        ("7", "criteo.applications.0.client_secret"),
        ("9", "criteo.segments.0.contact_list.identifier_type"),
        ("10", "criteo.segments.1.contact_list.identifier_type"),
        ("17", "shoplive.campaigns.0"),
        ("17", "shoplive.campaigns.0.titel"),
    }
    assert "17: shoplive.campaigns.0.titel: unknown field 'titel'; did you mean 'title'?" in told


def test_it_says_what_one_of_several_fields_has_to_be_there(mine: Path) -> None:
    both = "contact_list: {identifier_type: Email}, events: {shopper_activity: Buy, lookback_days: Last7Days, brand_ids: []}"
    found = wrong(
        mine, MINE.replace("contact_list: {identifier_type: Email}", both, 1).replace("{identifier_type: Email}}", "[s]}")
    )
    assert "9: criteo.segments.0: it has exactly one of contact_list, events" in found
    assert "9: criteo.segments.0.events: it has at least one, and not empty, of category_ids, brand_ids" in found


def test_what_is_wrong_is_told_without_repeating_what_may_be_a_secret(mine: Path) -> None:
    told = wrong(mine, MINE.replace("secret_key: c2VjcmV0", "secret_key: [c2VjcmV0]"))
    assert told == ['15: shoplive.customers.0.secret_key: it is not of type "string"']


def test_it_names_more_than_the_ten_that_serve_names(mine: Path) -> None:
    segments = "".join(f"    - {{id: '{number}', account: '1', retailer: '12', name: N{number}}}\n" for number in range(20, 60))
    assert len(wrong(mine, MINE.replace("  audiences:", segments + "  audiences:"))) == 40


FOUNDING = {
    'retailers: ["12"]': ('retailers: ["13"]', "5: criteo.accounts.0: unknown retailer of account 1 '13'; did you mean '12'?"),
    'accounts: ["1"]': (
        'accounts: ["2"]',
        "7: criteo.applications.0: unknown account of application c '2'; known: 1",
    ),
    '    - {id: "12", name: Mine, match_rate: 0.5}\n': (
        '    - {id: "12", name: Mine}\n    - {id: "12", name: Again}\n',
        "4: criteo.retailers.1: two retailers have the id 12",
    ),
    '{id: "8",': ('{id: "7",', "10: criteo.segments.1: two segments have the id 7"),
    "name: Two": ("name: One", "10: criteo.segments.1: two segments of account 1 have the name 'One'"),
    "name: Two, ": (
        "name: Two, identifiers: 5, matches: 6, ",
        "10: criteo.segments.1: segment 8 cannot have 6 matches of 5 at a match rate of 0.5",
    ),
    'audienceSegmentId: "7"': (
        'audienceSegmentId: "6"',
        "12: criteo.audiences.0: audience 9 uses the segment 6, which is not there",
    ),
    "c2VjcmV0": ("secret!", "15: shoplive.customers.0: the secret_key of k is not base64"),
    "key: live": ("key: a-b", "17: shoplive.campaigns.0: a campaign's key is 1 to 32 letters and digits, not 'a-b'"),
    "access_key: k, title": ("access_key: l, title", "17: shoplive.campaigns.0: unknown access_key 'l'; known: k"),
}


@pytest.mark.parametrize("part", FOUNDING)
def test_what_founding_objects_to_is_named_with_its_line_too(mine: Path, part: str) -> None:
    new, told = FOUNDING[part]
    assert MINE.count(part) == 1
    found = wrong(mine, MINE.replace(part, new))
    assert found == [told]
    with pytest.raises(Mistake) as mistake:
        founded(PROVIDERS, str(mine))
    assert str(mistake.value) == f"{mine}:{found[0]}"


def test_everything_that_founding_objects_to_in_a_list_is_named_and_of_each_provider(mine: Path) -> None:
    text = MINE.replace('"12", name: One', '"13", name: One').replace('"12", name: Two', '"14", name: Two')
    assert [line.split(": ")[:2] for line in wrong(mine, text.replace("key: live", "key: a-b"))] == [
        ["9", "criteo.segments.0"],
        ["10", "criteo.segments.1"],
        ["17", "shoplive.campaigns.0"],
    ]


YAML = {
    "a key twice": (MINE + "criteo: {}\n", "18: criteo: it is there twice"),
    "a key inside twice": (MINE.replace("name: One,", "name: One, name: Two,"), "9: criteo.segments.0.name: it is there twice"),
    "a tab": (MINE.replace("  retailers", "\tretailers"), "2: not YAML: "),
    "a tag": ("criteo: !!python/object/apply:os.system [id]\n", "1: criteo: the tag '!!python/object/apply:os.system' means"),
    "a tag of its own": ("criteo: !mine {}\n", "1: criteo: the tag '!mine' means nothing here"),
    "a set": ("criteo: !!set {a}\n", "1: criteo: the tag '!!set' means nothing here"),
    "bytes": ("criteo: !!binary YQ==\n", "1: criteo: the tag '!!binary' means nothing here"),
    "a key that is a number": ("12: {}\n", "1: the file: the key '12' is no text; put it in quotes"),
    "a key that is a list": ("[a]: {}\n", "1: the file: a key is text"),
    "itself inside": ("criteo: &a\n  retailers: [*a]\n", "1: criteo.retailers.0: it is inside itself"),
    "two documents": ("criteo: {}\n---\nshoplive: {}\n", "2: not YAML: expected a single document"),
    "no end": ("criteo: [", "2: not YAML: "),
    "a number that JSON has not": (MINE.replace("match_rate: 0.5", f"match_rate: 1{'0' * 30}"), " it says what JSON can not: "),
    "lists in lists": ("[" * 100_000, "1: it is nested more than 100 deep"),
    "lists in lists by dashes": ("- " * 100_000, "1: it is nested more than 100 deep"),
    "half a character": (
        MINE.replace("title: Mine", 'title: "\\ud800"'),
        "17: not YAML: while parsing a quoted scalar found invalid",
    ),
    "no text": ("\x00", " not YAML: "),
}


@pytest.mark.parametrize("what", YAML)
def test_yaml_that_is_wrong_is_told_with_its_line(mine: Path, what: str) -> None:
    text, told = YAML[what]
    assert wrong(mine, text)[0].startswith(told)


LAUGHS = "a: &a [ha, ha, ha, ha, ha, ha, ha, ha, ha, ha]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
MERGES = "a: &a {x: 1}\n" + "".join(
    f"{name}: &{name}\n  <<: [{', '.join([f'*{before}'] * 10)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize("text", [LAUGHS, MERGES])
def test_aliases_that_grow_without_bounds_are_refused_before_they_do(mine: Path, text: str) -> None:
    assert wrong(mine, text) == [" its aliases come to more than 1,000,000 values when written out"]


def test_an_alias_within_bounds_is_good(mine: Path) -> None:
    text = MINE.replace('retailers: ["12"]', 'retailers: &shops ["12"]').replace('accounts: ["1"]', 'accounts: &ours ["1"]')
    mine.write_text(text)
    assert run("check", mine).exit_code == 0


def test_a_file_that_is_too_large_is_not_read(mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert strict_yaml.LARGEST == 64 * 2**20
    with mine.open("wb") as file:
        file.truncate(strict_yaml.LARGEST + 1)
    with pytest.raises(Mistake, match=f"{mine}: it is larger than 64 MB"):
        read_world(mine)


def test_dates_stay_the_text_they_are(mine: Path) -> None:
    mine.write_text(MINE.replace("title: Mine", "title: Mine, scheduled_at: 2026-01-15T10:00:00Z"))
    assert read_world(mine)["shoplive"]["campaigns"][0]["scheduled_at"] == "2026-01-15T10:00:00Z"


def described(schema: Any, place: str = "") -> list[tuple[str, Any]]:
    """Every property of a schema, wherever it stands, and what it is described as."""
    if isinstance(schema, list):
        return [each for at, inner in enumerate(schema) for each in described(inner, f"{place}/{at}")]
    if not isinstance(schema, dict):
        return []
    own = schema.get("properties", {}) if "required" not in place else {}
    told = [
        (f"{place}/{name}", of.get("description")) for name, of in own.items() if not place.rpartition("/")[0].endswith("anyOf")
    ]
    return told + [each for name, inner in schema.items() for each in described(inner, f"{place}/{name}")]


def test_every_field_of_a_world_file_is_described_in_a_sentence() -> None:
    every = described(world_schema())
    assert len(every) > 80
    assert [place for place, text in every if not isinstance(text, str) or not text.endswith(".")] == []


def test_the_schema_is_printed_as_json_and_is_one() -> None:
    result = run("schema")
    printed = json.loads(result.stdout)
    assert printed == world_schema()
    assert printed["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema_rs.meta.validate(printed)


@pytest.fixture
def new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    assert run("new").exit_code == 0
    return tmp_path / "world.yaml"


def test_a_new_world_is_right_and_says_what_to_do_with_it(new: Path) -> None:
    assert run("check", new).exit_code == 0
    assert "mockserver serve --world world.yaml --watch" in new.read_text()


def test_its_first_line_leads_editors_to_the_schema_beside_it(new: Path) -> None:
    first = new.read_text().splitlines()[0]
    schema = new.parent / first.removeprefix("# yaml-language-server: $schema=")
    assert first.startswith("# yaml-language-server: ")
    validator = jsonschema_rs.validator_for(json.loads(schema.read_text()))
    assert validator.is_valid(read_world(new))
    assert not validator.is_valid({"critoe": {}})


def test_a_new_world_serves_both_apis(new: Path) -> None:
    engine = founded(PROVIDERS, str(new))
    client = Client(engine, client_id="my-client", client_secret="my-secret")
    token = client.login().json()["access_token"]
    search = "/2026-07/retail-media/accounts/1001/audience-segments/search"
    found = engine.handle(
        compose("POST", search, json={"data": {"attributes": {}}}, headers={"authorization": f"Bearer {token}"})
    )
    assert (found.status, found.json()["meta"]["totalItems"]) == (200, 62)
    customer = engine.world.parts["shoplive"].customers["mykey123"]
    now = int(engine.world.clock.now())
    minted = jwt.encode({"accessKey": "mykey123", "iat": now, "exp": now + 600}, customer.secret, "HS256")
    told = Customer(engine, "mykey123").ask(
        "2026-01-15T00:00:00Z", "2026-01-15T23:59:59Z", f"Bearer {minted}", campaignKeys="firstshow"
    )
    assert told.json()["results"][0]["totalViewers"] == 1200


def test_nothing_is_written_over(new: Path) -> None:
    new.write_text("mine")
    result = run("new")
    assert (result.exit_code, result.stderr) == (1, "Error: world.yaml is there already, and stays as it is\n")
    assert new.read_text() == "mine"
    schema = new.with_name("mockserver-world.schema.json")
    schema.write_text("mine")
    result = run("new", "other.yaml")
    assert result.exit_code == 0
    assert "mockserver-world.schema.json: there already, left as it is" in result.stdout
    assert schema.read_text() == "mine"


def test_a_place_that_is_not_there_is_a_mistake(tmp_path: Path) -> None:
    result = run("new", tmp_path / "nowhere" / "world.yaml")
    assert (result.exit_code, result.stderr) == (
        1,
        f"Error: cannot write {tmp_path / 'nowhere' / 'world.yaml'}: No such file or directory\n",
    )
