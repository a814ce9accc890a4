"""The kill matrix as a page: how many lies of each class of rules which layer catches, and every lie by name."""

from collections import Counter
from collections.abc import Iterator

from tabulate import tabulate

from mockserver.check.law import LAYERS
from mockserver.check.lies.lie import Lie
from mockserver.check.lies.self_test import SelfTest

_HEAD = """# The kill matrix

What the contract kit catches: `mockserver check --self-test --matrix docs/kill-matrix.md` writes this page. Each lie is one
small change to the source or the contract of the fake, applied to a copy of it at run time; the files in
`mockserver/check/lies/catalogue/` have them to the letter. The copies do not notice their own lies: what catches them is what a
server would have shown. Of several checks that catch a lie the first is named: those about its operations come first, and
those of one attempt before those of many.
"""


def as_summary(test: SelfTest) -> str:
    """The figure, and a row for each class of rules."""
    return f"{_figure(test)}\n\n{_table(test, 'simple')}"


def as_page(test: SelfTest) -> str:
    """The whole page, in Markdown."""
    return "\n".join([_HEAD, _figure(test), "", _table(test, "github"), "", *_survivors(test), *_every_lie(test)])


def _figure(test: SelfTest) -> str:
    truth = f"no alarm at the truth in {test.seeds} seeds" if not test.alarms else f"{len(test.alarms)} false alarms"
    return f"**{len(test.caught)} of {len(test.lies)} lies caught ({test.share:.1%}), {truth}.**"


def _table(test: SelfTest, form: str) -> str:
    by_class: dict[str, list[Lie]] = {}
    for lie in test.lies:
        by_class.setdefault(lie.rules, []).append(lie)
    rows = []
    for rules, lies in by_class.items():
        layers = Counter(test.verdict(lie).caught_by.partition("/")[0] for lie in lies)
        rows.append([rules, len(lies), *(layers[layer] or "" for layer in LAYERS), layers[""] or ""])
    return tabulate(rows, ["rules", "lies", *LAYERS, "survive"], tablefmt=form)


def _survivors(test: SelfTest) -> Iterator[str]:
    yield "## Survivors\n"
    for lie in test.survivors:
        yield f"- `{lie.name}`: {lie.does} Not caught: {lie.survives or 'nobody says why.'}"
    yield "" if test.survivors else "None.\n"


def _every_lie(test: SelfTest) -> Iterator[str]:
    yield "## Every lie\n"
    rows = [[lie.name, lie.does, f"`{test.verdict(lie).caught_by}`" if lie in test.caught else "survives"] for lie in test.lies]
    yield tabulate(rows, ["lie", "what the fake does wrong", "caught by"], tablefmt="github") + "\n"
