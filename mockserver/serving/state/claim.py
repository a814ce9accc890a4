"""That a state file is one server's: a lock on the file beside it, gone with the process however that ends."""

import os
import sys
from pathlib import Path

from mockserver.mistake import Mistake

if sys.platform != "win32":
    import fcntl


class Claim:
    """Keeps others away from a file for as long as it is held. Where the system has no such locks, it does nothing."""

    def __init__(self, path: Path):
        """Raises `Mistake` if another server has the file, or nothing can be written beside it."""
        lock = path.with_name(f"{path.name}.lock")
        try:
            self._descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise Mistake(f"the state file {path} can not be kept there: {lock}: {error.strerror}") from None
        if sys.platform != "win32":
            self._lock(path)

    def release(self) -> None:
        """Let others have the file. The lock file stays: who removes one may remove another's."""
        os.close(self._descriptor)

    def _lock(self, path: Path) -> None:
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.pread(self._descriptor, 20, 0).decode("ascii", "replace").strip()
            os.close(self._descriptor)
            raise Mistake(
                f"the state file {path} is kept by another server"
                + (f", process {holder}" if holder else "")
                + "; stop that one, or keep this one's state in another file"
            ) from None
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, b"%d\n" % os.getpid(), 0)
