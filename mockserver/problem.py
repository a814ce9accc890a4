"""What a request can be told: a problem is a constant beside its rule, an objection is one occurrence of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mockserver.evidence import Evidence

LEFT_OUT: Any = object()
"""What would be right is to say nothing."""

_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Problem:
    """A documented way to be refused, in the provider's words, with the evidence for it."""

    status: int
    type: str
    code: str
    title: str
    evidence: Evidence
    detail: str | None = None

    def at(
        self,
        pointer: str | None = None,
        *,
        title: str | None = None,
        detail: str | None = None,
        type: str | None = None,
        seen: Mapping[str, Any] | None = None,
        instead: Callable[[], Any] | None = None,
        mends: str | None = None,
    ) -> "Objection":
        """This problem met once: `pointer` is where in the request, such as `data/0/attributes/name`.

        `seen` is what of the world the rule looked at; `instead` finds what at the pointer, or at `mends` if the problem names
        no place, it would have nothing against: which costs nothing until somebody asks why.
        """
        told = self.detail if detail is None else _shortened(detail)
        return Objection(
            self, pointer, type or self.type, _shortened(title or self.title), told, seen, instead, mends or pointer
        )


def _shortened(text: str) -> str:
    """A text that repeats a long value, by its beginning and end."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST // 2]} … {text[-_LONGEST // 2 :]}"


@dataclass(frozen=True, slots=True)
class Objection:
    """One occurrence of a problem, and where in the request it was met."""

    problem: Problem
    pointer: str | None
    type: str
    title: str
    detail: str | None
    seen: Mapping[str, Any] | None = field(default=None, compare=False)
    instead: Callable[[], Any] | None = field(default=None, compare=False, repr=False)
    mends: str | None = field(default=None, compare=False)

    @property
    def source(self) -> dict[str, str]:
        """The last name of the pointer, mapped to the pointer."""
        return {self.pointer.rpartition("/")[2]: self.pointer} if self.pointer else {}


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an error of ours
    """The one way to refuse a whole call: `raise Refused(PROBLEM)`, or with objections, a status or headers of its own."""

    def __init__(
        self, *problems: Problem | Objection, status: int | None = None, headers: tuple[tuple[bytes, bytes], ...] = ()
    ):
        self.objections = [problem.at() if isinstance(problem, Problem) else problem for problem in problems]
        self.status = status or self.objections[0].problem.status
        self.headers = headers
        super().__init__(", ".join(objection.problem.code for objection in self.objections))
