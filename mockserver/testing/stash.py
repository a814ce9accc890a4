"""What the plugin remembers of a test."""

import pytest

from mockserver.testing.fake import Fake

FAKE = pytest.StashKey[Fake]()
CHOSEN = pytest.StashKey[dict[str, str]]()
"""The readings of a test that is run once more, under another alternative."""
