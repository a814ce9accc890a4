"""Laws of making segments: what is kept, what is refused, and where it is told."""

from typing import Any

from mockserver.check.law import once
from mockserver.check.laws.segment_life import SegmentLife
from mockserver.check.laws.segment_model import LONGEST_DESCRIPTION, LONGEST_NAME
from mockserver.check.laws.stating import law
from mockserver.check.session import Session
from mockserver.evidence import assumed, guide, openapi
from mockserver.providers.criteo.sources import OLD_OPENAPI, OPENAPI, PREVIEW_GUIDE, SEGMENT_GUIDE

CREATE, SEARCH = "bulkCreateAudienceSegments", "searchAudienceSegments"
TYPES = ("Email", "UserIdentifier", "IdentityLink", "CustomerId", "PhoneNumber")
ACTIVITIES = ("View", "Buy", "AddToCart")
NOBODY = "999999999999999999"
"""A retailer that there is not."""
WINDOWS = tuple(f"Last{days}Days" for days in (7, 14, 30, 45, 60, 90, 120, 150, 180))


def events_settings(**more: Any) -> dict[str, Any]:
    """What an events segment is by, changed as told; what is told to be `None` is left out."""
    said = {"shopperActivity": "Buy", "lookbackDays": "Last30Days", "categoryIds": ["1042"], **more}
    return {name: value for name, value in said.items() if value is not None}


def _keeps_lists(session: Session) -> None:
    life = SegmentLife.of(session)
    life.create(*[session.contact_list(kind, description=f"of {kind}") for kind in TYPES])
    life.create(session.contact_list(retailerId=session.setting.retailers[-1]))
    life.find()


def _keeps_events(session: Session) -> None:
    life = SegmentLife.of(session)
    life.create(*[session.events(events=events_settings(shopperActivity=each)) for each in ACTIVITIES])
    life.create(*[session.events(events=events_settings(lookbackDays=each)) for each in WINDOWS])
    life.create(
        session.events(events=events_settings(minPrice=5, maxPrice=20.5, brandIds=["7", "8"]), description="all at once"),
        session.events(events=events_settings(categoryIds=["3", "1", "2"])),
        session.events(events=events_settings(categoryIds=None, brandIds=["9"], minPrice=0)),
        session.events(events={**events_settings(maxPrice=1), "brandIds": None, "minPrice": None}),
    )
    life.find()


def _names_are_unique(session: Session) -> None:
    life = SegmentLife.of(session)
    taken = session.contact_list()
    life.create(taken)
    twice = session.contact_list()
    life.create(taken, session.contact_list(), session.events(name=taken["name"]), twice, twice)
    life.create({**taken, "retailerId": session.setting.retailers[-1]})
    life.find()


def _cases_of_names(session: Session) -> None:
    life = SegmentLife.of(session)
    lower = session.contact_list(name=session.name("case"))
    upper = {**lower, "name": f"{lower['name'][:-4]}CASE"}
    life.create(lower, upper)
    life.create(upper)
    life.find()


def _names_are_kept_as_sent(session: Session) -> None:
    life = SegmentLife.of(session)
    name = session.name("as sent")
    life.create(*[session.contact_list(name=f"{name}{end}") for end in ("", " ", "\t", " é ß 漢 \U0001f600", "\u00a0")])
    life.find()


def _name_lengths(session: Session) -> None:
    life = SegmentLife.of(session)
    for length in (LONGEST_NAME - 1, LONGEST_NAME, LONGEST_NAME + 1, 1000):
        life.create(session.contact_list(name=session.name().ljust(length, "n")))
    for length in (LONGEST_NAME, LONGEST_NAME + 1):
        life.create(session.contact_list(name=session.name().ljust(length, "é")))
    life.create(*[session.contact_list(name=empty) for empty in ("", " ", "\t \n", "\u00a0")])
    life.find()


def _description_lengths(session: Session) -> None:
    life = SegmentLife.of(session)
    lengths = (0, 1, LONGEST_DESCRIPTION - 1, LONGEST_DESCRIPTION, LONGEST_DESCRIPTION + 1, 2000)
    life.create(*[session.contact_list(description="é" * length) for length in lengths])
    life.create(*[session.contact_list(description="d" * length) for length in lengths], session.contact_list(description=None))
    life.find()


