"""What a check says of an answer, in a form that a person reads, a report keeps and a test can repeat."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

ABSENT: Any = object()
"""What stands where nothing does."""


def _sorted(values: Any) -> Any:
    return sorted(values, key=repr) if isinstance(values, list | tuple) else values


def _is_number(value: Any) -> bool:
    """Whether it is a number, or text that is one in figures."""
    return isinstance(value, int | float) or (
        isinstance(value, str) and re.fullmatch("-?[0-9]+([.][0-9]+)?", value) is not None
    )


RELATIONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "is": lambda found, wanted: type(found) is type(wanted) and found == wanted if wanted is not None else found is None,
    "is not": lambda found, wanted: found != wanted,
    "is one of": lambda found, wanted: found in wanted,
    "is none of": lambda found, wanted: found not in wanted,
    "has": lambda found, wanted: isinstance(found, list | str | dict) and wanted in found,
    "has not": lambda found, wanted: not isinstance(found, list | str | dict) or wanted not in found,
    "has in any order": lambda found, wanted: _sorted(found) == _sorted(wanted),
    "has length": lambda found, wanted: isinstance(found, list | str | dict) and len(found) == wanted,
    "is at most": lambda found, wanted: isinstance(found, int | float) and found <= wanted,
    "is at least": lambda found, wanted: isinstance(found, int | float) and found >= wanted,
    "is less than": lambda found, wanted: isinstance(found, int | float) and found < wanted,
    "is more than": lambda found, wanted: isinstance(found, int | float) and found > wanted,
    "is within": lambda found, wanted: _is_number(found) and wanted[0] <= float(found) <= wanted[1],
    "is about": lambda found, wanted: isinstance(found, int | float) and abs(found - wanted) <= 1e-9 * max(1.0, abs(wanted)),
    "matches": lambda found, wanted: isinstance(found, str) and re.fullmatch(wanted, found) is not None,
    "is there": lambda found, _: found is not ABSENT,
    "is absent": lambda found, _: found is ABSENT,
}


def at(document: Any, pointer: str) -> Any:
    """What stands at a place such as `body/data/0/id` of an answer; `*` takes every item of a list; `ABSENT` if nothing."""
    found = document
    steps = pointer.split("/") if pointer else []
    for place, step in enumerate(steps):
        if step == "*" and isinstance(found, list):
            rest = "/".join(steps[place + 1 :])
            return [at(item, rest) for item in found]
        if isinstance(found, dict) and step in found:
            found = found[step]
        elif isinstance(found, list) and step.isdigit() and int(step) < len(found):
            found = found[int(step)]
        else:
            return ABSENT
    return found


@dataclass(frozen=True, slots=True)
class Expectation:
    """That the answer at `exchange` (counted from 0) has at `pointer` what stands in `relation` to `wanted`.

    `pointer` begins with `status`, `headers` (lower case) or `body`; `found` is what was there instead.
    """

    exchange: int
    pointer: str
    relation: str
    wanted: Any
    found: Any

    def __str__(self) -> str:
        found = "nothing is there" if self.found is ABSENT else f"it is {_shown(self.found)}"
        wanted = "" if self.relation in ("is there", "is absent") else f" {_shown(self.wanted)}"
        return f"{self.pointer} {self.relation}{wanted}; {found}"


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 300 else f"{text[:200]} … {text[-80:]}"


class Broken(AssertionError):  # noqa: N818 - it is a finding
    """An answer is not what it should be."""

    def __init__(self, expectation: Expectation, why: str = ""):
        self.expectation = expectation
        self.why = why
        super().__init__(f"{why}: {expectation}" if why else str(expectation))
