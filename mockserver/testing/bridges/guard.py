"""The guard against leaks: no name of the vendors' is looked up from this process."""

import linecache
import os
import socket
import sys
import sysconfig
from asyncio.base_events import BaseEventLoop
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import wraps
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Any

from mockserver.testing.bridges.patches import Patch, Patches

_DOMAINS = (".criteo.com", ".shopliveapi.com")
_ROOTS = (sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib"), str(Path(__file__).parents[2]))
_OTHERS = ("<frozen ", *(root + os.sep for root in _ROOTS))
_PACKAGES = tuple(f"{os.sep}{name}{os.sep}" for name in ("site-packages", "dist-packages"))


class Leak(socket.gaierror):
    """A call that was leaving for a vendor's host, and the line of code that made it.

    A client sees a name that cannot be resolved.
    """

    def __init__(self, host: str, line: str):
        super().__init__(socket.EAI_NONAME, f"mockserver keeps a call from reaching {host}, made at {line}")
        self.host = host
        self.line = line


_patches = Patches()
_leaks: list[Leak] = []
_dismissed: list[bool] = []
_asking: ContextVar[str] = ContextVar("_asking", default="")


def install() -> bool:
    """Refuse to look up the vendors' hosts from now on; whether that was not so already."""
    if _patches.made or _dismissed:
        return False
    _patches.make(_guards())
    return True


def dismiss() -> None:
    """Let it stand nowhere until it is recalled, whoever installs it."""
    uninstall()
    _dismissed.append(True)


def recall() -> None:
    """Let it be installed again."""
    _dismissed.clear()


def uninstall() -> None:
    """Look up any host again."""
    _patches.undo()


def leaks() -> list[Leak]:
    """The leaks since they were last drained; a client that tries again leaks again."""
    return _leaks.copy()


def drain() -> list[Leak]:
    """The leaks since they were last drained, which forgets them."""
    drained = _leaks.copy()
    del _leaks[: len(drained)]
    return drained


def refuse(host: str | None) -> None:
    """Raise `Leak` if the host is the vendors' and the guard stands.

    For whoever knows that a call is leaving for it which does not look it up here, as one through a proxy.
    """
    if _patches.made and _guarded_name(host):
        name, line = str(host), _asking.get() or _line(sys._getframe(1))
        _leaks.append(Leak(name, line))
        raise Leak(name, line)


@contextmanager
def asked_here(host: str | None) -> Iterator[None]:
    """For a client that looks up names in a task of its own: the line that asks for this host is on the stack now."""
    told = _asking.set(_line(sys._getframe(1)) if _patches.made and _guarded_name(host) else "")
    try:
        yield
    finally:
        _asking.reset(told)


def _guarded_name(host: Any) -> bool:
    return isinstance(host, str) and ("." + host.lower().rstrip(".")).endswith(_DOMAINS)


def _guards() -> Iterator[Patch]:
    for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
        yield socket, name, _guarded(getattr(socket, name))
    with suppress(ImportError):  # what aiohttp looks names up with, if it is installed
        resolver = import_module("aiodns").DNSResolver
        for name in ("getaddrinfo", "gethostbyname", "query", "query_dns"):
            yield resolver, name, _guarded_method(getattr(resolver, name))
    # A loop looks up names in a thread of its own, whose stack does not tell who asked, or without the socket module.
    for loop in _loops():
        yield loop, "getaddrinfo", _guarded_async(loop.getaddrinfo)


def _loops() -> Iterator[Any]:
    yield BaseEventLoop
    with suppress(ImportError):
        yield import_module("uvloop").Loop


def _guarded(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def look_up(host: Any, *args: Any, **named: Any) -> Any:
        refuse(_text(host))
        return original(host, *args, **named)

    return look_up


def _guarded_method(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def look_up(self: Any, host: Any, *args: Any, **named: Any) -> Any:
        refuse(_text(host))
        return original(self, host, *args, **named)

    return look_up


def _guarded_async(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    async def look_up(self: Any, host: Any, *args: Any, **named: Any) -> Any:
        refuse(_text(host))
        return await original(self, host, *args, **named)

    return look_up


def _text(host: Any) -> Any:
    return host.decode("latin-1") if isinstance(host, bytes | bytearray) else host


def _line(frame: FrameType | None) -> str:
    """The innermost line of code on the stack that belongs neither to Python, nor to a package, nor to this one."""
    while frame and _of_others(frame.f_code.co_filename):
        frame = frame.f_back
    if frame is None:
        return "a line that cannot be told, in a thread of its own"
    file, number, function = frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name
    return f"{file}:{number} in {function}: {linecache.getline(file, number).strip()}"


def _of_others(file: str) -> bool:
    return file.startswith(_OTHERS) or any(packages in file for packages in _PACKAGES)