def foreign_retailer(session: Session) -> str:
    """A retailer that is none of the account's."""
    return session.setting.stranger_retailer or NOBODY


def _retailers(session: Session) -> None:
    life = SegmentLife.of(session)
    life.create(*[session.contact_list(retailerId=each) for each in (foreign_retailer(session), "no-retailer", "0")])
    life.create(*[session.contact_list(retailerId=each) for each in session.setting.retailers])
    life.find()


def _one_kind(session: Session) -> None:
    life = SegmentLife.of(session)
    said = {"retailerId": life.retailer}
    of_list, by_events = {"identifierType": "Email"}, events_settings()
    life.create(
        {**said, "name": session.name()},
        {**said, "name": session.name(), "contactList": None, "events": None},
        {**said, "name": session.name(), "contactList": of_list, "events": by_events},
        {**said, "name": session.name(), "contactList": {}},
        {**said, "name": session.name(), "contactList": {}, "events": by_events},
        {**said, "name": session.name(), "contactList": of_list, "events": None},
        {**said, "name": session.name(), "contactList": None, "events": by_events},
    )
    life.find()


def _events_have_a_scope(session: Session) -> None:
    life = SegmentLife.of(session)
    scopes: tuple[dict[str, Any], ...] = (
        {"categoryIds": None},
        {"categoryIds": []},
        {"categoryIds": [], "brandIds": []},
        {"categoryIds": [], "brandIds": ["4"]},
    )
    life.create(*[session.events(events=events_settings(**scope)) for scope in scopes])
    life.find()


def _prices_do_not_cross(session: Session) -> None:
    life = SegmentLife.of(session)
    pairs: tuple[tuple[float | None, float | None], ...] = (
        (10, 9.99),
        (10, 10),
        (9.99, 10),
        (10, 0),
        (None, 0),
        (0.5, None),
        (-1, 0),
    )
    life.create(*[session.events(events=events_settings(minPrice=least, maxPrice=most)) for least, most in pairs])
    life.find()


CHECKS = (
    law(
        "segment-lists-kept",
        "A contact-list segment is kept as it was asked for, of each type and retailer.",
        guide(SEGMENT_GUIDE),
        once(_keeps_lists),
        CREATE,
        SEARCH,
    ),
    law(
        "segment-events-kept",
        "An events segment is kept as it was asked for, by each activity and window.",
        openapi(OPENAPI),
        once(_keeps_events),
        CREATE,
        SEARCH,
    ),
    law(
        "segment-names-unique",
        "No two segments of an account have one name; of two in a request the first is kept.",
        openapi(OLD_OPENAPI, unproven="which of two"),
        once(_names_are_unique),
        CREATE,
    ),
    law(
        "segment-names-compared",
        "Names that differ in case are one or two, by the reading in force.",
        assumed("reading segment-name-comparison"),
        once(_cases_of_names),
        CREATE,
    ),
    law(
        "segment-names-as-sent",
        "Names are kept and compared with every space and sign that was sent.",
        assumed("nobody published it"),
        once(_names_are_kept_as_sent),
        CREATE,
    ),
    law(
        "segment-name-lengths",
        "A name has 1 to 256 characters that are not all spaces.",
        guide(PREVIEW_GUIDE, unproven="the code"),
        once(_name_lengths),
        CREATE,
    ),
    law(
        "segment-description-lengths",
        "A description has at most 500 characters.",
        guide(PREVIEW_GUIDE, unproven="the code"),
        once(_description_lengths),
        CREATE,
    ),
    law(
        "segment-retailers",
        "A segment is of one of the account's retailers.",
        assumed("named like segment-not-found"),
        once(_retailers),
        CREATE,
    ),
    law(
        "segment-one-kind",
        "A segment is a contact list of a type, or by events, and not both.",
        guide(SEGMENT_GUIDE, unproven="the codes"),
        once(_one_kind),
        CREATE,
    ),
    law(
        "segment-events-scope",
        "An events segment has a category or a brand.",
        guide(SEGMENT_GUIDE, unproven="the code"),
        once(_events_have_a_scope),
        CREATE,
    ),
    law(
        "segment-prices",
        "The least price is not above the highest; it may be the same.",
        assumed("no document compares them"),
        once(_prices_do_not_cross),
        CREATE,
    ),
)
