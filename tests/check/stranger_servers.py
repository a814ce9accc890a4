"""Servers that are no fake of ours: some speak the API, some forget everything, some speak nothing that makes sense."""

import json
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from mockserver.contract.operation import Operation
from mockserver.engine import Engine
from mockserver.http import Door
from mockserver.providers import PROVIDERS
from mockserver.server import in_background
from mockserver.worlds import Worlds

SAMPLES = [
    "2026-01-01T00:00:00.000Z", "2026-01-01T00:00:00Z", "2026-01-01", "00", "1", "1.000", "a1", "abc", "EUR", "/x", "0" * 32,
    "Email", "Clicks", "Advertiser", "A" * 40,
]  # fmt: skip


class Discreet:
    """Our fake without its control plane: a server that keeps the contract, and could be anybody's."""

    def __init__(self, door: Door):
        self._door = door

    async def __call__(self, scope, receive, send) -> None:
        hidden = scope["path"].startswith(("/_mock", "/worlds"))
        await self._door({**scope, "path": "/nothing"} if hidden else scope, receive, send)


@contextmanager
def discreet(engine: Engine) -> Iterator[str]:
    with in_background(Discreet(Door(Worlds(engine)))) as url:
        yield url


def sample(node: dict[str, Any], components: dict[str, Any]) -> Any:
    """Something that keeps a schema: always the same."""
    if "$ref" in node:
        return sample(components[node["$ref"].rpartition("/")[2]], components)
    for several in ("allOf", "anyOf", "oneOf"):
        if several in node:
            return sample({**node[several][0], **{name: value for name, value in node.items() if name != several}}, components)
    if "then" in node:
        return sample(node["then"], components)
    if "const" in node or "enum" in node:
        return node.get("const", (node.get("enum") or [None])[0])
    kinds = node.get("type", "object")
    kind = kinds if isinstance(kinds, str) else kinds[0]
    if kind == "object":
        some = {name: sample(node["properties"][name], components) for name in node.get("required") or some_of(node)}
        return some | {name: [] for name in ("errors", "warnings") if name in some}
    if kind == "array":
        return [sample(node["items"], components)] * max(1, node.get("minItems", 0)) if "items" in node else []
    if kind == "string":
        return next(each for each in SAMPLES if fits(each, node))
    return {"integer": max(1, node.get("minimum", 1)), "number": max(1, node.get("minimum", 1)), "boolean": False}.get(kind)


def some_of(node: dict[str, Any]) -> list[str]:
    """Members that are not required, as many as there must be."""
    return list(node.get("properties", ()))[: node.get("minProperties", 0)]


def fits(text: str, node: dict[str, Any]) -> bool:
    return len(text) >= node.get("minLength", 0) and re.search(node.get("pattern", ""), text) is not None


def operations() -> Iterator[tuple[Operation, Any]]:
    """Every operation, and what a server that forgets everything answers to it."""
    for provider in PROVIDERS:
        contract = provider.contracts.under({reading.name: reading.guide for reading in provider.readings})
        for each in contract.operations:
            status = min(each.answers)
            schema = each.answers[status]
            answer = None if schema is None else sample(schema._node, schema._components["schemas"])
            assert schema is None or schema.accepts(answer), (each.id, list(schema.violations(answer)))
            yield each, (status, answer)


def forgetful() -> Callable[[str, str], tuple[int, dict[str, str], bytes]]:
    """What a spec-only mock does: a sound answer to every operation, whatever was said before."""
    known = [
        (each.method, re.compile(re.sub(r"\\{[^}]*\\}", "[^/]+", re.escape(each.path))), *answer)
        for each, answer in operations()
    ]

    def answer(method: str, path: str) -> tuple[int, dict[str, str], bytes]:
        for of, pattern, status, body in known:
            if of == method and pattern.fullmatch(path):
                return status, {"content-type": "application/json"}, b"" if body is None else json.dumps(body).encode()
        return 404, {"content-type": "application/json"}, b"{}"

    return answer


def always(status: int, body: bytes, kind: str = "application/json", **headers: str):
    """The same answer to everything."""
    return lambda method, path: (status, {"content-type": kind, **headers}, body)


@dataclass
class Asked:
    """A server, and what it was asked: methods, paths, headers, bodies."""

    url: str
    calls: list[tuple[str, str, list[tuple[str, str]], bytes]] = field(default_factory=list)


@contextmanager
def answering(answer: Callable[[str, str], tuple[int, dict[str, str], bytes]], context: Any = None) -> Iterator[Asked]:
    """A server that answers what a function says, over TLS if there is a context."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # headers and body in one packet: the second of two would wait for the first's acknowledgement

        def respond(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            asked.calls.append((self.command, self.requestline.split()[1], self.headers.items(), body))
            status, headers, said = answer(self.command, self.path.partition("?")[0])
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *args) -> None:
            pass

    for method in ("GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS"):
        setattr(Handler, f"do_{method}", Handler.respond)

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, request, client_address) -> None:
            pass

    with Server(("127.0.0.1", 0), Handler) as server:
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        asked = Asked(f"{'https' if context else 'http'}://127.0.0.1:{server.server_address[1]}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield asked
        server.shutdown()
        thread.join()


@contextmanager
def raw(said: bytes | None) -> Iterator[str]:
    """A server that says some bytes to whoever connects and hangs up; with nothing to say, it keeps the connection open."""
    with ExitStack() as stack:
        listening = stack.enter_context(socket.create_server(("127.0.0.1", 0)))

        def accept() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                if said is None:
                    stack.callback(connection.close)
                else:
                    connection.recv(65536)
                    connection.sendall(said)
                    connection.close()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()
