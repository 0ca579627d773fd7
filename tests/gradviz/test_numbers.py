import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradviz.numbers import MINUS, full, shape_text, short

finite = st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2.0, "2.000"),
        (-1.5, "−1.500"),
        (0.2347, "0.2347"),
        (0.0, "0.000"),
        (-0.0, "0.000"),
        (1234.4, "1234"),
        (123400.0, "1.234e5"),
        (9999.7, "1.000e4"),
        (0.00012345678, "0.0001235"),
        (3e-9, "3.000e−9"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (math.nan, "nan"),
        (7, "7"),
        (-12345678, "−12345678"),
        (True, "True"),
        (np.float32(0.1), "0.1000"),
        (np.int64(-3), "−3"),
        (np.bool_(False), "False"),
        (1.5 - 2j, "1.500 − 2.000i"),
        (1.5 + 2j, "1.500 + 2.000i"),
    ],
)
def test_short(value, text):
    assert short(value) == text


@given(finite)
def test_short_is_within_half_a_fourth_digit(value):
    text = short(value)
    assert "-" not in text
    error = abs(Decimal(text.replace(MINUS, "-")) - Decimal(value))
    assert error <= abs(Decimal(value)) * Decimal("5e-4")


@given(finite)
def test_short_never_shows_a_minus_zero(value):
    text = short(value)
    if text.startswith(MINUS):
        assert float(text.replace(MINUS, "-")) < 0


@given(st.floats())
def test_full_reads_back_as_the_same_number(value):
    again = float(full(value))
    assert again == value or (math.isnan(again) and math.isnan(value))


@given(st.floats(width=32, allow_nan=False))
def test_full_of_a_float32_reads_back_in_its_own_precision(value):
    assert np.float32(full(np.float32(value))) == np.float32(value)


@pytest.mark.parametrize(
    ("shape", "text"), [((), "( )"), ((3,), "(3)"), ((3, 4), "(3, 4)"), ((0, 2), "(0, 2)")]
)
def test_shape_text(shape, text):
    assert shape_text(shape) == text
