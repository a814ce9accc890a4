"""Texts of requests taken apart: where a credential, something handed out or a name of the run stands, a variable does."""

import json
import re
from base64 import b64decode
from binascii import Error
from collections.abc import Iterable, Mapping
from itertools import takewhile
from typing import Any
from urllib.parse import quote

from mockserver.check.reports.minting import JWT, taken_apart
from mockserver.check.reports.parts import Name, Packed, Part, Text, joined
from mockserver.check.scrubbing import Vocabulary
from mockserver.check.setting import Customer

_KNOWN_BY = 8
"""So many first characters of a secret are known to be of it."""
_BASIC = re.compile(r"(?<=Basic )[A-Za-z0-9+/]+=*")


class Template:
    """Knows which text stands for which variable. `named` are values by their texts, of which `hidden` are also found
    where more follows, or where they break off; `run` begins the names of what a run makes.
    """

    def __init__(self, named: Mapping[str, Name], hidden: Iterable[str], run: str, customer: Customer | None):
        self._named = dict(named)
        self._hidden = [each for each in hidden if each in named]
        self._vocabulary = Vocabulary(self._hidden, by_looks=False)
        self._run = run
        self._customer = customer
        self._forms = self._written()
        self._pattern = self._compiled()

    def _written(self) -> dict[str, Name]:
        """Every way in which a value is written."""
        forms: dict[str, Name] = {}
        for value, name in self._named.items():
            forms[value] = name
            forms.setdefault(quote(value, safe=""), Name(name.name, "encoded"))
            if (escaped := json.dumps(value)[1:-1]) != value:
                forms.setdefault(escaped, Name(name.name, "escaped"))
        return forms

    def _compiled(self) -> re.Pattern[str]:
        hidden = {
            form for form, name in self._forms.items() if any(self._named[each].name == name.name for each in self._hidden)
        }
        found = [
            re.escape(form) if form in hidden else rf"(?<![A-Za-z0-9]){re.escape(form)}(?![A-Za-z0-9])"
            for form in sorted(self._forms, key=len, reverse=True)
        ]
        run = "|".join(map(re.escape, dict.fromkeys((self._run, self._run.upper(), self._run.lower()))))
        if self._run:
            found.append(rf"(?<![A-Za-z0-9])(?:{run})(?=(?: |\+|%20)\d)")
        return re.compile("|".join(found)) if found else re.compile(r"(?!)")

    def text(self, said: str) -> Text:
        """A text with its variables."""
        parts: list[Part] = []
        place = 0
        for found in self._pattern.finditer(said):
            parts += [*self._broken_off(said[place : found.start()]), self._name(found[0])]
            place = found.end()
        return joined([*parts, *self._broken_off(said[place:])])

    def _name(self, found: str) -> Name:
        if found in self._forms:
            return self._forms[found]
        return Name("RUN", {self._run: "", self._run.upper(): "upper"}.get(found, "lower"))

    def _broken_off(self, said: str) -> list[Part]:
        """A text in which the beginning of a secret may stand, such as a token that was cut or altered."""
        begun = [
            (_shared(secret, said[place:]), place, secret)
            for secret in self._hidden
            if len(secret) >= _KNOWN_BY and (place := said.find(secret[:_KNOWN_BY])) >= 0
        ]
        if not begun:
            return [self._vocabulary.scrub(said)]
        length, place, secret = max(begun)
        cut = Name(self._named[secret].name, length=length)
        return [*self._broken_off(said[:place]), cut, *self._broken_off(said[place + length :])]

    def opaque(self, said: bytes) -> bytes:
        """Bytes that are no text, without the secrets in them."""
        return self._vocabulary.scrub(said.decode("latin-1")).encode("latin-1")

    def header(self, said: str, at: float) -> Text:
        """A header, in which a customer's own token or HTTP Basic may stand. `at` is when it was sent."""
        if (basic := _BASIC.search(said)) and (plain := _unpacked(basic[0])) is not None:
            return joined([*self.text(said[: basic.start()]), Packed(self.text(plain)), *self.text(said[basic.end() :])])
        for found in JWT.finditer(said):
            minted = None if found[0] in self._named else taken_apart(found[0], self._customer, at)
            if minted is not None:
                return joined([*self.text(said[: found.start()]), minted, *self.text(said[found.end() :])])
        return self.text(said)

    def value(self, thing: Any) -> Any:
        """A value with its texts taken apart. What is a tuple then is a text."""
        if isinstance(thing, str):
            return self.text(thing)
        if isinstance(thing, dict):
            return {self._vocabulary.scrub(key): self.value(each) for key, each in thing.items()}
        return [self.value(each) for each in thing] if isinstance(thing, list | tuple | set | frozenset) else thing


def _unpacked(text: str) -> str | None:
    try:
        return b64decode(text, validate=True).decode()
    except (Error, ValueError):
        return None


def _shared(one: str, other: str) -> int:
    """How many first characters are the same."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
