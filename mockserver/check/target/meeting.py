"""Finding out what a target is, in the fewest calls, and what of it can be checked."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from time import sleep as really_sleep
from typing import Any

from mockserver.check.judging import Judge
from mockserver.check.refraining import BudgetSpent
from mockserver.check.setting import DEMO, Setting, settled
from mockserver.check.target.budget import Budget
from mockserver.check.target.elsewhere import Elsewhere
from mockserver.check.target.fake import Fake, control, health
from mockserver.check.target.made import is_run, new_run
from mockserver.check.target.pace import Pace
from mockserver.check.target.probing import probe, token_of
from mockserver.check.target.remote import Remote, dialled
from mockserver.check.wire import Unreachable
from mockserver.clock import parse_moment
from mockserver.message import compose
from mockserver.mistake import Mistake
from mockserver.provider import check_named
from mockserver.providers import PROVIDERS, READINGS

_HOUR = 3600
_WORLD = re.compile(r"(?P<root>.*)/worlds/(?P<name>[^/]+)")


def met(
    url: str,
    setting: Setting,
    *,
    allow_writes: bool = False,
    budget: int | None = None,
    timeout: float = 10.0,
    control_token: str | None = None,
    sleep: Callable[[float], None] = really_sleep,
) -> Elsewhere | Fake:
    """Where checks of a URL are run, a fake of ours or anything else. `budget` is in calls, `timeout` in seconds;
    `control_token` is what a fake wants shown to be commanded.

    A setting's limit counts as leave to use it up, if writing is allowed too. A run without a name gets one. Raises `Mistake`
    for a target that cannot be checked.
    """
    known = named(setting)
    line = dialled(url, timeout, control_token)
    try:
        told = health(line)
        if told is not None:
            return _fake(line, known, Budget(budget), told)
        return met_stranger(Pace(line, Budget(budget), sleep), line.url, known, allow_writes=allow_writes)
    except (Unreachable, BudgetSpent) as reason:
        line.close()
        raise Mistake(str(reason)) from None
    except BaseException:
        line.close()
        raise


def named(setting: Setting) -> Setting:
    """The setting of a run that has a name. Raises `Mistake` for a version that is none."""
    check_named(PROVIDERS, None, setting.version)
    return setting if is_run(setting.run) else replace(setting, run=new_run())


def _fake(root: Remote, setting: Setting, budget: Budget, told: Mapping[str, Any]) -> Fake:
    limit = control(root, "GET", "/_mock/settings").get("rate_limit")
    readings = control(root, "GET", "/_mock/readings").get("readings")
    judge = Judge(_guide() | _chosen(readings))
    known = replace(_of_a_fake(setting), limit=limit if isinstance(limit, int) else None)
    world = _WORLD.fullmatch(root.url)
    moment = (parse_moment(told["now"]) // _HOUR + 1.5) * _HOUR  # at half past, so that the running hour has figures
    if known.main is not None:
        hint = "; it has not the demo world, so say who you are with --client-id" if known.main == DEMO.main else ""
        _check_account(root, known, token_of(root.send, root.url, known.main, hint))
    base, origin = (root.at(world["root"]), world["name"]) if world else (root, None)
    return Fake(base, known, judge, budget, moment=moment, origin=origin)


def _check_account(root: Remote, setting: Setting, token: str) -> None:
    """That the application may use the account. Raises `Mistake`."""
    path = f"/{setting.version}/retail-media/accounts/{setting.account}/audience-segments/search?limit=0"
    asked = compose("POST", path, json={}, headers={"authorization": f"Bearer {token}"})
    if setting.main and setting.account and root.send(asked).status == 403:
        raise Mistake(
            f"{root.url} does not let {setting.main.client_id!r} read the segments of account {setting.account} (403)"
        )


def _of_a_fake(setting: Setting) -> Setting:
    """The demo world's applications, unless somebody else is named: then what is known of that one."""
    known = {name: getattr(setting, name) for name in setting.known}
    return settled(DEMO if setting.main in (None, DEMO.main) else Setting(customer=DEMO.customer), **known)


def _guide() -> dict[str, str]:
    return {reading.name: reading.guide for reading in READINGS}


def _chosen(told: Any) -> dict[str, str]:
    """What a fake says that it follows, of what is known: it may be of another release."""
    if not isinstance(told, dict):
        return {}
    said = {name: each.get("chosen") for name, each in told.items() if isinstance(each, dict)}
    known = {reading.name: reading.alternatives for reading in READINGS}
    return {name: each for name, each in said.items() if isinstance(each, str) and each in known.get(name, ())}


def met_stranger(pace: Pace, url: str, setting: Setting, *, allow_writes: bool) -> Elsewhere:
    """Where checks of a target are run that is no fake of ours. Raises `Mistake`, `Unreachable` and `BudgetSpent`."""
    if setting.main is None and setting.customer is None:
        raise Mistake(f"{url} is no fake of ours, so it has to be told who asks: --client-id, --client-secret and --account")
    judge = Judge(_guide())
    abilities = ["writes"] if allow_writes else []
    abilities += ["exhaust"] if allow_writes and setting.limit else []
    known = probe(pace, url, setting, judge)
    return Elsewhere(pace, known, judge, frozenset(abilities))
