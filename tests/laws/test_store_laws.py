"""What the store remembers is what a dict and a list would, and no fork feels what another writes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from patience import PATIENT

from mockserver.store import Collection, Ids, Members, Table

which = st.integers(0, 3)
small = st.integers(0, 12)
runs = st.tuples(
    st.booleans(),
    st.sampled_from([0, 1, 255, 256, 1000]) | st.integers(0, 2500),
    st.sampled_from([1, 255, 256, 257, 600, 900]) | st.integers(1, 900),
    st.sampled_from([1, 1, 2, 7, -1, -3]),
)


@dataclass(frozen=True)
class Record:
    """A record filed under its colour and, several times, under its shape."""

    id: int
    colour: str
    shape: str


def keys(record: Record) -> Iterator[tuple[str, str]]:
    yield ("colour", record.colour)
    yield ("shape", record.shape)
    yield ("shape", record.shape)


records = st.builds(Record, small, st.sampled_from("rgb"), st.sampled_from("os"))
many_records = st.lists(st.sampled_from("rgb"), max_size=40).map(
    lambda colours: [Record(id * 7 % 41, colour, "o") for id, colour in enumerate(colours)]
)
KEYS = [("colour", colour) for colour in "rgbx"] + [("shape", shape) for shape in "os"]


@given(begin=st.sets(st.integers(0, 3000), max_size=40) | st.integers(0, 2000).map(range), said=st.lists(runs, max_size=6))
@example(begin=range(2000), said=[(False, 256, 600, 1), (True, 2500, 3, -1), (False, 1999, 1900, -1), (True, 90, 300, 2)])
@settings(PATIENT)
def test_ids_are_a_sorted_set_whatever_is_put_in_and_taken_out(begin: Any, said: list[tuple[bool, int, int, int]]) -> None:
    ids, model = Ids.of(sorted(begin, key=str)), set(begin)
    for adding, start, count, step in said:
        before, were = ids, sorted(model)
        for each in range(start, start + count * step, step):
            if adding and each not in model:
                ids = ids.plus(each)
                model.add(each)
            elif not adding and each in model:
                ids = ids.minus(each)
                model.remove(each)
        assert list(ids) == sorted(model)
        assert len(ids) == len(model)
        assert list(before) == were, "ids never change; another stands beside them"


@given(
    begin=st.integers(0, 2000),
    holes=st.sets(st.integers(0, 1999), max_size=60),
    offset=st.integers(0, 2100),
    limit=st.integers(0, 600),
)
@settings(PATIENT)
def test_a_page_of_ids_is_a_slice_of_them(begin: int, holes: set[int], offset: int, limit: int) -> None:
    ids, model = Ids.of(range(begin)), list(range(begin))
    for hole in holes & set(model):
        ids = ids.minus(hole)
        model.remove(hole)
    assert list(ids.page(offset, limit)) == model[offset : offset + limit]


@given(size=st.integers(1, 800), count=st.integers(0, 2000))
@settings(PATIENT, max_examples=30)
def test_pages_of_ids_joined_are_all_of_them(size: int, count: int) -> None:
    ids = Ids.of(range(count))
    joined = [id for offset in range(0, count + size, size) for id in ids.page(offset, size)]
    assert joined == list(range(count))


table_steps = st.lists(st.tuples(st.sampled_from(["put", "put", "remove", "fork", "own"]), which, small, small), max_size=40)


@given(table_steps)
@settings(PATIENT)
def test_forks_of_a_table_are_dicts_of_their_own(said: list[tuple[str, int, int, int]]) -> None:
    tables: list[tuple[Table[int, int], dict[int, int]]] = [(Table({1: 1, 2: 2}), {1: 1, 2: 2})]
    for operation, at, key, value in said:
        table, model = tables[at % len(tables)]
        if operation == "put":
            table.put(key, value)
            model[key] = value
        elif operation == "remove":
            table.remove(key)
            model.pop(key, None)
        elif operation == "fork" and len(tables) < 5:
            tables.append((table.fork(), model.copy()))
        for each, should_be in tables:
            assert_table(each, should_be)


def assert_table(table: Table[int, int], model: dict[int, int]) -> None:
    assert list(table.items()) == list(model.items())
    assert list(table.values()) == list(model.values())
    assert len(table) == len(model)
    assert [table.get(key) for key in range(13)] == [model.get(key) for key in range(13)]
    assert [key in table for key in range(13)] == [key in model for key in range(13)]
    assert all(table[key] == model[key] for key in model)


collection_steps = st.lists(st.tuples(st.sampled_from(["put", "put", "put", "remove", "fork"]), which, records), max_size=40)


@given(collection_steps)
@settings(PATIENT)
def test_forks_of_a_collection_find_their_own_records_by_id_and_by_key(said: list[tuple[str, int, Record]]) -> None:
    collections: list[tuple[Collection[Record], dict[int, Record]]] = [(Collection(keys), {})]
    for operation, at, record in said:
        collection, model = collections[at % len(collections)]
        if operation == "put":
            collection.put(record)
            model[record.id] = record
        elif operation == "remove" and record.id in model:
            collection.remove(model.pop(record.id))
        elif operation == "fork" and len(collections) < 5:
            collections.append((collection.fork(), model.copy()))
        for each, should_be in collections:
            assert_collection(each, should_be)


def assert_collection(collection: Collection[Record], model: dict[int, Record]) -> None:
    assert len(collection) == len(model)
    assert {record.id: record for record in collection} == model
    assert [collection.get(id) for id in range(13)] == [model.get(id) for id in range(13)]
    for key in KEYS:
        assert list(collection.filed(key)) == filed(model, {key})


def filed(model: dict[int, Record], wanted: set[tuple[str, str]]) -> list[int]:
    return sorted(id for id, record in model.items() if wanted & set(keys(record)))


@given(
    made=many_records,
    colours=st.sets(st.sampled_from("rgbx")),
    offset=st.integers(0, 14),
    limit=st.integers(0, 14),
)
@settings(PATIENT, max_examples=200)
def test_a_page_of_a_collection_is_a_slice_of_what_its_keys_find(
    made: list[Record], colours: set[str], offset: int, limit: int
) -> None:
    collection, model = Collection(keys), {record.id: record for record in made}
    for record in made:
        collection.put(record)
    wanted = {("colour", colour) for colour in colours}
    found = filed(model, wanted)
    total, page = collection.page(wanted, offset, limit)
    assert total == len(found)
    assert page == [model[id] for id in found[offset : offset + limit]]


@dataclass
class Holder:
    """Somebody who may write to the members in place until the next fork."""

    owner: object
    members: Members


@given(st.lists(st.tuples(st.sampled_from(["add", "take", "fork"]), which, st.sets(small, max_size=5)), max_size=30))
@settings(PATIENT)
def test_members_are_copied_by_whoever_writes_first_after_a_fork(said: list[tuple[str, int, set[int]]]) -> None:
    first = object()
    holders: list[tuple[Holder, set[int]]] = [(Holder(first, Members(first)), set())]
    for operation, at, values in said:
        holder, model = holders[at % len(holders)]
        if operation == "fork":
            holder.owner = object()
            holders.append((Holder(object(), holder.members), model.copy()))
        else:
            holder.members = holder.members.owned(holder.owner)
            if operation == "add":
                holder.members.values |= values
                model |= values
            else:
                holder.members.values -= values
                model -= values
            assert holder.members.owned(holder.owner) is holder.members, "the owner does not copy twice"
        for each, should_be in holders:
            assert each.members.values == should_be
            assert len(each.members) == len(should_be)
