"""What viewers did: told event by event, or known in sum and spread over the time the campaign was live."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields

from mockserver.providers.shoplive.records import Figures


@dataclass(frozen=True, slots=True)
class Event:
    """One thing one viewer did. `seconds` is how long a `view` lasted; `new` if never seen before by this customer."""

    at: float
    viewer: str
    kind: str
    login: bool = False
    new: bool = False
    seconds: int = 0


KINDS = ("view", "like", "chat", "productClick", "bannerClick")


@dataclass(frozen=True, slots=True)
class Recorded:
    """Activity told event by event."""

    events: tuple[Event, ...]

    def between(self, start: float, end: float) -> Figures:
        """Counts of the events that began in the interval, ends included; a view counts as far as it came."""
        told = [event for event in self.events if start <= event.at <= end]
        by_kind = {kind: [event for event in told if event.kind == kind] for kind in KINDS}
        logged_in = {event.viewer for event in told if event.login}
        return Figures(
            viewers=_people(told),
            login_viewers=len(logged_in),
            peak_viewers=_peak(by_kind["view"], end),
            new_login_viewers=len({event.viewer for event in told if event.login and event.new}),
            viewing_time=sum(_watched(event, end) for event in by_kind["view"]),
            likes=len(by_kind["like"]),
            like_viewers=_people(by_kind["like"]),
            chats=len(by_kind["chat"]),
            chat_viewers=_people(by_kind["chat"]),
            product_clicks=len(by_kind["productClick"]),
            product_click_viewers=_people(by_kind["productClick"]),
            banner_clicks=len(by_kind["bannerClick"]),
        )


def _people(events: Iterable[Event]) -> int:
    return len({event.viewer for event in events})


def _watched(event: Event, end: float) -> int:
    return int(min(event.seconds, max(end - event.at, 0)))


def _peak(views: Iterable[Event], end: float) -> int:
    """The most that watched at once, each once; one who leaves the moment another comes makes room."""
    spans = [span for viewer in _by_viewer(views).values() for span in _joined(viewer)]
    steps = sorted((moment, change) for start, stop in spans for moment, change in ((start, 1), (stop, -1)))
    watching = peak = 0
    for moment, change in steps:
        if moment > end:
            break
        watching += change
        peak = max(peak, watching)
    return peak


def _by_viewer(views: Iterable[Event]) -> dict[str, list[tuple[float, float]]]:
    found: dict[str, list[tuple[float, float]]] = {}
    for view in views:
        if view.seconds:
            found.setdefault(view.viewer, []).append((view.at, view.at + view.seconds))
    return found


def _joined(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Spans without overlap: what one viewer watched twice at a time is one."""
    joined: list[tuple[float, float]] = []
    for start, stop in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], stop))
        else:
            joined.append((start, stop))
    return joined


@dataclass(frozen=True, slots=True)
class Spread:
    """Activity known in sum, spread over the live time: rising fast, then slower, whole at the end."""

    total: Figures
    start: float
    end: float

    def between(self, start: float, end: float) -> Figures:
        """The share of each figure that falls into the interval; whole campaigns have the totals to the last viewer."""
        before, until = self._share(start), self._share(end)
        counted = {name: value * until // _WHOLE - value * before // _WHOLE for name, value in asdict(self.total).items()}
        return Figures(**counted | {"peak_viewers": self._peak(start, end)})

    def _peak(self, start: float, end: float) -> int:
        """Never more than had come by then, unless the totals say so themselves."""
        peak, viewers = self.total.peak_viewers, self.total.viewers
        watching = peak * self._height(start, end) // _WHOLE
        return min(watching, viewers * self._share(end) // _WHOLE) if peak <= viewers else watching

    def _share(self, moment: float) -> int:
        """How much has happened by a moment, of `_WHOLE`: x(2 - x) of the way."""
        way = self._way(moment)
        return way * (2 * _WHOLE - way) // _WHOLE

    def _height(self, start: float, end: float) -> int:
        """How many of the most that ever watched did so in the interval: a hill with its top in the middle."""
        first, last = self._way(start), self._way(end)
        if start > self.end or end < self.start:
            return 0
        nearest = min(max(_WHOLE // 2, first), last)
        return 4 * nearest * (_WHOLE - nearest) // _WHOLE

    def _way(self, moment: float) -> int:
        if moment >= self.end:
            return _WHOLE
        return max(int((moment - self.start) / (self.end - self.start) * _WHOLE), 0)


_WHOLE = 1_000_000
FIGURES = tuple(field.name for field in fields(Figures))
