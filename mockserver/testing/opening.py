"""The fake without a fixture: for the examples of a property, and for any other test runner."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from mockserver.faults import Fault
from mockserver.testing.fake import Fake
from mockserver.testing.settings import Settings
from mockserver.testing.sleep import sleeping


@contextmanager
def faked(faults: Iterable[Fault] = (), **settings: Any) -> Iterator[Fake]:
    """A fresh fake, open until the block ends, with these faults. The settings are the marker's. Raises `Mistake`."""
    wanted = Settings().changed(settings)
    with Fake(wanted.engine(), wanted.most_calls) as fake:
        fake.faults.plan(faults)
        if wanted.sleep == "clock":
            with sleeping(fake):
                yield fake
        else:
            yield fake
