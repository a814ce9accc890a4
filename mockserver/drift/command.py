"""`mockserver drift` on the command line."""

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from mockserver.drift.official import read_all
from mockserver.drift.report import as_json, as_text
from mockserver.drift.sarif import as_sarif
from mockserver.drift.survey import Survey, surveyed
from mockserver.drift.versions import versions_compared
from mockserver.mistake import Mistake, unknown
from mockserver.provider import Provider
from mockserver.providers import PROVIDERS, READINGS
from mockserver.readings import PROFILES, Readings, parse_choice

_FORMATS: Mapping[str, Callable[[Sequence[Survey]], str]] = {
    "text": as_text,
    "json": lambda surveys: json.dumps(as_json(surveys), indent=2),
    "sarif": lambda surveys: json.dumps(as_sarif(surveys), indent=2),
}


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.option("--official", multiple=True, metavar="FILE|FOLDER|URL", help="A vendor's OpenAPI document; may be repeated.")
@click.option("--version", "only", metavar="VERSION", help="Only the documents of one version.")
@click.option("--all-operations", is_flag=True, help="Count what only the vendor has as a difference too.")
@click.option("--accept", is_flag=True, help="Write down how the documents are now.")
@click.option("--from", "older", metavar="VERSION", help="A version of ours that a client uses.")
@click.option("--to", "newer", metavar="VERSION", help="A version of ours that it may move to.")
@click.option("--journal", metavar="FILE", type=Path, help="What the client called: /_mock/journal or --mockserver-report.")
@click.option("--profile", default="openapi", show_default=True, help=f"Whose word counts: {' or '.join(PROFILES)}.")
@click.option("--reading", multiple=True, metavar="NAME=VALUE", help="Choose one reading otherwise; may be repeated.")
@click.option("--format", "as_format", default="text", show_default=True, type=click.Choice([*_FORMATS]))
@click.option("--output", metavar="FILE", type=Path, help="Where to write; nothing for the screen.")
def drift(
    official: tuple[str, ...],
    only: str | None,
    all_operations: bool,
    accept: bool,
    older: str | None,
    newer: str | None,
    journal: Path | None,
    profile: str,
    reading: tuple[str, ...],
    as_format: str,
    output: Path | None,
) -> None:
    """Compare our contracts with published documents, or versions of ours.

    Exits with 1 if a difference is unexplained, a document moved or a reason is needed no more; between versions, if
    something breaks a client of the older one. Exits with 2 if it cannot compare.
    """
    if bool(official) == bool(older or newer) or bool(older) != bool(newer):
        raise click.UsageError("give --official, or both --from and --to")
    if older and (only or accept or all_operations):
        raise click.UsageError("--version, --accept and --all-operations go with --official")
    if official and journal:
        raise click.UsageError("--journal goes with --from and --to")
    try:
        readings = Readings(READINGS, profile, dict(map(parse_choice, reading)))
        if older and newer:
            surveys: Sequence[Survey] = [versions_compared(_provider(older), readings, older, newer, journal)]
        else:
            surveys = _against(official, only, readings, accept, all_operations)
        _write(_FORMATS[as_format](surveys), output)
    except Mistake as mistake:
        raise click.UsageError(str(mistake)) from None
    sys.exit(int(any(survey.drifted for survey in surveys)))


def _versions() -> dict[str, Provider[Any]]:
    return {version: provider for provider in PROVIDERS for version in provider.contracts.library.versions}


def _provider(version: str) -> Provider[Any]:
    known = _versions()
    if version not in known:
        raise unknown("version", version, known)
    return known[version]


def _against(
    sources: Iterable[str], only: str | None, readings: Readings, accept: bool, all_operations: bool
) -> Sequence[Survey]:
    """A survey for each provider that the documents are about."""
    known = _versions()
    if only is not None:
        _provider(only)
    officials = [each for each in read_all(sources, known) if only in (each.version, None)]
    if not officials:
        raise Mistake(f"none of the documents is of version {only}")
    return [
        surveyed(provider, readings, of_provider, accept, all_operations)
        for provider in PROVIDERS
        if (of_provider := [each for each in officials if known[each.version] is provider])
    ]


def _write(text: str, output: Path | None) -> None:
    if output is None:
        click.echo(text)
        return
    try:
        output.write_text(text + "\n", "utf-8")
    except OSError as error:
        raise Mistake(f"cannot write {output}: {error.strerror or error}") from None
