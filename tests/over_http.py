"""What a client does over a socket, in the tests about sockets."""

import httpx
from conftest import ACCOUNT, TODAY

NOW = TODAY.replace("Z", ".000Z")
SEGMENTS = f"/2026-07/retail-media/accounts/{ACCOUNT}/audience-segments"
CREDENTIALS = {"grant_type": "client_credentials", "client_id": "demo-client", "client_secret": "demo-secret"}


def authorization(web: httpx.Client, root: str = "") -> dict[str, str]:
    token = web.post(f"{root}/oauth2/token", data=CREDENTIALS).json()["access_token"]
    return {"authorization": f"Bearer {token}"}


def create(web: httpx.Client, name: str, root: str = "", headers: dict[str, str] | None = None) -> httpx.Response:
    attributes = {"name": name, "retailerId": "12", "contactList": {"identifierType": "Email"}}
    body = {"data": [{"attributes": attributes}]}
    return web.post(f"{root}{SEGMENTS}/create", json=body, headers=headers or authorization(web, root))
