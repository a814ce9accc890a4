"""Our contracts held against the vendors' documents: what differs, what is explained, and what moved since last time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mockserver.drift.comparison import AGAINST_OFFICIAL, CLASSES, Difference, compared, lone
from mockserver.drift.endpoint import Endpoint, Key, endpoints
from mockserver.drift.fingerprints import moves, read_fingerprints, taken, write_fingerprints
from mockserver.drift.official import Official
from mockserver.drift.reasons import Reason, read_reasons
from mockserver.mistake import Mistake
from mockserver.provider import Provider


@dataclass(frozen=True, slots=True)
class Finding:
    """A difference, and why it is meant if it is."""

    difference: Difference
    reason: Reason | None = None


@dataclass(slots=True)
class Survey:
    """`moved` and `stale` are told in words, `notes` what else is to know; `operations` counts those compared."""

    provider: str
    findings: list[Finding] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    operations: int = 0
    sides: tuple[str, str] = ("ours", "theirs")
    failing: frozenset[str] = CLASSES
    """The classes whose unexplained differences count."""

    @property
    def unexplained(self) -> list[Finding]:
        """The findings that nobody gave a reason for."""
        found = [finding for finding in self.findings if finding.reason is None]
        return [each for each in found if each.difference.classed in self.failing]

    @property
    def drifted(self) -> bool:
        """Whether there is anything to do about."""
        return bool(self.unexplained or self.moved or self.stale)


def surveyed(
    provider: Provider[Any],
    readings: Mapping[str, str],
    officials: Sequence[Official],
    accept: bool = False,
    all_operations: bool = False,
) -> Survey:
    """A provider's contracts under some readings, compared with documents. `accept` writes down how these are now."""
    survey = Survey(provider.name)
    contract = provider.contracts.under(readings)
    complete = True
    for version in sorted({official.version for official in officials}):
        side = _Side(
            version,
            endpoints(contract.documents[version], version),
            [official for official in officials if official.version == version],
        )
        try:
            differences = list(_differences(side, survey, all_operations))
        except RecursionError:
            raise Mistake(f"the schemas of version {version} refer to each other in a circle") from None
        survey.findings += [Finding(each) for each in differences]
        complete = complete and not side.elsewhere
    missing = sorted(contract.documents.keys() - {official.version for official in officials})
    if missing:
        survey.notes.append(f"no document was given of {', '.join(missing)}")
    _follow(provider, survey, officials, contract.documents, accept)
    _explain(provider, survey, readings, complete=complete and not missing)
    return survey


@dataclass(slots=True)
class _Side:
    """One version: our operations, the vendor's documents, and our operations that no document given is about."""

    version: str
    ours: Mapping[Key, Endpoint]
    officials: Sequence[Official]
    elsewhere: list[str] = field(default_factory=list)


def _differences(side: _Side, survey: Survey, all_operations: bool) -> Iterator[Difference]:
    theirs = {key: endpoint for official in side.officials for key, endpoint in official.endpoints.items()}
    for key, endpoint in side.ours.items():
        if key in theirs:
            survey.operations += 1
            yield from compared(endpoint, theirs[key], side.version, AGAINST_OFFICIAL)
        elif _spoken_of(endpoint, side.officials, side.version):
            yield lone(endpoint, side.version, True, AGAINST_OFFICIAL)
        else:
            side.elsewhere.append(endpoint.id)
    if side.elsewhere:
        survey.notes.append(f"{side.version}: no document given is about {', '.join(side.elsewhere)}")
    others = [endpoint for key, endpoint in theirs.items() if key not in side.ours]
    if all_operations:
        yield from (lone(endpoint, side.version, False, AGAINST_OFFICIAL) for endpoint in others)
    elif others:
        survey.notes.append(f"{side.version}: {len(others)} operations of the vendor are not ours")


def _spoken_of(endpoint: Endpoint, officials: Iterable[Official], version: str) -> bool:
    """Whether an operation would be in one of the documents: one has others under the same first name after the version."""
    family = _family(endpoint.path, version)
    return family is None or any(
        family == _family(each.path, version) for official in officials for each in official.endpoints.values()
    )


def _family(path: str, version: str) -> str | None:
    first, _, rest = path.removeprefix("/").partition("/")
    return rest.partition("/")[0] if first == version else None


def _follow(
    provider: Provider[Any], survey: Survey, officials: Sequence[Official], documents: Mapping[str, Any], accept: bool
) -> None:
    """See what moved since the fingerprints were taken, or take them."""
    folder = provider.contracts.library.folder
    kept = read_fingerprints(folder)
    for official in officials:
        operations = {key: endpoint.id for key, endpoint in endpoints(documents[official.version], official.version).items()}
        now = taken(official, operations)
        recorded = kept.get(official.name, {}).get(official.version, {})
        if not accept:
            for id, became in moves(recorded, now):
                survey.moved.append(f"{official.version}: {id} {became} in {official.name!r}")
        elif now or recorded:
            kept.setdefault(official.name, {})[official.version] = now
    if accept:
        survey.notes.append(f"fingerprints written to {write_fingerprints(folder, kept)}")


def _explain(provider: Provider[Any], survey: Survey, readings: Mapping[str, str], complete: bool) -> None:
    """Give each difference the first reason that explains it, and name the reasons that explain nothing any more."""
    reasons = [each for each in read_reasons(provider.contracts.library.folder) if each.counts_under(readings)]
    explained: list[list[Difference]] = [[] for _ in reasons]
    for at, finding in enumerate(survey.findings):
        number = next((number for number, each in enumerate(reasons) if each.explains(finding.difference)), None)
        if number is not None:
            explained[number].append(finding.difference)
            survey.findings[at] = Finding(finding.difference, reasons[number])
    idle = [(reason, unused) for reason, of in zip(reasons, explained, strict=True) if (unused := reason.unused(of))]
    if complete:
        survey.stale += [f"nothing needs {', '.join(unused)} of the reason {reason.reason!r}" for reason, unused in idle]
    elif idle:
        survey.notes.append(f"{len(idle)} reasons are not needed, or not in all they say, by what was compared")
