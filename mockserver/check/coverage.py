"""The boundaries of every parameter and member, in every version: what keeps the contract is taken, what breaks it is told."""

from collections.abc import Callable, Sequence
from functools import partial

from mockserver.check.drafting.boundaries import forms, own_drafts
from mockserver.check.drafting.cases import asking, boundaries
from mockserver.check.drafting.cast import known_of, stand_ins
from mockserver.check.drafting.draft import Draft
from mockserver.check.drafting.posing import Stage
from mockserver.check.drafting.subjects import NEEDS, SUBJECTS, grammar_of
from mockserver.check.drafting.verdict import STRICT, TOLD
from mockserver.check.law import Check, Effort, Found, Opening, Way, opened
from mockserver.check.session import Session
from mockserver.contract.operation import Operation
from mockserver.testing.holdings import Holdings

_IN_A_SESSION = 25
"""How many drafts are put in one session: each may take some calls more, and a session must not run into a limit."""
_LIMIT = 250
_CALLS = 5
"""How many calls a draft may come to, with what has to be made for it."""


Put = Callable[[Stage, Draft], object]


class _Stopped(Exception):  # noqa: N818 - it is a finding on its way
    """What was found, and at which draft."""

    def __init__(self, draft: Draft, found: Found):
        self.draft = draft
        self.found = found
        super().__init__(str(found))


def _covered(operation: str, version: str, put: Put, opening: Opening, effort: Effort) -> None:
    """Put every draft, or as many as the effort allows; what breaks is looked for again on its own, for the shortest report."""
    with opened(opening) as session:
        subject = session.judge.operation(operation, version)
        held = stand_ins(known_of(session, operation), operation, version, session.setting)
        drafts = _thinned(_drafts(session, subject, held), effort)
        together = max(1, min(_IN_A_SESSION, (session.setting.limit or _LIMIT) // _CALLS))
    for start in range(0, len(drafts), together):
        try:
            _put(opening, subject, held, drafts[start : start + together], put)
        except _Stopped as stopped:
            try:
                _put(opening, subject, held, [stopped.draft], put)
            except _Stopped as alone:
                raise alone.found from None
            raise stopped.found from None


def _put(opening: Opening, subject: Operation, held: Holdings, drafts: Sequence[Draft], put: Put) -> None:
    latest: list[Draft] = []
    try:
        with opened(opening) as session:
            stage = Stage(session, subject, held)
            for draft in drafts:
                latest[:] = [draft]
                put(stage, draft)
    except Found as found:
        raise _Stopped(latest[0], found) from None


def _drafts(session: Session, subject: Operation, held: Holdings) -> Sequence[Draft]:
    """Schemathesis' and our own, each once."""
    if subject.id == "requestToken":
        main = session.setting.main
        assert main is not None
        return [*forms({"client_id": main.client_id, "client_secret": main.client_secret})]
    schema, grammar = grammar_of(subject, session.readings)
    made = (*own_drafts(subject, schema, grammar, held), *boundaries(subject.id, asking(subject.id, session.readings)))
    return list({draft.key: draft for draft in made}.values())


def _thinned(drafts: Sequence[Draft], effort: Effort) -> Sequence[Draft]:
    """As many as the effort has a share for, evenly spread, others with another seed."""
    if effort.share >= 1:
        return drafts
    step = max(1, round(1 / max(effort.share, 1e-3)))
    return drafts[effort.seed % step :: step]


def _check(operation: str, version: str) -> Check:
    return Check(
        f"coverage/{operation}/{version}",
        "coverage",
        f"{operation} in {version} takes what keeps the contract and refuses what breaks it, at every boundary.",
        STRICT.evidence,
        Way(partial(_covered, operation, version, Stage.put), 1),
        (operation,),
        NEEDS[operation],
    )


def _telling(operation: str, version: str) -> Check:
    return Check(
        f"coverage/{operation}/every-violation",
        "coverage",
        f"{operation} tells every violation of the contract, where it is and of which code.",
        TOLD.evidence,
        Way(partial(_covered, operation, version, Stage.told), 1),
        (operation,),
        NEEDS[operation],
    )


_LATEST = dict(sorted(SUBJECTS, key=lambda subject: (subject[1][0].isdigit(), subject[1])))
"""The newest dated version of each operation, or one that has it."""

_TELLING_ONE = frozenset({"requestToken", "retrieveCampaignStats"})
"""The operations whose refusals have one code, and no list."""

CHECKS: tuple[Check, ...] = (
    *(_check(operation, version) for operation, version in SUBJECTS),
    *(_telling(operation, version) for operation, version in _LATEST.items() if operation not in _TELLING_ONE),
)
