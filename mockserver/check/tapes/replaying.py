"""A recording played against a venue: every request again, and where the answers are others now."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote

from mockserver.check.expectation import ABSENT
from mockserver.check.fresh import TARGET
from mockserver.check.readings.observing import unjudging
from mockserver.check.redaction import OPAQUE
from mockserver.check.refraining import KeptBack, NothingPasses
from mockserver.check.session import Session as Playing
from mockserver.check.setting import DEMO
from mockserver.check.tapes.comparing import Comparison, Gap
from mockserver.check.tapes.references import filled, names_in, plain, whole_name
from mockserver.check.tapes.substitutes import Substitutes, Unplayable
from mockserver.check.tapes.tape import Manifest, Recorded, Session, read_manifest, read_recorded
from mockserver.check.venue import Fresh, Venue
from mockserver.clock import parse_moment
from mockserver.message import Request
from mockserver.mistake import Mistake

_PATIENCE = 60.0
"""Seconds by which times may differ in a world whose clock runs."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Where an answer is not what it was: at `pointer` of the answer to `step` (from 0) of a session (from 0) of a check."""

    check: str
    session: int
    step: int
    operation: str
    version: str
    pointer: str
    recorded: Any
    now: Any

    def __str__(self) -> str:
        called = f"{self.check}, session {self.session + 1}, call {self.step + 1} ({self.operation} {self.version})"
        return f"{called}: {self.pointer}: recorded {_shown(self.recorded)}, now {_shown(self.now)}"


@dataclass(slots=True)
class Parity:
    """`played` counts the calls; `notes` say what was not played, and why; `stale` is a warning, if there is one."""

    manifest: Manifest
    stale: str = ""
    played: int = 0
    differences: list[Difference] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def exit_code(self, *, fail_stale: bool = False) -> int:
        """0 if nothing differs, 1 if something does, or if the recording is stale and that is not taken."""
        return int(bool(self.differences) or (fail_stale and bool(self.stale)))


def replayed(folder: Path, venue: Venue, now: float, *, same_world: bool | None = None) -> Parity:
    """Play a recording. `now` is today, in seconds since 1970; `same_world` says that what was there before the run is there
    too, which is taken to be so of a recording of a fresh fake that is played against one.

    Raises `Mistake`, in one sentence, for a folder that holds no sound recording, and `Unreachable`.
    """
    manifest = read_manifest(folder)
    parity = Parity(manifest, manifest.staleness(now))
    recorded = [read_recorded(folder, check, name) for check, name in manifest.files.items()]
    alike = manifest.target == TARGET and _is_demo(venue) if same_world is None else same_world
    for each in recorded:
        lacking = sorted(set(each.needs) - venue.abilities)
        if lacking:
            parity.notes.append(f"{each.check} was not played: it needs {', '.join(lacking)}")
        else:
            _play_check(each, venue, parity, same_world=alike)
    return parity


def _is_demo(venue: Venue) -> bool:
    """Whether it is a fresh fake of the world that fresh fakes have."""
    return isinstance(venue, Fresh) and replace(venue.setting, run=DEMO.run, version=DEMO.version) == DEMO


def _play_check(recorded: Recorded, venue: Venue, parity: Parity, *, same_world: bool) -> None:
    for place, session in enumerate(recorded.sessions):
        playing = venue.open()
        playing.judge = unjudging()
        playing.wire.patient = "exhaust" not in recorded.needs
        try:
            _Playback(recorded, place, session, playing, parity, same_world=same_world).play()
        except (KeptBack, NothingPasses) as reason:
            parity.notes.append(f"{recorded.check}, session {place + 1} was not played to its end: {reason}")
        finally:
            playing.close()


