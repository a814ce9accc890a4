"""What an audience may be: each rule that a created or changed audience is held to, item by item."""

from collections.abc import Iterator

from mockserver.evidence import guide
from mockserver.problem import Objection, Problem
from mockserver.provider import Call
from mockserver.providers.criteo.naming import LONGEST_DESCRIPTION, LONGEST_NAME, Naming
from mockserver.providers.criteo.records import Audience
from mockserver.providers.criteo.segment_rules import object_to_retailer
from mockserver.providers.criteo.sources import AUDIENCE_GUIDE, PREVIEW_GUIDE
from mockserver.providers.criteo.world import CriteoWorld

AUDIENCE_NOT_FOUND = Problem(200, "validation", "audience-not-found", "Audience is not found", guide(AUDIENCE_GUIDE))
AUDIENCE_NAME_TAKEN = Problem(200, "validation", "name-must-be-unique", "Audience name must be unique", guide(AUDIENCE_GUIDE))
AUDIENCE_NAME_EMPTY = Problem(
    200, "validation", "name-must-not-be-empty", "Audience name property must not be empty", guide(AUDIENCE_GUIDE)
)
AUDIENCE_NAME_TOO_LONG = Problem(
    200,
    "validation",
    "invalid",
    f"Audience name must not be longer than {LONGEST_NAME} characters",
    guide(PREVIEW_GUIDE, unproven="the code"),
)
AUDIENCE_DESCRIPTION_TOO_LONG = Problem(
    200,
    "validation",
    "invalid",
    f"Audience description must not be longer than {LONGEST_DESCRIPTION} characters",
    guide(PREVIEW_GUIDE, unproven="the code"),
)
NAMING = Naming("Audience", AUDIENCE_NAME_EMPTY, AUDIENCE_NAME_TOO_LONG, AUDIENCE_NAME_TAKEN, AUDIENCE_DESCRIPTION_TOO_LONG)


def object_to(audience: Audience, call: Call[CriteoWorld], pointer: str) -> Iterator[Objection]:
    """Everything that keeps an audience from being kept as it would be, its algebra aside."""
    yield from NAMING.object_to(audience, call.world.audiences, call.readings["segment-name-comparison"], pointer)
    yield from object_to_retailer(audience.retailer_id, call, f"{pointer}/retailerId")
