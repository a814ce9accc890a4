"""A check as a value: what it claims, on what evidence, what it needs, and how it is run."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from mockserver.check.expectation import Broken, Expectation
from mockserver.check.judging import KEEPS
from mockserver.check.session import Exchange, Session
from mockserver.evidence import Evidence

Opening = Callable[[], Session]

LAYERS = ("examples", "coverage", "fuzz", "laws")


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard to try: `share` of the examples that each check would like, `seed` for chance, `shrink` what is found."""

    share: float = 1.0
    seed: int = 0
    shrink: bool = True

    def settings(self, examples: int, **more: Any) -> settings:
        """Hypothesis's settings for a check that would like so many examples."""
        phases = [Phase.explicit, Phase.generate, *([Phase.shrink] if self.shrink else [])]
        return settings(
            max_examples=max(1, round(examples * self.share)),
            deadline=None,
            database=None,
            phases=phases,
            verbosity=Verbosity.quiet,
            suppress_health_check=list(HealthCheck),
            report_multiple_bugs=False,
            print_blob=False,
            **more,
        )


Run = Callable[[Opening, Effort], None]


@dataclass(frozen=True, slots=True)
class Way:
    """How a check is run. Its `toil` is 0 for one attempt, 1 for many, 2 for many of many steps."""

    act: Run
    toil: int

    def __call__(self, opening: Opening, effort: Effort) -> None:
        self.act(opening, effort)


@dataclass(frozen=True, slots=True)
class Check:
    """`needs` are abilities of a wire and things a setting knows; `operations` are what it is about, for the matrix."""

    name: str
    layer: str
    statement: str
    evidence: Evidence
    run: Way
    operations: tuple[str, ...] = ()
    needs: frozenset[str] = frozenset()


_STUMBLES = (AttributeError, IndexError, KeyError, TypeError, ValueError)
"""What happens to a check that reads an answer of another shape than it should have."""


class Found(Exception):  # noqa: N818 - it is a finding
    """A broken expectation, and everything that was said in the session where it broke."""

    def __init__(self, broken: Broken, exchanges: list[Exchange]):
        self.broken = broken
        self.exchanges = exchanges
        super().__init__(str(broken))


@contextmanager
def opened(opening: Opening) -> Iterator[Session]:
    """A session that is closed in the end; what breaks in it is raised as `Found`."""
    session = opening()
    try:
        yield session
    except Broken as broken:
        raise Found(broken, list(session.exchanges)) from broken
    except _STUMBLES as error:
        raise _stumbled(error, session) from error
    finally:
        session.close()


def _stumbled(error: Exception, session: Session) -> Exception:
    """The last answer is not what the check could read; without any answer, the error is the check's own."""
    if not session.exchanges:
        return error
    place, said = len(session.exchanges) - 1, f"{type(error).__name__}: {error}"
    found = session.exchanges[-1].response.body[:300].decode("utf-8", "replace")
    return Found(Broken(Expectation(place, "body", KEEPS, f"what the check can read ({said})", found)), list(session.exchanges))


def once(claim: Callable[[Session], None]) -> Way:
    """A check of one attempt."""

    def run(opening: Opening, effort: Effort) -> None:
        with opened(opening) as session:
            claim(session)

    return Way(run, 0)


def drawn(claim: Callable[[Session, Any], None], strategy: st.SearchStrategy[Any], examples: int = 30) -> Way:
    """A check of many attempts, each with something drawn; the simplest that breaks it is what is reported."""

    def run(opening: Opening, effort: Effort) -> None:
        @seed(effort.seed)
        @effort.settings(examples)
        @given(strategy)
        def attempt(said: Any) -> None:
            with opened(opening) as session:
                claim(session, said)

        attempt()

    return Way(run, 1)


class Machine(RuleBasedStateMachine):
    """A Hypothesis state machine whose every run has a session of its own."""

    opening: ClassVar[Opening]

    def __init__(self) -> None:
        super().__init__()
        self.session: Session = type(self).opening()
        self.begin()

    def begin(self) -> None:
        """What comes before the first step."""

    def teardown(self) -> None:
        """Give the world back."""
        self.session.close()


def staged(machine: type[Machine], examples: int = 20, steps: int = 25) -> Way:
    """A check of many runs of a state machine."""

    def run(opening: Opening, effort: Effort) -> None:
        latest: list[Session] = []

        def remembered() -> Session:
            latest[:] = [opening()]
            return latest[0]

        running = type(machine.__name__, (machine,), {"opening": staticmethod(remembered)})
        settled = effort.settings(examples, stateful_step_count=steps)
        try:
            run_state_machine_as_test(seed(effort.seed)(running), settings=settled)
        except Broken as broken:
            raise Found(broken, list(latest[0].exchanges)) from broken
        except _STUMBLES as error:
            raise (_stumbled(error, latest[0]) if latest else error) from error
        finally:
            delattr(running, "opening")  # Hypothesis remembers classes for ever, and this one leads to a whole world

    return Way(run, 2)
