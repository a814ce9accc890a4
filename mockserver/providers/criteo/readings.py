"""Where Criteo's documents contradict each other or are silent: each behaviour that can be chosen by name."""

from mockserver.evidence import assumed, ci, guide, inferred, openapi, sdk, third_party
from mockserver.providers.criteo.sources import (
    AUDIENCE_GUIDE,
    ERROR_GUIDE,
    OAUTH_GUIDE,
    OLD_OPENAPI,
    OPENAPI,
    PHP_TEST,
    PYTHON_SDK,
    RATE_GUIDE,
    REALTIME_GUIDE,
    RUDDERSTACK,
    SEGMENT_GUIDE,
    VERSION_GUIDE,
)
from mockserver.readings import Reading

READINGS = (
    Reading(
        "add-remove-shape",
        "Do the members of an add-remove answer stand in `data`, or one deeper in `data.attributes`?",
        {
            "hybrid": sdk(f"both at once, which every client reads: {PYTHON_SDK}"),
            "flat": openapi(f"{OPENAPI}; before 11 February 2025 they said nested"),
            "nested": guide(SEGMENT_GUIDE),
        },
        guide="hybrid",
        openapi="flat",
    ),
    Reading(
        "contact-list-clear",
        "Does clearing a contact list answer with a body?",
        {"200-body": guide(SEGMENT_GUIDE), "204": openapi(OPENAPI)},
        guide="200-body",
        openapi="204",
    ),
    Reading(
        "failed-items-in",
        "Where does a bulk answer list the items it refused?",
        {
            "by-version": guide(f"warnings in dated versions, errors in preview and experimental: {SEGMENT_GUIDE}"),
            "warnings": guide(AUDIENCE_GUIDE),
            "errors": openapi(f"the operations' texts speak of errors: {OPENAPI}"),
        },
        guide="by-version",
        openapi="errors",
    ),
    Reading(
        "empty-problem-lists",
        "Are `errors` and `warnings` sent when there are none? (Add-remove always sends them: the SDK needs them.)",
        {
            "sent": guide(f"the samples of {SEGMENT_GUIDE}"),
            "omitted": guide(f"the comments inside the samples of {SEGMENT_GUIDE}"),
        },
        guide="sent",
        openapi="sent",
    ),
    Reading(
        "default-page-size",
        "How many items does a search return if not told?",
        {"50": openapi(f"{OPENAPI}; also the sample of {AUDIENCE_GUIDE}"), "500": guide(f"the text of {AUDIENCE_GUIDE}")},
        guide="50",
        openapi="50",
    ),
    Reading(
        "segment-resource-type",
        "What is the `type` of a segment resource?",
        {
            "AudienceSegment": guide(SEGMENT_GUIDE),
            "RetailMediaAudienceSegment": openapi(f"the canonical entity name in {OPENAPI}"),
        },
        guide="AudienceSegment",
        openapi="RetailMediaAudienceSegment",
    ),
    Reading(
        "statistics-resource-type",
        "What is the `type` of contact-list statistics?",
        {
            "AudienceSegment": guide(f"{SEGMENT_GUIDE}, there under a wrong key"),
            "ContactListStatistics": openapi(f"the canonical entity name in {OPENAPI}"),
        },
        guide="AudienceSegment",
        openapi="ContactListStatistics",
    ),
    Reading(
        "match-rate",
        "Is `matchRate` a fraction or a percentage?",
        {"fraction": guide(f"0.5 for 5000 of 10000: {SEGMENT_GUIDE}"), "percentage": openapi(OPENAPI)},
        guide="fraction",
        openapi="percentage",
    ),
    Reading(
        "request-date",
        "How is the `requestDate` of an add-remove answer written?",
        {
            "milliseconds": guide(f"2024-04-22T14:29:07.994Z: {SEGMENT_GUIDE}"),
            "ticks": openapi(f"2018-12-10T10:00:50.0000000+00:00, in an example of {OPENAPI}"),
        },
        guide="milliseconds",
        openapi="ticks",
    ),
    Reading(
        "events-segments",
        "Can segments by events be created and updated?",
        {"allowed": openapi(OPENAPI), "refused": guide(f"only contact-list segments: {SEGMENT_GUIDE}")},
        guide="allowed",
        openapi="allowed",
    ),
    Reading(
        "missing-authorization",
        "What is a call without an Authorization header told?",
        {"authorization-token-invalid": ci(PHP_TEST), "authorization-token-missing": guide(ERROR_GUIDE)},
        guide="authorization-token-invalid",
        openapi="authorization-token-invalid",
    ),
    Reading(
        "retired-version",
        "What does a decommissioned version answer?",
        {
            "fall-forward": guide(f"endpoints that did not change are routed to the current version: {VERSION_GUIDE}"),
            "gone": guide(f"410: {VERSION_GUIDE}"),
        },
        guide="fall-forward",
        openapi="fall-forward",
    ),
    Reading(
        "deprecation-headers",
        "Are Deprecation and Sunset headers sent in a version's last three months?",
        {
            "sent": guide(VERSION_GUIDE),
            "absent": third_party("api-evangelist/criteo, August 2026; no OpenAPI document declares them"),
        },
        guide="sent",
        openapi="absent",
    ),
    Reading(
        "statistics-computed",
        "When do contact-list statistics show what was added?",
        {
            "at-once": assumed("tests should not wait; nothing says that statistics follow the audiences' schedule"),
            "on-schedule": inferred(f"as audiences: at 00:00 and 12:00 UTC, visible five hours later: {SEGMENT_GUIDE}"),
        },
        guide="at-once",
        openapi="at-once",
    ),
    Reading(
        "unknown-contact-list",
        "With which status is an unknown contact list refused?",
        {
            "403": openapi(f"retail media: {OLD_OPENAPI}"),
            "404": third_party(f"marketing solutions: {RUDDERSTACK}"),
        },
        guide="403",
        openapi="403",
    ),
    Reading(
        "throttle-problem-type",
        "Of which type is the problem of a 429?",
        {
            "quota": openapi(f"a value of the enumeration that nothing else uses: {OPENAPI}"),
            "availability": openapi(f"the catalogue in {OLD_OPENAPI}"),
        },
        guide="quota",
        openapi="quota",
    ),
    Reading(
        "authorization-code-limit",
        "How many calls a minute has an application that users consented to?",
        {
            "10-per-account": guide(f"pooled over the consented accounts: {RATE_GUIDE}"),
            "35-per-token": guide(f"an older page for retail media: {RATE_GUIDE}"),
        },
        guide="10-per-account",
        openapi="10-per-account",
    ),
    Reading(
        "refresh-token",
        "Does refreshing hand out a new refresh token and end the old one?",
        {
            "kept": assumed(f"{OAUTH_GUIDE} says six months and nothing of a change"),
            "rotated": assumed("as RFC 6749 section 6 allows"),
        },
        guide="kept",
        openapi="kept",
    ),
    Reading(
        "basic-credentials",
        "May client credentials come by HTTP Basic instead of in the body?",
        {
            "refused": guide(f"only the body is documented: {OAUTH_GUIDE}"),
            "accepted": assumed("RFC 6749 section 2.3.1 wants servers to"),
        },
        guide="refused",
        openapi="refused",
    ),
    Reading(
        "identifier-type-mismatch",
        "May identifiers of another type than the segment's be added?",
        {
            "refused": assumed("a client that mixes them up should hear of it"),
            "accepted": assumed("the request has a type of its own, so they may differ"),
        },
        guide="refused",
        openapi="refused",
    ),
    Reading(
        "delete-used-segment",
        "Can a segment be deleted that an audience uses?",
        {
            "allowed": assumed("the audience keeps the mention and finds nobody there"),
            "refused": assumed("as a reference that must not be broken"),
        },
        guide="allowed",
        openapi="allowed",
    ),
    Reading(
        "lookback-range",
        "How few hours may a realtime report look back?",
        {
            "1-24": openapi(f"{OPENAPI}; the preview SDK sends 1 as it is"),
            "12-24": guide(REALTIME_GUIDE),
        },
        guide="1-24",
        openapi="1-24",
    ),
    Reading(
        "segment-name-comparison",
        "When are two names of segments the same?",
        {
            "exact": assumed("the least surprising"),
            "ignoring-case": assumed("as a database with a case-insensitive collation would"),
        },
        guide="exact",
        openapi="exact",
    ),
)
