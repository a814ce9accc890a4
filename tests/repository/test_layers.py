"""Imports point one way: a module imports only from modules listed above it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "mockserver"

LAYERS = """
mockserver
mockserver.resources
mockserver.mistake
mockserver.evidence
mockserver.readings
mockserver.message
mockserver.problem
mockserver.clock
mockserver.fingerprint
mockserver.store
mockserver.contract
mockserver.contract.schema
mockserver.contract.document
mockserver.contract.repair
mockserver.contract.operation
mockserver.contract.router
mockserver.throttle
mockserver.effects
mockserver.faults
mockserver.journal
mockserver.world
mockserver.provider
mockserver.damage
mockserver.engine
mockserver.masking
mockserver.mending
mockserver.why
mockserver.difference
mockserver.providers.criteo.sources
mockserver.providers.criteo.readings
mockserver.providers.criteo.ledger
mockserver.providers.criteo.calendar
mockserver.providers.criteo.records
mockserver.providers.criteo.tokens
mockserver.providers.criteo.world
mockserver.providers.criteo.generating
mockserver.providers.criteo.founding
mockserver.providers.criteo.dialect
mockserver.providers.criteo.versions
mockserver.providers.criteo.inputs
mockserver.providers.criteo.identity
mockserver.providers.criteo.oauth
mockserver.providers.criteo.paging
mockserver.providers.criteo.naming
mockserver.providers.criteo.segment_rules
mockserver.providers.criteo.segments
mockserver.providers.criteo.identifiers
mockserver.providers.criteo.contact_lists
mockserver.providers.criteo.algebra
mockserver.providers.criteo.audience_rules
mockserver.providers.criteo.audiences
mockserver.providers.criteo.shoppers
mockserver.providers.criteo.sizes
mockserver.providers.criteo.realtime_rows
mockserver.providers.criteo.realtime
mockserver.providers.criteo
mockserver.providers.shoplive.sources
mockserver.providers.shoplive.readings
mockserver.providers.shoplive.records
mockserver.providers.shoplive.activity
mockserver.providers.shoplive.schedule
mockserver.providers.shoplive.world
mockserver.providers.shoplive.founding
mockserver.providers.shoplive.dialect
mockserver.providers.shoplive.identity
mockserver.providers.shoplive.stats
mockserver.providers.shoplive
mockserver.providers
mockserver.catalogue
mockserver.world_files
mockserver.worlds
mockserver.desk
mockserver.world_controls
mockserver.trouble_controls
mockserver.control
mockserver.http
mockserver.server
mockserver.report
mockserver.drift
mockserver.drift.shape
mockserver.drift.blending
mockserver.drift.dialect
mockserver.drift.endpoint
mockserver.drift.facet
mockserver.drift.comparison
mockserver.drift.facts
mockserver.drift.official
mockserver.drift.reasons
mockserver.drift.fingerprints
mockserver.drift.survey
mockserver.drift.usage
mockserver.drift.versions
mockserver.drift.report
mockserver.drift.sarif
mockserver.check
mockserver.check.setting
mockserver.check.expectation
mockserver.check.judging
mockserver.check.wire
mockserver.check.session
mockserver.check.law
mockserver.check.venue
mockserver.check.outcome
mockserver.check.observation
mockserver.check.result
mockserver.check.running
mockserver.check.laws
mockserver.cli
mockserver.__main__
mockserver.testing.target
mockserver.testing.bridges.patches
mockserver.testing.bridges.guard
mockserver.testing.bridges.wire
mockserver.testing.bridges.over_httpx
mockserver.testing.bridges.over_sockets
mockserver.testing.bridges.over_aiohttp
mockserver.testing.bridges
mockserver.testing.settings
mockserver.testing.sleep
mockserver.testing.touching
mockserver.testing.calls
mockserver.testing.fake
mockserver.testing.opening
mockserver.testing
mockserver.testing.generation
mockserver.testing.identifiers
mockserver.testing.holdings
mockserver.testing.fields
mockserver.testing.fitting
mockserver.testing.flaws
mockserver.testing.slips
mockserver.testing.kinds
mockserver.testing.aim
mockserver.testing.bodies
mockserver.testing.plans
mockserver.testing.strategies
mockserver.testing.machines
mockserver.testing.live
mockserver.testing.reliance
mockserver.testing.telling
mockserver.testing.stash
mockserver.testing.every
mockserver.testing.suite
mockserver.testing.plugin
""".split()

DOORS = {
    "starlette": {"mockserver.control"},
    "uvicorn": {"mockserver.cli", "mockserver.server"},
    "click": {"mockserver.cli"},
    "tabulate": {"mockserver.cli", "mockserver.drift.report", "mockserver.report", "mockserver.testing.reliance"},
    "httptools": {"mockserver.testing.bridges.wire"},
    "httpx": {"mockserver.testing.bridges.over_httpx"},
    "hypothesis": {f"mockserver.testing.{name}" for name in "bodies fields generation identifiers machines plans".split()},
    "pytest": {f"mockserver.testing.{name}" for name in "every plugin stash suite".split()},
    "jwt": {"mockserver.providers.shoplive.identity"},
}


def modules() -> dict[str, Path]:
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Line and name of every module that a file imports; `from package import module` counts as the module."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: a relative import"
            inner = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from ((node.lineno, name if name in LAYERS else str(node.module)) for name in inner)


def test_the_layers_name_every_module_and_no_other():
    assert sorted(LAYERS) == sorted(modules())


@pytest.mark.parametrize("module", LAYERS)
def test_a_module_imports_only_from_above(module):
    path = modules()[module]
    above = set(LAYERS[: LAYERS.index(module)])
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for line, name in imported(path)
        if name.split(".")[0] == "mockserver" and name not in above
    ]
    assert not wrong


@pytest.mark.parametrize(("library", "doors"), DOORS.items())
def test_only_a_door_knows_the_outside(library, doors):
    users = {name for name, path in modules().items() if any(found.split(".")[0] == library for _, found in imported(path))}
    assert users == doors


def test_no_import_hides_in_a_function():
    hidden = [
        f"{path.relative_to(ROOT)}:{inner.lineno}"
        for path in modules().values()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert not hidden


def test_time_is_read_in_one_place():
    words = ("time.time(", "real_time(", "datetime.now(", "utcnow(", "monotonic(")
    readers = {name for name, path in modules().items() if any(word in path.read_text("utf-8") for word in words)}
    assert readers == {"mockserver.clock"}
