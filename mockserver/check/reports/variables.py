"""Whom a sequence plays, as variables of the environment: no credential is written into a script."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from mockserver.check.setting import DEMO, Setting

_PLAYED = {"main": "CLIENT", "reader": "READER", "relative": "RELATIVE", "stranger": "STRANGER"}
BASE = "http://localhost:8000"


@dataclass(frozen=True, slots=True)
class Variable:
    """`value` is what stood in the requests, `default` what is taken where nothing is given; a secret of ours has none."""

    name: str
    value: str = field(repr=False)
    default: str | None
    secret: bool = False


def variables(setting: Setting, secrets: Iterable[str]) -> list[Variable]:
    """Everything that may stand in requests and is somebody's own. What the demo world's documentation says is a default."""
    found: dict[str, Variable] = {}
    for each in [*_of(setting), *_of(DEMO)]:
        found.setdefault(each.value, each)
    unnamed = sorted(set(secrets) - set(found) - {""})
    for number, secret in enumerate(unnamed, 1):
        found[secret] = Variable(f"SECRET_{number}", secret, None, secret=True)
    return list(_apart(found.values()))


def _of(setting: Setting) -> Iterator[Variable]:
    for role, word in _PLAYED.items():
        credentials, demo = getattr(setting, role), getattr(DEMO, role)
        if credentials is not None:
            yield Variable(f"{word}_ID", credentials.client_id, credentials.client_id)
            yield _secret(f"{word}_SECRET", credentials.client_secret, demo.client_secret)
    if setting.customer is not None and DEMO.customer is not None:
        yield Variable("ACCESS_KEY", setting.customer.access_key, setting.customer.access_key)
        yield _secret("SECRET_KEY", setting.customer.secret_key, DEMO.customer.secret_key)
    if setting.account is not None:
        yield Variable("ACCOUNT", setting.account, setting.account)


def _secret(name: str, value: str, demo: str) -> Variable:
    return Variable(name, value, demo if value == demo else None, secret=True)


def _apart(found: Iterable[Variable]) -> Iterator[Variable]:
    """Those of the demo world beside others under names of their own."""
    taken: set[str] = set()
    for each in found:
        name = each.name if each.name not in taken else f"DEMO_{each.name}"
        taken.add(name)
        yield Variable(name, each.value, each.default, each.secret)
