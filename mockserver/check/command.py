"""`mockserver check`: the kit on the command line."""

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click
from rich.console import Console

from mockserver.check.asking import ENVIRONMENT, Asked, look_around, repeating, venue_of
from mockserver.check.conducting import conducted
from mockserver.check.fresh import TARGET
from mockserver.check.law import LAYERS, Check, Effort
from mockserver.check.lies.matrix import as_page, as_summary
from mockserver.check.lies.self_test import self_tested
from mockserver.check.publishing import REPORTS, check_places, held_against, write, write_repeats
from mockserver.check.readings.learning import learn
from mockserver.check.redaction import secrets_of
from mockserver.check.reports.baseline import read_baseline
from mockserver.check.reports.github import annotations, step_summary
from mockserver.check.reports.progress import watched
from mockserver.check.reports.summary import summary
from mockserver.check.reports.words import counted
from mockserver.check.result import Result
from mockserver.check.stopping import stoppable
from mockserver.check.suite import selected
from mockserver.check.tapes.replaying import replayed
from mockserver.check.target.cleaning import cleaned
from mockserver.check.target.made import check_run
from mockserver.check.target.rehearsal import rehearsed
from mockserver.check.wire import Unreachable
from mockserver.clock import Clock
from mockserver.mistake import Mistake
from mockserver.providers import READINGS
from mockserver.reading_files import read_readings
from mockserver.readings import PROFILES, Readings, parse_choice

Said = Mapping[str, Any]
"""The options by name."""

_Command = TypeVar("_Command", bound=Callable[..., Any])


def _option(name: str, **more: Any) -> Callable[[_Command], _Command]:
    """An option that may stand in the environment too."""
    variable = ENVIRONMENT[name.removeprefix("--").replace("-", "_")]
    return click.option(name, envvar=variable, show_envvar=True, **more)


