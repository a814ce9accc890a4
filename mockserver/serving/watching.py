"""Files that are looked at again and again, and acted on when they change."""

import asyncio
from collections.abc import Callable, Iterable
from hashlib import blake2b
from pathlib import Path

from mockserver.mistake import Mistake

EVERY = 0.5
_SMALL = 2**20

_Look = tuple[tuple[int, int, int], bytes] | None
"""What tells one content of a file from another: its stat and its digest; nothing where it is not there."""


class Watcher:
    """Looks at files twice a second, by name, so that one that was replaced is seen too, and on file systems that tell nobody.

    When the content of one is another and stays so for two looks, `reload` is called, in the thread of the loop; what it
    gives back is told to `say`, or what is wrong by the `Mistake` it raises.
    """

    def __init__(self, paths: Iterable[Path], reload: Callable[[], str], say: Callable[[str], None]):
        self._reload, self._say = reload, say
        self._acted = {path: _look(path, None) for path in paths}
        self._last = dict(self._acted)

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            await asyncio.sleep(EVERY)
            self.look()

    def look(self) -> None:
        """Look at the files once."""
        now = {path: _look(path, last) for path, last in self._last.items()}
        settled = all(_content(now[path]) == _content(last) for path, last in self._last.items())
        changed = any(_content(now[path]) != _content(acted) for path, acted in self._acted.items())
        self._last = now
        if settled and changed:
            self._acted = now
            self._act()

    def _act(self) -> None:
        gone = [str(path) for path, look in self._acted.items() if look is None]
        if gone:
            self._say(f"{', '.join(gone)} can not be read; everything stays as it is")
            return
        try:
            self._say(self._reload())
        except Mistake as mistake:
            self._say(f"{mistake}\neverything stays as it is until that is put right")


def _content(look: _Look) -> bytes | None:
    return look[1] if look else None


def _look(path: Path, last: _Look) -> _Look:
    """How a file is now. A large one whose stat is the same is taken to be; a small one is read, for a stat tells little."""
    try:
        known = path.stat()
        stat = (known.st_ino, known.st_size, known.st_mtime_ns)
        if last and last[0] == stat and known.st_size > _SMALL:
            return last
        return stat, blake2b(path.read_bytes(), digest_size=16).digest()
    except OSError:
        return None
