"""Strategies for Hypothesis: the bodies and paths of calls that succeed, and bodies with one thing wrong."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from mockserver.engine import Engine
from mockserver.mistake import Mistake
from mockserver.providers.criteo.records import Segment
from mockserver.providers.shoplive.world import ShopliveWorld
from mockserver.testing.aim import Aim, aim
from mockserver.testing.fields import always, fields, forms
from mockserver.testing.fitting import FITS
from mockserver.testing.flaws import Change, Flaw, breaches
from mockserver.testing.generation import values
from mockserver.testing.holdings import Holdings
from mockserver.testing.kinds import kinds
from mockserver.testing.slips import slips

_PLACES = st.integers(0, 5039)
_FORM = "application/x-www-form-urlencoded"


def bodies(
    operation: str, *, version: str | None = None, engine: Engine | None = None, path: str | None = None
) -> SearchStrategy[Any]:
    """Bodies that the contract and the world accept: the call answers 200 and lists no problem.

    `operation` is an id of the contract, such as `bulkCreateAudienceSegments`; without a `version` it is taken from the
    newest dated one that has it. Ids, names and types are those of the world of `engine` as it now is (of the demo world,
    without one), for the first application in it that may call the operation, and for the account and segment in `path`.
    Without a path, that is any path of `paths(operation)`. A form comes as the dict to encode.

    Raises `Mistake` for an operation or a version that is not there, an operation that takes no body, and a world in which
    no body is valid.
    """
    aimed = aim(operation, version, engine)
    _ = aimed.schema
    return _valid(aimed, aimed.holdings(path))


def nearly_valid_bodies(
    operation: str, *, version: str | None = None, engine: Engine | None = None, path: str | None = None
) -> SearchStrategy[tuple[Any, Flaw]]:
    """Pairs of a body with exactly one thing wrong, and that `Flaw`. Takes and raises what `bodies` does.

    The call answers 4xx; or 200 with the flaw among its `errors` or `warnings`, if it is a bulk operation; or 200 with
    `nbInvalidIdentifiers` above 0, if it amends a contact list.
    """
    aimed = aim(operation, version, engine)
    _ = aimed.schema
    held = aimed.holdings(path)
    return _flawed(aimed, held, _valid(aimed, held))


def paths(operation: str, *, version: str | None = None, engine: Engine | None = None) -> SearchStrategy[str]:
    """Paths of an operation, with ids in them that are there. Takes and raises what `bodies` does.

    Those of an operation on a contact list that takes a body name the lists that hold one type of identifiers, so that any
    body of `bodies(operation)` fits any path. Paths carry no query.
    """
    aimed = aim(operation, version, engine)
    template = aimed.operation.path
    if "{" not in template:
        return st.just(template)
    return st.fixed_dictionaries(_arguments(aimed)).map(lambda chosen: _filled(template, chosen))


def _valid(aimed: Aim, held: Holdings) -> SearchStrategy[Any]:
    operation = aimed.operation.id
    if aimed.operation.media == _FORM:
        return forms(held)
    if operation == "estimateAudienceSegmentSize" and held.events_are_refused:
        raise Mistake(f"no body of {operation} is valid under the reading events-segments=refused")
    drawn = values(aimed.schema, replace(aimed.grammar, fields=fields(operation, held), always=always(operation)))
    return drawn.map(lambda body: FITS[operation](body, held)) if operation in FITS else drawn


@st.composite
def _flawed(draw: DrawFn, aimed: Aim, held: Holdings, valid: SearchStrategy[Any]) -> tuple[Any, Flaw]:
    """A kind of flaw, a valid body, and a place in it for that kind, or for the next one that it has a place for.

    Kinds are drawn by their names, so that rare ones come as often as frequent ones and shrinking a body leaves them as
    they are; and before the body, as Hypothesis often lets the last choices of an example be the simplest.
    """
    known = kinds(aimed.operation.id)
    kind, where, body = draw(st.sampled_from(range(len(known)))), draw(_PLACES), draw(valid)
    places: dict[str, list[Change]] = {}
    for change in (*slips(aimed.operation.id, body, held), *_breaches(aimed, body)):
        places.setdefault(change.what, []).append(change)
    found = next(places[what] for what in (*known[kind:], *known) if what in places)
    change = found[where % len(found)]
    return change.applied(body), change.flaw


def _breaches(aimed: Aim, body: Any) -> Iterator[Change]:
    """What breaks the contract; a form cannot: all that it says is text."""
    return iter(()) if aimed.operation.media == _FORM else breaches(aimed.schema, body, aimed.grammar)


def _arguments(aimed: Aim) -> Mapping[str, SearchStrategy[str]]:
    """What may stand in a path, by name."""
    world = aimed.engine.world.parts[aimed.provider]
    if isinstance(world, ShopliveWorld):
        return {"accessKey": _among(list(world.customers), "customer of Shoplive")}
    held = aimed.holdings()
    named = {"account-id": [held.account], "audience-segment-id": [str(each.id) for each in _lists(aimed, held)]}
    return {name: _among(ids, name) for name, ids in named.items() if f"{{{name}}}" in aimed.operation.path}


def _lists(aimed: Aim, held: Holdings) -> list[Segment]:
    """The contact lists that an operation can be about: to read, to clear, to amend by identifiers of one type."""
    if aimed.operation.method == "GET":
        return [each for each in held.segments.values() if each.contact_list]
    return held.lists if aimed.operation.media is None else held.lists_of(held.holds)


def _among(names: list[str], what: str) -> SearchStrategy[str]:
    if not names or not all(names):
        raise Mistake(f"this world holds no {what}")
    return st.sampled_from(names)


def _filled(template: str, arguments: Mapping[str, str]) -> str:
    for name, value in arguments.items():
        template = template.replace(f"{{{name}}}", value)
    return template
