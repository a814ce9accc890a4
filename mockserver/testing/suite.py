"""The part of the pytest plugin that knows the fake: what a test asks for, and what it gets."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack

import pytest
from _pytest.unittest import TestCaseFunction

from mockserver.mistake import Mistake
from mockserver.testing import every
from mockserver.testing.fake import Fake
from mockserver.testing.live import Opening, other_server, own_server
from mockserver.testing.reliance import Reliance
from mockserver.testing.settings import EVERY, Settings
from mockserver.testing.sleep import sleeping
from mockserver.testing.stash import CHOSEN, FAKE, RELIANCE, SETTINGS
from mockserver.testing.target import listeners
from mockserver.testing.telling import told_calls

__all__ = [
    "check_command",
    "check_markers",
    "opened",
    "reliance",
    "run_under_every_reading",
    "server",
    "settings_of",
    "settings_of_all",
    "stop_listening",
    "told_calls",
]


def settings_of_all(config: pytest.Config) -> Settings:
    """What the configuration asks for. Raises `pytest.UsageError`."""
    if SETTINGS not in config.stash:
        said = {name: config.getini(f"mockserver_{name}") for name in ("world", "profile", "clock")}
        beside = config.inipath.parent / said["world"] if config.inipath and said["world"] else None
        if beside and beside.is_file():
            said["world"] = str(beside)
        try:
            config.stash[SETTINGS] = Settings().changed({name: value for name, value in said.items() if value})
        except Mistake as mistake:
            raise pytest.UsageError(f"configuration of mockserver: {mistake}") from None
    return config.stash[SETTINGS]


def settings_of(item: pytest.Item) -> Settings:
    """What a test asks for: the nearest marker's word counts. Raises `Mistake`."""
    settings = settings_of_all(item.config)
    for marker in reversed(list(item.iter_markers("mockserver"))):
        if marker.args:
            raise Mistake(f"the marker mockserver takes its settings by name, not {marker.args[0]!r}")
        settings = settings.changed(marker.kwargs)
    chosen = item.stash.get(CHOSEN, None)
    return settings if chosen is None else settings.changed({"readings": chosen})


def check_markers(items: Iterable[pytest.Item]) -> None:
    """Raise `pytest.UsageError` with every mistake in a marker, by file and line of the test.

    Not in a worker of xdist, which would hide what is said: there the test itself fails with it.
    """
    mistakes = []
    for item in items:
        if hasattr(item.config, "workerinput"):
            return
        try:
            if settings_of(item).readings == EVERY and isinstance(item, TestCaseFunction):
                raise Mistake("readings='every' runs functions and methods of plain classes, not of unittest.TestCase")
        except Mistake as mistake:
            file, line, _ = item.location
            mistakes.append(f"{file}:{(line or 0) + 1} {item.name}: {mistake}")
    if mistakes:
        raise pytest.UsageError("\n".join(dict.fromkeys(mistakes)))


def opened(item: pytest.Item) -> Iterator[Fake]:
    """A test's fake, open until the test is over."""
    settings = settings_of(item)
    with ExitStack() as stack:
        fake = stack.enter_context(Fake(settings.engine(), settings.most_calls))
        item.stash[FAKE] = fake
        if settings.sleep == "clock":
            stack.enter_context(sleeping(fake))
        yield fake


def server(url: str | None) -> AbstractContextManager[Opening]:
    """What opens worlds on a socket: of a running server, or of one of this process."""
    return other_server(url) if url else own_server()


def check_command(request: pytest.FixtureRequest) -> None:
    """Raise `Mistake` for a test that would command a world of this process while its calls go to another server."""
    url = request.config.getoption("--mockserver-url")
    asked = request.node._fixtureinfo.argnames
    if url and "mockserver" in asked:
        raise Mistake(
            f"with --mockserver-url the world is on {url}: command it by mockserver_url + '/_mock/…', not by mockserver"
        )


def run_under_every_reading(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    """Whether a test wants every reading; then it has been run under each that it touched."""
    try:
        wanted = settings_of(item).readings == EVERY
    except Mistake:  # which the fixture will tell
        return False
    if not wanted or not isinstance(item, pytest.Function) or isinstance(item, TestCaseFunction):
        return False
    every.run_under_every_reading(item, nextitem)
    return True


def stop_listening(config: pytest.Config) -> None:
    """Let the fakes that are still to come in this process be nobody's business."""
    listeners.remove(config.stash[RELIANCE])


def reliance(config: pytest.Config) -> Reliance:
    """What the tests of this run relied on so far. Raises `pytest.UsageError` if it could not be written in the end."""
    if RELIANCE not in config.stash:
        file = config.getoption("--mockserver-report")
        if file and (file.is_dir() or not file.absolute().parent.is_dir()):
            raise pytest.UsageError(f"--mockserver-report={file}: there is no such folder, or it is one")
        config.stash[RELIANCE] = Reliance()
        listeners.append(config.stash[RELIANCE])
    return config.stash[RELIANCE]
