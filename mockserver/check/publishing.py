"""Where the reports of a run go: files, a folder of scripts, a baseline."""

from collections.abc import Callable, Iterable, Mapping
from os import W_OK, access
from pathlib import Path

from mockserver.check.reports.as_json import as_json
from mockserver.check.reports.baseline import baseline, compared, read_baseline
from mockserver.check.reports.curl import curl
from mockserver.check.reports.grouping import grouped
from mockserver.check.reports.html import html
from mockserver.check.reports.junit import junit
from mockserver.check.reports.repeat import repeat
from mockserver.check.result import Result
from mockserver.mistake import Mistake

REPORTS: Mapping[str, Callable[[Result, Iterable[str]], str]] = {"junit": junit, "json": as_json, "html": html}
"""What can be written, by the name of the option that says where."""


def check_places(files: Iterable[Path | None]) -> None:
    """Raise `Mistake` for a file that could not be written, before anybody has waited for what is to be in it."""
    for file in files:
        if file is not None:
            home = next((folder for folder in file.absolute().parents if folder.exists()), file)
            if file.is_dir() or not home.is_dir() or not access(home, W_OK):
                raise Mistake(f"cannot write {file}: {home} is no folder that can be written to")


def write(file: Path, text: str) -> None:
    """Write a file. Raises `Mistake`."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    except OSError as error:
        raise Mistake(f"cannot write {file}: {error.strerror or error}") from None


def write_repeats(folder: Path, result: Result, secrets: Iterable[str]) -> None:
    """A shell script and a pytest test for each cause of findings. Raises `Mistake`."""
    for group in grouped(result.findings):
        name = f"{group.first.check.name.replace('/', '-')}-{group.first.identity}"
        write(folder / f"{name}.sh", curl(group.first, result, secrets))
        write(folder / f"test_{name.replace('-', '_')}.py", repeat(group.first, result, secrets))


def held_against(file: Path | None, result: Result, *, update: bool, secrets: Iterable[str]) -> Result:
    """A result less what a baseline accepts; with `update` it accepts everything from now on. Raises `Mistake`."""
    if file is None:
        return result
    before = [] if update and not file.exists() else read_baseline(file)
    if not update:
        return compared(result, before)
    write(file, baseline(result, secrets, before))
    return compared(result, read_baseline(file))
