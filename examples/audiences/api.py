"""Criteo's API as one application reaches it with httpx."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from audiences.patience import Patience
from audiences.troubles import Refused, ServerFailed, Throttled, TokenRefused, Unsure

URL = "https://api.criteo.com"
VERSION = "2026-07"
RENEWED_BEFORE = 60
"""A token is renewed so many seconds before it expires, lest it expires on its way."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who the application is."""

    client_id: str
    client_secret: str = field(repr=False)


def sent(send: Callable[[], httpx.Response]) -> httpx.Response:
    """An answer, whatever its status. Raises `Unsure` if none came."""
    try:
        return send()
    except httpx.RequestError as error:
        raise Unsure(f"{type(error).__name__}: {error}") from error


def read(response: httpx.Response) -> dict[str, Any]:
    """What a good answer says. Raises what the others mean."""
    status = response.status_code
    if status == 429:
        reset = response.headers.get("x-ratelimit-reset")
        raise Throttled(None if reset is None else float(reset))
    if status == 401:
        raise TokenRefused("the token was refused")
    if status >= 500:
        raise ServerFailed(f"the server failed with {status}")
    if status >= 400:
        raise Refused(f"{status}: {response.text}")
    return parsed(response)


def parsed(response: httpx.Response) -> dict[str, Any]:
    """The body of an answer. Raises `Unsure` if it is not one of the API's."""
    try:
        said = response.json()
    except ValueError as error:
        raise Unsure(f"{response.status_code} came with a body that is no JSON") from error
    if not isinstance(said, dict):
        raise Unsure(f"{response.status_code} came with a body that is no object")
    return said


class Api:
    """Calls the API with a token, renewed in time, as often as patience allows."""

    def __init__(self, credentials: Credentials, patience: Patience | None = None, http: httpx.Client | None = None):
        self.patience = patience or Patience()
        self._credentials = credentials
        self._http = http or httpx.Client(timeout=10)
        self._token = ""
        self._good_until = float("-inf")

    def ask(self, method: str, path: str, body: Any = None, *, repeatable: bool = True) -> dict[str, Any]:
        """What the API answers; `path` starts after the version. Raises `Refused`, `GaveUp`.

        A call that is not `repeatable` raises `Unsure` when it may have been done.
        """
        return self.patience.until_answered(lambda: self.attempt(method, path, body), repeatable=repeatable)

    def attempt(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """What the API answers to one call. Raises `Trouble`, `Refused`."""
        try:
            return self.read(self.send(method, path, body))
        except TokenRefused:
            self.forget_token()
            raise

    def send(self, method: str, path: str, body: Any = None) -> httpx.Response:
        """The answer to one call, whatever its status. Raises `Unsure` if none came."""
        headers = {"authorization": f"Bearer {self.token()}"}
        url = f"{URL}/{VERSION}/retail-media{path}"
        return sent(lambda: self._http.request(method, url, json=body, headers=headers))

    def read(self, response: httpx.Response) -> dict[str, Any]:
        """What a good answer says. Raises what the others mean."""
        return read(response)

    def token(self) -> str:
        """A token that is good for a while yet."""
        now = self.patience.now()
        if now >= self._good_until:
            said = self.patience.until_answered(self._fetch_token)
            self._token, self._good_until = said["access_token"], now + said["expires_in"] - RENEWED_BEFORE
        return self._token

    def forget_token(self) -> None:
        """Have the next call fetch a token of its own."""
        self._good_until = float("-inf")

    def _fetch_token(self) -> dict[str, Any]:
        who = {"client_id": self._credentials.client_id, "client_secret": self._credentials.client_secret}
        form = {"grant_type": "client_credentials", **who}
        response = sent(lambda: self._http.post(f"{URL}/oauth2/token", data=form))
        if response.status_code in (400, 401):
            raise Refused(f"no token for {self._credentials.client_id}: {response.text}")
        return read(response)
