"""The bridges from Python's HTTP clients, as they are, to the fake that is active in this process."""

from collections.abc import Iterator
from importlib import import_module
from threading import Lock

from mockserver.testing.bridges import guard, over_aiohttp, over_httpx, over_sockets
from mockserver.testing.bridges.patches import Patch, Patches

_BRIDGES = (
    ("http.client", over_sockets.patches),
    ("urllib3.connection", over_sockets.patches),
    ("httpx", over_httpx.patches),
    ("httpx2", over_httpx.patches),
    ("aiohttp", over_aiohttp.patches),
)
"""Each library and what its bridge replaces in it; one that is not installed is left out."""

_patches = Patches()
_lock = Lock()


def install() -> None:
    """Have every client that is installed reach the fake that is active, and guard against leaks. Once a process is enough."""
    with _lock:
        if not _patches.made:
            _patches.make(list(_bridges()))
        guard.install()


def uninstall() -> None:
    """Leave every client as it was."""
    with _lock:
        _patches.undo()
        guard.uninstall()


def _bridges() -> Iterator[Patch]:
    for name, patches in _BRIDGES:
        try:
            library = import_module(name)
        except ImportError:
            continue
        yield from patches(library)
