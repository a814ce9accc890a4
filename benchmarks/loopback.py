"""Calls a second over loopback: server on one core, wrk with 32 connections on the other, rounds interleaved."""

from contextlib import ExitStack
from statistics import median
from typing import Any

from benchmarks.cases import CASES, CASES_BY_NAME, Case
from benchmarks.servers import ours, reference, token_of
from benchmarks.wrk import load

ROUNDS = 5


def measure() -> list[list[Any]]:
    """A row for each case: name, calls a second, the reference's, ratio, target, 99th percentile in milliseconds."""
    with ExitStack() as servers:
        _, silent = servers.enter_context(ours())
        _, telling = servers.enter_context(ours("--log", "lines"))
        _, yardstick = servers.enter_context(reference())
        rows = [_row(case, silent, yardstick) for case in CASES if case.target is not None]
        told = _row(CASES_BY_NAME["search, page of 50"], telling, yardstick)
        return [*rows, [f"{told[0]}, a line a call", *told[1:4], None, told[5]]]


def _row(case: Case, url: str, yardstick: str) -> list[Any]:
    token, loads, references = token_of(url), [], []
    for number in range(ROUNDS):
        loads.append(load(f"{url}{case.path}", case, token, str(number)))
        references.append(load(f"{yardstick}/reference", case, token, str(number)).rate)
    rate, ref = median(each.rate for each in loads), median(references)
    return [case.name, rate, ref, rate / ref, case.target, median(each.tail for each in loads)]
