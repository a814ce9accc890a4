"""A realtime report as people look at it: asked of a running server, drawn hour by hour and campaign by campaign."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import click
from tabulate import tabulate

from mockserver.mistake import Mistake

WIDTH = 40
_EIGHTHS = " ▏▎▍▌▋▊▉"

Rows = Sequence[Mapping[str, str]]


def asked(url: str, client_id: str, client_secret: str, attributes: Mapping[str, Any]) -> Rows:
    """The rows of a report, asked as any client would. Raises `Mistake` with what the server said."""
    credentials = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": client_secret}
    token = _sent(f"{url}/oauth2/token", urlencode(credentials).encode(), {})["access_token"]
    body = json.dumps({"data": {"type": "RealtimeStatisticsReport", "attributes": attributes}}).encode()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    rows: Rows = _sent(f"{url}/preview/reports/realtime", body, headers)["data"][0]["attributes"]["rows"]
    return rows


def drawn(rows: Rows, currency: str) -> str:
    """Displays by hour as bars, the oldest first, then a table of the campaigns. Of rows by `day, hour, campaign`."""
    if not rows:
        return "No displays in these hours."
    hours = _summed(rows, "day", "hour")
    most = max(figures[0] for figures in hours.values())
    lines = [
        [f"{day} {hour}:00", f"{displays:,}", f"{clicks:,}", f"{cost:,}", _bar(displays, most)]
        for (day, hour), (displays, clicks, cost) in sorted(hours.items())
    ]
    campaigns = _summed(rows, "advertiser", "campaign")
    totals = [[*names, f"{displays:,}", f"{clicks:,}", f"{cost:,}"] for names, (displays, clicks, cost) in campaigns.items()]
    figures = ["displays", "clicks", currency]
    right = ("right",) * 3
    return "\n\n".join(
        [
            tabulate(lines, ["hour", *figures, ""], colalign=("left", *right, "left"), disable_numparse=True),
            tabulate(totals, ["advertiser", "campaign", *figures], colalign=("left", "left", *right), disable_numparse=True),
        ]
    )


def _sent(url: str, body: bytes, headers: Mapping[str, str]) -> Any:
    try:
        with urlopen(Request(url, body, dict(headers)), timeout=30) as answer:  # noqa: S310 - the user's own server
            return json.load(answer)
    except HTTPError as refusal:
        raise Mistake(f"{url} answered {refusal.code}: {refusal.read().decode(errors='replace')}") from None
    except (URLError, OSError, ValueError) as error:
        raise Mistake(f"cannot ask {url}: {error}; is the server running?") from None


def _summed(rows: Rows, *names: str) -> dict[tuple[str, ...], tuple[int, int, Decimal]]:
    found: dict[tuple[str, ...], tuple[int, int, Decimal]] = {}
    for row in rows:
        key = tuple(row[name] for name in names)
        displays, clicks, cost = found.get(key, (0, 0, Decimal(0)))
        found[key] = (displays + int(row["displays"]), clicks + int(row["clicks"]), cost + Decimal(row["cost"]))
    return found


def _bar(value: int, most: int) -> str:
    whole, eighths = divmod(value * WIDTH * 8 // max(most, 1), 8)
    return ("█" * whole + _EIGHTHS[eighths]).rstrip()


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.option("--url", default="http://127.0.0.1:8000", show_default=True, help="A running server.")
@click.option("--client-id", default="demo-client", show_default=True)
@click.option("--client-secret", default="demo-secret", show_default=True)
@click.option("--advertiser", multiple=True, default=("123", "456", "1234"), show_default=True, help="May be repeated.")
@click.option("--hours", default=12, show_default=True, type=click.IntRange(1, 24), help="How far to look back.")
@click.option("--timezone", default="UTC", show_default=True)
@click.option("--currency", default="EUR", show_default=True)
def report(
    url: str, client_id: str, client_secret: str, advertiser: tuple[str, ...], hours: int, timezone: str, currency: str
) -> None:
    """Draw the last hours of some advertisers, asked of a running server."""
    attributes = {
        "advertiserIds": advertiser,
        "dimensions": ["day", "hour", "advertiser", "campaign"],
        "metrics": ["displays", "clicks", "cost"],
        "lookbackWindow": hours,
        "timezone": timezone,
        "currency": currency,
    }
    try:
        click.echo(drawn(asked(url.rstrip("/"), client_id, client_secret, attributes), currency))
    except Mistake as mistake:
        raise click.ClickException(str(mistake)) from None
