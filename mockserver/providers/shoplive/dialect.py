"""How Shoplive words its answers: `{"_s": code, "_e": sentence}` for every refusal."""

import re
from typing import Any

from mockserver.contract.schema import Violation
from mockserver.evidence import Rule, assumed, guide, inferred
from mockserver.problem import Objection, Problem, Refused
from mockserver.provider import Call, Dialect, Reply
from mockserver.providers.shoplive.sources import CLIENT, ERROR_TABLES

INVALID_ARGUMENT = Problem(400, "shoplive", "-510", "Invalid argument", guide(ERROR_TABLES, unproven="that it answers here"))
UNKNOWN_PATH = Problem(404, "shoplive", "-510", "No such operation", assumed("nobody published it"))
WRONG_METHOD = Problem(405, "shoplive", "-510", "Method not allowed", assumed("as RFC 9110 has it"))
SERVER_ERROR = Problem(500, "shoplive", "-500", "Server error", guide(ERROR_TABLES, unproven="the status"))
TOO_MANY_CALLS = Problem(429, "shoplive", "-500", "Too many requests", assumed("no limit is published; only a fault says it"))
ENVELOPE_RULE = Rule(
    "shoplive-envelope",
    "Every refusal is {_s, _e}, on the statistics page too, which shows an empty object.",
    inferred(f"a client reads _e of any failed call: {CLIENT}"),
)


def answer(call: Call[Any], reply: Reply) -> Any:
    """The body of a success is what the handler gave."""
    return reply.data


def refusal(call: Call[Any], refused: Refused) -> dict[str, Any]:
    """The first objection's code, and what is wrong in a sentence."""
    told = [
        f"{objection.title}: {objection.detail}" if objection.detail else objection.title for objection in refused.objections
    ]
    code = refused.objections[0].problem.code
    return {"_s": int(code) if re.fullmatch("-?[0-9]{1,9}", code) else code, "_e": "; ".join(told)}  # a fault may say any


def objection(violation: Violation) -> Objection:
    """What Shoplive would call a broken contract."""
    return INVALID_ARGUMENT.at(violation.pointer, detail=f"{violation.pointer}: {violation.message}")


ENVELOPE = Dialect(answer, refusal, objection)


def lost(call: Call[Any]) -> Refused:
    """The refusal of a path that leads nowhere."""
    return Refused(UNKNOWN_PATH.at(detail=call.path))


def unfit(call: Call[Any], allow: str) -> Refused:
    """The refusal of a method that a path does not have."""
    return Refused(WRONG_METHOD.at(detail=f"allowed: {allow}"), headers=((b"allow", allow.encode()),))
