"""What was observed of a target's readings, as a file that `mockserver serve --readings` takes."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from mockserver.check.observation import Observation
from mockserver.check.redaction import redacted, scrubbed
from mockserver.check.scrubbing import Vocabulary
from mockserver.clock import written
from mockserver.mistake import Mistake

VENDORS = (".criteo.com", ".shoplive.cloud", ".shoplive.show", ".shoplive.kr")
"""Hosts that are the vendors' own: only what was seen there is evidence of the real API."""

_FEW = 3
_HEAD = """\
# Which alternative of each reading a server was seen to follow, and the exchange that shows it, without secrets.
# mockserver serve --readings THIS_FILE
"""


def learn(path: Path, observations: Sequence[Observation], target: str, now: float, secrets: Iterable[str] = ()) -> None:
    """Write a readings file. `now` is when it was observed, in seconds since 1970. Raises `Mistake`."""
    text = _HEAD + yaml.safe_dump(
        learned(observations, target, now, secrets), sort_keys=False, allow_unicode=True, width=120, indent=2
    )
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise Mistake(f"cannot write {path}: {error.strerror or error}") from None


def learned(observations: Sequence[Observation], target: str, now: float, secrets: Iterable[str] = ()) -> dict[str, Any]:
    """What the file says: the date, the host, each reading that was seen with its evidence, and why the others were not."""
    host = host_of(target)
    known = Vocabulary(secrets)
    seen = [each for each in observations if each.alternative is not None]
    return {
        "observed": written(now)[:10],
        "target": known.scrub(host),
        "readings": {each.reading.name: _seen(each, host, known) for each in seen},
        "unseen": {each.reading.name: _unseen(each, known) for each in observations if each.alternative is None},
    }


def _seen(observation: Observation, host: str, known: Vocabulary) -> dict[str, Any]:
    real = f".{host.partition(':')[0]}".endswith(VENDORS)
    told = {
        "question": observation.reading.question,
        "alternative": observation.alternative,
        "evidence": "wire" if real else f"seen on {known.scrub(host)}",
        "unproven": observation.reason,
        "exchanges": _shortened(redacted(observation.exchanges, (), known)),
    }
    return {name: value for name, value in told.items() if value}


def _shortened(thing: Any) -> Any:
    """The first few of every list: a page of a search shows what it shows in its first items."""
    if isinstance(thing, dict):
        return {name: _shortened(value) for name, value in thing.items()}
    if not isinstance(thing, list):
        return thing
    more = [f"<and {len(thing) - _FEW} more>"] if len(thing) > _FEW else []
    return [_shortened(each) for each in thing[:_FEW]] + more


def _unseen(observation: Observation, known: Vocabulary) -> str:
    reason = known.scrub(observation.reason)
    return f"the target does what no alternative has: {reason}" if observation.contradicted else reason


def host_of(target: str) -> str:
    """Host and port of a URL, without what else may stand there; what is no URL as it is."""
    parts = urlsplit(target)
    return parts.netloc.rpartition("@")[2] if parts.scheme in ("http", "https") else scrubbed(target)
