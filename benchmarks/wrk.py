"""Load from another core: wrk, with as many connections as wanted."""

import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass

from benchmarks.cases import Case
from benchmarks.servers import on_core

CONNECTIONS = 32


@dataclass(frozen=True)
class Load:
    """Calls a second, and the 99th percentile of their time in milliseconds."""

    rate: float
    tail: float


def load(url: str, case: Case, token: str, mark: str, *, seconds: float = 2, connections: int = CONNECTIONS) -> Load:
    """Send a case again and again. `mark` makes what has to be fresh fresh. Raises if any answer is not a 2xx."""
    if shutil.which("wrk") is None:
        raise SystemExit("the loopback benchmarks need wrk: apt-get install wrk")
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(_lua(case, token, mark))
        script.flush()
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "--timeout", "30s", "-s", script.name, url]
        told = subprocess.run(command, capture_output=True, text=True, check=True, preexec_fn=on_core(1)).stdout
    if "Non-2xx" in told or "Socket errors" in told:
        raise RuntimeError(f"{case.name}: {told}")
    rate = re.search(r"Requests/sec:\s+([0-9.]+)", told)
    tail = re.search(r"99%\s+([0-9.]+)(us|ms|s)", told)
    assert rate is not None
    assert tail is not None
    return Load(float(rate[1]), float(tail[1]) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[tail[2]])


def _lua(case: Case, token: str, mark: str) -> str:
    lines = [
        'wrk.method = "POST"',
        f'wrk.headers["Content-Type"] = "{case.media}"',
        f'wrk.headers["Authorization"] = "Bearer {token}"',
        f"wrk.body = [==[{case.body}]==]",
    ]
    if case.fresh:
        before, after = case.body.split("{n}")
        lines += [
            "local n = 0",
            "request = function()",
            "  n = n + 1",
            f'  return wrk.format(nil, nil, nil, [==[{before}]==] .. "{mark}-" .. n .. [==[{after}]==])',
            "end",
        ]
    return "\n".join(lines)
