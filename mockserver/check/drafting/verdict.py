"""What an answer has to be, given whether the request keeps the contract, and what it does wrong beyond that."""

from collections.abc import Callable, Mapping
from typing import Any

from mockserver.check.expectation import ABSENT
from mockserver.check.session import Answer
from mockserver.contract.operation import Operation
from mockserver.contract.schema import Violation
from mockserver.evidence import Rule, assumed
from mockserver.providers.criteo.dialect import ALL_VIOLATIONS, BY_KIND, INVALID
from mockserver.providers.criteo.inputs import id_text

REFUSED = (400, 413, 415)
_LARGE = 100_000
"""Bytes of a body of which only the first violation need be told."""

STRICT = Rule(
    "sound-requests-succeed",
    "A request that keeps the contract and speaks of what is there succeeds, and lists no problem.",
    assumed("what else would a contract be for"),
)
TOLD = ALL_VIOLATIONS

_BULK = frozenset(
    """bulkCreateAudienceSegments bulkUpdateAudienceSegments bulkDeleteAudienceSegments computeAudienceSegmentsSizes
    bulkCreateAudience bulkUpdateAudience bulkDeleteAudiences computeAudiencesSizes""".split()
)
"""The operations that list problems beside what succeeded."""
_OF_AUDIENCES = frozenset({"bulkUpdateAudience", "bulkDeleteAudiences", "computeAudiencesSizes"})
_STRANGE = frozenset({"nothing has this id", "deleted twice"})

_CODES: Mapping[str, str] = {
    "the name is empty": "name-must-not-be-empty",
    "the name is too long": "invalid",
    "the name is taken": "name-must-be-unique",
    "the name is given twice": "name-must-be-unique",
    "the description is too long": "invalid",
    "not a retailer of the account": "retailer-not-found",
    "both contactList and events": "invalid",
    "neither contactList nor events": "required-field",
    "the identifier type is missing": "required-field",
    "neither categoryIds nor brandIds": "required-field",
    "the prices are crossed": "invalid-range",
    "a contact list becomes events": "invalid",
    "events become a contact list": "invalid",
    "an audience uses it": "segment-in-use",
    "the algebra is too deep": "invalid",
    "nodes of nobody": "invalid",
    "a node without a member": "invalid",
    "a node with two members": "invalid",
    "a segment of another retailer": "segment-not-found",
    "not what the list holds": "invalid",
    "not an advertiser of the caller": "insufficient-account-permissions",
    "no campaign has this id": "campaign-not-found",
    "no ad set has this id": "campaign-not-found",
    "not a time zone": "invalid",
    "not a currency": "invalid",
    "missing": "invalid_request",
    "empty": "invalid_request",
    "not a grant of these": "unsupported_grant_type",
    "no application has this id": "invalid_client",
    "not the application's secret": "invalid_client",
    "backwards": "-510",
    "longer than a week": "-510",
    "no such day": "-510",
}
"""What a flaw that no schema tells is called."""


_BEYOND = sorted(
    {code for code in _CODES.values() if "_" not in code and code[0] != "-"}
    | {"segment-not-found", "audience-not-found", "audience-invalid", "contact-list-read-only"}
)
"""What a request that keeps the contract may be told."""


def flawed(answer: Answer, violations: list[Violation]) -> None:
    """Expect a request that breaks the contract to be refused for that. Raises `Broken`."""
    said = "; ".join(f"{each.pointer or each.place}: {each.message}" for each in violations[:3])
    answer.holds("status", list(REFUSED), "is one of", f"a request that breaks the contract ({said})")
    if "errors" in (answer.body or {}):
        for number, _ in enumerate(answer.problems):
            answer.holds(f"body/errors/{number}/type", "validation")


def told(answer: Answer, operation: Operation, violations: list[Violation], length: int) -> None:
    """Expect every violation among the problems, by place and code. Raises `Broken`."""
    if "errors" not in (answer.body or {}) or any(each.kind == "more" for each in violations):
        return
    wanted = {(each.pointer, _code(each, operation)) for each in violations}
    if length > _LARGE:
        wanted = wanted if len(wanted) == 1 else set()
    for pointer, code in sorted(wanted):
        _tells(answer, "body/errors", pointer, code, "every violation is told")


def _tells(answer: Answer, listed: str, pointer: str, code: str, why: str) -> None:
    """Expect a problem of a code at a place of the request. Raises `Broken`."""
    source = {pointer.rpartition("/")[2]: pointer} if pointer else None
    answer.holds(f"{listed}/*/source", source, "has", why)
    sources, codes = answer.at(f"{listed}/*/source"), answer.at(f"{listed}/*/code")
    if code not in [each for each, place in zip(codes, sources, strict=True) if place == source]:
        answer.holds(f"{listed}/{sources.index(source)}/code", code, why=why)


def _code(violation: Violation, operation: Operation) -> str:
    if violation.kind == "required" and operation.id == "getRealTimeReport":
        return INVALID.code
    return BY_KIND.get(violation.kind, INVALID).code


