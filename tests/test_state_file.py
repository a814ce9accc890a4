"""The state file: replaced as a whole, kept from others, put aside when damaged."""

import os
import stat
from collections import deque
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from conftest import EMPTY, Client, engine_of
from hypothesis import given, settings
from hypothesis import strategies as st
from laws.patience import PATIENT
from msgspec import Raw, msgpack

from mockserver.mistake import Mistake
from mockserver.providers import PROVIDERS
from mockserver.serving.state import frames
from mockserver.serving.state.file import Found, StateFile
from mockserver.serving.state.shapes import KINDS
from mockserver.serving.state.writing import packed, unpacked
from mockserver.world import Part
from mockserver.worlds import Frozen, Worlds


@pytest.fixture
def worlds() -> Worlds:
    worlds = Worlds(engine_of(EMPTY))
    client = Client(worlds.default)
    client.amend(client.create_list("Kept"), "add", ["a@example.com", "b@example.com"])
    worlds.open("other")
    return worlds


@pytest.fixture
def file(tmp_path: Path) -> StateFile:
    return StateFile(tmp_path / "worlds.state")


def aside(file: StateFile) -> list[Path]:
    return sorted(file.path.parent.glob(f"{file.path.name}.damaged-*"))


def segments(found: Found) -> list[str]:
    assert found.worlds is not None, found.says
    return [each.name for each in found.worlds.default.world.parts["criteo"].entities()["segment"].values()]


def test_where_nothing_is_kept_yet_it_says_so(file: StateFile) -> None:
    found = file.load(PROVIDERS)
    assert found.worlds is None
    assert found.says == f"state {file.path}: nothing is kept there yet; the worlds begin as the settings say"


def test_what_was_kept_is_told_with_what_it_takes_the_place_of(file: StateFile, worlds: Worlds) -> None:
    file.save(worlds.freeze())
    found = file.load(PROVIDERS)
    assert segments(found) == ["Kept"]
    assert "2 worlds found (default, other), in default 1 segment, 0 audiences, 1 contact list, 0 campaigns" in found.says
    assert found.says.endswith("Without effect now: --world, --seed, --profile, --reading, --readings, --clock, --rate-limit")


def test_a_running_clock_goes_on_with_real_time(file: StateFile) -> None:
    worlds = Worlds(engine_of(EMPTY, frozen_at=None))
    clock = worlds.default.world.clock
    clock.advance(days=3)
    file.save(worlds.freeze())
    found = file.load(PROVIDERS).worlds
    assert found is not None
    before, revived, after = clock.now(), found.default.world.clock.now(), clock.now()
    assert before <= revived <= after


def test_only_its_owner_can_read_it(file: StateFile, worlds: Worlds) -> None:
    file.claim()
    file.path.write_text("readable by all")
    file.path.chmod(0o644)
    file.save(worlds.freeze())
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in file.path.parent.iterdir()} == {
        "worlds.state": 0o600,
        "worlds.state.lock": 0o600,
    }
    file.release()


def test_a_second_server_is_refused_at_once_and_told_what_to_do(file: StateFile) -> None:
    file.claim()
    with pytest.raises(Mistake, match=rf"kept by another server, process {os.getpid()}; stop that one, or keep this one's"):
        StateFile(file.path).claim()
    file.release()
    again = StateFile(file.path)
    again.claim()
    again.release()


def test_two_names_of_one_file_are_one_file(file: StateFile, worlds: Worlds) -> None:
    link = file.path.with_name("link.state")
    link.symlink_to(file.path)
    file.claim()
    with pytest.raises(Mistake):
        StateFile(link).claim()
    file.release()
    StateFile(link).save(worlds.freeze())
    assert link.is_symlink()
    assert segments(file.load(PROVIDERS)) == ["Kept"]


def test_a_place_that_is_not_there_or_a_folder_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="No such file or directory"):
        StateFile(tmp_path / "nowhere" / "worlds.state").claim()
    with pytest.raises(Mistake, match="is a folder"):
        StateFile(tmp_path).claim()


def test_what_a_killed_server_left_half_written_is_cleared_away(file: StateFile, worlds: Worlds) -> None:
    file.save(worlds.freeze())
    half = file.path.with_name("worlds.state.new")
    half.write_bytes(file.path.read_bytes()[:100])
    file.claim()
    assert not half.exists()
    assert segments(file.load(PROVIDERS)) == ["Kept"]
    file.release()


def test_what_is_in_the_way_and_can_not_be_cleared_away_is_a_mistake(file: StateFile) -> None:
    file.path.with_name("worlds.state.new").mkdir()
    with pytest.raises(Mistake, match=r"worlds\.state\.new is in the way of the state file"):
        file.claim()
    again = StateFile(file.path.with_name("other.state"))
    again.claim()
    again.release()


