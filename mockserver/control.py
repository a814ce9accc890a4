"""The control plane under `/_mock`: worlds, clock, readings, settings, contracts. JSON in, JSON out."""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mockserver import __version__
from mockserver.clock import parse_moment, written
from mockserver.contract.operation import LARGEST_BODY
from mockserver.engine import Engine
from mockserver.mistake import Mistake, check_members, unknown
from mockserver.provider import Control
from mockserver.worlds import DEFAULT, Worlds


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a control call is answered: all the worlds, and the one it speaks of."""

    worlds: Worlds
    engine: Engine


Said = Mapping[str, Any]
Answer = Callable[[Desk, Said, Mapping[str, str]], Any]


def index(desk: Desk, said: Said, place: Mapping[str, str]) -> Any:
    """What there is under `/_mock`."""
    return {path: sorted(methods) for path, methods in _controls(desk.engine).items()}


def health(desk: Desk, said: Said, place: Mapping[str, str]) -> Any:
    """That the server lives, and which it is."""
    return {"status": "ok", "version": __version__, "now": written(desk.engine.world.clock.now())}


def reset(desk: Desk, said: Said, place: Mapping[str, str]) -> Any:
    """Bring the world back to how it began."""
    desk.engine.world.reset()
    return {"reset": True}


def list_worlds(desk: Desk, said: Said, place: Mapping[str, str]) -> Any:
    """Every world by name."""
    return {"worlds": [{"name": name, "root": _root(name)} for name in desk.worlds.names()]}


def open_world(desk: Desk, said: Said, place: Mapping[str, str]) -> Any:
    """`{"name": …, "from": …}`: a new world, as the server began or as another one now is."""
    if not isinstance(said.get("name"), str):
        raise Mistake('a world needs a name: {"name": …}')
    check_members(said, {"name": (str,), "from": (str, type(None))}, "a new world")
    desk.worlds.open(said["name"], said.get("from"))
    return {"name": said["name"], "root": _root(said["name"])}


def close_worlds(desk: Desk, said: Said, place: Mapping[str, str]) -> Any:
    """Forget one world, or every one but the default."""
    names = [place["world"]] if "world" in place else [name for name in desk.worlds.names() if name != DEFAULT]
    for name in names:
        desk.worlds.close(name)
    return {"closed": names}


def show_clock(desk: Desk, said: Said, place: Mapping[str, str]) -> Any:
    """What the world's clock shows, and whether it stands still."""
    clock = desk.engine.world.clock
    return {"now": written(clock.now()), "epoch": clock.now(), "frozen": clock.frozen}


def set_clock(desk: Desk, said: Said, place: Mapping[str, str]) -> Any:
    """One or several of `now`: a time; `freeze`: true or a time; `advance`: seconds; `resume`: true. In that order."""
    _only(said, "now", "freeze", "advance", "resume")
    if said.get("resume", True) is not True or said.get("freeze", True) in (False, None, 0):
        raise Mistake("'freeze' is true or a time, 'resume' is true")
    if "freeze" in said and "resume" in said:
        raise Mistake("a clock is frozen or resumed, not both")
    clock = desk.engine.world.clock.fork()
    if "now" in said:
        clock.set(parse_moment(said["now"]))
    if "freeze" in said:
        clock.freeze(None if said["freeze"] is True else parse_moment(said["freeze"]))
    if "advance" in said:
        if type(said["advance"]) not in (int, float):
            raise Mistake(f"'advance' is a number of seconds, not {said['advance']!r}")
        clock.advance(said["advance"])
    if "resume" in said:
        clock.resume()
    desk.engine.world.clock = clock
    return show_clock(desk, said, place)


def show_readings(desk: Desk, said: Said, place: Mapping[str, str]) -> Any:
    """Every question about the real API that is open, its possible answers with their evidence, and the one in force."""
    readings = desk.engine.world.readings
    told = {
        name: {
            "question": reading.question,
            "chosen": readings[name],
            "alternatives": {alternative: str(evidence) for alternative, evidence in reading.alternatives.items()},
        }
        for name, reading in readings.declared.items()
    }
    return {"profile": readings.profile, "readings": told}


def choose_readings(desk: Desk, said: Said, place: Mapping[str, str]) -> Any:
    """`{NAME: ALTERNATIVE, …}`: what shall be true from now on in this world."""
    world = desk.engine.world
    world.readings = world.readings.changed(said)
    return show_readings(desk, said, place)


def show_settings(desk: Desk, said: Said, place: Mapping[str, str]) -> Any:
    """The settings of the world."""
    limit = desk.engine.world.rate_limit
    return {"rate_limit": "off" if limit is None else limit, "seed": desk.engine.world.seed}


