"""A page of a search: `offset` and `limit` in, `meta` out, by ascending id."""

from typing import Any

import orjson

from mockserver.evidence import Rule, assumed, guide, openapi
from mockserver.provider import Call, Reply
from mockserver.providers.criteo.sources import OPENAPI

ORDER = Rule(
    "page-order", "Searches answer by ascending id, compared as numbers.", guide("developers.criteo.com, API response")
)
BEYOND = Rule(
    "page-beyond", "An offset beyond the end is an empty page with the same totalItems.", assumed("nobody published it")
)
NO_FILTER = Rule(
    "empty-filter",
    "A filter that is absent, null or an empty list filters nothing.",
    assumed("of the empty list nobody published it"),
)
BOUNDS = Rule(
    "page-bounds",
    "A limit outside 0 to 500, a negative offset, or either that is no number, is refused with 400.",
    openapi(OPENAPI, unproven="that breaking them is a 400"),
)


def page(call: Call[Any], total: int, entities: list[orjson.Fragment]) -> Reply:
    """The answer to a search that found `total` and shows these."""
    meta = {"totalItems": total, "limit": call.parameters["limit"], "offset": call.parameters["offset"]}
    return Reply(entities, meta=meta, outline=[])
