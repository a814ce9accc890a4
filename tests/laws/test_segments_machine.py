"""Whatever is done to an account's segments, in whichever version and world, every answer is what a model of it says."""

from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import Any

from conftest import TODAY, Client, engine_of
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from patience import PATIENT
from segment_model import READ_ONLY, WORLD, Model, Objection, founded, iso
from segment_requests import (
    UNDATED,
    VERSIONS,
    amendments,
    changes,
    creations,
    event_changes,
    fits,
    picked,
    picked_events,
    picked_filled,
    picked_list,
    picks,
    sound_creations,
    spelled,
    spoken,
    versions,
)

from mockserver.clock import parse_moment
from mockserver.engine import Engine
from mockserver.message import Response

BASE = engine_of(WORLD)
Items = list[dict[str, Any]]
Amendment = tuple[int, str, list[str], str | int | None]


@dataclass
class Timeline:
    """A world, what it should be like now, and what it should be like once reset."""

    client: Client
    model: Model
    origin: Model

    @classmethod
    def of(cls, engine: Engine, model: Model) -> "Timeline":
        return cls(Client(engine), model, model.copy())


@cache
def known(retailer: str, text: str) -> int:
    """Whether a retailer knows an identifier, as a world of its own tells when asked for this one alone."""
    client = Client(BASE.fork())
    segment = client.create_list("asked", "CustomerId", retailer)
    client.amend(segment, "add", [text])
    return int(client.statistics(segment).json()["data"]["attributes"]["numberOfMatches"])


def statistics(model: Model, id: int) -> dict[str, Any]:
    held, retailer = model.lists[id], model.segments[id]["retailerId"]
    identifiers = held.founded[0] + len(held.texts)
    matches = held.founded[1] + sum(known(retailer, text) for text in held.texts)
    rate = matches / identifiers if identifiers else 0
    return {"numberOfIdentifiers": identifiers, "numberOfMatches": matches, "matchRate": rate}


def resource(id: int, attributes: dict[str, Any]) -> dict[str, Any]:
    return {"id": str(id), "type": "AudienceSegment", "attributes": attributes}


def assert_agreement(here: Timeline, version: str) -> None:
    """A world holds exactly what its model holds, and so do its contact lists."""
    here.client.version = version
    found = here.client.search("?limit=500").json()
    assert found["data"] == [resource(id, here.model.segments[id]) for id in sorted(here.model.segments)]
    assert found["meta"]["totalItems"] == len(here.model.segments)
    for id in here.model.lists:
        assert here.client.statistics(id).json()["data"]["attributes"] == statistics(here.model, id)


def assert_partial_approval(answer: Response, submitted: int, objections: Counter[Objection], version: str) -> None:
    """A bulk answer's good items and the items its problems name are, together, what was submitted."""
    assert answer.status == 200, answer.body
    body = answer.json()
    listed, empty = ("errors", "warnings") if version in UNDATED else ("warnings", "errors")
    assert body[empty] == []
    blamed = [(field, pointer, problem["code"]) for problem in body[listed] for field, pointer in problem["source"].items()]
    assert Counter((pointer, code) for _, pointer, code in blamed) == objections
    assert len(blamed) == len(body[listed])
    assert all(pointer.endswith(f"/{field}") for field, pointer, _ in blamed)
    assert len(body["data"]) + len({pointer.split("/")[1] for _, pointer, _ in blamed}) == submitted


