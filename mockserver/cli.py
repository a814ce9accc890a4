"""The command line: a table of commands, each imported when it is asked for."""

from dataclasses import dataclass

import click

from mockserver import __version__
from mockserver.late import late
from mockserver.mistake import Mistake

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 120}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a command is, what it does in a line, and the extra that it needs."""

    module: str
    says: str
    extra: str = ""


COMMANDS = {
    "serve": Place("mockserver.serving.command", "Run the fake until stopped."),
    "health": Place("mockserver.serving.health", "Ask a server how it is; exits with 1 if it is not well, or not there."),
    "world": Place("mockserver.world_command", "Write a world of your own, and hold it against what worlds may be."),
    "check": Place("mockserver.check.command", "Hold a server against the contract of the Criteo and Shoplive APIs.", "check"),
    "drift": Place("mockserver.drift.command", "Compare our contracts with published documents, or versions of ours."),
    "operations": Place("mockserver.listings", "Print what is implemented, in which version."),
    "assumptions": Place("mockserver.listings", "Print every rule that no document settles, and on what it rests."),
    "report": Place("mockserver.report", "Draw the last hours of some advertisers, asked of a running server."),
}


class _Commands(click.Group):
    """Importing every command would double the time that `serve` takes to start."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click asks so
        return [*COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - likewise
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        try:
            command = getattr(late(place.module, extra=place.extra, what=cmd_name), cmd_name)
        except Mistake as mistake:
            raise click.UsageError(str(mistake)) from None
        assert isinstance(command, click.Command)
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        meant = " ".join(["mockserver serve", *args])
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as mistake:
            raise click.UsageError(f"{mistake.message} Did you mean: {meant}?", ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - likewise
        with formatter.section("Commands"):
            formatter.write_dl([(name, place.says) for name, place in COMMANDS.items()])


@click.group(cls=_Commands, context_settings=_CONTEXT)
@click.version_option(__version__, prog_name="mockserver")
def main() -> None:
    """A stateful fake of the Criteo and Shoplive APIs."""
