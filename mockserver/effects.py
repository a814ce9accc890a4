"""What can go wrong with a call, each way with a name and its own particulars."""

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, asdict, dataclass, fields
from math import exp
from statistics import NormalDist
from typing import Any, ClassVar

from mockserver.message import CUTS
from mockserver.mistake import Mistake, unknown

NUMBER = (int, float)
LONGEST = 366 * 24 * 3600
"""Seconds. Nothing that goes wrong takes longer."""
_WIDEST = 10.0
"""The sigma of a lognormal at most: one in a thousand is then 10^13 times the median."""


class Effect:
    """Something that can go wrong; `name` is what it is called in JSON."""

    __slots__ = ()
    name: ClassVar[str]

    def said(self) -> dict[str, Any]:
        """As JSON has it, what is not given left out."""
        members = asdict(self)  # type: ignore[call-overload]  # every effect is a dataclass
        return {"effect": self.name, **{name: _listed(value) for name, value in members.items() if value is not None}}


def short(thing: Any) -> str:
    """A dataclass as the call that makes it, what it leaves out left out."""
    said = [(each, getattr(thing, each.name)) for each in fields(thing)]
    told = [f"{each.name}={value!r}" for each, value in said if each.default is MISSING or value != each.default]
    return f"{type(thing).__name__}({', '.join(told)})"


def check_number(what: str, *numbers: float | None, least: float = 0, most: float = LONGEST) -> None:
    """Raise `Mistake` unless each is nothing or a number from `least` to `most`."""
    for number in numbers:
        if number is None:
            continue
        if type(number) not in NUMBER or not number >= least:
            raise Mistake(f"{what} is a number of {least} or more, not {repr(number)[:40]}")
        if number > most:
            raise Mistake(f"{what} is a number of at most {most}, not {str(number)[:40]}")


@dataclass(frozen=True, slots=True)
class Status(Effect):
    """The call is refused with a status from 400 to 599 and the provider's own problem body; nothing is done.

    `code` and `title` are those the provider uses with the status, unless given.
    """

    status: int
    code: str | None = None
    title: str | None = None
    name = "status"
    __repr__ = short

    def __post_init__(self) -> None:
        if type(self.status) is not int or not 400 <= self.status <= 599:
            raise Mistake(f"a status fault has a status from 400 to 599, not {self.status!r}")
        for text in (self.code, self.title):
            if not isinstance(text, str | None):
                raise Mistake(f"code and title of a status fault are text, not {text!r}")


@dataclass(frozen=True, slots=True)
class Throttled(Effect):
    """The call is refused with 429, and so is every other of its caller until the window turns: in `reset` seconds.

    The headers say when that is; without `headers` they say nothing. A `reset` of 0 or in the past refuses this call only.
    """

    reset: float = 60
    headers: bool = True
    name = "throttled"
    __repr__ = short

    def __post_init__(self) -> None:
        check_number("reset", self.reset, least=-LONGEST)
        if not isinstance(self.headers, bool):
            raise Mistake(f"headers of a throttled fault is true or false, not {self.headers!r}")


@dataclass(frozen=True, slots=True)
class Revoked(Effect):
    """The token of the call is good no more, from this call on; another one is."""

    name = "revoked"
    __repr__ = short


@dataclass(frozen=True, slots=True)
class Cut(Effect):
    """The connection ends: `before` the call is read, so that nothing is done; `in` the answer; `after` it, unannounced."""

    where: str
    name = "cut"
    __repr__ = short

    def __post_init__(self) -> None:
        if self.where not in CUTS[1:]:
            raise unknown("place of a cut", str(self.where), CUTS[1:])


@dataclass(frozen=True, slots=True)
class Lost(Effect):
    """What was asked is done, and the connection ends before a byte of the answer."""

    name = "lost"
    __repr__ = short


@dataclass(frozen=True, slots=True)
class Truncated(Effect):
    """Half of the body comes, as if it were the whole."""

    name = "truncated"
    __repr__ = short


@dataclass(frozen=True, slots=True)
class Malformed(Effect):
    """The body is no JSON: its last byte is another one."""

    name = "malformed"
    __repr__ = short


@dataclass(frozen=True, slots=True)
class Html(Effect):
    """A gateway answers with a page, and the call never arrives."""

    status: int = 502
    name = "html"
    __repr__ = short

    def __post_init__(self) -> None:
        if type(self.status) is not int or not 200 <= self.status <= 599 or self.status in (204, 205, 304):
            raise Mistake(f"a page has a status from 200 to 599 that goes with a body, not {self.status!r}")


