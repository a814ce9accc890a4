"""A page as it goes out: rendered from its template, under headers by which a browser takes nothing from elsewhere."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import Response

from mockserver.clock import written

GUARDED: Mapping[str, str] = {
    "Content-Security-Policy": "; ".join(
        f"{what} {whose}"
        for what, whose in {
            "default-src": "'none'",
            "style-src": "'self'",
            "script-src": "'self'",
            "connect-src": "'self'",
            "img-src": "'self' data:",
            "form-action": "'self'",
            "frame-ancestors": "'none'",
            "base-uri": "'none'",
        }.items()
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # under no-referrer, browsers send forms with the Origin null, which nobody can admit
    "Cache-Control": "no-store",
}


def _counted(number: int) -> str:
    return f"{number:,}"


def _pretty(thing: Any) -> str:
    return orjson.dumps(thing, option=orjson.OPT_INDENT_2, default=str).decode()


def _brief(thing: Any) -> str:
    """A part of a record in a few words."""
    if isinstance(thing, Mapping):
        said = {name.replace("_", " "): value for name, value in thing.items() if value not in (None, (), [])}
        return ", ".join(f"{name} {_brief(value)}" for name, value in said.items())
    if isinstance(thing, list | tuple):
        return ", ".join(map(_brief, thing))
    return ("yes" if thing else "no") if isinstance(thing, bool) else str(thing)


def _of_day(moment: float) -> str:
    return written(moment)[11:19]


_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
_TEMPLATES.filters.update(counted=_counted, pretty=_pretty, written=written, of_day=_of_day, brief=_brief)


def rendered(template: str, values: Mapping[str, Any]) -> str:
    """A template with its values, every one of them escaped."""
    return _TEMPLATES.get_template(template).render(values)


def piece(template: str, macro: str, *values: Any) -> str:
    """What one macro of a template makes of its values."""
    return str(getattr(_TEMPLATES.get_template(template).module, macro)(*values))


def sheet(html: str, status: int = 200) -> Response:
    """A page on its way."""
    return Response(html, status, GUARDED, media_type="text/html")
