"""Realtime figures, polled every quarter of an hour and counted once."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import requests

URL = "https://api.criteo.com"
REPORT = f"{URL}/preview/reports/realtime"
QUARTER = 900
HOURS_BACK = 24
AT_MOST = 10
"""So many advertisers the API takes in one call."""
TIMEOUT = 10

Figures = Counter[str]
Hour = datetime


class HoursLost(Exception):
    """Polls failed for so long that hours have left the window which the API looks back on."""


@dataclass(slots=True)
class Poller:
    """Adds up the hours that are over, once each.

    A poll that fails leaves everything as it was, and the next one finds what it would have found: the API looks back a day.
    """

    client_id: str
    client_secret: str = field(repr=False)
    advertisers: Sequence[str]
    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    per_call: int = AT_MOST
    session: requests.Session = field(default_factory=requests.Session)
    counted: set[Hour] = field(default_factory=set)
    total: Figures = field(default_factory=Counter)
    missed: int = 0

    def run(self, polls: int) -> None:
        """Poll so often, at each turn of the quarter. Raises `HoursLost`."""
        for _ in range(polls):
            self.poll()
            self.sleep(QUARTER - self.now() % QUARTER)

    def poll(self) -> None:
        """Count the hours that ended since the last poll that went well. Raises `HoursLost`."""
        try:
            self.count()
            self.missed = 0
        except (requests.RequestException, LookupError, TypeError, ValueError) as trouble:
            self.missed += 1
            if self.missed * QUARTER > (HOURS_BACK - 1) * 3600:
                raise HoursLost(f"{self.missed} polls failed in a row") from trouble

    def count(self) -> None:
        """Count the hours that are over and new, all of them or, if anything fails, none."""
        found = list(self.reports())
        fresh = {hour for hours in found for hour in hours} - self.counted
        for hours in found:
            for hour in fresh & hours.keys():
                self.total.update(hours[hour])
        self.counted |= fresh

    def reports(self) -> Iterator[dict[Hour, Figures]]:
        """The figures of each hour that is over as the poll begins, of some advertisers at a time."""
        latest = datetime.fromtimestamp(self.now(), UTC) - timedelta(hours=1)
        token = self._token()
        for start in range(0, len(self.advertisers), self.per_call):
            hours = self._report(token, self.advertisers[start : start + self.per_call])
            yield {hour: figures for hour, figures in hours.items() if hour <= latest}

    def _report(self, token: str, advertisers: Sequence[str]) -> dict[Hour, Figures]:
        asked = {"advertiserIds": list(advertisers), "dimensions": ["Day", "Hour"], "lookbackWindow": HOURS_BACK}
        body: dict[str, Any] = {"data": {"type": "GenerateRealtimeStatisticsReport", "attributes": asked}}
        headers = {"authorization": f"Bearer {token}"}
        answer = self.session.post(REPORT, json=body, headers=headers, timeout=TIMEOUT)
        answer.raise_for_status()
        rows = answer.json()["data"][0]["attributes"]["rows"]
        return {_hour(row): _figures(row) for row in rows}

    def _token(self) -> str:
        """A token, which lasts about as long as the time between two polls."""
        form = {"grant_type": "client_credentials", "client_id": self.client_id, "client_secret": self.client_secret}
        answer = self.session.post(f"{URL}/oauth2/token", data=form, timeout=TIMEOUT)
        answer.raise_for_status()
        return str(answer.json()["access_token"])


def _hour(row: dict[str, str]) -> Hour:
    return datetime.fromisoformat(f"{row['Day']}T{row['Hour']}:00+00:00")


def _figures(row: dict[str, str]) -> Figures:
    thousandths = int(Decimal(row["Cost"]) * 1000)
    return Counter(displays=int(row["Displays"]), clicks=int(row["Clicks"]), cost_in_thousandths=thousandths)
