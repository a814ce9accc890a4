"""One operation of a contract: what it takes apart, what it gives back."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import orjson

from mockserver.contract.schema import Schema, Violation
from mockserver.message import Request

LARGEST_BODY = 16 * 2**20
"""Bytes. Fifty thousand hashed identifiers, generously spaced, are a fifth of it."""

SEARCHED_BODY = 100_000
"""Bytes. Of a larger body that breaks the contract, only the first violation is told."""

_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A path or query parameter."""

    name: str
    place: str
    required: bool
    default: Any
    integer: bool
    schema: Schema

    def value(self, text: str) -> Any:
        """The text as what it should be, or as it is: then the schema objects."""
        return int(text) if self.integer and _INTEGER.fullmatch(text) else text


@dataclass(slots=True)
class Inputs:
    """What a request said, parameter by parameter, and what was wrong with it."""

    parameters: dict[str, Any]
    body: Any
    violations: list[Violation]


@dataclass(frozen=True, slots=True)
class Operation:
    """`scopes` are the permissions it asks for; `answers` maps a status to the schema of its body, or to none."""

    id: str
    method: str
    path: str
    version: str
    scopes: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    media: str | None
    body: Schema | None
    body_required: bool
    answers: Mapping[int, Schema | None]

    @property
    def dated(self) -> str | None:
        """The version in its path, if it has one: tokens are of no version."""
        return self.version if f"/{self.version}/" in self.path else None

    def read(self, request: Request, arguments: Iterable[str]) -> Inputs:
        """Take a request apart and hold it against the contract. Tells every violation, not the first."""
        inputs = Inputs({}, None, [])
        self._read_parameters(request, arguments, inputs)
        if self.media is not None:
            self._read_body(request, inputs)
        return inputs

    def _read_parameters(self, request: Request, arguments: Iterable[str], inputs: Inputs) -> None:
        rest = iter(arguments)
        query = parse_qsl(request.query, keep_blank_values=True) if request.query else []
        for parameter in self.parameters:
            in_path = parameter.place == "path"
            texts = [next(rest)] if in_path else [text for name, text in query if name == parameter.name]
            if not texts:
                inputs.parameters[parameter.name] = parameter.default
                if parameter.required:
                    message = f"{parameter.name} is required"
                    inputs.violations.append(Violation("required", parameter.place, parameter.name, message))
            elif len(texts) > 1:
                message = f"{parameter.name} is given {len(texts)} times"
                inputs.violations.append(Violation("repeated", parameter.place, parameter.name, message))
            else:
                value = inputs.parameters[parameter.name] = parameter.value(texts[0])
                if not parameter.schema.accepts(value):
                    inputs.violations += parameter.schema.violations(value, parameter.place, parameter.name)

    def _read_body(self, request: Request, inputs: Inputs) -> None:
        assert self.media is not None
        if len(request.body) > LARGEST_BODY:
            message = f"a body is at most {LARGEST_BODY} bytes"
            inputs.violations.append(Violation("size", "body", "", message))
        elif not request.body:
            if self.body_required:
                inputs.violations.append(Violation("empty", "body", "", "a request body is required"))
        elif not is_media(request.header(b"content-type"), self.media):
            said = request.header(b"content-type")
            message = f"the content type is {said}, not {self.media}" if said else f"the content type is missing: {self.media}"
            inputs.violations.append(Violation("media-type", "body", "", message))
        elif self.body is not None:
            self._parse(request.body, self.body, inputs)

    def _parse(self, body: bytes, schema: Schema, inputs: Inputs) -> None:
        assert self.media is not None
        try:
            inputs.body = PARSERS[self.media](body)
        except ValueError as error:
            inputs.violations.append(Violation("malformed", "body", "", str(error)))
            return
        _ = schema.compiled  # a schema that is none is our mistake, not the client's
        try:
            if not schema.accepts(inputs.body):
                tell = schema.violations if len(body) <= SEARCHED_BODY else schema.first_violation
                inputs.violations += tell(inputs.body)
        except ValueError:  # the validator's way of saying that it will not go that deep
            inputs.violations.append(Violation("malformed", "body", "", "the body is nested too deeply"))


def _json(body: bytes) -> Any:
    return orjson.loads(body.removeprefix(b"\xef\xbb\xbf"))


def _form(body: bytes) -> dict[str, str]:
    """A form, strictly: a `+` is a space, so a secret with a plus sign has to be percent-encoded by the client."""
    fields = parse_qsl(body.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=100)
    names = [name for name, _ in fields]
    if len(set(names)) < len(names):
        raise ValueError("a field is given twice")
    return dict(fields)


PARSERS: Mapping[str, Callable[[bytes], Any]] = {
    "application/json": _json,
    "application/x-www-form-urlencoded": _form,
}
_ALSO = {"application/json": ("text/json", "application/*+json")}


def is_media(said: str | None, media: str) -> bool:
    """Whether a content type is, or is as good as, the one that an operation takes."""
    if said == media:
        return True
    kind = (said or "").partition(";")[0].strip().lower()
    if kind.startswith("application/") and kind.endswith("+json"):
        kind = "application/*+json"
    return kind == media or kind in _ALSO.get(media, ())
