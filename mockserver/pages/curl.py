"""A call as a curl command against this server: quoted for a shell, secrets as its variables."""

import re
from collections.abc import Iterator
from shlex import quote
from urllib.parse import parse_qsl, quote_plus, urlencode
from urllib.parse import quote as percent

import orjson

from mockserver.masking import masked_headers, masked_query, masked_request_body
from mockserver.message import Request

_LEFT_TO_CURL = frozenset("host content-length connection accept-encoding user-agent transfer-encoding expect".split())
_PATH = "/-._~:@!$&'()*+,;="
_MARK = re.compile(r"<(?!identifier )([a-z_]+) [0-9a-f]{6}>")
_UNSHOWN = re.compile("<[0-9]+ bytes that are no JSON>")
_FORM = "application/x-www-form-urlencoded"


def curl(base: str, request: Request, *, made_up: bool = False) -> str:
    """The command, an argument a line. `base` is a URL to which the path is added.

    A secret stands as a shell variable of its name; an identifier as its mark, which is valid nowhere, unless the body is
    `made_up` by us.
    """
    where = base + percent(request.path, safe=_PATH) + _query(request.query)
    method = "--head" if request.method == "HEAD" else f"-X {quote(request.method)}"
    words = [f"curl -gsS {method} {_quoted(where)}"]
    headers = masked_headers(request.headers)
    words += [f"-H {_quoted(f'{name}: {value}')}" for name, value in headers.items() if _is_said(name, value)]
    words += _body(request, made_up)
    return " \\\n  ".join(words)


def variables(command: str) -> list[str]:
    """The shell variables that a command asks for."""
    return sorted(set(re.findall(r'"\$([A-Z_]+)"', command)))


def _is_said(name: str, value: str) -> bool:
    return name not in _LEFT_TO_CURL and (name, value) != ("accept", "*/*")


def _query(query: str) -> str:
    """The query as it was sent, unless it has secrets: then so that it says the same."""
    if not query:
        return ""
    if masked_query(query) == query:
        return f"?{query}"
    pairs = (masked_query(urlencode([pair])) for pair in parse_qsl(query, keep_blank_values=True))
    return "?" + "&".join(pairs)


def _quoted(text: str) -> str:
    """A text as one word of a shell, the marks in it as variables."""
    parts, at = [], 0
    for mark in _MARK.finditer(text):
        parts += [quote(text[at : mark.start()])] if text[at : mark.start()] else []
        parts.append(f'"${mark.group(1).upper()}"')
        at = mark.end()
    return "".join(parts) + (quote(text[at:]) if text[at:] or not parts else "")


def _body(request: Request, made_up: bool) -> Iterator[str]:
    media = request.header(b"content-type")
    body = masked_request_body(request.body, media)
    if isinstance(body, dict) and (media or "").startswith(_FORM):
        yield from (f"--data-urlencode {_quoted(f'{quote_plus(name)}={value}')}" for name, value in body.items())
    elif isinstance(body, str) and _UNSHOWN.fullmatch(body):
        yield "--data-binary @body"
    elif body is not None:
        yield f"--data-binary {_quoted(request.body.decode() if made_up else orjson.dumps(body).decode())}"
