"""Checks run one after the other against a venue, each to an outcome."""

from collections import Counter
from collections.abc import Iterable, Iterator

from hypothesis.errors import Flaky, Unsatisfiable

from mockserver.check.law import Check, Effort, Found
from mockserver.check.outcome import Cell, Finding, Outcome
from mockserver.check.refraining import BudgetSpent, KeptBack, NothingPasses
from mockserver.check.session import Session
from mockserver.check.venue import Venue
from mockserver.check.wire import Unreachable
from mockserver.clock import stopwatch

LACKING = {
    "writes": "it would write, and --allow-writes is not given",
    "clock": "it needs a clock that can be moved",
    "exhaust": "it would use up the target's limit of calls",
    "fresh": "it needs a world of its own",
    "main": "it needs --client-id and its secret",
    "account": "it needs --account",
    "retailers": "it needs --retailer",
    "advertisers": "it needs --advertiser",
    "customer": "it needs a customer of Shoplive's",
    "consent": "nobody can consent for an application there",
    "redirect_uri": "no redirect URI is known",
}


def run_all(checks: Iterable[Check], venue: Venue, effort: Effort) -> Iterator[Outcome]:
    """The outcome of each check, as it comes."""
    for check in checks:
        yield run_one(check, venue, effort)


def run_one(check: Check, venue: Venue, effort: Effort) -> Outcome:
    """What comes of a check."""
    lacking = sorted(check.needs - venue.abilities)
    if lacking:
        return Outcome(check, "skipped", reason="; ".join(LACKING.get(each, f"no {each} is known") for each in lacking))
    cells: Counter[Cell] = Counter()
    elapsed = stopwatch()

    def opening() -> Session:
        session = venue.open()
        session.cells = cells
        session.wire.patient = "exhaust" not in check.needs
        return session

    try:
        check.run(opening, effort)
    except Found as found:
        finding = Finding(check, found.broken.expectation, found.broken.why, found.exchanges)
        return Outcome(check, "failed", elapsed(), cells, finding)
    except Flaky as flaky:
        return _unsteady(check, flaky, elapsed(), cells)
    except Unreachable as reason:
        return Outcome(check, "broke off", elapsed(), cells, reason=str(reason))
    except (KeptBack, NothingPasses, BudgetSpent) as reason:
        return Outcome(check, "skipped", elapsed(), cells, reason=str(reason))
    except Unsatisfiable:
        return Outcome(check, "skipped", elapsed(), cells, reason="nothing that it drew may be sent there")
    return Outcome(check, "passed", elapsed(), cells)


def _unsteady(check: Check, flaky: Flaky, seconds: float, cells: Counter[Cell]) -> Outcome:
    """The target did not do the same thing twice: what broke first is still a finding."""
    for each in getattr(flaky, "exceptions", ()):
        if isinstance(each, Found):
            why = f"{each.broken.why} (once; asked again, the target answered otherwise)".strip()
            return Outcome(check, "failed", seconds, cells, Finding(check, each.broken.expectation, why, each.exchanges))
    return Outcome(check, "broke off", seconds, cells, reason="asked again, the target answered otherwise")
