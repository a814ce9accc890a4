"""The example application passes its own tests, and the kit finds each bug planted in it by a plan as small as can be."""

import json
import os
import re
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from sdk.sdks import RETAIL_MEDIA, cached

EXAMPLES = Path(__file__).parents[2] / "examples"
LEFT_BEHIND = shutil.ignore_patterns("__pycache__", ".*")
SDK = "criteo_api_retailmedia_v2026_07"
SOUND_EXAMPLES = 60


def imported(name: str) -> Any:
    """A module of the examples, which import one another as in a project of their own."""
    sys.path.insert(0, str(EXAMPLES))
    try:
        return import_module(name)
    finally:
        sys.path.remove(str(EXAMPLES))


hunt = imported("hunt")
SOUND = imported("properties").SOUND


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the examples, where a run may leave what it likes."""
    return Path(shutil.copytree(EXAMPLES, tmp_path / "examples", ignore=LEFT_BEHIND))


def told(project: Path, *command: str, **environment: str) -> str:
    """What Python prints when it is run in the project as anybody would run it, not as part of this run."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COV"))}
    run = subprocess.run(
        [sys.executable, *command], cwd=project, env=own | environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def test_the_application_passes_its_own_tests(project: Path, pytestconfig: pytest.Config):
    sdk = cached(RETAIL_MEDIA[SDK], pytestconfig)
    printed = told(project, "-m", "pytest", "--mockserver-report", "report.json", PYTHONPATH=str(sdk))
    assert re.search(r"\d+ passed in", printed), printed
    assert "skipped" not in printed
    report = json.loads((project / "report.json").read_text("utf-8"))
    called = {row["operation"] for row in report["operations"]}
    assert called >= {"requestToken", "searchAudienceSegments", "bulkDeleteAudienceSegments", "getRealTimeReport"}
    assert report["readings"]
    assert report["assumptions"]


def test_ten_bugs_are_planted():
    assert len({bug.name for bug in hunt.BUGS}) == 10
    assert all(bug.parts != SOUND for bug in hunt.BUGS)


@pytest.mark.parametrize("bug", hunt.BUGS, ids=lambda bug: bug.name)
def test_a_bug_is_found_by_a_small_plan(bug: Any):
    plan = hunt.smallest(bug)
    assert plan is not None, "not found"
    assert 1 <= len(plan) <= 3, plan
    with pytest.raises(Exception):  # noqa: B017, PT011 - a bug may show in any way
        bug.breaks(bug.parts, plan)
    bug.breaks(bug.parts, [])
    bug.breaks(SOUND, plan)


@pytest.mark.parametrize("bug", hunt.BUGS, ids=lambda bug: bug.name)
def test_the_sound_application_keeps_the_property_that_a_bug_breaks(bug: Any):
    assert hunt.smallest(bug, SOUND, SOUND_EXAMPLES) is None


def test_the_readme_has_the_table_that_the_hunt_prints(project: Path):
    table = re.search(r"^```text\n(.*?)^```$", (project / "README.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert table is not None
    assert table[1] == told(project, "-m", "hunt")
