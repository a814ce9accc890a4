"""The contact-list segments of one account with one retailer, by name."""

from collections.abc import Iterable, Mapping
from typing import Any

from audiences.api import Api
from audiences.troubles import NameTaken, Refused

TAKEN = "name-must-be-unique"


class Segments:
    """Finds segments and creates those that are missing."""

    create_is_repeatable = False
    """A creation whose answer was lost may have been done: look before creating again."""

    def __init__(self, api: Api, account: str, retailer: str, page_size: int = 500):
        self.api = api
        self._path = f"/accounts/{account}/audience-segments"
        self._retailer = retailer
        self.page_size = page_size

    def found(self) -> dict[str, str]:
        """The id of each segment by its name, from every page. Raises `Refused`, `GaveUp`."""
        ids: dict[str, str] = {}
        offset, total = 0, 1
        while offset < total:
            page = self.page(offset)
            ids |= _ids(page)
            offset, total = offset + self.page_size, page["meta"]["totalItems"]
        return ids

    def page(self, offset: int) -> dict[str, Any]:
        """One page of the search."""
        path, sought = self.search(offset)
        return self.api.ask("POST", path, sought)

    def search(self, offset: int) -> tuple[str, dict[str, Any]]:
        """The path and the body that ask for a page."""
        filters = {"retailerIds": [self._retailer], "audienceSegmentTypes": ["ContactList"]}
        sought = {"data": {"type": "AudienceSegment", "attributes": filters}}
        return f"{self._path}/search?limit={self.page_size}&offset={offset}", sought

    def ensure(self, names: Iterable[str]) -> dict[str, str]:
        """The id of each of these segments by its name, created if need be. Raises `Refused`, `GaveUp`.

        Whenever it is not sure what came of a creation, it looks again before it creates again.
        """
        wanted = list(names)
        return self.api.patience.until_answered(lambda: self._ensure(wanted))

    def _ensure(self, names: list[str]) -> dict[str, str]:
        known = self.found()
        missing = [name for name in names if name not in known]
        if missing:
            known |= self.create(missing)
        return {name: known[name] for name in names if name in known}

    def create(self, names: list[str]) -> dict[str, str]:
        """The ids of the segments created, by name. Raises `NameTaken`, `Unsure`, `Refused`, `GaveUp`."""
        segments = [{"type": "AudienceSegment", "attributes": self._attributes(name)} for name in names]
        answer = self.api.ask("POST", f"{self._path}/create", {"data": segments}, repeatable=self.create_is_repeatable)
        self.heed(answer)
        return _ids(answer)

    def heed(self, answer: Mapping[str, Any]) -> None:
        """Raise what a bulk answer objects to: it is a 200 even if no segment could be created."""
        problems = [*(answer.get("errors") or ()), *(answer.get("warnings") or ())]
        refusals = [problem for problem in problems if problem["code"] != TAKEN]
        if refusals:
            raise Refused("; ".join(f"{problem['code']}: {problem['title']}" for problem in refusals))
        if problems:
            raise NameTaken("; ".join(str(problem.get("detail") or problem["title"]) for problem in problems))

    def _attributes(self, name: str) -> dict[str, Any]:
        return {"name": name, "retailerId": self._retailer, "contactList": {"identifierType": "Email"}}


def _ids(answer: Mapping[str, Any]) -> dict[str, str]:
    return {segment["attributes"]["name"]: segment["id"] for segment in answer["data"]}
