"""A server as it runs: announced when it is there, its worlds kept while it is, and nothing lost when it goes."""

import asyncio
import gc
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any

import uvicorn

from mockserver.control import App, control_app
from mockserver.http import Door, Hear
from mockserver.journal import Entry
from mockserver.late import late
from mockserver.mistake import Mistake
from mockserver.server import Server, configured, listening
from mockserver.serving.admission import Admission, allowed
from mockserver.serving.condition import Condition
from mockserver.serving.founding import begun_anew, begun_from, claimed, recalled
from mockserver.serving.lines import Lines
from mockserver.serving.secure import secured
from mockserver.serving.settings import Settings
from mockserver.serving.tally import Tally
from mockserver.serving.watching import Watcher
from mockserver.worlds import Worlds

_SWITCHES = ("on", "off")
_TOGETHER = 0.02
"""Seconds in which lines are gathered before they are written."""


def run(settings: Settings, opening: Sequence[str], announce: Callable[[str], object]) -> None:
    """Serve until stopped. Raises `Mistake` for a setting that can not be.

    `announce` tells where the server is, `opening` is what there is to say after that.
    """
    hosts = _hosts(settings)
    ports = [settings.port, *_control_port(settings.control, settings.port)]
    secure = secured(settings)
    kept = claimed(settings)
    worlds, found = recalled(settings, kept)
    sockets = _listening(settings.host, ports)
    places = [_url(each, secure=secure is not None) for each in sockets]
    tally, house = Tally(), House(settings, worlds, kept)
    controls = _guarded(settings, hosts, control_app(worlds, tally, house.condition), sockets[1:])
    config = configured(Door(worlds, control=controls, hear=_hearing(tally, house.lines)))
    if secure is not None:
        config.ssl_context_factory = lambda _, __: secure.context

    def tell() -> None:
        announce(f"mockserver ready at {places[0]}")
        if secure is not None and secure.trust is not None:
            announce(secure.trust(places[0]))
        for text in [*opening, *found, *(f"commanded at {each}/_mock/" for each in places[1:])]:
            house.lines.say(text)

    gc.freeze()  # what is there now stays: looking through it again and again would cost every large answer,
    gc.set_threshold(100_000, 50, 100)  # and looking often at what grows made one creation in a hundred wait 48 ms
    _Server(config, house, tell, settings.patience).run(sockets)


class House:
    """What goes on beside the calls: lines are written, worlds kept, files watched."""

    def __init__(self, settings: Settings, worlds: Worlds, kept: Any):
        """`kept` is the file that the worlds are kept in, if there is one."""
        self.condition = Condition()
        self.lines = Lines(sys.stderr.buffer, settings.log, self._later)
        self._keeper = kept and late("mockserver.serving.state.keeper").Keeper(
            kept, worlds, settings.state_every, say=self._say_of_state
        )
        self._watcher = settings.watch and Watcher(begun_from(settings), lambda: begun_anew(settings, worlds), self.lines.say)
        self._duties: list[asyncio.Task[None]] = []

    def open(self) -> None:
        """Begin, in the server's loop."""
        self._loop = asyncio.get_running_loop()
        self._duties = [self._loop.create_task(each.run()) for each in (self._keeper, self._watcher) if each]
        for duty in self._duties:
            duty.add_done_callback(self._say_if_broken)

    async def close(self) -> None:
        """End, when the last call was answered."""
        for duty in self._duties:
            duty.cancel()
        await asyncio.gather(*self._duties, return_exceptions=True)  # one that broke was told when it did
        if self._keeper:
            self._keeper.finish()
        await asyncio.sleep(0)  # what there was to say of that is said
        self.lines.finish()

    def _later(self, flush: Callable[[], None]) -> None:
        self._loop.call_later(_TOGETHER, flush)

    def _say_of_state(self, text: str) -> None:
        """Tell, from whatever thread it is told from, and remember what troubles the file."""
        if self._keeper.trouble:
            self.condition.troubles["state"] = text
        else:
            self.condition.troubles.pop("state", None)
        self._loop.call_soon_threadsafe(self.lines.say, text)

    def _say_if_broken(self, duty: asyncio.Task[None]) -> None:
        if not duty.cancelled() and (error := duty.exception()) is not None:
            self.condition.troubles["duties"] = told = f"a duty of the server broke: {error!r}; please report it"
            self.lines.say(told)


class _Server(Server):
    """The server of a house: tells when it is there, and closes the house when it goes."""

    def __init__(self, config: uvicorn.Config, house: House, tell: Callable[[], None], patience: float):
        super().__init__(config, patience=patience)
        self._house = house
        self._tell = tell

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if hasattr(signal, "SIGHUP"):  # a terminal that goes away is no reason to lose anything
            signal.signal(signal.SIGHUP, self.handle_exit)
        self._house.open()
        self._tell()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._house.condition.stopping = True
        await super().shutdown(sockets)
        await self._house.close()


def _control_port(control: str, port: int) -> list[int]:
    """The port of the control plane, if it has one of its own. Raises `Mistake`."""
    if control in _SWITCHES:
        return []
    if not (control.isascii() and control.isdigit() and int(control) <= 65535):
        raise Mistake(f"the control plane is 'on', 'off' or on a port of its own, not {control!r}")
    if int(control) == port != 0:
        raise Mistake(f"port {port} is that of the APIs: the control plane has another, or --control on")
    return [int(control)]


def _listening(host: str, ports: Sequence[int]) -> list[socket.socket]:
    """A socket on each port, or none. Raises `Mistake`."""
    with ExitStack() as opened:
        sockets = [opened.enter_context(listening(host, port)) for port in ports]
        opened.pop_all()
    return sockets


def _hosts(settings: Settings) -> frozenset[str]:
    """The names to command the server by. Raises `Mistake` for them, and for a token that is none."""
    if settings.control_token == "":
        raise Mistake("a control token that is empty keeps nobody out")
    return allowed([settings.host, *settings.tls_name, *settings.allow_host])


def _guarded(settings: Settings, hosts: frozenset[str], controls: App, ports: Sequence[socket.socket]) -> Admission:
    port = ports[0].getsockname()[1] if ports else None
    return Admission(controls, hosts, settings.control_token, port, shut=settings.control == "off")


def _hearing(tally: Tally, lines: Lines) -> Hear:
    if not lines.tells_calls:
        return tally.count

    def hear(entry: Entry, seconds: float) -> None:
        tally.count(entry, seconds)
        lines.call(entry, seconds)

    return hear


def _url(sock: socket.socket, *, secure: bool) -> str:
    host, port = sock.getsockname()[:2]
    return f"{'https' if secure else 'http'}://{f'[{host}]' if ':' in host else host}:{port}"
