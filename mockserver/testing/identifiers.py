"""Identifiers as retailers send them, in clear and hashed, and as they get them wrong; by type."""

from collections.abc import Callable, Mapping
from hashlib import md5, sha256
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from mockserver.providers.criteo.identifiers import HELD_AS, SPELLINGS

_PEOPLE = ("ann", "bob.lee", "chloé", "d-fischer", "e_novak", "farid+news", "grace.o'hara", "h")
_DOMAINS = ("x.io", "mail.example", "post.example.co.uk", "ümlaut.example")
_LARGEST = 2**32


def _md5(text: str) -> str:
    return md5(text.encode(), usedforsecurity=False).hexdigest()


def _sha256(text: str) -> str:
    return sha256(text.encode()).hexdigest()


_WAYS: Mapping[str, Callable[[str], str]] = {
    "plain": str,
    "upper": str.upper,
    "spaced": " {}\t".format,
    "md5": _md5,
    "sha256": _sha256,
    "sha256 of md5": lambda text: _sha256(_md5(text)),
    "upper sha256": lambda text: _sha256(text).upper(),
}


def _written(text: str, way: str) -> str:
    """A text in clear, louder, spaced out or hashed."""
    return _WAYS[way](text)


def _ways(texts: SearchStrategy[str], ways: str) -> SearchStrategy[str]:
    return st.builds(_written, texts, st.sampled_from(ways.split(", ")))


_numbers = st.integers(0, _LARGEST)
_addresses = st.builds(
    lambda person, domain, number: f"{person}{number or ''}@{domain}",
    st.sampled_from(_PEOPLE),
    st.sampled_from(_DOMAINS),
    st.integers(0, 9999),
)
_phones = st.integers(10**6, 10**15 - 1).map("+{}".format)
_ad_ids = st.integers(0, 2**128 - 1).map(lambda number: str(UUID(int=number)))
_cookies = _numbers.map("k-{}".format)
_ramp_ids = _numbers.map(lambda number: f"XY{_sha256(str(number))[:46]}")
_cards = st.builds("{}{}".format, st.sampled_from(["", "card ", "C-", "№ ", "会員"]), _numbers)

VALID: Mapping[str, SearchStrategy[str]] = {
    "Email": _ways(_addresses, "plain, upper, spaced, md5, sha256, sha256 of md5, upper sha256"),
    "PhoneNumber": _ways(_phones, "plain, spaced, sha256, upper sha256"),
    "MobileAdId": _ways(_ad_ids, "plain, upper, spaced"),
    "UserIdentifier": _ways(_cookies | _ad_ids | _ramp_ids, "plain, upper, spaced, sha256"),
    "IdentityLink": _ways(_ramp_ids, "plain, spaced"),
    "Gum": _ways(_cookies, "plain, spaced, md5"),
    "CustomerId": _ways(_cards, "plain, spaced, md5"),
}
"""Identifiers of each type that are valid."""

_NOTHING = ("", "   ")
_BROKEN: tuple[str, ...] = (*_NOTHING, "ann\nbob")
MALFORMED: Mapping[str, tuple[str, ...]] = {
    "Email": ("ann", "ann@x", "ann@@x.io", "ann@x..io", "0cc175b9c0f1b6a831c399e26977266", "a n@x.io", *_BROKEN),
    "PhoneNumber": ("015112345678", "+012345678", "+12345", "+49 151 1234567", "ann@x.io", *_BROKEN),
    "MobileAdId": ("6d920788246-4ba4-ae5b-76104861e7dc", "{6d92078a-8246-4ba4-ae5b-76104861e7dc}", "gaid", *_BROKEN),
    "UserIdentifier": ("two words", *_BROKEN),
    "IdentityLink": ("two words", *_BROKEN),
    "Gum": ("two words", *_BROKEN),
    "CustomerId": _BROKEN,
}
"""Texts that are no identifiers of each type."""

_DOCUMENTED = ("IdentityLink", "Email", "UserIdentifier", "CustomerId", "PhoneNumber", "Gum", "madid")


def spellings(holds: str) -> list[str]:
    """How the type may be called when a list that holds `holds` is amended."""
    fitting = [name for name in _DOCUMENTED if HELD_AS.get(SPELLINGS[name.lower()], SPELLINGS[name.lower()]) == holds]
    return [spelling for name in fitting for spelling in (name, name[0].lower() + name[1:])]


def kind(spelling: str) -> str:
    """The type that a spelling means."""
    return SPELLINGS[spelling.lower()]