class _Playback:
    """One session of a tape as it is played."""

    def __init__(self, recorded: Recorded, place: int, session: Session, playing: Playing, parity: Parity, *, same_world: bool):
        self._check, self._place, self._session = recorded.check, place, session
        self._playing, self._parity = playing, parity
        self._movable = "clock" in playing.wire.abilities
        self._names = Substitutes(playing, session.tokens, _handed(session), parity.manifest.run)
        self._comparison = Comparison(self._names, same_world, 0.0 if self._movable else _PATIENCE)

    def play(self) -> None:
        """Every step in its turn; one that cannot be played is noted, and the others are played."""
        wire = self._playing.wire
        began = self._begun()
        calls = 0
        for step in self._session.steps:
            if self._movable:
                wire.advance(max(0.0, began + step["after"] - wire.now()))
            elif step.get("moved"):
                self._note(calls, "the clock cannot be moved here")
                return
            try:
                self._play(step, calls)
            except Unplayable as reason:
                self._note(calls, str(reason))
            calls += "consent" not in step
        self._compare_moments(calls)

    def _begun(self) -> float:
        """When it begins: then if the clock can be brought there, else now."""
        wire = self._playing.wire
        turn_to = getattr(wire, "turn_to", None)
        if turn_to is not None:
            turn_to(self._session.began)
        return max(self._session.began, wire.now()) if self._movable else wire.now()

    def _note(self, call: int, reason: str) -> None:
        self._parity.notes.append(f"{self._check}, session {self._place + 1}, call {call + 1} was not played: {reason}")

    def _play(self, step: Mapping[str, Any], call: int) -> None:
        if "consent" in step:
            self._consent(step["consent"])
            return
        response = self._playing.wire.send(_request(step["request"], self._names))
        self._parity.played += 1
        verbatim = _is_verbatim(step["request"], self._names)
        for gap in replace(self._comparison, verbatim=verbatim).gaps(step["response"], response):
            self._tell(gap, step, call)

    def _tell(self, gap: Gap, step: Mapping[str, Any], call: int) -> None:
        place = (self._check, self._place, call, step["operation"], step["version"])
        self._parity.differences.append(Difference(*place, gap.pointer, gap.recorded, gap.now))

    def _consent(self, said: Mapping[str, str]) -> None:
        consent = getattr(self._playing.wire, "consent", None)
        if consent is None:
            raise Unplayable("nobody can consent here")
        try:
            code = consent(self._names.text(said["client_id"]), self._names.text(said["redirect_uri"]))
        except Mistake as mistake:
            raise Unplayable(str(mistake)) from None
        for name in names_in(said["code"]):
            self._names.bind(name, code)

    def _compare_moments(self, calls: int) -> None:
        """Times have to be in the order that they were in."""
        known = [(name, self._names.values[name]) for name in self._session.moments if name in self._names.values]
        for (earlier, first), (later, second) in pairwise(known):
            if parse_moment(first) > parse_moment(second) + self._comparison.patience:
                step = self._session.steps[-1]
                self._tell(Gap("body", f"{earlier} before {later}", f"{first} and {second}"), step, calls - 1)


def _handed(session: Session) -> frozenset[str]:
    """The names that answers on tape give a value, and consents."""
    answers = [step["response"]["body"] for step in session.steps if "response" in step]
    codes = [step["consent"]["code"] for step in session.steps if "consent" in step]
    found = {whole_name(text) for text in _texts([answers, codes])}
    return frozenset(plain(name) for name in found if name)


def _texts(thing: Any) -> Iterator[str]:
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, dict):
        for name, value in thing.items():
            yield name
            yield from _texts(value)
    elif isinstance(thing, list):
        for each in thing:
            yield from _texts(each)


def _request(recorded: Mapping[str, Any], names: Substitutes) -> Request:
    """A request as it is said here. Raises `Unplayable`."""
    headers = {names.text(name): names.text(value) for name, value in recorded["headers"].items()}
    body = _body(recorded, names)
    path, query = (filled(recorded[part], lambda name: quote(names.value(name), safe="")) for part in ("path", "query"))
    wire = tuple((name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items())
    return Request(recorded["method"], path, query, wire, body)


def _body(recorded: Mapping[str, Any], names: Substitutes) -> bytes:
    if "text" in recorded:
        in_a_form = "=" in recorded["text"] and not recorded["text"].lstrip().startswith(("{", "[", '"'))
        return filled(recorded["text"], lambda name: _quoted(names.value(name)) if in_a_form else names.value(name)).encode(
            "latin-1"
        )
    said = recorded["body"]
    if said is None:
        return b""
    if _is_opaque(said):
        return b"{" * int(recorded.get("size", 1))
    body = json.dumps(names.thing(said), ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    return body.ljust(int(recorded.get("size", 0)))


def _quoted(text: str) -> str:
    return quote(text, safe="")


def _is_opaque(body: Any) -> bool:
    return isinstance(body, str) and body.endswith(f" {OPAQUE}>")


def _is_verbatim(recorded: Mapping[str, Any], names: Substitutes) -> bool:
    """Whether a request is said again as it was: with its own text, and no secret in it that is made up."""
    return not _is_opaque(recorded["body"]) and not any(
        names.is_invented(name) for text in _texts(dict(recorded)) for name in names_in(text)
    )


def _shown(thing: Any) -> str:
    text = "nothing" if thing is ABSENT else repr(thing)
    return text if len(text) <= 200 else f"{text[:160]} … {text[-30:]}"
