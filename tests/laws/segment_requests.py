"""What is asked of segments and contact lists in the laws: sound, flawed and out of place, by turns."""

from operator import or_
from typing import Any

from hypothesis import strategies as st
from segment_model import FOREIGN, READ_ONLY, Model

UNDATED = ("preview", "experimental")
VERSIONS = ("2026-07", "2026-01", "2027-01", *UNDATED, "2025-10")

versions = st.sampled_from(VERSIONS)
picks = st.integers(0, 60)
names = st.sampled_from(
    ["a", "A", "b", "b ", "Theirs", "Founded", "Founded list", "Founded list 2", "é" * 256, "n" * 257, "", " \t"]
) | st.text(max_size=9)
descriptions = st.sampled_from([None, "", "d", "ü" * 500, "d" * 501])
kinds = st.sampled_from(["Email", "Email", "UserIdentifier", "UserIdentifier", "IdentityLink", "CustomerId", "PhoneNumber"])
prices = st.sampled_from([0, 1, 2.5, 5, 5.0])
some_ids = st.lists(st.sampled_from([1, "1", "2", 30]), unique_by=repr, min_size=1, max_size=3)
many_ids = some_ids | st.sampled_from([None, []])
activities = st.sampled_from(["View", "Buy", "AddToCart"])
windows = st.sampled_from(["Last7Days", "Last180Days"])

event_settings = st.fixed_dictionaries(
    {
        "shopperActivity": activities,
        "lookbackDays": windows,
        "categoryIds": some_ids | many_ids,
        "minPrice": st.none() | prices,
    },
    optional={"brandIds": many_ids, "maxPrice": prices | st.none()},
)
list_settings = st.fixed_dictionaries({"identifierType": kinds})
common = st.fixed_dictionaries(
    {"name": names, "retailerId": st.sampled_from(["12", 12, "1234", "1234", "1234", "77", "nowhere"])},
    optional={"description": descriptions},
)
as_list = st.fixed_dictionaries({"contactList": list_settings}, optional={"events": st.none()})
as_events = st.fixed_dictionaries({"events": event_settings}, optional={"contactList": st.none()})
as_both = st.fixed_dictionaries({"events": event_settings, "contactList": list_settings | st.just({})})
as_neither = st.sampled_from([{}, {"contactList": None}, {"events": None}, {"contactList": {}}])
creations = st.builds(or_, common, as_list | as_events | as_events | as_both | as_neither)
sound_creations = st.builds(
    lambda name, retailer, kind: {"name": name, "retailerId": retailer, **kind},
    st.text("abcd", min_size=1, max_size=3),
    st.sampled_from(["12", "1234"]),
    as_list,
)

nillable_prices = st.none() | st.just({}) | st.fixed_dictionaries({"value": st.none() | prices})
event_changes = st.fixed_dictionaries(
    {},
    optional={
        "shopperActivity": activities,
        "lookbackDays": windows,
        "categoryIds": many_ids,
        "brandIds": many_ids,
        "minPrice": nillable_prices,
        "maxPrice": nillable_prices,
    },
)
changes = st.fixed_dictionaries(
    {},
    optional={
        "name": names,
        "description": st.none() | st.just({}) | st.fixed_dictionaries({"value": descriptions}),
        "contactList": st.sampled_from([None, {}, {"identifierType": "Email"}]),
        "events": st.none() | event_changes,
    },
)

MD5, PHONE, AD_ID = "0cc175b9c0f1b6a831c399e269772661", "+4915112345678", "6d92078a-8246-4ba4-ae5b-76104861e7dc"
SHA256 = MD5 + MD5
_WORDS = ("ann@x.io", " Ann@X.IO ", "bob@x.io", MD5, MD5.upper(), SHA256, PHONE, f"{PHONE}\t", AD_ID, AD_ID.upper(), "c1")
_ONE_WORD = {text: text.strip() for text in _WORDS}
SPOKEN = {
    "Email": {
        "ann@x.io": "ann@x.io",
        " Ann@X.IO ": "ann@x.io",
        "bob@x.io": "bob@x.io",
        MD5: MD5,
        MD5.upper(): MD5,
        SHA256: SHA256,
    },
    "PhoneNumber": {PHONE: PHONE, f"{PHONE}\t": PHONE, SHA256: SHA256},
    "UserIdentifier": _ONE_WORD,
    "IdentityLink": _ONE_WORD,
    "Gum": _ONE_WORD,
    "madid": {AD_ID: AD_ID, AD_ID.upper(): AD_ID},
    "CustomerId": _ONE_WORD | {"c 1": "c 1", "\tc 1": "c 1"},
}
"""By type, the identifiers that are sent here and valid, each with the text it counts as; all others are not valid."""
SENT = [*sorted({text for spoken in SPOKEN.values() for text in spoken}), "", "  ", "ann@x.io\nbob@x.io"]
_SPELLINGS = {
    "Email": ("Email", "email"),
    "PhoneNumber": ("PhoneNumber", "phoneNumber"),
    "UserIdentifier": ("UserIdentifier", "userIdentifier", "Gum", "gum", "madid"),
}
"""By what a list holds, what may be added to it, as it may be spelled."""

identifiers = st.lists(st.sampled_from(SENT), max_size=14)
amendments = st.tuples(
    picks,
    st.sampled_from(["add", "add", "add", "remove", "remove", "clear"]),
    identifiers,
    st.none() | st.integers(0, 4) | st.sampled_from(["Email", "phoneNumber"]),
)


def picked(model: Model, pick: int) -> Any:
    """Some id: of a segment, of one that went, of somebody else's, of none."""
    ids: list[Any] = [*sorted(model.segments, reverse=True), *model.gone[-2:], FOREIGN, 5, "abc", "-1"]
    id = ids[pick % len(ids)]
    return str(id) if pick % 3 else id


def picked_list(model: Model, pick: int) -> int:
    """Some list that can be written to, now and then something that is none."""
    lists = sorted(set(model.lists) - {READ_ONLY}, reverse=True)
    others = [READ_ONLY, FOREIGN, *picked_events(model), *model.gone[-1:]]
    return others[pick // 5 % len(others)] if pick % 5 == 4 or not lists else lists[pick % len(lists)]


def picked_filled(model: Model, pick: int) -> int | None:
    """Some list with something in it, if there is one."""
    filled = [id for id, held in model.lists.items() if held.texts]
    return filled[pick % len(filled)] if filled else None


def picked_events(model: Model) -> list[int]:
    """The segments that are no contact lists."""
    return sorted(set(model.segments) - set(model.lists), reverse=True)


def spelled(holds: str, choice: str | int | None) -> str | None:
    """A type said in a request: as told, or one that fits a list holding these."""
    spellings = _SPELLINGS.get(holds, (holds,))
    return spellings[choice % len(spellings)] if isinstance(choice, int) else choice


def fits(holds: str, spelling: str | None) -> bool:
    return spelling is None or spelling in _SPELLINGS.get(holds, (holds,))


def spoken(holds: str, spelling: str | None) -> dict[str, str]:
    """The identifiers that are valid in such a request, each with the text it counts as."""
    named = {name.lower(): texts for name, texts in SPOKEN.items()}
    return named[(spelling or holds).lower()]
