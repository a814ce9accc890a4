"""Realtime reports: whatever they are grouped by, they tell of the same displays, clicks and cost."""

from typing import Any

from hypothesis import strategies as st

from mockserver.check.law import Check, drawn
from mockserver.check.laws.figures import (
    ENTITIES,
    FINEST,
    METRICS,
    ROWS,
    TIMES,
    compared,
    dated,
    fine,
    folded,
    report,
    rows,
)
from mockserver.check.laws.stating import claim
from mockserver.check.session import Session
from mockserver.evidence import assumed, guide, inferred, openapi
from mockserver.providers.criteo.sources import OPENAPI, REALTIME_GUIDE

ZONES = ("Europe/Paris", "America/New_York", "America/Los_Angeles", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Tokyo")
PARTS_OF_HOURS = ("Asia/Kolkata", "Asia/Kathmandu", "Australia/Adelaide", "America/St_Johns", "Pacific/Chatham")
_GROUPINGS: tuple[tuple[str, ...], ...] = (
    *((), ("AdvertiserId",), ("Advertiser",), ("CampaignId",), ("Campaign",), ("AdsetId",), ("Adset",)),
    *(("Year",), ("Month",), ("Week",), ("Day",), ("Hour",), ("Day", "Hour"), ENTITIES, TIMES),
    *(("AdvertiserId", "Day"), ("CampaignId", "Hour"), ("AdsetId", "Week"), ("Campaign", "Month", "Advertiser")),
)


def grouped(session: Session, dimensions: tuple[str, ...], relation: str = "has in any order", **said: Any) -> None:
    """Expect a report by these dimensions to be what the finest rows add up to."""
    metrics = said.pop("metrics", METRICS)
    compared(
        session,
        lambda found: folded(map(dated, found), dimensions, metrics),
        relation,
        dimensions=list(dimensions),
        metrics=list(metrics),
        **said,
    )


def _every_grouping_adds_up(session: Session) -> None:
    for dimensions in _GROUPINGS:
        grouped(session, dimensions)


def _drawn_groupings_add_up(session: Session, said: Any) -> None:
    dimensions, metrics, lookback, zone, mask = said
    known = session.setting.advertisers[:10]
    chosen = [each for number, each in enumerate(known) if mask >> number & 1] or list(known)
    grouped(session, dimensions, metrics=metrics, lookbackWindow=lookback, timezone=zone, advertiserIds=chosen)


def _rows_come_latest_first(session: Session) -> None:
    for dimensions in (
        FINEST,
        ("Day", "Hour", "AdvertiserId"),
        ("Hour", "CampaignId"),
        ("AdsetId",),
        ENTITIES,
        ("Week", "Adset"),
    ):
        grouped(session, dimensions, "is")


def _keys_are_spelled_as_asked(session: Session) -> None:
    for spelled in (("advertiserId", "hour", "day"), ("ADSETID", "Day"), ("campaignid", "wEEK"), ("year", "month", "adset")):
        for metrics in (("displays", "clicks", "cost"), ("COST",), ("Clicks", "displays")):
            grouped(session, spelled, metrics=metrics)


def _twice_asked_is_once_told(session: Session) -> None:
    wanted = ("Day", "AdvertiserId")
    compared(
        session,
        lambda found: folded(found, wanted, ("Clicks",)),
        dimensions=["Day", "AdvertiserId", "Day"],
        metrics=["Clicks", "Clicks"],
    )


def _chosen_metrics(session: Session) -> None:
    for metrics in (("Displays",), ("Clicks",), ("Cost",), ("Cost", "Displays"), ("Clicks", "Cost")):
        grouped(session, ("CampaignId", "Day"), metrics=metrics)


def _orders_of_dimensions_do_not_matter(session: Session) -> None:
    for dimensions in (
        ("Hour", "Day"),
        ("Day", "Hour", "AdvertiserId"),
        ("AdvertiserId", "Day", "Hour"),
        tuple(reversed(FINEST)),
    ):
        grouped(session, dimensions)


def _never_more_clicks(session: Session) -> None:
    answer = report(session, dimensions=list(FINEST))
    for number, row in enumerate(rows(answer)):
        if int(row["Clicks"]) > int(row["Displays"]):
            answer.holds(f"{ROWS}/{number}/Clicks", [0, int(row["Displays"])], "is within", "no more clicks than displays")
        if row["Displays"] == "0":
            answer.holds(f"{ROWS}/{number}/Displays", "0", "is not", "what had no display has no row")
        if row["Clicks"] == "0":
            answer.holds(f"{ROWS}/{number}/Cost", "0.000", why="what was not clicked costs nothing")


def _asked_again(session: Session) -> None:
    questions: list[dict[str, Any]] = [{"dimensions": []}, {"dimensions": list(FINEST)}, {"timezone": "Asia/Tokyo"}]
    for said in questions:
        for _ in range(3):
            first, second = (report(session, **said) for _ in range(2))
            if rows(first) == rows(second):
                break
        second.holds(ROWS, rows(first), why="the same question")
        report(session, version="experimental", **said).holds(ROWS, rows(second), why="the same in either version")


def _each_advertiser_on_its_own(session: Session) -> None:
    known = session.setting.advertisers[:10]
    for advertiser in known:
        for said in ([advertiser], [int(advertiser)], [advertiser, advertiser]):
            for _ in range(3):
                whole = fine(session)
                answer = report(session, dimensions=list(FINEST), advertiserIds=said)
                if whole == fine(session):
                    break
            answer.holds(ROWS, [row for row in whole if row["AdvertiserId"] == advertiser], why="its rows among all")
    backwards = report(session, dimensions=list(FINEST), advertiserIds=list(reversed(known)))
    backwards.holds(ROWS, fine(session), why="in whatever order they are named")


def _entities_have_one_name(session: Session) -> None:
    answer = report(session, dimensions=list(ENTITIES))
    for id, name in (("AdvertiserId", "Advertiser"), ("CampaignId", "Campaign"), ("AdsetId", "Adset")):
        pairs = {row[id]: row[name] for row in rows(answer)}
        answer.holds(f"{ROWS}/*/{name}", [pairs[row[id]] for row in rows(answer)], why="an id has one name")
    for name, whose in (("Campaign", "Advertiser"), ("Adset", "Campaign")):
        if len(rows(answer)) > 2:
            answer.holds(f"{ROWS}/*/{name}", [row[whose] for row in rows(answer)], "is not", f"a {name} has a name of its own")
    answer.holds(ROWS, len({row["AdsetId"] for row in rows(answer)}), "has length", "an ad set is of one campaign")


def _defaults(session: Session) -> None:
    plain: dict[str, Any] = {"lookbackWindow": 12, "dimensions": list(FINEST), "metrics": list(METRICS)}
    plain |= {"currency": "EUR", "timezone": "UTC"}
    wanted = report(session, **plain)
    for name, value in plain.items():
        for said in ({**plain, name: None}, {key: each for key, each in plain.items() if key != name}):
            if name == "lookbackWindow" and name not in said:
                continue
            report(session, **said).holds(ROWS, rows(wanted), why=f"{name} is {value} unless told otherwise")
    body = {"data": {"attributes": {"advertiserIds": list(session.setting.advertisers[:10])}}}
    session.ask("getRealTimeReport", body).says(200).holds(ROWS, rows(wanted), why="all by default")
    empty = report(session, **{**plain, "campaignIds": [], "adsetIds": []})
    empty.holds(ROWS, rows(wanted), why="an empty filter is none")
    report(session, **{**plain, "campaignIds": None, "adsetIds": None}).holds(ROWS, rows(wanted), why="no filter")


_SUMS = inferred("one ledger of displays and clicks is behind every report")
_ECHO = guide(f"the sample: {REALTIME_GUIDE}", unproven="that keys are spelled as asked")
_ORDER = inferred(f"the sample has the latest hour first: {REALTIME_GUIDE}")
_QUIET = assumed("nobody published whether what had no display has a row")
_ID = ("getRealTimeReport",)
_NEEDS = frozenset({"main", "advertisers"})
_DIMENSIONS = st.lists(st.sampled_from([*ENTITIES, *TIMES]), unique=True, max_size=8).map(tuple)
_QUESTIONS = st.tuples(
    _DIMENSIONS,
    st.lists(st.sampled_from(METRICS), unique=True, min_size=1).map(tuple),
    st.integers(12, 24),
    st.sampled_from([*ZONES, *PARTS_OF_HOURS, "UTC"]),
    st.integers(1, 2**10 - 1),
)


CHECKS: tuple[Check, ...] = (
    claim(
        "realtime-groupings-add-up",
        "Any grouping adds up to the finest: hours to days, ad sets to campaigns to advertisers to all.",
        _SUMS,
        _every_grouping_adds_up,
        _ID,
        _NEEDS,
    ),
    Check(
        "laws/realtime-drawn-groupings-add-up",
        "laws",
        "Any grouping adds up to the finest, over any hours, in any time zone, of any advertisers.",
        _SUMS,
        drawn(_drawn_groupings_add_up, _QUESTIONS, 25),
        _ID,
        _NEEDS,
    ),
    claim(
        "realtime-latest-first",
        "Rows come latest first, then by advertiser, campaign and ad set.",
        _ORDER,
        _rows_come_latest_first,
        _ID,
        _NEEDS,
    ),
    claim(
        "realtime-keys-as-asked",
        "Names may be spelled in any case, and rows repeat the spelling.",
        _ECHO,
        _keys_are_spelled_as_asked,
        _ID,
        _NEEDS,
    ),
    claim(
        "realtime-names-once",
        "A name that is given twice is told once.",
        assumed("an object has no key twice"),
        _twice_asked_is_once_told,
        _ID,
        _NEEDS,
    ),
    claim(
        "realtime-chosen-metrics",
        "Rows have the metrics asked for and no others.",
        openapi(OPENAPI),
        _chosen_metrics,
        _ID,
        _NEEDS,
    ),
    claim(
        "realtime-order-of-dimensions",
        "In which order dimensions are named changes no figure.",
        _SUMS,
        _orders_of_dimensions_do_not_matter,
        _ID,
        _NEEDS,
    ),
    claim(
        "realtime-never-more-clicks",
        "There are no more clicks than displays, and no row without a display.",
        _QUIET,
        _never_more_clicks,
        _ID,
        _NEEDS,
    ),
    claim(
        "realtime-asked-again",
        "The same question has the same answer, in preview and experimental.",
        _SUMS,
        _asked_again,
        _ID,
        _NEEDS,
    ),
    claim(
        "realtime-each-advertiser",
        "An advertiser's rows are the same on its own and among others, its id as text or number.",
        _SUMS,
        _each_advertiser_on_its_own,
        _ID,
        _NEEDS,
    ),
    claim(
        "realtime-names-of-ids",
        "An id has one name, and an ad set one campaign.",
        openapi(OPENAPI),
        _entities_have_one_name,
        _ID,
        _NEEDS,
    ),
    claim(
        "realtime-defaults",
        "What is not said, or null, is as the document has it by default.",
        openapi(OPENAPI),
        _defaults,
        _ID,
        _NEEDS,
    ),
)
