"""An answer on tape and one that came now: where they differ, though ids, tokens, traces and times are others in every run."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.check.expectation import ABSENT
from mockserver.check.redaction import OPAQUE, parsed
from mockserver.check.tapes.naming import MOMENT, is_moment, moment_form
from mockserver.check.tapes.references import whole_name
from mockserver.check.tapes.substitutes import Substitutes, Unplayable
from mockserver.clock import parse_moment
from mockserver.message import Response
from mockserver.mistake import Mistake

THERE = ("deprecation", "sunset", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset", "retry-after", "allow")
"""Headers of which it matters whether they are there."""

LIMIT = "x-ratelimit-limit"

OF_PEOPLE = frozenset({"numberOfMatches", "matchRate", "size", "relativeSize"})
"""Members whose numbers follow from whom identifiers belong to, and those on a tape are made up."""

OF_A_WORLD = OF_PEOPLE | {"totalItems"}
"""Members whose numbers follow from everything that a world holds."""

_ROWS = frozenset({"rows", "results"})
_WORDING = frozenset({"detail", "title", "_e", "error_description"})
_NUMBER = re.compile("[0-9]+")
_HIDDEN = "<about what is not shown>"


@dataclass(frozen=True, slots=True)
class Gap:
    """What stands at a place of an answer on tape, and what now."""

    pointer: str
    recorded: Any
    now: Any


@dataclass(frozen=True, slots=True)
class Comparison:
    """`same_world` if both are of worlds that began alike: then what was there before is compared too.

    `patience` are the seconds by which times may differ that were one on tape. `verbatim` is false where a request could not
    be said again as it was, so that what an answer says of it in words may be said otherwise.
    """

    names: Substitutes
    same_world: bool
    patience: float
    verbatim: bool = True

    def gaps(self, recorded: Mapping[str, Any], now: Response) -> Iterator[Gap]:
        """Where an answer differs. Names that stand for nothing yet stand for what it has in their places from here on."""
        if recorded["status"] != now.status:
            yield Gap("status", recorded["status"], now.status)
            return
        yield from _header_gaps(recorded["headers"], now)
        limit, is_now = recorded["headers"].get(LIMIT), now.header(LIMIT)
        if self.same_world and None not in (limit, is_now) and limit != is_now:
            yield Gap(f"headers/{LIMIT}", limit, is_now)
        yield from self._body_gaps(recorded["body"], now)

    def _body_gaps(self, recorded: Any, now: Response) -> Iterator[Gap]:
        try:
            body = parsed(now.body) if now.body else None
        except ValueError:
            body = f"<{len(now.body)} {OPAQUE}>"
        if (
            isinstance(recorded, str)
            and recorded.endswith(f"{OPAQUE}>")
            and isinstance(body, str)
            and body.endswith(f"{OPAQUE}>")
        ):
            return
        yield from self._differing(recorded, body, "body", "")

    def _differing(self, recorded: Any, now: Any, pointer: str, name: str) -> Iterator[Gap]:
        if isinstance(recorded, dict) and isinstance(now, dict):
            yield from self._differing_objects(recorded, now, pointer)
        elif isinstance(recorded, list) and isinstance(now, list):
            yield from self._differing_lists(recorded, now, pointer, name)
        elif isinstance(recorded, str) and isinstance(now, str) and name in _WORDING and not self.verbatim:
            return
        elif isinstance(recorded, str):
            yield from self._differing_texts(recorded, now, pointer, name)
        elif not _equal(recorded, now, strictly=name not in (OF_PEOPLE if self.same_world else OF_A_WORLD)):
            yield Gap(pointer, recorded, now)

    def _differing_objects(self, recorded: Mapping[str, Any], now: Mapping[str, Any], pointer: str) -> Iterator[Gap]:
        said = {self._shown(name): value for name, value in recorded.items()}
        if _scale(said) != _scale(now) and None not in (_scale(said), _scale(now)):
            yield Gap(f"{pointer}/matchRate", said["matchRate"], now["matchRate"])
        for name in [*said, *(name for name in now if name not in said)]:
            place = f"{pointer}/{name}"
            if name not in now or name not in said:
                yield Gap(place, self._shown(said.get(name, ABSENT)), now.get(name, ABSENT))
            else:
                yield from self._differing(said[name], now[name], place, name)

    def _differing_lists(self, recorded: list[Any], now: list[Any], pointer: str, name: str) -> Iterator[Gap]:
        if not self.same_world:
            found = [each for each in recorded if _is_found(each, name)]
            ours = self._ours(recorded, now, name)
            yield from self._differing_found(found, [each for each in now if each not in ours], pointer)
            recorded, now = [each for each in recorded if each not in found], ours
            if found:  # of a page that others fill too, what of ours is on it follows from how many they are
                recorded, now = self._on_both(recorded, now)
        if len(recorded) != len(now):
            yield Gap(pointer, self._shown(recorded), now)
            return
        if self._is_reordered(recorded, now):
            yield Gap(f"{pointer}/*/id", [self._shown(each["id"]) for each in recorded], [each["id"] for each in now])
            return
        for place, (was, is_now) in enumerate(zip(recorded, now, strict=True)):
            yield from self._differing(was, is_now, f"{pointer}/{place}", name)

    def _on_both(self, recorded: list[Any], now: list[Any]) -> tuple[list[Any], list[Any]]:
        """What of ours is on both of two pages."""
        was = {self._shown(each["id"]): each for each in recorded if _id(each)}
        is_now = {each["id"]: each for each in now if isinstance(each, dict) and isinstance(each.get("id"), str)}
        return [each for id, each in was.items() if id in is_now], [each for id, each in is_now.items() if id in was]

    def _is_reordered(self, recorded: list[Any], now: list[Any]) -> bool:
        """Whether the same things stand in another order."""
        ids = [_id(each) for each in recorded]
        if not all(id is not None and self.names.knows(id) for id in ids):
            return False
        was = [self._shown(each["id"]) for each in recorded]
        is_now = [each.get("id") if isinstance(each, dict) else None for each in now]
        return was != is_now and sorted(was) == sorted(map(str, is_now))

    def _ours(self, recorded: list[Any], now: list[Any], name: str) -> list[Any]:
        """What of a list is no other's: everything that has no id, and what was made here or is being made."""
        if name in _ROWS:
            return []
        made = [id for each in recorded if (id := _id(each)) and not _is_another(id)]
        if any(not self.names.knows(id) for id in made):
            return now
        known = {value for name, value in self.names.values.items() if not _is_another(name)}
        return [each for each in now if not isinstance(each, dict) or "id" not in each or str(each["id"]) in known]

    def _differing_found(self, recorded: list[Any], now: list[Any], pointer: str) -> Iterator[Gap]:
        """Of things that are others in every world, one each: which members they have, and of which sort."""
        for was, is_now in zip(recorded, now, strict=False):
            self._bind_found(was, is_now)
        for was in recorded[:1]:
            alike = [each for each in now if _what(each) == _what(was)]
            yield from _differing_shape(was, alike[0], f"{pointer}/*") if alike else ()

    def _bind_found(self, was: Any, is_now: Any) -> None:
        """Let what stands in the place of something stand for it."""
        if isinstance(was, dict) and isinstance(is_now, dict):
            for member, value in was.items():
                name = whole_name(value)
                if name and _is_another(name) and isinstance(is_now.get(member), str):
                    self.names.bind(name, is_now[member])

    def _differing_texts(self, recorded: str, now: Any, pointer: str, member: str) -> Iterator[Gap]:
        name = whole_name(recorded)
        if recorded == _HIDDEN:
            same = isinstance(now, str)
        elif name is None:
            same = isinstance(now, str) and self._reads(recorded, now, member)
        elif is_moment(name):
            same = isinstance(now, str) and self._is_moment(name, now)
        else:
            fitting = type(now) in (int, float) if name.startswith("#") else isinstance(now, str)
            same = fitting and self._is(name, str(now))
        if not same:
            yield Gap(pointer, self._shown(recorded), now)

    def _reads(self, recorded: str, now: str, member: str) -> bool:
        try:
            text = self.names.text(recorded)
        except Unplayable:
            return True  # it speaks of what was not handed out, which is told where that is missing
        if member in _WORDING and (self.patience or not self.same_world):  # ids of few digits and times stand in sentences
            return _NUMBER.sub("0", text) == _NUMBER.sub("0", now)
        return text == now

    def _is(self, name: str, now: str) -> bool:
        if self.names.knows(name):
            try:
                return self.names.value(name) == now
            except Unplayable:
                return False
        return now != "" and self.names.bind(name, now)

    def _is_moment(self, name: str, now: str) -> bool:
        if MOMENT.fullmatch(now) is None or moment_form(now) != name.rpartition(" ")[2]:
            return False
        if self.names.bind(name, now):
            return True
        try:
            return abs(parse_moment(now) - parse_moment(self.names.values[name])) <= self.patience
        except Mistake:
            return False

    def _shown(self, thing: Any) -> Any:
        """What stands on tape, as it would read here where that is known."""
        if thing is ABSENT:
            return thing
        try:
            return self.names.thing(thing)
        except Unplayable:
            return thing


