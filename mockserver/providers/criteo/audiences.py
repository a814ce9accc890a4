"""Audiences: segments combined by and, or, not; created, changed, deleted in bulk, found by page."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import orjson

from mockserver.clock import written
from mockserver.evidence import Rule, inferred, openapi, sdk
from mockserver.problem import Objection
from mockserver.provider import Call, Reply
from mockserver.providers.criteo.algebra import object_to_algebra, understood
from mockserver.providers.criteo.audience_rules import AUDIENCE_NOT_FOUND, object_to
from mockserver.providers.criteo.inputs import filters, id_text, nearest, nillable, numeric
from mockserver.providers.criteo.paging import page
from mockserver.providers.criteo.records import Audience, mentioned
from mockserver.providers.criteo.sources import OPENAPI, PYTHON_SDK
from mockserver.providers.criteo.world import CriteoWorld

USED_SEGMENTS = Rule(
    "audience-segment-filter",
    "The filter audienceSegmentIds finds the audiences whose algebra mentions one of the segments.",
    inferred("the guide speaks of searching by segment ids; elsewhere Criteo speaks of segments linked to the audience"),
)

DELETED = Rule("audience-delete", "Deleting answers 200 with the ids, as the preview SDK needs.", sdk(PYTHON_SDK))
ENTITIES = Rule(
    "audience-create", "Creating answers with whole audiences.", openapi(f"the schema; its text speaks of ids: {OPENAPI}")
)

_TYPE = "RetailMediaAudience"


def create_audiences(call: Call[CriteoWorld]) -> Reply:
    """Judge each audience on its own: the sound ones are kept, the others come back as problems."""
    kept, failures = [], []
    for position, item in enumerate(call.body.get("data", ())):
        said, pointer = item["attributes"], f"data/{position}/attributes"
        audience = _drafted(said, call)
        objections = [*object_to(audience, call, pointer), *_object_to_algebra(said, audience, call, pointer)]
        if objections:
            failures += objections
        else:
            kept.append(_keep(_with_algebra(audience, said), call))
    return Reply([_written(audience, call) for audience in kept], failures=failures, outline=[])


def update_audiences(call: Call[CriteoWorld]) -> Reply:
    """Change what is named and nothing else, each audience on its own."""
    kept, failures = [], []
    for position, item in enumerate(call.body.get("data", ())):
        audience, said = _own_audience(item["id"], call), item.get("attributes") or {}
        if audience is None:
            failures.append(_not_found(item["id"], position, call))
            continue
        pointer = f"data/{position}/attributes"
        changed = replace(
            audience,
            name=said.get("name", audience.name),
            description=nillable(said, "description", audience.description),
            updated_at=call.now,
        )
        objections = [*object_to(changed, call, pointer), *_object_to_algebra(said, audience, call, pointer)]
        if objections:
            failures += objections
        else:
            kept.append(_keep(_with_algebra(changed, said), call))
    return Reply([_written(audience, call) for audience in kept], failures=failures, outline=[])


def delete_audiences(call: Call[CriteoWorld]) -> Reply:
    """Forget audiences; their segments stay."""
    gone, failures = [], []
    for position, item in enumerate(call.body.get("data", ())):
        audience = _own_audience(item["id"], call)
        if audience is None:
            failures.append(_not_found(item["id"], position, call))
        else:
            call.world.audiences.remove(audience)
            gone.append({"id": str(audience.id), "type": _TYPE})
    return Reply(gone, failures=failures)


def search_audiences(call: Call[CriteoWorld]) -> Reply:
    """Filters are and-ed, the values of one are or-ed; ids that are not there simply do not match."""
    account = call.arguments[0]
    ids, retailers, segments = filters(call, "audienceIds", "retailerIds", "audienceSegmentIds")
    offset, limit = call.parameters["offset"], call.parameters["limit"]
    audiences = call.world.audiences
    if ids is None and segments is None:
        total, found = audiences.page({(account, retailer) for retailer in retailers or (None,)}, offset, limit)
    else:
        named = {numeric(id) or 0 for id in ids} if ids is not None else None
        using = {id for segment in segments for id in audiences.filed(("uses", account, segment))} if segments else None
        sought = named & using if named is not None and using is not None else named if using is None else using
        every = [
            audience
            for audience in map(audiences.get, sorted(sought or ()))
            if audience is not None
            and audience.account_id == account
            and (retailers is None or audience.retailer_id in retailers)
        ]
        total, found = len(every), every[offset : offset + limit]
    return page(call, total, [_written(audience, call) for audience in found])


def _written(audience: Audience, call: Call[CriteoWorld]) -> orjson.Fragment:
    """An audience as every answer shows it, written once."""
    fragment = audience.written.get(_TYPE)
    if fragment is None:
        fragment = audience.written[_TYPE] = call.written("Audience", _view(audience))
    return fragment


def _drafted(said: dict[str, Any], call: Call[CriteoWorld]) -> Audience:
    return Audience(
        id=call.world.coming_audience_id(),
        account_id=call.arguments[0],
        retailer_id=id_text(said["retailerId"]),
        name=said["name"],
        description=said.get("description"),
        algebra={},
        segments=frozenset(),
        created_at=call.now,
        updated_at=call.now,
        created_by=call.caller.user,
        channels=("Onsite", "Offsite"),
    )


def _object_to_algebra(said: dict[str, Any], audience: Audience, call: Call[CriteoWorld], pointer: str) -> Iterator[Objection]:
    if said.get("algebra") is not None:
        yield from object_to_algebra(said["algebra"], audience.retailer_id, call, f"{pointer}/algebra")


def _with_algebra(audience: Audience, said: dict[str, Any]) -> Audience:
    if said.get("algebra") is None:
        return audience
    algebra = understood(said["algebra"])
    return replace(audience, algebra=algebra, segments=frozenset(mentioned(algebra)))


def _keep(audience: Audience, call: Call[CriteoWorld]) -> Audience:
    call.world.keep_audience(audience)
    return audience


def _own_audience(id: Any, call: Call[CriteoWorld]) -> Audience | None:
    audience = call.world.audiences.get(numeric(id) or 0)
    return audience if audience is not None and audience.account_id == call.arguments[0] else None


def _not_found(id: Any, position: int, call: Call[CriteoWorld]) -> Objection:
    own = call.world.audiences.filed((call.arguments[0], None))
    return AUDIENCE_NOT_FOUND.at(
        f"data/{position}/id",
        detail=f"No audience of this account has the id {id}",
        seen={"audiences of the account": len(own)},
        instead=lambda: nearest(id, own),
    )


def _view(audience: Audience) -> dict[str, Any]:
    attributes = {
        "name": audience.name,
        "description": audience.description,
        "createdAt": written(audience.created_at),
        "updatedAt": written(audience.updated_at),
        "accountId": audience.account_id,
        "retailerId": audience.retailer_id,
        "algebra": audience.algebra,
        "createdById": audience.created_by,
        "channels": audience.channels,
    }
    return {"attributes": attributes, "id": str(audience.id), "type": _TYPE}
