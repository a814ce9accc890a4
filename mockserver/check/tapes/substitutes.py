"""What the names on a tape stand for where it is played: what was handed out, whom the setting knows, what is made up."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from mockserver.check.customer_token import minted
from mockserver.check.players import applications, given_names, secret_names
from mockserver.check.session import Session
from mockserver.check.tapes.naming import is_moment
from mockserver.check.tapes.references import filled, whole_name
from mockserver.check.tapes.references import plain as plain_name
from mockserver.check.tapes.standins import made_up

GIVEN = ("retailer", "advertiser", "stranger", "client", "basic")
"""The first words of what a setting may not know."""


class Unplayable(Exception):  # noqa: N818 - it is an outcome
    """A step that cannot be played here; the message says why."""


class Substitutes:
    """The names of one session's tape and their values, as they become known."""

    def __init__(self, session: Session, tokens: Mapping[str, Mapping[str, Any]], handed: frozenset[str], run: str):
        """`tokens` are how customers made theirs; `handed` are the names that answers give a value; `run` was recorded."""
        setting = session.setting
        self._session = session
        self._tokens = tokens
        self._handed = handed
        self._invented: set[str] = set()
        self.values: dict[str, str] = {
            **given_names(setting),
            **secret_names(setting),
            "run": run_like(setting.run, run, free="fresh" in session.wire.abilities),
        }
        self._taken = {value: name for name, value in self.values.items()}

    def value(self, name: str) -> str:
        """What a name stands for. Raises `Unplayable`."""
        plain = plain_name(name)
        if plain in self.values:
            return self.values[plain]
        if plain.startswith("identifier "):
            return _stand_in(plain)
        if plain in self._tokens:
            return self._keep(plain, self._minted(self._tokens[plain]))
        if plain.startswith("token of "):
            return self._fetched(plain.removeprefix("token of "))
        if plain in self._handed:
            raise Unplayable(f"the target handed out no {plain}")
        if not plain.rpartition(" ")[2].isdigit() or plain.split()[0] in GIVEN:
            raise Unplayable(f"no {plain} is known here")
        return self._made_up(plain)

    def bind(self, name: str, value: str) -> bool:
        """Take what was handed out for what a name stands for; whether it may be: no value has two names of a kind."""
        plain = plain_name(name)
        if plain in self.values:
            return self.values[plain] == value
        other = self._taken.get(value)
        if other is not None and _kind(other) == _kind(plain) and not is_moment(plain):
            return False
        self._keep(plain, value)
        return True

    def knows(self, name: str) -> bool:
        """Whether a name stands for anything yet."""
        plain = plain_name(name)
        return plain in self.values or plain.startswith(("identifier ", "token of ")) or plain in self._tokens

    def is_invented(self, name: str) -> bool:
        """Whether a name stands for a secret that is made up."""
        return name in self._invented

    def text(self, text: str) -> str:
        """A kept text as it is said here. Raises `Unplayable`."""
        return filled(text, self.value)

    def thing(self, thing: Any) -> Any:
        """Kept JSON as it is said here. Raises `Unplayable`."""
        if isinstance(thing, dict):
            return {self.text(name): self.thing(value) for name, value in thing.items()}
        if isinstance(thing, list):
            return [self.thing(each) for each in thing]
        if not isinstance(thing, str):
            return thing
        name = whole_name(thing)
        if name is None or not name.startswith("#"):
            return self.text(thing)
        return float(self.value(name)) if name.startswith("#.") else _number(self.value(name))

    def _keep(self, name: str, value: str) -> str:
        self.values[name] = value
        self._taken.setdefault(value, name)
        return value

    def _fetched(self, role: str) -> str:
        known = dict(applications(self._session.setting))
        if role not in known:
            raise Unplayable(f"no application is known that is {role}")
        return self._session.token(known[role])

    def _minted(self, made: Mapping[str, Any]) -> str:
        customer = self._session.setting.customer
        if customer is None:
            raise Unplayable("no customer of Shoplive's is known here")
        claims = {
            name: customer.access_key if value is None and name == "accessKey" else value
            for name, value in made["claims"].items()
        }
        times = {name: self._session.wire.now() + seconds for name, seconds in made["times"].items()}
        return minted(customer, made["header"], claims | times, made["key"])

    def _made_up(self, name: str) -> str:
        """What is like a secret that nobody was told: the target has to refuse it."""
        self._invented.add(name)
        return self._keep(name, f"made-up-{name.replace(' ', '-')}-for-{self._session.setting.run}".replace(" ", "-"))


def run_like(run: str, recorded: str, *, free: bool) -> str:
    """A run's name as long as that of another, where names may have no more than so many characters.

    Only one that is `free` can be shorter than it is: elsewhere what a run made is known by its name.
    """
    missing = len(recorded) - len(run)
    if missing > 0:
        return f"{run} {'x' * (missing - 1)}"
    return run[: len(recorded)] if free else run


def _stand_in(name: str) -> str:
    _, number, form = name.split(" ", 2)
    return made_up(int(number), unquote(form))


def _kind(name: str) -> str:
    return name.rpartition(" ")[0]


def _number(text: str) -> int | float:
    try:
        return int(text)
    except ValueError:
        return float(text)
