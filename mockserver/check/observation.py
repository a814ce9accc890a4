"""Which alternative of a reading a target was seen to follow, and the exchange that shows it."""

from collections.abc import Sequence
from dataclasses import dataclass

from mockserver.check.session import Exchange
from mockserver.readings import Reading


@dataclass(frozen=True, slots=True)
class Observation:
    """`alternative` is `None` where it could not be seen, or what was seen is none of them: `reason` says which.

    `contradicted` tells the second: the target does something that no alternative has. With an alternative, `reason` is what
    of it was not seen, if anything.
    """

    reading: Reading
    alternative: str | None
    exchanges: Sequence[Exchange] = ()
    reason: str = ""
    contradicted: bool = False
