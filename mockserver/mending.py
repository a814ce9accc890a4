"""The nearest request that would have been taken: the one that was refused, mended until a fork of its world takes it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import zip_longest
from typing import Any
from urllib.parse import parse_qsl, urlencode

import orjson

from mockserver.clock import Clock
from mockserver.contract.operation import PARSERS, Operation, is_media
from mockserver.contract.repair import repaired, sample
from mockserver.contract.router import Contract
from mockserver.contract.schema import Schema
from mockserver.engine import Engine
from mockserver.journal import Entry
from mockserver.message import Request
from mockserver.mistake import Mistake
from mockserver.problem import LEFT_OUT, Objection

_ROUNDS = 8
_LOOKED_UP = 40


@dataclass(frozen=True, slots=True)
class Mended:
    """A request that would now be answered with `status` and without objection, `wait` seconds from now."""

    request: Request
    status: int
    wait: float


def mended(entry: Entry, engine: Engine) -> Mended | None:
    """The nearest request that would be taken, found by trying on forks of the world; nothing if none was found."""
    request, wait = entry.request, 0.0
    for _ in range(_ROUNDS):
        trial = engine.fork()
        trial.world.faults.armed = []  # what was revoked stays so
        if not _waited(trial.world.clock, wait):
            return None
        response = trial.handle(request)
        (tried,) = trial.world.journal
        if not tried.objections:
            return Mended(request, response.status, wait) if 200 <= response.status < 300 else None
        reset = response.header("x-ratelimit-reset")
        if response.status == 429 and reset is not None:
            wait += max(int(reset) - trial.world.clock.now(), 1)
            continue
        better = _better(request, tried, trial)
        if better == request:
            return None
        request = better
    return None


def _waited(clock: Clock, seconds: float) -> bool:
    """Whether a clock can go so far."""
    try:
        clock.advance(seconds)
    except Mistake:
        return False
    return True


def _better(request: Request, tried: Entry, trial: Engine) -> Request:
    provider = trial.providers[tried.provider]
    contract = trial.contract(provider)
    if tried.operation is None:
        return _routed(request, contract)
    for objection in tried.objections:
        if objection.problem.status in (401, 403) and objection.instead is None:
            header = provider.authorize(trial.world, tried.operation, _arguments(request, tried.operation))
            return request if header is None else _with_header(request, b"authorization", header)
    return _corrected(_kept(request, tried.operation), tried.operation, tried.objections)


def _arguments(request: Request, operation: Operation) -> tuple[str, ...]:
    """What stands in the path's places."""
    steps = zip(operation.path.split("/"), _steps(request), strict=False)
    return tuple(said for step, said in steps if step.startswith("{"))


def _steps(request: Request) -> list[str]:
    return f"/{request.path.lstrip('/')}".split("/")


def _routed(request: Request, contract: Contract) -> Request:
    """The nearest path that leads somewhere, by a method that it has."""
    route = contract.route(request.path)
    if route is not None:
        return replace(request, method=next(iter(route.operations)))
    paths = {_filled(operation.path, request.path): operation for operation in contract.operations}
    near = get_close_matches(request.path, paths, n=1)
    return replace(request, path=near[0], method=paths[near[0]].method) if near else request


def _filled(template: str, path: str) -> str:
    """A path of the contract with what stands in the same places of another one."""
    steps = zip_longest(template.split("/"), path.split("/"))
    return "/".join(said if step.startswith("{") and said else step for step, said in steps if step is not None)


def _with_header(request: Request, name: bytes, value: str) -> Request:
    others = tuple((key, each) for key, each in request.headers if key != name)
    return replace(request, headers=(*others, (name, value.encode("latin-1"))))


def _kept(request: Request, operation: Operation) -> Request:
    """The request with a body and parameters that keep the contract."""
    request = _with_query_kept(request, operation)
    if operation.media is None or operation.body is None:
        return request
    body = _parsed(request, operation.media)
    if not _accepted(operation.body, body):
        body = _mended_body(operation.body, body)
        request = _with_body(request, operation.media, body)
    if is_media(request.header(b"content-type"), operation.media):
        return request
    return _with_header(_with_body(request, operation.media, body), b"content-type", operation.media)


def _with_query_kept(request: Request, operation: Operation) -> Request:
    said = parse_qsl(request.query, keep_blank_values=True)
    query = dict(said)
    for parameter in operation.parameters:
        if parameter.place == "query" and parameter.name in query:
            value = parameter.value(query[parameter.name])
            if not parameter.schema.accepts(value):
                query[parameter.name] = str(repaired(parameter.schema, value))
        elif parameter.place == "query" and parameter.required:
            query[parameter.name] = str(sample(parameter.schema))
    return request if list(query.items()) == said else replace(request, query=urlencode(query))


