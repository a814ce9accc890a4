"""What is seen of Criteo's segments and contact lists."""

import re
from typing import Any

from mockserver.check.expectation import ABSENT
from mockserver.check.readings.observer import (
    CRITEO,
    WRITES,
    Contradicted,
    Observer,
    Unseen,
    chosen,
    created,
    emails,
    ids,
    some_list,
    succeeded,
)
from mockserver.check.session import Answer, Session

_LISTS = 20
_COMPUTED_AFTER = 24 * 3600
"""Audiences, and perhaps statistics, are computed twice a day and show five hours later."""
_PREVIEW = "preview"


def _amended(session: Session) -> Answer:
    """The answer to identifiers added to a new list."""
    [id] = created(session, session.contact_list())
    return succeeded(session.amend(id, "add", emails(session, 2)), "adding identifiers")


def _add_remove_shape(session: Session) -> str:
    data = _amended(session).at("body/data")
    there = isinstance(data, dict) and isinstance(data.get("attributes"), dict)
    flat, nested = "nbValidIdentifiers" in data, there and "nbValidIdentifiers" in data["attributes"]
    known = {(True, True): "hybrid", (True, False): "flat", (False, True): "nested"}
    return chosen((flat, nested), known, "whether members stand in data and in data.attributes")


def _contact_list_clear(session: Session) -> str:
    [id] = created(session, session.contact_list())
    answer = session.clear(id)
    if answer.status == 200 and answer.body is None:
        raise Contradicted("the status is 200 and there is no body")
    return chosen(answer.status, {200: "200-body", 204: "204"}, "the status of a clear")


def _failed_items_in(session: Session) -> str:
    [id] = created(session, session.contact_list())
    succeeded(session.delete(id), "deleting a segment")
    dated, preview = _where(session.delete(id)), _where(session.delete(id, version=_PREVIEW))
    known = {
        ("warnings", "errors"): "by-version",
        ("warnings", "warnings"): "warnings",
        ("errors", "errors"): "errors",
    }
    return chosen((dated, preview), known, "where a dated version and preview list a refused item")


def _where(answer: Answer) -> str:
    """Which list a bulk answer tells its problems in. Raises `Unseen`."""
    succeeded(answer, "deleting a segment that is gone")
    filled = [name for name in ("errors", "warnings") if answer.at(f"body/{name}/0") is not ABSENT]
    return " and ".join(filled) or "neither"


def _empty_problem_lists(session: Session) -> str:
    answer = succeeded(session.search(query={"limit": 1}), "a search")
    lists = tuple(answer.at(f"body/{name}") for name in ("errors", "warnings"))
    shown = tuple(
        "absent" if each is ABSENT else "empty" if each == [] else "null" if each is None else "full" for each in lists
    )
    return chosen(shown, {("empty", "empty"): "sent", ("absent", "absent"): "omitted"}, "errors and warnings")


def _default_page_size(session: Session) -> str:
    answer = succeeded(session.search(), "a search")
    limit = answer.at("body/meta/limit")
    if type(limit) is not int:
        raise Unseen("the answer tells no limit")
    if len(answer.items) < min(limit, answer.at("body/meta/totalItems")):
        raise Contradicted(f"the limit told is {limit}, and there are {len(answer.items)} items")
    return chosen(limit, {50: "50", 500: "500"}, "the limit")


def _segment_resource_type(session: Session) -> str:
    answer = succeeded(session.search(query={"limit": 1}), "a search")
    if not answer.items and "writes" in session.wire.abilities and session.setting.retailers:
        created(session, session.contact_list())
        answer = succeeded(session.search(query={"limit": 1}), "a search")
    if not answer.items:
        raise Unseen("the account has no segment")
    return _itself(answer.at("body/data/0/type"), "AudienceSegment", "RetailMediaAudienceSegment")


def _statistics_resource_type(session: Session) -> str:
    answer = succeeded(session.statistics(some_list(session)), "statistics")
    return _itself(answer.at("body/data/type"), "AudienceSegment", "ContactListStatistics")


def _itself(found: Any, *names: str) -> str:
    return chosen(found, {name: name for name in names}, "the type")


def _match_rate(session: Session) -> str:
    answer = _matched(session)
    identifiers, matches, rate = (
        answer.at(f"body/data/attributes/{name}") for name in ("numberOfIdentifiers", "numberOfMatches", "matchRate")
    )
    share = matches / identifiers
    near = [name for name, of in (("fraction", 1), ("percentage", 100)) if abs(rate - share * of) <= 0.006 * of]
    if len(near) != 1:
        raise Contradicted(f"the match rate of {matches} of {identifiers} is {rate}")
    return near[0]


