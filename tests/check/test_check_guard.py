import json
from dataclasses import replace

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from mockserver.check.fresh import fresh_engine
from mockserver.check.judging import Judge
from mockserver.check.refraining import KeptBack, NothingPasses
from mockserver.check.session import Session
from mockserver.check.setting import DEMO
from mockserver.check.target.budget import Budget
from mockserver.check.target.guard import READS, WRITES, Guard, Guarded
from mockserver.check.target.made import Made, number
from mockserver.check.target.pace import Pace
from mockserver.check.wire import InProcess
from mockserver.difference import changes
from mockserver.engine import Engine
from mockserver.message import Request, compose

RUN = "mockserver-check 0a1b2c"
SETTING = replace(DEMO, run=RUN)
ENGINE = fresh_engine()
ENGINE.world.rate_limit = None
JUDGE = Judge(ENGINE.world.readings.chosen)
OPERATIONS = JUDGE.operations


class Stand:
    """A fork of the demo world behind the guard, in which the run has made a segment, a list and an audience already."""

    def __init__(self, allow_writes: bool = True):
        self.engine: Engine = ENGINE.fork()
        self.made = Made(RUN)
        self.guard = Guard(JUDGE, SETTING, self.made, allow_writes=allow_writes)
        line = InProcess(self.engine)
        self.wire = Guarded(Pace(line, Budget(), line.advance), self.guard, frozenset({"writes"}), lambda wire: None)
        self.session = Session(self.wire, SETTING, JUDGE)

    def furnish(self) -> "Stand":
        self.list, self.events = self.session.made(self.session.contact_list(), self.session.events())
        self.gone = self.session.made(self.session.contact_list())[0]
        self.session.delete(self.gone).says(200)
        algebra = {"audienceSegmentId": self.list}
        attributes = {"name": self.session.name(), "retailerId": "12", "algebra": algebra}
        self.audience = self.session.ask("bulkCreateAudience", {"data": [{"attributes": attributes}]}, version="preview").ids[0]
        self.token = self.session.token()
        self.before = self.engine.world.fork()
        return self

    def send(self, request: Request):
        return self.wire.send(request)


THEIRS = [str(each.id) for each in ENGINE.world.parts["criteo"].segments][:3]
THEIR_AUDIENCES = [str(each.id) for each in ENGINE.world.parts["criteo"].audiences][:3]
FOREIGN = frozenset(str(each.id) for kind in ("segments", "audiences") for each in getattr(ENGINE.world.parts["criteo"], kind))

# What stands for the things of a stand in what is drawn, since their ids are known only later.
PLACES = ("LIST", "EVENTS", "GONE", "AUDIENCE")


def filled(text: str, stand: Stand) -> str:
    for place in PLACES:
        text = text.replace(place, getattr(stand, place.lower()))
    return text


own_ids = st.sampled_from(PLACES)
ids = (
    own_ids | st.sampled_from([*THEIRS, *THEIR_AUDIENCES]) | st.sampled_from(["1", "", "x", "007", " 1", "-1", "\uff11\uff12"])
)
any_id = ids | st.sampled_from([None, True, 1, 12.0, []]) | st.sampled_from([int(each) for each in THEIRS])
names = st.sampled_from([f"{RUN} 7", f"{RUN.upper()} x", f"{RUN} ", RUN, "", "Segment Name", " " + RUN + " 1"]) | st.text(
    max_size=5
)
any_name = names | st.sampled_from([None, 5, True, [], {"value": "x"}])
algebras = st.recursive(
    st.fixed_dictionaries({"audienceSegmentId": any_id}),
    lambda nodes: st.fixed_dictionaries({"and": st.lists(nodes, max_size=2)}) | st.fixed_dictionaries({"not": nodes}),
    max_leaves=3,
)
attributes = st.fixed_dictionaries(
    {},
    optional={
        "name": any_name,
        "Name": any_name,
        "retailerId": st.sampled_from(["12", "1234", "77"]),
        "description": st.none() | st.fixed_dictionaries({"value": st.text(max_size=3)}),
        "contactList": st.sampled_from([{"identifierType": "Email"}, None, {}]),
        "algebra": algebras,
        "operation": st.sampled_from(["add", "remove"]),
        "identifiers": st.lists(st.emails(), max_size=2),
        "id": any_id,
    },
)
items = st.fixed_dictionaries({}, optional={"id": any_id, "ID": any_id, "attributes": attributes, "audienceSegmentId": any_id})
documents = (
    st.fixed_dictionaries({}, optional={"data": st.lists(items, max_size=3) | items | any_id | st.lists(any_id, max_size=2)})
    | st.lists(items, max_size=2)
    | any_id
)
torn = st.tuples(documents.map(json.dumps), st.integers(0, 60), st.sampled_from(["", ",", "}", " //"])).map(
    lambda drawn: drawn[0][: drawn[1]] + drawn[2]
)
twice = st.tuples(any_id, any_id).map(lambda drawn: f'{{"data":[{{"id":{json.dumps(drawn[0])},"id":{json.dumps(drawn[1])}}}]}}')
texts = documents.map(json.dumps) | torn | twice
bodies = texts.map(str.encode) | texts.map(lambda text: text.encode("utf-16")) | st.binary(max_size=20)


