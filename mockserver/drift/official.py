"""A vendor's published OpenAPI document, read from a file or from the web."""

import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import yaml

from mockserver.drift.endpoint import Endpoint, Key, endpoints
from mockserver.mistake import Mistake, unknown

LARGEST = 32 * 2**20
"""Bytes. The largest that is known has two thirds of one million."""
PATIENCE = 30.0
"""Seconds."""
_ENDINGS = (".json", ".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Official:
    """`name` is what the document calls itself, `version` the version of ours that it is for."""

    source: str
    name: str
    version: str
    endpoints: Mapping[Key, Endpoint]


def read_all(sources: Iterable[str], versions: Iterable[str]) -> list[Official]:
    """The documents at some places: files, folders of files, web addresses. Raises `Mistake` for what is none."""
    known = list(versions)
    return [read(each, known) for source in sources for each in _spread(source)]


def _spread(source: str) -> Iterator[str]:
    if not _is_address(source) and Path(source).is_dir():
        found = sorted(str(path) for path in Path(source).iterdir() if path.suffix in _ENDINGS)
        if not found:
            raise Mistake(f"{source} holds no file that ends in {', '.join(_ENDINGS)}")
        yield from found
    else:
        yield source


def read(source: str, versions: Iterable[str]) -> Official:
    """One document. Raises `Mistake` if it cannot be had, is not OpenAPI or of no version that is known."""
    document = _parsed(source, _fetched(source) if _is_address(source) else _read(source))
    info = document.get("info")
    info = info if isinstance(info, dict) else {}
    version = _version(source, document, str(info.get("version", "")), versions)
    name = " ".join(str(info.get("description") or info.get("title") or "nameless").split())[:80]
    try:
        return Official(source, name, version, endpoints(document, version))
    except Mistake as mistake:
        raise Mistake(f"{source}: {mistake}") from None


def _is_address(source: str) -> bool:
    return source.lower().startswith(("http://", "https://"))


def _read(source: str) -> bytes:
    try:
        with Path(source).open("rb") as file:
            return _bounded(source, file.read(LARGEST + 1))
    except OSError as error:
        raise Mistake(f"cannot read {source}: {error.strerror or error}") from None


def _fetched(source: str) -> bytes:
    request = urllib.request.Request(source, headers={"accept": "application/json"})  # noqa: S310 - http or https, as checked
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
            return _bounded(source, answer.read(LARGEST + 1))
    except (OSError, ValueError) as error:
        raise Mistake(f"cannot fetch {source}: {getattr(error, 'reason', error)}") from None


def _bounded(source: str, content: bytes) -> bytes:
    if len(content) > LARGEST:
        raise Mistake(f"{source} has more than {LARGEST} bytes, which no document needs")
    return content


def _parsed(source: str, content: bytes) -> dict[str, Any]:
    try:
        document = _loaded(content)
    except ValueError as error:
        raise Mistake(f"{source} is neither JSON nor YAML: {str(error).splitlines()[0]}") from None
    if not isinstance(document, dict) or "openapi" not in document or not isinstance(document.get("paths"), dict):
        raise Mistake(f"{source} is no OpenAPI document: it has no 'openapi' or no 'paths'")
    return document


def _loaded(content: bytes) -> Any:
    try:
        return orjson.loads(content)
    except ValueError:
        pass
    try:
        return yaml.safe_load(content)
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from None


def _version(source: str, document: Mapping[str, Any], said: str, versions: Iterable[str]) -> str:
    """The version that the document says it is for, or else the one that its paths begin with."""
    known = {version.lower(): version for version in versions}
    steps = [path.removeprefix("/").partition("/")[0] for path in document["paths"]]
    for name in (said, *dict.fromkeys(steps)):
        if name.lower() in known:
            return known[name.lower()]
    raise Mistake(f"{source}: {unknown('version', said, known.values())}")
