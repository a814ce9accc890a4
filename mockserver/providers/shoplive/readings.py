"""What Shoplive's documents leave open, by name."""

from mockserver.evidence import assumed, guide, inferred
from mockserver.providers.shoplive.sources import STATS_PAGE
from mockserver.readings import Reading

READINGS = (
    Reading(
        "campaign-in-period",
        "Which campaigns belong to a period?",
        {
            "live-interval": inferred(f"those that were live in it, as statistics are of what happened: {STATS_PAGE}"),
            "scheduled-start": guide("those scheduled to start in it, as the campaign search says of its own from and to"),
        },
        guide="live-interval",
        openapi="live-interval",
    ),
    Reading(
        "campaign-activity",
        "Are the figures those of the whole campaign, or of the period alone?",
        {
            "whole-campaign": assumed("an entry names no period, and its averages are of the campaign"),
            "period-only": assumed("a limit of a week would suit figures counted from single events"),
        },
        guide="whole-campaign",
        openapi="whole-campaign",
    ),
    Reading(
        "bare-token",
        "Is a token taken without the word Bearer before it?",
        {
            "refused": guide(f"the header is shown with Bearer: {STATS_PAGE}"),
            "accepted": assumed("a client in the wild may send it bare"),
        },
        guide="refused",
        openapi="refused",
    ),
)
