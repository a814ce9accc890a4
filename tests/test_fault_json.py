"""How a fault is said in JSON, and every way of saying it wrongly, which is told at once with the nearest right thing."""

from typing import Any

import orjson
import pytest
from conftest import engine_of
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from laws.patience import PATIENT

from mockserver.effects import (
    EFFECTS,
    LONGEST,
    Cut,
    Delay,
    Drip,
    Effect,
    Html,
    Lost,
    Malformed,
    MediaType,
    Revoked,
    Status,
    Throttled,
    Truncated,
)
from mockserver.faults import Fault, parse_fault
from mockserver.mistake import Mistake
from mockserver.provider import check_named
from mockserver.providers import PROVIDERS
from mockserver.testing.plans import effects

ENGINE = engine_of()
OPERATIONS = sorted(id for provider in PROVIDERS for id in provider.handlers)
seconds = st.integers(0, LONGEST) | st.floats(0, LONGEST)
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
pairs = st.tuples(seconds, seconds)


@st.composite
def quantiles(draw: st.DrawFn) -> Delay:
    shares = sorted(draw(st.sets(st.floats(0, 1), min_size=1, max_size=5)))
    ascending = sorted(draw(st.lists(seconds, min_size=len(shares), max_size=len(shares))))
    return Delay(quantiles=tuple(zip(shares, ascending, strict=True)))


every_effect: SearchStrategy[Effect] = st.one_of(
    st.builds(Status, st.integers(400, 599), st.none() | text, st.none() | text),
    st.builds(Throttled, seconds | seconds.map(lambda each: -each), st.booleans()),
    st.sampled_from([Revoked(), Lost(), Truncated(), Malformed(), Cut("before"), Cut("in"), Cut("after")]),
    st.builds(Html, st.integers(305, 599)),
    st.builds(MediaType, st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20)),
    st.builds(Drip, seconds),
    st.builds(Delay, seconds=seconds) | st.builds(Delay, lognormal=st.tuples(seconds, st.floats(0, 10))) | quantiles(),
    pairs.map(lambda pair: Delay(uniform=(min(pair), max(pair)))),
    effects(),
)
whole = st.none() | st.integers(1, 10**6)
every_fault = st.builds(
    Fault,
    effect=every_effect,
    operation=st.none() | st.sampled_from(OPERATIONS),
    version=st.sampled_from([None, "2026-07", "preview", "v2"]),
    caller=st.none() | text,
    nth=whole,
    every=whole,
    chance=st.none() | st.floats(0, 1),
    times=whole,
    lasting=st.none() | seconds,
)


@given(every_fault)
@settings(PATIENT, max_examples=300)
def test_a_fault_read_from_what_it_says_of_itself_is_the_same(fault: Fault) -> None:
    said = orjson.loads(orjson.dumps(fault.said()))
    assert parse_fault(said) == fault
    assert parse_fault(said).said() == fault.said()
    assert None not in said.values()
    check_named(PROVIDERS, fault.operation, fault.version)


@given(every_fault)
@settings(PATIENT)
def test_a_fault_shows_itself_as_the_call_that_makes_it(fault: Fault) -> None:
    made = eval(repr(fault), {each.__name__: each for each in (*EFFECTS.values(), Fault)})
    assert made == fault


@pytest.mark.parametrize("name", EFFECTS)
def test_every_effect_can_be_said(name: str) -> None:
    needed = {"status": {"status": 503}, "cut": {"where": "in"}, "delay": {"seconds": 1}}
    said = {"effect": name, **needed.get(name, {})}
    fault = parse_fault(said)
    assert type(fault.effect) is EFFECTS[name]
    assert fault.said() | said == fault.said()
    assert parse_fault({**said, "nth": 2}).nth == 2


