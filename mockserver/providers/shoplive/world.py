"""Shoplive's part of a world: customers, and the campaigns that were written into it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from mockserver.providers.shoplive.records import Campaign, Customer
from mockserver.providers.shoplive.schedule import generated
from mockserver.store import Collection


def _keys(campaign: Campaign) -> Iterator[tuple[str, ...]]:
    yield (campaign.access_key,)
    yield (campaign.access_key, campaign.key)


def _campaigns() -> Collection[Campaign]:
    return Collection(_keys)


@dataclass(slots=True)
class ShopliveWorld:
    """`callers` remembers which Authorization headers were found good, by access key and whether bare tokens were taken."""

    seed: int
    customers: dict[str, Customer]
    campaigns: Collection[Campaign] = field(default_factory=_campaigns)
    newest_campaign: int = 0
    callers: dict[tuple[str, str, bool], Any] = field(default_factory=dict, metadata={"kept": False})

    def fork(self) -> "ShopliveWorld":
        """The same world, from here on its own."""
        return ShopliveWorld(self.seed, self.customers, self.campaigns.fork(), self.newest_campaign)

    def entities(self) -> Mapping[str, Mapping[int, Any]]:
        """The campaigns that were written, by id."""
        return {"campaign": self.campaigns.rows}

    def around(self, customer: Customer, start: float, end: float) -> Iterator[Campaign]:
        """Every campaign written into this world, and the made-up ones that an interval may concern."""
        written = self.campaigns.all(self.campaigns.filed((customer.access_key,)))
        made_up = (
            campaign
            for campaign in generated(customer, start, end, self.seed)
            if not self.campaigns.filed((campaign.access_key, campaign.key))
        )
        return chain(written, made_up)
