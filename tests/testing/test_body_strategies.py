"""The bodies and paths that the test kit draws are what it says of them: valid, or with one thing wrong."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from conftest import EMPTY, Client, engine_of
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from laws.patience import PATIENT

from mockserver.engine import Engine
from mockserver.message import Response, compose
from mockserver.mistake import Mistake
from mockserver.testing.bodies import bodies, nearly_valid_bodies, paths
from mockserver.testing.flaws import Flaw
from mockserver.testing.kinds import kinds

DEMO = engine_of()
TOKEN = Client(DEMO).login().json()["access_token"]
CONTRARY = {
    "events-segments": "refused",
    "delete-used-segment": "refused",
    "segment-name-comparison": "ignoring-case",
    "identifier-type-mismatch": "accepted",
    "empty-problem-lists": "omitted",
    "add-remove-shape": "nested",
    "failed-items-in": "errors",
    "lookback-range": "12-24",
}
OPERATIONS = {
    (each.id, each.version): each
    for provider in DEMO.providers.values()
    for each in DEMO.contract(provider).operations
    if each.media is not None
}
NAMES = sorted({name for name, _ in OPERATIONS})
FEW = settings(PATIENT, max_examples=15, database=None)
QUICK = settings(FEW, max_examples=4000, phases=[Phase.generate], derandomize=True)
DEMO_KINDS = {operation: sorted({*kinds(operation)} - {"an audience uses it"}) for operation in NAMES}
"""By operation, every kind of flaw that its bodies can have in the demo world, whose readings let segments in use go."""
STRANGE_RETAILER = "not a retailer of the account"


@cache
def contrary() -> Engine:
    return engine_of(readings=CONTRARY)


@cache
def valid(operation: str, version: str, engine: Engine = DEMO) -> SearchStrategy[Any]:
    return bodies(operation, version=version, engine=engine)


@cache
def flawed(operation: str, version: str, engine: Engine = DEMO) -> SearchStrategy[tuple[Any, Flaw]]:
    return nearly_valid_bodies(operation, version=version, engine=engine)


@cache
def path_of(operation: str, version: str, engine: Engine = DEMO) -> SearchStrategy[str]:
    return paths(operation, version=version, engine=engine)


def sent(operation: tuple[str, str], path: str, body: Any, engine: Engine = DEMO) -> Response:
    """The answer of a fork."""
    said = OPERATIONS[operation]
    content = {"form" if said.media == "application/x-www-form-urlencoded" else "json": body}
    request = compose(said.method, path, headers={"authorization": f"Bearer {TOKEN}"}, **content)
    return engine.fork().handle(request)


def problems(response: Response) -> list[dict[str, Any]]:
    """What the answer objects to: an entry each, one for a form that was refused, one for identifiers left out."""
    said = response.json()
    if "error" in said:
        return [{"source": None}]
    data = said.get("data") or {}
    invalid = isinstance(data, dict) and data.get("attributes", data).get("nbInvalidIdentifiers")
    return [*said.get("errors", ()), *said.get("warnings", ()), *([{"source": None}] if invalid else [])]


def is_near(problem: dict[str, Any], pointer: str) -> bool:
    """Whether a problem is at a place, above it or below it."""
    return all(
        f"{one}/".startswith(f"{other}/")
        for place in (problem["source"] or {}).values()
        for one, other in [(place, pointer) if len(place) > len(pointer) else (pointer, place)]
    )


@pytest.mark.parametrize(("operation", "version"), OPERATIONS)
@given(data=st.data())
@settings(FEW)
def test_a_valid_body_is_accepted_whatever_the_path(operation: str, version: str, data: st.DataObject) -> None:
    path, body = data.draw(path_of(operation, version)), data.draw(valid(operation, version))
    answer = sent((operation, version), path, body)
    assert (answer.status, problems(answer)) == (200, [])


@pytest.mark.parametrize(("operation", "version"), OPERATIONS)
@given(data=st.data())
@settings(FEW)
def test_a_flaw_is_objected_to_where_it_is(operation: str, version: str, data: st.DataObject) -> None:
    path, (body, flaw) = data.draw(path_of(operation, version)), data.draw(flawed(operation, version))
    answer = sent((operation, version), path, body)
    told = problems(answer)
    assert answer.status < 500
    assert told
    assert any(is_near(problem, flaw.pointer) for problem in told)
    # the segments of an audience are not those of a retailer that is not the account's
    assert all(is_near(problem, flaw.pointer) for problem in told) or flaw.what == STRANGE_RETAILER


@pytest.mark.parametrize("operation", [name for name in NAMES if name != "estimateAudienceSegmentSize"])
@given(data=st.data())
@settings(FEW)
def test_both_follow_the_readings_in_force(operation: str, data: st.DataObject) -> None:
    engine = contrary()
    path, body = data.draw(path_of(operation, "preview", engine)), data.draw(valid(operation, "preview", engine))
    answer = sent((operation, "preview"), path, body, engine)
    assert (answer.status, problems(answer)) == (200, [])
    broken, flaw = data.draw(flawed(operation, "preview", engine))
    told = problems(sent((operation, "preview"), path, broken, engine))
    assert any(is_near(problem, flaw.pointer) for problem in told)


def test_a_segment_in_use_is_a_flaw_where_it_is_protected():
    strategy = flawed("bulkDeleteAudienceSegments", "preview", contrary())
    body, flaw = find(strategy, lambda pair: pair[1].what == "an audience uses it", settings=QUICK)
    (problem,) = problems(sent(("bulkDeleteAudienceSegments", "preview"), find_path("preview"), body, contrary()))
    assert (problem["code"], problem["source"]["id"]) == ("segment-in-use", flaw.pointer)


def find_path(version: str) -> str:
    return find(path_of("bulkDeleteAudienceSegments", version), lambda _: True, settings=QUICK)


@pytest.mark.parametrize(("operation", "kind"), [(name, kind) for name in NAMES for kind in DEMO_KINDS[name]])
def test_every_kind_of_flaw_occurs(operation: str, kind: str) -> None:
    version = "preview"
    _, flaw = find(flawed(operation, version), lambda pair: pair[1].what == kind, settings=QUICK)
    assert flaw.what == kind


@pytest.mark.parametrize("operation", NAMES)
@given(data=st.data())
@settings(FEW)
def test_no_other_kind_of_flaw_occurs(operation: str, data: st.DataObject) -> None:
    assert data.draw(flawed(operation, "preview"))[1].what in DEMO_KINDS[operation]


@pytest.mark.parametrize("operation", sorted({*NAMES} - {"requestToken"}))
def test_every_member_of_a_schema_is_drawn(operation: str) -> None:
    drawn: set[str] = set()

    @given(valid(operation, "preview"))
    @settings(FEW, max_examples=400, derandomize=True, phases=[Phase.generate])
    def collect(body: Any) -> None:
        drawn.update(members(body))

    collect()
    assert drawn == set(declared(operation))


def members(body: Any) -> Iterator[str]:
    if isinstance(body, dict):
        yield from body
    for inner in body.values() if isinstance(body, dict) else body if isinstance(body, list) else ():
        yield from members(inner)


def declared(operation: str) -> Iterator[str]:
    """The members that the schema of a body speaks of, each piece of it looked at once."""
    document = next(DEMO.contract(each) for each in DEMO.providers.values()).documents["preview"]
    said = OPERATIONS[operation, "preview"]
    pending = [document["paths"][said.path][said.method.lower()]["requestBody"]]
    seen: list[Any] = []
    while pending:
        node = pending.pop()
        if isinstance(node, dict) and not any(node is each for each in seen):
            seen.append(node)
            yield from node.get("properties", ())
            pending += node.values()
            if "$ref" in node:
                pending.append(document["components"]["schemas"][node["$ref"].rpartition("/")[2]])
        elif isinstance(node, list):
            pending += node


def test_bodies_shrink_to_what_little_there_must_be():
    simplest = find(bodies("bulkCreateAudienceSegments", engine=DEMO), lambda _: True, settings=FEW)
    named = {"name": "Loyal shoppers", "retailerId": "12"}
    assert simplest == {"data": [{"attributes": {**named, "contactList": {"identifierType": "Email"}}}]}
    strategy = nearly_valid_bodies("getRealTimeReport", engine=DEMO)
    flaw = Flaw("data/attributes/timezone", "not a time zone")
    attributes = {"advertiserIds": ["123"], "timezone": "Mars/Olympus_Mons"}
    found = find(strategy, lambda pair: pair[1].what == flaw.what, settings=settings(FEW, max_examples=1000))
    assert found == ({"data": {"attributes": attributes}}, flaw)


LISTS = {
    each.contact_list.identifier_type: str(each.id)
    for each in DEMO.world.parts["criteo"].segments
    if each.account_id == "625702934721171442" and each.contact_list and not each.contact_list.is_read_only
}


@pytest.mark.parametrize("holds", ["Email", "PhoneNumber", "UserIdentifier", "IdentityLink", "CustomerId"])
@given(data=st.data())
@settings(FEW)
def test_a_path_says_which_identifiers_fit(holds: str, data: st.DataObject) -> None:
    operation = ("AddRemoveContactListByAudienceSegment", "2027-01")
    path = f"/2027-01/retail-media/audience-segments/{LISTS[holds]}/contact-list/add-remove"
    answer = sent(operation, path, data.draw(bodies(operation[0], engine=DEMO, path=path)))
    assert (answer.status, problems(answer)) == (200, [])
    body, _ = data.draw(nearly_valid_bodies(operation[0], engine=DEMO, path=path))
    assert problems(sent(operation, path, body))


def test_names_are_those_that_nobody_has_by_now():
    engine = DEMO.fork()
    Client(engine).create({"name": "LOYAL shoppers", "retailerId": "12", "contactList": {"identifierType": "Email"}})
    simplest = find(bodies("bulkCreateAudienceSegments", engine=engine), lambda _: True, settings=QUICK)
    assert simplest["data"][0]["attributes"]["name"] == "Loyal shoppers 2"


def test_without_an_engine_the_demo_world_answers():
    body = find(bodies("bulkDeleteAudiences"), lambda _: True, settings=QUICK)
    path = find(paths("bulkDeleteAudiences"), lambda _: True, settings=QUICK)
    assert path == "/preview/retail-media/accounts/625702934721171442/audiences/delete"
    assert problems(sent(("bulkDeleteAudiences", "preview"), path, body)) == []


@pytest.mark.parametrize(
    ("operation", "version", "path"),
    [
        ("requestToken", None, "/oauth2/token"),
        ("searchAudiences", None, "/2027-01/retail-media/accounts/625702934721171442/audiences/search"),
        ("searchAudiences", "2026-01", "/2026-01/retail-media/accounts/625702934721171442/audiences/search"),
        ("getRealTimeReport", None, "/preview/reports/realtime"),
        ("getRealTimeReport", "experimental", "/experimental/reports/realtime"),
        ("retrieveCampaignStats", None, "/v2/a1b2c3d4/campaign/stats"),
    ],
)
def test_a_path_is_of_the_version_asked_for_or_of_the_newest(operation: str, version: str | None, path: str) -> None:
    assert find(paths(operation, version=version, engine=DEMO), lambda _: True, settings=QUICK) == path


@pytest.mark.parametrize("operation", ["ClearContactListByAudienceSegment", "getAudienceSegmentContactListStatistics"])
@given(data=st.data())
@settings(FEW)
def test_a_path_without_a_body_is_answered_too(operation: str, data: st.DataObject) -> None:
    method = "GET" if operation.startswith("get") else "POST"
    request = compose(method, data.draw(path_of(operation, "2026-07")), headers={"authorization": f"Bearer {TOKEN}"})
    assert DEMO.fork().handle(request).status == 200


@pytest.mark.parametrize("kit", [bodies, nearly_valid_bodies, paths])
def test_an_operation_or_version_that_is_not_there_is_told_at_once(kit: Any) -> None:
    with pytest.raises(Mistake, match="unknown operation 'bulkCreateAudiences'; did you mean 'bulkCreateAudience'"):
        kit("bulkCreateAudiences")
    with pytest.raises(Mistake, match="unknown version of searchAudiences '2026-04'; did you mean '2026-0"):
        kit("searchAudiences", version="2026-04")
    with pytest.raises(Mistake, match="unknown version of bulkCreateAudience '2027-01'; known: experimental, preview"):
        kit("bulkCreateAudience", version="2027-01")


@pytest.mark.parametrize("kit", [bodies, nearly_valid_bodies])
def test_an_operation_without_a_body_is_told_at_once(kit: Any) -> None:
    with pytest.raises(Mistake, match="the operation ClearContactListByAudienceSegment takes no body"):
        kit("ClearContactListByAudienceSegment")


@pytest.mark.parametrize(
    ("operation", "told"),
    [
        ("bulkUpdateAudienceSegments", "this world holds no segment to change"),
        ("bulkDeleteAudienceSegments", "this world holds no segment to delete"),
        ("bulkDeleteAudiences", "this world holds no audience"),
        ("estimateAudienceSize", "this world holds no retailer with segments"),
    ],
)
def test_a_world_that_holds_nothing_to_speak_of_is_told_at_once(operation: str, told: str) -> None:
    with pytest.raises(Mistake, match=told):
        bodies(operation, engine=engine_of(EMPTY))


def test_what_no_application_may_call_is_told_at_once():
    engine = engine_of({"criteo": {}})
    for operation in ("bulkCreateAudienceSegments", "getRealTimeReport", "requestToken"):
        with pytest.raises(Mistake, match=f"no application of this world may call {operation}"):
            bodies(operation, engine=engine)


def test_a_world_without_lists_has_no_path_to_one():
    with pytest.raises(Mistake, match="this world holds no audience-segment-id"):
        paths("AddRemoveContactListByAudienceSegment", engine=engine_of(EMPTY))


def test_a_reading_that_lets_nothing_be_valid_is_told_at_once():
    with pytest.raises(Mistake, match="no body of estimateAudienceSegmentSize is valid under the reading events-segments"):
        bodies("estimateAudienceSegmentSize", engine=contrary())


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/2027-01/retail-media/audience-segments/5/contact-list/clear", "is not one of the paths"),
        ("/2027-01/retail-media/audience-segments/5/contact-list/add-remove", "unknown contact list of this account '5'"),
    ],
)
def test_a_path_that_leads_nowhere_is_told_at_once(path: str, told: str) -> None:
    with pytest.raises(Mistake, match=told):
        bodies("AddRemoveContactListByAudienceSegment", path=path)


def test_an_account_that_is_not_the_callers_is_told_at_once():
    with pytest.raises(Mistake, match="unknown account of application demo-client"):
        bodies("searchAudiences", path="/2027-01/retail-media/accounts/625702934721171999/audiences/search")
