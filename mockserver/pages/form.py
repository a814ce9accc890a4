"""What a form says: read within bounds, as browsers write it."""

from urllib.parse import parse_qsl

from starlette.requests import Request

from mockserver.mistake import Mistake

LARGEST = 64 * 2**10
"""Bytes."""
_MEDIA = "application/x-www-form-urlencoded"
_MOST_FIELDS = 100


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form, of a name given twice the last. Raises `Mistake`."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _MEDIA:
        raise Mistake(f"a form is sent as {_MEDIA}")
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST:
            raise Mistake(f"a form has at most {LARGEST} bytes")
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS))
    except ValueError as error:
        raise Mistake(f"this is no form: {error}") from None


def filled(said: dict[str, str], *names: str) -> dict[str, str]:
    """Those of the fields that were filled in, without the space around them."""
    return {name: said[name].strip() for name in names if said.get(name, "").strip()}
