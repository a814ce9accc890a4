"""Old segments cleaned away, with Criteo's own SDK."""

import time
from collections.abc import Collection, Iterator
from typing import Any

from criteo_api_retailmedia_v2026_07 import ApiClientBuilder, models
from criteo_api_retailmedia_v2026_07.api.audience_api import AudienceApi
from criteo_api_retailmedia_v2026_07.exceptions import OpenApiException
from urllib3.exceptions import HTTPError

TRIES = 5
PAGE = 100
TIMEOUT = 10
TROUBLE = (OpenApiException, HTTPError, ValueError)
"""What the SDK raises: its own exceptions, those of the connection, and those of a token that is no JSON."""


class NotCleaned(Exception):
    """Some segments are still there after every try."""


class Cleaner:
    """Deletes the segments of a retailer whose names begin alike."""

    def __init__(self, client_id: str, client_secret: str, account: str, retailer: str):
        self._credentials = (client_id, client_secret)
        self._account = account
        self._retailer = retailer
        self._api = self._connected()

    def clean(self, prefix: str, keep: Collection[str] = ()) -> list[str]:
        """Delete what begins with `prefix`, except what to `keep`; gives back the names. Raises `NotCleaned`.

        It looks, deletes what it found, and looks again: what is gone is gone, whoever said so.
        """
        gone: set[str] = set()
        trouble: Exception | None = None
        for tried in range(TRIES):
            try:
                old = {id: name for id, name in self.segments() if name.startswith(prefix) and name not in keep}
                if not old:
                    return sorted(gone)
                gone |= set(old.values())
                self._delete(old)
            except TROUBLE as error:
                trouble = error
                self._api = self._connected()  # with a new token, should that have been the trouble
                time.sleep(60 if getattr(error, "status", None) == 429 else 2**tried)
        raise NotCleaned(f"gave up after {TRIES} tries") from trouble

    def segments(self) -> Iterator[tuple[str, str]]:
        """The id and the name of each segment, from every page."""
        filters = models.RmAudienceSegmentSearchEntityV1(retailer_ids=[self._retailer])
        sought = models.RmAudienceSegmentSearchEntityV1Resource(type="AudienceSegment", attributes=filters)
        search = models.RmAudienceSegmentSearchInputV1(data=sought)
        offset, total = 0, 1
        while offset < total:
            page = self._api.search_audience_segments(
                self._account, search, limit=PAGE, offset=offset, _request_timeout=TIMEOUT
            )
            yield from ((each.id, each.attributes.name) for each in page.data)
            offset, total = offset + PAGE, page.meta.total_items

    def _delete(self, ids: Collection[str]) -> None:
        segments = [models.RmAudienceSegmentDeleteEntityV1Resource(id=id, type="AudienceSegment") for id in ids]
        deletions = models.RmAudienceSegmentBulkDeleteInputV1(data=segments)
        self._api.bulk_delete_audience_segments(self._account, deletions, _request_timeout=TIMEOUT)

    def _connected(self) -> Any:
        return AudienceApi(ApiClientBuilder.WithClientCredentials(*self._credentials))
