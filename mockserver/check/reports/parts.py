"""A text of a request, in which what changes from run to run stands as the names of variables."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Name:
    """What a variable holds: its first `length` characters, `change`d by `upper`, `lower`, `encoded` or not at all."""

    name: str
    change: str = ""
    length: int | None = None


@dataclass(frozen=True, slots=True)
class Packed:
    """A text in base64, as HTTP Basic has it."""

    text: "Text"


@dataclass(frozen=True, slots=True)
class Minted:
    """A token that a customer of Shoplive's makes: `times` are the claims that are so many seconds from now.

    `key` is `decoded` or `written` for the secret key as it is used or as it is issued, `another`, or `none`.
    """

    header: Mapping[str, Any]
    claims: Mapping[str, Any]
    times: Mapping[str, float]
    key: str


Part = str | Name | Packed | Minted
Text = tuple[Part, ...]


def joined(parts: list[Part]) -> Text:
    """A text without empty pieces, neighbouring literal ones as one."""
    text: list[Part] = []
    for part in parts:
        if isinstance(part, str) and text and isinstance(text[-1], str):
            text[-1] += part
        elif part != "":
            text.append(part)
    return tuple(text)


def names(text: Text) -> set[str]:
    """The variables that a text needs."""
    found = {part.name for part in text if isinstance(part, Name)}
    if any(isinstance(part, Minted) for part in text):
        found |= {"ACCESS_KEY", "SECRET_KEY"}
    return found.union(*[names(part.text) for part in text if isinstance(part, Packed)])
