"""The rooms: each provider is a folder here and a line in `PROVIDERS`. The first answers what no other claims."""

from typing import Any

from mockserver.provider import Provider
from mockserver.providers.criteo import CRITEO
from mockserver.providers.shoplive import SHOPLIVE
from mockserver.readings import Reading

PROVIDERS: tuple[Provider[Any], ...] = (CRITEO, SHOPLIVE)
READINGS: tuple[Reading, ...] = tuple(reading for provider in PROVIDERS for reading in provider.readings)
"""Every reading there is."""
