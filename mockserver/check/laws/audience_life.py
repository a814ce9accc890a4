"""Audiences as a session makes, changes, finds and loses them: every answer is held against the model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mockserver.check.laws.audience_model import Audiences
from mockserver.check.laws.entities import Times, shows
from mockserver.check.laws.refusals import lists
from mockserver.check.laws.segment_life import SegmentLife
from mockserver.check.session import Answer, Session

Algebra = dict[str, Any]


@dataclass(slots=True)
class AudienceLife:
    """A session, what should be there of all that was made in it, and the ids of what is gone."""

    session: Session
    segments: SegmentLife
    model: Audiences
    times: Times
    version: str = "preview"
    gone: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, session: Session, version: str = "preview") -> "AudienceLife":
        """Of a session that has made nothing yet."""
        segments = SegmentLife.of(session)
        return cls(session, segments, Audiences(segments.model), Times(session), version)

    def leaves(self, count: int, retailer: str | None = None) -> list[Algebra]:
        """So many algebras, each of one new segment."""
        said = [self.session.contact_list(retailerId=retailer or self.segments.retailer) for _ in range(count)]
        return [{"audienceSegmentId": id} for id in self.segments.create(*said)]

    def said(self, algebra: Mapping[str, Any], **more: Any) -> dict[str, Any]:
        """The attributes of a new audience."""
        return {"name": self.session.name(), "retailerId": self.segments.retailer, "algebra": algebra, **more}

    def create(self, *items: Mapping[str, Any]) -> list[str]:
        """Create audiences, sound and flawed; the ids of the sound ones."""
        wanted, problems = self.model.create(items)
        answer = lists(self._ask("bulkCreateAudience", [{"attributes": each} for each in items]), *problems)
        shows(answer, wanted)
        self.times.made(answer)
        known = {*self.model.held, *self.gone}
        for position in range(len(answer.ids)):
            answer.holds(f"body/data/{position}/id", [*known, *answer.ids[:position]], "is none of", "an id is given once")
        self.model.held |= zip(answer.ids, wanted, strict=True)
        return answer.ids

    def update(self, *items: Mapping[str, Any]) -> Answer:
        """Change audiences, some of them in vain."""
        wanted, problems = self.model.update(items)
        answer = lists(self._ask("bulkUpdateAudience", items), *problems)
        shows(answer, [each for _, each in wanted], [id for id, _ in wanted])
        self.times.changed(answer)
        return answer

    def change(self, id: Any, **attributes: Any) -> Answer:
        """Change one audience."""
        return self.update({"id": id, "attributes": attributes})

    def delete(self, *ids: Any) -> Answer:
        """Delete audiences, some of them in vain."""
        wanted, problems = self.model.delete(ids)
        answer = lists(self._ask("bulkDeleteAudiences", [{"id": id} for id in ids]), *problems)
        self.gone += wanted
        return answer.holds("body/data/*/id", wanted)

    def find(self, filters: Mapping[str, Any] | None = None, version: str | None = None) -> Answer:
        """Find audiences by filters that keep to our own."""
        said = {"audienceIds": [*self.model.held, *self.gone] or [self.absent()]} if filters is None else filters
        ids, body = self.model.found(said), {"data": {"attributes": said}}
        query = {"limit": 500}
        answer = lists(self.session.ask("searchAudiences", body, query=query, version=version or self.version))
        answer.holds("body/meta/totalItems", len(ids))
        shows(answer, [self.model.held[id] for id in ids], ids)
        self.times.kept(answer)
        return answer

    def absent(self) -> str:
        """An id that leads nowhere: of an audience that was made and deleted."""
        if not self.gone:
            self.delete(*self.create(self.said(self.leaves(1)[0])))
        return self.gone[0]

    def lose(self, *segments: str) -> None:
        """Delete segments, which those in use may resist by the reading in force."""
        used = [id for id in segments if id in self.segments.model.held and self.model.users(id)]
        if not used or self.session.readings["delete-used-segment"] == "allowed":
            self.segments.delete(*segments)
            return
        kept = {id: self.segments.model.held[id] for id in used}
        wanted, problems = self.segments.model.delete(segments)
        resisting = [(f"data/{at}/id", "segment-in-use") for at, id in enumerate(segments) if id in used]
        others = [each for each in problems if segments[int(each[0].split("/")[1])] not in used]
        gone = [id for id in wanted if id not in used]
        lists(self.session.delete(*segments), *others, *resisting).holds("body/data/*/id", gone)
        self.segments.gone += gone
        self.segments.model.held |= kept

    def _ask(self, operation: str, data: Sequence[Mapping[str, Any]]) -> Answer:
        return self.session.ask(operation, {"data": list(data)}, version=self.version)
