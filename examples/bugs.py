"""Ten mistakes that are often made, each a small change to one part of the application, and how they are found."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import httpx
from hypothesis.strategies import SearchStrategy
from mockserver.testing.strategies import fault_plans

import properties
from audiences.api import Api
from audiences.patience import Patience
from audiences.polling import Poller
from audiences.segments import Segments
from audiences.troubles import Refused, ServerFailed, Throttled, Trouble, Unsure
from audiences.uploading import Report, Uploader
from properties import SOUND, Parts, Plan, outages

SEARCH = "searchAudienceSegments"
CREATE = "bulkCreateAudienceSegments"
AMEND = "AddRemoveContactListByAudienceSegment"
REALTIME = "getRealTimeReport"


class RefusedByThrottling(Api):
    """Takes 429 for a refusal like any other 4xx."""

    def read(self, response: httpx.Response) -> dict[str, Any]:
        if response.status_code == 429:
            raise Refused("429: too many requests")
        return super().read(response)


class BlindToTheReset(Patience):
    """Tries again at once, however long the window of calls has yet to go."""

    def pause(self, trouble: Trouble, tried: int) -> float:
        return 0 if isinstance(trouble, Throttled) else super().pause(trouble, tried)


class PageLost(Segments):
    """Goes on to the next page when one fails."""

    total = 0

    def page(self, offset: int) -> dict[str, Any]:
        try:
            page = self.api.attempt("POST", *self.search(offset))
        except Trouble:
            return {"data": [], "meta": {"totalItems": self.total}}
        self.total = page["meta"]["totalItems"]
        return page


class CreatedTwice(Segments):
    """Sends a creation again when its answer was lost."""

    create_is_repeatable = True


class TokenKept(Api):
    """Goes on with a token that was refused."""

    def forget_token(self) -> None:
        pass


class NothingForGarbage(Api):
    """Takes what it cannot read for an answer with nothing in it."""

    def read(self, response: httpx.Response) -> dict[str, Any]:
        try:
            return super().read(response)
        except Unsure:
            if response.status_code >= 500:
                raise
            return {"data": [], "meta": {"totalItems": 0}}


class FailureCounted(Uploader):
    """Counts a batch as uploaded although the server failed: it will have arrived."""

    def add(self, id: str, batch: Sequence[str]) -> Report:
        return self.segments.api.patience.until_answered(lambda: self._added(id, batch))

    def _added(self, id: str, batch: Sequence[str]) -> Report:
        try:
            return self.told(self.segments.api.attempt("POST", *self.amendment(id, batch)))
        except ServerFailed:
            return Report("", valid=len(batch))


class WarningsUnread(Segments):
    """Takes a 200 for success, whatever it warns of."""

    def heed(self, answer: Any) -> None:
        pass


class HourCountedTwice(Poller):
    """Adds what it has before it knows that the whole poll goes well, and then forgets that it did."""

    def count(self) -> None:
        fresh: set[Any] = set()
        for hours in self.reports():
            for hour in hours.keys() - self.counted:
                self.total.update(hours[hour])
                fresh.add(hour)
        self.counted |= fresh


@dataclass(frozen=True, slots=True)
class Bug:
    """A mistake, the application that has it, and the property that it breaks under some of these plans."""

    name: str
    parts: Parts
    breaks: Callable[[Parts, Plan], None]
    plans: SearchStrategy[Any]


_uploads = properties.uploads_everything
_uploading = fault_plans([SEARCH, CREATE, AMEND])
BUGS = [
    Bug("does not try again after 429", replace(SOUND, api=RefusedByThrottling), _uploads, _uploading),
    Bug(
        "does not wait until the window turns",
        replace(SOUND, patience=BlindToTheReset),
        properties.uploads_everything_within_the_limit,
        _uploading,
    ),
    Bug("loses a page of a search", replace(SOUND, segments=PageLost), properties.finds_every_segment, fault_plans([SEARCH])),
    Bug("creates again after a lost answer", replace(SOUND, segments=CreatedTwice), _uploads, _uploading),
    Bug("keeps a token that was refused", replace(SOUND, api=TokenKept), _uploads, _uploading),
    Bug(
        "takes garbage for an empty answer",
        replace(SOUND, api=NothingForGarbage),
        properties.finds_every_segment,
        fault_plans([SEARCH]),
    ),
    Bug("counts a batch that met a 5xx", replace(SOUND, uploader=FailureCounted), _uploads, _uploading),
    Bug(
        "tries for ever",
        replace(SOUND, patience=partial(Patience, tries=10**9)),
        properties.gives_up_in_the_end,
        outages,
    ),
    Bug(
        "takes a 200 with warnings for success",
        replace(SOUND, segments=WarningsUnread),
        properties.uploads_everything_beside_a_colleague,
        fault_plans([CREATE]),
    ),
    Bug(
        "counts an hour twice after a failed poll",
        replace(SOUND, poller=HourCountedTwice),
        properties.counts_each_hour_once,
        fault_plans([REALTIME]),
    ),
]
