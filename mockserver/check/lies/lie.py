"""A lie as data: which text of the fake says something else, and what that comes to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from mockserver.check.lies.source import file_of
from mockserver.mistake import Mistake, unknown

_FOLDER = Path(__file__).parent / "catalogue"
_MEMBERS = frozenset({"name", "does", "file", "there", "instead", "operations", "survives"})

_REALTIME = ("getRealTimeReport",)
_LISTS = (
    "AddRemoveContactListByAudienceSegment",
    "ClearContactListByAudienceSegment",
    "getAudienceSegmentContactListStatistics",
)
_SEGMENTS = (
    "bulkCreateAudienceSegments",
    "bulkUpdateAudienceSegments",
    "bulkDeleteAudienceSegments",
    "searchAudienceSegments",
)
_AUDIENCES = ("bulkCreateAudience", "bulkUpdateAudience", "bulkDeleteAudiences", "searchAudiences")
_SIZES = ("computeAudienceSegmentsSizes", "computeAudiencesSizes", "estimateAudienceSegmentSize", "estimateAudienceSize")
_ABOUT: Mapping[str, tuple[str, ...]] = {
    "providers/shoplive/": ("campaignStats",),
    "providers/criteo/realtime": _REALTIME,
    "providers/criteo/calendar": _REALTIME,
    "providers/criteo/ledger": _REALTIME,
    "providers/criteo/oauth": ("requestToken",),
    "providers/criteo/tokens": ("requestToken",),
    "providers/criteo/contact_lists": _LISTS,
    "providers/criteo/identifiers": _LISTS,
    "providers/criteo/segment": _SEGMENTS,
    "providers/criteo/naming": (*_SEGMENTS[:2], *_AUDIENCES[:2]),
    "providers/criteo/audience": _AUDIENCES,
    "providers/criteo/algebra": (*_AUDIENCES, "estimateAudienceSize"),
    "providers/criteo/sizes": _SIZES,
    "providers/criteo/shoppers": _SIZES,
    "providers/criteo/paging": ("searchAudienceSegments", "searchAudiences"),
    "contracts/criteo/shared/segments": _SEGMENTS,
    "contracts/criteo/shared/audiences": _AUDIENCES,
    "contracts/criteo/shared/sizes": _SIZES,
}
"""The operations that lies in some files show on, where a lie does not say."""


@dataclass(frozen=True, slots=True)
class Lie:
    """`does` says in a sentence what the fake does wrong; `rules` is the class of rules that it breaks.

    `there` occurs once in `file`, and `instead` stands in its place. `operations` are those that show it, if not all do;
    `survives` is why no check can see it, for one that none does.
    """

    name: str
    rules: str
    does: str
    file: str
    there: str
    instead: str
    operations: tuple[str, ...] = ()
    survives: str = ""

    @property
    def shown_by(self) -> tuple[str, ...]:
        """The operations that it is most likely to be seen on; none if that may be any."""
        return self.operations or next((about for part, about in _ABOUT.items() if self.file.startswith(part)), ())

    @property
    def text(self) -> str:
        """What the file says under this lie. Raises `Mistake` unless `there` is there once."""
        told = file_of(self.file).read_text("utf-8")
        times = told.count(self.there)
        if times != 1:
            raise Mistake(f"the text that the lie {self.name} replaces is {times} times in {self.file}, not once")
        return told.replace(self.there, self.instead)


TRUTH = Lie("the truth", "", "Nothing is wrong.", "engine.py", "", "")
"""No lie at all, told of a copy as any other."""


def catalogue() -> Sequence[Lie]:
    """Every lie there is, by theme. Raises `Mistake` for an entry that is none."""
    lies = [lie for path in sorted(_FOLDER.glob("*.yaml")) for lie in _read(path)]
    names = [lie.name for lie in lies]
    for name in names:
        if names.count(name) > 1:
            raise Mistake(f"two lies have the name {name}")
    return lies


def lie_named(name: str) -> Lie:
    """A lie of the catalogue. Raises `Mistake`."""
    known = {lie.name: lie for lie in catalogue()}
    if name not in known:
        raise unknown("lie", name, known)
    return known[name]


def _read(path: Path) -> Iterator[Lie]:
    """The lies of a file, which lists them by the class of rules that they break."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    said: Mapping[str, Sequence[Mapping[str, Any]]] = yaml.load(path.read_text("utf-8"), loader)  # noqa: S506 - safe
    for rules, entries in said.items():
        for entry in entries:
            if wrong := set(entry) - _MEMBERS:
                raise Mistake(f"{path.name}: a lie has no {', '.join(sorted(wrong))}")
            operations = tuple(entry.get("operations", ()))
            yield Lie(rules=rules, **{**entry, "operations": operations})
