"""How it is told what was refused: the problems of a bulk answer, and those of a call that was refused as a whole."""

from collections.abc import Sequence

from mockserver.check.session import Answer, Session

Problem = tuple[str, str]
"""Where in the request something is wrong, and the code that says what."""

UNDATED = ("preview", "experimental")
_ALWAYS_LISTED = "AddRemoveContactListByAudienceSegment"


def lists(answer: Answer, *problems: Problem) -> Answer:
    """Expect a 200 with exactly these problems in the list that is for them, in any order, and none in the other."""
    answer.says(200)
    where, elsewhere = _place(answer)
    _lists_none(answer, elsewhere)
    if not problems:
        return _lists_none(answer, where)
    codes = [code for _, code in problems]
    answer.holds(f"body/{where}/*/code", codes, "has in any order")
    answer.holds(f"body/{where}/*/source", [_source(place) for place, _ in problems], "has in any order")
    for position, problem in enumerate(answer.at(f"body/{where}")):
        fitting = [code for place, code in problems if _source(place) == problem["source"]]
        answer.holds(f"body/{where}/{position}/code", fitting, "is one of")
        answer.holds(f"body/{where}/{position}/type", "validation")
    return answer


def in_order(answer: Answer, sources: Sequence[dict[str, str]]) -> Answer:
    """Expect the problems of a bulk answer to stand in this order, known by where each is."""
    return answer.says(200).holds(f"body/{_place(answer)[0]}/*/source", list(sources))


def refused(answer: Answer, status: int, *problems: Problem) -> Answer:
    """Expect the whole call to be refused with a status, and with exactly these problems."""
    answer.says(status, *(code for _, code in problems))
    sources = [_source(place) if place else None for place, _ in problems]
    return answer.holds("body/errors/*/source", sources, "has in any order")


def not_found(session: Session, answer: Answer) -> Answer:
    """Expect an unknown contact list to be refused as the reading in force has it."""
    return refused(answer, int(session.readings["unknown-contact-list"]), ("", "audience-invalid"))


def _source(place: str) -> dict[str, str]:
    return {place.rpartition("/")[2]: place}


def _place(answer: Answer) -> Sequence[str]:
    """The list that refused items stand in, and the other."""
    reading = answer.session.readings["failed-items-in"]
    if reading == "by-version":
        reading = "errors" if answer.session.exchanges[answer.place].version in UNDATED else "warnings"
    return ("errors", "warnings") if reading == "errors" else ("warnings", "errors")


def _lists_none(answer: Answer, where: str) -> Answer:
    always = answer.session.exchanges[answer.place].operation == _ALWAYS_LISTED
    if answer.session.readings["empty-problem-lists"] == "omitted" and not always:
        return answer.holds(f"body/{where}", None, "is absent")
    return answer.holds(f"body/{where}", [])
