"""The application's parts, each on the clock of the fake that a test gets."""

import pytest
from hypothesis import settings
from mockserver.testing import Fake

from audiences.api import Api, Credentials
from audiences.patience import Patience
from audiences.polling import Poller
from audiences.segments import Segments
from audiences.uploading import Uploader
from properties import ACCOUNT, DEMO, HTTP, RETAILER, SESSION

settings.register_profile("application", deadline=None, max_examples=40, derandomize=True)
settings.load_profile("application")


@pytest.fixture
def api(mockserver: Fake) -> Api:
    """The demo world's application."""
    return Api(Credentials(*DEMO), Patience(now=mockserver.clock.now, sleep=mockserver.wait), HTTP)


@pytest.fixture
def uploader(api: Api) -> Uploader:
    """Two identifiers a call, ten segments a page, so that there are several of each."""
    return Uploader(Segments(api, ACCOUNT, RETAILER, page_size=10), batch_size=2)


@pytest.fixture
def poller(mockserver: Fake) -> Poller:
    """Two advertisers a call, of three."""
    advertisers = ["123", "456", "1234"]
    return Poller(*DEMO, advertisers, mockserver.clock.now, mockserver.wait, per_call=2, session=SESSION)
