"""Plans of faults over a client, and the state machine to subclass."""

from collections.abc import Callable, Iterator

import httpx
import pytest
from conftest import ACCOUNT
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from mockserver.effects import EFFECTS
from mockserver.faults import Fault
from mockserver.mistake import Mistake
from mockserver.testing import Fake, Lost, Status, faked
from mockserver.testing.machines import FakeMachine
from mockserver.testing.strategies import effects, fault_plans, faults, outages

SEARCH = f"https://api.criteo.com/2026-07/retail-media/accounts/{ACCOUNT}/audience-segments/search"
WEB = httpx.Client()  # making one takes longer than the calls
SETTINGS = settings(max_examples=500, database=None, derandomize=True, deadline=None)


def pages(fake: Fake, patience: int) -> Iterator[str]:
    """Every segment's id, page by page; a page that fails is asked for again, `patience` times in all."""
    headers = {"authorization": f"Bearer {fake.token()}"}
    offset, total = 0, 1
    while offset < total:
        try:
            answer = WEB.post(f"{SEARCH}?limit=100&offset={offset}", json={}, headers=headers)
            answer.raise_for_status()
            page = answer.json()
        except (httpx.HTTPError, ValueError):
            if not patience:
                raise
            patience -= 1
            headers = {"authorization": f"Bearer {fake.token()}"}
            fake.wait(60)
            continue
        yield from (each["id"] for each in page["data"])
        offset, total = offset + 100, page["meta"]["totalItems"]


def fails(plan: list[Fault]) -> bool:
    """Whether an impatient client gives up."""
    with faked(plan) as fake:
        try:
            return len(list(pages(fake, 0))) != 424
        except (httpx.HTTPError, ValueError):
            return True


def test_a_plan_shrinks_to_the_smallest_that_breaks_a_client() -> None:
    plan = find(fault_plans(["searchAudienceSegments"]), fails, settings=SETTINGS)
    assert plan == [Fault(effect=Status(503), operation="searchAudienceSegments", nth=1)]


def test_a_plan_reads_as_the_code_that_makes_it() -> None:
    plan = [Fault(effect=Status(503), operation="searchAudiences", nth=1), Fault(effect=Lost(), times=2)]
    assert repr(plan) == (
        "[Fault(effect=Status(status=503), operation='searchAudiences', nth=1), Fault(effect=Lost(), times=2)]"
    )
    assert eval(repr(plan)) == plan


@settings(SETTINGS, max_examples=100)
@given(plan=fault_plans(["searchAudienceSegments"]))
def test_a_patient_client_survives_every_plan(plan: list[Fault]) -> None:
    with faked(plan) as fake:
        assert len(list(pages(fake, 3))) == 424


@pytest.mark.parametrize("name", EFFECTS)
def test_every_effect_is_drawn(name: str) -> None:
    find(faults(), lambda fault: fault.effect.name == name, settings=settings(SETTINGS, phases=[Phase.generate]))


def test_the_plainest_effect_is_what_any_shrinks_to() -> None:
    assert find(effects(), lambda effect: True, settings=SETTINGS) == Status(503)


def test_an_outage_lasts_for_its_seconds() -> None:
    with faked([find(outages(seconds=3600), lambda fault: True, settings=SETTINGS)]) as fake:
        headers = {"authorization": f"Bearer {fake.token()}"}
        seen = []
        for _ in range(3):
            seen.append(WEB.post(SEARCH, json={}, headers=headers | {"authorization": f"Bearer {fake.token()}"}).status_code)
            fake.clock.advance(1800)
    assert seen == [503, 503, 200]


def test_no_fault_at_all_is_the_simplest_plan() -> None:
    assert find(fault_plans(), lambda plan: True, settings=SETTINGS) == []


@pytest.mark.parametrize(
    ("draw", "told"),
    [
        (lambda: fault_plans(["searchAudience"]), "did you mean 'searchAudiences'"),
        (lambda: faults([]), "one operation at least"),
    ],
)
def test_a_plan_for_what_is_not_there_is_a_mistake_before_anything_is_drawn(draw: Callable[[], object], told: str) -> None:
    with pytest.raises(Mistake, match=told):
        draw()


class Listing(FakeMachine):
    """A client that lists every segment, by pages, among everything that the kit lets happen."""

    patience = 10

    @rule(limit=st.integers(1, 3))
    def lists(self, limit: int) -> None:
        found = list(pages(self.fake, self.patience))
        self.fake.faults.clear()
        total = WEB.post(f"{SEARCH}?limit=0", json={}, headers={"authorization": f"Bearer {self.fake.token()}"})
        assert len(found) == total.json()["meta"]["totalItems"]


class Impatient(Listing):
    """The same without patience, where nobody else changes anything."""

    patience = 0
    without = ("somebody_else_creates", "somebody_else_deletes")


def test_a_machine_of_a_patient_client_finds_nothing() -> None:
    run_state_machine_as_test(Listing, settings=settings(SETTINGS, max_examples=30, stateful_step_count=12))


def test_a_machine_of_an_impatient_client_finds_the_one_failing_call(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises((httpx.HTTPError, ValueError, AssertionError, ExceptionGroup)):
        run_state_machine_as_test(Impatient, settings=settings(SETTINGS, max_examples=100, stateful_step_count=12))
    told = capsys.readouterr().out
    assert "somebody_else" not in told
