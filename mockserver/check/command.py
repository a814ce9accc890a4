"""`mockserver check`: the kit on the command line."""

import os
import sys
from pathlib import Path
from typing import Any

import click

from mockserver.check.asking import ENVIRONMENT, Asked, new_run, venue_of
from mockserver.check.conducting import Conduct, conducted, rehearsal
from mockserver.check.law import LAYERS, Effort
from mockserver.check.publishing import Outputs, publish
from mockserver.check.suite import SUITE, selected
from mockserver.mistake import Mistake
from mockserver.reading_files import read_readings
from mockserver.readings import PROFILES, parse_choice


def _option(name: str, **more: Any) -> Any:
    """An option that may stand in the environment too."""
    variable = ENVIRONMENT[name.removeprefix("--").replace("-", "_")]
    return click.option(name, envvar=variable, show_envvar=True, **more)


_FILE = {"metavar": "FILE", "type": click.Path(dir_okay=False, path_type=Path)}
_FOLDER = {"metavar": "DIR", "type": click.Path(file_okay=False, path_type=Path)}


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@_option("--target", metavar="URL", help="What to check; a fresh fake in this process if not told.")
@_option("--client-id", help="An application of Criteo's.")
@_option("--client-secret", help="Its secret; better in the environment.")
@_option("--account", help="The retail-media account to use.")
@click.option("--retailer", multiple=True, help="A retailer of the account; may be repeated.")
@click.option("--advertiser", multiple=True, help="An advertiser for realtime reports; may be repeated.")
@_option("--access-key", help="A customer of Shoplive's.")
@_option("--secret-key", help="Its secret key, base64 as issued.")
@click.option("--version", default="2026-07", show_default=True, help="The version of Criteo's API to use by itself.")
@click.option("--layer", multiple=True, help=f"Only this layer: {', '.join(LAYERS)}; may be repeated.")
@click.option("--only", multiple=True, metavar="PATTERN", help="Only checks of this name, as in 'laws/segments-*'.")
@click.option("--operation", multiple=True, help="Only checks about this operation; may be repeated.")
@click.option("--list", "listing", is_flag=True, help="Print the checks, and run none.")
@click.option("--examples", default=1.0, show_default=True, type=click.FloatRange(0, min_open=True), help="How many more attempts.")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(0, 2**63 - 1), help="What chance follows from.")
@click.option("--allow-writes", is_flag=True, help="Let the checks make, change and delete things of their own there.")
@click.option("--budget", type=click.IntRange(1), metavar="N", help="Stop after so many calls.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="The calls a minute that the target allows.")
@click.option("--timeout", default=10.0, show_default=True, type=click.FloatRange(0, min_open=True), help="Seconds for an answer.")
@click.option("--dry-run", is_flag=True, help="Print every call that would be made, and make none.")
@click.option("--clean", metavar="RUN", help="Delete what a run left behind, and nothing else.")
@click.option("--profile", default="guide", show_default=True, type=click.Choice(PROFILES), help="What holds where nothing is seen.")
@click.option("--reading", multiple=True, metavar="NAME=VALUE", help="Of a fresh fake, or where nothing is seen.")
@click.option("--readings", help="The same from a file, as --learn writes it.", **_FILE)
@click.option("--learn", help="Write the readings that were seen, each with its exchange.", **_FILE)
@click.option("--record", help="Keep every exchange, without secrets.", **_FOLDER)
@click.option("--replay", help="Play what was kept, and show what differs.", **_FOLDER)
@click.option("--fail-stale", is_flag=True, help="Fail if what was kept is older than 90 days.")
@click.option("--junit", help="Write JUnit XML.", **_FILE)
@click.option("--json", help="Write everything as JSON.", **_FILE)
@click.option("--html", help="Write a page.", **_FILE)
@click.option("--repeat", help="Write each finding as a curl script and a pytest test.", **_FOLDER)
@click.option("--github", is_flag=True, help="Print annotations for GitHub; on by itself in its actions.")
@click.option("--baseline", help="Findings that are known.", **_FILE)
@click.option("--update-baseline", is_flag=True, help="Write what is found into the baseline.")
@click.option("--self-test", is_flag=True, help="Run the kit against wrong fakes, and print how many it catches.")
@click.option("--lie", multiple=True, metavar="NAME", help="With --self-test: only this wrong fake.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="With --self-test: processes.")
@click.option("--matrix", help="With --self-test: write the kill matrix.", **_FILE)
def check(**said: Any) -> None:
    """Hold a server against the contract of the Criteo and Shoplive APIs.

    Exits with 0 if it keeps it, 1 if something was found, 2 if it could not be checked.
    """
