"""What a test suite relied on: operations, refusals, readings and assumptions, counted over all its tests."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from tabulate import tabulate

from mockserver.catalogue import claims, unsettled
from mockserver.journal import Entry
from mockserver.provider import Provider
from mockserver.providers import PROVIDERS

Said = dict[str, list[list[Any]]]


class Reliance:
    """Counts of calls, refusals and readings; those of other processes can be added."""

    def __init__(self) -> None:
        self._calls: Counter[tuple[Any, ...]] = Counter()
        self._refusals: Counter[tuple[Any, ...]] = Counter()
        self._readings: Counter[tuple[Any, ...]] = Counter()
        self._parts = {"calls": self._calls, "refusals": self._refusals, "readings": self._readings}

    def hear(self, entry: Entry) -> None:
        """Count a call and what it was refused."""
        version = entry.operation.dated if entry.operation else None
        self._calls[entry.provider, entry.name, version, entry.response.status or "none"] += 1
        for each in entry.objections:
            evidence = each.problem.evidence
            self._refusals[entry.name, entry.response.status, each.problem.code, evidence.kind, evidence.source] += 1

    def hear_readings(self, readings: Mapping[str, str], touched: Iterable[str]) -> None:
        """Count the readings that the calls of a fake depended on, each as it was chosen."""
        for name in touched:
            self._readings[name, readings[name]] += 1

    def said(self) -> Said:
        """Everything counted, as JSON has it."""
        return {name: [[*key, count] for key, count in counts.items()] for name, counts in self._parts.items()}

    def add(self, said: Said) -> None:
        """Add what another process counted."""
        for name, rows in said.items():
            for *key, count in rows:
                self._parts[name][tuple(key)] += count

    def write(self, file: Path) -> None:
        """Write the report: JSON if the file's name ends so, else text."""
        report = self.report()
        text = json.dumps(report, indent=2) if file.suffix == ".json" else _text(report)
        file.write_text(text + "\n", "utf-8")

    def report(self) -> dict[str, Any]:
        """Rows by section; `assumptions` are the rules behind the operations called that no document settles."""
        operations = {name for _, name, _, _ in self._calls}
        return {
            "operations": _rows(self._calls, "provider", "operation", "version", "status", "calls"),
            "refusals": _rows(self._refusals, "operation", "status", "code", "evidence", "source", "times"),
            "readings": _rows(self._readings, "reading", "alternative", "worlds"),
            "assumptions": list(_assumptions(operations)),
        }


def _rows(counts: Counter[tuple[Any, ...]], *names: str) -> list[dict[str, Any]]:
    return [dict(zip(names, (*key, count), strict=True)) for key, count in sorted(counts.items(), key=str)]


def _assumptions(operations: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The unsettled claims of the modules that the operations' handlers are in or draw on, and of the corridor's."""
    for provider in PROVIDERS:
        entered = {name for operation in set(operations) & provider.handlers.keys() for name in _drawn_on(provider, operation)}
        for claim in unsettled(claims(provider)):
            if claim.sort != "reading" and claim.place.rpartition(".")[0] in entered:
                evidence = claim.evidence
                yield {
                    "rule": claim.name,
                    "statement": claim.statement,
                    "evidence": evidence.kind,
                    "source": f"unproven: {evidence.unproven}" if evidence.unproven else evidence.source,
                }


def _drawn_on(provider: Provider[Any], operation: str) -> set[str]:
    rooms = {module.__name__: module for module in provider.modules}
    own = provider.handlers[operation].__module__
    corridor = {function.__module__ for function in (provider.identify, provider.direct, provider.dialect.answer)}
    return ({own, *corridor} | (set(_imported(rooms[own])) if own in rooms else set())) & rooms.keys()


def _imported(module: ModuleType) -> Iterator[str]:
    """The modules whose functions a module uses."""
    yield from (thing.__module__ for thing in vars(module).values() if hasattr(thing, "__module__"))


def _text(report: dict[str, Any]) -> str:
    parts = ["What these tests relied on of the fake"]
    for section, rows in report.items():
        if rows:
            widths = [60 if name in ("statement", "source") else None for name in rows[0]]
            parts.append(f"{section}\n\n" + tabulate(rows, headers="keys", maxcolwidths=widths))
    return "\n\n".join(parts)
