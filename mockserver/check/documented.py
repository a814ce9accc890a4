"""Documented exchanges, as files say them: what is asked step by step, and what the answer is by which document."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from mockserver.check.drafting.subjects import NEEDS
from mockserver.check.expectation import RELATIONS
from mockserver.check.setting import Setting
from mockserver.check.wire import EVERYTHING
from mockserver.evidence import KINDS, Evidence
from mockserver.mistake import Mistake, check_members, unknown
from mockserver.providers import PROVIDERS, READINGS
from mockserver.resources import folder

Said = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Expected:
    """What stands at a place of the answer, in relation to a value."""

    pointer: str
    relation: str
    value: Any


@dataclass(frozen=True, slots=True)
class Step:
    """`operation` is asked; texts may hold `{placeholders}`. Without an operation, `url` is, by `method`.

    `under` are further expectations, by reading and alternative. `who` is `main`, `reader`, `relative`, `stranger`,
    `customer` or `nobody`; an `authorization` is sent as it is.
    """

    operation: str
    version: str
    method: str
    url: str
    path: Said
    query: Said
    body: Any
    media: str | None
    who: str
    authorization: str | None
    expected: Sequence[Expected]
    under: Mapping[str, Mapping[str, Sequence[Expected]]]


@dataclass(frozen=True, slots=True)
class Documented:
    """An exchange: in every version of `versions`, or once in the setting's. `statement` says what it shows."""

    name: str
    statement: str
    evidence: Evidence
    needs: frozenset[str]
    versions: tuple[str, ...]
    steps: Sequence[Step]
    operations: tuple[str, ...] = field(default=())


_TEXT, _OBJECT, _LIST = (str,), (dict,), (list,)
_EXCHANGE = {
    "name": _TEXT,
    "says": _TEXT,
    "source": _OBJECT,
    "unproven": _TEXT,
    "needs": _LIST,
    "versions": _LIST,
    "steps": _LIST,
}
_STEP: Mapping[str, tuple[type, ...]] = {
    "ask": _TEXT,
    "version": _TEXT,
    "method": _TEXT,
    "url": _TEXT,
    "path": _OBJECT,
    "query": _OBJECT,
    "body": (dict, list, str, int, float, bool, type(None)),
    "media": _TEXT,
    "who": _TEXT,
    "authorization": _TEXT,
    "status": (int,),
    "expect": _LIST,
    "under": _OBJECT,
}
_PLACEHOLDER = re.compile(r"\{([a-z][^{}]*|[0-9]+ [^{}]*)\}")
_PLACES = frozenset(
    """account,retailer,advertiser,stranger account,stranger retailer,read-only list,client id,client secret,access key,version,
    instance,name""".replace("\n    ", "").split(",")
)
"""What may stand in braces, without a number after it, beside the place of an earlier answer, such as `0 body/data/0/id`."""
_WHO = ("main", "reader", "relative", "stranger", "customer", "nobody")
UNSAID: Any = object()
"""The body of a step that has none."""


def documented() -> list[Documented]:
    """Every exchange of our files. Raises `Mistake`, naming the file, the exchange and the field."""
    return [each for file in sorted((folder("fixtures") / "exchanges").glob("*.yaml")) for each in read_exchanges(file)]


