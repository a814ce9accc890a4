"""The life of a segment, written with Criteo's own Python SDK: an application like any other, but for its HOST."""

from criteo_api_retailmedia_v2026_07 import ApiClientBuilder, models
from criteo_api_retailmedia_v2026_07.api.audience_api import AudienceApi

HOST = "http://127.0.0.1:8000"  # in production: https://api.criteo.com
ACCOUNT = "625702934721171442"
RETAILER = "1234"

api = AudienceApi(ApiClientBuilder.WithClientCredentials("demo-client", "demo-secret", host=HOST))


def segment(name, **settings):
    attributes = models.RmAudienceSegmentCreateEntityV1(name=name, retailer_id=RETAILER, **settings)
    return models.RmAudienceSegmentCreateEntityV1Resource(type="AudienceSegment", attributes=attributes)


def create(*segments):
    creations = models.RmAudienceSegmentBulkCreateInputV1(data=list(segments))
    return api.bulk_create_audience_segments(ACCOUNT, creations).data


def find(**filters):
    """Every segment that a search finds, ten a page."""
    attributes = models.RmAudienceSegmentSearchEntityV1(**filters)
    sought = models.RmAudienceSegmentSearchEntityV1Resource(type="AudienceSegment", attributes=attributes)
    search = models.RmAudienceSegmentSearchInputV1(data=sought)
    found, offset, total = [], 0, 1
    while offset < total:
        page = api.search_audience_segments(ACCOUNT, search, limit=10, offset=offset)
        found, offset, total = found + page.data, offset + 10, page.meta.total_items
    return found


def rename(id, name):
    attributes = models.RmAudienceSegmentUpdateEntityV1(name=name)
    change = models.RmAudienceSegmentUpdateEntityV1Resource(id=id, type="AudienceSegment", attributes=attributes)
    return api.bulk_update_audience_segments(ACCOUNT, models.RmAudienceSegmentBulkUpdateInputV1(data=[change])).data[0]


def amend(id, operation, *emails):
    attributes = models.RetailMediaContactlistAmendmentAttributes(
        operation=operation, identifier_type="Email", identifiers=list(emails)
    )
    amendment = models.RetailMediaContactlistAmendment(type="ContactlistAmendment", attributes=attributes)
    request = models.RetailMediaContactlistAmendmentRequest(data=amendment)
    return api.add_remove_contact_list_by_audience_segment(id, request).data


def statistics(id):
    return api.get_audience_segment_contact_list_statistics(ACCOUNT, id).data.attributes


def delete(*ids):
    deletions = [models.RmAudienceSegmentDeleteEntityV1Resource(id=id, type="AudienceSegment") for id in ids]
    return api.bulk_delete_audience_segments(ACCOUNT, models.RmAudienceSegmentBulkDeleteInputV1(data=deletions)).data


def find_audiences(**filters):
    attributes = models.RmAudienceSearchEntityV1(**filters)
    sought = models.RmAudienceSearchEntityV1Resource(type="Audience", attributes=attributes)
    return api.search_audiences(ACCOUNT, models.RmAudienceSearchInputV1(data=sought)).data


by_email = models.RmContactListCreateV1(identifier_type="Email")
by_purchase = models.RmEventsCreateV1(shopper_activity="Buy", lookback_days="Last30Days", category_ids=["1042"])
created = create(
    segment("Newsletter", contact_list=by_email),
    segment("Loyalty club", contact_list=by_email, description="Members of the club"),
    segment("Coffee drinkers", events=by_purchase),
)
ids = [each.id for each in created]
print("created:", [(each.attributes.name, each.attributes.type) for each in created])

found = find(retailer_ids=[RETAILER])
print("found:", len(found), "segments of the retailer, the last three:", [each.attributes.name for each in found[-3:]])

newsletter = rename(ids[0], "Weekly newsletter")
print("renamed:", newsletter.attributes.name)

added = amend(newsletter.id, "add", "ann@example.com", "eve@example.com", "tom@example.com", "dora@", "not an address")
print("added:", added.nb_valid_identifiers, "valid,", added.nb_invalid_identifiers, "not:", added.sample_invalid_identifiers)

now = statistics(newsletter.id)
print("holds:", now.number_of_identifiers, "identifiers, of which the retailer knows", now.number_of_matches)

amend(newsletter.id, "remove", "eve@example.com")
print("removed: one, leaving", statistics(newsletter.id).number_of_identifiers)

api.clear_contact_list_by_audience_segment(newsletter.id)
print("cleared: all, leaving", statistics(newsletter.id).number_of_identifiers)

print("deleted:", len(delete(*ids)), "segments, leaving", find(audience_segment_ids=ids))

audiences = find_audiences(audience_ids=["258216562069631686", "920472839472539402"])
print("audiences:", [(each.attributes.name, each.attributes.algebra.audience_segment_id) for each in audiences])
