"""Every answer, spoilt in every small way: the contract objects to all but what is listed here, each with its reason."""

from collections.abc import Set
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

import pytest
from conftest import Client, engine_of
from corruptions import corruptions
from exchanges import EXCHANGES, WORLDS, answered, contracted, operations, reading

from mockserver.contract.schema import Schema
from mockserver.engine import Engine
from mockserver.provider import Reply
from mockserver.providers.criteo import CRITEO


@dataclass(frozen=True, slots=True)
class Loose:
    """What the contract lets through. `where` and `of` are patterns: of a pointer, and of `OPERATION STATUS in WORLD`."""

    where: str
    ways: Set[str]
    reason: str
    of: str = "*"

    def covers(self, of: str, where: str, way: str) -> bool:
        return way in self.ways and fnmatchcase(where, self.where) and fnmatchcase(of, self.of)


LONGER = {"lengthened", "lengthened a lot"}
CASE = {"changed in case"}
NINES = {"made all nines"}
NONSENSE = {"made nonsense"}
ANY_TEXT = LONGER | CASE | NONSENSE
ANY_AMOUNT = {"emptied", "made to repeat itself"}

ROWS = "data/each/attributes/rows"

LET_THROUGH = [
    Loose("access_token", LONGER | CASE | NINES, "a token is opaque"),
    Loose("refresh_token", LONGER | CASE | NINES | {"made null"}, "a token is opaque; there is none without a user"),
    Loose("error_description", ANY_TEXT, "words"),
    Loose("data", ANY_AMOUNT, "how many there are is no schema's to know; an update may name a segment twice", "[bcs]*"),
    Loose("data*/id", NINES, "any int64"),
    Loose("data/each/*Id", NINES, "any int64"),
    Loose("data/each/attributes/name", {"lengthened"} | CASE | NINES | NONSENSE, "any text, up to 256 characters"),
    Loose("data/each/attributes/description", {"lengthened", "emptied"} | CASE | NONSENSE, "any text, up to 500"),
    Loose("data/each/attributes/description", {"made null", "made a string"}, "there may be one or none"),
    Loose("data/each/attributes/createdById", ANY_TEXT, "any user's name"),
    Loose("data/each/attributes/createdById", {"made null", "made a string"}, "a user made it, or an application"),
    Loose("data/each/attributes/algebra*/and", {"made to repeat itself"}, "all of a and a are a"),
    Loose("data/each/attributes/algebra*/or", {"made to repeat itself"}, "any of a and a is a"),
    Loose("data/each/attributes/events/categoryIds", {"emptied"}, "brands are enough", "bulkCreate*"),
    Loose("data/each/attributes/events/brandIds", {"emptied"}, "categories are enough"),
    Loose("data/each/attributes/events/*Ids/each", LONGER | NINES | NONSENSE, "how retailers name these is not known"),
    Loose("data/each/attributes/events/m*Price", {"made huge", "made negative"}, "no document bounds prices"),
    Loose("data/each/attributes/events/m*Price", {"made a fraction", "made an integer", "made null"}, "any number or none"),
    Loose("data*/identifierType", CASE, "echoed as it came, in any case", "Add*"),
    Loose("data*/sampleInvalidIdentifiers", ANY_AMOUNT, "some of the invalid ones, as often as they came"),
    Loose("data*/sampleInvalidIdentifiers/each", ANY_TEXT | {"emptied"}, "whatever was sent and is no identifier"),
    Loose("data*/size", {"dropped"}, "who may not see it gets none"),
    Loose(ROWS, ANY_AMOUNT, "how many there are is no schema's to know; two ad sets may share a name", "getRealTime*"),
    Loose(f"{ROWS}/each/*", {"dropped"}, "a row is a map: which columns it has, the request says", "getRealTime*"),
    Loose(f"{ROWS}/each/[Aa]dvertiser", ANY_TEXT, "any name", "getRealTime*"),
    Loose(f"{ROWS}/each/[Cc]ampaign", ANY_TEXT, "any name", "getRealTime*"),
    Loose(f"{ROWS}/each/[Aa]dset", ANY_TEXT, "any name", "getRealTime*"),
    Loose(f"{ROWS}/each/*s", NINES, "any count", "getRealTime*"),
    Loose(f"{ROWS}/each/[Cc]ost", NINES, "any amount", "getRealTime*"),
    Loose("errors", ANY_AMOUNT, "how many items were refused is no schema's to know", "* 200 in [!n]*"),
    Loose("errors", {"made to repeat itself"}, "two objections may read the same", "* 200 in neither"),
    Loose("warnings", ANY_AMOUNT, "how many items were refused is no schema's to know", "* 200 in [!n]*"),
    Loose("warnings", {"made to repeat itself"}, "two objections may read the same", "* 200 in neither"),
    Loose("warnings", {"dropped"}, "empty-problem-lists=omitted: there only if there are some", "bulk* 200 in neither"),
    Loose("errors", {"dropped"}, "empty-problem-lists=omitted: there only if there are some", "[bc]* 200 in neither"),
    Loose("errors", {"made to repeat itself"}, "two objections may read the same", "* 4?? *"),
    Loose("*/each/trace*", NINES, "any hexadecimal digits"),
    Loose("*/each/code", {"lengthened a lot"}, "the list of codes is open"),
    Loose("*/each/instance", LONGER | CASE | NINES, "any path"),
    Loose("*/each/title", ANY_TEXT, "words"),
    Loose("*/each/detail", ANY_TEXT | NINES | {"made null", "made a string"}, "words, or none"),
    Loose("*/each/source", {"made null", "given an unknown member"}, "names any fields, or none"),
    Loose("*/each/source/*", ANY_TEXT | NINES, "any place in a request"),
]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of every corruption of an answer: where and in which way it was spoilt, and whether the contract lets it through."""

    of: str
    through: dict[tuple[str, str], bool]


@cache
def outcome(world: str, exchange: str) -> Outcome:
    response = answered(world, exchange)
    schema = promised(world, exchange, response.status)
    sound = response.json()
    assert schema.accepts(sound)
    through: dict[tuple[str, str], bool] = {}
    for where, way, spoilt in corruptions(sound):
        through[where, way] = through.get((where, way), False) or schema.accepts(spoilt)
    return Outcome(f"{EXCHANGES[exchange][0]} {response.status} in {world}", through)


def promised(world: str, exchange: str, status: int) -> Schema:
    operation = EXCHANGES[exchange][0]
    schema = operations(world)[operation].answers[status] if operation else contracted(world).component("Refusal")
    assert schema is not None
    return schema


WITH_BODY = [
    (world, exchange) for world in WORLDS for exchange in EXCHANGES if (world, exchange) != ("openapi", "clear a list")
]
"""Clearing a list answers 204 in the profile `openapi`."""


@pytest.mark.parametrize(("world", "exchange"), WITH_BODY)
def test_the_contract_objects_to_every_corruption_but_those_listed(world: str, exchange: str) -> None:
    found = outcome(world, exchange)
    listed = {(where, way): any(loose.covers(found.of, where, way) for loose in LET_THROUGH) for where, way in found.through}
    let_through = [spot for spot, through in found.through.items() if through and not listed[spot]]
    objected_to = [spot for spot, through in found.through.items() if listed[spot] and not through]
    assert not let_through, f"{found.of}: the contract lets through, and the table does not: {let_through}"
    assert not objected_to, f"{found.of}: the table lets through, and the contract does not: {objected_to}"


@pytest.mark.parametrize("loose", LET_THROUGH, ids=lambda loose: f"{loose.of} {loose.where}")
def test_what_is_listed_still_happens_in_each_way(loose: Loose) -> None:
    outcomes = [outcome(*each) for each in WITH_BODY]
    met = {way for found in outcomes for where, way in found.through if loose.covers(found.of, where, way)}
    assert met == loose.ways


def test_no_answer_of_the_contract_is_left_out() -> None:
    of = {world: operations(world).values() for world in WORLDS}
    documented = {(operation.id, status) for world in WORLDS for operation in of[world] for status in operation.answers}
    met = {(EXCHANGES[each][0], answered(world, each).status) for world in WORLDS for each in EXCHANGES if EXCHANGES[each][0]}
    assert met == documented


def test_no_variant_of_the_contract_is_left_out() -> None:
    written = " ".join(path.read_text("utf-8") for path in CRITEO.contracts.library.folder.rglob("*.yaml"))
    for asked in CRITEO.readings:
        if f"x-reading: {asked.name}" in written:
            assert {reading(world, asked.name) for world in WORLDS} == set(asked.alternatives)


def test_an_answer_without_a_body_has_none() -> None:
    response = answered("openapi", "clear a list")
    assert (response.status, response.body) == (204, b"")
    assert operations("openapi")["ClearContactListByAudienceSegment"].answers[204] is None


OFF_CONTRACT = {
    "an undocumented status": Reply({}, status=202),
    "no body where there should be one": Reply(status=204),
    "a member too many": Reply([], meta={"totalItems": 0, "limit": 50, "offset": 0, "page": 1}),
    "a member too few": Reply([]),
}


@pytest.mark.parametrize("reply", OFF_CONTRACT.values(), ids=OFF_CONTRACT)
def test_the_fake_owns_up_to_an_answer_off_its_contract(reply: Any) -> None:
    provider = replace(CRITEO, handlers={**CRITEO.handlers, "searchAudienceSegments": lambda call: reply})
    response = Client(Engine([provider], engine_of().world)).search()
    assert response.status == 500
    assert "breaks the fake's own contract" in response.json()["mockserver"]
