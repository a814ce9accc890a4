"""On schedule, statistics show what the last computation saw: at 00:00 and 12:00 UTC, to be read five hours later."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from conftest import ACCOUNT, EMPTY, Client, engine_of
from hypothesis import given, settings
from hypothesis import strategies as st
from patience import PATIENT

from mockserver.clock import parse_moment

MIDNIGHT = parse_moment("2026-11-22T00:00:00Z")
HOUR = 3600
FOUNDED = 777
WORLD: dict[str, Any] = {
    "criteo": {
        **EMPTY["criteo"],
        "segments": [
            {
                "id": str(FOUNDED),
                "account": ACCOUNT,
                "retailer": "12",
                "name": "Founded",
                "contact_list": {"identifier_type": "CustomerId"},
                "identifiers": 9,
                "matches": 4,
            }
        ],
    }
}
BASE = engine_of(WORLD, frozen_at=MIDNIGHT)
AT_ONCE = BASE.world.readings.changed({"statistics-computed": "at-once"})
ON_SCHEDULE = BASE.world.readings.changed({"statistics-computed": "on-schedule"})

Contents = tuple[int, int, frozenset[str]]
"""So many from the founding, so many of them known, and what was added since."""
NOTHING: Contents = (0, 0, frozenset())


@cache
def matches(texts: frozenset[str]) -> int:
    """How many of these the retailer knows, as another world tells at once."""
    client = Client(BASE.fork())
    segment = client.create_list("asked", "CustomerId")
    client.amend(segment, "add", sorted(texts))
    return figures(client, segment)[1]


@dataclass
class Diary:
    """One list as the model keeps it: every state it was ever in, and since when."""

    pages: list[tuple[float, Contents]]

    @classmethod
    def begun(cls, now: float, contents: Contents = NOTHING) -> "Diary":
        return cls([(now, contents)])

    def copy(self) -> "Diary":
        return Diary(self.pages.copy())

    def write(self, now: float, operation: str, texts: frozenset[str]) -> None:
        identifiers, known, held = self.pages[-1][1]
        if operation == "clear":
            self.pages.append((now, NOTHING))
        else:
            self.pages.append((now, (identifiers, known, held | texts if operation == "add" else held - texts)))

    def shown(self, now: float) -> tuple[int, int]:
        """What the newest computation that can be read by now found."""
        computed = max(each for each in computations(now) if each + 5 * HOUR <= now)
        seen = [contents for since, contents in self.pages if since < computed]
        return counted(seen[-1] if seen else NOTHING)


def counted(contents: Contents) -> tuple[int, int]:
    identifiers, known, held = contents
    return identifiers + len(held), known + matches(held)


def computations(now: float) -> list[float]:
    """The moments of that day and the day before at which the clock shows 00:00 or 12:00."""
    midnight = now - now % (24 * HOUR)
    return [midnight + hours * HOUR for hours in (-24, -12, 0, 12)]


def assert_shown(client: Client, diaries: dict[str, Diary]) -> None:
    """Both readings show the same list: one as last computed, the other as it is."""
    world, client.token = client.engine.world, None
    now = world.clock.now()
    for segment, diary in diaries.items():
        world.readings = ON_SCHEDULE
        assert figures(client, segment) == diary.shown(now)
        world.readings = AT_ONCE
        assert figures(client, segment) == counted(diary.pages[-1][1])


def figures(client: Client, segment: str) -> tuple[int, int]:
    attributes = client.statistics(segment).json()["data"]["attributes"]
    return attributes["numberOfIdentifiers"], attributes["numberOfMatches"]


texts = st.frozensets(st.integers(0, 30).map("c{}".format), min_size=1, max_size=6)
operations = st.tuples(
    st.sampled_from(["add", "add", "add", "remove", "clear", "create", "fork", "fork", "return", "return"]),
    st.integers(0, 3),
    texts,
)
turns = [0, 0.125, 4 * HOUR, 5 * HOUR - 0.125, 5 * HOUR, 7 * HOUR, 12 * HOUR - 0.125, 12 * HOUR, 17 * HOUR, 3 * 24 * HOUR]
waits = st.sampled_from(turns) | st.integers(0, 14 * 4).map(lambda quarters: quarters * HOUR / 4)


@given(
    begin=st.integers(0, 24 * 2).map(lambda halves: halves * HOUR / 2),
    said=st.lists(st.tuples(waits, operations), min_size=2, max_size=25),
)
@settings(PATIENT, max_examples=300)
def test_statistics_are_what_the_last_computation_to_be_read_saw(
    begin: float, said: list[tuple[float, tuple[str, int, frozenset[str]]]]
) -> None:
    client = Client(BASE.fork())
    client.engine.world.clock.advance(begin)
    diaries = {str(FOUNDED): Diary.begun(0, (9, 4, frozenset()))}
    left: list[tuple[Client, dict[str, Diary]]] = []
    for later, (operation, at, texts) in said:
        client.engine.world.clock.advance(later)
        client.token = None
        now = client.engine.world.clock.now()
        segment = sorted(diaries)[at % len(diaries)]
        if operation == "create":
            diaries[client.create_list(f"list {len(diaries)}", "CustomerId")] = Diary.begun(now)
        elif operation == "fork":
            left.append((client, {each: diary.copy() for each, diary in diaries.items()}))
            client = Client(client.engine.fork())
        elif operation == "return" and left:
            (client, diaries), left[at % len(left)] = left[at % len(left)], (client, diaries)
        elif operation == "clear":
            assert client.ask("POST", f"/audience-segments/{segment}/contact-list/clear").status == 200
            diaries[segment].write(now, "clear", texts)
        elif operation in ("add", "remove"):
            assert client.amend(segment, operation, sorted(texts)).status == 200
            diaries[segment].write(now, operation, texts)
        assert_shown(client, diaries)
    for client, diaries in left:
        assert_shown(client, diaries)


def test_a_world_may_begin_on_schedule() -> None:
    client = Client(engine_of(EMPTY, frozen_at=MIDNIGHT + HOUR, readings={"statistics-computed": "on-schedule"}))
    segment = client.create_list("list", "CustomerId")
    client.amend(segment, "add", ["c1", "c2"])
    assert figures(client, segment) == (0, 0)
    client.engine.world.clock.advance(16 * HOUR - 0.125)
    client.token = None
    assert figures(client, segment) == (0, 0)
    client.engine.world.clock.advance(0.125)
    assert figures(client, segment) == (2, matches(frozenset({"c1", "c2"})))
