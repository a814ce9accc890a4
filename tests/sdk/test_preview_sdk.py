"""Criteo's Python SDK of the preview makes audiences and asks how many shoppers they reach."""

import json

import pytest
from conftest import ACCOUNT
from sdks import RETAIL_MEDIA, cached, imported

# The SDKs reckon a token's age with a function that Python 3.12 deprecated.
pytestmark = pytest.mark.filterwarnings(r"ignore:datetime\.datetime\.utcnow:DeprecationWarning:criteo_api_retailmedia_")

PREVIEW = "criteo_api_retailmedia_preview"
LIST, READ_ONLY, EVENTS = "225702933721171456", "56159923678901880", "225702933721195672"


@pytest.fixture
def sdk(pytestconfig, monkeypatch):
    monkeypatch.syspath_prepend(cached(RETAIL_MEDIA[PREVIEW], pytestconfig))
    return imported(PREVIEW)


@pytest.fixture
def api(sdk, server):
    return sdk.connected(server.url)


def either(sdk, *segments):
    """The shoppers of any of these segments."""
    node = sdk.models.RmAlgebraNodeV1
    return node(_or=[node(audience_segment_id=each) for each in segments])


def create(sdk, api, *named):
    models = sdk.models
    items = [
        models.RmAudienceCreateEntityV1Resource(
            type="Audience", attributes=models.RmAudienceCreateEntityV1(name=name, retailer_id="12", algebra=algebra)
        )
        for name, algebra in named
    ]
    return api.bulk_create_audience(ACCOUNT, models.RmAudienceBulkCreateInputV1(data=items))


def update(sdk, api, id, **attributes):
    models = sdk.models
    changed = models.RmAudienceUpdateEntityV1(**attributes)
    item = models.RmAudienceUpdateEntityV1Resource(id=id, type="Audience", attributes=changed)
    return api.bulk_update_audience(ACCOUNT, models.RmAudienceBulkUpdateInputV1(data=[item]))


def delete(sdk, api, *ids):
    models = sdk.models
    items = [models.RmAudienceDeleteEntityV1Resource(id=id, type="Audience") for id in ids]
    return api.bulk_delete_audiences(ACCOUNT, models.RmAudienceBulkDeleteInputV1(data=items))


def found(sdk, api, *ids):
    models = sdk.models
    sought = models.RmAudienceSearchEntityV1(audience_ids=list(ids))
    resource = models.RmAudienceSearchEntityV1Resource(type="Audience", attributes=sought)
    return api.search_audiences(ACCOUNT, models.RmAudienceSearchInputV1(data=resource)).data


def audience_sizes(sdk, api, *ids, channel="Onsite"):
    models = sdk.models
    asked = models.RmAudienceComputeSizeEntityV1(channel=channel, ids=list(ids))
    resource = models.RmAudienceComputeSizeEntityV1Resource(type="Audience", attributes=asked)
    return api.compute_audiences_sizes(ACCOUNT, models.RmAudienceComputeSizesInputV1(data=resource))


def segment_sizes(sdk, api, *ids, channel="Onsite"):
    models = sdk.models
    asked = models.RmAudienceSegmentComputeSizeEntityV1(channel=channel, ids=list(ids))
    resource = models.RmAudienceSegmentComputeSizeEntityV1Resource(type="AudienceSegment", attributes=asked)
    return api.compute_audience_segments_sizes(ACCOUNT, models.RmAudienceSegmentComputeSizesInputV1(data=resource))


def estimated_audience(sdk, api, algebra, retailer="12", channel="Onsite"):
    models = sdk.models
    asked = models.RmAudienceEstimateSizeEntityV1(channel=channel, retailer_id=retailer, algebra=algebra)
    resource = models.RmAudienceEstimateSizeEntityV1Resource(type="Audience", attributes=asked)
    return api.estimate_audience_size(ACCOUNT, models.RmAudienceEstimateSizeInputV1(data=resource)).data


def estimated_segment(sdk, api, **events):
    models = sdk.models
    asked = models.RmAudienceSegmentEstimateSizeEntityV1(
        channel="Onsite", retailer_id="12", events=models.RmEventsEstimationV1(**events)
    )
    resource = models.RmAudienceSegmentEstimateSizeEntityV1Resource(type="AudienceSegment", attributes=asked)
    return api.estimate_audience_segment_size(ACCOUNT, models.RmAudienceSegmentEstimateSizeInputV1(data=resource)).data


