"""What came, went and changed between two worlds, told against a model that knows what was done."""

from dataclasses import dataclass, field
from typing import Any

from conftest import EMPTY, TODAY, Client, engine_of
from hypothesis import given, settings
from hypothesis import strategies as st
from laws.patience import PATIENT
from shoplive.asking import THEIRS, campaign, customer

from mockserver.clock import parse_moment
from mockserver.difference import Change, changes
from mockserver.engine import Engine
from mockserver.world import World

BASE = engine_of()
BARE = engine_of(EMPTY)
NOW = parse_moment(TODAY)
LIST = {"retailerId": "12", "contactList": {"identifierType": "Email"}}


def client(engine: Engine = BARE) -> Client:
    return Client(engine.fork())


def told(before: World, after: World) -> list[tuple[str, str, int]]:
    return [(each.what, each.kind, each.id) for each in changes(before, after)]


def test_a_fork_that_did_nothing_differs_in_nothing() -> None:
    here = client(BASE)
    before = here.engine.world.fork()
    assert changes(before, here.engine.world) == []
    here.search()
    here.statistics("225702933721171456")
    here.amend("225702933721171456", "remove", ["nobody@example.com"])
    here.engine.world.clock.advance(60)
    assert changes(before, here.engine.world) == []
    assert changes(here.engine.world, here.engine.world) == []
    assert changes(before, before.fork()) == []


def test_a_new_segment_is_told_whole() -> None:
    here = client()
    id = int(here.create_list("Autumn"))
    (change,) = changes(BARE.world, here.engine.world)
    assert (change.what, change.kind, change.id, change.before) == ("added", "segment", id, None)
    assert change.after is not None
    assert (change.after["id"], change.after["name"], change.after["created_at"]) == (id, "Autumn", NOW)
    assert "written" not in change.after
    assert str(change) == f"added segment {id} 'Autumn'"
    (back,) = changes(here.engine.world, BARE.world)
    assert (back.what, back.before, back.after) == ("removed", change.after, None)
    assert str(back) == f"removed segment {id} 'Autumn'"


def test_a_change_tells_what_differs_and_nothing_else() -> None:
    here = client()
    id = here.create_list("Autumn")
    before = here.engine.world.fork()
    here.engine.world.clock.advance(5)
    here.update({"id": id, "attributes": {"name": "Winter"}})
    (change,) = changes(before, here.engine.world)
    assert (change.before, change.after) == ({"name": "Autumn", "updated_at": NOW}, {"name": "Winter", "updated_at": NOW + 5})
    assert str(change) == f"changed segment {id}: name 'Autumn' -> 'Winter', updated_at {NOW} -> {NOW + 5}"


def test_an_update_to_what_there_was_is_no_change() -> None:
    here = client()
    id = here.create_list("Autumn")
    before = here.engine.world.fork()
    for name in ("Winter", "Autumn"):
        here.update({"id": id, "attributes": {"name": name}})
    assert changes(before, here.engine.world) == []


def test_identifiers_are_told_by_their_number() -> None:
    here = client()
    id = int(here.create_list("Autumn"))
    here.amend(id, "add", ["a@example.com", "b@example.com"])
    before = here.engine.world.fork()
    here.amend(id, "add", ["c@example.com"])
    (change,) = changes(before, here.engine.world)
    assert (change.what, change.kind, change.id) == ("changed", "contact list", id)
    assert change.before is not None
    assert change.after is not None
    assert (change.before["members"], change.after["members"]) == ("2 identifiers", "3 identifiers")
    here.clear(id)
    (change,) = changes(before, here.engine.world)
    assert change.after is not None
    assert change.after["members"] == "0 identifiers"


def test_changes_come_by_kind_and_id() -> None:
    here = client(BASE)
    before = here.engine.world.fork()
    here.version = "preview"
    here.delete("56159923678901880")
    news = [{"name": f"New {number}", **LIST} for number in range(12)]
    here.create(*news)
    algebra = {"audienceSegmentId": "225702933721171456"}
    said = {"data": [{"attributes": {"name": name, "retailerId": "12", "algebra": algebra}} for name in ("All", "None")]}
    here.ask("POST", "/{account}/audiences/create", said)
    found = told(before, here.engine.world)
    kinds = [kind for _, kind, _ in found]
    assert kinds == ["segment"] * 13 + ["audience"] * 2 + ["contact list"]
    assert found[0] == ("removed", "segment", 56159923678901880)
    assert found[-1] == ("removed", "contact list", 56159923678901880)
    for kind in set(kinds):
        ids = [id for _, other, id in found if other == kind]
        assert ids == sorted(ids)


def test_campaigns_are_entities_too() -> None:
    asking = customer()
    before = asking.engine.world.fork()
    asking.write(campaign("one"))
    (change,) = changes(before, asking.engine.world)
    assert (change.what, change.kind, str(change)) == ("added", "campaign", f"added campaign {change.id}")
    assert change.after is not None
    assert (change.after["key"], change.after["access_key"]) == ("one", THEIRS)
    middle = asking.engine.world.fork()
    asking.write(campaign("one", title="Winter"))
    (change,) = changes(middle, asking.engine.world)
    assert (change.before, change.after) == ({"title": "Autumn"}, {"title": "Winter"})


