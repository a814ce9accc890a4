"""The corridor every request walks, as one function on values: `Engine.handle(request) -> response`."""

from collections.abc import Sequence
from threading import RLock
from typing import Any

import orjson

from mockserver.contract.router import Contract
from mockserver.damage import Interrupted, Ordered, damaged, strike
from mockserver.message import Request, Response
from mockserver.problem import Refused
from mockserver.provider import Call, Dialect, HeaderList, OffContract, Provider, Reply
from mockserver.world import World

_JSON = (b"content-type", b"application/json")


class Engine:
    """Some providers and one world. No framework, no waiting, no input or output: each call is atomic, in any thread.

    Whoever changes the world otherwise than by a call holds `turn` meanwhile, if other threads may call.
    """

    def __init__(self, providers: Sequence[Provider[Any]], world: World):
        """The first provider answers whatever no other claims by the first step of the path."""
        self.providers = {provider.name: provider for provider in providers}
        self.world = world
        self._default = providers[0]
        self._claims = {claim: provider for provider in providers for claim in provider.claims}
        self._contracts: dict[str, Contract] = {}
        self._readings: Any = None
        self.turn = RLock()

    def fork(self) -> "Engine":
        """The same providers over a fork of the world."""
        return Engine(list(self.providers.values()), self.world.fork())

    def contract(self, provider: Provider[Any]) -> Contract:
        """A provider's contract under the readings now in force."""
        if self._readings is not self.world.readings:
            self._readings = self.world.readings
            self._contracts = {name: each.contracts.under(self._readings.chosen) for name, each in self.providers.items()}
        return self._contracts[provider.name]

    def handle(self, request: Request) -> Response:
        """Answer a request. Never raises for anything a client sends."""
        return self._handled(request, aside=False)

    def handle_aside(self, request: Request) -> Response:
        """Answer a request that strikes no fault and is kept in no journal: one that is not of the client being tested."""
        return self._handled(request, aside=True)

    def _handled(self, request: Request, *, aside: bool) -> Response:
        path = "/" + request.path.lstrip("/")
        provider = self._claims.get(path.split("/", 2)[1], self._default)
        with self.turn:
            world = self.world
            call = Call(request, world, world.parts[provider.name], world.clock.now(), self.contract(provider), path, aside)
            response = self._respond(call, provider)
            if call.struck:
                response = damaged(response, call)
            if not aside:
                _note(call, provider, response)
        return response

    def _respond(self, call: Call[Any], provider: Provider[Any]) -> Response:
        try:
            return self._answer(call, provider, self._walk(call, provider))
        except Refused as refused:
            return self._refusal(call, provider, refused)
        except Interrupted as interrupted:
            return interrupted.response
        except OffContract as finding:
            return _confession(finding)

    def _walk(self, call: Call[Any], provider: Provider[Any]) -> Reply:
        self._route(call, provider)  # 404 · 405 · 410
        if self.world.faults and not call.aside:
            strike(call, provider)  # whatever was ordered
        call.caller = provider.identify(call)  # 401
        self._count(call, provider)  # 429
        provider.permit(call)  # 403
        self._read(call, provider)  # 400 · 413 · 415
        return provider.handlers[call.operation.id](call)

    def _route(self, call: Call[Any], provider: Provider[Any]) -> None:
        route = call.contract.route(provider.direct(call))
        if route is None:
            raise provider.lost(call)
        operation = route.operations.get(call.request.method)
        if operation is None:
            raise provider.unfit(call, route.allow)
        call.operation, call.arguments, call.routed = operation, route.arguments, True
        call.headers = provider.announce(call)

    def _count(self, call: Call[Any], provider: Provider[Any]) -> None:
        counting = provider.counting
        quotas = counting.quotas(call) if counting else ()
        if counting and quotas:
            window = self.world.throttle.take(quotas, call.now)
            call.headers += counting.headers(window)
            if window.exhausted:
                raise counting.refusal(call, window)

    def _read(self, call: Call[Any], provider: Provider[Any]) -> None:
        inputs = call.operation.read(call.request, call.arguments)
        if inputs.violations:
            objection = provider.dialects.get(call.operation.id, provider.dialect).objection
            raise Refused(*map(objection, inputs.violations))
        call.parameters, call.body = inputs.parameters, inputs.body

    def _answer(self, call: Call[Any], provider: Provider[Any], reply: Reply) -> Response:
        call.objections = reply.failures
        body = _dialect(call, provider).answer(call, reply)
        _keep_contract(call, reply.status, body if reply.outline is None else {**body, "data": reply.outline})
        return _response(reply.status, body, call.headers)

    def _refusal(self, call: Call[Any], provider: Provider[Any], refused: Refused) -> Response:
        call.objections = refused.objections
        body = _dialect(call, provider).refusal(call, refused)
        try:
            if call.routed and not isinstance(refused, Ordered):
                _keep_contract(call, refused.status, body)
        except OffContract as finding:
            return _confession(finding)
        return _response(refused.status, body, [*call.headers, *refused.headers])


def _note(call: Call[Any], provider: Provider[Any], response: Response) -> None:
    """Keep a call in the journal."""
    operation = call.operation if call.routed else None
    caller = None if call.caller is None else call.caller.name
    struck = [each.name for each in call.struck] if call.struck else ()
    call.home.journal.record(call.now, provider.name, operation, caller, call.request, response, call.objections, struck)


def _dialect(call: Call[Any], provider: Provider[Any]) -> Dialect:
    return provider.dialects.get(call.operation.id, provider.dialect) if call.routed else provider.dialect


def _keep_contract(call: Call[Any], status: int, body: Any) -> None:
    """Raise `OffContract` unless the operation may answer so."""
    operation = call.operation
    schema = operation.answers.get(status)
    if status not in operation.answers or (schema is None) != (body is None):
        raise OffContract(f"{operation.id} {status} is not in the contract", ())
    if schema is not None and not schema.accepts(body):
        raise OffContract(f"{operation.id} {status}", schema.violations(body))


def _response(status: int, body: Any, headers: HeaderList) -> Response:
    """The answer on the wire. The vendors' documents declare a media type even for 204."""
    return Response(status, [_JSON, *headers], b"" if body is None else _written(body))


def _written(body: Any) -> bytes:
    """Written, in no more memory than it needs: orjson takes 4 KB at least, and the journal keeps a thousand of these."""
    return bytes(memoryview(orjson.dumps(body)))


def _confession(finding: OffContract) -> Response:
    told = [{"pointer": violation.pointer, "message": violation.message} for violation in finding.violations]
    body = {
        "mockserver": "this answer breaks the fake's own contract; please report it",
        "answer": finding.what,
        "violations": told,
    }
    return Response(500, [_JSON], _written(body))