def _accepted(schema: Schema, body: Any) -> bool:
    try:
        return body is not None and schema.accepts(body)
    except ValueError:  # nested too deeply to be looked at
        return False


def _mended_body(schema: Schema, body: Any) -> Any:
    try:
        return sample(schema) if body is None else repaired(schema, body)
    except (ValueError, RecursionError):
        return sample(schema)


def _parsed(request: Request, media: str) -> Any:
    """The body, also where a form was sent as JSON."""
    as_json = media != "application/json" and request.body.lstrip()[:1] == b"{"
    try:
        return PARSERS["application/json" if as_json else media](request.body)
    except ValueError:
        return None


def _with_body(request: Request, media: str, body: Any) -> Request:
    written = orjson.dumps(body) if media == "application/json" else urlencode(body if isinstance(body, dict) else {}).encode()
    return replace(request, body=written)


def _corrected(request: Request, operation: Operation, objections: Iterable[Objection]) -> Request:
    """The request with what the objections would have nothing against."""
    body = _parsed(request, operation.media) if operation.media else None
    places = {parameter.name: parameter.place for parameter in operation.parameters}
    in_body = []
    for objection in objections:
        if objection.instead is None or objection.mends is None:
            continue
        if objection.mends not in places:
            in_body.append(objection)
        elif places[objection.mends] == "query":
            query = dict(parse_qsl(request.query, keep_blank_values=True)) | {objection.mends: str(objection.instead())}
            request = replace(request, query=urlencode(query))
        else:
            request = replace(request, path=_replaced(request, operation.path, objection.mends, objection.instead()))
    if isinstance(body, dict) and _put_all(body, in_body) and operation.media:
        return _with_body(request, operation.media, body)
    return request


def _put_all(body: Any, objections: Iterable[Objection]) -> bool:
    """Put right what can be, each in its place; whether there was anything.

    Looking for what is near takes long, so it is done once for what was said alike, and for no more than a few. No two items
    are given the same id, which leaves the later one out, or the same name, which is numbered.
    """
    found: dict[tuple[str, str], Any] = {}
    given: Counter[tuple[str, Any]] = Counter()
    changed = False
    for objection in sorted(objections, key=_place, reverse=True):  # later items of a list first
        assert objection.instead is not None
        assert objection.mends is not None
        steps = objection.mends.split("/")
        alike = (objection.problem.code, repr(_at(body, steps)))
        if alike not in found and len(found) < _LOOKED_UP:
            found[alike] = objection.instead()
        value = found.get(alike, LEFT_OUT)
        if steps[-1] in ("id", "name"):
            given[steps[-1], value] += 1
            if given[steps[-1], value] > 1:
                value = LEFT_OUT if steps[-1] == "id" else f"{value} {given[steps[-1], value]}"
        if value is LEFT_OUT and steps[0] == "data" and steps[-1] == "id":
            steps = steps[:2]
        changed = (value is not None and _put(body, steps, value)) or changed
    return changed


def _at(body: Any, steps: list[str]) -> Any:
    """What stands at a place, if there is such a place."""
    for step in steps:
        try:
            body = body[int(step)] if isinstance(body, list) else body[step]
        except (LookupError, TypeError, ValueError):
            return None
    return body


def _place(objection: Objection) -> list[tuple[int, str]]:
    """Where an objection is mended, to be sorted by: numbers as numbers."""
    steps = (objection.mends or "").split("/")
    return [(int(step), "") if step.isdecimal() else (-1, step) for step in steps]


def _replaced(request: Request, template: str, name: str, value: Any) -> str:
    steps = _steps(request)
    at = template.split("/").index(f"{{{name}}}")
    return "/".join([*steps[:at], str(value), *steps[at + 1 :]])


def _put(body: Any, steps: list[str], value: Any) -> bool:
    """Put a value in its place, or take what is there out; whether there was such a place."""
    home = _at(body, steps[:-1])
    key: Any = int(steps[-1]) if isinstance(home, list) else steps[-1]
    if not isinstance(home, dict | list) or (isinstance(home, list) and key >= len(home)):
        return False
    if value is LEFT_OUT:
        home.pop(key) if isinstance(home, list) else home.pop(key, None)
    elif isinstance(home, dict) and isinstance(home.get(key), dict) and set(home[key]) == {"value"}:
        home[key] = {"value": value}
    else:
        home[key] = value
    return True
