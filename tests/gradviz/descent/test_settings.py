import json
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gradviz.descent import (
    BUDGETS,
    PLANES,
    Axis,
    Batching,
    DescentError,
    DescentSettings,
    Minima,
    PlaneSpec,
    RunnerSpec,
    SavedPoint,
    from_plain,
    parse_runner,
    place_of,
    to_plain,
)
from gradviz.descent.settings import VIEWS, Span, checked
from gradviz.files import dumps, loads
from gradviz.graph import Graph, compose
from gradviz.optim import OPTIMIZERS
from gradviz.optim.lr_scheduler import SCHEDULES


def values(settings):
    """Settings of an optimizer or schedule, some of them, as a person may choose them."""
    choices = {}
    for setting in settings:
        if setting.choices:
            choices[setting.name] = st.sampled_from(setting.choices)
        elif setting.default is None:
            choices[setting.name] = st.none() | st.integers(1, 100)
        elif isinstance(setting.default, bool):
            choices[setting.name] = st.booleans()
        elif isinstance(setting.default, tuple):
            choices[setting.name] = st.tuples(*(st.floats(0, 0.999) for _ in setting.default))
        elif isinstance(setting.default, int):
            choices[setting.name] = st.integers(1, 100)
        else:
            choices[setting.name] = st.floats(0, 1)
    choices.pop("nesterov", None)
    if "etas" in choices:
        choices["etas"] = st.tuples(st.floats(0.1, 0.9), st.floats(1.1, 2))
    return st.fixed_dictionaries({}, optional=choices).map(MappingProxyType)


@st.composite
def runners(draw):
    optimizer = draw(st.sampled_from(sorted(OPTIMIZERS)))
    schedule = draw(st.none() | st.sampled_from(sorted(SCHEDULES)))
    scheduled = draw(values(SCHEDULES[schedule].settings)) if schedule else MappingProxyType({})
    spec = RunnerSpec(
        optimizer, draw(values(OPTIMIZERS[optimizer].settings)), schedule, scheduled,
        draw(st.text(max_size=8)), draw(st.booleans()), (), draw(st.none() | st.integers(0, 9)),
    )  # fmt: skip
    assume(can_be_run(spec))
    return spec


def can_be_run(spec):
    try:
        return checked(spec) is spec
    except DescentError:
        return False


ENDS = st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
NODES = st.text(max_size=3).filter(lambda name: not name.startswith("$"))
AXES = st.builds(Axis, st.text(min_size=1, max_size=4), st.tuples() | st.tuples(st.integers(0, 9)))
NUMBERS = st.floats(-1e6, 1e6)
MINIMA = st.builds(
    Minima, st.lists(st.dictionaries(NODES, NUMBERS), max_size=2).map(tuple), NUMBERS
)
ARRAYS = st.builds(
    lambda numbers, kind: np.array(numbers, kind),
    st.floats(width=32) | st.lists(st.floats(width=32), max_size=60),
    st.sampled_from(["float32", "float64"]),
)
PLACES = st.dictionaries(st.sampled_from(["n1", "n2", "n7"]), ARRAYS, max_size=3).map(place_of)


@st.composite
def descents(draw):
    points = draw(
        st.lists(st.builds(SavedPoint, st.text(min_size=1, max_size=5), PLACES),
                 max_size=3, unique_by=lambda p: p.name)
    )  # fmt: skip
    names = st.sampled_from(["", *(p.name for p in points)])
    planes = st.builds(
        PlaneSpec, st.sampled_from(PLANES), st.integers(0, 2**40), names, names,
        st.integers(0, 20), st.none() | PLACES,
    )  # fmt: skip
    batches = st.builds(
        Batching, st.lists(st.text(max_size=3), max_size=2).map(tuple), st.integers(1, 64),
        st.integers(0, 2**32 - 1),
    )  # fmt: skip
    return DescentSettings(
        tuple(draw(st.lists(AXES, max_size=2))), tuple(draw(st.lists(runners(), max_size=3))),
        draw(st.integers(1, 10_000)), draw(st.none() | st.tuples(ENDS, ENDS)),
        draw(st.none() | MINIMA), draw(st.text(max_size=5)), draw(st.sampled_from(BUDGETS)),
        draw(st.none() | batches), draw(st.none() | planes), tuple(points),
        basin_steps=draw(st.integers(1, 5000)), view=draw(st.sampled_from(VIEWS)),
    )  # fmt: skip


@given(descents())
def test_what_is_kept_comes_back(settings):
    assert from_plain(json.loads(json.dumps(to_plain(settings)))) == settings


def test_the_budget_is_kept_and_another_is_refused():
    settings = DescentSettings(runners=(RunnerSpec("Adam", colour=3),), budget="evaluations")
    plain = json.loads(json.dumps(to_plain(settings)))
    assert from_plain(plain) == settings
    with pytest.raises(DescentError, match="no budget 'hours'; there are steps, evaluations"):
        from_plain({**plain, "budget": "hours"})


@pytest.mark.parametrize("broken", [{"view": "moon"}, {"basin_steps": 0}, {"basin_steps": 9999}])
def test_an_unknown_view_and_steps_that_cannot_be_are_refused(broken):
    with pytest.raises(DescentError, match=r"no view 'moon'|1 to 5000 steps"):
        from_plain(broken)


