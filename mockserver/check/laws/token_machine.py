"""Tokens in any order: asked for, waited with, used; each lives its own time whatever happens to the others."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from mockserver.check.law import Check, Machine, staged
from mockserver.check.laws.granting import granted, header, tried
from mockserver.check.laws.tokens import expired
from mockserver.evidence import guide
from mockserver.providers.criteo.sources import OAUTH_GUIDE

_WAITS = (0, 1, 59, 60, 299, 300, 450, 598, 599, 600, 601, 898, 899, 900, 901)


class _Tokens(Machine):
    """`held` are the headers of tokens and when they were asked for."""

    def begin(self) -> None:
        """Nothing is held."""
        self.held: list[tuple[str, float, float]] = []

    @rule()
    def ask(self) -> None:
        """A token more."""
        before = self.session.wire.now()
        answer = granted(self.session)
        self.held.append((header(answer), before, self.session.wire.now()))

    @rule(seconds=st.sampled_from(_WAITS))
    def wait(self, seconds: int) -> None:
        """Let time pass."""
        self.session.advance(seconds)

    @precondition(lambda self: self.held)
    @rule(which=st.integers(0, 9))
    def use(self, which: int) -> None:
        """Use one of them: all that is said while a clock runs on over its end is left open."""
        token, asked, told = self.held[which % len(self.held)]
        before = self.session.wire.now()
        answer = tried(self.session, token)
        if self.session.wire.now() - asked < 900:
            answer.says(200)
        elif before - told >= 900:
            expired(answer)


CHECKS: tuple[Check, ...] = (
    Check(
        "laws/token-machine",
        "laws",
        "Tokens asked for and used in any order live 900 seconds each.",
        guide(OAUTH_GUIDE),
        staged(_Tokens, 20, 20),
        ("requestToken", "searchAudienceSegments"),
        frozenset({"main", "account", "clock"}),
    ),
)
