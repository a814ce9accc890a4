"""Asks for campaign statistics as a customer of Shoplive would, and writes campaigns for it."""

from base64 import b64decode
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlencode

import jwt
from conftest import DEMO, engine_of

from mockserver.clock import parse_moment
from mockserver.engine import Engine
from mockserver.message import Response, compose
from mockserver.providers.shoplive.founding import write_campaigns

SECRETS = {each["access_key"]: b64decode(each["secret_key"]) for each in DEMO["shoplive"]["customers"]}
OURS, THEIRS = SECRETS
DAY = 24 * 3600
YEARS = 3 * 365 * DAY
"""How long the vendor's sample token lives."""
EXAMPLE = ("2022-07-08T00:00:00Z", "2022-07-11T23:59:59Z")
"""A period in which the campaign of the vendor's document was live."""
THAT_DAY = ("2026-11-22T00:00:00Z", "2026-11-22T23:59:59Z")
"""The day on which the world's clock begins, at ten o'clock."""


@dataclass
class Customer:
    """A customer; `THEIRS` has no campaigns but those it writes."""

    engine: Engine
    access_key: str = THEIRS

    def token(self, **claims: Any) -> str:
        """A token as the document has it, but for the claims given."""
        issued = int(self.engine.world.clock.now())
        said = {"accessKey": self.access_key, "iat": issued, "exp": issued + YEARS, **claims}
        return jwt.encode(said, SECRETS[self.access_key], "HS256")

    def ask(self, start: str, end: str, header: str | None = None, **more: str) -> Response:
        """`header` stands for a sound Authorization."""
        said = {"authorization": f"Bearer {self.token()}" if header is None else header}
        return self.get(urlencode({"from": start, "to": end, **more}), said)

    def get(self, query: str = "", headers: dict[str, str] | None = None, method: str = "GET", rest: str = "") -> Response:
        url = f"/v2/{self.access_key}/campaign/stats{rest}?{query}"
        return self.engine.handle(compose(method, url, headers=headers))

    def stats(self, start: str, end: str, **more: str) -> list[dict[str, Any]]:
        response = self.ask(start, end, **more)
        assert response.status == 200, response.body
        return list(response.json()["results"])

    def keys(self, start: str, end: str, **more: str) -> list[str]:
        return [campaign["campaignKey"] for campaign in self.stats(start, end, **more)]

    def write(self, *campaigns: dict[str, Any]) -> Any:
        world = self.engine.world
        return write_campaigns(world, world.parts["shoplive"], {"campaigns": list(campaigns)})

    def at(self, moment: str) -> "Customer":
        """The same customer, its world's clock showing that."""
        self.engine.world.clock.set(parse_moment(moment))
        return self

    def read(self, **readings: str) -> "Customer":
        """The same customer, under other readings."""
        world = self.engine.world
        world.readings = world.readings.changed({name.replace("_", "-"): chosen for name, chosen in readings.items()})
        return self


def customer(access_key: str = THEIRS, seed: int = 0) -> Customer:
    """A customer in a world of its own."""
    return Customer(_founded(seed).fork(), access_key)


@cache
def _founded(seed: int) -> Engine:
    return engine_of(seed=seed)


def campaign(key: str = "live", **said: Any) -> dict[str, Any]:
    """A campaign live from eight to nine of that day; `None` leaves a member out."""
    whole = {
        "key": key,
        "access_key": THEIRS,
        "title": "Autumn",
        "started_at": "2026-11-22T08:00:00Z",
        "ended_at": "2026-11-22T09:00:00Z",
        **said,
    }
    return {name: value for name, value in whole.items() if value is not None}


def event(at: str, viewer: str, kind: str, **said: Any) -> dict[str, Any]:
    """Something a viewer did that day; `at` is a time of the day."""
    return {"at": f"2026-11-22T{at}Z", "viewer": viewer, "kind": kind, **said}
