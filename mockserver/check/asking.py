"""What a run of the kit is asked for, on the command line or in pytest, and the venue that it comes to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from mockserver.check.fresh import fresh_venue
from mockserver.check.judging import Judge
from mockserver.check.observation import Observation
from mockserver.check.readings.observing import believed, observed
from mockserver.check.setting import DEMO, Credentials, Customer, Setting, settled
from mockserver.check.target.meeting import met
from mockserver.check.venue import Venue
from mockserver.mistake import Mistake
from mockserver.provider import check_named
from mockserver.providers import PROVIDERS

ENVIRONMENT: Mapping[str, str] = {
    "target": "MOCKSERVER_TARGET",
    "client_id": "MOCKSERVER_CLIENT_ID",
    "client_secret": "MOCKSERVER_CLIENT_SECRET",
    "account": "MOCKSERVER_ACCOUNT",
    "access_key": "MOCKSERVER_ACCESS_KEY",
    "secret_key": "MOCKSERVER_SECRET_KEY",
    "control_token": "MOCKSERVER_CONTROL_TOKEN",
}
"""Where in the environment an option may stand."""

P = TypeVar("P")


@dataclass(frozen=True, slots=True)
class Asked:
    """`target` is a URL, or nothing for a fresh fake; `budget` is the most calls, `limit` the calls a minute; the rest is of a
    `Setting` or of a fresh fake. Secrets stay out of `repr`.
    """

    target: str | None = None
    client_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)
    account: str | None = None
    retailers: tuple[str, ...] = ()
    advertisers: tuple[str, ...] = ()
    access_key: str | None = None
    secret_key: str | None = field(default=None, repr=False)
    control_token: str | None = field(default=None, repr=False)
    version: str = "2026-07"
    allow_writes: bool = False
    budget: int | None = None
    limit: int | None = None
    timeout: float = 10.0
    profile: str = "guide"
    readings: Mapping[str, str] = field(default_factory=dict)

    @property
    def setting(self) -> Setting:
        """What is known before anybody was met. Raises `Mistake` for half of a pair."""
        return settled(
            Setting(version=self.version),
            main=_pair(Credentials, self.client_id, self.client_secret, "--client-id", "--client-secret"),
            customer=_pair(Customer, self.access_key, self.secret_key, "--access-key", "--secret-key"),
            account=self.account,
            retailers=self.retailers,
            advertisers=self.advertisers,
            limit=self.limit,
        )


def _pair(make: type[P], one: str | None, other: str | None, name: str, of: str) -> P | None:
    if bool(one) != bool(other):
        raise Mistake(f"{name} and {of} go together")
    return make(one, other) if one and other else None  # type: ignore[call-arg]  # both have two


def venue_of(asked: Asked) -> Venue:
    """Where to run. Raises `Mistake` for a target that cannot be checked."""
    check_named(PROVIDERS, None, asked.version)
    setting = asked.setting
    if asked.target is None:
        return fresh_venue(asked.profile, asked.readings, settled(DEMO, version=asked.version))
    return met(
        asked.target,
        setting,
        allow_writes=asked.allow_writes,
        budget=asked.budget,
        timeout=asked.timeout,
        control_token=asked.control_token,
    )


def look_around(venue: Venue, asked: Asked) -> list[Observation]:
    """See which readings the target follows, and judge it by these from now on."""
    observations = observed(venue)
    venue.judge = Judge(believed(observations, asked.profile, asked.readings))
    return observations


_REPEATED = (
    "client_id",
    "account",
    "retailer",
    "advertiser",
    "access_key",
    "version",
    "examples",
    "allow_writes",
    "limit",
    "profile",
)
"""The options that make a difference to what is found, secrets aside."""


def repeating(parameters: Iterable[Any], said: Mapping[str, Any]) -> Sequence[str]:
    """Those of the command line's parameters that were given, as they are typed."""
    options: list[str] = []
    for parameter in parameters:
        given = said[parameter.name or ""]
        if parameter.name in _REPEATED and given not in (None, (), False, parameter.default):
            for value in given if isinstance(given, tuple) else (given,):
                options += [parameter.opts[0]] if value is True else [parameter.opts[0], str(value)]
    for choice in said["reading"]:
        options += ["--reading", choice]
    return options
