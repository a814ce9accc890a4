"""Imports point one way: a module imports only from modules listed above it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "mockserver"

LAYERS = """
mockserver
mockserver.hosts
mockserver.pages.chart
mockserver.pages.member
mockserver.serving
mockserver.serving.condition
mockserver.serving.settings
mockserver.serving.state
mockserver.resources
mockserver.mistake
mockserver.strict_yaml
mockserver.late
mockserver.pages.form
mockserver.serving.certificates
mockserver.serving.configuration
mockserver.serving.presenting
mockserver.serving.state.claim
mockserver.serving.state.frames
mockserver.serving.watching
mockserver.serving.authority
mockserver.serving.trusting
mockserver.evidence
mockserver.readings
mockserver.reading_files
mockserver.message
mockserver.problem
mockserver.clock
mockserver.pages.sheet
mockserver.serving.health
mockserver.serving.secure
mockserver.fingerprint
mockserver.store
mockserver.pages.record
mockserver.contract
mockserver.contract.schema
mockserver.contract.document
mockserver.pages.bearing
mockserver.contract.repair
mockserver.contract.operation
mockserver.contract.router
mockserver.throttle
mockserver.effects
mockserver.faults
mockserver.journal
mockserver.serving.tally
mockserver.world
mockserver.provider
mockserver.damage
mockserver.engine
mockserver.masking
mockserver.serving.lines
mockserver.pages.curl
mockserver.pages.line
mockserver.mending
mockserver.pages.example
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
mockserver.listings
mockserver.world_files
mockserver.misplaced
mockserver.world_command
mockserver.worlds
mockserver.serving.metrics
mockserver.serving.state.shapes
mockserver.serving.state.comparing
mockserver.serving.state.writing
mockserver.serving.state.reading
mockserver.serving.state.file
mockserver.serving.state.keeper
mockserver.desk
mockserver.pages.room
mockserver.pages.assets
mockserver.pages.call
mockserver.pages.coverage
mockserver.pages.docs
mockserver.pages.realtime
mockserver.pages.state
mockserver.world_controls
mockserver.pages.readings
mockserver.serving.founding
mockserver.trouble_controls
mockserver.pages.faults
mockserver.pages.home
mockserver.pages.worlds
mockserver.pages.stream
mockserver.pages
mockserver.control
mockserver.serving.admission
mockserver.http
mockserver.connection
mockserver.server
mockserver.serving.running
mockserver.serving.command
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
mockserver.drift.command
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
mockserver.check
mockserver.check.expectation
mockserver.check.judging
mockserver.check.setting
mockserver.check.wire
mockserver.check.session
mockserver.check.venue
mockserver.check.fresh
mockserver.check.observation
mockserver.check.readings.observer
mockserver.check.readings.of_access
mockserver.check.readings.of_criteo
mockserver.check.customer_token
mockserver.check.readings.of_shoplive
mockserver.check.refraining
mockserver.check.law
mockserver.check.outcome
mockserver.check.running
mockserver.check.readings.observing
mockserver.check.target.budget
mockserver.check.target.made
mockserver.check.target.mentions
mockserver.check.target.cleaning
mockserver.check.target.pace
mockserver.check.target.guard
mockserver.check.target.elsewhere
mockserver.check.target.remote
mockserver.check.target.fake
mockserver.check.target.probing
mockserver.check.target.meeting
mockserver.check.asking
mockserver.check.result
mockserver.check.players
mockserver.check.scrubbing
mockserver.check.redaction
mockserver.check.readings.learning
mockserver.check.reports.parts
mockserver.check.reports.minting
mockserver.check.tapes.references
mockserver.check.tapes.standins
mockserver.check.tapes.naming
mockserver.check.tapes.tape
mockserver.check.tapes.recording
mockserver.check.conducting
mockserver.check.lies.source
mockserver.check.lies.lie
mockserver.check.lies.copying
mockserver.check.lies.copies
mockserver.check.lies.trial
mockserver.check.drafting.draft
mockserver.check.drafting.cast
mockserver.check.drafting.samples
mockserver.check.drafting.variants
mockserver.check.drafting.boundaries
mockserver.check.drafting.cases
mockserver.check.drafting.fit
mockserver.check.drafting.verdict
mockserver.check.drafting.posing
mockserver.check.drafting.subjects
mockserver.check.coverage
mockserver.check.documented
mockserver.check.examples
mockserver.check.drafting.chance
mockserver.check.fuzz
mockserver.check.laws.aiming
mockserver.check.laws.stating
mockserver.check.laws.permissions
mockserver.check.laws.accounts
mockserver.check.laws.refusals
mockserver.check.laws.entities
mockserver.check.laws.segment_model
mockserver.check.laws.segment_life
mockserver.check.laws.across_versions
mockserver.check.laws.audience_model
mockserver.check.laws.audience_life
mockserver.check.laws.algebra
mockserver.check.laws.segment_creation
mockserver.check.laws.windows
mockserver.check.laws.segment_search
mockserver.check.laws.segment_machine
mockserver.check.laws.audience_machine
mockserver.check.laws.audience_search
mockserver.check.laws.audiences
mockserver.check.laws.bodies
mockserver.check.laws.bulk
mockserver.check.laws.granting
mockserver.check.laws.tokens
mockserver.check.laws.consents
mockserver.check.laws.identifiers_model
mockserver.check.laws.list_life
mockserver.check.laws.contact_lists
mockserver.check.laws.calls
mockserver.check.laws.counting
mockserver.check.laws.measures
mockserver.check.laws.estimates
mockserver.check.laws.event_sizes
mockserver.check.laws.http
mockserver.check.laws.identifiers
mockserver.check.laws.identity
mockserver.check.laws.isolation
mockserver.check.laws.list_machine
mockserver.check.laws.list_refusals
mockserver.check.laws.paging
mockserver.check.laws.figures
mockserver.check.laws.realtime
mockserver.check.laws.realtime_rules
mockserver.check.laws.realtime_filters
mockserver.check.laws.realtime_time
mockserver.check.laws.realtime_zones
mockserver.check.laws.segment_changes
mockserver.check.laws.segment_renaming
mockserver.check.laws.minting
mockserver.check.laws.periods
mockserver.check.laws.shoplive
mockserver.check.laws.shoplive_figures
mockserver.check.laws.shoplive_identity
mockserver.check.laws.shoplive_time
mockserver.check.laws.sizes
mockserver.check.laws.throttle_machine
mockserver.check.laws.throttling
mockserver.check.laws.token_machine
mockserver.check.laws.token_requests
mockserver.check.laws.versions
mockserver.check.laws
mockserver.check.suite
mockserver.check.lies.self_test
mockserver.check.lies.matrix
mockserver.check.reports.handed
mockserver.check.reports.hiding
mockserver.check.reports.agreeing
mockserver.check.reports.introducing
mockserver.check.reports.template
mockserver.check.reports.variables
mockserver.check.reports.plan
mockserver.check.reports.shell
mockserver.check.reports.words
mockserver.check.reports.curl
mockserver.check.reports.phrases
mockserver.check.reports.repeat
mockserver.check.reports.as_json
mockserver.check.reports.baseline
mockserver.check.reports.grouping
mockserver.check.reports.matrix
mockserver.check.reports.summary
mockserver.check.reports.html
mockserver.check.reports.junit
mockserver.check.publishing
mockserver.check.reports.github
mockserver.check.reports.progress
mockserver.check.stopping
mockserver.check.tapes.substitutes
mockserver.check.tapes.comparing
mockserver.check.tapes.replaying
mockserver.check.target.rehearsal
mockserver.check.command
mockserver.check.drafting
mockserver.check.keeping
mockserver.check.lies
mockserver.check.readings
mockserver.check.reports
mockserver.check.tapes
mockserver.check.target
mockserver.check.test_contract
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
    "starlette": {
        "mockserver.control",
        "mockserver.http",
        "mockserver.serving.admission",
        *(f"mockserver.pages{room}" for room in ("", ".assets", ".form", ".room", ".sheet", ".stream")),
    },
    "uvicorn": {"mockserver.connection", "mockserver.server", "mockserver.serving.running"},
    "click": {
        "mockserver.cli",
        "mockserver.check.command",
        "mockserver.drift.command",
        "mockserver.listings",
        "mockserver.report",
        *(f"mockserver.serving.{room}" for room in ("command", "configuration", "health")),
        "mockserver.world_command",
    },
    "cryptography": {"mockserver.serving.authority", "mockserver.serving.certificates"},
    "prometheus_client": {"mockserver.serving.metrics"},
    "msgspec": {f"mockserver.serving.state.{room}" for room in "file reading writing".split()},
    "tabulate": {
        "mockserver.check.lies.matrix",
        "mockserver.check.reports.summary",
        "mockserver.drift.report",
        "mockserver.listings",
        "mockserver.report",
        "mockserver.testing.reliance",
    },
    "httptools": {"mockserver.connection", "mockserver.testing.bridges.wire"},
    "httpx": {"mockserver.check.target.remote", "mockserver.testing.bridges.over_httpx"},
    "pytest": {
        "mockserver.check.test_contract",
        *(f"mockserver.testing.{name}" for name in "every plugin stash suite".split()),
    },
    "schemathesis": {"mockserver.check.drafting.cases"},
    "jinja2": {"mockserver.check.reports.html", "mockserver.pages.sheet"},
    "rich": {"mockserver.check.command", "mockserver.check.reports.progress"},
}
KITS = ("mockserver.check.", "mockserver.testing.")
"""What may draw with Hypothesis."""


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


def test_only_the_kits_draw():
    drawing = {
        name for name, path in modules().items() if any(found.split(".")[0] == "hypothesis" for _, found in imported(path))
    }
    assert all(name.startswith(KITS) for name in drawing)


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
    scripts = {f"mockserver.check.reports.{name}" for name in ("phrases", "shell")}  # which write programs that read it
    assert readers - scripts == {"mockserver.clock"}
