"""The operations that are tried at their boundaries and with chance: in which versions, and what each needs."""

from collections.abc import Mapping
from typing import Any

from mockserver.check.judging import Judge
from mockserver.contract.operation import Operation
from mockserver.provider import Provider
from mockserver.providers import PROVIDERS, READINGS
from mockserver.readings import Readings
from mockserver.testing.generation import Grammar, Schema

_READING = frozenset({"main", "account", "retailers"})
_WRITING = _READING | {"writes"}
NEEDS: Mapping[str, frozenset[str]] = {
    "requestToken": frozenset({"main"}),
    "bulkCreateAudienceSegments": _WRITING,
    "bulkUpdateAudienceSegments": _WRITING,
    "bulkDeleteAudienceSegments": _WRITING,
    "searchAudienceSegments": _READING,
    "getAudienceSegmentContactListStatistics": _READING,
    "AddRemoveContactListByAudienceSegment": _WRITING,
    "ClearContactListByAudienceSegment": _WRITING,
    "searchAudiences": _READING,
    "bulkCreateAudience": _WRITING,
    "bulkUpdateAudience": _WRITING,
    "bulkDeleteAudiences": _WRITING,
    "computeAudienceSegmentsSizes": _WRITING,
    "computeAudiencesSizes": _WRITING,
    "estimateAudienceSegmentSize": _READING,
    "estimateAudienceSize": _WRITING,
    "getRealTimeReport": frozenset({"main", "advertisers"}),
    "retrieveCampaignStats": frozenset({"customer"}),
}
"""What it takes to try an operation: what it speaks of has to be made first."""


def _subjects() -> tuple[tuple[str, str], ...]:
    """Every operation in every version; one without a version in its path, once."""
    judge = Judge(Readings(READINGS).chosen)
    found = {(each.id, each.path): each for each in reversed(judge.operations)}
    return tuple((each.id, each.version) for each in reversed(found.values()))


SUBJECTS = _subjects()


def grammar_of(operation: Operation, readings: Mapping[str, str]) -> tuple[Schema | None, Grammar]:
    """The schema of an operation's body, if it takes one, and what that refers to."""
    document = _document(operation, readings)
    node = document["paths"][operation.path][operation.method.lower()]
    grammar = Grammar(document["components"]["schemas"])
    return (node["requestBody"]["content"][operation.media]["schema"] if operation.media else None), grammar


def _document(operation: Operation, readings: Mapping[str, str]) -> Mapping[str, Any]:
    provider: Provider[Any] = next(each for each in PROVIDERS if operation.id in each.handlers)
    return provider.contracts.under(readings).documents[operation.version]
