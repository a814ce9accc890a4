"""The rooms: each provider is a folder here and a line in `PROVIDERS`."""

from mockserver.providers.criteo import CRITEO

PROVIDERS = (CRITEO,)
