"""What viewers did is counted whole: in parts that sum up, and never less for having waited."""

from dataclasses import asdict
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from patience import PATIENT

from mockserver.providers.shoplive.activity import FIGURES, KINDS, Event, Recorded, Spread
from mockserver.providers.shoplive.records import Figures

LAST = 1000
moments = st.integers(0, LAST)
between_events = moments.map(lambda moment: moment - 0.5)
"""No event happens at one of these."""
events = st.builds(
    Event,
    at=moments,
    viewer=st.sampled_from("abcdef"),
    kind=st.sampled_from(KINDS),
    login=st.booleans(),
    new=st.booleans(),
    seconds=st.integers(0, LAST),
)
days = st.lists(events, max_size=30).map(lambda told: Recorded(tuple(sorted(told, key=lambda event: event.at))))
COUNTS = {"likes": "like", "chats": "chat", "product_clicks": "productClick", "banner_clicks": "bannerClick"}
PEOPLE = ("viewers", "login_viewers", "new_login_viewers", "like_viewers", "chat_viewers", "product_click_viewers")


def peak(views: list[Event], end: int) -> int:
    """The most viewers there are at any second up to the end, counted second by second."""
    return max(len({view.viewer for view in views if view.at <= second < view.at + view.seconds}) for second in range(end + 1))


@given(recorded=days, split=between_events)
@settings(PATIENT)
def test_what_was_counted_before_and_after_any_moment_is_the_whole(recorded: Recorded, split: float) -> None:
    before, after, whole = recorded.between(0, split), recorded.between(split, LAST), recorded.between(0, LAST)
    for name in COUNTS:
        assert getattr(before, name) + getattr(after, name) == getattr(whole, name)
    for name in PEOPLE:
        parts = getattr(before, name), getattr(after, name)
        assert max(parts) <= getattr(whole, name) <= sum(parts)
    assert max(before.peak_viewers, after.peak_viewers) <= whole.peak_viewers


@given(recorded=days, end=moments)
@settings(PATIENT)
def test_the_count_is_that_of_a_list_read_event_by_event(recorded: Recorded, end: int) -> None:
    told = [event for event in recorded.events if event.at <= end]
    views = [event for event in told if event.kind == "view"]
    found = recorded.between(0, end)
    assert {name: getattr(found, name) for name in COUNTS} == {
        name: sum(event.kind == kind for event in told) for name, kind in COUNTS.items()
    }
    assert found.viewers == len({event.viewer for event in told})
    assert found.viewing_time == sum(min(view.at + view.seconds, end) - view.at for view in views)
    assert found.peak_viewers == peak(views, end)


@given(recorded=days, ends=st.tuples(moments, moments))
@settings(PATIENT)
def test_recorded_figures_never_shrink(recorded: Recorded, ends: tuple[int, int]) -> None:
    earlier, later = (asdict(recorded.between(0, end)) for end in sorted(ends))
    assert all(earlier[name] <= later[name] for name in FIGURES)


figures = st.builds(Figures, **dict.fromkeys(FIGURES, st.integers(0, 10**9)))
lives = st.tuples(st.integers(0, 10**9), st.integers(1, 10**6)).map(lambda life: (life[0], life[0] + life[1]))
ways = st.fractions(0, 1)


@given(total=figures, live=lives, ways=st.tuples(ways, ways))
@settings(PATIENT)
def test_spread_figures_never_shrink_and_are_whole_at_the_end(
    total: Figures, live: tuple[int, int], ways: tuple[float, float]
) -> None:
    start, end = live
    spread = Spread(total, start, end)
    moments = [start + float(way) * (end - start) for way in sorted(ways)]
    told = [asdict(spread.between(start, moment)) for moment in [start, *moments, end, end + 1]]
    assert told[0] == asdict(Figures())
    assert told[-1] == told[-2] == asdict(total)
    for name in FIGURES:
        assert [each[name] for each in told] == sorted(each[name] for each in told)


@given(total=figures, live=lives, ways=st.tuples(ways, ways))
@settings(PATIENT)
def test_spread_figures_of_parts_are_the_whole(total: Figures, live: tuple[int, int], ways: tuple[float, float]) -> None:
    start, end = live
    spread = Spread(total, start, end)
    edges = [start, *(start + float(way) * (end - start) for way in sorted(ways)), end]
    parts = [asdict(spread.between(*pair)) for pair in pairwise(edges)]
    for name in set(FIGURES) - {"peak_viewers"}:
        assert sum(part[name] for part in parts) == getattr(total, name)
    peaks = [part["peak_viewers"] for part in parts]
    assert max(peaks) <= total.peak_viewers
    if 2 * total.peak_viewers <= total.viewers or total.peak_viewers > total.viewers:
        assert max(peaks) == total.peak_viewers


@given(total=figures, live=lives, way=ways)
@settings(PATIENT)
def test_no_more_watch_at_once_than_have_come(total: Figures, live: tuple[int, int], way: float) -> None:
    start, end = live
    so_far = Spread(total, start, end).between(start, start + float(way) * (end - start))
    assert so_far.peak_viewers <= so_far.viewers or total.peak_viewers > total.viewers
