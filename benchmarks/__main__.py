"""`python -m benchmarks` measures everything and prints it, or writes it to a page."""

from pathlib import Path

import click

from benchmarks.page import SECTIONS, Wanted, head, replaced, sections

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.option("--write", metavar="FILE", type=_FILE, help="The page to write; nothing for the screen only.")
@click.option("--only", multiple=True, type=click.Choice([*SECTIONS]), help="A section; may be repeated.")
@click.option("--peers", metavar="FOLDER", type=_FOLDER, help="Where npm put the other mock servers.")
@click.option("--calls", default=10_000_000, show_default=True, help="How many calls the long run has.")
@click.option("--minutes", default=3.0, show_default=True, help="How long the soak lasts.")
def main(write: Path | None, only: tuple[str, ...], peers: Path | None, calls: int, minutes: float) -> None:
    """Measure, as ratios against plain uvicorn and Starlette in the same run."""
    page = write.read_text("utf-8") if write and only and write.exists() else head()
    for part in sections(Wanted(peers, calls, minutes), only or [*SECTIONS]):
        click.echo(part)
        page = replaced(page, part)
    if write is not None:
        write.write_text(page, "utf-8")


main()
