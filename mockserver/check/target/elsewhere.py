"""A target that is not ours alone: any server that claims to speak this API, or the real one."""

from dataclasses import replace

from mockserver.check.judging import Judge
from mockserver.check.session import Session
from mockserver.check.setting import Credentials, Setting
from mockserver.check.target.cleaning import purged, swept
from mockserver.check.target.guard import Guard, Guarded
from mockserver.check.target.made import Made
from mockserver.check.target.pace import Pace
from mockserver.check.wire import Unreachable
from mockserver.mistake import Mistake

_NAMES = 1000
"""How many names a session has to itself: what an earlier one deleted may still be there for a while."""


class Elsewhere:
    """Every session is there on the same terms: it keeps to what may be sent, and takes with it what it made.

    `notes` are what a report has to tell of it.
    """

    def __init__(self, pace: Pace, setting: Setting, judge: Judge, abilities: frozenset[str] = frozenset()):
        """`abilities` are of `writes` and `exhaust`."""
        self.setting = setting
        self.judge = judge
        self.made = Made(setting.run)
        self.budget = pace.budget
        self._pace, self._allowed = pace, abilities
        self._tokens: dict[Credentials, tuple[str, float]] = {}
        self._unclean: list[str] = []
        self._opened = 0

    @property
    def abilities(self) -> frozenset[str]:
        """What was allowed, and what the setting knows."""
        return self._allowed | self.setting.known

    @property
    def notes(self) -> tuple[str, ...]:
        """What was kept back, and what was left behind."""
        kept = [f"{count} requests were not sent: {reason}" for reason, count in self.made.kept_back.most_common()]
        return (*kept, *self._unclean)

    def open(self) -> Session:
        """A session; tokens are shared with those before it."""
        guard = Guard(self.judge, self.setting, self.made, allow_writes="writes" in self._allowed)
        wire = Guarded(self._pace, guard, self._allowed, self._leave)
        self._opened += 1
        return Session(wire, self.setting, self.judge, names=_NAMES * self._opened, _tokens=self._tokens)

    @property
    def sent(self) -> int:
        """How many calls were made, those that clean up included."""
        return self.budget.spent

    def leave(self) -> None:
        """Delete whatever is still there of the run, and end the connection."""
        try:
            if self.made.created:
                purged(self._cleaner(self.made), self.made)
        except (Mistake, Unreachable) as reason:
            self._unclean.append(f"{reason}; mockserver check --clean {self.made.run!r} tries again")
        finally:
            self._pace.line.close()

    def clean(self, run: str) -> list[str]:
        """Delete everything of a run by its name. Raises `Mistake`."""
        if self.setting.main is None or self.setting.account is None:
            raise Mistake("what a run left is found by its --account, with --client-id and --client-secret")
        made = Made(run)
        return purged(self._cleaner(made), made)

    def _leave(self, wire: Guarded) -> None:
        if wire.mine:
            swept(self._cleaner(self.made), list(wire.mine))

    def _cleaner(self, made: Made) -> Session:
        guard = Guard(self.judge, self.setting, made, allow_writes=True)
        wire = Guarded(self._pace, guard, self._allowed)
        return Session(wire, replace(self.setting, run=made.run), self.judge, _tokens=self._tokens)
