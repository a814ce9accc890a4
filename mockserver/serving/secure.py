"""Whether and how a server speaks TLS, as its settings say."""

from collections.abc import Callable
from dataclasses import dataclass
from ssl import SSLContext

from mockserver.clock import Clock
from mockserver.late import late
from mockserver.mistake import Mistake
from mockserver.serving.settings import Settings


@dataclass(frozen=True, slots=True)
class Secured:
    """What the server shows its clients, and how they come to trust it, for its URL, if that needs telling."""

    context: SSLContext
    trust: Callable[[str], str] | None = None


def secured(settings: Settings) -> Secured | None:
    """Nothing for plain HTTP. Raises `Mistake`."""
    if settings.key is not None and settings.cert is None:
        raise Mistake("--key goes with --cert")
    if settings.tls_name and not settings.tls:
        raise Mistake("--tls-name goes with --tls")
    if settings.cert is not None:
        if settings.tls:
            raise Mistake("--tls makes a certificate, --cert brings one: give one of them")
        return Secured(late("mockserver.serving.presenting").presenting(settings.cert, settings.key))
    return _by_an_authority(settings) if settings.tls else None


def _by_an_authority(settings: Settings) -> Secured:
    now, folder = Clock().now(), settings.tls_folder.expanduser()
    module = late("mockserver.serving.authority", extra="tls", what="serve --tls")
    authority = module.Authority.kept_in(folder, settings.tls_name, now)
    told = late("mockserver.serving.trusting").told
    return Secured(authority.context(settings.tls_name, now), lambda url: str(told(authority, url)))
