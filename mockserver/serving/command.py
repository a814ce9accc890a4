"""`mockserver serve` on the command line."""

import math
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from mockserver.mistake import Mistake
from mockserver.readings import PROFILES
from mockserver.serving.configuration import PREFIX, USUAL, misspelt, read_configuration
from mockserver.serving.lines import FORMS
from mockserver.serving.running import run
from mockserver.serving.settings import Settings
from mockserver.worlds import RATE_LIMIT

_INTERRUPTED = 130
_FILE: dict[str, Any] = {"metavar": "FILE", "type": click.Path(dir_okay=False, path_type=Path)}
_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 120, "auto_envvar_prefix": PREFIX}


class _Seconds(click.FloatRange):
    """A time that ends."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        seconds = float(super().convert(value, param, ctx))
        if math.isnan(seconds):
            self.fail("nan is no number of seconds.", param, ctx)
        return seconds


_SECONDS: dict[str, Any] = {"metavar": "SECONDS", "type": _Seconds(min=0.1, max=86_400)}


def _option(*names: str, **more: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return click.option(*names, show_envvar=True, show_default=True, **more)


def _configured(context: click.Context, parameter: click.Parameter, path: Path | None) -> Path | None:
    """Take the defaults from the file."""
    path = path or (USUAL if USUAL.is_file() else None)
    if path is not None:
        try:
            context.default_map = read_configuration(path, context)
        except Mistake as mistake:
            raise click.ClickException(str(mistake)) from None
    return path


@click.command(context_settings=_CONTEXT)
@_option("--config", **_FILE, is_eager=True, callback=_configured, help=f"Settings from a TOML file; {USUAL} if there.")
@_option("--host", default="127.0.0.1", help="Address to listen on.")
@_option("--port", default=8000, type=click.IntRange(0, 65535), help="Port; 0 takes a free one.")
@_option("--world", default="demo", help="A world of ours by name, or a YAML file of yours.")
@_option("--seed", default=0, type=click.IntRange(0, 2**63 - 1), help="What chance follows from.")
@_option("--clock", default="real", help="'real', or a time to stand still at.")
@_option("--profile", default="guide", help=f"Whose word counts: {' or '.join(PROFILES)}.")
@_option("--reading", multiple=True, metavar="NAME=VALUE", help="Choose one reading otherwise; may be repeated.")
@_option("--readings", **_FILE, help="Readings from a file, as check --learn writes it.")
@_option("--rate-limit", default=str(RATE_LIMIT), help="Calls a minute, or 'off'.")
@_option("--watch", is_flag=True, help="Begin anew when the world's or the readings' file changes.")
@_option("--state", **_FILE, help="Keep the worlds in a file, over restarts.")
@_option("--state-every", default=5.0, **_SECONDS, help="How often what changed is saved.")
@_option("--tls", is_flag=True, help="Speak HTTPS, with an authority of this machine's own.")
@_option("--tls-name", multiple=True, metavar="NAME", help="Another name that the certificate is for; may be repeated.")
@_option(
    "--tls-folder",
    default=Path(click.get_app_dir("mockserver")) / "tls",
    metavar="FOLDER",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the authority is kept.",
)
@_option("--cert", **_FILE, help="Speak HTTPS with a certificate of yours (PEM, with its chain).")
@_option("--key", **_FILE, help="Its key (PEM).")
@_option("--control", default="on", metavar="on|off|PORT", help="Whether /_mock is answered, or on which other port only.")
@_option("--control-token", metavar="TOKEN", help="What has to be shown to command the server.")
@_option("--allow-host", multiple=True, metavar="NAME", help="Another name to command the server by; may be repeated.")
@_option("--log", default="lines", type=click.Choice([*FORMS]), help="How calls are told on standard error.")
@_option("--patience", default=30.0, **_SECONDS, help="How long a client may take over a request, or to read an answer.")
def serve(config: Path | None, **settings: Any) -> None:
    """Run the fake until stopped."""
    signal.signal(signal.SIGTERM, _leave)
    opening = [f"settings from {config}"] if config else []
    opening += misspelt(os.environ, serve)
    try:
        run(Settings(**settings), opening, click.echo)
    except Mistake as mistake:
        raise click.ClickException(f"{mistake}\n(with settings from {config})" if config else str(mistake)) from None
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)


def _leave(number: int, frame: Any) -> None:
    """End by the signal, or by oneself as the first process of a container, which no signal ends."""
    signal.signal(number, signal.SIG_DFL)
    signal.raise_signal(number)
    sys.exit()
