"""The one style sheet and the one script that the pages have."""

from collections.abc import Mapping
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from mockserver.fingerprint import hex_fingerprint
from mockserver.mistake import unknown
from mockserver.pages.room import lost
from mockserver.pages.sheet import GUARDED

_FOLDER = Path(__file__).parent / "assets"
_MEDIA: Mapping[str, str] = {"pages.css": "text/css", "pages.js": "text/javascript"}


async def asset(request: Request) -> Response:
    """One of them, or that the browser's copy is still good."""
    name = request.path_params["name"]
    if name not in _MEDIA:
        return lost(request, unknown("asset", name, _MEDIA))
    text = (_FOLDER / name).read_text("utf-8")
    tag = f'"{hex_fingerprint(0, text)}"'
    headers = {**GUARDED, "Cache-Control": "no-cache", "ETag": tag}
    if request.headers.get("if-none-match") == tag:
        return Response(b"", 304, headers)
    return Response(text, 200, headers, media_type=_MEDIA[name])
