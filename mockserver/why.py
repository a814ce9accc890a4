"""Why a call was answered as it was: by which rule, on what evidence, having looked at what, and what would be taken."""

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from mockserver.clock import written
from mockserver.engine import Engine
from mockserver.journal import Entry, Journal
from mockserver.masking import (
    IDENTIFIERS,
    form_fields,
    masked,
    masked_body,
    masked_detail,
    masked_headers,
    masked_path,
    masked_query,
    masked_request_body,
)
from mockserver.mending import mended
from mockserver.message import Request
from mockserver.problem import Objection

_LONGEST = 120


def entry_line(entry: Entry) -> str:
    """A call in a line: number, time, method, path, status, and what it was told."""
    answered = str(entry.response.status or "no answer") + (f" cut {entry.response.cut}" if entry.response.cut else "")
    told = f"{len(entry.objections)} objections: " if len(entry.objections) > 1 else ""
    reason = "; ".join(f"{each.problem.code}{_at(each)}" for each in entry.objections[:3])
    struck = f" [{', '.join(entry.faults)}]" if entry.faults else ""
    query = f"?{masked_query(entry.request.query)}" if entry.request.query else ""
    line = f"#{entry.number} {written(entry.at)} {entry.request.method} {masked_path(entry.request.path)}{query} -> {answered}"
    return f"{line}{struck}{f' {told}{reason}' if reason else ''}"


def _at(objection: Objection) -> str:
    return f" at {objection.pointer}" if objection.pointer else ""


def told(entry: Entry) -> dict[str, Any]:
    """A call as JSON, its secrets masked."""
    request, response = entry.request, entry.response
    return {
        "number": entry.number,
        "at": written(entry.at),
        "provider": entry.provider,
        "operation": entry.operation and entry.operation.id,
        "version": entry.operation and entry.operation.dated,
        "caller": entry.caller,
        "request": _request(request),
        "response": {
            "status": response.status,
            "headers": masked_headers(response.headers),
            "body": masked_body(response.body, response.header("content-type")),
        },
        "faults": list(entry.faults),
        "problems": [{"code": each.problem.code, "pointer": each.pointer} for each in entry.objections],
    }


def _request(request: Request) -> dict[str, Any]:
    return {
        "method": request.method,
        "path": masked_path(request.path),
        "query": masked_query(request.query),
        "headers": masked_headers(request.headers),
        "body": masked_request_body(request.body, request.header(b"content-type")),
    }


def told_journal(journal: Journal, entries: Iterable[Entry]) -> dict[str, Any]:
    """Some calls, and how many earlier ones the journal has let go."""
    return {"calls": [told(entry) for entry in entries], "count": journal.count, "evicted": journal.evicted}


def why(entry: Entry, engine: Engine) -> dict[str, Any]:
    """Every objection of a call with its evidence, and the nearest request that would now be taken."""
    answer: dict[str, Any] = {"call": entry_line(entry), "status": entry.response.status}
    answer["faults"] = [_fault(name, engine) for name in entry.faults]
    answer["objections"] = [_reason(objection) for objection in entry.objections]
    if entry.objections:
        answer["nearest"] = _nearest(entry, engine)
    return answer


def _fault(name: str, engine: Engine) -> dict[str, Any]:
    armed = next((each for each in engine.world.faults.armed if each.name == name), None)
    return {"name": name, **(armed.fault.said() if armed else {"gone": True})}


def _reason(objection: Objection) -> dict[str, Any]:
    problem, evidence = objection.problem, objection.problem.evidence
    reason: dict[str, Any] = {
        "rule": problem.code,
        "says": objection.title,
        "pointer": objection.pointer,
        "detail": masked_detail(objection.detail, objection.pointer),
        "evidence": {"kind": evidence.kind, "source": evidence.source},
    }
    if evidence.unproven:
        reason["evidence"]["unproven"] = evidence.unproven
    if objection.seen:
        reason["looked at"] = masked(dict(objection.seen))
    return reason


def _nearest(entry: Entry, engine: Engine) -> dict[str, Any]:
    """What would be taken, as tried on a fork of the world as it is now."""
    found = mended(entry, engine)
    if found is None:
        return {"request": None, "says": "no request near this one was found that would be taken"}
    waited = [f"sent {found.wait:g} seconds later"] if found.wait else []
    answer = {"answers": found.status, "changes": [*waited, *_changes(entry.request, found.request)]}
    return answer | {"request": _request(found.request)}


def _changes(was: Request, now: Request) -> Iterator[str]:
    for name in ("method", "path"):
        if getattr(was, name) != getattr(now, name):
            yield f"{name}: {getattr(was, name)!r} -> {getattr(now, name)!r}"
    if was.query != now.query:
        yield f"query: {masked_query(was.query)!r} -> {masked_query(now.query)!r}"
    if was.header(b"authorization") != now.header(b"authorization"):
        yield "authorization: a fresh token of an application that may"
    if was.header(b"content-type") != now.header(b"content-type"):
        yield f"content-type: {was.header(b'content-type')!r} -> {now.header(b'content-type')!r}"
    if was.body != now.body:
        yield from _body_changes(sent_body(was), sent_body(now), "")


def sent_body(request: Request) -> Any:
    """The body of a request, from JSON or a form; of what is neither, how many bytes it has."""
    try:
        return orjson.loads(request.body)
    except ValueError:
        return form_fields(request.body) or f"<{len(request.body)} bytes>"


def _body_changes(was: Any, now: Any, place: str, member: str = "") -> Iterator[str]:
    """Where two bodies differ, by pointer."""
    if isinstance(was, dict) and isinstance(now, dict):
        for name in [*was, *(name for name in now if name not in was)]:
            inner = f"{place}/{name}".lstrip("/")
            if name not in now:
                yield f"{inner}: left out"
            else:
                yield from _body_changes(was.get(name, ...), now[name], inner, member if member in IDENTIFIERS else name)
    elif isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        for at, (one, other) in enumerate(zip(was, now, strict=True)):
            yield from _body_changes(one, other, f"{place}/{at}", member)
    elif was != now:
        yield f"{place or 'body'}: {'nothing' if was is ... else _shown(was, member)} -> {_shown(now, member)}"


def _shown(value: Any, member: str) -> str:
    text = repr(masked(value, member))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text)} characters)"