class Segments(RuleBasedStateMachine):
    """One account in several worlds, of which one at a time is worked in."""

    def __init__(self) -> None:
        super().__init__()
        self.here = Timeline.of(BASE.fork(), founded(parse_moment(TODAY)))
        self.elsewhere: list[Timeline] = []
        self.steps = 0

    def by(self, version: str) -> Client:
        self.here.client.version = version
        return self.here.client

    @initialize(
        items=st.lists(sound_creations, min_size=2, max_size=4),
        said=st.lists(amendments, min_size=1, max_size=4),
        version=versions,
    )
    def begin(self, items: Items, said: list[Amendment], version: str) -> None:
        self.create(items, version)
        self.amend(said, version)

    @rule(items=st.lists(creations, max_size=4), version=versions)
    def create(self, items: Items, version: str) -> None:
        expected, objections = self.here.model.create(items)
        answer = self.by(version).create(*items)
        assert_partial_approval(answer, len(items), objections, version)
        for each, attributes in zip(answer.json()["data"], expected, strict=True):
            assert each == resource(int(each["id"]), attributes)
            assert int(each["id"]) > self.here.model.newest, "an id is above every other"
            self.here.model.keep(int(each["id"]), attributes)

    @rule(items=st.lists(st.tuples(picks, st.none() | changes), min_size=1, max_size=4), version=versions)
    def update(self, items: list[tuple[int, dict[str, Any] | None]], version: str) -> None:
        self.send_update([{"id": picked(self.here.model, pick), "attributes": said} for pick, said in items], version)

    @rule(said=st.lists(event_changes, min_size=1, max_size=3), pick=picks, version=versions)
    def update_events(self, said: Items, pick: int, version: str) -> None:
        ids = picked_events(self.here.model)
        self.send_update([{"id": ids[pick % len(ids)], "attributes": {"events": each}} for each in said if ids], version)

    def send_update(self, said: Items, version: str) -> None:
        changed, objections = self.here.model.update(said)
        answer = self.by(version).update(*said)
        assert_partial_approval(answer, len(said), objections, version)
        assert answer.json()["data"] == [resource(id, attributes) for id, attributes in changed]

    @rule(chosen=st.lists(picks, max_size=2), version=versions)
    def delete(self, chosen: list[int], version: str) -> None:
        ids = [picked(self.here.model, pick) for pick in chosen]
        going, objections = self.here.model.delete(ids)
        answer = self.by(version).delete(*ids)
        assert_partial_approval(answer, len(ids), objections, version)
        assert answer.json()["data"] == [{"id": str(id), "type": "AudienceSegment"} for id in going]

    @rule(pick=picks, bad=st.integers(0, 3), version=versions)
    def send_what_cannot_be_read(self, pick: int, bad: int, version: str) -> None:
        """One item that breaks the contract refuses the whole request, the sound items with it."""
        created = {"name": "never", "retailerId": "12", "contactList": {"identifierType": "Email"}}
        updated = {"id": picked(self.here.model, pick), "attributes": {"name": "never"}}
        events = {"shopperActivity": "View", "lookbackDays": "Last7Days", "categoryIds": [""]}
        wrong = [{"name": 5}, {"retailerId": None}, {"contactList": {"identifierType": "e-mail"}}, {"events": events}][bad % 4]
        changed = [{"description": "text"}, {"name": None}][bad % 2]
        assert self.by(version).create(created, created | wrong).status == 400
        assert self.by(version).update(updated, {"id": "5", "attributes": changed}).status == 400
        assert self.by(version).delete(updated["id"], "").status == 400

    @rule(
        chosen=st.none() | st.lists(picks, max_size=4),
        retailers=st.none() | st.lists(st.sampled_from(["12", 1234, "77"]), max_size=3),
        kinds=st.none() | st.lists(st.sampled_from(["ContactList", "Events", "Unknown"]), max_size=3),
        offset=st.integers(0, 6) | st.just(10**9),
        limit=st.none() | st.integers(0, 5) | st.just(500),
        version=versions,
    )
    def search(self, chosen: Any, retailers: Any, kinds: Any, offset: int, limit: int | None, version: str) -> None:
        ids = None if chosen is None else [picked(self.here.model, pick) for pick in chosen]
        expected = self.here.model.search(ids, retailers, kinds)
        query = f"?offset={offset}" + ("" if limit is None else f"&limit={limit}")
        filters = {"audienceSegmentIds": ids, "retailerIds": retailers, "audienceSegmentTypes": kinds}
        answer = self.by(version).search(query, **filters).json()
        size = 50 if limit is None else limit
        assert answer["meta"] == {"totalItems": len(expected), "limit": size, "offset": offset}
        page = expected[offset : offset + size]
        assert answer["data"] == [resource(id, self.here.model.segments[id]) for id in page]
        assert answer["errors"] == answer["warnings"] == []

    @rule(
        size=st.integers(1, 4),
        retailers=st.sampled_from([None, ["12"], ["1234", 12]]),
        kinds=st.sampled_from([None, ["ContactList"], ["Events", "ContactList"]]),
        version=versions,
    )
    def read_through(self, size: int, retailers: Any, kinds: Any, version: str) -> None:
        """Pages, joined, are the whole: each segment once, by ascending number."""
        expected = self.here.model.search(None, retailers, kinds)
        joined: list[str] = []
        for offset in range(0, len(expected) + size, size):
            query = f"?offset={offset}&limit={size}"
            answer = self.by(version).search(query, retailerIds=retailers, audienceSegmentTypes=kinds)
            joined += [each["id"] for each in answer.json()["data"]]
        assert joined == [str(id) for id in expected]

    @rule(said=st.lists(amendments, min_size=1, max_size=4), version=versions)
    def amend(self, said: list[Amendment], version: str) -> None:
        for pick, operation, identifiers, choice in said:
            self.send(version, picked_list(self.here.model, pick), operation, identifiers, choice)

    @rule(said=st.lists(amendments, min_size=1, max_size=4), version=versions)
    def amend_what_holds_something(self, said: list[Amendment], version: str) -> None:
        for pick, operation, identifiers, choice in said:
            if (id := picked_filled(self.here.model, pick)) is not None:
                self.send(version, id, operation, identifiers, choice)

    def send(self, version: str, id: int, operation: str, identifiers: list[str], choice: str | int | None) -> None:
        if operation == "clear":
            self.clear(version, id)
            return
        holds = self.here.model.segments.get(id, {}).get("contactList", {}).get("identifierType", "Email")
        spelling = spelled(holds, choice)
        answer = self.by(version).amend(id, operation, identifiers, identifierType=spelling)
        status = self.refusal(id) or (200 if fits(holds, spelling) else 400)
        assert answer.status == status
        if status == 200:
            self.amended(answer, id, operation, identifiers, spelling)

    def amended(self, answer: Response, id: int, operation: str, sent: list[str], spelling: str | None) -> None:
        """Valid and invalid identifiers are all there were, and what changes is a set."""
        holds, held = self.here.model.segments[id]["contactList"]["identifierType"], self.here.model.lists[id]
        valid = spoken(holds, spelling)
        invalid = [text for text in sent if text not in valid]
        expected = {
            "contactListId": id,
            "operation": operation,
            "requestDate": iso(self.here.model.now),
            "identifierType": spelling or holds,
            "nbValidIdentifiers": len(sent) - len(invalid),
            "nbInvalidIdentifiers": len(invalid),
            "sampleInvalidIdentifiers": invalid[:10],
        }
        assert answer.json()["data"]["attributes"] == expected
        assert {name: answer.json()["data"][name] for name in expected} == expected
        texts = {valid[text] for text in sent if text in valid}
        held.texts = held.texts | texts if operation == "add" else held.texts - texts

    def refusal(self, id: int) -> int | None:
        """The status with which something refuses to be written to as a list, if it does."""
        if id in self.here.model.lists:
            return 403 if id == READ_ONLY else None
        return 400 if id in self.here.model.segments else 403

    def clear(self, version: str, id: int) -> None:
        answer = self.by(version).ask("POST", f"/audience-segments/{id}/contact-list/clear")
        assert answer.status == (self.refusal(id) or 200)
        if answer.status == 200:
            assert answer.json()["data"] == {"type": "ContactListAudienceSegment", "id": str(id)}
            self.here.model.lists[id].founded, self.here.model.lists[id].texts = (0, 0), set()

    @rule(seconds=st.sampled_from([0, 0.125, 0.5, 1, 60, 899, 900, 86_400, 90 * 86_400]))
    def advance(self, seconds: float) -> None:
        self.here.client.engine.world.clock.advance(seconds)
        self.here.model.now += seconds
        self.here.client.token = None

    @rule(stay=st.booleans())
    def fork(self, stay: bool) -> None:
        twin = Timeline.of(self.here.client.engine.fork(), self.here.model.copy())
        self.elsewhere = [*self.elsewhere[-2:], twin if stay else self.here]
        self.here = self.here if stay else twin

    @rule(index=st.integers(0, 9))
    def go_elsewhere_or_back_to_the_beginning(self, index: int) -> None:
        if index == 9:
            self.here.client.engine.world.reset()
            self.here.client.token, self.here.model = None, self.here.origin.copy()
        elif self.elsewhere:
            index %= len(self.elsewhere)
            self.here, self.elsewhere[index] = self.elsewhere[index], self.here

    @invariant()
    def this_world_is_as_its_model_says(self) -> None:
        self.steps += 1
        assert_agreement(self.here, VERSIONS[self.steps % len(VERSIONS)])

    def teardown(self) -> None:
        for world in self.elsewhere:
            assert_agreement(world, VERSIONS[0])


def test_an_account_answers_as_its_model_does() -> None:
    run_state_machine_as_test(Segments, settings=settings(PATIENT, max_examples=500, stateful_step_count=40))
