"""Which kinds of flaws the bodies of each operation can have, in the words that `Flaw.what` has for them."""

from collections.abc import Mapping

BREACHES = (
    "missing",
    "of a wrong type",
    "not one of the values",
    "not of the form",
    "too short",
    "too long",
    "too few",
    "too many",
    "given twice",
    "below the least",
    "above the most",
)
"""Those that a schema tells."""

_TYPES = ("of a wrong type", "too short")
_STRANGE_ID = "nothing has this id"
_STRANGE_RETAILER = "not a retailer of the account"
_NAMING = (
    "the name is empty",
    "the name is too long",
    "the name is taken",
    "the name is given twice",
    "the description is too long",
)
_EVENTS = ("neither categoryIds nor brandIds", "the prices are crossed", "given twice", "not one of the values")
_ALGEBRA = (
    "the algebra is too deep",
    "nodes of nobody",
    "a node without a member",
    "a node with two members",
    "a segment of another retailer",
    _STRANGE_ID,
)

_BY_OPERATION: Mapping[str, tuple[str, ...]] = {
    "requestToken": ("missing", "empty", "not a grant of these", "no application has this id", "not the application's secret"),
    "bulkCreateAudienceSegments": (
        *_NAMING,
        *_EVENTS,
        _STRANGE_RETAILER,
        "both contactList and events",
        "neither contactList nor events",
        "the identifier type is missing",
        "missing",
        *_TYPES,
    ),
    "bulkUpdateAudienceSegments": (
        *_NAMING,
        *_EVENTS,
        _STRANGE_ID,
        "a contact list becomes events",
        "events become a contact list",
        "missing",
        *_TYPES,
    ),
    "bulkDeleteAudienceSegments": (_STRANGE_ID, "deleted twice", "an audience uses it", "missing", *_TYPES),
    "searchAudienceSegments": ("not one of the values", *_TYPES),
    "AddRemoveContactListByAudienceSegment": (
        "a malformed identifier",
        "not what the list holds",
        "too many",
        "not one of the values",
        "not of the form",
        "missing",
        "of a wrong type",
    ),
    "searchAudiences": _TYPES,
    "bulkCreateAudience": (*_NAMING, *_ALGEBRA, _STRANGE_RETAILER, "missing", *_TYPES),
    "bulkUpdateAudience": (*_NAMING, *_ALGEBRA, "missing", *_TYPES),
    "bulkDeleteAudiences": (_STRANGE_ID, "deleted twice", "missing", *_TYPES),
    "computeAudienceSegmentsSizes": (_STRANGE_ID, "not one of the values", "missing", *_TYPES),
    "computeAudiencesSizes": (_STRANGE_ID, "not one of the values", "missing", *_TYPES),
    "estimateAudienceSegmentSize": (*_EVENTS, _STRANGE_RETAILER, "missing", *_TYPES),
    "estimateAudienceSize": (*_ALGEBRA, _STRANGE_RETAILER, "not one of the values", "missing", *_TYPES),
    "getRealTimeReport": (
        "not an advertiser of the caller",
        "no campaign has this id",
        "no ad set has this id",
        "not a time zone",
        "not a currency",
        "not of the form",
        "below the least",
        "above the most",
        "too few",
        "too many",
        "missing",
        *_TYPES,
    ),
}


def kinds(operation: str) -> tuple[str, ...]:
    """Every kind of flaw that a body of an operation can have, whatever the world."""
    return _BY_OPERATION.get(operation, BREACHES)
