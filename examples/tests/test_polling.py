"""Every hour is counted once, however many polls fail."""

from datetime import UTC, datetime

import pytest
from mockserver.testing import Fake, Html, Status

from audiences.polling import HOURS_BACK, HoursLost, Poller

REPORT = "getRealTimeReport"


def test_the_hours_that_are_over_are_counted(mockserver: Fake, poller: Poller) -> None:
    poller.poll()
    assert len(poller.counted) == HOURS_BACK - 1
    assert max(poller.counted) == datetime(2026, 11, 22, 9, tzinfo=UTC)
    mockserver.journal.assert_called(REPORT, times=2, version="preview", status=200)


def test_an_hour_is_counted_when_it_is_over(mockserver: Fake, poller: Poller) -> None:
    poller.poll()
    before = poller.total["displays"]
    mockserver.clock.advance(3599)
    poller.poll()
    assert poller.total["displays"] == before
    mockserver.clock.advance(1)
    poller.poll()
    assert poller.total["displays"] > before
    assert len(poller.counted) == HOURS_BACK


def test_polls_are_a_quarter_of_an_hour_apart(mockserver: Fake, poller: Poller) -> None:
    mockserver.clock.advance(100)
    poller.run(3)
    tokens = mockserver.journal.calls("requestToken")
    assert [entry.at % 3600 for entry in tokens] == [100, 900, 1800]


def test_a_poll_that_fails_half_way_counts_nothing(mockserver: Fake, poller: Poller) -> None:
    mockserver.faults.add(Status(500), operation=REPORT, nth=2)
    poller.poll()
    assert not poller.total
    poller.poll()
    assert len(poller.counted) == HOURS_BACK - 1


def test_a_page_of_a_gateway_is_no_report(mockserver: Fake, poller: Poller) -> None:
    mockserver.faults.add(Html(200), operation=REPORT, nth=1)
    poller.poll()
    assert (poller.missed, len(poller.counted)) == (1, 0)


def test_a_long_outage_is_made_up_for(mockserver: Fake, poller: Poller) -> None:
    poller.poll()
    outage = mockserver.faults.add(Status(503), lasting=20 * 3600)
    poller.run(4 * 20 + 1)
    assert outage.struck > 70
    assert len(poller.counted) == HOURS_BACK - 1 + 20


def test_one_that_is_too_long_is_told(mockserver: Fake, poller: Poller) -> None:
    mockserver.faults.add(Status(503), operation=REPORT)
    with pytest.raises(HoursLost, match="93 polls failed in a row"):
        poller.run(100)
