"""A state machine to subclass: a client's own rules, among which time passes, calls fail, and others change the world."""

from collections.abc import Iterable
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from mockserver.effects import Effect
from mockserver.message import compose
from mockserver.mistake import Mistake, unknown
from mockserver.testing.bodies import bodies, paths
from mockserver.testing.opening import faked
from mockserver.testing.plans import effects

_RULES = ("time_passes", "a_call_will_fail", "all_is_well_again", "somebody_else_creates", "somebody_else_deletes")


class FakeMachine(RuleBasedStateMachine):
    """Opens a fresh `self.fake` for every run. Subclass it, add rules that use your client, and invariants.

    `settings_of_fake` are the marker's. Of the rules that come with it, those named in `without` are left out:
    `time_passes`, `a_call_will_fail`, `all_is_well_again`, `somebody_else_creates`, `somebody_else_deletes`.
    """

    settings_of_fake: ClassVar[dict[str, Any]] = {}
    without: ClassVar[Iterable[str]] = ()

    def __init__(self) -> None:
        super().__init__()
        self._opening = faked(**self.settings_of_fake)
        self.fake = self._opening.__enter__()

    def teardown(self) -> None:
        """Close the fake."""
        self._opening.__exit__(None, None, None)

    def __init_subclass__(cls) -> None:
        """Leave out the rules that are not wanted."""
        super().__init_subclass__()
        if isinstance(cls.without, str):
            raise Mistake(f"'without' is a list of names, as in ({cls.without!r},)")
        for name in cls.without:
            if name not in _RULES:
                raise unknown("rule of a FakeMachine", name, _RULES)
            setattr(cls, name, None)

    @rule(seconds=st.sampled_from([1, 60, 900, 3600, 86_400]))
    def time_passes(self, seconds: float) -> None:
        """Minutes turn, tokens expire, days end."""
        self.fake.clock.advance(seconds)

    @rule(effect=effects())
    def a_call_will_fail(self, effect: Effect) -> None:
        """Something goes wrong with the next call that is not to go wrong yet, once."""
        coming = [armed for armed in self.fake.faults if not armed.struck]
        self.fake.faults.add(effect, nth=1 + len(coming))

    @rule()
    def all_is_well_again(self) -> None:
        """Nothing that was to go wrong does."""
        self.fake.faults.clear()

    @rule(data=st.data())
    def somebody_else_creates(self, data: st.DataObject) -> None:
        """Segments appear that the client did not make."""
        self._by_somebody_else("bulkCreateAudienceSegments", data)

    @rule(data=st.data())
    def somebody_else_deletes(self, data: st.DataObject) -> None:
        """Segments are gone that were there."""
        self._by_somebody_else("bulkDeleteAudienceSegments", data)

    def _by_somebody_else(self, operation: str, data: st.DataObject) -> None:
        """A call that is not the client's: no fault strikes it, and no journal keeps it."""
        engine = self.fake.engine
        path = data.draw(paths(operation, engine=engine), label=f"path of {operation}")
        body = data.draw(bodies(operation, engine=engine, path=path), label=f"body of {operation}")
        headers = {"authorization": f"Bearer {self.fake.token()}"}
        engine.handle_aside(compose("POST", path, json=body, headers=headers))

    @invariant()
    def the_fake_keeps_its_contract(self) -> None:
        """No answer of the fake's own was off its contract."""
        assert not [entry for entry in self.fake.journal if b'"mockserver":"this answer breaks' in entry.response.body[:60]]
