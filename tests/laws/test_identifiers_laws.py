"""An identifier is valid or not by its form, and a contact list is a set of the valid ones."""

import string
from typing import Any

import pytest
from conftest import EMPTY, Client, engine_of
from hypothesis import given, settings
from hypothesis import strategies as st
from patience import PATIENT

BASE = engine_of(EMPTY)
TYPES = ("Email", "PhoneNumber", "UserIdentifier", "IdentityLink", "CustomerId", "Gum", "madid")
HOLDS = {"Gum": "UserIdentifier", "madid": "UserIdentifier"}
FOLDED = ("Email", "PhoneNumber", "madid")
HEX = "0123456789abcdef"
MOST = 50_000


def is_hash(text: str, *lengths: int) -> bool:
    return len(text) in lengths and set(text) <= set(HEX)


def is_address(text: str) -> bool:
    """Something, one `@`, and two or more labels with dots between them; no white space anywhere."""
    user, at, domain = text.partition("@")
    return bool(user and at) and "@" not in domain and domain.count(".") > 0 and all(domain.split("."))


def is_number(text: str) -> bool:
    digits = text[1:]
    return text[:1] == "+" and 7 <= len(digits) <= 15 and set(digits) <= set(string.digits) and digits[0] != "0"


def is_uuid(text: str) -> bool:
    parts = text.split("-")
    return [len(part) for part in parts] == [8, 4, 4, 4, 12] and all(set(part) <= set(HEX) for part in parts)


def held(kind: str, identifier: str) -> str | None:
    """The text that a list keeps an identifier as, or nothing if it is not a valid one."""
    text = identifier.strip()
    if kind in FOLDED:
        text = text.lower()
    if not text or "\n" in text or (kind != "CustomerId" and any(character.isspace() for character in text)):
        return None
    forms = {
        "Email": is_address(text) or is_hash(text, 32, 64),
        "PhoneNumber": is_number(text) or is_hash(text, 64),
        "madid": is_uuid(text),
    }
    return text if forms.get(kind, True) else None


SPACES = [character for character in map(chr, range(0x3001)) if character.isspace()]
spaces = st.just("") | st.just("") | st.sampled_from(SPACES) | st.text(SPACES, min_size=2, max_size=3)
words = st.text("abAB01", min_size=1, max_size=3)
domains = st.sampled_from([".io", ".co.uk", ".Ü", "", ".", "..io", ".io@x.io", "@.io"])
addresses = st.builds("{}@{}{}".format, words, words, domains)
spaced = st.builds("{}{}@x{}.i{}o".format, words, spaces, spaces, spaces)
numbers = st.builds(
    lambda prefix, digits: f"{prefix}{'491511234567890123'[:digits]}",
    st.sampled_from(["+", "+", "", "+0", "00"]),
    st.integers(5, 17),
)
hexes = st.builds(
    lambda letters, length: (letters * 22)[:length],
    st.text("0123456789abcdefABCDEF", min_size=3, max_size=3),
    st.sampled_from([31, 32, 32, 33, 63, 64, 64, 65]),
)
hashes = hexes | st.builds("{}{}".format, hexes, st.sampled_from("g\u0661\uff11"))
uuids = (
    st.uuids()
    .map(str)
    .flatmap(lambda text: st.sampled_from([text, text.upper(), text[1:], text.replace("-", ""), "g" + text[1:]]))
)
others = st.text(max_size=6) | st.sampled_from(
    ["", " ", "x y", "x\ny", "x\u2028y", "a@x.io\nb@x.io", "\u0130@x.io", "+49 1511234567"]
)
identifiers = st.builds("{}{}{}".format, spaces, addresses | spaced | numbers | hashes | uuids | others, spaces)
few = st.lists(identifiers, max_size=14)
types = st.sampled_from(TYPES)


def list_of(kind: str) -> tuple[Client, str]:
    client = Client(BASE.fork())
    return client, client.create_list("list", HOLDS.get(kind, kind))


def told(client: Client, segment: str, operation: str, sent: list[str], kind: str) -> dict[str, Any]:
    answer = client.amend(segment, operation, sent, identifierType=kind)
    assert answer.status == 200, answer.body
    return dict(answer.json()["data"]["attributes"])


