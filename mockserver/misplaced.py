"""Where in a world file the things stand that founding objects to.

Founding names the thing, not the line. So it is tried with ever more of the file: each list may refer only to those before
it, so the first thing with which it fails is the one that is wrong.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mockserver.mistake import Mistake
from mockserver.provider import Provider
from mockserver.strict_yaml import Place
from mockserver.world_files import world_schema

_MOST = 10


def objections(
    providers: Sequence[Provider[Any]], said: Mapping[str, Any], seed: int, now: float
) -> Iterator[tuple[Place, Mistake]]:
    """What is wrong with a world that keeps the schema, and where: of each provider, all in the first list with a fault.

    `now` is in seconds since 1970. Nothing, if all is right.
    """
    for provider in providers:
        part = said.get(provider.name, {})
        whole = _Trial(provider, seed, now).objection(part)
        if whole is not None:
            yield from _placed(_Trial(provider, seed, now), part) or [([provider.name], whole)]


@dataclass(frozen=True, slots=True)
class _Trial:
    """A part of a world founded again and again; `sound` is what of it nothing is wrong with."""

    provider: Provider[Any]
    seed: int
    now: float
    sound: dict[str, Any] = field(default_factory=dict)

    def objection(self, more: Mapping[str, Any]) -> Mistake | None:
        """What there is against what is sound and something more."""
        try:
            self.provider.build({**self.sound, **more}, self.seed, self.now)
        except Mistake as mistake:
            return mistake
        return None

    def good(self, name: str, items: Sequence[Any]) -> int:
        """How many items of a list, from its start, there is nothing against."""
        sizes = range(1, len(items) + 1)
        return bisect_left(sizes, True, key=lambda size: self.objection({name: items[:size]}) is not None)


def _placed(trial: _Trial, part: Mapping[str, Any]) -> list[tuple[Place, Mistake]]:
    trial.sound.update({name: value for name, value in part.items() if not isinstance(value, list)})
    for name in _lists(trial.provider.name):
        items = [_bare(each) for each in part.get(name, ())]
        wrong: list[tuple[Place, Mistake]] = [
            ([trial.provider.name, name, at], what) for at, what in _wrong(trial, name, items)
        ]
        if wrong:
            return wrong
        trial.sound[name] = items
    return []


def _wrong(trial: _Trial, name: str, items: Sequence[Any]) -> Iterator[tuple[int, Mistake]]:
    """The positions of items that something is against, each given the others that nothing is against."""
    left = [*enumerate(items)]
    for _ in range(_MOST):
        rest = [item for _, item in left]
        good = trial.good(name, rest)
        what = trial.objection({name: rest[: good + 1]})
        if what is None:
            return
        yield left.pop(good)[0], what


def _lists(provider: str) -> list[str]:
    """The lists of a provider's part in the order in which they may refer to each other."""
    return [name for name, of in world_schema()["$defs"][provider]["properties"].items() if of.get("type") == "array"]


def _bare(item: Any) -> Any:
    """An item without what it wants generated, which takes long and is never wrong."""
    return {name: value for name, value in item.items() if name != "generate"} if isinstance(item, dict) else item
