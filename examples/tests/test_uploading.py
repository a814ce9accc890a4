"""Lists are uploaded, whatever happens on the way."""

import pytest
from mockserver.testing import Cut, Fake, Lost, Revoked, Status, Throttled

from audiences.api import Api, Credentials
from audiences.patience import Patience
from audiences.segments import Segments
from audiences.troubles import GaveUp, Refused
from audiences.uploading import Uploader
from properties import ACCOUNT, HELD, HTTP, LISTS, REPORTS, RETAILER, held

CREATE = "bulkCreateAudienceSegments"
AMEND = "AddRemoveContactListByAudienceSegment"


@pytest.mark.mockserver(readings="every")
def test_lists_are_uploaded_and_the_invalid_addresses_told(mockserver: Fake, uploader: Uploader) -> None:
    assert uploader.upload(LISTS) == REPORTS
    assert held(mockserver) == HELD


def test_what_goes_over_the_wire(mockserver: Fake, uploader: Uploader) -> None:
    uploader.upload({"Newsletter": ["ann@example.com"]})
    (created,) = mockserver.journal.assert_called(CREATE, times=1, caller="demo-client", version="2026-07")
    assert created.request.path == f"/2026-07/retail-media/accounts/{ACCOUNT}/audience-segments/create"
    attributes = {"operation": "add", "identifierType": "Email", "identifiers": ["ann@example.com"]}
    mockserver.journal.assert_called(AMEND, times=1, status=200, body={"data": {"attributes": attributes}})


def test_a_segment_that_is_there_is_not_created(mockserver: Fake, uploader: Uploader) -> None:
    name = list(uploader.segments.found())[-1]  # on the last page
    uploader.upload({name: ["ann@example.com"]})
    mockserver.journal.assert_not_called(CREATE)
    assert {change.kind for change in mockserver.diff()} == {"contact list"}


def test_an_upload_can_be_done_again(mockserver: Fake, uploader: Uploader) -> None:
    uploader.upload(LISTS)
    mockserver.snapshot("uploaded")
    assert uploader.upload(LISTS) == REPORTS
    assert mockserver.diff(since="uploaded") == []


def test_fifty_thousand_go_in_one_call_and_one_more_in_another(mockserver: Fake, api: Api) -> None:
    uploader = Uploader(Segments(api, ACCOUNT, RETAILER))
    (report,) = uploader.upload({"Newsletter": [f"{number}@example.com" for number in range(50_001)]})
    assert report.valid == 50_001
    mockserver.journal.assert_called(AMEND, times=2, status=200)


def test_a_token_is_renewed_before_it_expires(mockserver: Fake, uploader: Uploader) -> None:
    uploader.segments.found()
    mockserver.clock.advance(899)
    uploader.segments.found()
    mockserver.journal.assert_called("requestToken", times=2)
    mockserver.journal.assert_not_called(status=401)


def test_a_token_that_was_revoked_is_replaced(mockserver: Fake, uploader: Uploader) -> None:
    mockserver.faults.add(Revoked(), operation=AMEND, nth=2)
    assert uploader.upload(LISTS) == REPORTS
    mockserver.journal.assert_called("requestToken", times=2)


@pytest.mark.mockserver(rate_limit=5)
def test_the_next_window_is_waited_for(mockserver: Fake, uploader: Uploader) -> None:
    began = mockserver.clock.now()
    assert uploader.upload(LISTS) == REPORTS
    mockserver.journal.assert_called(status=429, times=1)
    assert mockserver.clock.now() - began == 60


def test_no_more_is_asked_of_a_window_that_is_shut(mockserver: Fake, uploader: Uploader) -> None:
    mockserver.faults.add(Throttled(reset=45), operation=AMEND, lasting=45)
    assert uploader.upload(LISTS) == REPORTS
    mockserver.journal.assert_called(status=429, times=1)


def test_a_creation_that_was_lost_is_looked_for(mockserver: Fake, uploader: Uploader) -> None:
    lost = mockserver.faults.add(Lost(), operation=CREATE, nth=1)
    assert uploader.upload(LISTS) == REPORTS
    assert lost.struck == 1
    mockserver.journal.assert_called(CREATE, times=1)


def test_a_creation_that_never_arrived_is_sent_again(mockserver: Fake, uploader: Uploader) -> None:
    mockserver.faults.add(Cut("before"), operation=CREATE, nth=1)
    assert uploader.upload(LISTS) == REPORTS
    mockserver.journal.assert_called(CREATE, times=2)


def test_an_outage_is_given_up_on(mockserver: Fake, uploader: Uploader) -> None:
    outage = mockserver.faults.add(Status(503), operation=AMEND)
    with pytest.raises(GaveUp, match="gave up after 6 tries: the server failed with 503"):
        uploader.upload(LISTS)
    assert outage.struck == 6


def test_a_name_that_another_retailer_has_is_given_up_on(mockserver: Fake, uploader: Uploader) -> None:
    with pytest.raises(GaveUp, match="Another Segment exists with the name: Segment Name"):
        uploader.upload({"Segment Name": ["ann@example.com"]})
    assert mockserver.diff() == []


def test_a_refusal_is_not_tried_again(mockserver: Fake, uploader: Uploader) -> None:
    with pytest.raises(Refused, match="name-must-not-be-empty"):
        uploader.upload({"": ["ann@example.com"]})
    mockserver.journal.assert_called(CREATE, times=1)


def test_wrong_credentials_are_told(mockserver: Fake) -> None:
    api = Api(Credentials("demo-client", "another"), Patience(now=mockserver.clock.now, sleep=mockserver.wait), HTTP)
    with pytest.raises(Refused, match="no token for demo-client"):
        Segments(api, ACCOUNT, RETAILER).found()
    mockserver.journal.assert_called("requestToken", times=1)
