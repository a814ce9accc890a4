"""What is not sent to a target, and why: that is no finding, and ends an attempt, a check or a run."""

from hypothesis.errors import UnsatisfiedAssumption


class KeptBack(UnsatisfiedAssumption):
    """A request that may not be sent there. Hypothesis drops what it drew and draws something else."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self._said = reason

    def __str__(self) -> str:
        return self._said


class NothingPasses(BaseException):
    """Attempt after attempt ended in a request that may not be sent: the check is given up, the message says why.

    It is no `Exception`, for Hypothesis would take one for a finding and try again and again to make it smaller.
    """


class BudgetSpent(BaseException):
    """No more calls may be made. No `Exception`, for the same reason."""
