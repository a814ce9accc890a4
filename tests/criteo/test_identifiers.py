"""Identifiers: which are valid, under which names their types are taken, and what is refused whole."""

from hashlib import md5, sha256
from typing import Any

import pytest
from conftest import EMPTY, Client, codes, engine_of

from mockserver.message import Response

IDENTIFIER_TYPES = ["Email", "UserIdentifier", "IdentityLink", "CustomerId", "PhoneNumber"]
HASHED = sha256(b"a@example.com").hexdigest()


def people(count: int, start: int = 0) -> list[str]:
    return [f"person{number}@example.com" for number in range(start, start + count)]


def counted(response: Response) -> tuple[int, int, list[str]]:
    """Valid, invalid and a sample of the invalid, as an add-remove answer tells."""
    data = response.json()["data"]
    return data["nbValidIdentifiers"], data["nbInvalidIdentifiers"], data["sampleInvalidIdentifiers"]


def held(client: Client, segment: str) -> int:
    return int(client.statistics(segment).json()["data"]["attributes"]["numberOfIdentifiers"])


def test_every_occurrence_in_a_request_is_counted_and_held_once(empty: Client) -> None:
    segment = empty.create_list("A list")
    assert counted(empty.amend(segment, "add", ["a@example.com"] * 3 + ["x"] * 2)) == (3, 2, ["x", "x"])
    assert held(empty, segment) == 1


def test_removing_judges_identifiers_like_adding(empty: Client) -> None:
    segment = empty.create_list("A list")
    assert counted(empty.amend(segment, "remove", ["a@example.com", "x"])) == (1, 1, ["x"])


def test_spaces_and_case_of_an_address_make_no_difference(empty: Client) -> None:
    segment = empty.create_list("A list")
    assert counted(empty.amend(segment, "add", ["a@example.com", " A@Example.com\t", "\na@example.com\r\n"]))[:2] == (3, 0)
    assert held(empty, segment) == 1


@pytest.mark.parametrize(
    ("identifier_type", "lower", "people"),
    [
        ("Email", "a@example.com", 1),
        ("Email", HASHED, 1),
        ("PhoneNumber", HASHED, 1),
        ("CustomerId", "customer a", 2),
        ("IdentityLink", "xy1006abc", 2),
        ("UserIdentifier", "cookie", 2),
    ],
)
def test_case_tells_people_apart_where_a_type_keeps_it(empty: Client, identifier_type: str, lower: str, people: int) -> None:
    segment = empty.create_list("A list", identifier_type)
    assert counted(empty.amend(segment, "add", [lower, lower.upper()]))[:2] == (2, 0)
    assert held(empty, segment) == people


def test_nothing_to_add_is_no_mistake(empty: Client) -> None:
    assert counted(empty.amend(empty.create_list("A list"), "add", [])) == (0, 0, [])


def test_at_most_ten_invalid_identifiers_are_shown_as_they_came(empty: Client) -> None:
    wrong = [f" wrong {number} " for number in range(13)]
    assert counted(empty.amend(empty.create_list("A list"), "add", wrong)) == (0, 13, wrong[:10])


VALID = {
    "Email": ["a@b.co", "A.B+c@sub.example.COM", "é@example.com", HASHED, HASHED.upper(), md5(b"a").hexdigest()],
    "UserIdentifier": ["f8d7a6c1-0b1e-4a53-9d5c-1c2d3e4f5a6b", "XY1234bR", "k-cookie_id"],
    "IdentityLink": ["XY1006Wzs7WHtVQ8", "Xi1006"],
    "CustomerId": ["1", "customer 17", "a@b.co", "ünï"],
    "PhoneNumber": ["+33612345678", "+14155550123", HASHED],
}
INVALID = {
    "Email": [
        "",
        " ",
        "a",
        "a@b",
        "a@@b.co",
        "a b@c.de",
        "@b.co",
        "a@.co",
        "a@b.",
        HASHED[:-1],
        HASHED + "0",
        "a@b.co\nc@d.co",
    ],
    "UserIdentifier": ["", " ", "two words", "two\nlines"],
    "IdentityLink": ["", "  "],
    "CustomerId": ["", " ", "two\nlines"],
    "PhoneNumber": ["", "0612345678", "+0612345678", "+33", "+33 6 12 34 56 78", md5(b"a").hexdigest(), "+3361234567890123"],
}


@pytest.mark.parametrize("identifier_type", IDENTIFIER_TYPES)
def test_identifiers_are_judged_by_the_form_of_their_type(empty: Client, identifier_type: str) -> None:
    segment = empty.create_list("A list", identifier_type)
    for identifier in VALID[identifier_type]:
        assert counted(empty.amend(segment, "add", [identifier])) == (1, 0, []), identifier
    for identifier in INVALID[identifier_type]:
        assert counted(empty.amend(segment, "add", [identifier])) == (0, 1, [identifier]), identifier


@pytest.mark.parametrize("identifier_type", IDENTIFIER_TYPES)
def test_a_batch_is_judged_like_its_identifiers_one_by_one(empty: Client, identifier_type: str) -> None:
    segment = empty.create_list("A list", identifier_type)
    valid, invalid = VALID[identifier_type], INVALID[identifier_type]
    mixed = [each for pair in zip(valid * len(invalid), invalid * len(valid), strict=True) for each in pair]
    half = len(mixed) // 2
    assert counted(empty.amend(segment, "add", mixed)) == (half, half, [each for each in mixed if each in invalid][:10])


