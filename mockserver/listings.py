"""What the fake knows, listed: `mockserver operations` and `mockserver assumptions`."""

import json

import click
from tabulate import tabulate

from mockserver.catalogue import Claim, claims, unsettled
from mockserver.providers import PROVIDERS


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
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


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
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
