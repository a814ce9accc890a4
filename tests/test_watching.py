"""A file that changes is acted on, once, and one that is wrong changes nothing."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ACCOUNT, EMPTY, Client
from yaml import safe_dump

from mockserver.clock import stopwatch
from mockserver.providers import PROVIDERS
from mockserver.serving import watching
from mockserver.serving.watching import Watcher
from mockserver.worlds import Worlds, founded


def world_named(name: str) -> str:
    part = EMPTY["criteo"] | {"accounts": [{"id": ACCOUNT, "name": name, "retailers": ["12"]}]}
    return safe_dump({**EMPTY, "criteo": part})


class Watched:
    """A world file, a server that began with it, and who watches it."""

    def __init__(self, folder: Path):
        self.file = folder / "mine.yaml"
        self.file.write_text(world_named("First"))
        self.worlds = Worlds(founded(PROVIDERS, str(self.file), rate_limit=None))
        self.told: list[str] = []
        self.watcher = Watcher([self.file], self.reload, self.told.append)

    def reload(self) -> str:
        self.worlds.refound(founded(PROVIDERS, str(self.file), rate_limit=None).world)
        return f"begun anew as {self.account()}"

    def account(self, world: str = "default") -> str:
        return str(self.worlds.get(world).world.parts["criteo"].accounts[ACCOUNT].name)

    def look(self, times: int = 3) -> list[str]:
        """Look so often; what was told of it."""
        self.told.clear()
        for _ in range(times):
            self.watcher.look()
        return [*self.told]


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    return Watched(tmp_path)


def test_a_file_that_stays_as_it_is_is_not_acted_on(watched: Watched) -> None:
    assert watched.look() == []
    os.utime(watched.file, (1, 1))
    assert watched.look() == []


def written_over(file: Path) -> None:
    file.write_text(world_named("Second"))


def put_in_its_place(file: Path) -> None:
    other = file.with_suffix(".tmp")
    other.write_text(world_named("Second"))
    other.replace(file)


def written_with_the_same_stat(file: Path) -> None:
    known = file.stat()
    file.write_text(world_named("Seco_"))
    os.utime(file, ns=(known.st_atime_ns, known.st_mtime_ns))


@pytest.mark.parametrize("change", [written_over, put_in_its_place, written_with_the_same_stat])
def test_a_change_is_acted_on_once_however_it_is_made(watched: Watched, change: Callable[[Path], None]) -> None:
    change(watched.file)
    (told,) = watched.look()
    assert told.startswith("begun anew as Seco")
    assert watched.look() == []


def test_a_file_that_is_still_being_written_is_left_until_it_stays_the_same(watched: Watched) -> None:
    watched.file.write_text(world_named("Half")[:50])
    assert watched.look(1) == []
    watched.file.write_text(world_named("Whole"))
    assert watched.look(1) == []
    assert watched.look(1) == ["begun anew as Whole"]


def test_of_a_wrong_file_it_tells_what_is_wrong_and_the_old_world_stays(watched: Watched) -> None:
    Client(watched.worlds.default).create_list("Kept")
    watched.file.write_text(world_named("Second").replace("name: Second", "nam: Second"))
    (told,) = watched.look()
    assert f"{watched.file}:" in told
    assert "criteo.accounts.0.nam: unknown field 'nam'; did you mean 'name'?" in told
    assert told.endswith("everything stays as it is until that is put right")
    assert (watched.account(), len(watched.worlds.default.world.parts["criteo"].entities()["segment"])) == ("First", 1)
    watched.file.write_text(world_named("Third"))
    assert watched.look() == ["begun anew as Third"]


def test_a_file_that_is_gone_changes_nothing_until_it_is_there_again(watched: Watched) -> None:
    watched.file.unlink()
    assert watched.look() == [f"{watched.file} can not be read; everything stays as it is"]
    assert watched.account() == "First"
    watched.file.write_text(world_named("Back"))
    assert watched.look() == ["begun anew as Back"]


def test_a_mistake_of_founding_is_told_too(watched: Watched) -> None:
    watched.file.write_text(world_named("Second").replace("- '12'", "- '13'"))
    (told,) = watched.look()
    assert "unknown retailer of account" in told


def test_the_default_world_and_new_ones_begin_anew_and_others_stay(watched: Watched) -> None:
    watched.worlds.open("other")
    watched.worlds.default.world.snapshot("then")
    client = Client(watched.worlds.default)
    client.create_list("Gone")
    watched.file.write_text(world_named("Second"))
    watched.look()
    watched.worlds.open("new")
    assert [watched.account(name) for name in ("default", "new", "other")] == ["Second", "Second", "First"]
    assert len(watched.worlds.default.world.parts["criteo"].entities()["segment"]) == 0
    assert len(watched.worlds.default.world.journal) > 0
    client.create_list("Made after")
    watched.worlds.default.world.reset()
    assert watched.account() == "Second"
    watched.worlds.default.world.restore("then")
    assert watched.account() == "First"


def test_it_looks_again_and_again_until_cancelled(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "EVERY", 0.001)

    async def life() -> None:
        duty = asyncio.create_task(watched.watcher.run())
        watched.file.write_text(world_named("Second"))
        watch = stopwatch()
        while watched.account() != "Second":
            assert watch() < 10
            await asyncio.sleep(0.001)
        duty.cancel()
        with pytest.raises(asyncio.CancelledError):
            await duty

    asyncio.run(life())


def test_a_large_file_is_not_read_as_long_as_its_stat_stays(tmp_path: Path) -> None:
    file = tmp_path / "large.yaml"
    file.write_bytes(b"#" * 2**21)
    told: list[str] = []
    watcher = Watcher([file], lambda: "changed", told.append)
    watcher.look()
    with file.open("r+b") as opened:
        opened.write(b"!")
    os.utime(file, (5, 5))
    watcher.look()
    watcher.look()
    assert told == ["changed"]
