"""Shoplive's answers, spoilt in every small way: the contract objects to all but what is listed here, each with its reason."""

from collections.abc import Callable, Set
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

import pytest
from corruptions import corruptions
from shoplive.asking import EXAMPLE, OURS, THAT_DAY, Customer, campaign, customer

from mockserver.contract.schema import Schema
from mockserver.engine import Engine
from mockserver.message import Response
from mockserver.provider import Reply
from mockserver.providers.shoplive import SHOPLIVE


@dataclass(frozen=True, slots=True)
class Loose:
    """What the contract lets through. `where` and `of` are patterns: of a pointer, and of an exchange's name."""

    where: str
    ways: Set[str]
    reason: str
    of: str = "*"

    def covers(self, of: str, where: str, way: str) -> bool:
        return way in self.ways and fnmatchcase(where, self.where) and fnmatchcase(of, self.of)


LONGER = {"lengthened", "lengthened a lot"}
ANY_TEXT = LONGER | {"changed in case", "made nonsense"}

LET_THROUGH = [
    Loose("results", {"emptied", "made to repeat itself"}, "how many there are is no schema's to know"),
    Loose("results/each/campaignId", {"made all nines"}, "any int64"),
    Loose("results/each/campaignKey", {"changed in case", "made all nines"}, "any letters and digits"),
    Loose("results/each/accessKey", ANY_TEXT | {"made all nines"}, "how customers are named is not known"),
    Loose("results/each/title", ANY_TEXT, "words"),
    Loose("results/each/average[CP]*", {"made huge"}, "no document bounds averages"),
    Loose("results/each/scheduledAt", {"made null"}, "a campaign may have no schedule"),
    Loose("results/each/endedAt", {"made null"}, "it may be on air"),
    Loose("_e", ANY_TEXT | {"made all nines"}, "words"),
]

EXCHANGES: dict[str, tuple[int, Callable[[Customer], Response]]] = {
    "campaigns that ended": (200, lambda asking: asking.ask(*EXAMPLE)),
    "a campaign on air": (200, lambda asking: asking.ask(*THAT_DAY, campaignKeys="live")),
    "no campaign": (200, lambda asking: asking.ask(*THAT_DAY, campaignKeys="unknown")),
    "a period that is none": (400, lambda asking: asking.ask(*THAT_DAY[::-1])),
    "a period off the contract": (400, lambda asking: asking.ask("yesterday", "today")),
    "no token": (401, lambda asking: asking.get()),
    "the token of another": (403, lambda asking: asking.ask(*EXAMPLE, header=f"Bearer {asking.token(accessKey='other')}")),
}


@cache
def answered(exchange: str) -> Response:
    asking = customer(OURS)
    asking.write(campaign(access_key=OURS, ended_at=None, scheduled_at="2026-11-22T08:00:00Z"))
    status, exchanged = EXCHANGES[exchange]
    response = exchanged(asking)
    assert response.status == status
    return response


def promised(status: int) -> Schema:
    (operation,) = customer().engine.contract(SHOPLIVE).operations
    schema = operation.answers[status]
    assert schema is not None
    return schema


@cache
def outcome(exchange: str) -> dict[tuple[str, str], bool]:
    """Of every corruption of an answer: where and in which way it was spoilt, and whether the contract lets it through."""
    response = answered(exchange)
    schema, sound = promised(response.status), response.json()
    assert schema.accepts(sound)
    through: dict[tuple[str, str], bool] = {}
    for where, way, spoilt in corruptions(sound):
        through[where, way] = through.get((where, way), False) or schema.accepts(spoilt)
    return through


@pytest.mark.parametrize("exchange", EXCHANGES)
def test_the_contract_objects_to_every_corruption_of_shoplives_but_those_listed(exchange: str) -> None:
    through = outcome(exchange)
    listed = {spot: any(loose.covers(exchange, *spot) for loose in LET_THROUGH) for spot in through}
    assert [spot for spot in through if through[spot] and not listed[spot]] == []
    assert [spot for spot in through if listed[spot] and not through[spot]] == []


@pytest.mark.parametrize("loose", LET_THROUGH, ids=lambda loose: f"{loose.of} {loose.where}")
def test_what_is_listed_of_shoplives_still_happens_in_each_way(loose: Loose) -> None:
    met = {way for exchange in EXCHANGES for where, way in outcome(exchange) if loose.covers(exchange, where, way)}
    assert met == loose.ways


def test_no_answer_of_shoplives_contract_is_left_out() -> None:
    (operation,) = customer().engine.contract(SHOPLIVE).operations
    assert {status for status, _ in EXCHANGES.values()} == set(operation.answers)


OFF_CONTRACT = {
    "an undocumented status": Reply({"results": []}, status=202),
    "no body": Reply(status=204),
    "a list": Reply([]),
    "a member too many": Reply({"results": [], "totalCount": 0}),
    "an entry with nothing in it": Reply({"results": [{}]}),
}


@pytest.mark.parametrize("reply", OFF_CONTRACT.values(), ids=OFF_CONTRACT)
def test_the_fake_owns_up_to_statistics_off_their_contract(reply: Any) -> None:
    provider = replace(SHOPLIVE, handlers={"retrieveCampaignStats": lambda call: reply})
    response = Customer(Engine([provider], customer().engine.world)).ask(*EXAMPLE)
    assert response.status == 500
    assert "breaks the fake's own contract" in response.json()["mockserver"]