def _header_gaps(recorded: Mapping[str, str], now: Response) -> Iterator[Gap]:
    def media(text: str | None) -> str:
        return (text or "").partition(";")[0].strip().lower()

    was, is_now = media(recorded.get("content-type")), media(now.header("content-type"))
    if was != is_now:
        yield Gap("headers/content-type", was or ABSENT, is_now or ABSENT)
    for name in THERE:
        header = now.header(name)
        if (name in recorded) != (header is not None):
            yield Gap(f"headers/{name}", recorded.get(name, ABSENT), ABSENT if header is None else header)


def _equal(recorded: Any, now: Any, *, strictly: bool) -> bool:
    numbers = all(isinstance(each, int | float) and not isinstance(each, bool) for each in (recorded, now))
    if numbers:
        return not strictly or abs(recorded - now) <= 1e-9 * max(1.0, abs(recorded))
    return type(recorded) is type(now) and bool(recorded == now)


def _scale(figures: Mapping[str, Any]) -> int | None:
    """Whether a match rate is of 1 or of 100, where that can be told."""
    identifiers, matches, rate = (figures.get(name) for name in ("numberOfIdentifiers", "numberOfMatches", "matchRate"))
    sound = all(isinstance(each, int | float) and each > 0 for each in (identifiers, matches, rate))
    scale = round(rate * identifiers / matches) if sound else 0  # type: ignore[operator]  # they are numbers
    return scale if scale in (1, 100) else None


