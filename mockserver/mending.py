"""The nearest request that would have been taken: the one that was refused, mended until a fork of its world takes it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import zip_longest
from typing import Any
from urllib.parse import parse_qsl, urlencode

import orjson

from mockserver.contract.operation import PARSERS, Operation
from mockserver.contract.repair import repaired, sample
from mockserver.contract.router import Contract
from mockserver.engine import Engine
from mockserver.journal import Entry
from mockserver.message import Request
from mockserver.problem import LEFT_OUT, Objection

_ROUNDS = 8


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
        trial.world.faults.clear()
        trial.world.clock.advance(wait)
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


def _better(request: Request, tried: Entry, trial: Engine) -> Request:
    provider = trial.providers[tried.provider]
    contract = trial.contract(provider)
    if tried.operation is None:
        return _routed(request, contract)
    for objection in tried.objections:
        if objection.problem.status in (401, 403) and objection.instead is None:
            header = provider.authorize(trial.world, tried.operation, _arguments(request, contract))
            return request if header is None else _with_header(request, b"authorization", header)
    return _corrected(_kept(request, tried.operation), tried.operation, tried.objections)


def _arguments(request: Request, contract: Contract) -> tuple[str, ...]:
    route = contract.route(request.path)
    return route.arguments if route else ()


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
    query = dict(parse_qsl(request.query, keep_blank_values=True))
    for parameter in operation.parameters:
        if parameter.place == "query" and parameter.name in query:
            value = parameter.value(query[parameter.name])
            if not parameter.schema.accepts(value):
                query[parameter.name] = str(repaired(parameter.schema, value))
        elif parameter.place == "query" and parameter.required:
            query[parameter.name] = str(sample(parameter.schema))
    request = replace(request, query=urlencode(query)) if query != dict(parse_qsl(request.query)) else request
    if operation.media is None or operation.body is None:
        return request
    body = _parsed(request, operation.media)
    if body is None or not operation.body.accepts(body):
        request = _with_body(
            request, operation.media, sample(operation.body) if body is None else repaired(operation.body, body)
        )
    return _with_header(request, b"content-type", operation.media)


def _parsed(request: Request, media: str) -> Any:
    try:
        return PARSERS[media](request.body)
    except ValueError:
        return None


def _with_body(request: Request, media: str, body: Any) -> Request:
    written = orjson.dumps(body) if media == "application/json" else urlencode(body).encode()
    return replace(request, body=written)


def _corrected(request: Request, operation: Operation, objections: Iterable[Objection]) -> Request:
    """The request with what the objections would have nothing against."""
    body = _parsed(request, operation.media) if operation.media else None
    places = {parameter.name: parameter.place for parameter in operation.parameters}
    changed = False
    for objection in sorted(objections, key=lambda each: each.mends or "", reverse=True):  # later items of a list first
        if objection.instead is None or objection.mends is None:
            continue
        value = objection.instead()
        if places.get(objection.mends) == "query":
            query = dict(parse_qsl(request.query, keep_blank_values=True)) | {objection.mends: str(value)}
            request = replace(request, query=urlencode(query))
        elif objection.mends in places:
            request = replace(request, path=_replaced(request.path, operation.path, objection.mends, value))
        elif value is not None and isinstance(body, dict):
            changed = _put(body, objection.mends.split("/"), value) or changed
    return _with_body(request, operation.media, body) if changed and operation.media else request


def _replaced(path: str, template: str, name: str, value: Any) -> str:
    steps = path.split("/")
    at = template.split("/").index(f"{{{name}}}")
    return "/".join([*steps[:at], str(value), *steps[at + 1 :]])


def _put(body: Any, steps: list[str], value: Any) -> bool:
    """Put a value in its place, or take what is there out; whether there was such a place."""
    home = body
    for step in steps[:-1]:
        home = home[int(step)] if isinstance(home, list) else home.get(step) if isinstance(home, dict) else None
    key: Any = int(steps[-1]) if isinstance(home, list) else steps[-1]
    if not isinstance(home, dict | list) or (isinstance(home, list) and key >= len(home)):
        return False
    if value is LEFT_OUT:
        del home[key]
    elif isinstance(home, dict) and isinstance(home.get(key), dict) and set(home[key]) == {"value"}:
        home[key] = {"value": value}
    else:
        home[key] = value
    return True
