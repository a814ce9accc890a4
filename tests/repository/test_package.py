"""The wheel holds the package, its contracts and its fixtures, and nothing else."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def tracked(folder: str) -> set[str]:
    told = subprocess.run(["git", "ls-files", folder], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(told.stdout.split())


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The files of a wheel built from this checkout, less its metadata."""
    target = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(target), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (built,) = target.glob("*.whl")
    names = set(zipfile.ZipFile(built).namelist())
    assert "mockserver-0.1.0.dist-info/licenses/LICENSE" in names
    return {name for name in names if ".dist-info/" not in name}


def test_the_wheel_is_the_package_with_contracts_and_fixtures(wheel):
    inside = {f"mockserver/{name}" for folder in ("contracts", "fixtures") for name in tracked(folder)}
    assert wheel == tracked("mockserver") | inside


def test_nothing_of_this_machine_is_named_in_the_project():
    command = ["git", "grep", "-nE", "(^|[^A-Za-z0-9_.$])/(work|root|tmp|home)/", "--", ".", ":!tests/repository"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.stdout == ""
