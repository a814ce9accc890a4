"""The rooms: each provider is a folder here and a line in `PROVIDERS`. The first answers what no other claims."""

from typing import Any

from mockserver.provider import Provider
from mockserver.providers.criteo import CRITEO
from mockserver.providers.shoplive import SHOPLIVE

PROVIDERS: tuple[Provider[Any], ...] = (CRITEO, SHOPLIVE)
