"""Every operation of every version, and what each layer did with it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mockserver.check.judging import Judge
from mockserver.check.law import LAYERS
from mockserver.check.reports.grouping import operation_of
from mockserver.check.result import Result
from mockserver.providers import READINGS
from mockserver.readings import Readings


@dataclass(frozen=True, slots=True)
class Called:
    """What a layer did with an operation of a version: `verdict` is `passed`, `failed` or `not run`."""

    calls: int
    verdict: str


@dataclass(frozen=True, slots=True)
class Row:
    """A version of an operation, or several alike, and what each layer did with it."""

    version: str
    layers: Mapping[str, Called]

    @property
    def calls(self) -> int:
        """By all layers."""
        return sum(each.calls for each in self.layers.values())


def matrix(result: Result) -> Mapping[str, Sequence[Row]]:
    """The versions of each operation that the contract has, and of any other that was called."""
    known = {reading.name for reading in READINGS}
    chosen = {name: value for name, value in result.readings.items() if name in known}
    contract = [(each.id, each.version) for each in Judge(Readings(READINGS, chosen=chosen)).operations]
    calls = result.matrix
    none: Counter[str] = Counter()
    failed = {(*operation_of(finding), finding.check.layer) for finding in result.findings}
    rows: dict[str, list[Row]] = {}
    for operation, version in dict.fromkeys([*contract, *sorted(calls)]):
        cells = {
            layer: _called(calls.get((operation, version), none)[layer], (operation, version, layer) in failed)
            for layer in LAYERS
        }
        rows.setdefault(operation or "no operation", []).append(Row(version, cells))
    return {operation: _shortened(each) for operation, each in rows.items()}


def _shortened(rows: Sequence[Row]) -> list[Row]:
    """The versions in which nothing was called as one row, behind the others."""
    silent = [row for row in rows if not row.calls]
    called = [row for row in rows if row.calls]
    return [*called, Row(", ".join(row.version for row in silent), silent[0].layers)] if silent else called


def _called(calls: int, failed: bool) -> Called:
    return Called(calls, "failed" if failed else "passed" if calls else "not run")