def test_what_is_varied_is_kept():
    rates, momenta = Span("lr", 1e-3, 1.0, 12, True), Span("momentum", 0.0, 0.9, 8)
    kept = DescentSettings(sweep=rates, phase=(rates, momenta))
    assert from_plain(to_plain(kept)) == kept
    assert not {"sweep", "phase"} & set(to_plain(DescentSettings()))
    for broken in ({"sweep": {"name": "lr", "low": 0, "high": 1, "count": 5, "log": True}},
                   {"sweep": {"name": "lr"}}, {"phase": [to_plain(kept)["sweep"]]}):  # fmt: skip
        with pytest.raises(DescentError):
            from_plain(broken)


@given(descents())
def test_what_is_kept_comes_back_from_a_file(settings):
    graph = Graph()
    graph.apply(compose.set_descent(graph, to_plain(settings)))
    again = loads(dumps(graph))
    assert from_plain(again.settings.descent) == settings
    assert dumps(again) == dumps(graph)


def test_a_file_that_knows_nothing_of_planes_and_points_is_read_as_before():
    found = from_plain({"axes": [{"node": "n1", "index": []}], "steps": 7, "runners": []})
    assert found == DescentSettings(axes=(Axis("n1"),), steps=7)
    assert {"plane", "points", "budget"}.isdisjoint(to_plain(found))


def test_what_is_at_its_default_is_not_kept():
    assert to_plain(DescentSettings(runners=(RunnerSpec("Adam"),)))["runners"] == [
        {"optimizer": "Adam", "settings": {}}
    ]


@pytest.mark.parametrize(
    "plain",
    [
        {"axes": [{"index": []}]},
        {"axes": 3},
        {"steps": "many"},
        {"minima": {"places": [[1.0]], "value": 0.0}},
        {"minima": {"places": [{"n1": "far"}], "value": 0.0}},
        {"minima": {"places": []}},
        {"budget": "seconds"},
        {"points": [{"name": "", "at": {}}]},
        {"points": [{"name": "a", "at": {}}, {"name": "a", "at": {}}]},
        {"points": [{"name": "a", "at": {"n1": [1.0]}}]},
        {"points": [{"name": "a", "at": {"n1": {"array": "AAAA", "dtype": "float32"}}}]},
        {"plane": {"kind": "round"}},
        {"plane": {"kind": "random", "seed": -1}},
        {"plane": {"kind": "random", "seed": 1.5}},
        {"plane": {"kind": "pca", "runner": True}},
        {"plane": {"kind": "between", "to": "home"}},
        {"plane": {"kind": "hessian", "origin": {"n1": {"array": 1.0, "dtype": "thin"}}}},
        {"ranges": [[0, 1]]},
        {"ranges": [[0, 1, 2], [0, 1]]},
        {"runners": [{"optimizer": "Magic"}]},
        {"runners": [{"optimizer": "SGD", "schedule": "Magic"}]},
        {"runners": [{"optimizer": "SGD", "settings": {"lr": -1.0}}]},
        {"runners": [{"optimizer": "Adam", "settings": {"betas": [0.9, 1.5]}}]},
        {"runners": [{"optimizer": "SGD", "settings": {"speed": 1.0}}]},
        {"runners": [{"optimizer": "SGD", "settings": {"lr": "fast"}}]},
        {"runners": [{"optimizer": "SGD", "settings": {"lr": float("nan")}}]},
    ],
)
def test_what_no_one_wrote_is_refused(plain):
    with pytest.raises(DescentError):
        from_plain(plain)


def test_a_runner_from_words():
    spec = parse_runner("Adam lr=0.1 betas=0.8,0.9 amsgrad=true StepLR step_size=7")
    assert spec == RunnerSpec(
        "Adam", {"lr": 0.1, "betas": (0.8, 0.9), "amsgrad": True}, "StepLR", {"step_size": 7}
    )
    assert spec.title == "Adam lr=0.1 betas=(0.8, 0.9) amsgrad=True StepLR step_size=7"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "an optimizer and its settings"),
        ("SGDD", "there are SGD, Adam"),
        ("SGD lr=x", "lr must be a number"),
        ("SGD foo=1", "has no setting 'foo'; it has lr"),
        ("SGD fast", "neither a setting"),
        ("SGD lr=-1", "Invalid learning rate: -1.0"),
        ("SGD lr=nan", "lr must be"),
        ("SGD nesterov=maybe momentum=0.9", "true or false"),
        ("SGD nesterov=true", "Nesterov momentum requires"),
        ("Adam betas=0.9", "numbers with commas"),
        ("SGD StepLR step_size=1.5", "a whole number"),
        ("SGD CyclicLR mode=square", "triangular or triangular2 or exp_range"),
        ("LBFGS line_search_fn=weak", "strong_wolfe or none"),
        ("Rprop etas=0.5,0.9", "Invalid eta values"),
        ("Adagrad OneCycleLR cycle_momentum=true", "must support momentum or beta1"),
    ],
)
def test_what_is_wrong_with_a_runner_is_said(text, reason):
    with pytest.raises(DescentError, match=reason):
        parse_runner(text)
