"""How the server itself is: whether it is about to end, and what troubles it."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Condition:
    """`troubles` are by what has them, as in `state`; they do not keep the server from answering."""

    stopping: bool = False
    troubles: dict[str, str] = field(default_factory=dict)
