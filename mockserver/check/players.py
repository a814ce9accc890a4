"""Whom and what a setting names: what a run was given, by the names that it has on every tape."""

from base64 import b64encode
from collections.abc import Iterator

from mockserver.check.setting import Credentials, Setting

ROLES = ("main", "reader", "relative", "stranger")
"""The applications of a setting."""


def given_names(setting: Setting) -> dict[str, str]:
    """What a run was given and is no secret, by the names that it has on tapes."""
    found: dict[str, str | None] = {
        "account": setting.account,
        "stranger account": setting.stranger_account,
        "stranger retailer": setting.stranger_retailer,
        "read-only list": setting.read_only_list,
        "redirect uri": setting.redirect_uri,
        "access key": setting.customer.access_key if setting.customer else None,
    }
    found |= {f"retailer {place}": id for place, id in enumerate(setting.retailers, 1)}
    found |= {f"advertiser {place}": id for place, id in enumerate(setting.advertisers, 1)}
    found |= {f"client {role}": each.client_id for role, each in applications(setting)}
    return {name: text for name, text in found.items() if text}


def secret_names(setting: Setting) -> dict[str, str]:
    """The secrets that a run was given, by their names on tapes."""
    found = {f"secret of {role}": each.client_secret for role, each in applications(setting)}
    found |= {f"basic of {role}": basic(each) for role, each in applications(setting)}
    return found | ({"secret key": setting.customer.secret_key} if setting.customer else {})


def applications(setting: Setting) -> Iterator[tuple[str, Credentials]]:
    """Every application that a setting knows, by its role."""
    for role in ROLES:
        found = getattr(setting, role)
        if found is not None:
            yield role, found


def basic(credentials: Credentials) -> str:
    """What HTTP Basic sends."""
    return b64encode(f"{credentials.client_id}:{credentials.client_secret}".encode()).decode()
