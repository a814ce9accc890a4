"""Which calls something goes wrong with: a fault is an effect and its aim."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any

from mockserver.effects import EFFECTS, NUMBER, PARTICULARS, Effect, Revoked, Throttled, check_number, short
from mockserver.fingerprint import fingerprint
from mockserver.mistake import Mistake, check_members, unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """An effect and the calls it strikes: those for which everything given is true.

    `operation` is an operation's id, `version` one of the API's, `caller` a client id or an access key. Of these calls,
    counted from 1, it strikes the `nth`, or `every` so manieth, or each with a `chance` from 0 to 1 that follows from the
    world's seed; at most `times` of them; while it is not older than `lasting` seconds on
    the clock.
    """

    effect: Effect
    operation: str | None = None
    version: str | None = None
    caller: str | None = None
    nth: int | None = None
    every: int | None = None
    chance: float | None = None
    times: int | None = None
    lasting: float | None = None
    __repr__ = short

    def __post_init__(self) -> None:
        effect: object = self.effect
        if not isinstance(effect, Effect):
            known = ", ".join(each.__name__ for each in EFFECTS.values())
            raise Mistake(f"the effect of a fault is made of one of {known}, as in Status(503), not {self.effect!r}")
        for name in ("nth", "every", "times"):
            value = getattr(self, name)
            if value is not None and (type(value) is not int or value < 1):
                raise Mistake(f"{name!r} is a whole number of 1 or more, not {value!r}")
        for name in ("operation", "version", "caller"):
            if not isinstance(getattr(self, name), str | None):
                raise Mistake(f"{name!r} is text, not {getattr(self, name)!r}")
        check_number("lasting", self.lasting)
        check_number("chance", self.chance)
        if self.chance is not None and self.chance > 1:
            raise Mistake(f"a chance is from 0 to 1, not {self.chance!r}")

    def said(self) -> dict[str, Any]:
        """As JSON has it, what is not given left out."""
        aim = {name: getattr(self, name) for name in _AIM}
        return self.effect.said() | {name: value for name, value in aim.items() if value is not None}


_MOST = 1000
_AIM: Mapping[str, tuple[type, ...]] = {
    "operation": (str,),
    "version": (str,),
    "caller": (str,),
    "nth": (int,),
    "every": (int,),
    "chance": NUMBER,
    "times": (int,),
    "lasting": NUMBER,
}


def parse_fault(said: Any) -> Fault:
    """A fault as JSON has it: `{"effect": "status", "status": 503, "operation": …, "nth": 2}`. Raises `Mistake`."""
    if not isinstance(said, dict):
        raise Mistake(f"a fault is an object, not {said!r}")
    if "effect" not in said:
        raise Mistake(f"a fault needs an 'effect': {', '.join(EFFECTS)}")
    kind = EFFECTS.get(str(said["effect"]))
    if kind is None:
        raise unknown("effect", str(said.get("effect")), EFFECTS)
    own = {each.name: PARTICULARS[each.name] for each in fields(kind)}  # type: ignore[arg-type]  # a dataclass
    check_members(said, {"effect": (str,), **_AIM, **own}, f"a fault of effect {kind.name!r}")
    for each in fields(kind):  # type: ignore[arg-type]  # a dataclass
        if each.default is MISSING and each.name not in said:
            raise Mistake(f"a fault of effect {kind.name!r} needs {each.name!r}")
    effect = kind(**{name: said[name] for name in own if name in said})
    return Fault(effect=effect, **{name: said[name] for name in _AIM if name in said})


@dataclass(slots=True)
class Armed:
    """A fault that was set: since when, how many calls it was aimed at, and how many it struck."""

    name: str
    fault: Fault
    since: float
    aimed: int = 0
    struck: int = 0


@dataclass(slots=True)
class Faults:
    """The faults of a world in the order they were set; the tokens that were revoked, and until when whose
    window was shut, in seconds since 1970, and how.
    """

    seed: int = 0
    armed: list[Armed] = field(default_factory=list)
    revoked: set[str] = field(default_factory=set)
    shut: dict[str, tuple[float, Throttled]] = field(default_factory=dict)
    _named: int = 0

    def add(self, fault: Fault, now: float) -> Armed:
        """Set a fault, from now on. Raises `Mistake` if there are too many."""
        if len(self.armed) >= _MOST:
            raise Mistake(f"at most {_MOST} faults are set at once")
        self._named += 1
        self.armed.append(Armed(f"fault-{self._named}", fault, now))
        return self.armed[-1]

    def remove(self, name: str) -> None:
        """Take one back, with the tokens that such a one revoked or the windows that it shut. Raises `Mistake`."""
        if name not in {each.name for each in self.armed}:
            raise unknown("fault", name, [each.name for each in self.armed])
        gone = next(each.fault.effect for each in self.armed if each.name == name)
        self.armed = [each for each in self.armed if each.name != name]
        if isinstance(gone, Throttled):
            self.shut = {}
        if isinstance(gone, Revoked):
            self.revoked = set()

    def clear(self) -> None:
        """Take all back; what was revoked is good again, and no window shut."""
        self.armed, self.revoked, self.shut = [], set(), {}

    def striking(
        self, operation: str, version: str | None, caller: str | None, now: float, applies: Callable[[Effect], bool]
    ) -> Iterator[Armed]:
        """Those that strike this call, counting it against every one that it is aimed at and whose effect applies to it."""
        for each in self.armed:
            fault = each.fault
            if (
                applies(fault.effect)
                and fault.operation in (None, operation)
                and fault.version in (None, version)
                and fault.caller in (None, caller)
                and (fault.lasting is None or each.since <= now < each.since + fault.lasting)
            ):
                each.aimed += 1
                if self._strikes(each):
                    each.struck += 1
                    yield each

    def _strikes(self, armed: Armed) -> bool:
        fault = armed.fault
        return (
            (fault.times is None or armed.struck < fault.times)
            and fault.nth in (None, armed.aimed)
            and (fault.every is None or armed.aimed % fault.every == 0)
            and (fault.chance is None or self.share(armed, "strikes") < fault.chance)
        )

    def share(self, armed: Armed, what: str) -> float:
        """Repeatable chance of a call: a number above 0 and below 1."""
        return (fingerprint(self.seed, f"{armed.name} {armed.aimed} {what}") + 0.5) / 2**64

    def fork(self) -> "Faults":
        """The same faults, counting on their own."""
        armed = [Armed(each.name, each.fault, each.since, each.aimed, each.struck) for each in self.armed]
        return Faults(self.seed, armed, set(self.revoked), dict(self.shut), self._named)

    def __bool__(self) -> bool:
        return bool(self.armed or self.revoked or self.shut)