def _is_found(item: Any, name: str) -> bool:
    """Whether an item of a list on tape was there before the run."""
    if name in _ROWS:
        return True
    return _is_another(_id(item) or "")


def _is_another(name: str) -> bool:
    """Whether a name is of something that was there before the run, and is another thing elsewhere."""
    return name.startswith("found ") or name == "read-only list"


def _id(item: Any) -> str | None:
    """The name of the id of something in a list on tape."""
    return whole_name(item.get("id")) if isinstance(item, dict) else None


def _what(item: Any) -> Any:
    """What sort of thing something in a list is."""
    attributes = item.get("attributes") if isinstance(item, dict) else None
    return attributes.get("type") if isinstance(attributes, dict) else None


def _differing_shape(recorded: Any, now: Any, pointer: str) -> Iterator[Gap]:
    if isinstance(recorded, dict) and isinstance(now, dict):
        for name in [*recorded, *(name for name in now if name not in recorded)]:
            if name not in now or name not in recorded:
                yield Gap(f"{pointer}/{name}", recorded.get(name, ABSENT), now.get(name, ABSENT))
            else:
                yield from _differing_shape(recorded[name], now[name], f"{pointer}/{name}")
    elif None not in (recorded, now) and _sort(recorded) != _sort(now):
        yield Gap(pointer, recorded, now)


def _sort(thing: Any) -> str:
    if isinstance(thing, str) and (whole_name(thing) or "").startswith("#"):
        return "number"
    return "number" if isinstance(thing, int | float) and not isinstance(thing, bool) else type(thing).__name__
