"""Wrong fakes: each is one change to a copy, which goes its own way and is caught by the check that is about it."""

from collections import Counter

import pytest

from mockserver.check.fresh import fresh_engine
from mockserver.check.lies.copies import Copies
from mockserver.check.lies.lie import TRUTH, Lie, catalogue, lie_named
from mockserver.check.lies.matrix import as_page
from mockserver.check.lies.self_test import SelfTest
from mockserver.check.lies.trial import Court, Verdict
from mockserver.check.suite import SUITE, selected
from mockserver.message import Response, compose
from mockserver.mistake import Mistake

LIES = catalogue()
COPIES = Copies()
SEARCH = "/2026-07/retail-media/accounts/625702934721171442/audience-segments/search?limit=3"
CREATE = "/preview/retail-media/accounts/625702934721171442/audience-segments/create"
NEW = {"data": [{"attributes": {"name": "One", "retailerId": "12", "contactList": {"identifierType": "Email"}}}]}


def logged_in(engine: object) -> dict[str, str]:
    form = {"grant_type": "client_credentials", "client_id": "demo-client", "client_secret": "demo-secret"}
    token = engine.handle(compose("POST", "/oauth2/token", form=form)).json()["access_token"]  # type: ignore[attr-defined]
    return {"authorization": f"Bearer {token}"}


def talked(engine: object) -> list[tuple[int, list[tuple[bytes, bytes]], bytes]]:
    """What an engine answers to this and that."""
    headers = logged_in(engine)
    asked = [
        compose("POST", SEARCH, json={"data": {"attributes": {}}}, headers=headers),
        compose("POST", CREATE, json=NEW, headers=headers),
        compose("POST", CREATE, json=NEW, headers=headers),
        compose("POST", CREATE, json={"data": [{}]}, headers=headers),
        compose("POST", SEARCH.replace("2026-07", "1999-13"), json={}, headers=headers),
        compose("GET", SEARCH),
        compose("POST", SEARCH, json={}, headers={"authorization": "Bearer nobody"}),
    ]
    answers: list[Response] = [engine.handle(each) for each in asked]  # type: ignore[attr-defined]
    return [(each.status, each.headers, each.body) for each in answers]


def test_there_are_many_lies_about_everything() -> None:
    assert len(LIES) >= 150
    assert len({lie.rules for lie in LIES}) >= 20
    assert Counter(lie.name for lie in LIES).most_common(1)[0][1] == 1
    assert [lie.name for lie in LIES if not lie.does.endswith(".")] == []


@pytest.mark.parametrize("file", sorted({lie.file for lie in LIES}))
def test_what_a_lie_replaces_is_there_once(file: str) -> None:
    for lie in LIES:
        if lie.file == file:
            assert lie.instead != lie.there
            assert lie.instead in lie.text
            assert file.endswith(".yaml") or compile(lie.text, file, "exec")


def test_the_operations_that_a_lie_is_about_are_operations() -> None:
    known = {operation for check in SUITE for operation in check.operations}
    assert {operation for lie in LIES for operation in lie.operations} <= known


def test_a_copy_without_a_lie_is_the_fake_to_the_letter() -> None:
    assert talked(COPIES.engine(TRUTH)) == talked(fresh_engine())


def test_a_lie_changes_its_own_copy_and_nothing_else() -> None:
    lie = Lie("", "", "", "providers/criteo/paging.py", '"totalItems": total,', '"totalItems": total + 1,')
    before, truth = talked(fresh_engine()), COPIES.engine(TRUTH)
    lying = COPIES.engine(lie)
    assert talked(lying) != before
    assert talked(truth) == talked(fresh_engine()) == before


def test_a_copy_takes_no_part_in_another() -> None:
    one, other = COPIES.engine(TRUTH), COPIES.engine(TRUTH)
    talked(one)
    assert talked(other) == talked(fresh_engine())


def test_a_lie_can_be_told_by_the_contract() -> None:
    lie = Lie("", "", "", "contracts/criteo/shared/problems.yaml", "      maximum: 500\n", "      maximum: 501\n")
    path = SEARCH.replace("limit=3", "limit=501")
    for engine, status in ((COPIES.engine(lie), 200), (COPIES.engine(TRUTH), 400)):
        assert engine.handle(compose("POST", path, json={}, headers=logged_in(engine))).status == status


def test_a_copy_does_not_notice_that_it_breaks_its_contract() -> None:
    lie = Lie("", "", "", "providers/criteo/paging.py", '"totalItems": total,', '"totalItems": "many",')
    engine = COPIES.engine(lie)
    answer = engine.handle(compose("POST", SEARCH, json={}, headers=logged_in(engine)))
    assert (answer.status, answer.json()["meta"]["totalItems"]) == (200, "many")


def test_a_text_that_is_not_there_is_told() -> None:
    with pytest.raises(Mistake, match=r"the lie gone replaces is 0 times in providers/criteo/paging\.py"):
        COPIES.engine(Lie("gone", "", "", "providers/criteo/paging.py", "no such text", ""))


def test_a_lie_that_is_none_is_told_with_the_nearest() -> None:
    with pytest.raises(Mistake, match=f"did you mean {LIES[0].name!r}"):
        lie_named(LIES[0].name + "s")


# One of each theme, chosen by what it changes.
@pytest.mark.parametrize("rules", sorted({lie.rules for lie in LIES}))
def test_a_lie_of_each_class_is_caught(rules: str) -> None:
    lie = next(each for each in LIES if each.rules == rules and not each.survives)
    verdict = Court(selected(["laws", "examples", "coverage"])).tried(lie)
    assert verdict.caught_by, f"{lie.name} is not caught"


def test_the_matrix_tells_every_lie_and_why_one_survives() -> None:
    lies = [
        Lie("caught", "paging", "It lies.", "a.py", "", ""),
        Lie("free", "paging", "It lies too.", "a.py", "", "", survives="nobody can see it"),
    ]
    test = SelfTest(lies, 20, [], [Verdict("caught", "laws/x", "", 0.1), Verdict("free", "", "", 0.1)])
    page = as_page(test)
    assert "1 of 2 lies caught (50.0%), no alarm at the truth in 20 seeds" in page
    assert "- `free`: It lies too. Not caught: nobody can see it" in page
    assert "`laws/x`" in page
    assert test.faults == ["50.0% of the lies are caught, not 95%"]


def test_a_survivor_nobody_explains_and_one_that_is_caught_are_faults() -> None:
    lies = [Lie("caught", "x", "", "", "", "", survives="they say"), Lie("free", "x", "", "", "", "")]
    test = SelfTest(lies, 1, ["seed 0: an alarm"], [Verdict("caught", "laws/x", "", 0.1), Verdict("free", "", "", 0.1)])
    assert test.faults[:3] == [
        "seed 0: an alarm",
        "free survives, and nobody says why",
        "caught is said to survive and is caught",
    ]
