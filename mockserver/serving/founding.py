"""How the worlds of a server begin: as its settings say, or as they were kept."""

from pathlib import Path
from typing import Any

from mockserver.clock import parse_moment
from mockserver.late import late
from mockserver.providers import PROVIDERS, READINGS
from mockserver.reading_files import read_readings
from mockserver.readings import parse_choice
from mockserver.serving.settings import Settings
from mockserver.world_controls import rate_limit
from mockserver.world_files import world_file
from mockserver.worlds import Worlds, founded


def begun(settings: Settings) -> Worlds:
    """One world, as the settings say. Raises `Mistake`."""
    learned = {} if settings.readings is None else read_readings(settings.readings, READINGS)
    engine = founded(
        PROVIDERS,
        settings.world,
        seed=settings.seed,
        frozen_at=None if settings.clock == "real" else parse_moment(settings.clock),
        profile=settings.profile,
        readings={**learned, **dict(map(parse_choice, settings.reading))},
        rate_limit=rate_limit(settings.rate_limit),
    )
    return Worlds(engine)


def begun_from(settings: Settings) -> list[Path]:
    """The files that say how it begins."""
    return [world_file(settings.world), *([settings.readings] if settings.readings else [])]


def begun_anew(settings: Settings, worlds: Worlds) -> str:
    """Begin again with the files as they are now, and tell so. Raises `Mistake`, and everything is as before."""
    worlds.refound(begun(settings).default.world)
    return f"{', '.join(map(str, begun_from(settings)))}: changed; the default world begins anew"


def claimed(settings: Settings) -> Any:
    """The file in which the worlds are kept, as no other server's, if they are. Raises `Mistake`."""
    if settings.state is None:
        return None
    file = late("mockserver.serving.state.file").StateFile(settings.state)
    file.claim()
    return file


def recalled(settings: Settings, kept: Any) -> tuple[Worlds, list[str]]:
    """The worlds as they were kept, or else as they begin, and what there is to tell of that. Raises `Mistake`."""
    if kept is None:
        return begun(settings), []
    found = kept.load(PROVIDERS)
    return found.worlds or begun(settings), [found.says]
