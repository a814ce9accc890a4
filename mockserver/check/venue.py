"""Where checks are run: a target, what can be done there, and a session for each attempt."""

from collections.abc import Sequence
from typing import Protocol

from mockserver.check.judging import Judge
from mockserver.check.session import Session
from mockserver.check.setting import Setting
from mockserver.check.wire import EVERYTHING, InProcess
from mockserver.engine import Engine


class Venue(Protocol):
    """A target as checks see it; `judge` can be replaced once its readings are observed. `notes` are for the report."""

    setting: Setting
    judge: Judge

    @property
    def abilities(self) -> frozenset[str]:
        """What a session can do there, and what its setting knows."""
        ...

    def open(self) -> Session:
        """A session, in a world of its own where the target has such."""
        ...

    @property
    def notes(self) -> Sequence[str]:
        """What a report has to tell of it."""
        ...

    @property
    def sent(self) -> int | None:
        """How many calls reached the target, where that is counted."""
        ...

    def leave(self) -> None:
        """Leave nothing behind, and do not come back."""
        ...


class Fresh:
    """A fake in this process: every session has a fork of it."""

    def __init__(self, engine: Engine, setting: Setting, judge: Judge):
        self.engine = engine
        self.setting = setting
        self.judge = judge

    @property
    def abilities(self) -> frozenset[str]:
        """Everything, and what the setting knows."""
        return EVERYTHING | self.setting.known

    def open(self) -> Session:
        """A session in a fork."""
        return Session(InProcess(self.engine.fork()), self.setting, self.judge)

    @property
    def notes(self) -> Sequence[str]:
        """There is nothing to tell."""
        return ()

    @property
    def sent(self) -> int | None:
        """Nobody counts them."""
        return None

    def leave(self) -> None:
        """Nothing was left."""
