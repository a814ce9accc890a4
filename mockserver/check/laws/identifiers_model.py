"""Which identifiers are valid, by type, and which of them are one: examples at the borders, and rules for drawn ones."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import md5, sha1, sha256

MD5 = md5(b"jane@example.com", usedforsecurity=False).hexdigest()
SHA1 = sha1(b"jane@example.com", usedforsecurity=False).hexdigest()
SHA256 = sha256(b"jane@example.com").hexdigest()
UUID = "123e4567-e89b-12d3-a456-426614174000"


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of identifiers: the segments that hold it, examples, a rule, and whether case tells two of them apart."""

    held_in: str
    valid: tuple[str, ...]
    invalid: tuple[str, ...]
    rule: str
    cased: bool = False

    def accepts(self, text: str) -> bool:
        """Whether an identifier is valid, spaces around it aside."""
        return re.fullmatch(self.rule, text.strip(), 0 if self.cased else re.IGNORECASE) is not None

    def sole(self, text: str) -> str:
        """What two spellings of one identifier have in common."""
        return text.strip() if self.cased else text.strip().lower()

    def distinct(self, texts: Iterable[str]) -> set[str]:
        """The identifiers that a list holds after these were added."""
        return {self.sole(each) for each in texts if self.accepts(each)}


_TOKENS = ("abc", "A1-b_2.c", "1", UUID, SHA256, "é漢", "a@b")
_NO_TOKENS = ("", " ", "a b", "\t", "a\nb")
KINDS: Mapping[str, Kind] = {
    "Email": Kind(
        "Email",
        ("jane@example.com", "j@e.x", "first.last+tag@sub.example.co", "é@example.com", MD5, SHA256, MD5[::-1]),
        (
            *("", " ", "jane", "jane@", "@example.com", "jane@example", "jane@@example.com", "jane doe@example.com"),
            *("jane@exa mple.com", "jane@example..com", "jane@.com", "jane@example.com.", "a@b.c\nd@e.f"),
            *(
                SHA1,
                MD5[:-1],
                f"{MD5}0",
                SHA256[:-1],
                f"{SHA256}0",
                f"g{MD5[1:]}",
                f"{MD5[:16]} {MD5[16:]}",
                "+14155550100",
                UUID,
            ),
        ),
        r"[^@\s]+@[^@.\s]+(\.[^@.\s]+)+|[0-9a-f]{32}|[0-9a-f]{64}",
    ),
    "PhoneNumber": Kind(
        "PhoneNumber",
        ("+1234567", "+123456789012345", "+14155550100", SHA256),
        (
            *("", "+", "+123456", "+1234567890123456", "14155550100", "+04155550100", "+1415-555-0100", "+1 4155550100"),
            *(MD5, SHA1, SHA256[:-1], f"{SHA256}0", "jane@example.com", "++14155550100", "+1415555010a"),
        ),
        r"\+[1-9][0-9]{6,14}|[0-9a-f]{64}",
    ),
    "UserIdentifier": Kind("UserIdentifier", _TOKENS, _NO_TOKENS, r"\S+", cased=True),
    "IdentityLink": Kind("IdentityLink", _TOKENS, _NO_TOKENS, r"\S+", cased=True),
    "CustomerId": Kind(
        "CustomerId", (*_TOKENS, "a b", "customer no. 7"), ("", " ", "\t", "a\nb"), r"\S|\S[^\n]*\S", cased=True
    ),
    "Gum": Kind("UserIdentifier", _TOKENS, _NO_TOKENS, r"\S+", cased=True),
    "madid": Kind(
        "UserIdentifier",
        (UUID, "00000000-0000-0000-0000-000000000000", f"ffffffff{UUID[8:]}"),
        ("", UUID[:-1], f"{UUID}0", UUID.replace("-", ""), f"g{UUID[1:]}", UUID.replace("-", "_"), f"{{{UUID}}}", "abc"),
        r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}",
    ),
}
"""By the type's name as a request may say it."""


def spellings(kind: Kind, text: str) -> tuple[str, ...]:
    """One identifier as it may be written: with spaces around it and, where case means nothing, in another."""
    padded = (text, f" {text}", f"{text}\t ")
    return padded if kind.cased else (*padded, text.upper(), text.title())
