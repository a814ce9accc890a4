"""The laws about segments, contact lists, audiences, sizes and pages hold of the fake, and find out what is no fake of it."""

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from state_lies import LIES, Lie

from mockserver.check.fresh import MOMENT, fresh_venue
from mockserver.check.judging import Judge
from mockserver.check.law import Check, Effort
from mockserver.check.laws import (
    across_versions,
    algebra,
    audience_machine,
    audience_search,
    audiences,
    bulk,
    contact_lists,
    estimates,
    event_sizes,
    identifiers,
    isolation,
    list_machine,
    list_refusals,
    paging,
    segment_changes,
    segment_creation,
    segment_machine,
    segment_renaming,
    segment_search,
    sizes,
)
from mockserver.check.running import run_one
from mockserver.check.session import Session
from mockserver.check.setting import DEMO, Setting
from mockserver.check.venue import Fresh, Venue
from mockserver.check.wire import InProcess
from mockserver.clock import parse_moment
from mockserver.engine import Engine
from mockserver.providers import PROVIDERS, READINGS
from mockserver.world_files import read_world, world_file
from mockserver.worlds import found_world

CHECKS: tuple[Check, ...] = tuple(
    check
    for module in (
        segment_creation,
        segment_changes,
        segment_renaming,
        bulk,
        segment_search,
        segment_machine,
        across_versions,
        isolation,
        contact_lists,
        identifiers,
        list_refusals,
        list_machine,
        audiences,
        audience_search,
        algebra,
        audience_machine,
        sizes,
        event_sizes,
        estimates,
        paging,
    )
    for check in module.CHECKS
)
NAMED = {check.name: check for check in CHECKS}
DRAWN = [check for check in CHECKS if getattr(check.run, "toil", 0)]
UNMET = replace(DEMO, stranger=None, stranger_account=None, stranger_retailer=None, relative=None, read_only_list=None)
"""The demo's people as they are in the empty world, which has only two of them."""

READ = (
    "add-remove-shape",
    "contact-list-clear",
    "failed-items-in",
    "empty-problem-lists",
    "default-page-size",
    "segment-resource-type",
    "statistics-resource-type",
    "match-rate",
    "request-date",
    "events-segments",
    "statistics-computed",
    "unknown-contact-list",
    "identifier-type-mismatch",
    "delete-used-segment",
    "segment-name-comparison",
)
"""The readings that make a difference to these laws."""


def broken(checks: Any, venue: Venue, effort: Effort) -> dict[str, str]:
    """What did not pass, and why."""
    outcomes = [run_one(check, venue, effort) for check in checks]
    return {
        each.check.name: str(each.finding.expectation) if each.finding else each.reason
        for each in outcomes
        if each.verdict != "passed"
    }


def alternatives() -> list[tuple[str, str]]:
    declared = {each.name: each for each in READINGS}
    return [(name, each) for name in READ for each in declared[name].alternatives if each != declared[name].guide]


@pytest.mark.parametrize("profile", ["guide", "openapi"])
def test_the_fake_keeps_every_law(profile: str) -> None:
    assert broken(CHECKS, fresh_venue(profile), Effort()) == {}


@pytest.mark.parametrize(("reading", "alternative"), alternatives())
def test_the_fake_keeps_every_law_under_each_reading(reading: str, alternative: str) -> None:
    assert broken(CHECKS, fresh_venue(readings={reading: alternative}), Effort(share=0.1)) == {}


@pytest.mark.parametrize("seed", range(1, 10))
def test_the_fake_keeps_every_law_whatever_is_drawn(seed: int) -> None:
    assert broken(DRAWN, fresh_venue(), Effort(share=0.3, seed=seed)) == {}


@pytest.mark.parametrize("lie", LIES, ids=[f"{number} {lie.place} {lie.law}" for number, lie in enumerate(LIES)])
def test_a_wrong_fake_is_found_out(lie: Lie, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lie.function, "__code__", lie.code)
    assert run_one(NAMED[f"laws/{lie.law}"], fresh_venue(), Effort(shrink=False)).verdict == "failed"


MACHINES = {
    "segments": "segments:_changed_events",
    "contact-lists": "contact_lists:_amend",
    "audiences": "audiences:search_audiences",
}
"""Where the machines find a lie out that no law of one step would be needed for."""


@pytest.mark.parametrize(("machine", "place"), MACHINES.items())
def test_a_machine_finds_wrong_fakes_out_by_itself(machine: str, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    lie = next(each for each in LIES if each.place == place)
    monkeypatch.setattr(lie.function, "__code__", lie.code)
    assert run_one(NAMED[f"laws/{machine}"], fresh_venue(), Effort(shrink=False)).verdict == "failed"


def engine_of(name: str, **more: Any) -> Engine:
    """A world as its file says, its clock standing still."""
    file = world_file(name)
    return Engine(PROVIDERS, found_world(PROVIDERS, read_world(file), frozen_at=parse_moment(MOMENT), source=str(file), **more))


def test_the_laws_hold_of_an_empty_world() -> None:
    engine = engine_of("empty")
    venue = Fresh(engine, UNMET, Judge(engine.world.readings.chosen))
    outcomes = Counter(run_one(check, venue, Effort(share=0.2)).verdict for check in CHECKS)
    assert set(outcomes) == {"passed", "skipped"}
    assert outcomes["skipped"] == len([check for check in CHECKS if check.needs - venue.abilities])


class Shared(InProcess):
    """A wire into a world that others are in too, and whose clock is nobody's to move."""

    abilities = frozenset({"writes"})


@dataclass
class Common:
    """A venue whose sessions share a world, each with names of its own."""

    engine: Engine
    setting: Setting = DEMO
    opened: int = 0
    judge: Judge = field(init=False)

    def __post_init__(self) -> None:
        self.judge = Judge(self.engine.world.readings.chosen)

    @property
    def abilities(self) -> frozenset[str]:
        return Shared.abilities | self.setting.known

    def open(self) -> Session:
        self.opened += 1
        return Session(Shared(self.engine), replace(self.setting, run=f"run {self.opened}"), self.judge)


def test_the_laws_touch_only_what_they_made() -> None:
    engine = engine_of("demo", rate_limit=None)
    criteo = engine.world.parts["criteo"]
    before = {kind: dict(rows) for kind, rows in criteo.entities().items()}
    assert set(broken(CHECKS, Common(engine), Effort(share=0.1)).values()) <= {
        "it needs a clock that can be moved",
        "it needs a world of its own",
    }
    after = criteo.entities()
    for kind, rows in before.items():
        assert {id: after[kind].get(id) for id in rows} == rows


def test_what_the_laws_made_is_known_by_its_name() -> None:
    engine = engine_of("demo", rate_limit=None)
    criteo = engine.world.parts["criteo"]
    before = {each.id for each in (*criteo.segments, *criteo.audiences)}
    broken(CHECKS, Common(engine), Effort(share=0.1))
    made = [each for each in (*criteo.segments, *criteo.audiences) if each.id not in before]
    assert made
    assert [each.name for each in made if not each.name.startswith("run ")] == []


def test_every_law_has_a_name_of_its_own_and_says_what_it_is_about() -> None:
    assert len(NAMED) == len(CHECKS)
    for check in CHECKS:
        assert check.operations
        assert check.statement.endswith(".")
