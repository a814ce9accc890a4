"""What the faults that strike a call do to it: instead of its answer, or to its answer."""

from collections.abc import Callable, Mapping
from functools import partial
from http import HTTPStatus
from typing import Any

from mockserver.effects import Cut, Delay, Drip, Effect, Html, Lost, Malformed, MediaType, Revoked, Status, Throttled, Truncated
from mockserver.evidence import assumed
from mockserver.message import CUTS, Response
from mockserver.problem import Problem, Refused
from mockserver.provider import Call, Provider
from mockserver.throttle import Quota, Window

_ORDERED = assumed("a fault of yours wanted it")
_MINUTE = 60
_USUAL = 250
_STATUSES = frozenset(HTTPStatus)


class Interrupted(Exception):  # noqa: N818 - it is what was ordered
    """The call is over: a fault answered in the fake's stead."""

    def __init__(self, response: Response):
        self.response = response
        super().__init__("a fault struck")


class Ordered(Refused):
    """The call is refused as a fault wanted it, whatever the contract says of that."""


def strike(call: Call[Any], provider: Provider[Any]) -> None:
    """Find out what strikes a call, and let it be answered otherwise if so. Raises `Refused` and `Interrupted`."""
    faults, operation = call.home.faults, call.operation
    wanted = faults.shut or any(each.fault.caller or isinstance(each.fault.effect, Throttled) for each in faults.armed)
    caller = provider.claimant(call) if wanted else None
    if _token(call) in faults.revoked:
        raise Refused(_problem(401, call, provider))
    until, throttled = faults.shut.get(caller or "", (0.0, Throttled()))
    if call.now < until and operation.scopes:
        raise _too_many(throttled, until, call, provider)
    struck = list(faults.striking(operation.id, operation.dated, caller, call.now, partial(_applies, call)))
    answering = [each for each in struck if _answers(each.fault.effect)]
    for each in answering[1:]:  # only one can answer
        each.struck -= 1
    call.struck = [each for each in struck if each not in answering[1:]]
    if answering:
        effect = answering[0].fault.effect
        _INSTEAD[type(effect)](effect, call, provider)


def _applies(call: Call[Any], effect: Effect) -> bool:
    """Whether an effect can strike a call: one for a token has none that could be revoked."""
    return not isinstance(effect, Revoked) or _token(call) is not None


def _answers(effect: Effect) -> bool:
    """Whether an effect answers a call in the fake's stead."""
    return effect.where == "before" if isinstance(effect, Cut) else type(effect) in _INSTEAD


def _token(call: Call[Any]) -> str | None:
    """The token that a call brings, whatever it is worth."""
    header = call.request.header(b"authorization")
    return header.rpartition(" ")[2] if header and call.operation.scopes + call.arguments else None


def damaged(response: Response, call: Call[Any]) -> Response:
    """The answer as the faults leave it."""
    for armed in call.struck:
        spoil = _TO_THE_ANSWER.get(type(armed.fault.effect))
        if spoil is not None and (response.cut != "before" or spoil is _delay):  # what never comes cannot be spoilt
            spoil(armed.fault.effect, response, call.home.faults.share(armed, "delay"))
    return response


def _problem(status: int, call: Call[Any], provider: Provider[Any]) -> Problem:
    """What the provider says with a status, or what the status is called, if it has no words for it."""
    known = provider.particular_failures.get(call.operation.id, provider.failures)
    if status in known:
        return known[status]
    like = known[500 if status >= 500 else 400]
    title = HTTPStatus(status).phrase if status in _STATUSES else f"Status {status}"
    return Problem(status, like.type, like.code, title, _ORDERED)


def _refused(effect: Status, call: Call[Any], provider: Provider[Any]) -> None:
    usual = _problem(effect.status, call, provider)
    named = Problem(effect.status, usual.type, effect.code or usual.code, effect.title or usual.title, _ORDERED)
    raise Ordered(named.at(detail=f"A fault strikes {call.operation.id}"))


def _throttled(effect: Throttled, call: Call[Any], provider: Provider[Any]) -> None:
    until, caller = call.now + effect.reset, provider.claimant(call)
    if effect.reset > 0 and call.operation.scopes and caller is not None:
        call.home.faults.shut[caller] = until, effect
    raise _too_many(effect, until, call, provider)


def _too_many(effect: Throttled, until: float, call: Call[Any], provider: Provider[Any]) -> Refused:
    counting = provider.counting
    if counting is None or not call.operation.scopes:
        return Ordered(_problem(429, call, provider))
    window = Window(Quota("fault", call.home.rate_limit or _USUAL, _MINUTE), 0, int(until), exhausted=True)
    if effect.headers:
        call.headers += counting.headers(window)
    return counting.refusal(call, window)


def _revoked(effect: Revoked, call: Call[Any], provider: Provider[Any]) -> None:
    call.home.faults.revoked.add(_token(call) or "")
    raise Refused(_problem(401, call, provider))


def _cut(effect: Cut, call: Call[Any], provider: Provider[Any]) -> None:
    raise Interrupted(Response(0, cut="before"))


def _page(effect: Html, call: Call[Any], provider: Provider[Any]) -> None:
    title = f"{effect.status} from a gateway"
    page = f"<!doctype html>\n<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n"
    raise Interrupted(Response(effect.status, [(b"content-type", b"text/html; charset=utf-8")], page.encode()))


_INSTEAD: Mapping[type[Effect], Callable[[Any, Call[Any], Provider[Any]], None]] = {
    Status: _refused,
    Throttled: _throttled,
    Revoked: _revoked,
    Cut: _cut,
    Html: _page,
}


def _cut_in_or_after(effect: Cut, response: Response, share: float) -> None:
    response.cut = min(response.cut or "after", effect.where, key=CUTS.index)


def _lose(effect: Lost, response: Response, share: float) -> None:
    response.cut = "before"


def _truncate(effect: Truncated, response: Response, share: float) -> None:
    response.body = response.body[: len(response.body) // 2]


def _break(effect: Malformed, response: Response, share: float) -> None:
    response.body = response.body[:-1] + b"," if response.body else b""


def _misname(effect: MediaType, response: Response, share: float) -> None:
    others = [(name, value) for name, value in response.headers if name != b"content-type"]
    response.headers = [(b"content-type", effect.media.encode()), *others] if effect.media else others


def _drip(effect: Drip, response: Response, share: float) -> None:
    response.drip += effect.seconds


def _delay(effect: Delay, response: Response, share: float) -> None:
    response.delay += effect.at(share)


_TO_THE_ANSWER: Mapping[type[Effect], Callable[[Any, Response, float], None]] = {
    Cut: _cut_in_or_after,
    Lost: _lose,
    Truncated: _truncate,
    Malformed: _break,
    MediaType: _misname,
    Drip: _drip,
    Delay: _delay,
}
