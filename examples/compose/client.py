"""A client as it runs in production: the vendors' hosts, Criteo's SDK, httpx for Shoplive, secrets in the environment."""

from base64 import b64decode
from datetime import UTC, datetime, timedelta
from os import environ

import httpx
import jwt
from criteo_api_retailmedia_v2026_07 import ApiClientBuilder, models
from criteo_api_retailmedia_v2026_07.api.audience_api import AudienceApi

SHOPLIVE = "https://private.shopliveapi.com"


def segments() -> list[str]:
    """The names of Criteo's segments, the first five."""
    client = ApiClientBuilder.WithClientCredentials(environ["CRITEO_CLIENT_ID"], environ["CRITEO_CLIENT_SECRET"])
    search = models.RmAudienceSegmentSearchInputV1()
    found = AudienceApi(client).search_audience_segments(environ["CRITEO_ACCOUNT"], search, limit=5)
    return [each.attributes.name for each in found.data]


def campaigns() -> list[str]:
    """The titles of Shoplive's campaigns since yesterday."""
    key, now = environ["SHOPLIVE_ACCESS_KEY"], datetime.now(UTC)
    claims = {"accessKey": key, "iat": now, "exp": now + timedelta(minutes=5)}
    token = jwt.encode(claims, b64decode(environ["SHOPLIVE_SECRET_KEY"]), "HS256")
    period = {"from": f"{now - timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}", "to": f"{now:%Y-%m-%dT%H:%M:%SZ}"}
    answer = httpx.get(f"{SHOPLIVE}/v2/{key}/campaign/stats", params=period, headers={"Authorization": f"Bearer {token}"})
    return [each["title"] for each in answer.raise_for_status().json()["results"]]


print("segments:", *segments(), sep="\n  ")  # noqa: T201 - what it is for
print("campaigns:", *campaigns(), sep="\n  ")  # noqa: T201