def change_settings(desk: Desk, said: Said, place: Mapping[str, str]) -> Any:
    """`{"rate_limit": N}` or `{"rate_limit": "off"}`."""
    _only(said, "rate_limit")
    if "rate_limit" in said:
        desk.engine.world.rate_limit = rate_limit(str(said["rate_limit"]))
    return show_settings(desk, said, place)


def contract(desk: Desk, said: Said, place: Mapping[str, str]) -> Any:
    """The OpenAPI document of a version under the readings in force."""
    providers = desk.engine.providers
    if place["provider"] not in providers:
        raise unknown("provider", place["provider"], providers)
    documents = desk.engine.contract(providers[place["provider"]]).documents
    if place["version"] not in documents:
        raise unknown("version", place["version"], documents)
    return documents[place["version"]]


def _provider_control(provider: str, control: Control) -> Answer:
    """What a provider lets be done to its part of the world that its API does not."""

    def answer(desk: Desk, said: Said, place: Mapping[str, str]) -> Any:
        world = desk.engine.world
        return control(world, world.parts[provider], said)

    return answer


CONTROLS: dict[str, Mapping[str, Answer]] = {
    "/_mock": {"GET": index},
    "/_mock/health": {"GET": health},
    "/_mock/reset": {"POST": reset},
    "/_mock/worlds": {"GET": list_worlds, "POST": open_world, "DELETE": close_worlds},
    "/_mock/worlds/{world}": {"DELETE": close_worlds},
    "/_mock/clock": {"GET": show_clock, "POST": set_clock},
    "/_mock/readings": {"GET": show_readings, "PATCH": choose_readings},
    "/_mock/settings": {"GET": show_settings, "PATCH": change_settings},
    "/_mock/contracts/{provider}/{version}.json": {"GET": contract},
}


def rate_limit(text: str) -> int | None:
    """Calls a minute, or `off`. Raises `Mistake`."""
    if text == "off":
        return None
    if not re.fullmatch("[1-9][0-9]{0,8}", text):
        raise Mistake(f"a rate limit is a number of calls a minute, 1 or more, or 'off', not {text[:40]!r}")
    return int(text)


def control_app(worlds: Worlds) -> Starlette:
    """The control plane as an application; the scope's `engine` says which world is meant."""
    controls = _controls(worlds.default)
    routes = [
        Route(path, _endpoint(worlds, methods), methods=list(methods))
        for path, methods in {**controls, "/_mock/": controls["/_mock"]}.items()
    ]

    async def elsewhere(request: Request, error: Exception) -> Response:
        return _told(request, error, controls)

    app = Starlette(routes=routes, exception_handlers={HTTPException: elsewhere}, max_body_size=LARGEST_BODY)
    app.router.redirect_slashes = False  # it would redirect without the root of the world
    return app


def _controls(engine: Engine) -> Mapping[str, Mapping[str, Answer]]:
    """Ours and the providers' own."""
    return CONTROLS | {
        f"/_mock/{provider.name}/{name}": {"POST": _provider_control(provider.name, control)}
        for provider in engine.providers.values()
        for name, control in provider.controls.items()
    }


def refused(mistake: Mistake, status: int = 400) -> Response:
    """A mistake, told."""
    return _json({"error": str(mistake)}, status)


def _endpoint(worlds: Worlds, answers: Mapping[str, Answer]) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        answer = answers["GET" if request.method == "HEAD" else request.method]
        try:
            said = _parsed(await request.body())
            return _json(answer(Desk(worlds, request.scope["engine"]), said, request.path_params))
        except Mistake as mistake:
            return refused(mistake)

    return endpoint


def _parsed(body: bytes) -> Said:
    try:
        said = orjson.loads(body) if body else {}
    except orjson.JSONDecodeError as error:
        raise Mistake(f"the body is not JSON: {error}") from None
    if not isinstance(said, dict):
        raise Mistake("the body is a JSON object")
    return said


def _only(said: Said, *known: str) -> None:
    for name in said:
        if name not in known:
            raise unknown("member", name, known)


def _told(request: Request, error: Exception, controls: Iterable[str]) -> Response:
    """That there is no such control, or not by that method."""
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        return refused(unknown("control", request.url.path, controls), 404)
    allowed = (error.headers or {}).get("Allow")
    told = f"{request.method} is not one of {allowed}" if allowed else error.detail
    response = _json({"error": told}, error.status_code)
    response.headers.update(error.headers or {})
    return response


def _json(body: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(body, option=orjson.OPT_INDENT_2) + b"\n", status, media_type="application/json")


def _root(name: str) -> str:
    return "/" if name == DEFAULT else f"/worlds/{name}"
