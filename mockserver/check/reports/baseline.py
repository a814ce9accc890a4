"""The findings that are known and accepted, in a file that people read, write notes into and keep under version control."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mockserver.check.reports import words
from mockserver.check.reports.hiding import with_tokens
from mockserver.check.result import Result
from mockserver.mistake import Mistake

FORMAT = "mockserver-baseline/1"
_MEMBERS = ("identity", "check", "expectation", "note")


@dataclass(frozen=True, slots=True)
class Accepted:
    """A finding that is known; `note` says why it is accepted."""

    identity: str
    check: str
    expectation: str
    note: str = ""


def read_baseline(file: Path) -> list[Accepted]:
    """What a file accepts. Raises `Mistake` in one sentence."""
    try:
        said = json.loads(file.read_text("utf-8"))
    except OSError as error:
        raise Mistake(f"cannot read the baseline {file}: {error.strerror}; --update-baseline writes one") from None
    except ValueError as error:
        raise Mistake(f"the baseline {file} is not JSON: {error}") from None
    if not isinstance(said, dict) or said.get("format") != FORMAT or not isinstance(said.get("accepted"), list):
        raise Mistake(f'the baseline {file} is none: it is an object with "format": "{FORMAT}" and a list "accepted"')
    return [_accepted(each, number, file) for number, each in enumerate(said["accepted"], 1)]


def _accepted(said: Any, number: int, file: Path) -> Accepted:
    where = f"the baseline {file}: entry {number}"
    if not isinstance(said, dict) or not isinstance(said.get("identity"), str) or not said["identity"]:
        raise Mistake(f'{where} has no "identity"')
    odd = sorted(set(said) - set(_MEMBERS)) or [name for name in said if not isinstance(said[name], str)]
    if odd:
        raise Mistake(f"{where} has {odd[0]!r}, which is not one of {', '.join(_MEMBERS)} as text")
    return Accepted(**{name: said.get(name, "") for name in _MEMBERS})


def compared(result: Result, accepted: Iterable[Accepted]) -> Result:
    """A result that knows what is accepted, and tells of what is accepted and was not found although its check ran."""
    known = {each.identity: each for each in accepted}
    found = {each.identity for each in result.every_finding}
    ran = {outcome.check.name for outcome in result.outcomes if outcome.verdict in ("passed", "failed")}
    gone = [each for each in known.values() if each.identity not in found and each.check in ran]
    notes = [f"Gone: the baseline accepts what is no longer found: {each.check}: {each.expectation}" for each in gone]
    return replace(
        result,
        known=frozenset(known),
        gone=frozenset(each.identity for each in gone),
        notes=(*result.notes, *notes),
    )


def baseline(result: Result, secrets: Iterable[str], before: Iterable[Accepted] = ()) -> str:
    """The text of a file that accepts everything that was found; notes of one before are kept, and so is what did not run."""
    notes = {each.identity: each for each in before}
    ran = {outcome.check.name for outcome in result.outcomes if outcome.verdict in ("passed", "failed")}
    entries = {each.identity: _entry(each) for each in notes.values() if each.check not in ran}
    for finding in result.every_finding:
        note = notes[finding.identity].note if finding.identity in notes else ""
        said = words.expected(finding.expectation, with_tokens(finding.exchanges, secrets))
        entries[finding.identity] = _entry(Accepted(finding.identity, finding.check.name, said, note))
    ordered = sorted(entries.values(), key=lambda each: (each["check"], each["identity"]))
    return json.dumps({"format": FORMAT, "accepted": ordered}, indent=2, ensure_ascii=False) + "\n"


def _entry(accepted: Accepted) -> Mapping[str, str]:
    return {name: getattr(accepted, name) for name in _MEMBERS}