def read_exchanges(file: Path) -> list[Documented]:
    """The exchanges of one file. Raises `Mistake`, naming the file, the exchange and the field."""
    try:
        said = yaml.load(file.read_text("utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise Mistake(f"{file.name}: {error}") from None
    if not isinstance(said, list):
        raise Mistake(f"{file.name}: a file of exchanges is a list of them")
    found: dict[str, Documented] = {}
    for number, each in enumerate(said):
        name = str(each.get("name", number)) if isinstance(each, dict) else str(number)
        try:
            exchange = _exchange(each)
            if name in found:
                raise Mistake("two exchanges have this name")
        except Mistake as mistake:
            raise Mistake(f"{file.name}: {name}: {mistake}") from None
        found[name] = exchange
    return list(found.values())


def _exchange(said: Said) -> Documented:
    _check(said, _EXCHANGE, "an exchange", "name", "says", "source", "steps")
    versions = tuple(map(str, said.get("versions", ())))
    for version in versions:
        _know("version", version, _versions())
    named = frozenset(map(str, said.get("needs", ())))
    for need in named:
        _know("need", need, (*EVERYTHING, *Setting.__slots__))
    steps = []
    for number, each in enumerate(said["steps"]):
        try:
            steps.append(_step(each, number))
        except Mistake as mistake:
            raise Mistake(f"steps/{number}: {mistake}") from None
    operations = tuple(dict.fromkeys(step.operation for step in steps if step.operation))
    needs = named | frozenset().union(*map(_needed, steps))
    return Documented(said["name"], said["says"], _evidence(said), needs, versions, steps, operations)


def _needed(step: Step) -> frozenset[str]:
    """What a setting has to know for a step to be asked."""
    own = NEEDS.get(step.operation, frozenset()) - {"writes"}
    return own if step.who == "nobody" or (step.operation and step.who == "main") else own | {step.who}


def _evidence(said: Said) -> Evidence:
    source = said["source"]
    if len(source) != 1:
        raise Mistake("source: it is one kind of evidence, and where it can be read")
    ((kind, where),) = source.items()
    _know("kind of evidence", kind, KINDS)
    return Evidence(kind, str(where), said.get("unproven", ""))


def _step(said: Said, number: int) -> Step:
    _check(said, _STEP, "a step", "status")
    if ("ask" in said) == ("url" in said):
        raise Mistake("ask: a step asks for an operation, or for a method and a url")
    if "ask" in said:
        _know("operation", said["ask"], _operations())
    _know("caller", said.get("who", "main"), _WHO)
    _check_places({name: value for name, value in said.items() if name not in ("expect", "under")}, number)
    _check_places([*said.get("expect", ()), *_listed(said.get("under", {}))], number + 1)
    expected = [Expected("status", "is", said["status"]), *_expectations(said.get("expect", ()), "expect")]
    return Step(
        operation=said.get("ask", ""),
        version=said.get("version", ""),
        method=said.get("method", "GET"),
        url=said.get("url", ""),
        path=said.get("path", {}),
        query=said.get("query", {}),
        body=said.get("body", UNSAID),
        media=said.get("media"),
        who=said.get("who", "main"),
        authorization=said.get("authorization"),
        expected=expected if not _varies(said) else expected[1:],
        under=_under(said.get("under", {})),
    )


def _listed(under: Any) -> Iterator[Any]:
    """The expectations of every alternative, as far as they are where they should be."""
    for alternatives in under.values() if isinstance(under, dict) else ():
        yield from alternatives.values() if isinstance(alternatives, dict) else ()


def _check_places(said: Any, answers: int) -> None:
    """Raise `Mistake` for a placeholder that stands for nothing, or for an answer that is not yet there."""
    for place in _placeholders(said):
        if place[0].isdigit():
            if int(place.partition(" ")[0]) >= answers:
                raise Mistake(f"{{{place}}} is of an answer that is not yet there")
        else:
            _know("placeholder", re.sub(r" [0-9]+$", "", place), _PLACES)


def _placeholders(said: Any) -> Iterator[str]:
    """What stands in braces anywhere in a step; patterns have braces of their own."""
    if isinstance(said, str):
        yield from _PLACEHOLDER.findall(said)
    elif isinstance(said, dict):
        for value in said.values():
            yield from _placeholders(value)
    elif isinstance(said, list) and "matches" not in said[1:2]:
        for each in said:
            yield from _placeholders(each)


def _varies(said: Said) -> bool:
    """Whether the status depends on a reading, so that the step's own is only one of them."""
    alternatives = [
        each for reading in said.get("under", {}).values() if isinstance(reading, dict) for each in reading.values()
    ]
    return any(
        part[0] == "status" for each in alternatives if isinstance(each, list) for part in each if isinstance(part, list)
    )


def _under(said: Said) -> Mapping[str, Mapping[str, Sequence[Expected]]]:
    readings = {reading.name: reading for reading in READINGS}
    found: dict[str, dict[str, Sequence[Expected]]] = {}
    for name, alternatives in said.items():
        _know("reading", name, readings)
        if not isinstance(alternatives, dict):
            raise Mistake(f"under: {name} is an object of alternatives")
        for alternative in alternatives:
            _know(f"alternative of {name}", str(alternative), readings[name].alternatives)
        found[name] = {str(each): _expectations(listed, f"under/{name}/{each}") for each, listed in alternatives.items()}
    return found


def _expectations(said: Any, where: str) -> list[Expected]:
    if not isinstance(said, list | tuple):
        raise Mistake(f"{where} is a list")
    found = []
    for each in said:
        if not isinstance(each, list) or not 2 <= len(each) <= 3 or not all(isinstance(part, str) for part in each[:2]):
            raise Mistake(f"{where}: an expectation is a pointer, a relation and a value, not {each!r}")
        pointer, relation, *value = each
        _know("relation", relation, RELATIONS)
        _know("part of an answer", pointer.partition("/")[0], ("status", "headers", "body"))
        found.append(Expected(pointer, relation, value[0] if value else None))
    return found


def _check(said: Any, kinds: Mapping[str, tuple[type, ...]], what: str, *required: str) -> None:
    check_members(said, kinds, what)
    for name in required:
        if name not in said:
            raise Mistake(f"{name}: {what} needs it")


def _know(what: str, name: Any, known: Any) -> None:
    if name not in known:
        raise unknown(what, name, known)


def _operations() -> frozenset[str]:
    return frozenset(id for provider in PROVIDERS for id in provider.handlers)


def _versions() -> frozenset[str]:
    return frozenset(version for provider in PROVIDERS for version in provider.contracts.library.versions)
