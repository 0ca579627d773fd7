import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradviz_ui.widgets import SliderScale

LINEAR = SliderScale(-5.0, 5.0)
RATE = SliderScale(1e-4, 1.0, log=True)
STEPS = SliderScale(0, 35, step=1)


@given(st.sampled_from([LINEAR, RATE, STEPS]), st.floats(0, 1))
def test_a_place_and_its_number_belong_together(scale, place):
    value = scale.value(place)
    assert scale.low <= value <= scale.high
    # Rounding moves a number at most half a step; three digits are 1/200 of a decade.
    assert scale.place(value) == pytest.approx(place, abs=0.5 / 35 + 1e-9)
    assert scale.value(scale.place(value)) == pytest.approx(value, rel=1e-12)


@given(st.sampled_from([LINEAR, RATE, STEPS]), st.floats(0, 1), st.floats(0, 1))
def test_further_right_is_never_less(scale, one, other):
    left, right = sorted((one, other))
    assert scale.value(left) <= scale.value(right)


@given(st.integers(-500, 500))
def test_numbers_are_short_to_read(hundredths):
    assert LINEAR.value(LINEAR.place(hundredths / 100)) == hundredths / 100


@pytest.mark.parametrize("scale", [LINEAR, RATE, STEPS])
def test_steps_reach_the_ends_and_stop_there(scale):
    assert scale.moved(scale.low, 1e9) == scale.high
    assert scale.moved(scale.high, -1e9) == scale.low
    assert scale.moved(scale.low, 1) > scale.low
    assert scale.moved(scale.high, -1) < scale.high


def test_a_step_is_the_step():
    assert STEPS.moved(7, 1) == 8
    assert SliderScale(0, 1, step=0.1).moved(0.2, 1) == 0.3


def test_outside_lies_at_the_nearer_end():
    assert LINEAR.place(99) == 1.0
    assert LINEAR.place(-math.inf) == 0.0
    assert LINEAR.place(math.nan) == 0.0
    assert RATE.place(0) == 0.0


def test_a_logarithmic_middle_is_the_geometric_one():
    assert RATE.value(0.5) == 0.01


@given(st.floats(0, 1))
def test_a_logarithmic_scale_of_whole_numbers_has_no_others(place):
    scale = SliderScale(1, 5000, 1, log=True, whole=True)
    value = scale.value(place)
    assert value.is_integer() and scale.low <= value <= scale.high
    assert scale.moved(value, 1) >= min(value + 1, scale.high)
    assert scale.moved(value, -1) <= max(value - 1, scale.low)


@pytest.mark.parametrize(
    "settings",
    [
        {"low": 1, "high": 1},
        {"low": 0, "high": math.inf},
        {"low": 0, "high": 1, "log": True},
        {"low": 0, "high": 1, "step": 0},
    ],
)
def test_an_impossible_scale_is_refused(settings):
    with pytest.raises(ValueError, match="slider cannot"):
        SliderScale(**settings)