def test_a_save_that_fails_leaves_what_was_kept(file: StateFile, worlds: Worlds, monkeypatch: pytest.MonkeyPatch) -> None:
    file.save(worlds.freeze())
    Client(worlds.default).create_list("Later")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        file.save(worlds.freeze())
    assert [path.name for path in file.path.parent.iterdir()] == ["worlds.state"]
    assert segments(file.load(PROVIDERS)) == ["Kept"]


def test_a_damaged_file_is_kept_beside_and_never_in_the_place_of_another(file: StateFile) -> None:
    for number in range(1, 4):
        file.path.write_bytes(b"not ours %d" % number)
        found = file.load(PROVIDERS)
        assert found.worlds is None
        assert not file.path.exists()
        assert f"damaged: it ends before its end. It is kept as {file.path}.damaged-" in found.says
        assert len(aside(file)) == number
    assert {path.read_bytes() for path in aside(file)} == {b"not ours 1", b"not ours 2", b"not ours 3"}


def test_a_file_of_a_newer_format_is_refused_and_left_alone(
    file: StateFile, worlds: Worlds, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as newer:
        newer.setattr(frames, "FORMAT", frames.FORMAT + 1)
        file.save(worlds.freeze())
    content = file.path.read_bytes()
    with pytest.raises(Mistake, match=f"{file.path} can not be taken: it is of format 2, written by a newer mockserver"):
        file.load(PROVIDERS)
    assert file.path.read_bytes() == content


SMALL = Worlds(engine_of({"criteo": {"retailers": [], "accounts": [], "applications": []}}))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    file = StateFile(tmp_path_factory.mktemp("whole") / "worlds.state")
    file.save(SMALL.freeze())
    return file.path.read_bytes()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("place")


def assert_damaged(content: bytes, place: Path) -> None:
    file = StateFile(place / "worlds.state")
    file.path.write_bytes(content)
    found = file.load(PROVIDERS)
    assert found.worlds is None
    (kept,) = aside(file)
    assert kept.read_bytes() == content
    kept.unlink()


def assert_unread(content: bytes) -> None:
    with pytest.raises(frames.Damaged):
        read_through(BytesIO(content))


def read_through(file: BytesIO) -> None:
    frames.read_head(file)
    deque(frames.read_frames(file), maxlen=0)


def test_a_file_with_any_one_byte_changed_is_found_damaged(whole: bytes, place: Path) -> None:
    for at in range(len(whole)):
        assert_unread(whole[:at] + bytes([whole[at] ^ 1 << at % 8]) + whole[at + 1 :])
    for at in range(0, len(whole), 97):
        assert_damaged(whole[:at] + bytes([whole[at] ^ 255]) + whole[at + 1 :], place)


def test_a_file_cut_anywhere_is_found_damaged(whole: bytes, place: Path) -> None:
    for at in range(len(whole)):
        assert_unread(whole[:at])
    for at in range(0, len(whole), 97):
        assert_damaged(whole[:at], place)


@settings(PATIENT, max_examples=200)
@given(st.data())
def test_a_file_with_anything_put_in_or_moved_is_found_damaged(whole: bytes, place: Path, data: st.DataObject) -> None:
    start, end = sorted((data.draw(st.integers(0, len(whole))), data.draw(st.integers(0, len(whole)))))
    other = data.draw(st.binary(max_size=20).filter(lambda other: other != whole[start:end]))
    assert_damaged(whole[:start] + other + whole[end:], place)


def notes_of(file: StateFile) -> list[list[Any]]:
    with file.path.open("rb") as opened:
        frames.read_head(opened)
        return [note for bundle in frames.read_frames(opened) for note in msgpack.decode(bundle)]


def rewrite(file: StateFile, notes: list[list[Any]]) -> None:
    """Write notes as a file whose checksums are right."""
    with file.path.open("rb") as opened:
        start = frames.head(frames.read_head(opened))
    numbers = count()
    bundle = msgpack.encode([Raw(msgpack.encode(note)) for note in notes])
    file.path.write_bytes(start + frames.frame(next(numbers), bundle) + frames.frame(next(numbers), b""))


def shape(notes: list[list[Any]], name: str) -> list[str]:
    return next(note[2][1] for note in notes if note[0] == "shape" and note[2][0] == name)


def test_a_file_from_before_a_field_with_a_default_is_read(file: StateFile, worlds: Worlds) -> None:
    file.save(worlds.freeze())
    notes = notes_of(file)
    names = shape(notes, "Application")
    at = names.index("sees_absolute_sizes")
    names.remove("sees_absolute_sizes")
    for note in notes:
        if note[0] == "Application":
            for row in note[2]:
                del row[at + 1]
    rewrite(file, notes)
    assert segments(file.load(PROVIDERS)) == ["Kept"]


def swap_tables(rows: list[Any], notes: list[list[Any]]) -> None:
    """Have the first world's segments where its audiences belong, and the other way round."""
    names, row = shape(notes, "CriteoWorld"), rows[2][0]
    one, other = names.index("segments") + 1, names.index("audiences") + 1
    row[one], row[other] = row[other], row[one]


WRONG = {
    "a class that nobody knows": lambda notes: notes.append(["shape", 0, ["Nobody", []]]),
    "a kind of note that nobody knows": lambda notes: notes.append(["nothing", 0, None]),
    "a field that nobody knows": lambda notes: shape(notes, "Account").append("more"),
    "a field that is missing": lambda notes: shape(notes, "Segment").remove("name"),
    "a thing that is missing": lambda notes: notes[:] and notes.remove(next(note for note in notes if note[0] == "Clock")),
    "a table in the place of another": lambda notes: swap_tables(
        next(note for note in notes if note[0] == "CriteoWorld"), notes
    ),
    "no worlds": lambda notes: notes.pop(),
    "another thing in the place of the worlds": lambda notes: notes[-1].__setitem__(1, 0),
    "text where a number belongs": lambda notes: next(note for note in notes if note[0] == "Clock")[2][0].__setitem__(1, "0"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_under_right_checksums_is_damage_too(file: StateFile, worlds: Worlds, what: str) -> None:
    file.save(worlds.freeze())
    notes = notes_of(file)
    WRONG[what](notes)
    rewrite(file, notes)
    found = file.load(PROVIDERS)
    assert found.worlds is None
    assert len(aside(file)) == 1


@pytest.mark.parametrize("take", ["default", "criteo"])
def test_a_world_or_a_part_that_is_missing_is_damage(file: StateFile, worlds: Worlds, take: str) -> None:
    frozen = worlds.freeze()
    if take == "criteo":
        frozen.worlds["other"].parts = {"shoplive": frozen.worlds["other"].parts["shoplive"]}
    kept = {name: world for name, world in frozen.worlds.items() if name != take}
    file.save(Frozen(frozen.origin, kept))
    assert file.load(PROVIDERS).worlds is None


def test_every_provider_has_its_part_of_a_world_written() -> None:
    assert {type(part) for part in SMALL.default.world.parts.values()} == set(KINDS[Part])


def test_what_worlds_share_is_written_once(file: StateFile) -> None:
    worlds = Worlds(engine_of())
    file.save(worlds.freeze())
    alone = file.path.stat().st_size
    for number in range(20):
        worlds.open(f"w{number}")
        Client(worlds.get(f"w{number}")).create_list("One more")
        worlds.get(f"w{number}").world.snapshot("then")
    file.save(worlds.freeze())
    assert file.path.stat().st_size < 1.5 * alone
    found = file.load(PROVIDERS).worlds
    assert found is not None
    first, second = (found.get(name).world.parts["criteo"].entities()["segment"] for name in ("w1", "w2"))
    assert first[225702933721171456] is second[225702933721171456]


def test_a_world_that_has_less_than_another_is_found_with_less(file: StateFile) -> None:
    worlds = Worlds(engine_of())
    worlds.open("less")
    client = Client(worlds.get("less"))
    client.delete("225702933721171456")
    client.create_list("One more")
    worlds.get("less").world.parts["criteo"].spend("token", 1.0, 0.0)
    file.save(worlds.freeze())
    found = file.load(PROVIDERS).worlds
    assert found is not None
    for name in worlds.names():
        kept, before = (each.get(name).world.parts["criteo"].entities() for each in (found, worlds))
        assert {kind: [*rows] for kind, rows in kept.items()} == {kind: [*rows] for kind, rows in before.items()}
        token = Client(worlds.get(name)).login().json()["access_token"]
        answers = [Client(each.get(name), token=token).search("?limit=500").json()["data"] for each in (found, worlds)]
        assert answers[0] == answers[1]
    assert found.get("less").world.parts["criteo"].is_spent("token")


def test_a_damaged_file_that_can_not_be_put_aside_is_a_mistake_and_stays(
    file: StateFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, mode: int = 0o666, exist_ok: bool = True) -> None:
        raise PermissionError(13, "Permission denied")

    file.path.write_bytes(b"damaged")
    monkeypatch.setattr(Path, "touch", refuse)
    with pytest.raises(Mistake, match="is damaged and can not be put aside: Permission denied"):
        file.load(PROVIDERS)
    assert file.path.read_bytes() == b"damaged"


def test_fingerprints_stand_in_it_as_numbers_of_eight_bytes() -> None:
    assert packed([1, 2**64 - 1]) == b"\1" + bytes(7) + b"\xff" * 8
    assert [*unpacked(packed([7, 2**63]))] == [7, 2**63]