BAD: list[tuple[Any, str]] = [
    ([], "a fault is an object, not []"),
    ("status", "a fault is an object, not 'status'"),
    (None, "a fault is an object, not None"),
    (
        {},
        "a fault needs an 'effect': status, throttled, revoked, delay, cut, lost, truncated, malformed, html, media-type, drip",
    ),
    ({"effect": "statsu"}, "unknown effect 'statsu'; did you mean 'status'?"),
    ({"effect": "throttle"}, "did you mean 'throttled'?"),
    ({"effect": ["lost"]}, "unknown effect"),
    ({"effect": "status"}, "a fault of effect 'status' needs 'status'"),
    ({"effect": "cut"}, "a fault of effect 'cut' needs 'where'"),
    ({"effect": "status", "status": 503, "operations": "x"}, "did you mean 'operation'?"),
    ({"effect": "status", "status": 503, "secnds": 1}, "unknown member of a fault of effect 'status' 'secnds'"),
    ({"effect": "drip", "secnds": 1}, "did you mean 'seconds'?"),
    ({"effect": "lost", "status": 503}, "unknown member of a fault of effect 'lost' 'status'"),
    ({"effect": "status", "status": "503"}, "'status' of a fault of effect 'status' is a whole number, not '503'"),
    ({"effect": "status", "status": True}, "is a whole number, not True"),
    ({"effect": "status", "status": 503.0}, "is a whole number, not 503.0"),
    ({"effect": "status", "status": None}, "is a whole number, not None"),
    ({"effect": "status", "status": 200}, "a status fault has a status from 400 to 599, not 200"),
    ({"effect": "status", "status": 600}, "from 400 to 599, not 600"),
    ({"effect": "status", "status": 503, "code": 5}, "'code' of a fault of effect 'status' is text, not 5"),
    ({"effect": "throttled", "reset": "soon"}, "is a whole number or a number, not 'soon'"),
    ({"effect": "throttled", "headers": 0}, "'headers' of a fault of effect 'throttled' is true or false, not 0"),
    ({"effect": "cut", "where": "befor"}, "unknown place of a cut 'befor'; did you mean 'before'?"),
    ({"effect": "cut", "where": ""}, "unknown place of a cut ''; known: after, before, in"),
    ({"effect": "html", "status": 199}, "a page has a status from 200 to 599 that goes with a body, not 199"),
    ({"effect": "media-type", "media": "text/plain\r\nx: y"}, "a content type is printable ASCII text"),
    ({"effect": "media-type", "media": "text/é"}, "a content type is printable ASCII text"),
    ({"effect": "drip", "seconds": -1}, "seconds is a number of 0 or more, not -1"),
    ({"effect": "delay"}, "a delay has one of seconds, uniform, lognormal, quantiles, not none"),
    ({"effect": "delay", "seconds": 1, "uniform": [1, 2]}, "a delay has one of seconds, uniform, lognormal, quantiles"),
    ({"effect": "delay", "seconds": -0.5}, "seconds is a number of 0 or more, not -0.5"),
    ({"effect": "delay", "uniform": 5}, "'uniform' of a fault of effect 'delay' is a list, not 5"),
    ({"effect": "delay", "uniform": [3, 1]}, "the seconds of uniform ascend"),
    ({"effect": "delay", "uniform": [1]}, "uniform takes pairs of numbers, not (1,)"),
    ({"effect": "delay", "uniform": []}, "uniform takes pairs of numbers, not ()"),
    ({"effect": "delay", "uniform": ["a", "b"]}, "uniform is a number of 0 or more, not 'a'"),
    ({"effect": "delay", "lognormal": [1, -1]}, "lognormal is a number of 0 or more, not -1"),
    ({"effect": "delay", "quantiles": []}, "quantiles are pairs of a share from 0 to 1, ascending, and seconds"),
    ({"effect": "delay", "quantiles": [[0.5, 1], [0.5, 2]]}, "quantiles are pairs of a share"),
    ({"effect": "delay", "quantiles": [[0.9, 1], [0.5, 2]]}, "quantiles are pairs of a share"),
    ({"effect": "delay", "quantiles": [[0.5, 1], [1.5, 2]]}, "quantiles are pairs of a share"),
    ({"effect": "delay", "quantiles": [[0.5, 2], [0.9, 1]]}, "the seconds of quantiles ascend"),
    ({"effect": "delay", "quantiles": [[0.5, "x"]]}, "quantiles is a number of 0 or more, not 'x'"),
    ({"effect": "lost", "nth": 0}, "'nth' is a whole number of 1 or more, not 0"),
    ({"effect": "lost", "every": -2}, "'every' is a whole number of 1 or more, not -2"),
    ({"effect": "lost", "times": 0}, "'times' is a whole number of 1 or more, not 0"),
    ({"effect": "lost", "nth": 1.5}, "'nth' of a fault of effect 'lost' is a whole number, not 1.5"),
    ({"effect": "lost", "nth": True}, "'nth' of a fault of effect 'lost' is a whole number, not True"),
    ({"effect": "lost", "chance": 1.1}, "a chance is from 0 to 1, not 1.1"),
    ({"effect": "lost", "chance": -0.1}, "chance is a number of 0 or more, not -0.1"),
    ({"effect": "lost", "chance": "half"}, "'chance' of a fault of effect 'lost' is a whole number or a number"),
    ({"effect": "lost", "lasting": -1}, "lasting is a number of 0 or more, not -1"),
    ({"effect": "lost", "operation": 5}, "'operation' of a fault of effect 'lost' is text, not 5"),
    ({"effect": "lost", "caller": None}, "'caller' of a fault of effect 'lost' is text, not None"),
]


@pytest.mark.parametrize(("said", "told"), BAD, ids=str)
def test_a_bad_fault_is_told_at_once(said: Any, told: str) -> None:
    with pytest.raises(Mistake) as mistake:
        parse_fault(said)
    assert told in str(mistake.value)


@pytest.mark.parametrize("said", [{"reset": float("nan")}, {"reset": float("inf")}, {"reset": "1"}, {"reset": True}])
def test_a_bad_effect_is_told_where_it_is_made(said: dict[str, Any]) -> None:
    with pytest.raises(Mistake, match="reset is a number of"):
        Throttled(**said)


@pytest.mark.parametrize("effect", ["status", Status, None, {"effect": "lost"}])
def test_a_fault_needs_an_effect(effect: Any) -> None:
    with pytest.raises(Mistake, match="the effect of a fault is made of one of Status, Throttled, Revoked"):
        Fault(effect=effect)


@pytest.mark.parametrize(
    ("aim", "hint"),
    [
        ({"operation": "searchAudience"}, "unknown operation 'searchAudience'; did you mean 'searchAudiences'?"),
        ({"operation": "retrieveCampaignStat"}, "did you mean 'retrieveCampaignStats'?"),
        ({"operation": "zzz"}, "known: AddRemoveContactListByAudienceSegment, "),
        ({"version": "2026-08"}, "unknown version '2026-08'; did you mean '2026-0"),
        ({"version": "v3"}, "unknown version 'v3'; did you mean 'v2'?"),
    ],
)
def test_an_aim_at_nothing_is_told_with_the_nearest_thing_that_is_there(aim: dict[str, str], hint: str) -> None:
    with pytest.raises(Mistake) as mistake:
        check_named(PROVIDERS, **{"operation": None, **aim})
    assert hint in str(mistake.value)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_operation_can_be_aimed_at(operation: str) -> None:
    check_named(PROVIDERS, operation)
