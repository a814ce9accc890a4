"""Secrets found in any text, however they are written there, and the marks that stand for them."""

import json
import re
from base64 import b64decode
from binascii import Error
from collections.abc import Callable, Iterable
from urllib.parse import quote, unquote_plus

from mockserver.masking import mark

Marker = Callable[[str, str], str]
"""What stands for a secret, of its kind and its text."""

_SHORTEST = 6
_WORD = re.compile(r"[^\s\"'<>,;()\[\]{}/:=&?]+")
_ENCODED = re.compile(r"[^\s\"'<>&=/?]*%[0-9A-Fa-f]{2}[^\s\"'<>&=/?]*")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}")
_LOOKS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("token", re.compile(r"eyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?")),
    ("token", re.compile(r"(?<=Bearer )\s*[^\s\"'<>,;]+|(?<=Basic )\s*[^\s\"'<>,;]+", re.IGNORECASE)),
    ("identifier", re.compile(r"[^\s\"'<>,;:=&/?@()\[\]{}]+@+[^\s\"'<>,;:=&/?@()\[\]{}]+\.[^\s\"'<>,;:=&/?@()\[\]{}]+")),
    ("identifier", re.compile(r"(?<![0-9A-Za-z])[0-9A-Fa-f]{64}(?![0-9A-Za-z])")),
    ("identifier", re.compile(r"(?<!\w)\+\d{8,15}(?!\d)")),
)
_ONCE_ENCODED = 3


class Vocabulary:
    """Every secret of a run, each with its mark: the same wherever it stands, and whatever it was first taken for."""

    def __init__(self, secrets: Iterable[str] = (), marker: Marker = mark):
        self._marker = marker
        self._marks: dict[str, str] = {}
        self._everywhere: set[str] = set()
        self._pattern: re.Pattern[str] | None = None
        self.add(secrets)

    def add(self, secrets: Iterable[str]) -> None:
        """Secrets that are hidden wherever they are part of a text, however short."""
        for secret in sorted(set(secrets) - {""}):
            self._mark("secret", secret)
            self._hide(secret)

    def name(self, text: str, mark: str) -> None:
        """Give a secret a mark of its own, wherever it stands."""
        self._marks[text] = mark
        self._hide(text)

    def learn(self, kind: str, text: str) -> str:
        """The mark of what is seen to be a secret by where it stands; from here on it is known in other places too."""
        if len(text) >= _SHORTEST and text not in self._everywhere and kind != "identifier":
            self._hide(text)
            for part in _parts(text):
                self._mark("secret", part)
                self._hide(part)
        return self._mark(kind, text)

    def _mark(self, kind: str, text: str) -> str:
        if text not in self._marks:
            self._marks[text] = self._marker(kind, text)
        return self._marks[text]

    def _hide(self, secret: str) -> None:
        if secret not in self._everywhere:
            self._everywhere.add(secret)
            self._pattern = None

    def scrub(self, text: str) -> str:
        """A text with a mark for every secret in it."""
        if not text:
            return text
        text = self._literals().sub(lambda found: self._of(found[0]), text) if self._everywhere else text
        text = _outside(text, _ENCODED, self._decoded)
        text = _outside(text, _BASE64, self._unpacked)
        text = _outside(text, _WORD, self._word)
        for kind, pattern in _LOOKS:
            text = _outside(text, pattern, lambda word, kind=kind: self._mark(kind, word))  # type: ignore[misc]  # bound now
        return text

    def _literals(self) -> re.Pattern[str]:
        if self._pattern is None:
            written = {form for secret in self._everywhere for form in _written(secret)}
            self._pattern = re.compile("|".join(map(re.escape, sorted(written, key=lambda form: (-len(form), form)))))
        return self._pattern

    def _of(self, written: str) -> str:
        """The mark of a secret, however it is written."""
        if written in self._everywhere:
            return self._marks[written]
        return next(self._marks[secret] for secret in sorted(self._everywhere) if written in _written(secret))

    def _within(self, text: str) -> str | None:
        """The mark of a secret that a text holds."""
        held = [secret for secret in self._everywhere if secret in text]
        if held:
            return self._marks[max(held, key=len)]
        word = next((word for word in _WORD.findall(text) if len(word) >= _SHORTEST and word in self._marks), None)
        if word is not None:
            return self._marks[word]
        return next((self._mark(kind, found[0]) for kind, look in _LOOKS if (found := look.search(text))), None)

    def _decoded(self, word: str) -> str:
        plain = word
        for _ in range(_ONCE_ENCODED):
            plain = unquote_plus(plain)
            if (found := self._within(plain)) is not None:
                return found
        return word

    def _unpacked(self, word: str) -> str:
        plain = unpacked(word)
        return word if plain is None else self._within(plain) or word

    def _word(self, word: str) -> str:
        plain = word.rstrip(".!")
        return word.replace(plain, self._marks[plain]) if len(plain) >= _SHORTEST and plain in self._marks else word


def _outside(text: str, pattern: re.Pattern[str], replaced: Callable[[str], str]) -> str:
    """A text with what a pattern finds replaced, but not within a mark."""
    pieces = re.split(r"(<[^<>]*>)", text)
    return "".join(
        piece if place % 2 else pattern.sub(lambda found: replaced(found[0]), piece) for place, piece in enumerate(pieces)
    )


def _written(secret: str) -> set[str]:
    """The ways to write a secret that a text is searched for as it is; others are found by decoding the text."""
    quoted = quote(secret, safe="")
    return {secret, quoted, quoted.lower() if quoted != secret else secret, json.dumps(secret)[1:-1]}


def unpacked(word: str) -> str | None:
    """What base64 of either alphabet says, or nothing if that is no text."""
    bare = word.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return b64decode(bare + "=" * (-len(bare) % 4), validate=True).decode()
    except (Error, ValueError):
        return None


def credential(value: str) -> tuple[str, str]:
    """The scheme of a header's value, if it has one, and the secret."""
    scheme, space, secret = value.partition(" ")
    return (scheme, secret.strip()) if space else ("", value)


def _parts(text: str) -> list[str]:
    """The password of what HTTP Basic sends."""
    plain = unpacked(text) if ":" in (unpacked(text) or "") else None
    password = plain.partition(":")[2] if plain else ""
    return [password] if len(password) >= _SHORTEST else []
