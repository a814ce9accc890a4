"""Secrets found in any text, however they are written there, and the marks that stand for them."""

import json
import re
from base64 import b64decode
from binascii import Error
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from html import escape
from urllib.parse import quote, unquote_plus

from mockserver.masking import mark

Marker = Callable[[str, str], str]
"""What stands for a secret, of its kind and its text."""

_SHORTEST = 6
_WORD = re.compile(r"[^\s\"'<>,;()\[\]{}/:=&?]+")
_ENCODED = re.compile(r"[^\s\"'<>&=/?]*%[0-9A-Fa-f]{2}[^\s\"'<>&=/?]*")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}")
_MARK = re.compile("(<[^<>]*>|\udc80[^\udc81]*\udc81)")
"""What stands for a secret already, as a reader or as a tape has it."""


@dataclass(frozen=True, slots=True)
class Look:
    """What secrets of a kind look like; a text without any of `hints` has none, and is not searched."""

    kind: str
    hints: tuple[str, ...]
    pattern: re.Pattern[str]


_PART = r"[^\s\"'<>,;:=&/?@()\[\]{}]+"
_LOOKS = (
    Look("token", ("eyJ",), re.compile(r"eyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?")),
    Look(
        "token",
        ("earer ", "EARER ", "asic ", "ASIC "),
        re.compile(r"(?i:(?<=Bearer )|(?<=Basic ))(?:[^\s\"'<>,;]{12,}|(?=\S*\d)[^\s\"'<>,;]{6,})"),
    ),
    Look("identifier", ("@",), re.compile(rf"{_PART}@+{_PART}\.{_PART}")),
    Look("identifier", ("+",), re.compile(r"(?<!\w)\+\d{8,15}(?!\d)")),
    Look("identifier", (), re.compile(r"(?<![0-9A-Za-z])[0-9A-Fa-f]{64}(?![0-9A-Za-z])")),
)
_SCHEMES = ("bearer", "basic", "digest", "token")
_ONCE_ENCODED = 3


class Vocabulary:
    """Every secret of a run, each with its mark: the same wherever it stands, and whatever it was first taken for."""

    def __init__(self, secrets: Iterable[str] = (), marker: Marker = mark, *, by_looks: bool = True):
        """With `by_looks`, what looks like a token or an identifier is one, though nobody said so."""
        self._marker = marker
        self._looks = _LOOKS if by_looks else ()
        self._marks: dict[str, str] = {}
        self._written: dict[str, str] = {}
        self._everywhere: set[str] = set()
        self._scrubbed: dict[str, str] = {}
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
        if text in self._marks:
            return self._marks[text]
        if len(text) >= _SHORTEST and not kind.endswith("identifier"):
            for part in _parts(text):
                self._mark("secret", part)
                self._hide(part)
            self._hide(text)
        return self._mark(kind, text)

    def _mark(self, kind: str, text: str) -> str:
        if text not in self._marks:
            self._marks[text] = self._marker(kind, text)
            self._scrubbed.clear()
        return self._marks[text]

    def _hide(self, secret: str) -> None:
        self._everywhere.add(secret)
        self._written |= dict.fromkeys(_ways_to_write(secret), secret)
        self._scrubbed.clear()

    def scrub(self, text: str) -> str:
        """A text with a mark for every secret in it."""
        if text not in self._scrubbed:
            scrubbed = self._scrub(text)  # learns what it sees, and then forgets what it remembered
            self._scrubbed[text] = scrubbed
        return self._scrubbed[text]

    def _scrub(self, text: str) -> str:
        written = [form for form in self._written if form in text]
        if written:
            longest_first = sorted(written, key=lambda form: (-len(form), form))
            pattern = re.compile("|".join(map(re.escape, longest_first)))
            text = pattern.sub(lambda found: self._marks[self._written[found[0]]], text)
        if "%" in text:
            text = _outside_marks(text, _ENCODED, self._decoded)
        if len(text) >= _SHORTEST:
            text = _outside_marks(text, _BASE64, self._unpacked)
            text = _outside_marks(text, _WORD, self._word)
        for look in self._looks:
            if not look.hints or any(hint in text for hint in look.hints):
                text = _outside_marks(text, look.pattern, partial(self._mark, look.kind))
        return text

    def _within(self, text: str) -> str | None:
        """The mark of a secret that a text holds."""
        held = [secret for secret in self._everywhere if secret in text]
        if held:
            return self._marks[max(held, key=len)]
        word = next((word for word in _WORD.findall(text) if len(word) >= _SHORTEST and word in self._marks), None)
        if word is not None:
            return self._marks[word]
        return next((self._mark(look.kind, found[0]) for look in self._looks if (found := look.pattern.search(text))), None)

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


def _outside_marks(text: str, pattern: re.Pattern[str], replaced: Callable[[str], str]) -> str:
    """A text with what a pattern finds replaced, but not within a mark."""
    if "<" not in text and "\udc80" not in text:
        return pattern.sub(lambda found: replaced(found[0]), text)
    pieces = _MARK.split(text)
    return "".join(
        piece if place % 2 else pattern.sub(lambda found: replaced(found[0]), piece) for place, piece in enumerate(pieces)
    )


def _ways_to_write(secret: str) -> set[str]:
    """How a secret may stand in a text that is searched for it as it is; other ways are found by decoding the text."""
    quoted = quote(secret, safe="")
    folded = quoted.lower() if quoted != secret else secret
    return {secret, quoted, folded, json.dumps(secret)[1:-1], escape(secret), escape(secret, quote=False)}


def unpacked(word: str) -> str | None:
    """What base64 of either alphabet says, or nothing if that is no text."""
    bare = word.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return b64decode(bare + "=" * (-len(bare) % 4), validate=True).decode()
    except (Error, ValueError):
        return None


def credential(value: str) -> tuple[str, str]:
    """The scheme of a header's value, if it has one, and the secret, if it has one."""
    scheme, space, secret = value.partition(" ")
    return (scheme, secret.strip()) if space or scheme.lower() in _SCHEMES else ("", value)


def _parts(text: str) -> list[str]:
    """The password of what HTTP Basic sends."""
    plain = unpacked(text) if ":" in (unpacked(text) or "") else None
    password = plain.partition(":")[2] if plain else ""
    return [password] if len(password) >= _SHORTEST else []
