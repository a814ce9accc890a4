"""Realtime reports of some campaigns, ad sets and currencies."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from mockserver.check.law import Check
from mockserver.check.laws.figures import FINEST, ROWS, Row, fine, folded, report, rows
from mockserver.check.laws.realtime_rules import UNKNOWN, asked
from mockserver.check.laws.stating import claim
from mockserver.check.session import Answer, Session
from mockserver.evidence import assumed, guide, openapi
from mockserver.providers.criteo.sources import OPENAPI, REALTIME_GUIDE


def _known(session: Session) -> list[Row]:
    """One row for each ad set, of what happened lately."""
    return folded(fine(session), ("AdvertiserId", "CampaignId", "AdsetId"))


def _having(name: str, wanted: Sequence[str]) -> Callable[[Row], bool]:
    return lambda row: row[name] in wanted


def _filtered(session: Session, keeps: Callable[[Row], bool], **filters: Any) -> None:
    for _ in range(3):
        whole = fine(session)
        answer = report(session, dimensions=list(FINEST), **filters)
        if whole == fine(session):
            break
    answer.holds(ROWS, [row for row in whole if keeps(row)], "has in any order", f"only what {filters} names")


def _campaigns_narrow(session: Session) -> None:
    ids = sorted({row["CampaignId"] for row in _known(session)})
    for wanted in (ids[:1], ids[-2:], ids) if ids else ():
        _filtered(session, _having("CampaignId", wanted), campaignIds=wanted)
        _filtered(session, _having("CampaignId", wanted), campaignIds=[int(id) for id in wanted])


def _ad_sets_narrow(session: Session) -> None:
    ids = sorted({row["AdsetId"] for row in _known(session)})
    for wanted in (ids[:1], ids[-2:], ids[::2]) if ids else ():
        _filtered(session, _having("AdsetId", wanted), adsetIds=wanted)


def _filters_narrow_together(session: Session) -> None:
    known = _known(session)
    campaigns = [row["CampaignId"] for row in known[:1]]
    ad_sets = [row["AdsetId"] for row in known]
    if known:
        _filtered(session, _having("CampaignId", campaigns), campaignIds=campaigns, adsetIds=ad_sets)
        _filtered(session, _having("AdsetId", ad_sets[:1]), campaignIds=campaigns, adsetIds=ad_sets[:1])


def _unknown_among_known(session: Session) -> None:
    for row in _known(session)[:1]:
        campaign, ad_set = row["CampaignId"], row["AdsetId"]
        _filtered(session, _having("CampaignId", [campaign]), campaignIds=[campaign, UNKNOWN, campaign])
        _filtered(session, _having("AdsetId", [ad_set]), adsetIds=[UNKNOWN, ad_set])


def _no_campaign(answer: Answer) -> None:
    answer.says(403, "campaign-not-found").holds("body/errors/0/type", "access-control")
    answer.holds("body/errors/0/title", "No campaign found.*", "matches")


def _no_such_campaign(session: Session) -> None:
    _no_campaign(asked(session, campaignIds=[UNKNOWN]))
    _no_campaign(asked(session, adsetIds=[UNKNOWN]))
    for row in _known(session)[:1]:
        _no_campaign(asked(session, campaignIds=[row["CampaignId"]], adsetIds=[UNKNOWN]))
        _no_campaign(asked(session, campaignIds=[UNKNOWN], adsetIds=[row["AdsetId"]]))
        _no_campaign(asked(session, campaignIds=[row["AdsetId"] + "9"]))


def _anothers_campaign(session: Session) -> None:
    """That a campaign is only found with its own advertiser, an ad set only with its own campaign."""
    known = _known(session)
    for row, other in zip(known[:1], [each for each in known if each["CampaignId"] != known[0]["CampaignId"]], strict=False):
        _no_campaign(asked(session, campaignIds=[row["CampaignId"]], adsetIds=[other["AdsetId"]]))
    for row in known:
        for advertiser in session.setting.advertisers[:10]:
            if advertiser != row["AdvertiserId"]:
                _no_campaign(asked(session, advertiserIds=[advertiser], campaignIds=[row["CampaignId"]]))
                _no_campaign(asked(session, advertiserIds=[advertiser], adsetIds=[row["AdsetId"]]))
                break


def _in_euro_and_otherwise(session: Session) -> None:
    """Every currency adds up on its own; cost differs by one rate, up to the rounding of a click's price."""
    for currency in ("USD", "GBP", "JPY", "CHF"):
        if asked(session, currency=currency).status != 200:
            continue
        for _ in range(3):
            euros = fine(session)
            answer = report(session, dimensions=list(FINEST), currency=currency)
            if euros == fine(session):
                break
        plain = [{**row, "Cost": ""} for row in euros]
        answer.holds(ROWS, len(euros), "has length").holds(f"{ROWS}/*/Displays", [row["Displays"] for row in plain])
        answer.holds(f"{ROWS}/*/Clicks", [row["Clicks"] for row in plain])
        _in_proportion(answer, euros, rows(answer))
        for dimensions in ((), ("AdvertiserId",), ("CampaignId", "Day")):
            wanted = folded(rows(answer), dimensions)
            coarse = report(session, dimensions=list(dimensions), currency=currency)
            if rows(report(session, dimensions=list(FINEST), currency=currency)) == rows(answer):
                coarse.holds(ROWS, wanted, "has in any order", f"as the finest rows in {currency} add up to")