def figures(client: Client, segment: str) -> tuple[int, int]:
    attributes = client.statistics(segment).json()["data"]["attributes"]
    return attributes["numberOfIdentifiers"], attributes["numberOfMatches"]


@given(kind=types, identifier=identifiers)
@settings(PATIENT, max_examples=600)
def test_one_identifier_is_valid_by_its_form(kind: str, identifier: str) -> None:
    client, segment = list_of(kind)
    answer = told(client, segment, "add", [identifier], kind)
    valid = held(kind, identifier) is not None
    assert (answer["nbValidIdentifiers"], answer["nbInvalidIdentifiers"]) == (valid, not valid)
    assert answer["sampleInvalidIdentifiers"] == ([] if valid else [identifier])
    assert figures(client, segment)[0] == valid


EDGES = [
    *(f"{prefix}{'4' * digits}" for prefix in ("+", "+0", "") for digits in (6, 7, 15, 16)),
    *(letter * length for letter in "aFg" for length in (31, 32, 33, 63, 64, 65)),
    *("@x.io", "a@x", "a@x.", "a@.io", "a@x..io", "a@x.io.", "a@b@x.io", "\u212a@x.io", "\u0130@x.io", "0", "\0", "\ufeff"),
    *("6d92078a-8246-4ba4-ae5b-76104861e7dc", "6D92078A82464BA4AE5B76104861E7DC", "6d92078a-8246-4ba4-ae5b-76104861e7d"),
    *(f"a{space}@x.io" for space in SPACES),
    *(f"{space}a@x.io{space}" for space in SPACES),
    *(f"a@x.io{space}b@x.io" for space in SPACES),
]


@pytest.mark.parametrize("kind", TYPES)
def test_the_edges_of_each_form_are_where_they_are_said_to_be(kind: str) -> None:
    client, segment = list_of(kind)
    for edge in EDGES:
        assert told(client, segment, "add", [edge], kind)["nbValidIdentifiers"] == (held(kind, edge) is not None), repr(edge)
        assert figures(client, segment)[0] == (held(kind, edge) is not None)
        told(client, segment, "remove", [edge], kind)


@given(kind=types, first=few, second=few)
@settings(PATIENT, max_examples=150)
def test_identifiers_are_judged_one_by_one_whatever_stands_beside_them(kind: str, first: list[str], second: list[str]) -> None:
    client, segment = list_of(kind)
    counts = []
    for sent in (first, second, first + second):
        answer = told(client, segment, "remove", sent, kind)
        counts.append((answer["nbValidIdentifiers"], answer["nbInvalidIdentifiers"]))
        assert sum(counts[-1]) == len(sent)
        invalid = [each for each in sent if held(kind, each) is None]
        assert counts[-1][1] == len(invalid)
        assert answer["sampleInvalidIdentifiers"] == invalid[:10]
    assert counts[2] == (counts[0][0] + counts[1][0], counts[0][1] + counts[1][1])


@given(kind=types, said=st.lists(st.tuples(st.booleans(), few), max_size=6))
@settings(PATIENT, max_examples=200)
def test_a_list_is_a_set_of_what_was_added_and_not_taken_out(kind: str, said: list[tuple[bool, list[str]]]) -> None:
    client, segment = list_of(kind)
    model: set[str] = set()
    for adding, sent in said:
        texts = {text for each in sent if (text := held(kind, each)) is not None}
        for _ in range(2):
            told(client, segment, "add" if adding else "remove", sent, kind)
            model = model | texts if adding else model - texts
            assert figures(client, segment)[0] == len(model)


def spoiled(text: str) -> list[str]:
    return [text, f" {text}", f"{text}\t", f"\r{text} ", text.upper(), text.swapcase(), f"{text}\n"]


