"""Uploads among others' doings, in any order, while time passes and calls fail."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from mockserver.testing.machines import FakeMachine

from audiences.api import Api, Credentials
from audiences.patience import Patience
from audiences.segments import Segments
from audiences.uploading import Report, Uploader
from properties import ACCOUNT, DEMO, HTTP, RETAILER, held

PEOPLE = [f"{name}@example.com" for name in ("ann", "dora", "eve", "tom")]


class Uploads(FakeMachine):
    """Lists hold exactly whom we brought, as long as nobody deletes them."""

    def __init__(self) -> None:
        super().__init__()
        patience = Patience(now=self.fake.clock.now, sleep=self.fake.wait)
        self.uploader = Uploader(Segments(Api(Credentials(*DEMO), patience, HTTP), ACCOUNT, RETAILER), batch_size=2)
        self.brought: dict[str, set[str]] = {}

    @rule(name=st.sampled_from(["Newsletter", "Loyalty club"]), people=st.lists(st.sampled_from(PEOPLE), min_size=1))
    def upload(self, name: str, people: list[str]) -> None:
        """Bring some people."""
        there = self.brought.get(name, set()) if name in held(self.fake) else set()
        assert self.uploader.upload({name: people}) == [Report(name, valid=len(people))]
        self.brought[name] = there | set(people)

    @invariant()
    def the_lists_hold_whom_we_brought(self) -> None:
        """All of them and nobody else."""
        for name, holding in held(self.fake).items():
            assert holding == f"{len(self.brought[name])} identifiers"


TestUploads = Uploads.TestCase
TestUploads.settings = settings(max_examples=15, stateful_step_count=20, deadline=None)
