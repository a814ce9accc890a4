"""Whom a check plays and what it may count on: applications, account, retailers, advertisers, a Shoplive customer."""

from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Credentials:
    """An application of Criteo's. The secret stays out of `repr`."""

    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer of Shoplive's; the secret key is base64, as issued."""

    access_key: str
    secret_key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Setting:
    """What is `None` or empty is not known, and checks that need it are skipped, saying so.

    `main` may manage audiences of `account`, `reader` only read them, `relative` sees no absolute sizes, `stranger` is of
    another account. `run` begins the name of everything that is made.
    """

    main: Credentials | None = None
    account: str | None = None
    retailers: tuple[str, ...] = ()
    advertisers: tuple[str, ...] = ()
    reader: Credentials | None = None
    relative: Credentials | None = None
    stranger: Credentials | None = None
    stranger_account: str | None = None
    stranger_retailer: str | None = None
    read_only_list: str | None = None
    customer: Customer | None = None
    limit: int | None = None
    redirect_uri: str | None = None
    run: str = "check"
    version: str = "2026-07"

    @property
    def known(self) -> frozenset[str]:
        """The names of what is known."""
        return frozenset(name for name in self.__slots__ if getattr(self, name))


DEMO = Setting(
    main=Credentials("demo-client", "demo-secret"),
    account="625702934721171442",
    retailers=("12", "1234"),
    advertisers=("123", "456", "1234"),
    reader=Credentials("reader-client", "reader-secret"),
    relative=Credentials("relative-client", "relative-secret"),
    stranger=Credentials("stranger-client", "stranger-secret"),
    stranger_account="625702934721171999",
    stranger_retailer="77",
    read_only_list="56159923678901880",
    customer=Customer("a1b2c3d4", "c2hvcGxpdmUtZGVtby1zZWNyZXQta2V5LTAwMDAwMDE="),
    limit=250,
    redirect_uri="https://client.example/callback",
)
"""The demo world's."""


def settled(known: Setting, **given: object) -> Setting:
    """A setting with what was given in place of what was known."""
    return replace(known, **{name: value for name, value in given.items() if value})  # type: ignore[arg-type]  # by name
