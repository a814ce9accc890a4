"""What changed is saved every so often, what did not is not, and trouble is told once."""

import asyncio
import os
from pathlib import Path

import pytest
from conftest import EMPTY, Client, engine_of

from mockserver.clock import stopwatch
from mockserver.faults import parse_fault
from mockserver.providers import PROVIDERS
from mockserver.serving.state.file import StateFile
from mockserver.serving.state.keeper import Keeper
from mockserver.worlds import Worlds


class Kept:
    """A server's worlds, the file they are kept in, their keeper, and what it told."""

    def __init__(self, folder: Path, every: float = 0.01):
        self.worlds = Worlds(engine_of(EMPTY))
        self.client = Client(self.worlds.default)
        self.file = StateFile(folder / "worlds.state")
        self.told: list[str] = []
        self.keeper = Keeper(self.file, self.worlds, every, say=self.told.append)

    def keep(self) -> int:
        """Keep what changed; the number by which the file system knows the file now."""
        asyncio.run(self.keeper.keep())
        return self.file.path.stat().st_ino

    def segments(self) -> int:
        found = self.file.load(PROVIDERS).worlds
        return -1 if found is None else len(found.default.world.parts["criteo"].entities()["segment"])


def test_it_saves_what_changed_and_nothing_else(tmp_path: Path) -> None:
    kept = Kept(tmp_path)
    first = kept.keep()
    assert kept.keep() == first
    kept.client.create_list("New")
    second = kept.keep()
    assert second != first
    kept.client.search()
    assert kept.keep() == second
    kept.worlds.open("other")
    third = kept.keep()
    assert third != second
    kept.worlds.close("other")
    assert kept.keep() != third
    assert kept.segments() == 1


CONTROLS = {
    "clock": lambda world: world.clock.advance(1),
    "frozen clock": lambda world: world.clock.resume(),
    "limit": lambda world: setattr(world, "rate_limit", 7),
    "readings": lambda world: setattr(world, "readings", world.readings.changed({"contact-list-clear": "204"})),
    "snapshot": lambda world: world.snapshot("again"),
    "forgotten snapshot": lambda world: world.snapshots.pop("then"),
    "fault": lambda world: world.faults.armed[0].__setattr__("struck", 5),
    "revoked": lambda world: world.faults.revoked.add("token"),
    "beginning": lambda world: world.begin_as(world.apart()),
    "part": lambda world: world.parts["criteo"].spend("token", 0.0, 0.0),
}


@pytest.mark.parametrize("control", CONTROLS)
def test_it_notices_what_is_done_to_a_world_without_a_call(tmp_path: Path, control: str) -> None:
    kept = Kept(tmp_path)
    world = kept.worlds.default.world
    world.snapshot("then")
    world.faults.add(parse_fault({"effect": "lost"}), 0.0)
    before = kept.keep()
    CONTROLS[control](world)
    assert kept.keep() != before


def test_it_saves_again_and_again_until_cancelled_and_a_last_time_at_the_end(tmp_path: Path) -> None:
    kept = Kept(tmp_path)

    async def life() -> None:
        duty = asyncio.create_task(kept.keeper.run())
        for number in range(1, 4):
            kept.client.create_list(f"Number {number}")
            watch = stopwatch()
            while not kept.file.path.exists() or kept.segments() != number:
                assert watch() < 10
                await asyncio.sleep(0)
        duty.cancel()
        with pytest.raises(asyncio.CancelledError):
            await duty

    asyncio.run(life())
    kept.client.create_list("The last")
    kept.keeper.finish()
    assert kept.segments() == 4
    last = kept.file.path.stat().st_ino
    kept.keeper.finish()
    assert kept.file.path.stat().st_ino == last
    assert kept.told == []


def test_calls_that_come_while_it_writes_are_in_the_next_save_not_in_this(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Kept(tmp_path)
    segment = kept.client.create_list("Before")
    synced = os.fsync

    def change_meanwhile(descriptor: int) -> None:
        monkeypatch.setattr(os, "fsync", synced)
        kept.client.amend(segment, "add", ["a@example.com"])
        kept.client.create_list("Meanwhile")

    monkeypatch.setattr(os, "fsync", change_meanwhile)
    kept.keep()
    assert kept.segments() == 1
    kept.keep()
    assert kept.segments() == 2


def test_a_save_that_fails_is_told_once_and_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Kept(tmp_path)
    errors = iter([OSError(28, "No space left on device"), OSError(28, "No space left on device"), OSError(5, "Lost")])

    def fail(descriptor: int) -> None:
        raise next(errors)

    with monkeypatch.context() as failing:
        failing.setattr(os, "fsync", fail)
        asyncio.run(kept.keeper.keep())
        assert kept.keeper.trouble == "[Errno 28] No space left on device"
        for _ in range(2):
            asyncio.run(kept.keeper.keep())
    kept.keep()
    place = f"state {kept.file.path}: "
    assert kept.told == [
        f"{place}not saved: [Errno 28] No space left on device; tried again",
        f"{place}not saved: [Errno 5] Lost; tried again",
        f"{place}saved again",
    ]
    assert kept.keeper.trouble == ""
    assert kept.segments() == 0


def test_what_was_found_is_kept_again(tmp_path: Path) -> None:
    kept = Kept(tmp_path)
    kept.client.create_list("Kept")
    kept.keep()
    found = kept.file.load(PROVIDERS).worlds
    assert found is not None
    Client(found.default).create_list("More")
    Keeper(kept.file, found, say=kept.told.append).finish()
    assert kept.segments() == 2
