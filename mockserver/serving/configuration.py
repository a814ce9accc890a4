"""The configuration file: TOML, its keys the options of `serve`; the environment and the command line have the last word."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click

from mockserver.mistake import Mistake, unknown

USUAL = Path("mockserver.toml")
"""The file that is read if it is there and no other is named."""

PREFIX = "MOCKSERVER"
_NEAR = 0.85


def read_configuration(path: Path, context: click.Context) -> dict[str, Any]:
    """What a file says, by parameter of the command, each held against its type. Raises `Mistake` naming file, line and key."""
    text = _text(path)
    known = {_key(option): option for option in _options(context.command)}
    told: list[str] = []
    found: dict[str, Any] = {}
    for key, value in _tables(text, path).items():
        try:
            option = _known(key, known)
            found[option.name or key] = _value(option, value, context)
        except Mistake as mistake:
            told.append(f"{path}:{_line(text, key)}: {mistake}")
    if told:
        raise Mistake("\n".join(told))
    return found


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise Mistake(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise Mistake(f"{path}: not UTF-8: {error}") from None


def _tables(text: str, path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Mistake(f"{path}: not TOML: {error}") from None


def _options(command: click.Command) -> Iterator[click.Option]:
    """Those that a file can settle: all but where the file is, and `--help`."""
    return (each for each in command.params if isinstance(each, click.Option) and each.name not in ("config", "help"))


def _key(option: click.Option) -> str:
    return option.opts[0].lstrip("-")


def _known(key: str, known: Mapping[str, click.Option]) -> click.Option:
    if key not in known:
        raise unknown("setting", key, known)
    return known[key]


def _value(option: click.Option, value: Any, context: click.Context) -> Any:
    """The value as the option takes it; a table of readings as `NAME=VALUE`, one thing as a list of one."""
    if option.multiple:
        value = [f"{name}={each}" for name, each in value.items()] if isinstance(value, dict) else value
        value = [value] if isinstance(value, str) else value
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise Mistake(f"{_key(option)}: it is a list of texts")
    elif isinstance(value, dict | list) or isinstance(value, bool) != bool(option.is_flag):
        raise Mistake(f"{_key(option)}: it is {'true or false' if option.is_flag else 'one value'}, not {value!r}")
    try:
        option.type_cast_value(context, value)
    except click.BadParameter as error:
        raise Mistake(f"{_key(option)}: {error.message}") from None
    return value


def _line(text: str, key: str) -> int:
    """The line that a key stands in, or its table begins in."""
    pattern = re.compile(rf"""\s*\[?\s*["']?{re.escape(key)}["']?\s*[\].=]""")
    return next((number for number, line in enumerate(text.splitlines(), 1) if pattern.match(line)), 1)


def variable(option: click.Option) -> str:
    """The environment variable of an option."""
    return f"{PREFIX}_{(option.name or '').upper()}"


def misspelt(environment: Iterable[str], command: click.Command) -> Iterator[str]:
    """What to say of variables that are nearly, but not quite, those of the options."""
    known = {variable(each) for each in command.params if isinstance(each, click.Option)}
    for name in environment:
        near = get_close_matches(name, known, n=1, cutoff=_NEAR) if name.startswith(f"{PREFIX}_") and name not in known else []
        if near:
            yield f"the variable {name} settles nothing; did you mean {near[0]}?"
