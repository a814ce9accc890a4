"""Where a control call is answered, and the form of every answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.engine import Engine
from mockserver.mistake import unknown
from mockserver.serving.condition import Condition
from mockserver.serving.tally import Tally
from mockserver.worlds import Worlds


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a control call is answered: all the worlds, the one it speaks of, and how it goes with the server."""

    worlds: Worlds
    engine: Engine
    tally: Tally
    condition: Condition


Said = Mapping[str, Any]
Answer = Callable[[Desk, Said, Mapping[str, str]], Any]
"""Takes the desk, the body of the call, and what stands in its path and query."""


def only(said: Said, *known: str, what: str = "member") -> None:
    """Raise `Mistake` for a member that is none of those known."""
    for name in said:
        if name not in known:
            raise unknown(what, name, known)
