"""A JSON Schema, compiled when first needed, and what it finds wrong."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

import jsonschema_rs

MOST = 100
"""How many violations of one document are told."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One way in which something breaks the contract.

    `kind` is the schema keyword (`required`, `type`, `enum`, …) or one of `empty`, `malformed`, `media-type`, `size`,
    `repeated`, `more`; `place` is `path`, `query` or `body`; `pointer` is like `data/0/attributes/name`.
    """

    kind: str
    place: str
    pointer: str
    message: str


class Schema:
    """One schema of a document, with the components it refers to."""

    def __init__(self, node: Mapping[str, Any], components: Mapping[str, Any]):
        self._node = node
        self._components = components
        self._compiled: jsonschema_rs.Draft202012Validator | None = None

    @property
    def compiled(self) -> jsonschema_rs.Draft202012Validator:
        """The validator, made at the first call."""
        if self._compiled is None:
            self._compiled = jsonschema_rs.Draft202012Validator({**self._node, "components": self._components})
        return self._compiled

    def accepts(self, document: Any) -> bool:
        """Whether a document keeps the schema. About a microsecond."""
        return (self._compiled or self.compiled).is_valid(document)

    def violations(self, document: Any, place: str = "body", pointer: str = "") -> Iterable[Violation]:
        """Everything wrong with a document, up to `MOST`; a last one says so if there is more."""
        for number, error in enumerate(islice(self.compiled.iter_errors(document), MOST + 1)):
            if number == MOST:
                yield Violation("more", place, pointer, f"more is wrong; only the first {MOST} violations are told")
            else:
                yield _violation(error, place, pointer)

    def first_violation(self, document: Any) -> Iterable[Violation]:
        """The first thing wrong with a body, for one so large that looking for all would take long."""
        try:
            self.compiled.validate(document)
        except jsonschema_rs.ValidationError as error:
            yield _violation(error, "body", "")


def _violation(error: jsonschema_rs.ValidationError, place: str, pointer: str) -> Violation:
    steps = [pointer] if pointer else []
    steps += [str(step) for step in error.instance_path]
    if isinstance(error.kind, jsonschema_rs.ValidationErrorKind.Required):
        steps.append(error.kind.property)
    message = error.message
    if isinstance(error.kind, jsonschema_rs.ValidationErrorKind.MaxItems):
        message = f"at most {error.kind.limit} items are taken"
    return Violation(error.kind.name, place, "/".join(steps), message)
