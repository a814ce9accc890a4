"""Texts with variables, and the functions that use them, in the words of a shell."""

import json
from collections.abc import Iterable
from shlex import quote as shell_quoted

from mockserver.check.reports.parts import Minted, Name, Packed, Part, joined

FUNCTIONS = {
    "call": r"""# call METHOD PATH OPTIONS...: the answer is in $answer, its status in $status.
call() {
  local method=$1 path=$2
  shift 2
  answer=$(curl -sS -g --path-as-is --max-time 60 -X "$method" -w '\n%{http_code}' "$@" "$BASE$path")
  status=${answer##*$'\n'}
  answer=${answer%$'\n'*}
  echo "$method $path -> $status" >&2
}""",
    "pick": r"""# pick PLACE: what stands at that place in the last answer.
pick() {
  printf '%s' "$answer" | python3 -c '
import json, sys
found = json.load(sys.stdin)
for step in sys.argv[1].split("/"):
    found = found[int(step) if isinstance(found, list) else step]
print(found)' "$1"
}""",
    "move": r"""# move SECONDS: a fake has a clock that can be moved; anywhere else there is nothing but waiting.
move() {
  curl -sf -o /dev/null -d "{\"advance\": $1}" "$BASE/_mock/clock" || sleep "$1"
}""",
    "mint": r"""# mint HEADER CLAIMS TIMES KEY: a token as a customer of Shoplive's makes it; the times are seconds from now.
mint() {
  BASE=$BASE ACCESS_KEY=$ACCESS_KEY SECRET_KEY=$SECRET_KEY python3 -c '
import base64, hashlib, hmac, json, os, sys, time, urllib.request
header, claims, times, key = *map(json.loads, sys.argv[1:4]), sys.argv[4]
try:
    now = json.load(urllib.request.urlopen(os.environ["BASE"] + "/_mock/clock"))["epoch"]
except (OSError, ValueError, KeyError):
    now = time.time()
claims |= {name: int(now + seconds) for name, seconds in times.items()}
if "accessKey" in claims and claims["accessKey"] is None:
    claims["accessKey"] = os.environ["ACCESS_KEY"]
issued = os.environ["SECRET_KEY"]
keys = {"decoded": base64.b64decode(issued), "written": issued.encode(), "another": b"another key"}
encoded = lambda part: base64.urlsafe_b64encode(part).rstrip(b"=").decode()
said = ".".join(encoded(json.dumps(part).encode()) for part in (header, claims))
digest = {"HS384": "sha384", "HS512": "sha512"}.get(header["alg"], "sha256")
print(said + "." + (encoded(hmac.digest(keys[key], said.encode(), digest)) if key in keys else ""))' "$@"
}""",
    "encoded": r"""# encoded TEXT: as it is written in a URL.
encoded() {
  python3 -c 'import sys, urllib.parse; print(urllib.parse.quote(sys.argv[1], safe=""))' "$1"
}""",
    "escaped": r"""# escaped TEXT: as it is written in JSON.
escaped() {
  python3 -c 'import json, sys; print(json.dumps(sys.argv[1])[1:-1])' "$1"
}""",
}
_CHANGES = {"upper": "^^", "lower": ",,"}


def word(*text: Part) -> str:
    """One argument of a command."""
    return "".join(_piece(part) for part in joined(list(text))) or "''"


def _piece(part: Part) -> str:
    if isinstance(part, str):
        return shell_quoted(part)
    if isinstance(part, Name):
        return _name(part)
    if isinstance(part, Packed):
        return f'"$(printf %s {word(*part.text)} | base64 | tr -d "\\n")"'
    return f'"$({_minted(part)})"'


def _name(name: Name) -> str:
    if name.change in FUNCTIONS:
        return f'"$({name.change} "${name.name}")"'
    if name.length is not None:
        return f'"${{{name.name}:0:{name.length}}}"'
    return f'"${{{name.name}{_CHANGES.get(name.change, "")}}}"' if name.change else f'"${name.name}"'


def _minted(token: Minted) -> str:
    said = [json.dumps(each) for each in (token.header, token.claims, {k: round(v, 3) for k, v in token.times.items()})]
    return " ".join(["mint", *map(shell_quoted, said), token.key])


def needed(script: str) -> Iterable[str]:
    """The functions that a script calls."""
    calls = {
        "call": "call ",
        "pick": "$(pick ",
        "move": "move ",
        "mint": "$(mint ",
        "encoded": "$(encoded ",
        "escaped": "$(escaped ",
    }
    return [text for name, text in FUNCTIONS.items() if calls[name] in script]
