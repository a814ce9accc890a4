"""Saves what changed, every so often and at the end, without keeping calls waiting."""

import asyncio
from collections.abc import Callable

from mockserver.clock import stopwatch
from mockserver.serving.state.comparing import alike
from mockserver.serving.state.file import StateFile
from mockserver.worlds import Frozen, Worlds

EVERY = 5.0
_SHARE = 9
_TROUBLE = (OSError, ValueError, OverflowError)


class Keeper:
    """Keeps worlds in a file, every so many seconds. `trouble` is why the last save failed, if it did.

    `say` is told of that once, in whatever thread, and again when it fails otherwise or works.

    Worlds are frozen in the thread of the loop, which takes no time to speak of, and written in another. After a save that
    took long the next waits nine times as long, so that saving takes a tenth of the time at most.
    """

    def __init__(self, file: StateFile, worlds: Worlds, every: float = EVERY, *, say: Callable[[str], None]):
        self._file, self._worlds, self._every, self._say = file, worlds, every, say
        self._pause = every
        self._kept: Frozen | None = None
        self.trouble = ""

    async def run(self) -> None:
        """Save again and again what changed, until cancelled."""
        while True:
            await asyncio.sleep(self._pause)
            await self.keep()

    async def keep(self) -> None:
        """Save, if anything changed since it was last saved."""
        if self._unchanged():
            return
        frozen, watch = self._worlds.freeze(), stopwatch()
        await asyncio.to_thread(self._save, frozen)
        self._pause = max(self._every, _SHARE * watch())

    def finish(self) -> None:
        """Save a last time, if anything changed, before returning; a save that goes on meanwhile is waited for."""
        if not self._unchanged():
            self._save(self._worlds.freeze())
            if self.trouble:
                self._say(
                    f"state {self._file.path}: not saved at the end: {self.trouble}; what changed since the last time is lost"
                )

    def _unchanged(self) -> bool:
        return self._kept is not None and alike(self._worlds.present(), self._kept)

    def _save(self, frozen: Frozen) -> None:
        trouble = ""
        try:
            self._file.save(frozen)
            self._kept = frozen
        except _TROUBLE as error:
            trouble = str(error)
        if trouble != self.trouble:
            self.trouble = trouble
            self._say(f"state {self._file.path}: " + (f"not saved: {trouble}; tried again" if trouble else "saved again"))
