import pytest

from gradviz.descent import RUNNERS, DescentError, RunnerSpec, parse_runner
from gradviz.descent.number_settings import (
    number_settings,
    spans_of,
    usual_span,
    value_of,
    with_value,
)
from gradviz.descent.settings import Span


@pytest.mark.parametrize(
    ("text", "name", "value", "reason"),
    [
        ("SGD", "speed", 0.1, "has no setting 'speed'"),
        ("SGD", "lr", -0.1, "Invalid learning rate"),
        ("Adam", "beta1", 1.0, "Invalid beta parameter at index 0"),
        ("SGD", "nesterov", 0.5, "true or false"),
    ],
)
def test_a_value_that_cannot_be_is_refused(text, name, value, reason):
    with pytest.raises(DescentError, match=reason):
        with_value(parse_runner(text), name, value)


def test_every_number_of_a_runner_and_its_schedule_has_a_name():
    spec = parse_runner("Adam lr=0.2 StepLR gamma=0.5")
    known = number_settings(spec)
    assert {"lr", "beta1", "beta2", "eps", "clip_norm", "schedule gamma"} <= set(known)
    assert "amsgrad" not in known
    assert [value_of(spec, n) for n in ("lr", "beta2", "schedule gamma")] == [0.2, 0.999, 0.5]


def test_one_number_is_set_and_the_others_stay():
    spec = parse_runner("Adam lr=0.2 StepLR step_size=5 gamma=0.5")
    assert with_value(spec, "beta2", 0.9).settings["betas"] == (0.9, 0.9)
    later = with_value(spec, "schedule gamma", 0.25)
    assert dict(later.schedule_settings) == {"step_size": 5, "gamma": 0.25}
    assert with_value(spec, "schedule step_size", 7.0).schedule_settings["step_size"] == 7
    with pytest.raises(DescentError, match="StepLR has no setting 'momentum'"):
        with_value(spec, "schedule momentum", 0.5)


def test_values_are_spread_evenly_or_by_their_logarithm_and_whole_ones_come_once():
    assert Span("lr", 0.001, 1.0, 4, True).values() == pytest.approx((0.001, 0.01, 0.1, 1.0))
    assert Span("momentum", 0.0, 0.9, 4).values() == pytest.approx((0.0, 0.3, 0.6, 0.9))
    assert Span("max_iter", 1, 4, 20, whole=True).values() == (1.0, 2.0, 3.0, 4.0)


@pytest.mark.parametrize(
    ("span", "reason"),
    [
        (Span("lr", 0.0, 1.0, 5, True), "both ends above 0"),
        (Span("lr", 0.1, 0.1), "two different ends"),
        (Span("lr", 0.1, 1.0, 1), "2 to 1000 values, not 1"),
    ],
)
def test_a_range_that_cannot_be_says_why(span, reason):
    with pytest.raises(DescentError, match=reason):
        span.values()


@pytest.mark.parametrize("name", RUNNERS)
def test_the_usual_range_of_every_setting_can_be_run(name):
    spec = RunnerSpec(name)
    for setting in number_settings(spec):
        for value in usual_span(spec, setting).values():
            with_value(spec, setting, value)


def test_the_usual_range_holds_what_is_set():
    span = usual_span(parse_runner("SGD lr=4"), "lr")
    assert (span.high, span.log, span.count) == (4.0, True, 20)


def test_what_is_varied_is_what_was_kept_or_the_usual():
    sgd, adam = parse_runner("SGD"), parse_runner("Adam")
    kept = Span("momentum", 0.5, 0.9, 5)
    assert [s.name for s in spans_of(sgd, (), (24, 24))] == ["lr", "momentum"]
    assert [s.name for s in spans_of(adam, (kept,), (24, 24))] == ["lr", "beta1"]
    assert spans_of(sgd, (kept,), (24, 24))[0] == kept
    assert spans_of(sgd, (kept,), (24, 24))[1].name == "lr"
