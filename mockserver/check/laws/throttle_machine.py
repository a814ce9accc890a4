"""Calls of two applications at any pace: each has its own count, which begins anew with every minute."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from mockserver.check.law import Check, Machine, staged
from mockserver.check.laws.calls import LEFT, LIMIT, RESET, called
from mockserver.check.setting import Credentials
from mockserver.evidence import guide
from mockserver.providers.criteo.sources import RATE_GUIDE

_BURSTS = (1, 1, 1, 2, 7, 60, 124, 125, 249, 250)
_WAITS = (0, 1, 15, 29, 30, 31, 59, 60, 61, 119, 240)


class _Calls(Machine):
    """`spent` is what each application spent in which window."""

    def begin(self) -> None:
        """Everybody has a token, and a window begins."""
        self.spent: dict[Credentials | None, tuple[int, int]] = {}
        self.session.advance(60 - self.session.wire.now() % 60)

    @rule(burst=st.sampled_from(_BURSTS), other=st.booleans())
    def call(self, burst: int, other: bool) -> None:
        """Some calls at once, by the one application or the other."""
        who, limit = self.session.setting.reader if other else None, self.session.setting.limit or 0
        for _ in range(min(burst, limit)):
            window = int(self.session.wire.now() // 60)
            known, spent = self.spent.get(who, (window, 0))
            spent = spent if known == window else 0
            answer = called(self.session, who=who)
            answer.says(200 if spent < limit else 429)
            answer.holds(LIMIT, str(limit)).holds(LEFT, str(max(limit - spent - 1, 0))).holds(RESET, str((window + 1) * 60))
            self.spent[who] = (window, min(spent + 1, limit))

    @rule(who=st.sampled_from(["nobody", "somebody"]))
    def stray(self, who: str) -> None:
        """A call that is not counted."""
        called(self.session, authorization=None if who == "nobody" else "Bearer wrong").says(401)

    @rule(seconds=st.sampled_from(_WAITS))
    def wait(self, seconds: int) -> None:
        """Let time pass."""
        self.session.advance(seconds)


CHECKS: tuple[Check, ...] = (
    Check(
        "laws/throttle-machine",
        "laws",
        "At whatever pace calls come, each application has its calls a minute, and each answer tells what is left.",
        guide(RATE_GUIDE, unproven="that the window is fixed; it follows from the reset every minute"),
        staged(_Calls, 8, 12),
        ("searchAudienceSegments",),
        frozenset({"main", "reader", "account", "limit", "fresh", "clock", "exhaust"}),
    ),
)
