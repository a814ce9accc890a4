"""The door under fire: nonsense does it no harm, and calls in any pieces are answered as the engine answers them."""

from collections.abc import Iterator
from itertools import count

import httptools
import pytest
from conftest import engine_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from on_the_wire import FORM, HEALTH, LAST, SEARCH, TOKEN, Place, serving, statuses, wire
from over_http import SEGMENTS

from mockserver.engine import Engine
from mockserver.message import Request

QUICK = settings(derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    with serving(engine_of()) as place:
        yield place


ENDS = st.sampled_from([b"\r\n", b"\n", b"\r", b"", b"\x00", b"\r\n\r\n"])
HEADS = st.sampled_from(
    [
        "content-length: 0", "content-length: 3", "content-length: -1", "content-length: 99999999999999999999",
        "content-length: x", "transfer-encoding: chunked", "transfer-encoding: gzip, chunked", "transfer-encoding: identity",
        "expect: 100-continue", "connection: close", "connection: keep-alive, upgrade", "upgrade: websocket", "upgrade: h2c",
        "host: a\x00b", FORM, "content-type: application/json", "authorization: Bearer x", ": nameless", " folded", "a" * 300,
        "x: " + "y" * 70_000,
    ]
)  # fmt: skip
TARGETS = st.sampled_from(
    [
        "/", "*", "//oauth2/token", "/oauth2/token", "/%00", "/%6Fauth2/token?a=%zz", "http://api.criteo.com/oauth2/token",
        "/_mock", "/_mock/clock", "/_mock/health", "/worlds/none/oauth2/token", "/worlds/default/oauth2/token", "/worlds//", "",
        "api:443", f"{SEGMENTS}/search", f"{SEGMENTS}/create?offset=x", "/v2/a/campaign/b", "/\u00e4", "/" + "x" * 17_000,
        "/a b",
    ]
)  # fmt: skip
METHODS = st.sampled_from(["GET", "POST", "HEAD", "OPTIONS", "CONNECT", "PATCH", "BREW", "", "get", "\x16\x03"])
CHUNKED = [b"3\r\n{} \r\n0\r\n\r\n", b"fffffffff\r\n", b"5;a=b\r\nhello\r\n0\r\nt: u\r\n\r\n"]
BODIES = st.sampled_from([b"", b"{}", *CHUNKED]) | st.binary(max_size=40)


@st.composite
def nonsense(draw: st.DrawFn) -> bytes:
    """Something that may be a request, put together from parts of requests."""
    lines = [f"{draw(METHODS)} {draw(TARGETS)} HTTP/{draw(st.sampled_from(['1.1', '1.0', '2', '0.9', '']))}"]
    lines += draw(st.lists(HEADS, max_size=4))
    head = b"".join(line.encode("latin-1") + draw(st.just(b"\r\n") | ENDS) for line in lines)
    return head + draw(st.just(b"\r\n") | ENDS) + draw(BODIES)


SAID = st.one_of(st.sampled_from([TOKEN, SEARCH, HEALTH, LAST]), nonsense(), st.binary(max_size=60))


@settings(QUICK, max_examples=1000)
@given(said=st.lists(SAID, min_size=1, max_size=5), cuts=st.lists(st.integers(1, 400), max_size=6), stays=st.booleans())
def test_no_nonsense_is_a_500_or_leaves_anything_behind(place: Place, said: list[bytes], cuts: list[int], stays: bool) -> None:
    pieces = in_pieces(b"".join(said), cuts)
    if stays:
        answers = place.answers(*pieces, then_silent=True)
        assert not [status for status in statuses(answers) if status >= 500], answers
    else:
        with place.connect() as connection:
            try:
                for piece in pieces:
                    connection.sendall(piece)
            except OSError:
                pass
    assert place.is_well()


def in_pieces(said: bytes, cuts: list[int]) -> list[bytes]:
    """Pieces of these lengths, and the rest."""
    pieces = []
    for length in cuts:
        pieces.append(said[:length])
        said = said[length:]
    return [*pieces, said]


class Answers:
    """What a parser finds in what a server sent."""

    def __init__(self, sent: bytes):
        self.found: list[tuple[int, list[tuple[bytes, bytes]], bytes]] = []
        self._parser = httptools.HttpResponseParser(self)
        self._parser.feed_data(sent)

    def on_message_begin(self) -> None:
        self._headers: list[tuple[bytes, bytes]] = []
        self._body = b""

    def on_header(self, name: bytes, value: bytes) -> None:
        if name != b"date":
            self._headers.append((name, value))

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        self.found.append((self._parser.get_status_code(), self._headers, self._body))


PATHS = ["/oauth2/token", f"{SEGMENTS}/create", f"{SEGMENTS}/search?limit=2", "/nowhere?a=b", f"{SEGMENTS}/delete"]
CREATION = b'{"data":[{"attributes":{"name":"%d","retailerId":"12","contactList":{"identifierType":"Email"}}}]}'
WHOLE = st.lists(
    st.tuples(
        st.sampled_from(["POST", "POST", "POST", "GET", "PATCH"]),
        st.sampled_from(PATHS),
        st.sampled_from([b"", b"{}", b"[", TOKEN[TOKEN.index(b"\r\n\r\n") + 4 :], *(CREATION % number for number in range(3))]),
        st.sampled_from(["", FORM, "content-type: application/json"]),
        st.booleans(),
    ),
    min_size=1,
    max_size=6,
)
NAMES = count()


@settings(QUICK, max_examples=150)
@given(asked=WHOLE, cuts=st.lists(st.integers(1, 300), max_size=12), authorized=st.booleans())
def test_calls_in_any_pieces_are_answered_to_the_byte_as_the_engine_answers_them(
    place: Place, asked: list[tuple[str, str, bytes, str, bool]], cuts: list[int], authorized: bool
) -> None:
    twin, name = place.worlds.default.fork(), f"twin-{next(NAMES)}"
    key = token_of(twin) if authorized else "none"
    place.worlds.adopt(name, twin.fork())
    said, expected = b"", []
    for method, path, body, kind, chunked in asked:
        headers = [f"authorization: Bearer {key}", *filter(None, [kind])]
        sent = body
        if chunked:
            headers.append("transfer-encoding: chunked")
            sent = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in in_pieces(body, [2]) if part) + b"0\r\n\r\n"
        request = wire(method, f"/worlds/{name}{path}", sent, *headers)
        said += request
        answer = twin.handle(parsed(request, path, body))
        expected.append((answer.status, [(name.lower(), value) for name, value in answer.framed], answer.body))
    assert Answers(place.answers(*in_pieces(said, cuts), then_silent=True)).found == expected
    place.worlds.close(name)


def token_of(engine: Engine) -> str:
    return str(engine.handle(parsed(TOKEN, "/oauth2/token", TOKEN[TOKEN.index(b"\r\n\r\n") + 4 :])).json()["access_token"])


def parsed(wire: bytes, path: str, body: bytes) -> Request:
    """The request that these bytes are, with another path."""
    lines = wire[: wire.index(b"\r\n\r\n")].split(b"\r\n")
    headers = tuple((name, value) for name, _, value in (line.partition(b": ") for line in lines[1:]))
    where, _, query = path.partition("?")
    return Request(lines[0].split()[0].decode(), where, query, headers, body)
