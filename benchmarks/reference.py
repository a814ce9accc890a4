"""The yardstick: Starlette answering 241 constant bytes."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

BODY = b'{"data":"' + b"x" * 230 + b'"}'


async def answer(request: Request) -> Response:
    await request.body()
    return Response(BODY, media_type="application/json")


app = Starlette(routes=[Route("/reference", answer, methods=["POST"])])
