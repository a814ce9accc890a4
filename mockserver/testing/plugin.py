"""The pytest plugin: the fixtures `mockserver` and `mockserver_url`, the marker, the report, the guard."""

from collections.abc import Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from mockserver.mistake import Mistake
from mockserver.testing.bridges import guard
from mockserver.testing.every import run_under_every_reading
from mockserver.testing.fake import Fake
from mockserver.testing.live import Opening, other_server, own_server
from mockserver.testing.reliance import Reliance
from mockserver.testing.settings import EVERY, Settings
from mockserver.testing.sleep import sleeping
from mockserver.testing.stash import CHOSEN, FAKE
from mockserver.testing.telling import told_calls

_SETTINGS = pytest.StashKey[Settings]()
_RELIANCE = pytest.StashKey[Reliance]()
_GUARDED = pytest.StashKey[bool]()
_MARKER = (
    "mockserver(world, profile, readings, clock, seed, rate_limit, sleep): the world that the fixtures mockserver and "
    "mockserver_url give a test; readings='every' runs it under each alternative that it touches"
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """What can be said on the command line and in the configuration file."""
    group = parser.getgroup("mockserver", "the fake of the Criteo and Shoplive APIs")
    group.addoption("--mockserver-report", metavar="FILE", type=Path, help="write what the tests relied on; .json or text")
    group.addoption("--mockserver-url", metavar="URL", help="a running server for mockserver_url, not one of this process")
    parser.addini("mockserver_world", "world of every test: demo, empty, or a YAML file", default="demo")
    parser.addini("mockserver_profile", "profile of readings of every test: guide or openapi", default="guide")
    parser.addini("mockserver_clock", "time at which every test's world stands still, or real", default="")
    parser.addini("mockserver_guard", "fail tests that call the vendors' real hosts", type="bool", default=True)


def pytest_configure(config: pytest.Config) -> None:
    """Read the configuration, and have the guard stand."""
    config.addinivalue_line("markers", _MARKER)
    said = {name: config.getini(f"mockserver_{name}") for name in ("world", "profile", "clock")}
    try:
        config.stash[_SETTINGS] = Settings().changed({name: value for name, value in said.items() if value})
    except Mistake as mistake:
        raise pytest.UsageError(f"configuration of mockserver: {mistake}") from None
    config.stash[_RELIANCE] = Reliance()
    config.stash[_GUARDED] = config.getini("mockserver_guard") and guard.install()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave the process as it was."""
    if config.stash.get(_GUARDED, False):
        guard.uninstall()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Meet every mistake in a marker at once."""
    mistakes = []
    for item in items:
        try:
            _settings(item)
        except Mistake as mistake:
            file, line, _ = item.location
            mistakes.append(f"{file}:{(line or 0) + 1} {item.name}: {mistake}")
    if mistakes:
        raise pytest.UsageError("\n".join(dict.fromkeys(mistakes)))


def _settings(item: pytest.Item) -> Settings:
    """What a test asks for: the nearest marker's word counts. Raises `Mistake`."""
    settings = item.config.stash[_SETTINGS]
    for marker in reversed(list(item.iter_markers("mockserver"))):
        if marker.args:
            raise Mistake(f"the marker mockserver takes its settings by name, not {marker.args[0]!r}")
        settings = settings.changed(marker.kwargs)
    chosen = item.stash.get(CHOSEN, None)
    return settings if chosen is None else settings.changed({"readings": chosen})


@pytest.fixture
def mockserver(request: pytest.FixtureRequest) -> Iterator[Fake]:
    """The fake, in this process: a fresh fork of the world, reached by the vendors' hosts while the test runs."""
    item: pytest.Item = request.node
    settings = _settings(item)
    with ExitStack() as stack:
        fake = stack.enter_context(Fake(settings.engine()))
        item.stash[FAKE] = fake
        if not item.config.getini("mockserver_guard"):
            guard.uninstall()
        if settings.sleep == "clock":
            stack.enter_context(sleeping(fake.wait))
        yield fake
        item.config.stash[_RELIANCE].note(fake, item.nodeid)


@pytest.fixture(scope="session")
def _mockserver_opening(request: pytest.FixtureRequest) -> Iterator[Opening]:
    url = request.config.getoption("--mockserver-url")
    with other_server(url) if url else own_server() as opening:
        yield opening


@pytest.fixture
def mockserver_url(request: pytest.FixtureRequest, mockserver: Fake, _mockserver_opening: Opening) -> Iterator[str]:
    """The URL of the fake on a socket, for any client: the world of `mockserver`, unless --mockserver-url names a server."""
    with _mockserver_opening(mockserver.engine, _settings(request.node)) as url:
        yield url


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Run a test that wants every reading once as it is and once more for each alternative that it touched."""
    if isinstance(item, pytest.Function) and CHOSEN not in item.stash and _settings(item).readings == EVERY:
        run_under_every_reading(item, nextitem)
        return True
    return None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a test that called a real host, and show the last calls of one that failed."""
    report = yield
    leaks = guard.drain()
    if leaks:
        told = [f"a call for {leak.host} would have left for the real host: {leak.line}" for leak in leaks]
        report.outcome = "failed"
        report.longrepr = "\n".join([*dict.fromkeys(told), "", report.longreprtext]).rstrip()
    fake = item.stash.get(FAKE, None)
    if report.failed and fake is not None and len(fake.world.journal):
        report.sections.append(("mockserver: the last calls", told_calls(fake)))
    return report


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand what the tests relied on to the controlling process, or write it."""
    reliance = session.config.stash[_RELIANCE]
    handed = getattr(session.config, "workeroutput", None)
    file = session.config.getoption("--mockserver-report")
    if handed is not None:
        handed["mockserver"] = reliance.said()
    elif file:
        reliance.write(file)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take in what a worker's tests relied on."""
    node.config.stash[_RELIANCE].add(getattr(node, "workeroutput", {}).get("mockserver", {}))
