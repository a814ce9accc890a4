"""Flags, environment, one file, in that order; no setting is missing from any of them, nor from the docs."""

import os
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from mockserver.mistake import Mistake
from mockserver.serving import command
from mockserver.serving.command import serve
from mockserver.serving.configuration import misspelt, read_configuration, variable
from mockserver.serving.settings import Settings

ROOT = Path(__file__).parents[2]
OPTIONS = [each for each in serve.params if isinstance(each, click.Option)]
EXAMPLE = {"text": "x", "choice": "json", "integer range": 7, "float range": 7.5, "boolean": True, "file": "some.yaml"}


def settled(monkeypatch: pytest.MonkeyPatch, *arguments: str, **environment: str) -> Settings:
    """What `serve` would run with."""
    taken: list[Settings] = []
    monkeypatch.setattr(command, "run", lambda settings, opening, announce: taken.append(settings))
    result = CliRunner().invoke(serve, arguments, env=environment, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return taken[0]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own to be in, and no variable of ours."""
    monkeypatch.chdir(tmp_path)
    for name in os.environ:
        if name.startswith("MOCKSERVER_"):
            monkeypatch.delenv(name)
    return tmp_path


def test_every_setting_is_an_option_and_every_option_a_setting() -> None:
    assert [each.name for each in OPTIONS if each.name != "config"] == [each.name for each in fields(Settings)]


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: str(option.name))
def test_every_setting_is_documented_with_its_variable(option: click.Option) -> None:
    page = (ROOT / "docs" / "server.md").read_text("utf-8")
    (row,) = re.findall(rf"^\| `{re.escape(option.opts[0])}[ `].*$", page, re.MULTILINE)
    assert f"`{variable(option)}`" in row
    assert option.help


@pytest.mark.parametrize("option", [each for each in OPTIONS if each.name != "config"], ids=lambda option: str(option.name))
def test_every_setting_can_stand_in_the_file_and_the_variable_and_the_flag_win(
    option: click.Option, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, values = option.opts[0].lstrip("-"), _three(option)
    (elsewhere / "mockserver.toml").write_text(f"{key} = {_toml(values[0])}\n", "utf-8")
    assert option.name
    found = getattr(settled(monkeypatch), option.name)
    assert _shown(found) == _shown(values[0])
    environment = {variable(option): _shown(values[1])}
    assert _shown(getattr(settled(monkeypatch, **environment), option.name)) == _shown(values[1])
    if not option.is_flag:
        flagged = settled(monkeypatch, option.opts[0], _shown(values[2]), **environment)
        assert _shown(getattr(flagged, option.name)) == _shown(values[2])


def _three(option: click.Option) -> list[Any]:
    """Three different values of an option."""
    if option.is_flag:
        return [True, False, True]
    if isinstance(option.type, click.Choice):
        return [*option.type.choices][-1:] + [*option.type.choices][:2]
    if isinstance(option.type, click.IntRange):
        return [11, 12, 13]
    if isinstance(option.type, click.FloatRange):
        return [11.5, 12.5, 13.5]
    return ["a=one", "b=two", "c=three"] if option.multiple else ["one", "two", "three"]


def _toml(value: Any) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else repr(value)


def _shown(value: Any) -> str:
    return " ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)


def test_readings_may_be_a_table_and_lists_are_lists(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = elsewhere / "other.toml"
    file.write_text('allow-host = ["a.example", "b.example"]\nrate-limit = 9\n[reading]\nmatch-rate = "fraction"\n', "utf-8")
    settings = settled(monkeypatch, "--config", str(file))
    assert settings.allow_host == ("a.example", "b.example")
    assert settings.reading == ("match-rate=fraction",)
    assert settings.rate_limit == "9"
    variables = {"MOCKSERVER_CONFIG": str(file), "MOCKSERVER_READING": "match-rate=percent a=b"}
    assert settled(monkeypatch, **variables).reading == ("match-rate=percent", "a=b")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('port = 1\nprot = "x"', "2: unknown setting 'prot'; did you mean 'port'?"),
        ("rate_limit = 1", "1: unknown setting 'rate_limit'; did you mean 'rate-limit'?"),
        ('\n\nport = "many"', "3: port: 'many' is not a valid integer range"),
        ("port = 70000", "1: port: 70000 is not in the range 0<=x<=65535"),
        ("port = [1]", "1: port: it is one value, not [1]"),
        ('tls = "yes"', "1: tls: it is true or false, not 'yes'"),
        ("port = true", "1: port: it is one value, not True"),
        ("allow-host = [1]", "1: allow-host: it is a list of texts"),
        ('log = "loud"', "1: log: 'loud' is not one of 'lines', 'json', 'off'"),
        ("config = 'x'", "1: unknown setting 'config'"),
        ("[serve]\nport = 1", "1: unknown setting 'serve'"),
        ("port = ", " not TOML: Invalid value (at"),
        ("port = 1\nport = 2", " not TOML: Cannot overwrite a value (at"),
    ],
)
def test_a_file_that_is_wrong_is_told_by_line_and_key(elsewhere: Path, text: str, told: str) -> None:
    file = elsewhere / "mockserver.toml"
    file.write_text(text, "utf-8")
    result = CliRunner().invoke(serve, [])
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: mockserver.toml:")
    assert told in result.stderr


def test_everything_that_is_wrong_in_a_file_is_told_at_once(elsewhere: Path) -> None:
    file = elsewhere / "mine.toml"
    file.write_text("prot = 1\nlog = 5\ntls = 1\n", "utf-8")
    with pytest.raises(Mistake) as told:
        read_configuration(file, click.Context(serve))
    assert [line.split(":")[1] for line in str(told.value).splitlines()] == ["1", "2", "3"]


@pytest.mark.parametrize("content", [None, b"\xff"])
def test_a_file_that_is_not_there_or_no_text_is_told(elsewhere: Path, content: bytes | None) -> None:
    file = elsewhere / "mine.toml"
    if content is not None:
        file.write_bytes(content)
    result = CliRunner().invoke(serve, ["--config", str(file)])
    assert (result.exit_code, result.stderr.startswith(f"Error: {file}: ")) == (1, True)


def test_a_variable_that_is_nearly_one_is_told() -> None:
    known = ["MOCKSERVER_PORT", "MOCKSERVER_RATE_LIMIT"]
    foreign = ["MOCKSERVER_SERVICE_HOST", "MOCKSERVER_CLIENT_ID", "PATH"]
    assert list(misspelt([*known, *foreign], serve)) == []
    (told,) = misspelt(["MOCKSERVER_RATELIMIT"], serve)
    assert told == "the variable MOCKSERVER_RATELIMIT settles nothing; did you mean MOCKSERVER_RATE_LIMIT?"