@st.composite
def likely_bodies(draw, id):
    """What a client would send to an operation: things with ids, or with names to give."""
    name = st.sampled_from([f"{RUN} 7", f"{RUN} 8", f"{RUN} 9"]) | names
    own = own_ids | own_ids | own_ids | ids
    algebra = st.fixed_dictionaries({"audienceSegmentId": st.sampled_from(["LIST", "EVENTS"]) | ids})
    kept = {"contactList": st.just({"identifierType": "Email"})} if "Segments" in id else {"algebra": algebra}
    if id.startswith("bulkCreate"):
        item = {"attributes": st.fixed_dictionaries({"name": name, "retailerId": st.just("12"), **kept})}
    elif id.startswith("bulkUpdate"):
        item = {"id": own, "attributes": st.fixed_dictionaries({"name": name})}
    else:
        item = {"id": own}
    if id.startswith("AddRemove"):
        said = {"operation": draw(st.sampled_from(["add", "remove"])), "identifiers": draw(st.lists(st.emails(), max_size=2))}
        return json.dumps({"data": {"attributes": said}}).encode()
    return json.dumps({"data": draw(st.lists(st.fixed_dictionaries(item), min_size=1, max_size=2))}).encode()


@st.composite
def straight_requests(draw):
    """A request that writes, as a client would make it."""
    operation = draw(st.sampled_from([each for each in OPERATIONS if each.id in WRITES]))
    place = draw(st.sampled_from(["LIST", "EVENTS", "GONE"]) | ids)
    path = operation.path.replace("{account-id}", SETTING.account).replace("{audience-segment-id}", place)
    headers = {"content-type": "application/json"}
    body = draw(likely_bodies(operation.id) | likely_bodies(operation.id) | bodies)
    return operation.method, path, "", headers, body, SETTING.main


@st.composite
def odd_requests(draw):
    """A request for some operation, right or wrong in any of its parts."""
    operation = draw(st.sampled_from([each for each in OPERATIONS if each.id in WRITES] + OPERATIONS))
    account = draw(st.sampled_from([SETTING.account] * 6 + [SETTING.stranger_account, "0", "x/../y"]))
    path = operation.path.replace("{account-id}", account).replace("{audience-segment-id}", str(draw(ids)))
    path = draw(st.sampled_from([path] * 8 + [path + "/", "/" + path, path.upper(), path.replace("/create", "/delete")]))
    method = draw(st.sampled_from([operation.method] * 8 + ["DELETE", "PUT", "GET", "TRACE"]))
    kinds = ["application/json"] * 8 + ["application/json; charset=utf-16", "text/plain", "application/x-www-form-urlencoded"]
    headers = {"content-type": draw(st.sampled_from(kinds))}
    odd = [{"content-length": "0"}, {"transfer-encoding": "chunked"}, {"x-http-method-override": "DELETE"}]
    headers |= draw(st.sampled_from([{}] * 20 + odd))
    body = draw(likely_bodies(operation.id) | bodies)
    query = draw(st.sampled_from([""] * 9 + ["limit=1"]))
    who = draw(st.sampled_from([SETTING.main] * 8 + [SETTING.stranger, SETTING.reader]))
    return method, path, query, headers, body, who


requests = straight_requests() | odd_requests()


def composed(stand: Stand, drawn) -> Request:
    method, path, query, headers, body, who = drawn
    authorization = f"Bearer {stand.session.token(who)}"
    wire = tuple((name.encode(), value.encode()) for name, value in {**headers, "authorization": authorization}.items())
    text = body.decode("latin-1")
    return Request(method, filled(path, stand), query, wire, filled(text, stand).encode("latin-1"))


