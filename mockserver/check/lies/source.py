"""The source of the fake: which modules it has, what each file says, compiled once."""

from collections.abc import Mapping
from pathlib import Path
from types import CodeType

import mockserver
from mockserver.resources import folder

_PACKAGE = Path(mockserver.__file__).parent
_OUTSIDE = ("contracts", "fixtures")
"""Folders that lie beside the package in a checkout."""


def file_of(name: str) -> Path:
    """A file of the fake by what lies call it: relative to the package, or in `contracts`."""
    top, _, rest = name.partition("/")
    return folder(top) / rest if top in _OUTSIDE else _PACKAGE / name


def module_of(name: str) -> str:
    """The module that a file of the fake holds."""
    steps = ["mockserver", *name.removesuffix(".py").split("/")]
    return ".".join(steps[:-1] if steps[-1] == "__init__" else steps)


class Source:
    """The text of modules, and their code as the texts have it or as it is altered."""

    def __init__(self) -> None:
        self._files: dict[str, Path | None] = {}
        self._code: dict[str, CodeType] = {}

    def has(self, module: str) -> bool:
        """Whether there is such a module."""
        return self._file(module) is not None

    def code(self, module: str, altered: Mapping[str, str]) -> CodeType:
        """What a module runs. Raises `SyntaxError` for an altered one that is none."""
        path = self._file(module)
        assert path is not None
        if module in altered:
            return compile(altered[module], str(path), "exec")
        if module not in self._code:
            self._code[module] = compile(path.read_text("utf-8"), str(path), "exec")
        return self._code[module]

    def _file(self, module: str) -> Path | None:
        if module not in self._files:
            bare = _PACKAGE.joinpath(*module.split(".")[1:])
            found = (path for path in (bare / "__init__.py", bare.with_suffix(".py")) if path.is_file())
            self._files[module] = next(found, None)
        return self._files[module]
