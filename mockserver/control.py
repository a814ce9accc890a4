"""The control plane under `/_mock`: a table of what can be asked, and the application that answers it.

JSON in, JSON out, but for the pages, which are for people.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from functools import cache
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mockserver import trouble_controls as trouble
from mockserver import world_controls as world
from mockserver.contract.operation import LARGEST_BODY
from mockserver.desk import Answer, Desk, Said
from mockserver.engine import Engine
from mockserver.late import late
from mockserver.mistake import Mistake, unknown
from mockserver.provider import Control
from mockserver.serving.condition import Condition
from mockserver.serving.tally import Tally
from mockserver.worlds import Worlds

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_PAGES = ("/_mock/", "/_mock/docs", "/_mock/pages")
_BELOW = ("/_mock/docs", "/_mock/pages", "/_mock/assets")
_HOME = ("/_mock", "/_mock/")


def index(desk: Desk, said: Said, place: Mapping[str, str]) -> Any:
    """What there is under `/_mock`."""
    for_machines = {path: sorted(methods) for path, methods in _controls(desk.engine).items()}
    return for_machines | dict.fromkeys(_PAGES, "for a browser")


def tell_ready(desk: Desk, said: Said, place: Mapping[str, str]) -> Any:
    """How the server is; a 503 if it is about to end."""
    return _json(world.health(desk, said, place), 503 if desk.condition.stopping else 200)


def tell_metrics(desk: Desk, said: Said, place: Mapping[str, str]) -> Any:
    """What was called since the server began, in Prometheus' format."""
    metrics = late("mockserver.serving.metrics")  # its library costs every start a quarter of its time
    return Response(metrics.metrics(desk.worlds, desk.tally), media_type="text/plain; version=0.0.4")


def _provider_control(provider: str, control: Control) -> Answer:
    """What a provider lets be done to its part of the world that its API does not."""

    def answer(desk: Desk, said: Said, place: Mapping[str, str]) -> Any:
        home = desk.engine.world
        return control(home, home.parts[provider], said)

    return answer


CONTROLS: dict[str, Mapping[str, Answer]] = {
    "/_mock": {"GET": index},
    "/_mock/health": {"GET": tell_ready},
    "/_mock/health/live": {"GET": world.health},
    "/_mock/health/ready": {"GET": tell_ready},
    "/_mock/metrics": {"GET": tell_metrics},
    "/_mock/reset": {"POST": world.reset},
    "/_mock/worlds": {"GET": world.list_worlds, "POST": world.open_world, "DELETE": world.close_worlds},
    "/_mock/worlds/{world}": {"DELETE": world.close_worlds},
    "/_mock/snapshots": {"GET": trouble.list_snapshots, "POST": trouble.take_snapshot, "DELETE": trouble.forget_snapshots},
    "/_mock/snapshots/{snapshot}": {"DELETE": trouble.forget_snapshots},
    "/_mock/snapshots/{snapshot}/restore": {"POST": trouble.restore_snapshot},
    "/_mock/diff": {"GET": trouble.show_difference},
    "/_mock/clock": {"GET": world.show_clock, "POST": world.set_clock},
    "/_mock/faults": {"GET": trouble.list_faults, "POST": trouble.add_faults, "DELETE": trouble.remove_faults},
    "/_mock/faults/{fault}": {"DELETE": trouble.remove_faults},
    "/_mock/journal": {"GET": trouble.show_journal, "DELETE": trouble.clear_journal},
    "/_mock/journal/{number}": {"GET": trouble.show_entry},
    "/_mock/journal/{number}/why": {"GET": trouble.tell_why},
    "/_mock/readings": {"GET": world.show_readings, "PATCH": world.choose_readings},
    "/_mock/settings": {"GET": world.show_settings, "PATCH": world.change_settings},
    "/_mock/contracts/{provider}/{version}.json": {"GET": world.contract},
}


def control_app(worlds: Worlds, tally: Tally | None = None, condition: Condition | None = None) -> App:
    """The control plane as an application; the scope's `engine` says which world is meant, `root` where its paths begin."""
    tally, condition = tally or Tally(), condition or Condition()
    for_machines = _for_machines(worlds, tally, condition)

    @cache
    def for_people() -> App:
        pages = late("mockserver.pages")  # the templates' library costs every start a fifth of its time
        return Starlette(routes=[*(Route(path, pages.home) for path in _HOME), *pages.page_routes(worlds, tally, condition)])

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await (for_people() if _is_for_people(scope) else for_machines)(scope, receive, send)

    return app


def _is_for_people(scope: Scope) -> bool:
    """Whether a page is asked for: by its path, or at the root by a browser."""
    if scope["type"] != "http":
        return False
    if scope["path"].startswith(_BELOW):
        return True
    return scope["path"] in _HOME and any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])


def _for_machines(worlds: Worlds, tally: Tally, condition: Condition) -> Starlette:
    controls = _controls(worlds.default)
    routes = [
        Route(path, _endpoint(lambda engine: Desk(worlds, engine, tally, condition), methods), methods=list(methods))
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


def _endpoint(desk: Callable[[Engine], Desk], answers: Mapping[str, Answer]) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        answer = answers["GET" if request.method == "HEAD" else request.method]
        try:
            said = _parsed(await request.body())
            place = {**request.query_params, **request.path_params}
            told = answer(desk(request.scope["engine"]), said, place)
        except Mistake as mistake:
            return refused(mistake)
        return told if isinstance(told, Response) else _json(told)

    return endpoint


def _parsed(body: bytes) -> Said:
    try:
        said = orjson.loads(body) if body else {}
    except orjson.JSONDecodeError as error:
        raise Mistake(f"the body is not JSON: {error}") from None
    if not isinstance(said, dict):
        raise Mistake("the body is a JSON object")
    return said


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
