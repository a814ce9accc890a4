"""What holds of the application holds under every plan of faults."""

from hypothesis import given
from mockserver.testing.strategies import fault_plans

import properties
from properties import SOUND, Plan, outages


@given(plan=fault_plans())
def test_everything_is_uploaded(plan: Plan) -> None:
    properties.uploads_everything(SOUND, plan)


@given(plan=fault_plans())
def test_everything_is_uploaded_within_the_limit(plan: Plan) -> None:
    properties.uploads_everything_within_the_limit(SOUND, plan)


@given(plan=fault_plans())
def test_everything_is_uploaded_beside_a_colleague(plan: Plan) -> None:
    properties.uploads_everything_beside_a_colleague(SOUND, plan)


@given(plan=fault_plans())
def test_every_segment_is_found(plan: Plan) -> None:
    properties.finds_every_segment(SOUND, plan)


@given(plan=outages)
def test_an_outage_ends_in_giving_up(plan: Plan) -> None:
    properties.gives_up_in_the_end(SOUND, plan)


@given(plan=fault_plans())
def test_each_hour_is_counted_once(plan: Plan) -> None:
    properties.counts_each_hour_once(SOUND, plan)
