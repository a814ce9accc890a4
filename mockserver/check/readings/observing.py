"""Which alternative of every reading a target follows, as its answers show, whatever was taken to be true before."""

from collections.abc import Mapping, Sequence

from mockserver.check.expectation import Broken
from mockserver.check.judging import Judge, Judged
from mockserver.check.observation import Observation
from mockserver.check.readings import of_access as observers_access
from mockserver.check.readings import of_criteo as observers_criteo
from mockserver.check.readings import of_shoplive as observers_shoplive
from mockserver.check.readings.observer import Contradicted, Observer, Unseen
from mockserver.check.refraining import BudgetSpent, KeptBack, NothingPasses
from mockserver.check.running import LACKING
from mockserver.check.session import Session
from mockserver.check.venue import Venue
from mockserver.check.wire import Unreachable
from mockserver.contract.operation import Operation
from mockserver.message import Request
from mockserver.mistake import Mistake
from mockserver.providers import READINGS
from mockserver.readings import Reading, Readings

OBSERVERS: Mapping[str, Observer] = {
    **observers_criteo.OBSERVERS,
    **observers_access.OBSERVERS,
    **observers_shoplive.OBSERVERS,
}
"""How each reading is seen, by its name."""

_MISSHAPEN = (AttributeError, LookupError, Mistake, TypeError, ValueError)


class Unjudging(Judge):
    """Knows the operations, and takes every answer as it is: what is looked at must not be assumed."""

    def __call__(self, answer: Judged, request: Request, operation: Operation) -> None:
        """Nothing is held against anything."""


def unjudging() -> Judge:
    """A judge that objects to nothing."""
    return Unjudging({reading.name: reading.guide for reading in READINGS})


def observed(venue: Venue) -> list[Observation]:
    """What is seen of every reading, in the order they are declared."""
    judge = unjudging()
    return [_observed(reading, venue, judge) for reading in READINGS]


def believed(
    observations: Sequence[Observation], profile: str = "guide", chosen: Mapping[str, str] | None = None
) -> Mapping[str, str]:
    """Every reading: as it was seen, else as chosen, else as the profile has it. Raises `Mistake`."""
    seen = {each.reading.name: each.alternative for each in observations if each.alternative is not None}
    return Readings(READINGS, profile, {**(chosen or {}), **seen}).chosen


def _observed(reading: Reading, venue: Venue, judge: Judge) -> Observation:
    observer = OBSERVERS[reading.name]
    lacking = sorted(observer.needs - venue.abilities)
    if lacking:
        return Observation(reading, None, reason="; ".join(LACKING.get(each, f"no {each} is known") for each in lacking))
    session = venue.open()
    session.judge = judge
    try:
        return _looked(reading, observer, session)
    finally:
        session.close()


def _looked(reading: Reading, observer: Observer, session: Session) -> Observation:
    try:
        alternative = observer.look(session)
    except Unseen as unseen:
        return Observation(reading, None, session.exchanges[-1:], str(unseen))
    except Broken as broken:
        return Observation(reading, None, session.exchanges[-1:], f"it could not be asked: {broken}")
    except _MISSHAPEN:  # an observer reads answers as they come, unjudged, and these can be anything
        shape = "the answer has not the form of any alternative"
        return Observation(reading, None, session.exchanges[-1:], shape)
    except (Unreachable, KeptBack, NothingPasses, BudgetSpent) as reason:
        return Observation(reading, None, session.exchanges[-1:], str(reason))
    except Contradicted as contradicted:
        shown = session.exchanges[-observer.shows :]
        return Observation(reading, None, shown, str(contradicted), contradicted=True)
    unproven = "" if "clock" in session.wire.abilities else observer.unproven.get(alternative, "")
    return Observation(reading, alternative, session.exchanges[-observer.shows :], unproven)
