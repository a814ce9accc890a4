"""A draft put to a session: those of its cast fill the places of the stand-ins, and the answer is held to what is right."""

from dataclasses import replace
from typing import Any

from mockserver.check.customer_token import customer_token
from mockserver.check.drafting import verdict
from mockserver.check.drafting.cast import LIST, Cast, cast
from mockserver.check.drafting.draft import NOTHING, Draft, composed
from mockserver.check.drafting.fit import fitted, fitted_query
from mockserver.check.session import Answer, Session
from mockserver.contract.operation import Operation
from mockserver.contract.schema import Violation
from mockserver.message import Request
from mockserver.testing.holdings import Holdings

_CHANGING = frozenset({"bulkUpdateAudienceSegments", "bulkDeleteAudienceSegments", "bulkUpdateAudience", "bulkDeleteAudiences"})
"""The operations after which the cast is not what it was."""

_SOUGHT = {
    "bulkCreateAudienceSegments": ("searchAudienceSegments", "audienceSegmentIds"),
    "bulkUpdateAudienceSegments": ("searchAudienceSegments", "audienceSegmentIds"),
    "bulkDeleteAudienceSegments": ("searchAudienceSegments", "audienceSegmentIds"),
    "bulkCreateAudience": ("searchAudiences", "audienceIds"),
    "bulkUpdateAudience": ("searchAudiences", "audienceIds"),
    "bulkDeleteAudiences": ("searchAudiences", "audienceIds"),
}
_YEARS = 3 * 365 * 24 * 3600


class Stage:
    """A session in which drafts of one operation are put, one after the other."""

    def __init__(self, session: Session, operation: Operation, held: Holdings, known: Cast | None = None):
        self.session = session
        self.operation = operation
        self.held = held
        self._cast = known

    def put(self, draft: Draft) -> None:
        """Send a draft and judge the answer. Raises `Broken`."""
        request, wrong, body = self._request(draft)
        if not wrong and self._leads_nowhere:
            return
        answer = self.session.send(request, self.operation)
        if wrong:
            verdict.flawed(answer, wrong)
        elif draft.flaw:
            verdict.slipped(answer, self.operation, body, draft.flaw, draft.at)
            self._changed()
        else:
            verdict.sound(answer, self.operation, body)
            self._look(answer)
            self._changed()

    @property
    def _leads_nowhere(self) -> bool:
        """Whether the path is to name a list, and there is none to name."""
        return "{audience-segment-id}" in self.operation.path and self._cast is not None and str(LIST) not in self._cast.ids

    def told(self, draft: Draft) -> None:
        """Send a draft if it breaks the contract, and expect every violation to be told. Raises `Broken`."""
        request, wrong, _ = self._request(draft)
        if wrong:
            verdict.told(self.session.send(request, self.operation), self.operation, wrong, len(request.body))

    def leave(self, draft: Draft) -> Answer:
        """Send a draft in whatever state earlier ones left the session's things. Raises `Broken`."""
        request, wrong, _ = self._request(draft)
        answer = self.session.send(request, self.operation)
        if wrong:
            verdict.flawed(answer, wrong)
        else:
            verdict.possible(answer)
        return answer

    def _changed(self) -> None:
        if self.operation.id in _CHANGING:
            self._cast = None

    def _request(self, draft: Draft) -> tuple[Request, list[Violation], Any]:
        """What is sent: the draft as it is if it breaks the contract, otherwise one that keeps the rules beyond it."""
        if self._cast is None:
            self._cast = cast(self.session, self.operation.id, self.operation.version, self.held)
        request, wrong, body = self._composed(draft)
        if wrong or draft.flaw or draft.fit:
            return request, wrong, body
        if draft.body is NOTHING:
            return self._composed(replace(draft, query=fitted_query(self.operation.id, draft.query)))
        return self._composed(replace(draft, body=fitted(self.operation.id, draft.body, self.held)))

    def _composed(self, draft: Draft) -> tuple[Request, list[Violation], Any]:
        assert self._cast is not None
        body = self._cast.told(draft.body, self.session.name())
        path = {
            "account-id": self.session.setting.account or "",
            "audience-segment-id": self._cast.ids.get(str(LIST), "1"),
            "accessKey": self.session.setting.customer.access_key if self.session.setting.customer else "",
        }
        authorization = _authorization(self.session, self.operation)
        request = composed(replace(draft, body=body), self.operation, path, authorization)
        return request, self.session.judge.objections(request, self.operation), body

    def _look(self, answer: Answer) -> None:
        """That what was made or changed is found as it was shown, and what was deleted is not."""
        if self.operation.id not in _SOUGHT or not answer.ids:
            return
        search, filter = _SOUGHT[self.operation.id]
        sought = {"data": {"attributes": {filter: answer.ids}}}
        found = self.session.ask(search, sought, version=self.operation.version)
        gone = "Delete" in self.operation.id
        found.holds(
            "body/data", [] if gone else sorted(answer.items, key=lambda item: int(item["id"])), why="as it was answered"
        )


def _authorization(session: Session, operation: Operation) -> str | None:
    """The header of whoever may call an operation."""
    if not operation.scopes:
        return None
    if operation.id != "retrieveCampaignStats":
        return f"Bearer {session.token()}"
    customer = session.setting.customer
    assert customer is not None
    return f"Bearer {customer_token(customer, session.wire.now() + _YEARS)}"
