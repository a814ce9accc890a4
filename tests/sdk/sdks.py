"""Criteo's Python SDKs: which of them the fake is tested with, and where they come from."""

import subprocess
import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

import pytest

RETAIL_MEDIA = {
    "criteo_api_retailmedia_v2026_01": "criteo-api-retailmedia-sdk==2026.1.0.261026",
    "criteo_api_retailmedia_v2026_07": "criteo-api-retailmedia-sdk==2026.7.0.261026",
    "criteo_api_retailmedia_v2027_01": "criteo-api-retailmedia-sdk==2027.1.0.261026",
    "criteo_api_retailmedia_preview": "criteo-api-retailmedia-sdk==0.0.261026",
}
"""By the package that each brings. They are releases of one distribution, so an environment can hold only one of them."""
MARKETING = {"criteo_api_marketingsolutions_preview": "criteo-api-marketingsolutions-sdk==0.0.261026"}
"""The one that has realtime reports."""


@dataclass(frozen=True, slots=True)
class Sdk:
    """What an application uses of an SDK: the builder of clients, one of its APIs, models and exceptions."""

    package: str
    builder: Any
    api: Any
    models: ModuleType
    exceptions: ModuleType

    def connected(self, host: str, secret: str = "demo-secret") -> Any:
        """The SDK's way to the API at a host."""
        return self.api(self.builder.WithClientCredentials("demo-client", secret, host=host))


def imported(package: str, api: str = "audience") -> Sdk:
    """The SDK of that package, which is on the path."""
    builder = import_module(f"{package}.api_client_builder").ApiClientBuilder
    chosen = getattr(import_module(f"{package}.api.{api}_api"), f"{api.capitalize()}Api")
    return Sdk(package, builder, chosen, import_module(f"{package}.models"), import_module(f"{package}.exceptions"))


def cached(requirement: str, config: pytest.Config) -> Path:
    """The folder of a release, kept in pytest's cache from one run to the next."""
    assert config.cache, "the SDKs are kept in pytest's cache"
    return fetched(requirement, config.cache.mkdir("criteo-sdks"))


def fetched(requirement: str, cache: Path) -> Path:
    """The folder of a release, fetched from PyPI if it is not there yet. Several workers may do so at once."""
    folder = cache / requirement
    if not folder.is_dir():
        with TemporaryDirectory(dir=cache) as scratch:
            _keep(_installed(requirement, Path(scratch) / requirement), folder)
    return folder


def _installed(wanted: str, folder: Path) -> Path:
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
