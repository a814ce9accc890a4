"""Criteo: tokens and retail-media audiences."""

from mockserver.contract.router import Contracts
from mockserver.provider import Provider
from mockserver.providers.criteo import (
    audiences,
    contact_lists,
    dialect,
    identifiers,
    identity,
    oauth,
    paging,
    segment_rules,
    segments,
    versions,
)
from mockserver.providers.criteo.founding import found
from mockserver.providers.criteo.readings import READINGS
from mockserver.resources import folder

HANDLERS = {
    "requestToken": oauth.request_token,
    "bulkCreateAudienceSegments": segments.create_segments,
    "bulkUpdateAudienceSegments": segments.update_segments,
    "bulkDeleteAudienceSegments": segments.delete_segments,
    "searchAudienceSegments": segments.search_segments,
    "getAudienceSegmentContactListStatistics": contact_lists.statistics,
    "AddRemoveContactListByAudienceSegment": contact_lists.add_remove,
    "ClearContactListByAudienceSegment": contact_lists.clear,
    "searchAudiences": audiences.search_audiences,
}

CRITEO = Provider(
    name="criteo",
    contracts=Contracts(folder("contracts") / "criteo"),
    handlers=HANDLERS,
    readings=READINGS,
    modules=(versions, identity, oauth, dialect, paging, segments, segment_rules, contact_lists, identifiers, audiences),
    build=found,
    direct=versions.direct,
    identify=identity.identify,
    quotas=identity.quotas,
    counted=dialect.counted,
    permit=identity.permit,
    announce=versions.announce,
    lost=dialect.lost,
    unfit=dialect.unfit,
    throttled=dialect.throttled,
    dialects={"requestToken": oauth.DIALECT},
    dialect=dialect.ENVELOPE,
    controls={"authorization-codes": oauth.consent},
)
