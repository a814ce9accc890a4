"""Where the sources disagree or are silent, each possible behaviour is a reading that can be chosen by name."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from mockserver.evidence import Evidence
from mockserver.mistake import Mistake, unknown

PROFILES = ("guide", "openapi")


@dataclass(frozen=True, slots=True)
class Reading:
    """A question about the real API, its possible answers with their evidence, and what each profile takes."""

    name: str
    question: str
    alternatives: Mapping[str, Evidence]
    guide: str
    openapi: str

    def __post_init__(self) -> None:
        if not {self.guide, self.openapi} <= set(self.alternatives):
            raise ValueError(f"the profiles of reading {self.name!r} take one of its alternatives")


class Readings(Mapping[str, str]):
    """The alternatives in force in one world. Never changes; `changed` gives another."""

    def __init__(self, declared: Iterable[Reading], profile: str = "guide", chosen: Mapping[str, str] | None = None):
        """Takes every reading's choice from `profile`, then from `chosen`. Raises `Mistake` for a name that is none."""
        if profile not in PROFILES:
            raise unknown("profile", profile, PROFILES)
        self.declared = {reading.name: reading for reading in declared}
        self.profile = profile
        self._chosen: dict[str, str] = {name: getattr(reading, profile) for name, reading in self.declared.items()}
        for name, alternative in (chosen or {}).items():
            self._chosen[name] = self._checked(name, alternative)

    def _checked(self, name: str, alternative: str) -> str:
        if name not in self.declared:
            raise unknown("reading", name, self.declared)
        if not isinstance(alternative, str):
            raise Mistake(f"reading {name!r} takes one of {', '.join(self.declared[name].alternatives)}, as a string")
        if alternative not in self.declared[name].alternatives:
            raise unknown(f"alternative of reading {name!r}", alternative, self.declared[name].alternatives)
        return alternative

    def changed(self, chosen: Mapping[str, str]) -> "Readings":
        """These readings with some chosen otherwise."""
        return Readings(self.declared.values(), self.profile, {**self._chosen, **chosen})

    @property
    def chosen(self) -> Mapping[str, str]:
        """All of them at once."""
        return self._chosen

    def __getitem__(self, name: str) -> str:
        return self._chosen[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._chosen)

    def __len__(self) -> int:
        return len(self._chosen)


def parse_choice(text: str) -> tuple[str, str]:
    """`NAME=VALUE`, as the command line takes it."""
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise Mistake(f"a reading is chosen as NAME=VALUE, not {text!r}")
    return name, value
