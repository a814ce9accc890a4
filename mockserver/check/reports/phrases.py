"""Values and expectations in the words of Python."""

import json
import math
from collections.abc import Callable, Mapping
from typing import Any

from mockserver.check.expectation import ABSENT
from mockserver.check.reports.parts import Minted, Name, Packed, Part, Text

FUNCTIONS = {
    "mint(": '''
def mint(client, header, claims, times, key):
    """A token as a customer of Shoplive's makes it; the times are seconds from now, by the clock of a fake if it is one."""
    told = client.get("/_mock/clock")
    now = told.json()["epoch"] if told.is_success else time.time()
    claims = claims | {name: int(now + seconds) for name, seconds in times.items()}
    keys = {"decoded": base64.b64decode(SECRET_KEY), "written": SECRET_KEY.encode(), "another": b"another key"}
    said = ".".join(encoded(json.dumps(part).encode()) for part in (header, claims))
    digest = {"HS384": "sha384", "HS512": "sha512"}.get(header["alg"], "sha256")
    return said + "." + (encoded(hmac.digest(keys[key], said.encode(), digest)) if key in keys else "")


def encoded(part):
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()
''',
    "move(": '''
def move(client, seconds):
    """A fake has a clock that can be moved; anywhere else there is nothing but waiting."""
    if not client.post("/_mock/clock", json={"advance": seconds}).is_success:
        time.sleep(seconds)
''',
    "packed(": """
def packed(text):
    return base64.b64encode(text.encode()).decode()
""",
}
"""What a test may call, by the call."""

RELATIONS: Mapping[str, Callable[[str], str]] = {
    "is not": lambda wanted: f"found != {wanted}",
    "is one of": lambda wanted: f"found in {wanted}",
    "is none of": lambda wanted: f"found not in {wanted}",
    "has": lambda wanted: f"isinstance(found, (list, str, dict)) and {wanted} in found",
    "has not": lambda wanted: f"not isinstance(found, (list, str, dict)) or {wanted} not in found",
    "has in any order": lambda wanted: f"isinstance(found, list) and sorted(found, key=repr) == sorted({wanted}, key=repr)",
    "has length": lambda wanted: f"isinstance(found, (list, str, dict)) and len(found) == {wanted}",
    "is at most": lambda wanted: f"isinstance(found, (int, float)) and found <= {wanted}",
    "is at least": lambda wanted: f"isinstance(found, (int, float)) and found >= {wanted}",
    "is less than": lambda wanted: f"isinstance(found, (int, float)) and found < {wanted}",
    "is more than": lambda wanted: f"isinstance(found, (int, float)) and found > {wanted}",
    "is within": lambda wanted: f"{wanted}[0] <= float(found) <= {wanted}[1]",
    "is about": lambda wanted: f"isinstance(found, (int, float)) and abs(found - {wanted}) <= 1e-9 * max(1.0, abs({wanted}))",
    "matches": lambda wanted: f"isinstance(found, str) and re.fullmatch({wanted}, found)",
    "is there": lambda _: "found is not MISSING",
    "is absent": lambda _: "found is MISSING",
}
"""What is asserted of `found`, by relation; `is` has more than one way."""


def condition(relation: str, wanted: Any, written: str) -> str:
    """What is asserted of `found`; `written` is what is wanted, in Python."""
    if relation != "is":
        return RELATIONS[relation](written)
    if wanted is None or isinstance(wanted, bool) or wanted is ABSENT:
        return f"found is {written}"
    if isinstance(wanted, int | float):
        return f"type(found) is {type(wanted).__name__} and found == {written}"
    return f"found == {written}"


def value(thing: Any) -> str:
    """A value whose texts are taken apart, as Python writes it."""
    if isinstance(thing, tuple):
        return text(thing)
    if isinstance(thing, dict):
        return "{" + ", ".join(f"{_literal(str(key))}: {value(each)}" for key, each in thing.items()) + "}"
    if isinstance(thing, list):
        return "[" + ", ".join(map(value, thing)) + "]"
    if isinstance(thing, float) and not math.isfinite(thing):
        return f'float("{thing}")'
    return "MISSING" if thing is ABSENT else repr(thing)


def text(parts: Text) -> str:
    """A text as a literal, a variable, or both in an f-string."""
    if all(isinstance(part, str) for part in parts):
        return _literal("".join(part for part in parts if isinstance(part, str)))
    if len(parts) == 1:
        return _expression(parts[0])
    return " + ".join(map(_expression, parts)) if any(_is_hard(part) for part in parts) else _f_string(parts)


def _f_string(parts: Text) -> str:
    inside = "".join(
        _literal(part)[1:-1].replace("{", "{{").replace("}", "}}") if isinstance(part, str) else f"{{{_expression(part)}}}"
        for part in parts
    )
    return f'f"{inside}"'


def _is_hard(part: Part) -> bool:
    """Whether it does not fit into an f-string of every Python."""
    return isinstance(part, Packed | Minted) or (isinstance(part, Name) and part.change in ("encoded", "escaped"))


def _literal(said: str) -> str:
    """In double quotes, as JSON would, which is Python too."""
    return json.dumps(said, ensure_ascii=not said.isprintable()) if _is_plain(said) else repr(said)


def _is_plain(said: str) -> bool:
    return not any("\ud800" <= each <= "\udfff" or ord(each) > 0xFFFF for each in said)


def _expression(part: Part) -> str:
    if isinstance(part, str):
        return _literal(part)
    if isinstance(part, Packed):
        return f"packed({text(part.text)})"
    if isinstance(part, Minted):
        return _minted(part)
    held = part.name if part.length is None else f"{part.name}[:{part.length}]"
    changes = {"": held, "upper": f"{held}.upper()", "lower": f"{held}.lower()"}
    changes |= {"encoded": f'quote({held}, safe="")', "escaped": f"json.dumps({held})[1:-1]"}
    return changes[part.change]


def _minted(token: Minted) -> str:
    claims = ", ".join(f"{name!r}: {_claim(name, said)}" for name, said in token.claims.items())
    times = {name: round(seconds, 3) for name, seconds in token.times.items()}
    return f"mint(client, {dict(token.header)!r}, {{{claims}}}, {times!r}, {token.key!r})"


def _claim(name: str, said: Any) -> str:
    return "ACCESS_KEY" if name == "accessKey" and said is None else repr(said)
