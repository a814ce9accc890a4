"""Shoplive's figures: that they fit together, whichever campaigns are asked for."""

from mockserver.check.law import Check
from mockserver.check.laws.minting import customer
from mockserver.check.laws.periods import DAY, WEEK, Entry, averages, belongs, entries, keys, last_week, period, read, whole
from mockserver.check.laws.stating import claim
from mockserver.check.session import Answer, Session
from mockserver.evidence import assumed, inferred
from mockserver.providers.shoplive.sources import STATS_PAGE


def _averages(session: Session) -> None:
    averages(period(session, *last_week(session)))


_PARTS = (
    *(("totalLoginViewers", "totalViewers"), ("peakConcurrentViewers", "totalViewers"), ("likeViewers", "likes")),
    *(("chatViewers", "chats"), ("productClickViewers", "productClicks"), ("likeViewers", "totalViewers")),
    *(("chatViewers", "totalViewers"), ("productClickViewers", "totalViewers"), ("newLoginViewers", "totalViewers")),
)


def _parts_and_wholes(session: Session) -> None:
    start, end = last_week(session)
    answer = period(session, start, end)
    for number, entry in enumerate(entries(answer)):
        for part, of in _PARTS if whole(entry, start, end) else ():
            answer.holds(f"body/results/{number}/{part}", entry[of], "is at most", f"{part} are among {of}")
        if entry["endedAt"] is not None and whole(entry, start, end):
            most = entry["totalViewers"] * (read(entry["endedAt"]) - read(entry["startedAt"]))
            answer.holds(f"body/results/{number}/totalViewingTime", most, "is at most", "nobody watches longer than it lasts")


def _keys_narrow(session: Session) -> None:
    start, end = last_week(session)
    every = entries(period(session, start, end - DAY))
    known = keys(every)
    for wanted in (known[:1], known[-1:], known[1:4], known, list(reversed(known))) if known else ():
        answer = period(session, start, end - DAY, ",".join(wanted))
        answer.says(200).holds("body/results", [entry for entry in every if entry["campaignKey"] in wanted], why="only these")


def _keys_that_lead_nowhere(session: Session) -> None:
    start, end = last_week(session)
    every = entries(period(session, start, end - DAY))
    for said in ("nowhere", "0", "nowhere,nothing", "*", "a b", customer(session).access_key):
        period(session, start, end - DAY, said).says(200).holds("body/results", [])
    for entry in every[:1]:
        key = entry["campaignKey"]
        for said in (f"{key}x", key[:-1], key[1:], f"{key};{key}", f"{key}|{key}"):
            period(session, start, end - DAY, said).says(200).holds("body/results", [], why=f"{said} is no key")
        for said in (f"nowhere,{key}", f"{key},nowhere", f"{key},{key}"):
            period(session, start, end - DAY, said).says(200).holds("body/results", [entry], why=f"of {said}")
        if key.upper() != key:
            period(session, start, end - DAY, key.upper()).says(200).holds("body/results", [], why="to the letter")


def _blanks_among_keys(session: Session) -> None:
    start, end = last_week(session)
    every = entries(period(session, start, end - DAY))
    for said in ("", " ", ",", " , ,"):
        period(session, start, end - DAY, said).says(200).holds("body/results", every, why="no filter")
    for entry in every[:1]:
        key = entry["campaignKey"]
        for said in (f" {key} ", f",{key}", f"{key},", f" , {key} ,, {key}"):
            period(session, start, end - DAY, said).says(200).holds("body/results", [entry], why=f"of {said!r}")


def _keys_outside_the_period(session: Session) -> None:
    start, end = last_week(session)
    week = entries(period(session, start, end))
    for entry in [each for each in week if whole(each, start, end)][:2]:
        for first, last in ((read(entry["endedAt"]) + 1, read(entry["endedAt"]) + 2), (start - WEEK, start - DAY)):
            if not belongs(session, entry, first, last):
                period(session, first, last, entry["campaignKey"]).says(200).holds("body/results", [])


_FIGURES = ("likes", "chats", "productClicks", "bannerClicks", "totalViewingTime")
_COUNTS = ("totalViewers", "totalLoginViewers", "peakConcurrentViewers", "newLoginViewers", *_FIGURES)


def _figures_as_read(session: Session) -> None:
    """Of the whole campaign whatever the period, or of the period alone: then what is in two halves is in the whole."""
    start, end = last_week(session)
    week = entries(period(session, start, end))
    for entry in [each for each in week if whole(each, start, end)][:3]:
        first, last = read(entry["startedAt"]), read(entry["endedAt"])
        middle = (first + last) // 2
        parts = [period(session, *each, entry["campaignKey"]) for each in ((first, middle), (middle, last))]
        if session.readings["campaign-activity"] == "whole-campaign":
            for part in parts:
                part.holds("body/results", [entry] if part.at("body/results/0/campaignKey") == entry["campaignKey"] else [])
        elif all(len(entries(part)) == 1 for part in parts):
            _halves(parts, entry)


def _halves(parts: list[Answer], entry: Entry) -> None:
    for name in _FIGURES:
        early = entries(parts[0])[0][name]
        parts[1].holds(f"body/results/0/{name}", entry[name] - early, why=f"{name} before and after are all {name}")
    for name in _COUNTS:
        for part in parts:
            part.holds(f"body/results/0/{name}", entry[name], "is at most", "a part has no more than the whole")
    parts[0].holds(
        "body/results/0/likes", max(entry["likes"] // 2, 1) if entry["likes"] > 9 else 0, "is at least", "rising fast"
    )


_FILTER = inferred(f"it is described as a filter: {STATS_PAGE}")
_MEAN = inferred(f"the sample's 1851840 / 123456 = 15 confirms the first, its 1 and 1.0 suggest the forms: {STATS_PAGE}")
_ID = ("retrieveCampaignStats",)
_NEEDS = frozenset({"customer"})


CHECKS: tuple[Check, ...] = (
    claim("shoplive-averages", "Averages follow from what they are averages of.", _MEAN, _averages, _ID, _NEEDS),
    claim(
        "shoplive-parts-and-wholes",
        "No part is more than its whole.",
        inferred("from what the names say"),
        _parts_and_wholes,
        _ID,
        _NEEDS,
    ),
    claim(
        "shoplive-keys-narrow",
        "campaignKeys keep the entries of these campaigns, as they were.",
        _FILTER,
        _keys_narrow,
        _ID,
        _NEEDS,
    ),
    claim("shoplive-keys-nowhere", "Keys that are none are silently absent.", _FILTER, _keys_that_lead_nowhere, _ID, _NEEDS),
    claim(
        "shoplive-blank-keys",
        "Blanks among keys are no keys, and none but blanks no filter.",
        assumed("nobody published it"),
        _blanks_among_keys,
        _ID,
        _NEEDS,
    ),
    claim(
        "shoplive-keys-outside", "A key is looked for within the period only.", _FILTER, _keys_outside_the_period, _ID, _NEEDS
    ),
    claim(
        "shoplive-figures-as-read",
        "Figures are of the whole campaign, or of the period, as the target was seen to tell.",
        assumed("nobody published it"),
        _figures_as_read,
        _ID,
        _NEEDS,
    ),
)