def _matched(session: Session) -> Answer:
    """Statistics of a list of which somebody is known. Raises `Unseen`."""
    found = session.search(filters={"audienceSegmentTypes": ["ContactList"]}, query={"limit": _LISTS})
    for id in ids(succeeded(found, "a search")):
        if _knows_somebody(answer := session.statistics(id)):
            return answer
    if "writes" in session.wire.abilities and session.setting.retailers:
        [id] = created(session, session.contact_list())
        succeeded(session.amend(id, "add", emails(session, 500)), "adding identifiers")
        if _knows_somebody(answer := session.statistics(id)):
            return answer
        if "clock" in session.wire.abilities:
            session.advance(_COMPUTED_AFTER)
            if _knows_somebody(answer := session.statistics(id)):
                return answer
    raise Unseen(f"of {_LISTS} contact lists none has a match")


def _knows_somebody(answer: Answer) -> bool:
    matches = answer.at("body/data/attributes/numberOfMatches")
    return answer.status == 200 and type(matches) is int and matches > 0


_MILLISECONDS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
_TICKS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}\+00:00")


def _request_date(session: Session) -> str:
    answer = _amended(session)
    places = (answer.at("body/data/requestDate"), answer.at("body/data/attributes/requestDate"))
    found = next((each for each in places if isinstance(each, str)), None)
    if found is None:
        raise Contradicted("the answer has no requestDate")
    form = next((form for form in (_MILLISECONDS, _TICKS) if form.fullmatch(found)), found)
    return chosen(form, {_MILLISECONDS: "milliseconds", _TICKS: "ticks"}, "the requestDate")


def _events_segments(session: Session) -> str:
    answer = succeeded(session.create(session.events()), "creating a segment by events")
    if not ids(answer) and set(answer.codes) != {"invalid"}:
        raise Unseen(f"the segment was refused for {', '.join(answer.codes) or 'no reason told'}, which may be another reason")
    return "allowed" if ids(answer) else "refused"


def _statistics_computed(session: Session) -> str:
    [id] = created(session, session.contact_list())
    succeeded(session.amend(id, "add", emails(session, 3)), "adding identifiers")
    count = succeeded(session.statistics(id), "statistics").at("body/data/attributes/numberOfIdentifiers")
    if count == 0 and "clock" in session.wire.abilities:
        session.advance(_COMPUTED_AFTER)
        later = session.statistics(id).at("body/data/attributes/numberOfIdentifiers")
        if later != 3:
            raise Contradicted(f"of 3 identifiers there are {later} a day later")
    return chosen(count, {3: "at-once", 0: "on-schedule"}, "the number of identifiers, of 3 just added")


def _unknown_contact_list(session: Session) -> str:
    succeeded(session.search(query={"limit": 1}), "a search")
    answer = session.statistics("1")
    return chosen(answer.status, {403: "403", 404: "404"}, "the status")


def _identifier_type_mismatch(session: Session) -> str:
    [id] = created(session, session.contact_list("Email"))
    answer = session.amend(id, "add", ["nobody-1"], identifierType="CustomerId")
    return chosen(answer.status, {200: "accepted", 400: "refused"}, "the status")


def _delete_used_segment(session: Session) -> str:
    [id] = created(session, session.contact_list())
    attributes = {
        "name": session.name("audience"),
        "retailerId": session.setting.retailers[0],
        "algebra": {"audienceSegmentId": id},
    }
    made = session.ask("bulkCreateAudience", {"data": [{"attributes": attributes}]}, version=_PREVIEW)
    if not succeeded(made, "creating an audience").items:
        raise Unseen("an audience could not be created")
    answer = succeeded(session.delete(id), "deleting a segment")
    refused, gone = bool(answer.problems), ids(answer) == [id]
    return chosen((gone, refused), {(True, False): "allowed", (False, True): "refused"}, "whether it is gone, and refused")


def _segment_name_comparison(session: Session) -> str:
    name = session.name("name")
    created(session, {**session.contact_list(), "name": f"{name} a"})
    answer = succeeded(session.create({**session.contact_list(), "name": f"{name} A"}), "creating a segment")
    codes = tuple(answer.codes.elements())
    known = {(1, ()): "exact", (0, ("name-must-be-unique",)): "ignoring-case"}
    return chosen((len(ids(answer)), codes), known, "how many were created, and the problems")


OBSERVERS = {
    "add-remove-shape": Observer(_add_remove_shape, WRITES),
    "contact-list-clear": Observer(_contact_list_clear, WRITES),
    "failed-items-in": Observer(_failed_items_in, WRITES, shows=2),
    "empty-problem-lists": Observer(_empty_problem_lists),
    "default-page-size": Observer(_default_page_size),
    "segment-resource-type": Observer(_segment_resource_type),
    "statistics-resource-type": Observer(_statistics_resource_type),
    "match-rate": Observer(_match_rate),
    "request-date": Observer(_request_date, WRITES),
    "events-segments": Observer(_events_segments, WRITES),
    "statistics-computed": Observer(
        _statistics_computed, WRITES, shows=3, unproven={"on-schedule": "when what was added shows; it does not at once"}
    ),
    "unknown-contact-list": Observer(_unknown_contact_list, CRITEO),
    "identifier-type-mismatch": Observer(_identifier_type_mismatch, WRITES),
    "delete-used-segment": Observer(_delete_used_segment, WRITES, shows=2),
    "segment-name-comparison": Observer(_segment_name_comparison, WRITES, shows=2),
}
