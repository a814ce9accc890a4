"""Copies of the fake in this process, each with a lie in it and a world of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import yaml

from mockserver.check.fresh import MOMENT
from mockserver.check.lies.copying import Modules
from mockserver.check.lies.lie import TRUTH, Lie
from mockserver.check.lies.source import Source, file_of, module_of
from mockserver.clock import parse_moment
from mockserver.contract.document import Library
from mockserver.world_files import read_world, world_file

_ROOTS = ("mockserver.engine", "mockserver.worlds", "mockserver.providers")


class Copies:
    """Makes copies. What no lie can reach, modules and compiled contracts, they share with the first, which tells the truth."""

    def __init__(self) -> None:
        self._source = Source()
        self._first = _loaded(Modules(self._source))
        self._providers: Sequence[Any] = self._first.loaded["mockserver.providers"].PROVIDERS
        self._world = read_world(world_file("demo"))

    def engine(self, lie: Lie = TRUTH, profile: str = "guide", readings: Mapping[str, str] | None = None) -> Any:
        """The engine of a copy that tells a lie, over the demo world, with the kit's clock. Raises `Mistake`."""
        modules, providers = self._lying(lie)
        world = modules["mockserver.worlds"].found_world(
            providers, self._world, frozen_at=parse_moment(MOMENT), profile=profile, readings=readings, source="the demo world"
        )
        return modules["mockserver.engine"].Engine(providers, world)

    def _lying(self, lie: Lie) -> tuple[Mapping[str, ModuleType], Sequence[Any]]:
        if lie == TRUTH:
            return self._first.loaded, self._providers
        if lie.file.endswith(".yaml"):
            return self._first.loaded, [self._contracted(provider, lie) for provider in self._providers]
        module = module_of(lie.file)
        modules = _loaded(Modules(self._source, self._first.out_of_reach([module]), {module: lie.text})).loaded
        providers = modules["mockserver.providers"].PROVIDERS
        if modules["mockserver.contract.router"] is not self._first.loaded["mockserver.contract.router"]:
            return modules, providers
        known = {each.name: each.contracts for each in self._providers}
        return modules, [replace(provider, contracts=known[provider.name]) for provider in providers]

    def _contracted(self, provider: Any, lie: Lie) -> Any:
        """A provider whose contract says what the lie has it say."""
        library: Library = provider.contracts.library
        path = file_of(lie.file)
        if library.folder not in path.parents:
            return provider
        contracts = type(provider.contracts)(library.folder)
        contracts.library = _Altered(library, path, lie.text)
        return replace(provider, contracts=contracts)


class _Altered(Library):
    """A library one of whose files says something else; the others are those of the true one."""

    def __init__(self, true: Library, path: Path, text: str):
        super().__init__(true.folder)
        self._true = true
        self._path = path.resolve()
        self._said = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are the safe one

    def file(self, path: Path) -> Any:
        return self._said if path.resolve() == self._path else self._true.file(path)


def _loaded(modules: Modules) -> Modules:
    """The same, with all that the fake is made of; the copy does not notice when it breaks its own contract."""
    for name in _ROOTS:
        modules.load(name)
    silent: Any = modules.loaded["mockserver.engine"]
    silent._keep_contract = _unnoticed
    modules.loaded["mockserver.provider"].Call.keep_contract = _unnoticed
    return modules


def _unnoticed(*_: object) -> None:
    """A lie must be seen from outside, not betrayed by the fake's own check of its answers."""
