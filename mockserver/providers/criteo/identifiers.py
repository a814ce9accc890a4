"""Which identifiers are valid, by type, in clear or hashed."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from mockserver.evidence import Evidence, Rule, assumed, guide, inferred, openapi, third_party

LARGEST_SAMPLE = 10

# Every white space there is, spelled out: a set of characters without classes is matched a third faster.
_SPACE = r"\t-\r\x1c- \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_HASHES = r"[0-9a-f]{64}|[0-9a-f]{32}"
_UUID = r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"


@dataclass(frozen=True, slots=True)
class Form:
    """What identifiers of one type look like; `folded` if case makes no difference.

    `pattern` finds those of a text that has one a line, spaces around them aside; `clean` is a text of nothing but such,
    without spaces around them, and is matched in half the time. Groups are not repeated possessively: Python before 3.11.5
    takes some repetitions of theirs twice.
    """

    words: str
    pattern: re.Pattern[str]
    clean: re.Pattern[str]
    folded: bool
    evidence: Evidence

    @classmethod
    def of(cls, words: str, pattern: str, evidence: Evidence, *, folded: bool = True) -> "Form":
        each = re.compile(rf"^[^\S\n]*+({pattern})[^\S\n]*+$", re.MULTILINE)
        return cls(words, each, re.compile(rf"(?:(?:{pattern})(?:\n(?!\Z)|\Z))+"), folded, evidence)


FORMS: Mapping[str, Form] = {
    "Email": Form.of(
        "e-mail addresses, or 32 or 64 hexadecimal digits",
        rf"[^@{_SPACE}]++@[^@.{_SPACE}]++(?:\.[^@.{_SPACE}]++)+|{_HASHES}",
        guide("plain, MD5, SHA-256 or SHA-256 of MD5: help.retailmedia.criteo.com, contact lists"),
    ),
    "PhoneNumber": Form.of(
        "+ and 7 to 15 digits, or 64 hexadecimal digits",
        r"\+[1-9][0-9]{6,14}|[0-9a-f]{64}",
        third_party("E.164 or SHA-256: RudderStack's documentation"),
    ),
    "MobileAdId": Form.of("UUIDs", _UUID, guide("UUID-like: Criteo's marketing-solutions guide")),
    "UserIdentifier": Form.of(
        "anything without spaces",
        r"\S+",
        inferred("mobile ad ids, RampIDs and cookie ids alike: help.retailmedia.criteo.com"),
        folded=False,
    ),
    "IdentityLink": Form.of("anything without spaces", r"\S+", assumed("the form of a RampID is not documented"), folded=False),
    "Gum": Form.of("anything without spaces", r"\S+", assumed("the form of a GUM id is not documented"), folded=False),
    "CustomerId": Form.of("any text in one line", r"\S|\S[^\n]*\S", assumed("the retailer's own, any text"), folded=False),
}
"""By the type's name in the documents; `MobileAdId` is what they called `madid` until July 2024."""

SPELLINGS = {name.lower(): name for name in FORMS} | {"madid": "MobileAdId"}
HELD_AS = {"Gum": "UserIdentifier", "MobileAdId": "UserIdentifier"}
"""Types that no segment is of, and the segments that take them."""

FORM_RULES = tuple(
    Rule(f"{name.lower()}-form", f"Identifiers of type {name} are {form.words}.", form.evidence) for name, form in FORMS.items()
)
HELD = Rule(
    "identifiers-held-as",
    "Gum ids and mobile ad ids go into segments of type UserIdentifier.",
    assumed("no segment is of these types, and the help page counts mobile ids among user identifiers"),
)
VALID = Rule(
    "identifier-validity",
    "An identifier is judged by its form alone; spaces around it do not count, nor does case where FORMS folds it.",
    assumed("help pages describe the forms; which strings the API counts as invalid is not published"),
)
PLAIN_AND_HASHED = Rule(
    "plain-and-hashed",
    "An e-mail address and its hash are two identifiers.",
    assumed("a set of what was sent; the API may hash plain ones"),
)
SPELLING = Rule(
    "identifier-type-spelling",
    "identifierType is taken in any spelling the documents ever used and echoed as it came.",
    openapi("Email now, email and madid until July 2024; the guide still shows email"),
)
SAMPLE = Rule(
    "invalid-sample", f"At most {LARGEST_SAMPLE} invalid identifiers are shown, as sent.", assumed("an example shows 1 of 13")
)
OCCURRENCES = Rule(
    "every-occurrence", "Each occurrence in a request is counted valid or invalid.", assumed("nobody published it")
)


@dataclass(frozen=True, slots=True)
class Sifted:
    """The valid ones, normalised, one a line in UTF-8; how many of each sort; some of the invalid."""

    lines: bytes
    valid: int
    invalid: int
    sample: list[str]


def sift(identifiers: list[str], form: Form) -> Sifted:
    """Tell valid identifiers from others. Fifty thousand addresses take about ten milliseconds."""
    text = _folded("\n".join(identifiers), form)
    if text.count("\n") != len(identifiers) - 1:  # one holds a line break, or there is none at all
        stripped = (_folded(identifier.strip(), form) for identifier in identifiers)
        text = "\n".join(identifier for identifier in stripped if form.pattern.fullmatch(identifier))
    elif form.clean.fullmatch(text):
        return Sifted(text.encode(), len(identifiers), 0, [])
    valid: list[str] = form.pattern.findall(text) if text else []
    invalid = len(identifiers) - len(valid)
    sample = list(islice(_invalid(identifiers, form), LARGEST_SAMPLE)) if invalid else []
    return Sifted("\n".join(valid).encode(), len(valid), invalid, sample)


def _folded(text: str, form: Form) -> str:
    return text.lower() if form.folded else text


def _invalid(identifiers: list[str], form: Form) -> Iterator[str]:
    return (each for each in identifiers if not form.pattern.fullmatch(_folded(each.strip(), form)))
