"""The command line, and the only reader of the environment."""

import gc
import json
import socket
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import uvicorn
from tabulate import tabulate

from mockserver import __version__
from mockserver.catalogue import Claim, claims, unsettled
from mockserver.clock import parse_moment
from mockserver.drift.official import read_all
from mockserver.drift.report import as_json, as_text
from mockserver.drift.sarif import as_sarif
from mockserver.drift.survey import Survey, surveyed
from mockserver.drift.versions import versions_compared
from mockserver.http import Door
from mockserver.mistake import Mistake, unknown
from mockserver.provider import Provider
from mockserver.providers import PROVIDERS, READINGS
from mockserver.reading_files import read_readings
from mockserver.readings import PROFILES, Readings, parse_choice
from mockserver.report import asked, drawn
from mockserver.server import configured, listening
from mockserver.world_controls import rate_limit as parse_rate_limit
from mockserver.worlds import RATE_LIMIT, Worlds, founded


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.version_option(__version__, prog_name="mockserver")
def main() -> None:
    """A stateful fake of the Criteo and Shoplive APIs."""


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 takes a free one.")
@click.option("--world", default="demo", show_default=True, help="A world of ours by name, or a YAML file of yours.")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(0, 2**63 - 1), help="What chance follows from.")
@click.option("--clock", default="real", show_default=True, help="'real', or a time to stand still at.")
@click.option("--profile", default="guide", show_default=True, help=f"Whose word counts: {' or '.join(PROFILES)}.")
@click.option("--reading", multiple=True, metavar="NAME=VALUE", help="Choose one reading otherwise; may be repeated.")
@click.option("--readings", metavar="FILE", type=Path, help="Readings from a file, as check --learn writes it.")
@click.option("--rate-limit", default=str(RATE_LIMIT), show_default=True, help="Calls a minute, or 'off'.")
def serve(
    host: str,
    port: int,
    world: str,
    seed: int,
    clock: str,
    profile: str,
    reading: tuple[str, ...],
    readings: Path | None,
    rate_limit: str,
) -> None:
    """Run the fake until stopped."""
    try:
        engine = founded(
            PROVIDERS,
            world,
            seed=seed,
            frozen_at=None if clock == "real" else parse_moment(clock),
            profile=profile,
            readings={**_learned(readings), **dict(map(parse_choice, reading))},
            rate_limit=parse_rate_limit(rate_limit),
        )
        sock = listening(host, port)
    except Mistake as mistake:
        raise click.ClickException(str(mistake)) from None
    door = Door(Worlds(engine))
    gc.freeze()  # what is there now stays: looking through it again and again would cost every large answer,
    gc.set_threshold(100_000, 50, 100)  # and looking often at what grows made one creation in a hundred wait 48 ms
    _Announcing(configured(door)).run([sock])


def _learned(file: Path | None) -> dict[str, str]:
    return {} if file is None else read_readings(file, READINGS)


class _Announcing(uvicorn.Server):
    """Says where it is once it is there."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for each in sockets or ():
            host, port = each.getsockname()[:2]
            print(f"mockserver ready at http://{f'[{host}]' if ':' in host else host}:{port}", flush=True)


@main.command()
@click.option("--url", default="http://127.0.0.1:8000", show_default=True, help="A running server.")
@click.option("--client-id", default="demo-client", show_default=True)
@click.option("--client-secret", default="demo-secret", show_default=True)
@click.option("--advertiser", multiple=True, default=("123", "456", "1234"), show_default=True, help="May be repeated.")
@click.option("--hours", default=12, show_default=True, type=click.IntRange(1, 24), help="How far to look back.")
@click.option("--timezone", default="UTC", show_default=True)
@click.option("--currency", default="EUR", show_default=True)
def report(
    url: str, client_id: str, client_secret: str, advertiser: tuple[str, ...], hours: int, timezone: str, currency: str
) -> None:
    """Draw the last hours of some advertisers, asked of a running server."""
    attributes = {
        "advertiserIds": advertiser,
        "dimensions": ["day", "hour", "advertiser", "campaign"],
        "metrics": ["displays", "clicks", "cost"],
        "lookbackWindow": hours,
        "timezone": timezone,
        "currency": currency,
    }
    try:
        click.echo(drawn(asked(url.rstrip("/"), client_id, client_secret, attributes), currency))
    except Mistake as mistake:
        raise click.ClickException(str(mistake)) from None


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def operations(as_json: bool) -> None:
    """Print what is implemented, in which version."""
    rows = []
    for provider in PROVIDERS:
        contract = provider.contracts.under({reading.name: reading.guide for reading in provider.readings})
        for id in provider.handlers:
            of_id = {operation.version: operation for operation in contract.operations if operation.id == id}
            one = next(iter(of_id.values()))
            path = one.path.replace(f"/{one.version}/", "/{version}/")
            rows.append({"provider": provider.name, "operation": id, "method": one.method, "path": path, "versions": [*of_id]})
    if as_json:
        click.echo(json.dumps(rows, indent=2))
    else:
        click.echo(
            tabulate([[row["method"], row["path"], " ".join(row["versions"])] for row in rows], ["", "path", "versions"])
        )


def _source(claim: Claim) -> str:
    unproven = claim.evidence.unproven
    return f"{claim.evidence.source}; unproven: {unproven}" if unproven else claim.evidence.source


@main.command()
@click.option("--all", "everything", is_flag=True, help="Also what documents settle.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def assumptions(everything: bool, as_json: bool) -> None:
    """Print every rule that no document settles, and on what it rests."""
    found = [claim for provider in PROVIDERS for claim in claims(provider)]
    shown = found if everything else list(unsettled(found))
    rows = [[each.sort, each.name, each.statement, each.evidence.kind, _source(each)] for each in shown]
    headers = ["sort", "name", "statement", "evidence", "source"]
    if as_json:
        click.echo(json.dumps([dict(zip(headers, row, strict=True)) for row in rows], indent=2))
    else:
        click.echo(tabulate(rows, headers, maxcolwidths=[None, 28, 44, None, 44]))


@main.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def check(arguments: tuple[str, ...]) -> None:
    """Hold a server against the contract: a fresh fake, any server, the real API."""
    try:  # what the kit needs is an extra, and costs every other command most of a second
        kit = import_module("mockserver.check.command")
    except ModuleNotFoundError as missing:
        if (missing.name or "").startswith("mockserver"):
            raise
        raise click.UsageError(f"the kit needs {missing.name}: pip install 'mockserver[check]'") from None
    kit.check.main(list(arguments), prog_name="mockserver check")


_FORMATS: Mapping[str, Callable[[Sequence[Survey]], str]] = {
    "text": as_text,
    "json": lambda surveys: json.dumps(as_json(surveys), indent=2),
    "sarif": lambda surveys: json.dumps(as_sarif(surveys), indent=2),
}


@main.command()
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
    """Compare our contracts with published documents, or one version of ours with another.

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