_FILE: dict[str, Any] = {"metavar": "FILE", "type": click.Path(dir_okay=False, path_type=Path)}
_FOLDER: dict[str, Any] = {"metavar": "DIR", "type": click.Path(file_okay=False, path_type=Path)}


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@_option("--target", metavar="URL", help="What to check; a fresh fake in this process if not told.")
@_option("--client-id", help="An application of Criteo's.")
@_option("--client-secret", help="Its secret; better in the environment.")
@_option("--account", help="The retail-media account to use.")
@click.option("--retailer", multiple=True, help="A retailer of the account; may be repeated.")
@click.option("--advertiser", multiple=True, help="An advertiser for realtime reports; may be repeated.")
@_option("--access-key", help="A customer of Shoplive's.")
@_option("--secret-key", help="Its secret key, base64 as issued.")
@_option("--control-token", help="What a fake of ours wants shown to be commanded.")
@click.option("--version", default="2026-07", show_default=True, help="The version of Criteo's API to use by itself.")
@click.option("--layer", multiple=True, help=f"Only this layer: {', '.join(LAYERS)}; may be repeated.")
@click.option("--only", multiple=True, metavar="PATTERN", help="Only checks of this name, as in 'laws/segments-*'.")
@click.option("--operation", multiple=True, help="Only checks about this operation; may be repeated.")
@click.option("--list", "listing", is_flag=True, help="Print the checks, and run none.")
@click.option(
    "--examples", default=1.0, show_default=True, type=click.FloatRange(0, min_open=True), help="How many more attempts."
)
@click.option("--seed", default=0, show_default=True, type=click.IntRange(0, 2**63 - 1), help="What chance follows from.")
@click.option("--allow-writes", is_flag=True, help="Let the checks make, change and delete things of their own there.")
@click.option("--budget", type=click.IntRange(1), metavar="N", help="Stop after so many calls.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="The calls a minute that the target allows.")
@click.option(
    "--timeout", default=10.0, show_default=True, type=click.FloatRange(0, min_open=True), help="Seconds for an answer."
)
@click.option("--dry-run", is_flag=True, help="Print every call that would be made, and make none.")
@click.option("--clean", metavar="RUN", help="Delete what a run left behind, and nothing else.")
@click.option(
    "--profile", default="guide", show_default=True, type=click.Choice(PROFILES), help="What holds where nothing is seen."
)
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
@click.option(
    "--github", is_flag=True, envvar="GITHUB_ACTIONS", help="Print annotations for GitHub; on by itself in its actions."
)
@click.option("--step-summary", envvar="GITHUB_STEP_SUMMARY", hidden=True, **_FILE)
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
    try:
        with stoppable():
            sys.exit(next((do for option, do in _DEEDS.items() if said[option]), _check)(said))
    except (Mistake, Unreachable) as reason:
        _end(str(reason))
    except KeyboardInterrupt:
        _end("stopped")


def _end(sentence: str) -> NoReturn:
    click.echo(f"Error: {sentence}", err=True)
    sys.exit(2)


def _asked(said: Said) -> Asked:
    chosen = dict(map(parse_choice, said["reading"]))
    known = read_readings(said["readings"], READINGS) if said["readings"] else {}
    return Asked(
        **{name: said[name] for name in (*ENVIRONMENT, "version", "allow_writes", "budget", "limit", "timeout", "profile")},
        retailers=said["retailer"],
        advertisers=said["advertiser"],
        readings=Readings(READINGS, said["profile"], {**known, **chosen}).chosen,
    )


def _checks(said: Said) -> Sequence[Check]:
    found = selected(said["layer"], said["only"], said["operation"])
    if not found:
        raise Mistake("no check is of these layers, patterns and operations at once")
    return found


def _effort(said: Said) -> Effort:
    return Effort(share=said["examples"], seed=said["seed"])


def _list(said: Said) -> int:
    """Print the checks."""
    for check in _checks(said):
        click.echo(f"{check.name}: {check.statement} [{check.evidence}]")
    return 0


def _clean(said: Said) -> int:
    """Delete what a run left behind."""
    if said["target"] is None:
        raise Mistake("a run is cleaned up after at a --target")
    run = check_run(said["clean"])
    venue = venue_of(_asked(said))
    try:
        gone = cleaned(run, venue)  # type: ignore[arg-type]  # of a target, every venue can be cleaned
    finally:
        venue.leave()
    for each in gone:
        click.echo(f"deleted {each}")
    click.echo(f"{len(gone)} things of {run} were there")
    return 0


def _rehearse(said: Said) -> int:
    """Print every call that would be made."""
    asked = _asked(said)
    if asked.target is None:
        raise Mistake("a dry run is of a --target")
    calls = rehearsed(
        _checks(said),
        asked.target,
        asked.setting,
        _effort(said),
        allow_writes=asked.allow_writes,
        budget=asked.budget,
        first=partial(look_around, asked=asked),
    )
    count, latest = 0, ""
    for call in calls:
        count += 1
        if call.check is not None and call.check != latest:
            click.echo(f"# {call.check}")
            latest = call.check
        body = "" if call.body is None else f" {json.dumps(call.body, ensure_ascii=False)}"
        click.echo(f"{call.method} {call.url}{body}")
    click.echo(f"# {count} calls; none was made", err=True)
    return 0


def _replay(said: Said) -> int:
    """Play what was recorded, and show what differs."""
    asked = _asked(said)
    venue = venue_of(asked)
    try:
        parity = replayed(said["replay"], venue, Clock().now())
    finally:
        venue.leave()
    for line in [*([parity.stale] if parity.stale else []), *parity.notes]:
        click.echo(line, err=True)
    for difference in parity.differences:
        click.echo(difference)
    click.echo(
        f"{parity.played} calls played against {asked.target or TARGET}: {counted(len(parity.differences), 'difference')}"
    )
    return parity.exit_code(fail_stale=said["fail_stale"])


def _self_test(said: Said) -> int:
    """Run the kit against wrong fakes."""
    test = self_tested(said["lie"], workers=said["workers"], told=partial(click.echo, err=True))
    if said["matrix"]:
        write(said["matrix"], as_page(test))
    click.echo(as_summary(test))
    for fault in test.faults:
        click.echo(fault)
    click.echo(f"{test.seconds:.0f} s with {said['workers']} workers", err=True)
    return int(bool(test.faults))


def _check(said: Said) -> int:
    """Run the checks, and report."""
    asked, checks, screen = _asked(said), _checks(said), Console(stderr=True)
    if said["update_baseline"] and not said["baseline"]:
        raise Mistake("--update-baseline goes with --baseline")
    if said["baseline"] and not said["update_baseline"]:
        read_baseline(said["baseline"])  # a mistake in it should not cost a run
    check_places(said[name] for name in ("learn", *REPORTS, *(["baseline"] if said["update_baseline"] else [])))
    venue = venue_of(asked)
    secrets = secrets_of(venue.setting)
    if asked.target:
        click.echo(f"run {venue.setting.run} at {asked.target}", err=True)

    def watching(outcomes: Iterable[Any]) -> Iterable[Any]:
        return watched(checks, outcomes, screen, secrets)

    try:
        result = conducted(venue, asked, checks, _effort(said), watching, said["record"])
    except KeyboardInterrupt:
        _end("; ".join(["stopped", *venue.notes]))
    result = replace(result, options=repeating(check.params, said))
    result = held_against(said["baseline"], result, update=said["update_baseline"], secrets=secrets)
    click.echo(summary(result, secrets), nl=False)
    _report(said, result, secrets)
    return result.exit_code


def _report(said: Said, result: Result, secrets: Iterable[str]) -> None:
    """Write whatever was asked for."""
    if said["learn"]:
        learn(said["learn"], result.observations, result.target, result.began, secrets)
    for name, report in REPORTS.items():
        if said[name]:
            write(said[name], report(result, secrets))
    if said["repeat"]:
        write_repeats(said["repeat"], result, secrets)
    if said["github"]:
        click.echo(annotations(result, secrets))
    if said["step_summary"]:
        _add(said["step_summary"], step_summary(result, secrets))


def _add(file: Path, text: str) -> None:
    """A step's summary goes below those of the steps before it."""
    write(file, (file.read_text("utf-8") if file.exists() else "") + text)


_DEEDS: Mapping[str, Callable[[Said], int]] = {
    "self_test": _self_test,
    "listing": _list,
    "clean": _clean,
    "dry_run": _rehearse,
    "replay": _replay,
}
"""What is done instead of checking, by the option that asks for it."""
