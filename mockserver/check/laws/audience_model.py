"""What an account's audiences should be like: plain values, changed by the documented rules, item by item.

It knows nothing of the contract or of the fake, and only of audiences that were made through it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mockserver.check.laws.refusals import Problem
from mockserver.check.laws.segment_model import BOTH_CHANNELS, Attributes, Segments, forgotten, id_text, naming_flaws, nillable

DEEPEST = 32
_MEMBERS = ("audienceSegmentId", "and", "or", "not")


@dataclass(slots=True)
class Audiences:
    """The audiences of an account by id, without their times, and the segments that there are for them."""

    segments: Segments
    held: dict[str, Attributes] = field(default_factory=dict)

    def create(self, items: Sequence[Mapping[str, Any]]) -> tuple[list[Attributes], list[Problem]]:
        """What should come of a creation: the sound ones, yet to be kept, and what is wrong with the others."""
        kept: list[Attributes] = []
        problems: list[Problem] = []
        for position, said in enumerate(items):
            place = f"data/{position}/attributes"
            drafted = self._drafted(said)
            wrong = [*self._flaws(drafted, (*self.held.values(), *kept), place), *self._algebra_flaws(said, drafted, place)]
            problems += wrong
            if not wrong:
                kept.append({**drafted, "algebra": understood(said["algebra"])})
        return kept, problems

    def update(self, items: Sequence[Mapping[str, Any]]) -> tuple[list[tuple[str, Attributes]], list[Problem]]:
        """Change what should change: the changed, as each then is, and what is wrong with the other items."""
        kept: list[tuple[str, Attributes]] = []
        problems: list[Problem] = []
        for position, item in enumerate(items):
            id, said, place = id_text(item["id"]), item.get("attributes") or {}, f"data/{position}/attributes"
            if id not in self.held:
                problems.append((f"data/{position}/id", "audience-not-found"))
                continue
            old = self.held[id]
            changed = {
                **old,
                "name": said.get("name", old["name"]),
                "description": nillable(said, "description", old["description"]),
            }
            others = [each for other, each in self.held.items() if other != id]
            wrong = [*self._flaws(changed, others, place), *self._algebra_flaws(said, old, place)]
            problems += wrong
            if not wrong:
                algebra = old["algebra"] if said.get("algebra") is None else understood(said["algebra"])
                self.held[id] = {**changed, "algebra": algebra}
                kept.append((id, self.held[id]))
        return kept, problems

    def delete(self, ids: Sequence[Any]) -> tuple[list[str], list[Problem]]:
        """Forget what should be gone: the ids of these, and what is wrong with the others."""
        return forgotten(self.held, ids, "audience-not-found")

    def found(self, filters: Mapping[str, Any]) -> list[str]:
        """The ids of those that match every filter, in ascending order."""
        ids, retailers, segments = (
            [id_text(each) for each in filters.get(name) or ()] for name in ("audienceIds", "retailerIds", "audienceSegmentIds")
        )
        matching = (
            id
            for id, each in self.held.items()
            if (not ids or id in ids)
            and (not retailers or each["retailerId"] in retailers)
            and (not segments or not segments_in(each["algebra"]).isdisjoint(segments))
        )
        return sorted(matching, key=int)

    def users(self, segment: str) -> list[str]:
        """The audiences whose algebra mentions a segment."""
        return [id for id, each in self.held.items() if segment in segments_in(each["algebra"])]

    def usable(self, retailer: str) -> set[str]:
        """The segments that an audience of a retailer can be made of."""
        return {id for id, each in self.segments.held.items() if each["retailerId"] == retailer}

    def _drafted(self, said: Mapping[str, Any]) -> Attributes:
        return {
            "name": said["name"],
            "description": said.get("description"),
            "accountId": self.segments.account,
            "retailerId": id_text(said["retailerId"]),
            "createdById": None,
            "channels": BOTH_CHANNELS,
        }

    def _flaws(self, audience: Attributes, others: Sequence[Attributes], place: str) -> Iterator[Problem]:
        name = self.segments.compared(audience["name"])
        yield from naming_flaws(
            audience, {each["name"] for each in others if self.segments.compared(each["name"]) == name}, place
        )
        if audience["retailerId"] not in self.segments.retailers:
            yield f"{place}/retailerId", "retailer-not-found"

    def _algebra_flaws(self, said: Mapping[str, Any], audience: Attributes, place: str) -> Iterator[Problem]:
        if said.get("algebra") is not None:
            yield from algebra_flaws(said["algebra"], self.usable(audience["retailerId"]), f"{place}/algebra")


def algebra_flaws(node: Mapping[str, Any], usable: set[str], place: str, depth: int = 1) -> Iterator[Problem]:
    """Everything that is wrong with an algebra over the segments that can be used."""
    members = _present(node)
    if len(members) != 1 or depth > DEEPEST:
        yield place, "invalid"
    elif members == ["audienceSegmentId"]:
        if str(node["audienceSegmentId"]) not in usable:
            yield f"{place}/audienceSegmentId", "segment-not-found"
    elif members == ["not"]:
        yield from algebra_flaws(node["not"], usable, f"{place}/not", depth + 1)
    elif not node[members[0]]:
        yield f"{place}/{members[0]}", "invalid"
    else:
        for position, each in enumerate(node[members[0]]):
            yield from algebra_flaws(each, usable, f"{place}/{members[0]}/{position}", depth + 1)


def understood(node: Mapping[str, Any]) -> dict[str, Any]:
    """An algebra as it is shown: without the members that are null, its ids as text."""
    (member,) = _present(node)
    if member == "audienceSegmentId":
        return {member: str(node[member])}
    return {member: understood(node[member]) if member == "not" else [understood(each) for each in node[member]]}


def segments_in(node: Mapping[str, Any]) -> set[str]:
    """The segments that an algebra mentions."""
    if "audienceSegmentId" in node:
        return {node["audienceSegmentId"]}
    inner = [node["not"]] if "not" in node else [*node.get("and", ()), *node.get("or", ())]
    return set().union(*map(segments_in, inner))


def _present(node: Mapping[str, Any]) -> list[str]:
    return [member for member in _MEMBERS if node.get(member) is not None]
