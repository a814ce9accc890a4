"""Drafts by chance: sound bodies, bodies with one thing wrong, what schemathesis draws, and query strings of every sort."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from mockserver.check.drafting.boundaries import beyond
from mockserver.check.drafting.cases import asking, drawn
from mockserver.check.drafting.draft import Draft
from mockserver.contract.operation import Operation
from mockserver.testing.fields import always, fields
from mockserver.testing.fitting import FITS
from mockserver.testing.flaws import breaches
from mockserver.testing.generation import Grammar, Schema, values
from mockserver.testing.holdings import Holdings

_JSON = "application/json"
_OFTEN = 3
_PLACES = st.integers(0, 5039)
_TEXTS = st.text(max_size=6) | st.sampled_from(["null", "true", "NaN", "-0", "0x10", "1e3", "٣", "²", "1_000", "+1", " 1"])
_NUMBERS = st.integers(-(10**20), 10**20).map(str) | st.integers(-2, 502).map(str)

Drafts = st.SearchStrategy[Draft]


def drafts(operation: Operation, schema: Schema | None, grammar: Grammar, held: Holdings) -> Drafts:
    """Any of these, for an operation."""
    readings = asking(operation.id, held.readings)
    made = [drawn(operation.id, readings, mode) for mode in ("sound", "flawed") if mode == "sound" or operation.media]
    if schema is not None and operation.id != "requestToken":
        made += [_sound(operation, schema, grammar, held), _nearly(operation, schema, grammar, held)] * 2
    if any(parameter.place == "query" for parameter in operation.parameters):
        made.append(st.builds(_asked, made[0], _queries(operation)))
    return st.one_of(made)


def _asked(draft: Draft, query: tuple[tuple[str, str], ...]) -> Draft:
    return replace(draft, query=query)


def _queries(operation: Operation) -> st.SearchStrategy[tuple[tuple[str, str], ...]]:
    """Parameters that are missing, empty, huge, repeated, of other words, and some that nobody knows."""
    names = [parameter.name for parameter in operation.parameters if parameter.place == "query"]
    pairs = st.tuples(st.sampled_from([*names, *names, "unheard"]), _NUMBERS | _TEXTS)
    return st.lists(pairs, max_size=3).map(tuple)


def _bodies(operation: Operation, schema: Schema, grammar: Grammar, held: Holdings) -> st.SearchStrategy[Any]:
    """Bodies that the contract and the session's world take."""
    known = replace(grammar, fields=fields(operation.id, held), always=always(operation.id))
    made = values(schema, known)
    fits = FITS.get(operation.id)
    return made if fits is None else made.map(lambda body: fits(body, held))


def _sound(operation: Operation, schema: Schema, grammar: Grammar, held: Holdings) -> Drafts:
    return _bodies(operation, schema, grammar, held).map(lambda body: Draft(body, media=_JSON, fit=True))


@st.composite
def _nearly(draw: st.DrawFn, operation: Operation, schema: Schema, grammar: Grammar, held: Holdings) -> Draft:
    """A kind of flaw first, as rare ones should come as often as others; then a place for it."""
    body, kind, where = draw(_bodies(operation, schema, grammar, held)), draw(_PLACES), draw(_PLACES)
    found: dict[str, list[Draft]] = {}
    for draft in beyond(operation.id, body, held):
        found.setdefault(draft.flaw, []).append(draft)
    for change in breaches(schema, body, grammar):
        found.setdefault(change.what, []).append(Draft(change.applied(body), media=_JSON))
    chosen = found[sorted(found)[kind % len(found)]]
    return chosen[where % len(chosen)]


def guesses(client_id: str) -> Drafts:
    """Forms for the token endpoint that cannot be right: of a client that there is, or of none, but no secret is its own."""
    names = st.sampled_from(["code", "redirect_uri", "refresh_token", "code_verifier", "scope"])
    more = st.dictionaries(names, st.text(max_size=8), max_size=2)
    often = ["client_credentials"] * _OFTEN
    grants = st.sampled_from([*often, "authorization_code", "refresh_token", "password", ""])
    clients = st.sampled_from([*[client_id] * _OFTEN, "nobody", ""])
    named = st.fixed_dictionaries({"grant_type": grants, "client_id": clients, "client_secret": _TEXTS})
    return st.builds(_guess, named, more)


def _guess(named: dict[str, str], more: dict[str, str]) -> Draft:
    return Draft({**named, **more}, media="application/x-www-form-urlencoded", flaw="a guess")