def not_ours(stand: Stand) -> list[str]:
    """The changes of things that the run did not make."""
    return [
        str(change)
        for change in changes(stand.before, stand.engine.world)
        if not any((kind, change.id) in stand.made.ours for kind in ("segment", "audience"))
        and not (change.kind == "contact list" and ("segment", change.id) in stand.made.ours)
    ]


@settings(max_examples=600, deadline=None)
@given(st.lists(requests, min_size=1, max_size=4))
def test_nothing_that_passes_changes_what_the_run_did_not_make(drawn):
    stand = Stand().furnish()
    for each in drawn:
        try:
            response = stand.send(composed(stand, each))
        except (KeptBack, NothingPasses):
            event("kept back")
        else:
            event(f"passed, {response.status}")
    assert not_ours(stand) == []


@settings(max_examples=600, deadline=None)
@given(requests)
def test_a_write_that_passes_names_nothing_of_others_anywhere(drawn):
    stand = Stand().furnish()
    request = composed(stand, drawn)
    found = stand.guard.operation(request)
    if found is None or found[0].id not in WRITES or stand.guard.objection(request) is not None:
        return
    event("passed")
    for text in (request.body.decode("latin-1"), request.body.decode("utf-8", "replace"), request.path):
        assert not [id for id in FOREIGN if id in text]


@settings(max_examples=300, deadline=None)
@given(requests)
def test_without_leave_to_write_nothing_changes_at_all(drawn):
    stand = Stand().furnish()
    stand.guard = Guard(JUDGE, SETTING, stand.made, allow_writes=False)
    line = InProcess(stand.engine)
    stand.wire = Guarded(Pace(line, Budget(), line.advance), stand.guard, frozenset(), lambda wire: None)
    try:
        stand.send(composed(stand, drawn))
    except KeptBack:
        event("kept back")
    assert changes(stand.before, stand.engine.world) == []


def test_every_operation_is_said_to_read_or_to_write():
    assert {each.id for each in OPERATIONS} == READS | set(WRITES)
    assert READS.isdisjoint(WRITES)


@pytest.mark.parametrize("id", sorted(READS))
def test_a_sound_read_passes_without_leave_to_write(id):
    stand = Stand(allow_writes=False)
    operation = JUDGE.operation(id, "2026-07")
    path = operation.path.replace("{account-id}", "1").replace("{audience-segment-id}", THEIRS[0]).replace("{accessKey}", "a")
    assert stand.guard.objection(compose(operation.method, f"{path}?limit=5", json={})) is None


def test_what_the_run_made_may_be_changed_emptied_and_deleted():
    stand = Stand().furnish()
    session = stand.session
    session.update({"id": stand.list, "attributes": {"name": f"{RUN} anew"}}).says(200).refuses()
    session.update({"id": int(stand.events), "attributes": {"description": {"value": "x"}}}).says(200).refuses()
    session.amend(stand.list, "add", ["a@example.com"]).says(200)
    session.clear(stand.list)
    session.delete(stand.gone).says(200).refuses("segment-not-found")
    renamed = {"data": [{"id": stand.audience, "attributes": {"name": f"{RUN} other"}}]}
    session.ask("bulkUpdateAudience", renamed, version="preview").says(200).refuses()
    session.ask("bulkDeleteAudiences", {"data": [{"id": stand.audience}]}, version="preview").says(200).refuses()
    session.delete(stand.list, stand.events).says(200).refuses()
    assert stand.made.left == {}
    assert stand.made.kept_back == {}


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'{"data": x', b'{"data": [{"id": NaN}]}', b'{"data": [{}]}', b'{"data": [{"id": null}]}', b"nonsense"],
)
def test_what_the_contract_refuses_and_names_nothing_passes(body):
    stand = Stand().furnish()
    request = compose("POST", f"/2026-07/retail-media/accounts/{SETTING.account}/audience-segments/delete")
    request = replace(request, headers=((b"content-type", b"application/json"),), body=body)
    assert stand.guard.objection(request) is None


THEIR = THEIRS[0]


