"""The README's blocks do what it says."""

import re
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import Server

from mockserver.cli import COMMANDS, main
from mockserver.control import CONTROLS
from mockserver.serving.command import serve

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
LOCAL = "http://127.0.0.1:8000"


def blocks(language: str) -> list[str]:
    fences = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    return [block for said, block in fences if said == language]


def run(block: str, server: Server) -> str:
    """What a block prints when the server is the one given."""
    command = ["bash", "-euo", "pipefail", "-c", block.replace(LOCAL, server.url)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("block", blocks("sh")[:2], ids=["run it", "test it"])
def test_the_first_two_blocks_are_one_line_each(block):
    assert len(block.splitlines()) == 1


def test_the_first_block_ends_in_the_command_that_serves():
    command = blocks("sh")[0].rpartition("&&")[2].split()
    assert command == [".venv/bin/mockserver", "serve"]
    assert "serve" in COMMANDS


def test_the_first_minute_is_as_told(server: Server):
    token, creation, clock, reset = blocks("sh")[2:6]
    assert '"expires_in":900' in run(token, server)
    created = run(creation, server)
    assert created.count('"name":"Launch list"') == 1
    assert '"code":"name-must-be-unique"' in created
    before = server.engine.world.clock.now()
    run(clock, server)
    assert server.engine.world.clock.now() == before + 900
    run(reset, server)
    assert server.engine.world.clock.now() == before


def test_a_report_is_drawn_as_told(server: Server):
    command = [*blocks("sh")[6].split()[1:], "--url", server.url]
    told = CliRunner().invoke(main, command)
    assert told.exit_code == 0, told.output
    first, second = blocks("console")[0].splitlines()[:2]
    assert told.output.splitlines()[0].split() == first.split()
    assert "█" in told.output
    assert set(second) == {"-", " "}


def test_the_life_of_a_segment_is_the_script_that_the_sdks_are_tested_with():
    assert blocks("python")[1:] == [(ROOT / "tests/sdk/life.py").read_text("utf-8")]


def test_the_test_shown_passes_as_it_stands(pytester: pytest.Pytester):
    pytester.makepyfile(test_shown=blocks("python")[0])
    pytester.runpytest("-p", "no:cacheprovider", "-W", "error").assert_outcomes(passed=1)


def test_what_the_life_prints_is_what_the_sdks_were_seen_to_print():
    assert blocks("text")[0] in (ROOT / "tests/sdk/test_python_sdk.py").read_text("utf-8")


def test_every_block_of_the_shell_is_tested():
    assert len(blocks("sh")) == 7


def test_every_option_and_control_is_named():
    for parameter in serve.params:
        assert f"--{parameter.name}".replace("_", "-") in README
    for path in CONTROLS:
        fixed = path.partition("{")[0].rstrip("/")
        assert fixed in README


def test_every_module_in_the_map_is_there():
    (chart,) = blocks("")[-1:]
    names = set(re.findall(r"[a-z_]+", chart)) & {path.stem for path in (ROOT / "mockserver").rglob("*.py")}
    assert {"engine", "segment_rules", "segments", "evidence", "store", "http", "cli"} <= names
