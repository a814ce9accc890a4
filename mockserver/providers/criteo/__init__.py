"""Criteo: tokens and retail-media audiences."""

from mockserver.contract.router import Contracts
from mockserver.provider import Counting, Provider
from mockserver.providers.criteo import (
    algebra,
    audience_rules,
    audiences,
    contact_lists,
    dialect,
    identifiers,
    identity,
    oauth,
    paging,
    realtime,
    segment_rules,
    segments,
    shoppers,
    sizes,
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
    "bulkCreateAudience": audiences.create_audiences,
    "bulkUpdateAudience": audiences.update_audiences,
    "bulkDeleteAudiences": audiences.delete_audiences,
    "computeAudienceSegmentsSizes": sizes.segment_sizes,
    "computeAudiencesSizes": sizes.audience_sizes,
    "estimateAudienceSegmentSize": sizes.estimate_segment,
    "estimateAudienceSize": sizes.estimate_audience,
    "getRealTimeReport": realtime.report,
}

CRITEO = Provider(
    name="criteo",
    contracts=Contracts(folder("contracts") / "criteo"),
    handlers=HANDLERS,
    readings=READINGS,
    modules=(
        versions,
        identity,
        oauth,
        dialect,
        paging,
        segments,
        segment_rules,
        contact_lists,
        identifiers,
        algebra,
        audience_rules,
        audiences,
        shoppers,
        sizes,
        realtime,
    ),
    build=found,
    direct=versions.direct,
    identify=identity.identify,
    counting=Counting(identity.quotas, dialect.counted, dialect.throttled),
    permit=identity.permit,
    announce=versions.announce,
    lost=dialect.lost,
    unfit=dialect.unfit,
    dialects={"requestToken": oauth.DIALECT, "getRealTimeReport": realtime.DIALECT},
    dialect=dialect.ENVELOPE,
    controls={"authorization-codes": oauth.consent},
)
