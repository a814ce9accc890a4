"""A test under every reading: once as it is, and once more for each alternative of a reading that it touched."""

import dataclasses
from collections.abc import Iterator

import pytest
from _pytest.runner import runtestprotocol

from mockserver.testing.fake import Fake
from mockserver.testing.stash import CHOSEN, FAKE


def run_under_every_reading(item: pytest.Function, nextitem: pytest.Item | None) -> None:
    """Run a test and then its variants, each reported as a test of its own whose id names the alternative."""
    _run(item, nextitem)
    fake = item.stash.get(FAKE, None)
    if fake is None:
        return
    for choice in _alternatives(fake):
        if item.session.shouldfail or item.session.shouldstop:
            return
        _run_in_place_of(item, _variant(item, choice), nextitem)


def _alternatives(fake: Fake) -> Iterator[dict[str, str]]:
    """What the readings that were touched could also have been."""
    declared = fake.world.readings.declared
    for name in fake.readings.touched():
        yield from ({name: each} for each in declared[name].alternatives if each != fake.world.origin.readings.chosen[name])


def _variant(item: pytest.Function, choice: dict[str, str]) -> pytest.Function:
    """The same test under another reading. It has no fixture values of the first."""
    told = ",".join(f"{name}={alternative}" for name, alternative in choice.items())
    brackets = f"{item.name.partition('[')[2][:-1]}-{told}" if item.name.endswith("]") else told
    known = {"callspec": item.callspec} if hasattr(item, "callspec") else {}
    twin = pytest.Function.from_parent(
        item.parent,
        name=f"{item.originalname}[{brackets}]",
        fixtureinfo=item._fixtureinfo,
        originalname=item.originalname,
        **known,
    )
    if hasattr(twin, "_id"):  # pytest 9.2 makes it of the callspec, not of the name
        twin._id = dataclasses.replace(twin._id, params=brackets)
    twin.stash[CHOSEN] = choice
    return twin


def _run_in_place_of(item: pytest.Function, twin: pytest.Function, nextitem: pytest.Item | None) -> None:
    """Run a variant. xdist knows a test by its place among the session's, so the variant takes that while it runs."""
    items = item.session.items
    place = items.index(item)
    items[place] = twin
    try:
        _run(twin, nextitem)
    finally:
        items[place] = item


def _run(item: pytest.Function, nextitem: pytest.Item | None) -> None:
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    runtestprotocol(item, nextitem=nextitem)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
