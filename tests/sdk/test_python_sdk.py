"""Criteo's own Python SDKs, one for each version, work against the fake as they are."""

import json
import runpy
from pathlib import Path

import httpx
import pytest
from conftest import ACCOUNT
from sdks import RETAIL_MEDIA, cached, imported

# The SDKs reckon a token's age with a function that Python 3.12 deprecated.
pytestmark = pytest.mark.filterwarnings(r"ignore:datetime\.datetime\.utcnow:DeprecationWarning:criteo_api_retailmedia_")

LIFE = Path(__file__).with_name("life.py")
TOLD = """\
created: [('Newsletter', 'ContactList'), ('Loyalty club', 'ContactList'), ('Coffee drinkers', 'Events')]
found: 27 segments of the retailer, the last three: ['Newsletter', 'Loyalty club', 'Coffee drinkers']
renamed: Weekly newsletter
added: 3 valid, 2 not: ['dora@', 'not an address']
holds: 3 identifiers, of which the retailer knows 2
removed: one, leaving 2
cleared: all, leaving 0
deleted: 3 segments, leaving []
audiences: [('My audience A', '56159923678901880'), ('My audience B', '225702933721195672')]
"""
NOT_OURS = "625702934721171999"
SEGMENT = "225702933721171456"


@pytest.fixture(scope="session")
def folders(pytestconfig):
    """Where each SDK's package lies, from one run to the next."""
    return {package: cached(requirement, pytestconfig) for package, requirement in RETAIL_MEDIA.items()}


@pytest.fixture(params=RETAIL_MEDIA)
def sdk(request, folders, monkeypatch):
    """Each SDK in turn; all of them can be in one process, as their packages have names of their own."""
    monkeypatch.syspath_prepend(folders[request.param])
    return imported(request.param)


@pytest.fixture
def api(sdk, server):
    """The SDK's way to the audience operations of the default world."""
    return sdk.connected(server.url)


def creation(sdk, name):
    """The SDK's request to create one contact list."""
    models = sdk.models
    contact_list = models.RmContactListCreateV1(identifier_type="Email")
    attributes = models.RmAudienceSegmentCreateEntityV1(name=name, retailer_id="12", contact_list=contact_list)
    segment = models.RmAudienceSegmentCreateEntityV1Resource(type="AudienceSegment", attributes=attributes)
    return models.RmAudienceSegmentBulkCreateInputV1(data=[segment])


def statistics(api, account=ACCOUNT, segment=SEGMENT):
    """A contact list in figures: the shortest call there is."""
    return api.get_audience_segment_contact_list_statistics(account, segment).data.attributes


def code(error):
    """The code of the first problem that an exception brings."""
    return str(json.loads(error.body)["errors"][0]["code"])


def live(sdk, host, folder):
    """Run the script of a segment's life with an SDK, at a host."""
    life = LIFE.read_text("utf-8").replace("http://127.0.0.1:8000", host)
    life = life.replace("criteo_api_retailmedia_v2026_07", sdk.package)
    assert host in life
    assert sdk.package in life
    script = folder / "life.py"
    script.write_text(life, "utf-8")
    runpy.run_path(str(script), run_name="__main__")


def test_an_application_lives_a_segments_life_with_nothing_changed_but_its_host(sdk, server, tmp_path, capsys):
    live(sdk, server.url, tmp_path)
    assert capsys.readouterr().out == TOLD


def test_with_the_fixture_nothing_at_all_is_changed(sdk, mockserver, tmp_path, capsys):
    live(sdk, "https://api.criteo.com", tmp_path)
    assert capsys.readouterr().out == TOLD
    mockserver.journal.assert_called("bulkCreateAudienceSegments", caller="demo-client", times=1)


def test_everything_in_the_world_fits_the_sdks_models(sdk, api):
    segments = api.search_audience_segments(ACCOUNT, sdk.models.RmAudienceSegmentSearchInputV1(), limit=500)
    audiences = api.search_audiences(ACCOUNT, sdk.models.RmAudienceSearchInputV1(), limit=500)
    assert len(segments.data) == segments.meta.total_items > 400
    assert len(audiences.data) == audiences.meta.total_items > 400


