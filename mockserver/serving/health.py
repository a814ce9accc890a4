"""How a server is, asked from outside, as a container or a script that waits for it does."""

import ssl
from http.client import HTTPException
from pathlib import Path
from time import sleep
from urllib.error import HTTPError
from urllib.request import urlopen

import click

from mockserver.clock import stopwatch
from mockserver.mistake import Mistake
from mockserver.serving.configuration import PREFIX

_TIMEOUT = 5
_PAUSE = 0.1


def asked(url: str, wait: float = 0.0) -> str:
    """What the server says of itself, waiting up to so many seconds for it. Raises `Mistake` if it is not well or not there."""
    elapsed = stopwatch()
    while True:
        try:
            return _asked(url)
        except Mistake:
            if elapsed() >= wait:
                raise
        sleep(_PAUSE)


def _asked(url: str) -> str:
    """Whether its certificate is good is not what is asked."""
    unverified = ssl._create_unverified_context() if url.startswith("https:") else None  # noqa: S323 - nothing is told to it
    try:
        with urlopen(f"{url}/_mock/health", timeout=_TIMEOUT, context=unverified) as answer:  # noqa: S310 - the user's URL
            return str(answer.read().decode().strip())
    except HTTPError as error:
        raise Mistake(f"{url} is not well: {error.code} {error.read(1000).decode(errors='replace').strip()}") from None
    except (OSError, HTTPException, ValueError) as error:
        raise Mistake(f"{url} is not there: {getattr(error, 'reason', None) or error}") from None


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120, "auto_envvar_prefix": PREFIX})
@click.option("--url", help="The server; one of this machine, if not told.")
@click.option("--port", default=8000, type=click.IntRange(1, 65535), show_default=True, help="Its port on this machine.")
@click.option("--tls", is_flag=True, help="It speaks HTTPS, with an authority of its own.")
@click.option("--cert", type=click.Path(path_type=Path), help="It speaks HTTPS with this certificate.")
@click.option("--wait", default=0.0, metavar="SECONDS", type=click.FloatRange(min=0), help="How long it may take to come.")
def health(url: str | None, port: int, tls: bool, cert: Path | None, wait: float) -> None:
    """Ask a server how it is; exits with 1 if it is not well, or not there."""
    url = url or f"{'https' if tls or cert else 'http'}://127.0.0.1:{port}"
    try:
        click.echo(asked(url.rstrip("/"), wait))
    except Mistake as mistake:
        raise click.ClickException(str(mistake)) from None