@pytest.mark.parametrize(
    "body",
    [
        f'{{"data": [{{"id": "{THEIR}"}}]}}',
        f'{{"data": [{{"id": {THEIR}}}]}}',
        f'{{"data": [{{"Id": "{THEIR}"}}]}}',
        f'{{"data": [{{"id": "LIST"}}, {{"id": "{THEIR}"}}]}}',
        f'{{"data": [{{"id": "{THEIR}", "id": "LIST"}}]}}',
        f'{{"data": [{{"id": "LIST", "ID": "{THEIR}"}}]}}',
        f'{{"data": ["{THEIR}"]}}',
        f'["{THEIR}"]',
        f'{{"data": {{"{THEIR}": {{}}}}}}',
        f'{{"data": [{{"id": "{THEIR}",}}]}}',
        f'{{"data": [{{"id": "{THEIR}"',
        f'{{"data": [{{"id": " {THEIR} "}}]}}',
        f'{{"data": [{{"id": {THEIR}.0}}]}}',
        f'{{"data": [{{"id": {{"value": "{THEIR}"}}}}]}}',
        '{"data": [{"id": true}]}',
        '{"data": [{"\\u0069d": "' + THEIR + '"}',
        '{"data": [{"id": "' + "".join(f"\\u003{digit}" for digit in THEIR) + '"}]}',
    ],
)
def test_no_spelling_of_an_id_of_others_passes(body):
    stand = Stand().furnish()
    path = f"/2026-07/retail-media/accounts/{SETTING.account}/audience-segments/delete"
    request = replace(compose("POST", path, json={}), body=filled(body, stand).encode())
    assert stand.guard.objection(request)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"path": f"/2026-07/retail-media/accounts/{SETTING.stranger_account}/audience-segments/create"}, "another account"),
        ({"path": f"/2026-07/retail-media/accounts/{SETTING.account}/campaigns/create"}, "nobody knows"),
        ({"path": f"/2026-07/retail-media/accounts/{SETTING.account}/x/../audience-segments/create"}, "nobody knows"),
        ({"path": f"/2026-07/retail-media/accounts/{SETTING.account}/audience-segments/Create"}, "nobody knows"),
        ({"method": "DELETE"}, "nobody knows"),
        ({"query": "accountId=1"}, "query"),
        ({"headers": ((b"content-encoding", b"gzip"),)}, "headers"),
        ({"headers": ((b"content-length", b"1"),)}, "headers"),
        ({"headers": ((b"content-type", b"application/json; charset=utf-7"),)}, "encoding"),
    ],
)
def test_what_may_be_another_request_than_it_seems_is_kept_back(change, said):
    stand = Stand()
    path = f"/2026-07/retail-media/accounts/{SETTING.account}/audience-segments/create"
    sound = compose("POST", path, json={"data": [{"attributes": {"name": f"{RUN} 1", "retailerId": "12"}}]})
    assert stand.guard.objection(sound) is None
    assert said in (stand.guard.objection(replace(sound, **change)) or "")


def test_a_body_nested_beyond_reading_passes_only_if_it_names_nothing():
    stand = Stand().furnish()
    path = f"/2026-07/retail-media/accounts/{SETTING.account}/audience-segments/delete"
    deep = replace(compose("POST", path, json={}), body=b"[" * 100_000)
    assert stand.guard.objection(deep) is None
    assert stand.guard.objection(replace(deep, body=deep.body + THEIR.encode()))


@pytest.mark.parametrize("name", ["Segment Name", RUN, f"x{RUN} 1", f"{RUN}d 1", ""])
def test_nothing_gets_a_name_that_is_not_of_the_run(name):
    stand = Stand().furnish()
    with pytest.raises(KeptBack, match="name"):
        stand.session.create({**stand.session.contact_list(), "name": name})
    with pytest.raises(KeptBack, match="name"):
        stand.session.update({"id": stand.list, "attributes": {"name": name}})


def test_an_audience_of_others_with_the_number_of_a_segment_of_ours_is_not_ours():
    stand = Stand().furnish()
    with pytest.raises(KeptBack):
        stand.session.ask("bulkDeleteAudiences", {"data": [{"id": stand.list}]}, version="preview")


def test_what_an_answer_shows_that_was_not_asked_for_is_not_taken_for_ours():
    stand = Stand().furnish()
    stand.session.search(query={"limit": 500}).says(200)
    assert not [id for id in THEIRS if ("segment", number(id)) in stand.made.ours]


def test_what_is_kept_back_is_counted_and_a_check_that_does_nothing_else_is_given_up():
    stand = Stand()
    for _ in range(19):
        with pytest.raises(KeptBack):
            stand.session.delete(THEIR)
    with pytest.raises(NothingPasses, match="20 times in a row"):
        stand.session.delete(THEIR)
    assert sum(stand.made.kept_back.values()) == 20
