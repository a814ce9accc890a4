"""What can come of a call instead of an answer."""


class Trouble(Exception):
    """No answer to go by; another try may bring one.

    `perhaps_done` says whether what was asked may have been done all the same, `at_once` whether waiting would not help.
    """

    perhaps_done = False
    at_once = False


class Throttled(Trouble):
    """Too many calls; the window turns at `reset`, in seconds since 1970, if the answer said so."""

    def __init__(self, reset: float | None):
        super().__init__("too many calls")
        self.reset = reset


class TokenRefused(Trouble):
    """The token is not good any more."""

    at_once = True


class NameTaken(Trouble):
    """A segment of that name is there already: our own, whose creation nobody heard of, or somebody else's."""

    at_once = True


class Unsure(Trouble):
    """The connection broke, the server failed, or the answer cannot be read."""

    perhaps_done = True


class ServerFailed(Unsure):
    """The server said that it failed, which need not mean that nothing was done."""


class Refused(Exception):
    """The API said no, and would again."""


class GaveUp(Exception):
    """Every try met trouble; the last one is the cause."""
