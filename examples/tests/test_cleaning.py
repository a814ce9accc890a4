"""Old segments go, by way of Criteo's SDK, which needs no other host; its waiting is `time.sleep`, which moves the clock."""

import pytest
from hypothesis import given
from mockserver.testing import Fake, Lost, Status, faked
from mockserver.testing.strategies import fault_plans

from audiences.cleaning import TRIES, Cleaner, NotCleaned
from audiences.uploading import Uploader
from properties import ACCOUNT, DEMO, RETAILER, Plan

OLD = ["week 46", "week 47", "week 48"]
DELETE = "bulkDeleteAudienceSegments"

pytestmark = pytest.mark.mockserver(sleep="clock")


@pytest.fixture
def cleaner(uploader: Uploader) -> Cleaner:
    uploader.segments.create(OLD)
    return Cleaner(*DEMO, ACCOUNT, RETAILER)


def left(fake: Fake) -> list[str]:
    return [change.after["name"] for change in fake.diff() if change.kind == "segment" and change.after]


def test_old_segments_go(mockserver: Fake, cleaner: Cleaner) -> None:
    assert cleaner.clean("week ", keep=["week 48"]) == ["week 46", "week 47"]
    assert left(mockserver) == ["week 48"]


def test_a_deletion_whose_answer_was_lost_is_not_sent_again(mockserver: Fake, cleaner: Cleaner) -> None:
    mockserver.faults.add(Lost(), operation=DELETE, nth=1)
    assert cleaner.clean("week ") == OLD
    mockserver.journal.assert_called(DELETE, times=1)


def test_an_outage_is_given_up_on_after_half_a_minute(mockserver: Fake, cleaner: Cleaner) -> None:
    mockserver.faults.add(Status(503), operation=DELETE)
    began = mockserver.clock.now()
    with pytest.raises(NotCleaned):
        cleaner.clean("week ")
    mockserver.journal.assert_called(DELETE, times=TRIES, status=503)
    assert mockserver.clock.now() - began == 1 + 2 + 4 + 8 + 16


@given(plan=fault_plans(["requestToken", "searchAudienceSegments", DELETE]))
def test_old_segments_go_whatever_goes_wrong(plan: Plan) -> None:
    with faked(plan, sleep="clock") as fake:
        names = Cleaner(*DEMO, ACCOUNT, RETAILER).clean("")
        assert len(names) == 24
        assert len([change for change in fake.diff() if (change.what, change.kind) == ("removed", "segment")]) == 24
