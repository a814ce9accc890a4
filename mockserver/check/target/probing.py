"""The first calls to a target that is no fake of ours: a token, and a search that tells what there is."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from mockserver.check.judging import Judge
from mockserver.check.setting import Credentials, Setting
from mockserver.check.target.pace import Pace
from mockserver.message import Request, Response, compose
from mockserver.mistake import Mistake

Send = Callable[[Request], Response]

_LARGEST_PAGE = 500
_NOBODY = "0"


def probe(pace: Pace, url: str, setting: Setting, judge: Judge) -> Setting:
    """What is known once a target was asked. Raises `Mistake` if it is none of this API's, or lets nobody in."""
    if setting.main is None:
        return _probe_campaigns(pace, url, setting, judge)
    token = token_of(pace.send, url, setting.main)
    operation = judge.operation("searchAudienceSegments", setting.version)
    path = operation.path.replace("{account-id}", setting.account or _NOBODY)
    request = compose(
        operation.method,
        f"{path}?limit={_LARGEST_PAGE}",
        json={"data": {"attributes": {}}},
        headers={"authorization": f"Bearer {token}"},
    )
    response = pace.send(request)
    what = f"POST {path}"
    _check_way(response, url, what)
    if response.status in (404, 405, 410):
        raise Mistake(f"{url} has no version {setting.version} of this API: {what} answers {response.status}")
    if response.status == 401:
        raise Mistake(f"{url} gives a token to {setting.main.client_id!r} and does not take it: {what} answers 401")
    if response.status == 403 and setting.account:
        raise Mistake(f"{url} does not let {setting.main.client_id!r} read the segments of account {setting.account} (403)")
    if response.status != 204:
        _json(response, url, what)
    return _discovered(setting, response)


def token_of(send: Send, url: str, who: Credentials, hint: str = "") -> str:
    """A token of an application. Raises `Mistake`."""
    form = {"grant_type": "client_credentials", "client_id": who.client_id, "client_secret": who.client_secret}
    response = send(compose("POST", "/oauth2/token", form=form))
    what = "POST /oauth2/token"
    _check_way(response, url, what)
    if response.status in (404, 405, 410):
        raise Mistake(f"{url} speaks another API: {what} answers {response.status}")
    if response.status >= 500 or response.status == 429:
        raise Mistake(f"{url} gives no token now: {what} answers {response.status}")
    body = _json(response, url, what)
    error = body.get("error") if isinstance(body, dict) else None
    if response.status in (400, 401, 403):
        said = f"{response.status} {error}" if isinstance(error, str) and len(error) < 80 else str(response.status)
        raise Mistake(f"{url} refuses the credentials of {who.client_id!r} ({said}){hint}")
    token = body.get("access_token") if isinstance(body, dict) else None
    if response.status != 200 or not isinstance(token, str) or not token or not token.isascii() or not token.isprintable():
        raise Mistake(f"{url} speaks another API: {what} answers {response.status} without an access_token")
    return token


def _probe_campaigns(pace: Pace, url: str, setting: Setting, judge: Judge) -> Setting:
    """Without a token, Shoplive's one operation refuses in JSON whoever asks."""
    assert setting.customer is not None
    operation = judge.operation("retrieveCampaignStats", setting.version)
    path = operation.path.replace("{accessKey}", setting.customer.access_key)
    response = pace.send(compose(operation.method, path))
    _check_way(response, url, operation.id)
    if response.status in (404, 405, 410):
        raise Mistake(f"{url} speaks another API: {operation.id} answers {response.status}")
    _json(response, url, operation.id)
    return setting


def _check_way(response: Response, url: str, what: str) -> None:
    """Raise `Mistake` for a target that is elsewhere."""
    if 300 <= response.status < 400:
        where = (response.header("location") or "nowhere").partition("?")[0][:200]
        raise Mistake(f"{url} redirects {what} to {where}: give as --target where it really is")


def _json(response: Response, url: str, what: str) -> Any:
    """The body. Raises `Mistake` for one that is no JSON."""
    try:
        return response.json()
    except ValueError:
        kind = (response.header("content-type") or "no content type").partition(";")[0][:60]
        raise Mistake(f"{url} speaks another API: {what} answers {response.status} in {kind}, not in JSON") from None


def _discovered(setting: Setting, response: Response) -> Setting:
    """The retailers of the segments found, the most frequent first, a list that is read only, and the limit of calls."""
    body = response.json() if response.status == 200 else None
    data = body.get("data") if isinstance(body, dict) else None
    items = [each for each in data if isinstance(each, dict)] if isinstance(data, list) else []
    shown = [(item.get("id"), item["attributes"]) for item in items if isinstance(item.get("attributes"), dict)]
    retailers = Counter(each["retailerId"] for _, each in shown if _is_id(each.get("retailerId")))
    locked = [
        id
        for id, each in shown
        if _is_id(id) and isinstance(each.get("contactList"), dict) and each["contactList"].get("isReadOnly") is True
    ]
    limit = response.header("x-ratelimit-limit") or ""
    return replace(
        setting,
        retailers=setting.retailers or tuple(retailer for retailer, _ in retailers.most_common(2)),
        read_only_list=setting.read_only_list or next(iter(locked), None),
        limit=setting.limit or (int(limit) if limit.isascii() and limit.isdigit() and 0 < len(limit) < 9 else None),
    )


def _is_id(said: Any) -> bool:
    return isinstance(said, str) and said.isascii() and said.isdigit()
