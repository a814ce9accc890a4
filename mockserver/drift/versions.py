"""Two versions of one contract compared: what changes for a client of the older one."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mockserver.drift.comparison import BREAKING, FROM_AN_OLDER, Difference, compared, lone
from mockserver.drift.endpoint import Endpoint, endpoints
from mockserver.drift.survey import Finding, Survey
from mockserver.drift.usage import Usage, read_usage
from mockserver.mistake import Mistake, unknown
from mockserver.provider import Provider


def versions_compared(
    provider: Provider[Any], readings: Mapping[str, str], older: str, newer: str, journal: Path | None = None
) -> Survey:
    """What changes from one version to another, for the operations that a journal tells of or for all."""
    documents = provider.contracts.under(readings).documents
    for version in (older, newer):
        if version not in documents:
            raise unknown("version", version, documents)
    if older == newer:
        raise Mistake(f"{older} is compared with itself; --from and --to name two versions")
    was, now = endpoints(documents[older], older), endpoints(documents[newer], newer)
    ids = [endpoint.id for endpoint in was.values()]
    usage = read_usage(journal, older, ids) if journal else Usage(frozenset(ids))
    survey = Survey(provider.name, sides=(newer, older), failing=frozenset({BREAKING}), notes=list(usage.notes))
    for key, endpoint in was.items():
        if endpoint.id in usage.operations:
            survey.operations += 1
            found = compared(now[key], endpoint, newer, FROM_AN_OLDER) if key in now else [_gone(endpoint, newer)]
            survey.findings += map(Finding, found)
    added = [endpoint for key, endpoint in now.items() if key not in was]
    if journal is None:
        survey.findings += [Finding(lone(endpoint, newer, True, FROM_AN_OLDER)) for endpoint in added]
    elif added:
        survey.notes.append(f"{len(added)} operations of {newer} are not in {older}")
    if not survey.findings:
        survey.notes.append(f"nothing changes but the version in the paths, {older} to {newer}")
    return survey


def _gone(endpoint: Endpoint, version: str) -> Difference:
    return lone(endpoint, version, False, FROM_AN_OLDER)
