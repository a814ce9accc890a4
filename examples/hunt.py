"""Finds the smallest plan of faults that shows each bug: `python -m hunt`."""

import sys
from contextlib import suppress

from hypothesis import HealthCheck, Phase, given, settings

from bugs import BUGS, Bug
from properties import Parts, Plan

EXAMPLES = 300


def smallest(bug: Bug, parts: Parts | None = None, examples: int = EXAMPLES) -> Plan | None:
    """The smallest plan under which the application breaks the bug's property: with the bug, unless other parts are given."""
    failing: list[Plan] = []

    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        report_multiple_bugs=False,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(plan=bug.plans)
    def holds(plan: Plan) -> None:
        failing.append(plan)
        bug.breaks(parts or bug.parts, plan)
        failing.pop()

    with suppress(Exception):  # told by the plan
        holds()
    return failing[-1] if failing else None


def main() -> None:
    """Print a table."""
    width = max(len(bug.name) for bug in BUGS)
    for bug in BUGS:
        plan = smallest(bug)
        sys.stdout.write(f"{bug.name:{width}}  {'not found' if plan is None else plan}\n")


if __name__ == "__main__":
    main()