def test_an_item_that_was_refused_is_a_problem_the_sdk_can_read(sdk, api):
    answer = api.bulk_create_audience_segments(ACCOUNT, creation(sdk, "Segment Name"))
    problems = answer.errors if sdk.package.endswith("preview") else answer.warnings
    assert answer.data == []
    assert [(each.code, each.type) for each in problems] == [("name-must-be-unique", "validation")]


def test_a_wrong_secret_is_an_unauthorized_exception(sdk, server):
    api = sdk.connected(server.url, secret="wrong")
    with pytest.raises(sdk.exceptions.UnauthorizedException) as caught:
        statistics(api)
    told = json.loads(caught.value.body)
    assert told["error"] == "invalid_client"
    assert told["token_error"].endswith("/oauth2/token'")  # added by the SDK


def test_an_account_not_ours_is_a_forbidden_exception(sdk, api):
    with pytest.raises(sdk.exceptions.ForbiddenException) as caught:
        statistics(api, account=NOT_OURS)
    assert code(caught.value) == "permission-denied"


def test_a_contact_list_that_is_not_there_is_a_forbidden_exception(sdk, api):
    with pytest.raises(sdk.exceptions.ForbiddenException) as caught:
        api.clear_contact_list_by_audience_segment("1")
    assert code(caught.value) == "audience-invalid"


def test_a_request_off_the_contract_is_an_api_exception(sdk, api):
    with pytest.raises(sdk.exceptions.ApiException) as caught:
        api.search_audience_segments(ACCOUNT, sdk.models.RmAudienceSegmentSearchInputV1(), offset=-1)
    assert (caught.value.status, code(caught.value)) == (400, "invalid")


def test_a_token_that_expires_on_the_fakes_clock_is_an_unauthorized_exception(sdk, api, server):
    statistics(api)
    server.engine.world.clock.advance(900)
    with pytest.raises(sdk.exceptions.UnauthorizedException) as caught:  # the SDK asks its own clock only
        statistics(api)
    assert code(caught.value) == "authorization-token-expired"
    sdk.connected(server.url).get_audience_segment_contact_list_statistics(ACCOUNT, SEGMENT)


def test_one_call_too_many_is_an_api_exception_at_once(sdk, api, server):
    server.engine.world.rate_limit = 1
    statistics(api)
    with pytest.raises(sdk.exceptions.ApiException) as caught:
        statistics(api)
    assert (caught.value.status, code(caught.value)) == (429, "too-many-requests")
    assert caught.value.headers["x-ratelimit-remaining"] == "0"
    assert "retry-after" not in caught.value.headers  # it would have urllib3 wait and try again, unseen


def test_a_world_of_its_own_is_a_host_to_the_sdk(sdk, server):
    server.worlds.open("elsewhere")
    api = sdk.connected(f"{server.url}/worlds/elsewhere")
    created = api.bulk_create_audience_segments(ACCOUNT, creation(sdk, "Only here")).data[0]
    assert statistics(api, segment=created.id).number_of_identifiers == 0
    with pytest.raises(sdk.exceptions.ForbiddenException):
        statistics(sdk.connected(server.url), segment=created.id)


def test_a_user_who_consented_is_who_created_a_segment(sdk, server):
    redirect = "https://client.example/callback"
    consent = {"client_id": "demo-client", "redirect_uri": redirect, "user": "m.musterfrau"}
    issued = httpx.post(f"{server.url}/_mock/criteo/authorization-codes", json=consent).json()["code"]
    client = sdk.builder.WithAuthorizationCode("demo-client", "demo-secret", issued, redirect, host=server.url)
    created = sdk.api(client).bulk_create_audience_segments(ACCOUNT, creation(sdk, "By code")).data
    again = sdk.builder.WithRefreshToken("demo-client", "demo-secret", client.get_refresh_token(), host=server.url)
    created += sdk.api(again).bulk_create_audience_segments(ACCOUNT, creation(sdk, "By refresh token")).data
    assert [segment.attributes.created_by_id for segment in created] == ["m.musterfrau", "m.musterfrau"]
