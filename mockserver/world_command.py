"""`mockserver world`: worlds of the user's own, begun and checked."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from mockserver.clock import Clock
from mockserver.misplaced import objections
from mockserver.mistake import Mistake
from mockserver.providers import PROVIDERS
from mockserver.resources import folder
from mockserver.strict_yaml import Written
from mockserver.world_files import world_file, world_schema, written_world

SCHEMA = "mockserver-world.schema.json"
_MOST = 100


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
def world() -> None:
    """Write a world of your own, and hold it against what worlds may be."""


@world.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
def check(files: tuple[str, ...]) -> None:
    """Say of world files what is wrong, by file, line and field, or else what is in them. Exits with 1 if something is."""
    wrong = False
    for name in files:
        try:
            click.echo(_described(_checked(name)))
        except Mistake as mistake:
            wrong = True
            click.echo(str(mistake), err=True)
    if wrong:
        raise SystemExit(1)


@world.command()
@click.argument("file", default="world.yaml", type=click.Path(dir_okay=False, path_type=Path))
def new(file: Path) -> None:
    """Write a world to start from, and beside it the schema by which editors complete and check it."""
    try:
        text = (folder("fixtures") / "schema" / "new.yaml").read_text("utf-8")
        _write_new(file, text.replace("{schema}", f"./{SCHEMA}").replace("{file}", str(file)))
        schema = file.with_name(SCHEMA)
        if schema.exists():
            click.echo(f"{schema}: there already, left as it is")
        else:
            _write_new(schema, _schema_text())
    except Mistake as mistake:
        raise click.ClickException(str(mistake)) from None
    click.echo(f"{file}: try it with mockserver serve --world {file} --watch")


@world.command("schema")
def schema_() -> None:
    """Print the JSON Schema of world files."""
    click.echo(_schema_text(), nl=False)


def _checked(name: str) -> Written:
    """A world file in which nothing is wrong. Raises `Mistake` with everything that is."""
    written = written_world(world_file(name), _MOST)
    told = [written.wrong(place, str(mistake)) for place, mistake in objections(PROVIDERS, written.said, 0, Clock().now())]
    if told:
        raise Mistake("\n".join(told))
    return written


def _described(written: Written) -> str:
    parts = (f"{provider}: {', '.join(_counted(part)) or 'nothing'}" for provider, part in (written.said or {}).items())
    return f"{written.path}: right; {'; '.join(parts) or 'nothing in it'}"


def _counted(part: Mapping[str, Any]) -> Iterator[str]:
    """How many there are in each list, and how many more are generated."""
    for name, items in part.items():
        if isinstance(items, list):
            yield _number(name, len(items)) + (f" + {_generated(part, name):,} generated" if _generated(part, name) else "")
    for name in ("segments", "audiences"):
        if name not in part and _generated(part, name):
            yield f"{_generated(part, name):,} generated {name}"


def _number(name: str, count: int) -> str:
    return f"{count:,} {name.removesuffix('s') if count == 1 else name}"


def _generated(part: Mapping[str, Any], name: str) -> int:
    """How many of a kind the retailers want generated."""
    wanted: Sequence[Mapping[str, Any]] = [each.get("generate", {}) for each in part.get("retailers", ())]
    return sum(each.get(name, 0) for each in wanted)


def _schema_text() -> str:
    return json.dumps(world_schema(), indent=2) + "\n"


def _write_new(path: Path, text: str) -> None:
    """Write a file that is not there yet. Raises `Mistake`."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise Mistake(f"{path} is there already, and stays as it is") from None
    except OSError as error:
        raise Mistake(f"cannot write {path}: {error.strerror}") from None
    click.echo(f"{path}: written")
