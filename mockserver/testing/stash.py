"""What the plugin remembers of a test and of a run."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from mockserver.testing.fake import Fake
    from mockserver.testing.reliance import Reliance
    from mockserver.testing.settings import Settings

FAKE: "pytest.StashKey[Fake]" = pytest.StashKey()
CHOSEN: pytest.StashKey[dict[str, str]] = pytest.StashKey()
"""The readings of a test that is run once more, under another alternative."""
SETTINGS: "pytest.StashKey[Settings]" = pytest.StashKey()
RELIANCE: "pytest.StashKey[Reliance]" = pytest.StashKey()
GUARDED: pytest.StashKey[bool] = pytest.StashKey()
