"""The page that the figures are written to: what was measured, on which machine, when, and beside what."""

import os
import platform
import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tabulate import tabulate

from benchmarks import endurance, growth, in_process, kit, knee, loopback, peers, starting
from mockserver import __version__


@dataclass(frozen=True)
class Wanted:
    """What the long measurements are to last, and where the peers are, if anywhere."""

    peers: Path | None = None
    calls: int = 10_000_000
    minutes: float = 3.0


def replaced(page: str, part: str) -> str:
    """The page with a section in the place of the one of its name, or at its end."""
    name = part.partition("\n")[0]
    before, there, after = page.partition(f"{name}\n")
    if not there:
        return f"{page}\n{part}"
    _, following, rest = after.partition("\n## ")
    return f"{before}{part}{following}{rest}"


Section = Callable[[Wanted], str]

_ABOUT = """\
Figures of different machines do not compare; ratios do. The reference is plain uvicorn with Starlette answering 241 constant
bytes, measured in the same run: server on one core, wrk with 32 connections on the other, medians of interleaved rounds. We
answer from state, hold every answer against the contract, and write the journal.
"""
_KNEE = """\
Searches of a page of 50. The knee is at {knee} connections: more bring not a tenth more calls, only longer waits.

"""
_SOAK = """\
{minutes:g} minutes of clients that behave and clients that do not, with faults of {kinds} kinds: {good:,} pairs of calls,
{rude:,} connections that sent nonsense, were cut or read nothing. {failed} answers were a 500, {unexpected} of a status that
nothing asked for. Before: {before[MB]:g} MB and {before[open files]:g} open files; after: {after[MB]:g} MB and
{after[open files]:g}."""


def head() -> str:
    """How the page begins: which mockserver, when, on what."""
    return f"# Performance\n\nWritten by `python -m benchmarks --write`, not by hand:\n{_machine()}\n\n{_ABOUT}"


def sections(wanted: Wanted, names: Sequence[str]) -> Iterator[str]:
    """Section by section, as each is measured."""
    for name in names:
        yield f"## {name}\n\n{SECTIONS[name](wanted)}\n"


def _table(rows: Sequence[Sequence[Any]], headers: Sequence[str], *formats: str | None) -> str:
    return tabulate(rows, headers, tablefmt="github", floatfmt=(None, *formats), missingval="")


def _over_loopback(wanted: Wanted) -> str:
    headers = ["", "calls/s", "reference calls/s", "ratio", "target", "p99 ms"]
    return _table(loopback.measure(), headers, ".0f", ".0f", ".2f", ".2f", ".1f")


def _in_process(wanted: Wanted) -> str:
    return _table(in_process.measure(), ["", "µs a call", "Starlette µs", "ratio"], ".1f", ".1f", ".2f")


def _test_kit(wanted: Wanted) -> str:
    return _table(kit.measure(), ["", "µs", "reference µs", "ratio", "at most"], ".1f", ".1f", ".2f", None)


def _beside_peers(wanted: Wanted) -> str:
    names = peers.names(wanted.peers)
    rows = peers.measure(wanted.peers)
    told = "Ratios to the reference. The peers answer a static stub of the same bytes; we answer from state.\n\n"
    return told + _table(rows, ["", "mockserver", *names], *(".2f" for _ in range(len(names) + 1)))


def _of_the_knee(wanted: Wanted) -> str:
    rows = knee.measure()
    told = _KNEE.format(knee=knee.knee(rows))
    return told + _table(rows, ["connections", "calls/s", "p99 ms"], ".0f", ".1f")


def _with_segments(wanted: Wanted) -> str:
    headers = ["segments", "search, first page, µs", "search, last page, µs", "create one, µs", "fork the world, µs"]
    return _table([*growth.of_segments()], headers, ".1f", ".1f", ".1f", ".1f")


def _with_identifiers(wanted: Wanted) -> str:
    headers = ["identifiers in the list", "add 100, µs", "statistics, µs", "process, MB"]
    return _table([*growth.of_identifiers()], headers, ".1f", ".1f", ".0f")


def _with_worlds(wanted: Wanted) -> str:
    headers = ["worlds, each written to", "open one more, µs", "search in one, µs", "a world, kB"]
    return _table([*growth.of_worlds()], headers, ".1f", ".1f", ".0f")


def _starting(wanted: Wanted) -> str:
    return _table(starting.measure(), ["", "ms", "MB"], ".0f", ".0f")


def _of_many_calls(wanted: Wanted) -> str:
    told = "Tokens, searches, identifiers added and realtime reports in turn, of one engine in process; the journal is on.\n\n"
    return told + _table([*endurance.many(wanted.calls)], ["calls so far", "process, MB", "µs a call"], ".1f", ".1f")


def _of_a_soak(wanted: Wanted) -> str:
    told = endurance.soak(wanted.minutes)
    return _SOAK.format(kinds=len(endurance.FAULTS), failed=told["answers 500"], **told)


SECTIONS: dict[str, Section] = {
    "Over loopback": _over_loopback,
    "Beside other mock servers": _beside_peers,
    "The knee": _of_the_knee,
    "Start and memory": _starting,
    "In process": _in_process,
    "The test kit": _test_kit,
    "As segments grow": _with_segments,
    "As identifiers grow": _with_identifiers,
    "As worlds grow": _with_worlds,
    "After millions of calls": _of_many_calls,
    "After everything went wrong": _of_a_soak,
}


def _machine() -> str:
    when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False).stdout.strip()
    python = f"{platform.python_implementation()} {platform.python_version()}"
    ours = f"mockserver {__version__} at {commit or 'no commit'}, {when}"
    return f"{ours},\n{_processor()}, {os.cpu_count()} cores, {platform.system()}, {python}."


def _processor() -> str:
    try:
        told = Path("/proc/cpuinfo").read_text("utf-8")
    except OSError:
        return platform.machine()
    found = re.search(r"^model name\s*:\s*(.+)$", told, re.MULTILINE)
    return found[1].strip() if found else platform.machine()