def slipped(answer: Answer, operation: Operation, body: Any, flaw: str, at: str) -> None:
    """Expect the one thing wrong with a sound body to be told, and nothing else to suffer. Raises `Broken`."""
    of_audiences = operation.id in _OF_AUDIENCES and not at.endswith("/audienceSegmentId")
    code = ("audience-not-found" if of_audiences else "segment-not-found") if flaw in _STRANGE else _CODES.get(flaw, "")
    if flaw == "a malformed identifier":
        answer.holds("status", 200)
        _amended(answer, body, invalid=1)
    elif operation.id in _BULK:
        _spared(answer, operation, body, code, at)
    else:
        answer.holds("status", 400, "is at least", flaw).holds("status", 403, "is at most", flaw)
        place = {"requestToken": "body/error", "retrieveCampaignStats": "body/_s"}.get(operation.id, "body/errors/0/code")
        if code:
            answer.holds(place, int(code) if code.startswith("-") else code, why=flaw)


def _spared(answer: Answer, operation: Operation, body: Any, code: str, at: str) -> None:
    """That a bulk answer tells the flaw of one item, and has the others."""
    answer.holds("status", 200, why=code)
    _tells(answer, _listed_in(answer, operation), at, code, "what is wrong is told")
    sizes = operation.id.startswith("compute")
    sent = body["data"]["attributes"]["ids"] if sizes else body["data"]
    answer.holds("body/data", len({id_text(id) for id in sent} if sizes else sent) - 1, "has length", "the others go through")


def _listed_in(answer: Answer, operation: Operation) -> str:
    reading = answer.session.readings["failed-items-in"]
    dated = operation.version not in ("preview", "experimental")
    return "body/warnings" if reading == "warnings" or (reading == "by-version" and dated) else "body/errors"


def sound(answer: Answer, operation: Operation, body: Any) -> None:
    """Expect a request that keeps the contract, about what is there, to succeed without objection. Raises `Broken`."""
    if operation.id == "estimateAudienceSegmentSize" and answer.session.readings["events-segments"] == "refused":
        answer.says(400, "invalid")
        return
    answer.holds("status", [200, 204], "is one of", "a sound request").refuses()
    if operation.id in _ECHOES:
        _ECHOES[operation.id](answer, body)


def possible(answer: Answer) -> None:
    """Expect a request that keeps the contract to succeed, or to be told what rule beyond it stands against it."""
    answer.holds("status", [200, 204, 400, 403, 404], "is one of")
    listed = "errors" if answer.at("body/errors/0/code") is not ABSENT else "warnings"
    for number, _ in enumerate(answer.at(f"body/{listed}") if answer.codes else ()):
        answer.holds(f"body/{listed}/{number}/code", _BEYOND, "is one of")


def _each_echoed(answer: Answer, body: Any) -> None:
    """Creations and updates come back as they were said."""
    said = body.get("data", [])
    answer.holds("body/data", len(said), "has length")
    for number, item in enumerate(said):
        attributes = item.get("attributes") or {}
        here = f"body/data/{number}/attributes"
        if "name" in attributes:
            answer.holds(f"{here}/name", attributes["name"])
        if "retailerId" in attributes:
            answer.holds(f"{here}/retailerId", id_text(attributes["retailerId"]))
        _echoed_description(answer, here, attributes)
        _echoed_settings(answer, here, attributes)


def _echoed_description(answer: Answer, here: str, said: Mapping[str, Any]) -> None:
    if said.get("description") is not None:
        text = said["description"]
        answer.holds(f"{here}/description", text.get("value") if isinstance(text, dict) else text)


def _echoed_settings(answer: Answer, here: str, said: Mapping[str, Any]) -> None:
    """What a creation says of its list, and anybody of events."""
    kind = (said.get("contactList") or {}).get("identifierType")
    if kind is not None and "retailerId" in said:
        answer.holds(f"{here}/contactList/identifierType", kind)
    for member in ("shopperActivity", "lookbackDays"):
        value = (said.get("events") or {}).get(member)
        if value is not None:
            answer.holds(f"{here}/events/{member}", value)


def _deleted(answer: Answer, body: Any) -> None:
    answer.holds("body/data/*/id", [id_text(item["id"]) for item in body.get("data", [])])


def _paged(answer: Answer, body: Any) -> None:
    answer.holds("body/meta/totalItems", len(answer.items), "is at least")
    answer.holds(f"body/data/{answer.at('body/meta/limit')}", relation="is absent", why="a page is no longer than its limit")


def _sized(answer: Answer, body: Any) -> None:
    ids = [id_text(id) for id in body["data"]["attributes"]["ids"]]
    answer.holds("body/data/*/id", list(dict.fromkeys(ids)), "has in any order")


def _amended(answer: Answer, body: Any, invalid: int = 0) -> None:
    said = body["data"]["attributes"]
    shape = answer.session.readings["add-remove-shape"]
    here = "body/data/attributes" if shape == "nested" else "body/data"
    answer.holds(f"{here}/operation", said["operation"])
    answer.holds(f"{here}/nbInvalidIdentifiers", invalid)
    answer.holds(f"{here}/nbValidIdentifiers", len(said["identifiers"]) - invalid)
    if said.get("identifierType"):
        answer.holds(f"{here}/identifierType", said["identifierType"])


_ECHOES: Mapping[str, Callable[[Answer, Any], None]] = {
    "bulkCreateAudienceSegments": _each_echoed,
    "bulkUpdateAudienceSegments": _each_echoed,
    "bulkCreateAudience": _each_echoed,
    "bulkUpdateAudience": _each_echoed,
    "bulkDeleteAudienceSegments": _deleted,
    "bulkDeleteAudiences": _deleted,
    "searchAudienceSegments": _paged,
    "searchAudiences": _paged,
    "computeAudienceSegmentsSizes": _sized,
    "computeAudiencesSizes": _sized,
    "AddRemoveContactListByAudienceSegment": _amended,
}
