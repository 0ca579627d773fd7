import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradviz_ui.numbers import full
from gradviz_ui.widgets import NotANumberError, NumberRule


@pytest.mark.parametrize(
    ("text", "value"),
    [("1.5", 1.5), (" −3 ", -3.0), ("-2e-3", -0.002), ("∞", math.inf), (".5", 0.5)],
)
def test_what_is_a_number(text, value):
    assert NumberRule().parse(text) == value


@given(st.floats(allow_nan=False))
def test_what_full_writes_is_read(value):
    assert NumberRule().parse(full(value)) == value


@pytest.mark.parametrize("text", ["", "x", "1+1", "__import__('os')", "1.5.2", "1_000", "two"])
def test_what_is_not(text):
    with pytest.raises(NotANumberError, match="is not a number; write it as"):
        NumberRule().parse(text)


@pytest.mark.parametrize(
    ("rule", "text", "reason"),
    [
        (NumberRule(0, 1), "2", "2.000 is outside 0 to 1"),
        (NumberRule(0), "-1", "−1.000 is outside the numbers that are 0 or more"),
        (NumberRule(high=0), "1", "outside the numbers that are 0 or less"),
        (NumberRule(whole=True), "1.5", "1.500 is not a whole number"),
        (NumberRule(1, 1e6, whole=True), "0", "^0 is outside 1 to 1000000$"),
        (NumberRule(0, 1), "nan", "nan is outside 0 to 1"),
    ],
)
def test_what_a_rule_refuses(rule, text, reason):
    with pytest.raises(NotANumberError, match=reason):
        rule.parse(text)


def test_nan_is_a_number_where_nothing_is_ruled_out():
    assert math.isnan(NumberRule().parse("nan"))


def test_the_nearest_number():
    assert NumberRule(0, 1).nearest(7.3) == 1
    assert NumberRule(whole=True).nearest(2.6) == 3
