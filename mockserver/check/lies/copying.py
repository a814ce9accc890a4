"""Modules apart from those of the process: the fake's own, run again from source, some of them altered.

Nothing is put into `sys.modules`: a module that is run here imports its siblings here.
"""

import builtins
from collections.abc import Collection, Mapping
from types import ModuleType
from typing import Any

from mockserver.check.lies.source import Source

_SHARED = frozenset({"mockserver", "mockserver.message", "mockserver.mistake", "mockserver.resources", "mockserver.evidence"})
"""What a copy has in common with the kit: plain values, and where files lie."""


class Modules:
    """Modules by name. `known` are those of another copy that can be had as they are, `altered` gives the text of some."""

    def __init__(self, source: Source, known: Mapping[str, ModuleType] | None = None, altered: Mapping[str, str] | None = None):
        self.loaded: dict[str, ModuleType] = dict(known or {})
        self._source = source
        self._altered = dict(altered or {})
        self._importers: dict[str, set[str]] = {}

    def load(self, name: str) -> ModuleType:
        """A module, run now unless it was before; its package comes first."""
        package = name.rpartition(".")[0]
        if _is_copied(package):
            self.load(package)
        if name not in self.loaded:
            module = self.loaded[name] = ModuleType(name)
            module.__dict__["__builtins__"] = {**vars(builtins), "__import__": self._import}
            exec(self._source.code(name, self._altered), module.__dict__)  # noqa: S102 - the fake's own source
        return self.loaded[name]

    def _import(
        self,
        name: str,
        globals: Mapping[str, Any] | None = None,
        locals: Mapping[str, Any] | None = None,
        fromlist: tuple[str, ...] | None = None,
        level: int = 0,
    ) -> ModuleType:
        """What `from name import fromlist` asks for, in a module that is run here."""
        if not _is_copied(name):
            return __import__(name, globals, locals, fromlist or (), level)
        assert fromlist is not None, "the fake imports its own modules by from … import …"
        assert globals is not None
        self._note(name, globals["__name__"])
        module = self.load(name)
        for member in fromlist:
            inner = f"{name}.{member}"
            if member not in vars(module) and self._source.has(inner):
                self._note(inner, globals["__name__"])
                setattr(module, member, self.load(inner))
        return module

    def _note(self, imported: str, importer: str) -> None:
        self._importers.setdefault(imported, set()).add(importer)

    def out_of_reach(self, changed: Collection[str]) -> dict[str, ModuleType]:
        """The modules that none of those changed can make a difference to."""
        reached, pending = set(), list(changed)
        while pending:
            name = pending.pop()
            if name not in reached:
                reached.add(name)
                pending += self._importers.get(name, ())
                pending += [package for package in [name.rpartition(".")[0]] if _is_copied(package)]
        return {name: module for name, module in self.loaded.items() if name not in reached}


def _is_copied(name: str) -> bool:
    return name.startswith("mockserver.") and name not in _SHARED
