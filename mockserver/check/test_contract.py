"""The kit as a pytest suite: `pytest --pyargs mockserver.check --mockserver-target URL`, credentials from the environment."""

import os
from collections.abc import Iterator

import pytest

from mockserver.check.asking import ENVIRONMENT, Asked, look_around, venue_of
from mockserver.check.law import Check, Effort
from mockserver.check.redaction import secrets_of
from mockserver.check.reports.summary import told_finding
from mockserver.check.running import run_one
from mockserver.check.suite import SUITE, selected
from mockserver.check.venue import Venue
from mockserver.mistake import Mistake


@pytest.fixture(scope="session")
def venue(request: pytest.FixtureRequest) -> Iterator[Venue]:
    """The target, met once, and judged under the readings that it was seen to follow."""
    option = request.config.getoption
    said = {name: os.environ.get(variable) for name, variable in ENVIRONMENT.items()}
    said["target"] = option("--mockserver-target") or said["target"]
    asked = Asked(**said, allow_writes=option("--mockserver-allow-writes"))  # type: ignore[arg-type]  # text each
    try:
        found = venue_of(asked)
        look_around(found, asked)
    except Mistake as mistake:
        pytest.exit(str(mistake), returncode=2)
    yield found
    found.leave()


@pytest.mark.parametrize("check", SUITE, ids=[check.name for check in SUITE])
def test_the_target_keeps_its_contract(check: Check, venue: Venue, request: pytest.FixtureRequest) -> None:
    """One check, skipped where the target does not allow it."""
    if check not in selected(request.config.getoption("--mockserver-layer")):
        pytest.skip("of another layer")
    outcome = run_one(check, venue, Effort())
    if outcome.verdict == "skipped":
        pytest.skip(outcome.reason)
    if outcome.finding is not None:
        pytest.fail(told_finding(outcome.finding, secrets_of(venue.setting)), pytrace=False)
    if outcome.verdict == "broke off":
        pytest.fail(outcome.reason, pytrace=False)
