"""Requests by chance, to every operation in every version, alone and one after the other in states nobody thought of."""

from functools import partial

from hypothesis import strategies as st

from mockserver.check.drafting.cast import cast, known_of, stand_ins
from mockserver.check.drafting.chance import Drafts, drafts, guesses
from mockserver.check.drafting.draft import Draft
from mockserver.check.drafting.posing import Stage
from mockserver.check.drafting.subjects import NEEDS, SUBJECTS, grammar_of
from mockserver.check.drafting.verdict import STRICT
from mockserver.check.law import Check, Effort, Opening, Way, drawn, opened
from mockserver.check.session import Session
from mockserver.contract.operation import Operation
from mockserver.testing.holdings import Holdings

_EXAMPLES = 16
_SEQUENCES = 12
_STEPS = 6


def _tried(operation: str, version: str, opening: Opening, effort: Effort) -> None:
    """Put drafts by chance, each in a session of its own."""
    with opened(opening) as session:
        subject = session.judge.operation(operation, version)
        held = stand_ins(known_of(session, operation), operation, version, session.setting)
        main = session.setting.main
        strategy = guesses(main.client_id) if main and operation == "requestToken" else _strategy(subject, held)
    drawn(partial(_put, subject, held), strategy, _EXAMPLES)(opening, effort)


def _strategy(subject: Operation, held: Holdings) -> Drafts:
    schema, grammar = grammar_of(subject, held.readings)
    return drafts(subject, schema, grammar, held)


def _put(subject: Operation, held: Holdings, session: Session, draft: Draft) -> None:
    Stage(session, subject, held).put(draft)


def _followed(version: str, opening: Opening, effort: Effort) -> None:
    """Put drafts to one operation after the other in one session, and look at what is left."""
    with opened(opening) as session:
        subjects = [session.judge.operation(id, each) for id, each in SUBJECTS if each == version and id in _OF_SEGMENTS]
        held = stand_ins(known_of(session, _ANY), _ANY, version, session.setting)
    strategies = [_strategy(each, held) for each in subjects]

    @st.composite
    def steps(draw: st.DrawFn) -> list[tuple[Operation, Draft]]:
        chosen = draw(st.lists(st.integers(0, len(subjects) - 1), min_size=2, max_size=_STEPS))
        return [(subjects[each], draw(strategies[each])) for each in chosen]

    drawn(partial(_put_all, held, version), steps(), _SEQUENCES)(opening, effort)


def _put_all(held: Holdings, version: str, session: Session, steps: list[tuple[Operation, Draft]]) -> None:
    known = cast(session, _ANY, version, held)
    gone: set[str] = set()
    for subject, draft in steps:
        answer = Stage(session, subject, held, known).leave(draft)
        if subject.id == "bulkDeleteAudienceSegments":
            gone.update(answer.ids)
    made = [known.ids[str(id)] for id in held.segments]
    found = session.search(filters={"audienceSegmentIds": made}, version=version).says(200)
    found.holds("body/data/*/id", [id for id in sorted(made, key=int) if id not in gone], why="what was not deleted is left")
    session.search(filters={"audienceSegmentIds": made}, version=version).holds(
        "body", found.body, why="looking changes nothing"
    )


_ANY = "bulkUpdateAudience"
"""An operation that may speak of segments and audiences alike."""
_OF_SEGMENTS = frozenset(id for id, needs in NEEDS.items() if "account" in needs)


def _check(operation: str, version: str) -> Check:
    return Check(
        f"fuzz/{operation}/{version}",
        "fuzz",
        f"Whatever {operation} in {version} is asked, it takes what keeps the contract and refuses what breaks it.",
        STRICT.evidence,
        Way(partial(_tried, operation, version), 1),
        (operation,),
        NEEDS[operation],
    )


def _sequence(version: str) -> Check:
    return Check(
        f"fuzz/sequences/{version}",
        "fuzz",
        f"Whatever went before in {version}, the wrong is refused, the sound taken or told a rule; looking changes nothing.",
        STRICT.evidence,
        Way(partial(_followed, version), 2),
        tuple(sorted(_OF_SEGMENTS & {id for id, each in SUBJECTS if each == version})),
        NEEDS["bulkCreateAudienceSegments"],
    )


_VERSIONS = tuple(version for id, version in SUBJECTS if id == "searchAudienceSegments")

CHECKS: tuple[Check, ...] = (
    *(_check(operation, version) for operation, version in SUBJECTS),
    *(_sequence(version) for version in _VERSIONS),
)
