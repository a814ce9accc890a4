"""Every HTTP client of Python's that the bridges cover, behind one way to send a request."""

import asyncio
import http.client
import json as jsonlib
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

import aiohttp
import httpx
import httpx2
import requests
import urllib3

UNVERIFIED = ssl._create_unverified_context()  # one for all, as a context takes long to make


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return jsonlib.loads(self.body)


Send = Callable[..., Answer]
"""`send(method, url, *, json, form, content, parts, headers, timeout)`; `parts` are uploaded in chunks."""


def answer(status: int, headers: Any, body: bytes) -> Answer:
    return Answer(status, {name.lower(): value for name, value in headers.items()}, body)


async def trickling(parts: list[bytes]) -> Any:
    for part in parts:
        yield part


def of_httpx(library: Any) -> Callable[[], AbstractContextManager[Send]]:
    @contextmanager
    def client() -> Iterator[Send]:
        with library.Client(verify=UNVERIFIED) as session:

            def send(method, url, *, json=None, form=None, content=None, parts=None, headers=None, timeout=5.0):
                said = iter(parts) if parts else content
                got = session.request(method, url, json=json, data=form, content=said, headers=headers, timeout=timeout)
                return answer(got.status_code, got.headers, got.content)

            yield send

    return client


def of_async_httpx(library: Any) -> Callable[[], AbstractContextManager[Send]]:
    @contextmanager
    def client() -> Iterator[Send]:
        session = library.AsyncClient(verify=UNVERIFIED)

        async def call(method, url, *, json=None, form=None, content=None, parts=None, headers=None, timeout=5.0):
            said = trickling(parts) if parts else content
            got = await session.request(method, url, json=json, data=form, content=said, headers=headers, timeout=timeout)
            return answer(got.status_code, got.headers, got.content)

        with asyncio.Runner() as runner:
            yield lambda *args, **named: runner.run(call(*args, **named))
            runner.run(session.aclose())

    return client


@contextmanager
def of_requests() -> Iterator[Send]:
    with requests.Session() as session:

        def send(method, url, *, json=None, form=None, content=None, parts=None, headers=None, timeout=5.0):
            data = iter(parts) if parts else form or content
            got = session.request(method, url, json=json, data=data, headers=headers, timeout=timeout)
            return answer(got.status_code, got.headers, got.content)

        yield send


@contextmanager
def of_urllib3() -> Iterator[Send]:
    with urllib3.PoolManager(retries=False) as pool:

        def send(method, url, *, json=None, form=None, content=None, parts=None, headers=None, timeout=5.0):
            if form is not None:
                content, headers = urlencode(form), {"content-type": "application/x-www-form-urlencoded", **(headers or {})}
            said = {"json": json} if json is not None else {"body": iter(parts) if parts else content}
            got = pool.request(method, url, headers=headers, timeout=timeout, **said)
            return answer(got.status, got.headers, got.data)

        yield send


@contextmanager
def of_aiohttp() -> Iterator[Send]:
    async def call(
        session, method, url, *, json=None, form=None, content=None, parts=None, headers=None, timeout=5.0, total=None
    ):
        data = trickling(parts) if parts else form or content
        limits = aiohttp.ClientTimeout(total=total, sock_read=timeout)
        async with session.request(method, url, json=json, data=data, headers=headers, timeout=limits) as got:
            return answer(got.status, got.headers, await got.read())

    async def opened() -> aiohttp.ClientSession:
        return aiohttp.ClientSession()

    with asyncio.Runner() as runner:
        session = runner.run(opened())
        yield lambda *args, **named: runner.run(call(session, *args, **named))
        runner.run(session.close())


def written(json: Any, form: Any, content: Any, parts: Any, headers: Any) -> tuple[Any, dict[str, str]]:
    """The body and the headers, for a library that does not write them itself."""
    if json is not None:
        return jsonlib.dumps(json).encode(), {"content-type": "application/json", **(headers or {})}
    if form is not None:
        return urlencode(form).encode(), {"content-type": "application/x-www-form-urlencoded", **(headers or {})}
    return iter(parts) if parts else content, dict(headers or {})


@contextmanager
def of_http_client() -> Iterator[Send]:
    connections: dict[tuple[str, str], http.client.HTTPConnection] = {}

    def connected(scheme, host, timeout):
        if (scheme, host) not in connections:
            secure = scheme == "https"
            kind, more = (http.client.HTTPSConnection, {"context": UNVERIFIED}) if secure else (http.client.HTTPConnection, {})
            connections[scheme, host] = kind(host, timeout=timeout, **more)
        connections[scheme, host].timeout = timeout
        return connections[scheme, host]

    def send(method, url, *, json=None, form=None, content=None, parts=None, headers=None, timeout=5.0):
        split = urlsplit(url)
        body, said = written(json, form, content, parts, headers)
        connection = connected(split.scheme, split.netloc, timeout)
        try:
            connection.request(method, split._replace(scheme="", netloc="").geturl(), body=body, headers=said)
            got = connection.getresponse()
            return answer(got.status, got.headers, got.read())
        except BaseException:
            connection.close()
            raise

    yield send
    for connection in connections.values():
        connection.close()


@contextmanager
def of_urllib_request() -> Iterator[Send]:
    handlers = [urllib.request.HTTPSHandler(context=UNVERIFIED), urllib.request.ProxyHandler({})]
    opener = urllib.request.build_opener(*handlers)

    def send(method, url, *, json=None, form=None, content=None, parts=None, headers=None, timeout=5.0):
        body, said = written(json, form, content, parts, headers)
        request = urllib.request.Request(url, data=body, headers=said, method=method)
        try:
            with opener.open(request, timeout=timeout) as got:
                return answer(got.status, got.headers, got.read())
        except urllib.error.HTTPError as error:
            with error:
                return answer(error.code, error.headers, error.read())

    yield send


CLIENTS = {
    "httpx": of_httpx(httpx),
    "httpx-async": of_async_httpx(httpx),
    "httpx2": of_httpx(httpx2),
    "httpx2-async": of_async_httpx(httpx2),
    "requests": of_requests,
    "urllib3": of_urllib3,
    "aiohttp": of_aiohttp,
    "http.client": of_http_client,
    "urllib.request": of_urllib_request,
}
