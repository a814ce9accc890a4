"""A recording on disk: a manifest, and for each check a file of its sessions, each of which is a list of steps."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mockserver import __version__
from mockserver.clock import parse_moment, written
from mockserver.mistake import Mistake

FORMAT = 1
MANIFEST = "manifest.json"
FRESH_FOR = 90
"""Days for which a recording is taken to be of the API as it is."""

_DAY = 24 * 3600
_TOLERANCE = 300
"""Seconds by which two machines' clocks may differ before a recording is from the future."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """`recorded` is a time, `target` a host or what a fresh fake says of itself, `files` are by the name of the check."""

    recorded: str
    target: str
    run: str
    versions: Sequence[str]
    files: Mapping[str, str]
    kit: str = __version__
    format: int = FORMAT

    def age(self, now: float) -> float:
        """How many days old it is. Raises `Mistake` for one from the future."""
        seconds = now - parse_moment(self.recorded)
        if seconds < -_TOLERANCE:
            raise Mistake(f"the recording says that it is of {self.recorded}, which is in the future")
        return max(seconds, 0) / _DAY

    def staleness(self, now: float) -> str:
        """What to warn of, if it is too old. Raises `Mistake`."""
        days = self.age(now)
        if days <= FRESH_FOR:
            return ""
        return f"the recording is {days:.0f} days old, of {self.recorded[:10]}: record it anew, the API may be another by now"


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Put it beside the files. Raises `Mistake`."""
    write_json(folder / MANIFEST, asdict(manifest))


def write_json(path: Path, thing: Any, indent: int | None = 1) -> None:
    """Write a file as a whole or not at all. Raises `Mistake`."""
    draft = path.with_suffix(".part")
    try:
        draft.write_text(json.dumps(thing, indent=indent, ensure_ascii=False) + "\n", "utf-8")
        draft.replace(path)
    except OSError as error:
        raise Mistake(f"cannot write {path}: {error.strerror or error}") from None


def new_folder(folder: Path) -> None:
    """An empty folder, or one whose recording gives way. Raises `Mistake` for one that holds anything else."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / MANIFEST).exists():
            _clear(folder, read_manifest(folder))
        if any(folder.iterdir()):
            raise Mistake(f"{folder} holds other things than a recording; name an empty folder")
    except OSError as error:
        raise Mistake(f"cannot record in {folder}: {error.strerror or error}") from None


def _clear(folder: Path, manifest: Manifest) -> None:
    for name in manifest.files.values():
        (folder / name).unlink(missing_ok=True)
    (folder / MANIFEST).unlink()


def read_manifest(folder: Path) -> Manifest:
    """What a recording says of itself. Raises `Mistake`, in one sentence, for a folder that holds none."""
    if not folder.is_dir():
        raise Mistake(f"there is no folder {folder}")
    said = _read(folder / MANIFEST, f"{folder} holds no recording: it has no {MANIFEST}")
    if not isinstance(said, dict) or "format" not in said:
        raise Mistake(f"{folder / MANIFEST} is not the manifest of a recording")
    if said["format"] != FORMAT:
        raise Mistake(f"{folder} is a recording of format {said['format']!r}; this kit reads format {FORMAT}")
    if not said.get("recorded"):
        raise Mistake(f"{folder / MANIFEST} does not say when it was recorded")
    texts = all(isinstance(said.get(name), str) for name in ("recorded", "target", "run", "kit"))
    if not (texts and _is_texts(said.get("versions")) and _is_files(said.get("files"))):
        raise Mistake(f"{folder / MANIFEST} is not the manifest of a recording")
    try:
        written(parse_moment(said["recorded"]))
    except Mistake as mistake:
        raise Mistake(f"{folder / MANIFEST}: {mistake}") from None
    return Manifest(**{name: said[name] for name in Manifest.__slots__})


def _is_texts(said: Any) -> bool:
    return isinstance(said, list) and all(isinstance(each, str) for each in said)


def _is_files(said: Any) -> bool:
    """Whether every file is one of the folder itself."""
    return isinstance(said, dict) and all(isinstance(each, str) and each == Path(each).name != "" for each in said.values())


@dataclass(frozen=True, slots=True)
class Session:
    """What was said in one world. `began` is in seconds since 1970 of the target's clock; `moments` are the names of the times
    that answers told, earliest first; `tokens` are those that somebody made for himself, by name.
    """

    began: float
    moments: Sequence[str]
    tokens: Mapping[str, Mapping[str, Any]]
    steps: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Recorded:
    """The sessions of a check, and what it needs."""

    check: str
    needs: Sequence[str]
    sessions: Sequence[Session]


def write_recorded(folder: Path, recorded: Recorded) -> str:
    """Keep a check's sessions, and say in which file. Raises `Mistake`."""
    name = f"{recorded.check.replace('/', '.')}.json"
    sessions = [{slot: getattr(each, slot) for slot in Session.__slots__} for each in recorded.sessions]
    write_json(folder / name, {"check": recorded.check, "needs": recorded.needs, "sessions": sessions}, indent=None)
    return name


def read_recorded(folder: Path, check: str, name: str) -> Recorded:
    """A check's sessions. Raises `Mistake`, in one sentence."""
    path = folder / name
    said = _read(path, f"{path} is missing: the recording is not whole")
    try:
        sessions = [Session(**{slot: each[slot] for slot in Session.__slots__}) for each in said["sessions"]]
        sound = said["check"] == check and _is_texts(said["needs"]) and all(map(_is_sound, sessions))
    except (TypeError, KeyError):
        sound = False
    if not sound:
        raise Mistake(f"{path} is not the recording of {check}")
    return Recorded(check, said["needs"], sessions)


def _is_sound(session: Session) -> bool:
    return (
        type(session.began) in (int, float)
        and _is_texts(session.moments)
        and isinstance(session.tokens, dict)
        and isinstance(session.steps, list)
        and all(map(_is_step, session.steps))
    )


_REQUEST = ("method", "path", "query", "headers", "body")
_RESPONSE = ("status", "headers", "body")


def _is_step(step: Any) -> bool:
    if not isinstance(step, dict) or type(step.get("after")) not in (int, float):
        return False
    if "consent" in step:
        return _has(step["consent"], ("client_id", "redirect_uri", "code"))
    request, response = step.get("request"), step.get("response")
    return (
        _has(request, _REQUEST)
        and _has(response, _RESPONSE)
        and type(response["status"]) is int  # type: ignore[index]  # it has one
        and _is_headers(request["headers"])  # type: ignore[index]
        and _is_headers(response["headers"])  # type: ignore[index]
        and all(isinstance(each, str) for each in (step.get("operation"), step.get("version"), *_texts(request)))
    )


def _texts(request: Any) -> Iterable[Any]:
    return (request[name] for name in ("method", "path", "query"))


def _has(thing: Any, names: Iterable[str]) -> bool:
    return isinstance(thing, dict) and all(name in thing for name in names)


def _is_headers(said: Any) -> bool:
    return isinstance(said, dict) and all(isinstance(each, str) for each in said.values())


def _read(path: Path, missing: str) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise Mistake(missing) from None
    except OSError as error:
        raise Mistake(f"cannot read {path}: {error.strerror or error}") from None
    except (ValueError, RecursionError):
        raise Mistake(f"{path} is not JSON") from None
