"""The pages under docs/ tell the truth: their Python is run, their tables are complete."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from mockserver.effects import EFFECTS
from mockserver.faults import Fault
from mockserver.testing.settings import Settings

ROOT = Path(__file__).parents[2]
TESTING = (ROOT / "docs" / "testing.md").read_text("utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", TESTING, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: re.findall(r"(?:def|class) (?:test_)?(\w+)", block)[-1])
def test_a_block_of_python_passes_as_it_stands(pytester: pytest.Pytester, block: str) -> None:
    pytester.makepyfile(test_block=block)
    result = pytester.runpytest("-p", "no:cacheprovider", "-W", "error")
    outcomes = result.parseoutcomes()
    assert outcomes.get("passed", 0) >= 1
    assert set(outcomes) <= {"passed"}


def test_every_setting_effect_and_aim_is_told() -> None:
    names = [each.name for each in (*fields(Settings), *fields(Fault))] + [effect.__name__ for effect in EFFECTS.values()]
    assert [name for name in names if f"`{name}" not in TESTING and f"{name}=" not in TESTING] == []
