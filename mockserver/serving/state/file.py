"""The file that worlds are kept in: replaced as a whole, never half, and put aside if it is damaged."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from threading import Event, Lock
from typing import Any, BinaryIO

from msgspec import MsgspecError, Struct, msgpack

from mockserver import __version__
from mockserver.clock import Clock, written
from mockserver.mistake import Mistake
from mockserver.provider import Provider
from mockserver.serving.state.claim import Claim
from mockserver.serving.state.frames import Damaged, frame, head, read_frames, read_head
from mockserver.serving.state.reading import make_again
from mockserver.serving.state.writing import take_down
from mockserver.worlds import DEFAULT, Frozen, Worlds

REPLACED = ("--world", "--seed", "--profile", "--reading", "--readings", "--clock", "--rate-limit")
"""What says how worlds begin, and so says nothing where they go on."""


_TURN = 0.0002
"""Seconds that other threads have after each frame."""


class About(Struct, frozen=True):
    """What a state file says of itself: by which version it was written, and when, in seconds since 1970."""

    version: str
    saved: float


@dataclass(frozen=True, slots=True)
class Found:
    """The worlds that were kept, if there are any, and what is to be told about that."""

    worlds: Worlds | None
    says: str


class StateFile:
    """Where the worlds of a server are kept. One server has it at a time.

    It is readable by its owner only: secrets and tokens follow from what is in it.
    """

    def __init__(self, path: Path):
        self.path = path.resolve()
        self._new = self.path.with_name(f"{self.path.name}.new")
        self._claim: Claim | None = None
        self._writing = Lock()
        self._turn = Event()  # never set: waiting for it is the only way to let go of the interpreter for sure

    def claim(self) -> None:
        """Keep other servers away from it, and clear away what one that was killed left half written. Raises `Mistake`."""
        if self.path.is_dir():
            raise Mistake(f"the state file {self.path} is a folder")
        self._claim = Claim(self.path)
        try:
            self._new.unlink(missing_ok=True)
        except OSError as error:
            self.release()
            raise Mistake(f"{self._new} is in the way of the state file {self.path}: {error.strerror}") from None

    def release(self) -> None:
        """Let other servers have it."""
        if self._claim is not None:
            self._claim.release()
            self._claim = None

    def load(self, providers: Sequence[Provider[Any]]) -> Found:
        """The worlds as last saved. A damaged file is put aside. Raises `Mistake` for a newer format or one not readable."""
        try:
            about, frozen = self._read(providers)
        except FileNotFoundError:
            return Found(None, f"state {self.path}: nothing is kept there yet; the worlds begin as the settings say")
        except OSError as error:
            raise Mistake(f"the state file {self.path} can not be read: {error.strerror}") from None
        except Mistake as mistake:
            raise Mistake(f"the state file {self.path} can not be taken: {mistake}") from None
        except Damaged as damage:
            aside = self._put_aside()
            return Found(
                None, f"state {self.path}: damaged: {damage}. It is kept as {aside}; the worlds begin as the settings say"
            )
        worlds = Worlds.revived(providers, frozen)
        told = f"{_told(frozen)}, as of {written(about.saved)}, written by mockserver {about.version}"
        return Found(worlds, f"state {self.path}: {told}. Without effect now: {', '.join(REPLACED)}")

    def save(self, frozen: Frozen) -> None:
        """Put these worlds in the place of what is kept, in one step, in any thread. Raises `OSError`, and all is as before."""
        with self._writing:
            try:
                self._write(frozen)
                self._new.replace(self.path)
            except BaseException:
                with suppress(OSError):
                    self._new.unlink(missing_ok=True)
                raise
            _sync_folder(self.path.parent)

    def _write(self, frozen: Frozen) -> None:
        self._new.unlink(missing_ok=True)
        with open(self._new, "xb", buffering=0, opener=partial(os.open, mode=0o600)) as file:
            file.write(head(msgpack.encode(About(__version__, Clock().now()))))
            numbers = count()
            take_down(frozen, lambda note: self._put(file, frame(next(numbers), note)))
            self._put(file, frame(next(numbers), b""))
            os.fsync(file.fileno())

    def _put(self, file: BinaryIO, content: bytes) -> None:
        """Write every byte, of which a file without a buffer may take fewer at a time, and let other threads have a turn."""
        rest = memoryview(content)
        while rest:
            rest = rest[file.write(rest) :]
        self._turn.wait(_TURN)

    def _read(self, providers: Sequence[Provider[Any]]) -> tuple[About, Frozen]:
        with self.path.open("rb") as file:
            said = read_head(file)
            try:
                about = msgpack.decode(said, type=About)
            except MsgspecError as error:
                raise Damaged(f"its head says nothing: {error}") from None
            frozen = make_again(read_frames(file), [each for provider in providers for each in provider.readings])
        _check_whole(frozen, [provider.name for provider in providers])
        return about, frozen

    def _put_aside(self) -> Path:
        """Give the file a name that nothing has, and say which."""
        stem = f"{self.path.name}.damaged-{written(Clock().now())[:19].replace(':', '')}Z"
        try:
            for name in (stem, *(f"{stem}-{number}" for number in range(2, 1000))):
                aside = self.path.with_name(name)
                with suppress(FileExistsError):
                    aside.touch(0o600, exist_ok=False)
                    return self.path.replace(aside)
        except OSError as error:
            raise Mistake(f"the state file {self.path} is damaged and can not be put aside: {error.strerror}") from None
        raise Mistake(f"the state file {self.path} is damaged, and so many are beside it already that there is no name left")


def _check_whole(frozen: Frozen, parts: Sequence[str]) -> None:
    """Raise `Damaged` unless each world has a part for each provider, and one of them is the default."""
    if DEFAULT not in frozen.worlds:
        raise Damaged("it has no world 'default'")
    for world in (frozen.origin, *frozen.worlds.values()):
        if set(world.parts) != set(parts):
            raise Damaged(f"a world of {', '.join(world.parts)} where there should be {', '.join(parts)}")


def _told(frozen: Frozen) -> str:
    """How many worlds were found, and what is in the default one."""
    names = sorted(frozen.worlds)
    told = f"{len(names)} world{'s' * (len(names) > 1)} found ({', '.join(names[:5])}{', …' * (len(names) > 5)})"
    return f"{told}, in default {', '.join(_counted(frozen.worlds[DEFAULT].parts))}"


def _counted(parts: Mapping[str, Any]) -> Iterator[str]:
    for part in parts.values():
        for kind, found in part.entities().items():
            yield f"{len(found):,} {kind}{'s' * (len(found) != 1)}"


def _sync_folder(folder: Path) -> None:
    """Have the new name of a file outlast a loss of power. Systems that can not open a folder need nothing of the kind."""
    if hasattr(os, "O_DIRECTORY"):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