def _in_proportion(answer: Answer, euros: list[Row], others: list[Row]) -> None:
    """Expect each row's cost to be in the proportion of the totals, within the rounding of a click's price."""
    whole, other = (sum((Decimal(row["Cost"]) for row in each), Decimal(0)) for each in (euros, others))
    for number, (row, cost) in enumerate(zip(euros, (Decimal(each["Cost"]) for each in others), strict=True)):
        exact = Decimal(row["Cost"]) * other / whole if whole else Decimal(0)
        slack = exact * Decimal("0.015") + int(row["Clicks"]) * Decimal("0.001")
        if abs(cost - exact) > slack:
            answer.holds(f"{ROWS}/{number}/Cost", [float(exact - slack), float(exact + slack)], "is within", "one rate for all")


def _a_euro_is_many_yen(session: Session) -> None:
    if asked(session, currency="JPY").status != 200:
        return
    for _ in range(3):
        euros = report(session, dimensions=[], metrics=["Cost"])
        yen = report(session, dimensions=[], metrics=["Cost"], currency="JPY")
        if rows(euros) == rows(report(session, dimensions=[], metrics=["Cost"])):
            break
    for row in rows(euros):
        if float(row["Cost"]):
            bounds = [50 * float(row["Cost"]), 1000 * float(row["Cost"])]
            yen.holds(f"{ROWS}/0/Cost", bounds, "is within", "a euro is between 50 and 1,000 yen")


_FILTER = openapi(OPENAPI)
_MONEY = assumed("a currency has one rate at a time")
_ID = ("getRealTimeReport",)
_NEEDS = frozenset({"main", "advertisers"})


CHECKS: tuple[Check, ...] = (
    claim(
        "realtime-campaigns-narrow",
        "campaignIds keep the rows of these campaigns, ids as text or numbers.",
        _FILTER,
        _campaigns_narrow,
        _ID,
        _NEEDS,
    ),
    claim("realtime-ad-sets-narrow", "adsetIds keep the rows of these ad sets.", _FILTER, _ad_sets_narrow, _ID, _NEEDS),
    claim("realtime-filters-narrow-together", "Both filters hold at once.", _FILTER, _filters_narrow_together, _ID, _NEEDS),
    claim(
        "realtime-unknown-among-known",
        "An unknown id beside a known one changes nothing.",
        assumed("only 'no campaign found' is documented"),
        _unknown_among_known,
        _ID,
        _NEEDS,
    ),
    claim(
        "realtime-no-such-campaign",
        "Where no campaign is left there is no report.",
        guide(REALTIME_GUIDE, unproven="the code"),
        _no_such_campaign,
        _ID,
        _NEEDS,
    ),
    claim(
        "realtime-anothers-campaign",
        "A campaign is found with its own advertiser, an ad set with its own campaign only.",
        guide(REALTIME_GUIDE, unproven="the code"),
        _anothers_campaign,
        _ID,
        _NEEDS,
    ),
    claim(
        "realtime-currencies-add-up",
        "In every currency cost adds up, and is in one proportion to that in euro.",
        _MONEY,
        _in_euro_and_otherwise,
        _ID,
        _NEEDS,
    ),
    claim(
        "realtime-euro-and-yen", "The currency asked for is the one that cost is in.", _MONEY, _a_euro_is_many_yen, _ID, _NEEDS
    ),
)