@dataclass
class Model:
    """Segments by id, each its members by name, and what their lists hold. What is not there was never, or is no more."""

    segments: dict[int, dict[str, Any]] = field(default_factory=dict)
    lists: dict[int, frozenset[str]] = field(default_factory=dict)

    def copy(self) -> "Model":
        return Model({id: dict(said) for id, said in self.segments.items()}, dict(self.lists))

    def entities(self) -> dict[tuple[str, int], dict[str, Any]]:
        lists = {("contact list", id): {"members": held} for id, held in self.lists.items()}
        return lists | {("segment", id): said for id, said in self.segments.items()}


def expected(before: Model, after: Model) -> dict[tuple[str, str, int], set[str]]:
    """Every change, and the members that differ."""
    then, now = before.entities(), after.entities()
    added = {("added", *each): set[str]() for each in now.keys() - then.keys()}
    removed = {("removed", *each): set[str]() for each in then.keys() - now.keys()}
    differing = {
        each: {name for name, value in now[each].items() if then[each][name] != value} for each in now.keys() & then.keys()
    }
    return added | removed | {("changed", *each): names for each, names in differing.items() if names}


picks = st.integers(0, 30)
addresses = st.frozensets(st.sampled_from([f"{letter}@example.com" for letter in "abcde"]), max_size=3)
doings = st.one_of(
    st.tuples(st.just("create"), st.none() | st.text("xy", max_size=2), st.none()),
    st.tuples(st.just("rename"), picks, st.sampled_from(["P", "Q", "R"])),
    st.tuples(st.just("describe"), picks, st.none() | st.sampled_from(["p", "q"])),
    st.tuples(st.just("delete"), picks, st.none()),
    st.tuples(st.sampled_from(["add", "remove"]), picks, addresses),
    st.tuples(st.just("clear"), picks, st.none()),
    st.tuples(st.just("wait"), st.none(), st.none()),
)


def do(here: Client, model: Model, done: str, what: Any, how: Any) -> None:
    now = here.engine.world.clock.now()
    if done == "create":
        said = {"name": f"List {len(model.segments)} at {now}", "description": what}
        for made in here.create(LIST | said).json()["data"]:  # nothing, if the name is taken
            model.segments[int(made["id"])] = {**said, "created_at": now, "updated_at": now}
    elif done == "wait":
        here.engine.world.clock.advance(1)
    elif model.segments:
        do_with(sorted(model.segments)[what % len(model.segments)], here, model, done, how)


def do_with(id: int, here: Client, model: Model, done: str, how: Any) -> None:
    now = {"updated_at": here.engine.world.clock.now()}
    if done == "rename" and how not in [said["name"] for said in model.segments.values()]:
        here.update({"id": id, "attributes": {"name": how}})
        model.segments[id] |= {"name": how, **now}
    elif done == "describe":
        here.update({"id": id, "attributes": {"description": {"value": how}}})
        model.segments[id] |= {"description": how, **now}
    elif done == "delete":
        here.delete(id)
        del model.segments[id]
        model.lists.pop(id, None)
    elif done in ("add", "remove"):
        here.amend(id, done, sorted(how))
        held = model.lists.get(id, frozenset())
        model.lists[id] = held | how if done == "add" else held - how
    elif done == "clear":
        here.clear(id)
        model.lists[id] = frozenset()


def members(change: Change) -> set[str]:
    """Those that a change tells, less what follows from others."""
    if change.what != "changed":
        return set()
    assert change.before is not None
    assert change.after is not None
    assert change.before.keys() == change.after.keys()
    return set(change.after) - {"matches"}


@given(first=st.lists(doings, max_size=12), then=st.lists(doings, max_size=12), beside=st.lists(doings, max_size=6))
@settings(PATIENT, max_examples=80)
def test_changes_are_those_that_a_model_knows_of_and_no_others(first: list[Any], then: list[Any], beside: list[Any]) -> None:
    here, model = client(), Model()
    here.engine.world.clock.advance(1)
    for each in first:
        do(here, model, *each)
    other, others = client(here.engine), model.copy()
    here.engine.world.snapshot("then")
    before = model.copy()
    for each in then:
        do(here, model, *each)
    for each in beside:
        do(other, others, *each)
    pairs = [
        (here.engine.world.remembered("then"), before, here.engine.world, model),
        (here.engine.world.origin, Model(), here.engine.world, model),
        (here.engine.world, model, other.engine.world, others),
        (other.engine.world.origin, before, other.engine.world, others),
    ]
    for one, known, two, known_now in pairs:
        found = {(each.what, each.kind, each.id): members(each) for each in changes(one, two)}
        assert found == expected(known, known_now)
    here.engine.world.restore("then")
    assert changes(here.engine.world.remembered("then"), here.engine.world) == []
