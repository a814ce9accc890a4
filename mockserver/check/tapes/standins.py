"""Made-up identifiers in the place of real ones: of the same form, and equal for equal ones, whoever makes them up."""

import re
from collections import Counter
from dataclasses import dataclass, field

_HEXADECIMAL = re.compile(r"[0-9a-f]{32}|[0-9a-f]{64}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_PLAIN = "ghijklmnopqrstuvwxyzabcdef"
"""Those first that are no digits of hexadecimal numbers, which nothing made up may become by chance."""

_LETTERS = "àâäçèéêëîïôöùûü"
_FILLINGS = {
    "l": _PLAIN,
    "U": _PLAIN.upper(),
    "d": "123456789",
    "x": "abcdef",
    "X": "ABCDEF",
    "w": _LETTERS,
}
"""What stands where a form has a letter, a capital, a digit from 1 to 9, a digit of hexadecimal numbers, another letter.

Digits of hexadecimal numbers are letters, so that those that differ in case alone go on to do so.
"""


def form_of(text: str) -> str:
    """What an identifier looks like: a letter for each sort of character, and everything else as it is."""
    hexadecimal = _HEXADECIMAL.fullmatch(text.strip()) is not None
    return "".join(_sort(character, hexadecimal=hexadecimal) for character in text)


def _sort(character: str, *, hexadecimal: bool) -> str:
    if character.isascii():
        if hexadecimal and character.isalnum():
            return "X" if character.isupper() else "x"
        if character.isalpha():
            return "U" if character.isupper() else "l"
        return "d" if character in "123456789" else character
    return "w" if character.isalnum() else character


def made_up(number: int, form: str) -> str:
    """The identifier of a form with a number: another one for another number, as far as the form has room for them.

    Forms that differ in case alone have identifiers that do.
    """
    characters = []
    for sort in reversed(form):
        filling = _FILLINGS.get(sort, sort)
        number, place = divmod(number, len(filling))
        characters.append(filling[place])
    return "".join(reversed(characters))


@dataclass(slots=True)
class StandIns:
    """Numbers for identifiers, the same for those that differ in case alone or in spaces around them."""

    _numbers: dict[str, int] = field(default_factory=dict)
    _counts: Counter[str] = field(default_factory=Counter)

    def number(self, text: str) -> int:
        """The number of an identifier among those of its form."""
        plain = text.strip().lower()
        if plain not in self._numbers:
            form = form_of(plain)
            self._numbers[plain] = self._counts[form]
            self._counts[form] += 1
        return self._numbers[plain]
