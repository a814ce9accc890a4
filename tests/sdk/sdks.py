"""Criteo's Python SDKs for retail media: which of them the fake is tested with, and where they come from."""

import subprocess
import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

import pytest

DISTRIBUTION = "criteo-api-retailmedia-sdk"
RELEASES = {
    "criteo_api_retailmedia_v2026_01": "2026.1.0.261026",
    "criteo_api_retailmedia_v2026_07": "2026.7.0.261026",
    "criteo_api_retailmedia_v2027_01": "2027.1.0.261026",
    "criteo_api_retailmedia_preview": "0.0.261026",
}
"""By the package that each brings. They are releases of one distribution, so an environment can hold only one of them."""


@dataclass(frozen=True, slots=True)
class Sdk:
    """What an application uses of an SDK: the builder of clients, the audience operations, models and exceptions."""

    package: str
    builder: Any
    audience_api: Any
    models: ModuleType
    exceptions: ModuleType


def imported(package: str) -> Sdk:
    """The SDK of that package, which is on the path."""
    builder = import_module(f"{package}.api_client_builder").ApiClientBuilder
    audience_api = import_module(f"{package}.api.audience_api").AudienceApi
    return Sdk(package, builder, audience_api, import_module(f"{package}.models"), import_module(f"{package}.exceptions"))


def fetched(release: str, cache: Path) -> Path:
    """The folder of a release, fetched from PyPI if it is not there yet. Several workers may do so at once."""
    folder = cache / release
    if not folder.is_dir():
        with TemporaryDirectory(dir=cache) as scratch:
            _keep(_installed(release, Path(scratch) / release), folder)
    return folder


def _installed(release: str, folder: Path) -> Path:
    wanted = f"{DISTRIBUTION}=={release}"
    options = ["--quiet", "--no-input", "--no-deps", "--only-binary=:all:", "--retries=1", "--target", str(folder), wanted]
    pip = subprocess.run([sys.executable, "-m", "pip", "install", *options], capture_output=True, text=True, check=False)
    if pip.returncode:
        pytest.fail(f"The tests with Criteo's SDKs need {wanted} from PyPI; pip said:\n{pip.stderr}", pytrace=False)
    return folder


def _keep(complete: Path, folder: Path) -> None:
    try:
        complete.rename(folder)
    except OSError:
        if not folder.is_dir():  # otherwise another worker was first
            raise