@given(kind=types, users=st.lists(words, min_size=1, max_size=5), choice=st.lists(st.integers(0, 6), min_size=1, max_size=9))
@settings(PATIENT)
def test_spaces_around_never_count_and_case_only_where_it_makes_a_difference(
    kind: str, users: list[str], choice: list[int]
) -> None:
    plain = {"Email": "{}@x.io", "PhoneNumber": "+4915112345{:03d}", "madid": "6d92078a-8246-4ba4-ae5b-76104861e{:03d}"}
    form = plain.get(kind, "{}")
    named = [form.format(int(user.lower(), 12) % 1000 if "d}" in form else user) for user in users]
    client, segment = list_of(kind)
    told(client, segment, "add", named, kind)
    before = figures(client, segment)
    assert before[0] == len({name.lower() if kind in FOLDED else name for name in named})
    again = [spoiled(name)[at] for name in named for at in choice if kind in FOLDED or at not in (4, 5)]
    assert told(client, segment, "add", again, kind)["nbInvalidIdentifiers"] == 0
    assert figures(client, segment) == before
    told(client, segment, "remove", again, kind)
    assert figures(client, segment) == ((0, 0) if again else before)


customers = st.sets(st.integers(0, 400).map("customer {}".format), max_size=120)


@given(first=customers, second=customers, retailer=st.sampled_from(["12", "1234"]))
@settings(PATIENT, max_examples=60)
def test_matches_are_a_repeatable_count_over_the_set(first: set[str], second: set[str], retailer: str) -> None:
    client = Client(BASE.fork())
    here, there = (client.create_list(name, "CustomerId", retailer) for name in ("here", "there"))
    told(client, here, "add", sorted(first), "CustomerId")
    alone = figures(client, here)
    assert 0 <= alone[1] <= alone[0] == len(first)
    told(client, here, "add", sorted(second - first, reverse=True), "CustomerId")
    told(client, there, "add", [*second, *first], "CustomerId")
    assert figures(client, here) == figures(client, there), "the same set in another list of the retailer matches the same"
    told(client, there, "remove", sorted(first), "CustomerId")
    rest = figures(client, there)
    assert figures(client, here)[1] == alone[1] + rest[1], "what matches is counted identifier by identifier"
    told(client, here, "remove", sorted(second - first), "CustomerId")
    assert figures(client, here) == alone, "what was added and taken out again leaves no trace"


@pytest.mark.parametrize(("retailer", "rate"), [("12", 0.5), ("1234", 0.62), ("77", 0.0), ("78", 1.0)])
@pytest.mark.parametrize("seed", [0, 7])
def test_a_retailer_knows_about_its_share_of_all_identifiers(retailer: str, rate: float, seed: int) -> None:
    shops = [
        {"id": id, "name": id, "match_rate": share} for id, share in [("12", 0.5), ("1234", 0.62), ("77", 0.0), ("78", 1.0)]
    ]
    account = {**EMPTY["criteo"]["accounts"][0], "retailers": [shop["id"] for shop in shops]}
    client = Client(engine_of({"criteo": {**EMPTY["criteo"], "retailers": shops, "accounts": [account]}}, seed=seed))
    segment = client.create_list("list", "Email", retailer)
    told(client, segment, "add", [f"user{number}@x.io" for number in range(10_000)], "Email")
    assert figures(client, segment)[1] == pytest.approx(10_000 * rate, abs=0 if rate in (0, 1) else 250)


@pytest.mark.parametrize("sent", [[f"user{number}@x.io" for number in range(MOST)], ["a@x.io"] * MOST, ["?"] * MOST])
@pytest.mark.parametrize("operation", ["add", "remove"])
def test_fifty_thousand_are_taken_and_one_more_refuses_them_all(sent: list[str], operation: str) -> None:
    client, segment = list_of("Email")
    client.amend(segment, "add", ["before@x.io"])
    assert client.amend(segment, operation, [*sent, "before@x.io"]).status == 400
    assert figures(client, segment)[0] == 1
    answer = told(client, segment, operation, sent, "Email")
    assert answer["nbValidIdentifiers"] == (0 if sent[0] == "?" else MOST)
    assert figures(client, segment)[0] == 1 + len({each for each in sent if "@" in each} if operation == "add" else ())


@pytest.mark.parametrize("kind", TYPES)
def test_no_identifiers_are_no_mistake(kind: str) -> None:
    client, segment = list_of(kind)
    answer = told(client, segment, "add", [], kind)
    assert (answer["nbValidIdentifiers"], answer["nbInvalidIdentifiers"]) == (0, 0)
    assert figures(client, segment) == (0, 0)