@dataclass(frozen=True, slots=True)
class MediaType(Effect):
    """The answer says that it is of another content type; an empty text leaves the header out."""

    media: str = "text/plain"
    name = "media-type"
    __repr__ = short

    def __post_init__(self) -> None:
        if not isinstance(self.media, str) or not self.media.isprintable() or not self.media.isascii():
            raise Mistake(f"a content type is printable ASCII text, not {self.media!r}")


@dataclass(frozen=True, slots=True)
class Drip(Effect):
    """The body comes slowly, over so many seconds."""

    seconds: float = 10
    name = "drip"
    __repr__ = short

    def __post_init__(self) -> None:
        check_number("seconds", self.seconds)


@dataclass(frozen=True, slots=True)
class Delay(Effect):
    """The answer comes late: by `seconds`; or evenly between `uniform`'s two; or by a lognormal of a median and a sigma;
    or as `quantiles` of `(share, seconds)` were seen, straight between them. Exactly one of the four.
    """

    seconds: float | None = None
    uniform: tuple[float, float] | None = None
    lognormal: tuple[float, float] | None = None
    quantiles: tuple[tuple[float, float], ...] | None = None
    name = "delay"
    __repr__ = short

    def __post_init__(self) -> None:
        given = [each.name for each in fields(self) if getattr(self, each.name) is not None]
        if len(given) != 1:
            raise Mistake(f"a delay has one of {', '.join(each.name for each in fields(self))}, not {given or 'none'}")
        for name in ("uniform", "lognormal", "quantiles"):  # JSON has lists
            object.__setattr__(self, name, _frozen(getattr(self, name)))
        check_number("seconds", self.seconds)
        for pair in (self.uniform, self.lognormal, *(self.quantiles or ())):
            if pair is not None:
                if not isinstance(pair, tuple) or len(pair) != 2:
                    raise Mistake(f"{given[0]} takes pairs of numbers, not {pair!r}")
                check_number(given[0], *pair)
        check_number("the sigma of a lognormal", self.lognormal[1] if self.lognormal else None, most=_WIDEST)
        shares = [share for share, _ in self.quantiles or ()]
        if self.quantiles is not None and (not shares or shares != sorted(set(shares)) or shares[-1] > 1):
            raise Mistake("quantiles are pairs of a share from 0 to 1, ascending, and seconds")
        seconds = [each for _, each in self.quantiles or ()] if self.quantiles else list(self.uniform or ())
        if seconds != sorted(seconds):
            raise Mistake(f"the seconds of {given[0]} ascend")

    def at(self, share: float) -> float:
        """The seconds that so large a share of all delays stays below; `share` is more than 0 and less than 1."""
        if self.uniform:
            return self.uniform[0] + share * (self.uniform[1] - self.uniform[0])
        if self.lognormal:
            return min(self.lognormal[0] * exp(self.lognormal[1] * NormalDist().inv_cdf(share)), LONGEST)
        if self.quantiles:
            return _between(self.quantiles, share)
        return self.seconds or 0.0


def _listed(value: Any) -> Any:
    return list(map(_listed, value)) if isinstance(value, tuple) else value


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list | tuple) else value


def _between(quantiles: Sequence[tuple[float, float]], share: float) -> float:
    """The straight line between the two neighbours of a share; beyond the last, the last."""
    before = (0.0, quantiles[0][1])
    for here in quantiles:
        if share <= here[0]:
            return before[1] + (here[1] - before[1]) * (share - before[0]) / (here[0] - before[0] or 1)
        before = here
    return before[1]


EFFECTS: dict[str, type[Effect]] = {
    effect.name: effect
    for effect in (Status, Throttled, Revoked, Delay, Cut, Lost, Truncated, Malformed, Html, MediaType, Drip)
}


PARTICULARS: Mapping[str, tuple[type, ...]] = {
    "status": (int,),
    "code": (str,),
    "title": (str,),
    "reset": NUMBER,
    "headers": (bool,),
    "where": (str,),
    "media": (str,),
    "seconds": NUMBER,
    "uniform": (list,),
    "lognormal": (list,),
    "quantiles": (list,),
}
"""The JSON types of everything that an effect can say of itself."""
