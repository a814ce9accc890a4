"""Segments as a session makes, changes, finds and loses them: every answer is held against the model."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from mockserver.check.laws.entities import Times, shows
from mockserver.check.laws.refusals import lists
from mockserver.check.laws.segment_model import Segments
from mockserver.check.session import Answer, Session


@dataclass(slots=True)
class SegmentLife:
    """A session, what should be there of all that was made in it, and the ids of what is gone."""

    session: Session
    model: Segments
    times: Times
    gone: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, session: Session) -> Self:
        """Of a session that has made nothing yet."""
        return cls(session, Segments.of(session), Times(session))

    @property
    def takes_events(self) -> bool:
        """Whether segments by events can be made, by the reading in force."""
        return not self.model.events_refused

    @property
    def retailer(self) -> str:
        """One of the account's retailers."""
        return self.session.setting.retailers[0]

    def create(self, *items: Mapping[str, Any], **how: Any) -> list[str]:
        """Create segments, sound and flawed; the ids of the sound ones."""
        wanted, problems = self.model.create(items)
        answer = lists(self.session.create(*items, **how), *problems)
        shows(answer, wanted)
        self.times.made(answer)
        known = sorted({*self.model.held, *self.gone})
        for position in range(len(answer.ids)):
            answer.holds(f"body/data/{position}/id", [*known, *answer.ids[:position]], "is none of", "an id is given once")
        self.model.held |= zip(answer.ids, wanted, strict=True)
        return answer.ids

    def update(self, *items: Mapping[str, Any], **how: Any) -> Answer:
        """Change segments, some of them in vain."""
        wanted, problems = self.model.update(items)
        answer = lists(self.session.update(*items, **how), *problems)
        shows(answer, [each for _, each in wanted], [id for id, _ in wanted])
        self.times.changed(answer)
        return answer

    def change(self, id: Any, **attributes: Any) -> Answer:
        """Change one segment."""
        return self.update({"id": id, "attributes": attributes})

    def delete(self, *ids: Any, **how: Any) -> Answer:
        """Delete segments, some of them in vain."""
        wanted, problems = self.model.delete(ids)
        answer = lists(self.session.delete(*ids, **how), *problems).holds("body/data/*/id", wanted)
        self.gone += wanted
        return answer

    def find(self, filters: Mapping[str, Any] | None = None, **how: Any) -> Answer:
        """Find segments by filters, of which one names ids: what else is in the account is not ours to know."""
        said = {"audienceSegmentIds": [*self.model.held, *self.gone] or [self.absent()]} if filters is None else filters
        ids = self.model.found(said)
        answer = lists(self.session.search(filters=said, **{"query": {"limit": 500}, **how}))
        answer.holds("body/meta/totalItems", len(ids))
        shows(answer, [self.model.held[id] for id in ids], ids)
        self.times.kept(answer)
        return answer

    def absent(self) -> str:
        """An id that leads nowhere: of a segment that was made and deleted."""
        if not self.gone:
            self.delete(*self.create(self.session.contact_list()))
        return self.gone[0]