def figures(sized):
    return sized.attributes.size, sized.attributes.relative_size


def codes(problems):
    return [each.code for each in problems]


def test_an_audience_is_created_changed_and_deleted(sdk, api):
    created = create(sdk, api, ("Drinkers", either(sdk, LIST, EVENTS)))
    assert (created.errors, created.warnings) == ([], [])
    id = created.data[0].id
    assert [each.audience_segment_id for each in created.data[0].attributes.algebra._or] == [LIST, EVENTS]
    text = sdk.models.NillableString(value="Of coffee")
    update(sdk, api, id, name="Coffee drinkers", description=text, algebra=either(sdk, EVENTS))
    attributes = found(sdk, api, id)[0].attributes
    assert (attributes.name, attributes.description, attributes.retailer_id) == ("Coffee drinkers", "Of coffee", "12")
    assert [each.audience_segment_id for each in attributes.algebra._or] == [EVENTS]
    deleted = delete(sdk, api, id)
    assert ([each.id for each in deleted.data], deleted.errors) == ([id], [])
    assert found(sdk, api, id) == []


def test_what_was_refused_of_a_bulk_is_among_the_errors(sdk, api):
    answer = create(sdk, api, ("Good", either(sdk, LIST)), ("Good", either(sdk, LIST)), ("Bad", either(sdk, "1")))
    assert [each.attributes.name for each in answer.data] == ["Good"]
    assert codes(answer.errors) == ["name-must-be-unique", "segment-not-found"]
    gone = delete(sdk, api, answer.data[0].id, "1")
    assert (len(gone.data), codes(gone.errors)) == (1, ["audience-not-found"])
    assert codes(update(sdk, api, "1", name="Nothing").errors) == ["audience-not-found"]


def test_audiences_and_segments_have_sizes(sdk, api):
    id = create(sdk, api, ("Either", either(sdk, LIST, EVENTS)))
    audience = audience_sizes(sdk, api, id.data[0].id).data[0]
    one, other = segment_sizes(sdk, api, LIST, EVENTS).data
    assert [one.id, other.id] == [LIST, EVENTS]
    largest, together = max(figures(one)[0], figures(other)[0]), figures(one)[0] + figures(other)[0]
    assert 0 < largest <= figures(audience)[0] <= together
    for each in (audience, one, other):
        assert 0 < figures(each)[1] <= 1
    assert figures(segment_sizes(sdk, api, LIST, channel="Offsite").data[0]) != figures(one)


def test_an_estimate_is_the_size_once_it_is_made(sdk, api):
    algebra = either(sdk, LIST, READ_ONLY)
    id = create(sdk, api, ("Either", algebra)).data[0].id
    assert figures(estimated_audience(sdk, api, algebra)) == figures(audience_sizes(sdk, api, id).data[0])
    by_purchase = {"shopper_activity": "Buy", "lookback_days": "Last30Days", "category_ids": ["1042"], "min_price": 5.0}
    assert figures(estimated_segment(sdk, api, **by_purchase)) == figures(segment_sizes(sdk, api, EVENTS).data[0])


def test_the_size_of_what_is_not_there_is_a_problem(sdk, api):
    audiences, segments = audience_sizes(sdk, api, "1"), segment_sizes(sdk, api, LIST, "1")
    assert (audiences.data, codes(audiences.errors)) == ([], ["audience-not-found"])
    assert (len(segments.data), codes(segments.errors)) == (1, ["segment-not-found"])


def test_who_may_not_see_absolute_sizes_sees_none(sdk, server):
    relative = sdk.api(sdk.builder.WithClientCredentials("relative-client", "relative-secret", host=server.url))
    sized = segment_sizes(sdk, relative, LIST).data[0]
    assert "size" not in sized.attributes.to_dict()
    assert 0 < sized.attributes.relative_size <= 1


def test_an_estimate_of_what_could_not_be_created_is_an_exception(sdk, api):
    for retailer, segment, code in (("77", LIST, "retailer-not-found"), ("12", "1", "segment-not-found")):
        with pytest.raises(sdk.exceptions.ApiException) as caught:
            estimated_audience(sdk, api, either(sdk, segment), retailer)
        assert (caught.value.status, json.loads(caught.value.body)["errors"][0]["code"]) == (400, code)
