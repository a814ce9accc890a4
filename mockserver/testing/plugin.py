"""The pytest plugin: the fixtures `mockserver` and `mockserver_url`, the marker, the report, the guard.

Suites that do not use the fake have the plugin too, so it imports next to nothing until a test asks for the fake.
"""

from collections.abc import Generator, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mockserver.testing.bridges import guard
from mockserver.testing.stash import CHOSEN, FAKE, GUARDED, RELIANCE

if TYPE_CHECKING:
    from mockserver.testing.fake import Fake
    from mockserver.testing.live import Opening

_MARKER = (
    "mockserver(world, profile, readings, clock, seed, rate_limit, sleep, most_calls): the world that the fixtures mockserver "
    "and mockserver_url give a test; readings='every' runs it under each alternative that it touches"
)


@cache
def _suite() -> Any:
    """The part of the plugin that knows the fake, imported when it is first needed."""
    return import_module("mockserver.testing.suite")


def pytest_addoption(parser: pytest.Parser) -> None:
    """What can be said on the command line and in the configuration file."""
    group = parser.getgroup("mockserver", "the fake of the Criteo and Shoplive APIs")
    group.addoption("--mockserver-report", metavar="FILE", type=Path, help="write what the tests relied on; .json or text")
    group.addoption("--mockserver-url", metavar="URL", help="a running server for mockserver_url, not one of this process")
    group.addoption("--mockserver-target", metavar="URL", help="the server that `--pyargs mockserver.check` checks")
    group.addoption("--mockserver-layer", action="append", default=[], metavar="LAYER", help="only this layer of checks")
    group.addoption("--mockserver-allow-writes", action="store_true", help="let the checks make and delete things there")
    parser.addini("mockserver_world", "world of every test: demo, empty, or a YAML file", default="")
    parser.addini("mockserver_profile", "profile of readings of every test: guide or openapi", default="")
    parser.addini("mockserver_clock", "time at which every test's world stands still, or real", default="")
    parser.addini("mockserver_guard", "fail tests that call the vendors' real hosts", type="bool", default=True)


def pytest_configure(config: pytest.Config) -> None:
    """Read the configuration, and have the guard stand."""
    config.addinivalue_line("markers", _MARKER)
    if any(config.getini(f"mockserver_{name}") for name in ("world", "profile", "clock")):
        _suite().settings_of_all(config)
    if config.getoption("--mockserver-report"):
        _suite().reliance(config)
    if not config.getini("mockserver_guard"):
        guard.dismiss()
    config.stash[GUARDED] = guard.install()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave the process as it was."""
    if RELIANCE in config.stash:
        _suite().stop_listening(config)
    if config.stash.get(GUARDED, False):
        guard.uninstall()
    if not config.getini("mockserver_guard"):
        guard.recall()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Meet every mistake in a marker at once."""
    marked = [item for item in items if item.get_closest_marker("mockserver")]
    if marked:
        _suite().check_markers(marked)


@pytest.fixture
def mockserver(request: pytest.FixtureRequest) -> "Iterator[Fake]":
    """The fake, in this process: a fresh fork of the world, reached by the vendors' hosts while the test runs."""
    yield from _suite().opened(request.node)


@pytest.fixture(scope="session")
def _mockserver_opening(request: pytest.FixtureRequest) -> "Iterator[Opening]":
    with _suite().server(request.config.getoption("--mockserver-url")) as opening:
        yield opening


@pytest.fixture
def mockserver_url(request: pytest.FixtureRequest, mockserver: "Fake", _mockserver_opening: "Opening") -> Iterator[str]:
    """The URL of the fake on a socket, for any client: the world of `mockserver`, unless --mockserver-url names a server."""
    _suite().check_command(request)
    with _mockserver_opening(mockserver.engine, _suite().settings_of(request.node)) as url:
        yield url


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Run a test that wants every reading once as it is and once more for each alternative that it touched."""
    if CHOSEN in item.stash or not item.get_closest_marker("mockserver"):
        return None
    return True if _suite().run_under_every_reading(item, nextitem) else None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a test that called a real host, and show the last calls of one that failed."""
    report = yield
    leaks = guard.drain()
    if leaks:
        told = [f"a call for {leak.host} would have left for the real host: {leak.line}" for leak in leaks]
        told.append("(made in this test, or in a thread that an earlier one left running)")
        report.outcome = "failed"
        report.longrepr = "\n".join([*dict.fromkeys(told), "", report.longreprtext]).rstrip()
    if FAKE in item.stash and item.stash[FAKE].spent and report.passed and report.when == "teardown":
        report.outcome, report.longrepr = "failed", "the client made more calls than most_calls allows, in a thread of its own"
    if report.failed and CHOSEN in item.stash:
        report.sections.append(("mockserver: the reading", str(item.stash[CHOSEN])))
    if report.failed and FAKE in item.stash and len(item.stash[FAKE].journal):
        report.sections.append(("mockserver: the last calls", _told(item.stash[FAKE])))
    return report


def _told(fake: "Fake") -> str:
    """The last calls, or why they can not be told: a test's own failure is never lost over that."""
    try:
        return str(_suite().told_calls(fake))
    except Exception as error:  # noqa: BLE001 - pytest would end the whole run
        return f"could not be told: {error!r}"


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand what the tests relied on to the controlling process, or write it."""
    config = session.config
    handed = getattr(config, "workeroutput", None)
    if handed is not None and RELIANCE in config.stash:
        handed["mockserver"] = config.stash[RELIANCE].said()
    elif handed is None and config.getoption("--mockserver-report"):
        _suite().reliance(config).write(config.getoption("--mockserver-report"))


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take in what a worker's tests relied on."""
    said = getattr(node, "workeroutput", {}).get("mockserver")
    if said:
        _suite().reliance(node.config).add(said)