@pytest.mark.parametrize("spelling", ["Email", "email", None])
def test_the_identifier_type_is_echoed_as_it_was_spelled(empty: Client, spelling: str | None) -> None:
    answer = empty.amend(empty.create_list("A list"), "add", people(1), identifierType=spelling)
    assert answer.json()["data"]["identifierType"] == (spelling or "Email")


@pytest.mark.parametrize("segment_type", IDENTIFIER_TYPES)
def test_without_an_identifier_type_the_segments_own_is_meant(empty: Client, segment_type: str) -> None:
    answer = empty.amend(empty.create_list("A list", segment_type), "add", VALID[segment_type])
    assert answer.json()["data"]["identifierType"] == segment_type
    assert counted(answer)[1] == 0


OLD_SPELLINGS = [("identityLink", "IdentityLink"), ("customerid", "CustomerId"), ("phoneNumber", "PhoneNumber")]


@pytest.mark.parametrize(("spelling", "segment_type"), [*OLD_SPELLINGS, ("gum", "UserIdentifier"), ("madid", "UserIdentifier")])
def test_the_spellings_of_earlier_documents_are_taken(empty: Client, spelling: str, segment_type: str) -> None:
    answer = empty.amend(empty.create_list("A list", segment_type), "add", [], identifierType=spelling)
    assert (answer.status, answer.json()["data"]["identifierType"]) == (200, spelling)


@pytest.mark.parametrize("spelling", ["EMAIL", "eMail", "PHONENUMBER", "MadId", "GUM"])
def test_the_identifier_type_is_taken_in_any_case(empty: Client, spelling: str) -> None:
    kind = {"email": "Email", "phonenumber": "PhoneNumber"}.get(spelling.lower(), "UserIdentifier")
    answer = empty.amend(empty.create_list("A list", kind), "add", [], identifierType=spelling)
    assert (answer.status, answer.json()["data"]["identifierType"]) == (200, spelling)


def test_gum_and_mobile_ids_go_into_lists_of_user_identifiers_by_their_own_form(empty: Client) -> None:
    segment = empty.create_list("A list", "UserIdentifier")
    mobile = "F8D7A6C1-0B1E-4A53-9D5C-1C2D3E4F5A6B"
    assert counted(empty.amend(segment, "add", [mobile, "cookie"], identifierType="madid")) == (1, 1, ["cookie"])
    assert counted(empty.amend(segment, "add", ["cookie"], identifierType="Gum")) == (1, 0, [])
    assert held(empty, segment) == 2


@pytest.mark.parametrize("identifier_type", ["PhoneNumber", "Gum", "madid", "customerId"])
def test_identifiers_of_another_type_are_refused_whole(empty: Client, identifier_type: str) -> None:
    segment = empty.create_list("A list", "Email")
    answer = empty.amend(segment, "add", people(1), identifierType=identifier_type)
    assert (answer.status, codes(answer, "errors")) == (400, ["invalid"])
    assert answer.json()["errors"][0]["source"] == {"identifierType": "data/attributes/identifierType"}
    assert held(empty, segment) == 0


def test_a_reading_accepts_identifiers_of_another_type() -> None:
    client = Client(engine_of(EMPTY, readings={"identifier-type-mismatch": "accepted"}))
    segment = client.create_list("A list", "Email")
    assert counted(client.amend(segment, "add", ["+33612345678", *people(1)], identifierType="PhoneNumber"))[:2] == (1, 1)
    assert held(client, segment) == 1


@pytest.mark.parametrize("identifier_type", ["Unknown", "", "Phone", 5])
def test_an_identifier_type_that_is_none_is_refused(empty: Client, identifier_type: Any) -> None:
    answer = empty.amend(empty.create_list("A list"), "add", [], identifierType=identifier_type)
    assert (answer.status, codes(answer, "errors")) == (400, ["invalid"])


@pytest.mark.parametrize("operation", ["", "Addd", "delete", None, 1])
def test_an_operation_that_is_none_is_refused(empty: Client, operation: Any) -> None:
    assert empty.amend(empty.create_list("A list"), operation, []).status == 400


@pytest.mark.parametrize("missing", ["operation", "identifiers"])
def test_operation_and_identifiers_are_required(empty: Client, missing: str) -> None:
    attributes = {"operation": "add", "identifiers": []}
    del attributes[missing]
    path = f"/audience-segments/{empty.create_list('A list')}/contact-list/add-remove"
    answer = empty.ask("POST", path, {"data": {"attributes": attributes}})
    problem = answer.json()["errors"][0]
    assert (answer.status, problem["code"], problem["title"]) == (400, "required-field", f"{missing} is required")


@pytest.mark.parametrize("identifiers", ["a@b.co", [5], [None], {}, None])
def test_identifiers_that_are_no_list_of_text_are_refused(empty: Client, identifiers: Any) -> None:
    answer = empty.amend(empty.create_list("A list"), "add", identifiers)
    assert (answer.status, codes(answer, "errors")) == (400, ["invalid"])


def test_members_that_other_clients_send_are_ignored(empty: Client) -> None:
    answer = empty.amend(empty.create_list("A list"), "add", [], internalIdentifiers=False, gumCallerId="123")
    assert answer.status == 200
