"""Every call that checks would make of a target, made of a fake in its place: nothing is sent."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from mockserver.check.law import Check, Effort
from mockserver.check.refraining import BudgetSpent
from mockserver.check.running import run_one
from mockserver.check.setting import Setting
from mockserver.check.target.budget import Budget
from mockserver.check.target.elsewhere import Elsewhere
from mockserver.check.target.fake import health
from mockserver.check.target.meeting import met_stranger, named
from mockserver.check.target.pace import Pace
from mockserver.check.target.remote import dialled
from mockserver.clock import Clock
from mockserver.engine import Engine
from mockserver.masking import masked_query, masked_request_body
from mockserver.message import Request, Response
from mockserver.mistake import Mistake
from mockserver.providers import PROVIDERS
from mockserver.worlds import RATE_LIMIT, found_world

_RETAILER = "1"
_THEIRS = "something that the account had before"


@dataclass(frozen=True, slots=True)
class Planned:
    """A call, and the check that would make it: none before the first and after the last. Secrets stand as marks in it."""

    check: str | None
    method: str
    url: str
    body: Any


class Rehearsed:
    """A fake in the place of a target; `calls` is what was asked of it since somebody last took them."""

    def __init__(self, url: str, engine: Engine):
        self.url = url
        self.engine = engine
        self.calls: list[Request] = []

    def send(self, request: Request) -> Response:
        """The answer that a target might give."""
        self.calls.append(request)
        return self.engine.handle_aside(request)

    def now(self) -> float:
        """What the fake's clock shows."""
        return self.engine.world.clock.now()

    def close(self) -> None:
        """Nothing was opened."""

    def sleep(self, seconds: float) -> None:
        """Let the fake's time go by."""
        self.engine.world.clock.advance(seconds)

    def planned(self, check: str | None) -> Iterator[Planned]:
        """The calls so far, as those of a check."""
        calls, self.calls = self.calls, []
        for request in calls:
            query = f"?{masked_query(request.query)}" if request.query else ""
            body = masked_request_body(request.body, request.header(b"content-type"))
            yield Planned(check, request.method, f"{self.url}{request.path}{query}", body)


def rehearsed(
    checks: Iterable[Check],
    url: str,
    setting: Setting,
    effort: Effort,
    *,
    allow_writes: bool = False,
    budget: int | None = None,
    first: Callable[[Elsewhere], object] | None = None,
) -> Iterator[Planned]:
    """The calls, as they would come; where ids and numbers follow from answers, they are a fake's. Raises `Mistake`.

    `first` is what is done at the venue before any check.
    """
    there = dialled(url)
    there.close()
    known = named(setting)
    stage = Rehearsed(there.url, Engine(PROVIDERS, _world(known)))
    health(stage)
    try:
        venue = met_stranger(Pace(stage, Budget(budget), stage.sleep), stage.url, known, allow_writes=allow_writes)
    except BudgetSpent as reason:
        raise Mistake(str(reason)) from None
    if first is not None:
        first(venue)
    yield from stage.planned(None)
    for check in checks:
        run_one(check, venue, effort)
        yield from stage.planned(check.name)
    venue.leave()
    yield from stage.planned(None)


def _world(setting: Setting) -> Any:
    """A world in which who asks is known, and has something that is not the run's."""
    retailers = setting.retailers or (_RETAILER,)
    accounts = (setting.account,) if setting.account else ()
    applications = [
        {
            "client_id": who.client_id,
            "client_secret": who.client_secret,
            "accounts": list(accounts),
            "advertisers": list(setting.advertisers),
            "permissions": ["RetailMedia_Audience_Manage", "MarketingSolutions_Analytics_Read"],
        }
        for who in (setting.main,)
        if who is not None
    ]
    criteo = {
        "retailers": [{"id": each, "name": f"Retailer {each}"} for each in retailers],
        "accounts": [{"id": each, "name": f"Account {each}", "retailers": list(retailers)} for each in accounts],
        "advertisers": [{"id": each, "name": f"Advertiser {each}"} for each in setting.advertisers],
        "applications": applications,
        "segments": [_theirs(setting.account, retailers[0])] if setting.account else [],
    }
    customer = setting.customer
    keys = [{"access_key": customer.access_key, "secret_key": customer.secret_key}] if customer else []
    return found_world(
        PROVIDERS,
        {"criteo": criteo, "shoplive": {"customers": keys}},
        frozen_at=Clock().now(),
        rate_limit=setting.limit or RATE_LIMIT,
        source="the rehearsal",
    )


def _theirs(account: str, retailer: str) -> dict[str, Any]:
    about = {"account": account, "retailer": retailer, "name": _THEIRS, "description": None}
    return {"id": "300000000000000001", **about, "contact_list": {"identifier_type": "Email"}}
