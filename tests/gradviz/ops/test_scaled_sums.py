"""Sums with a factor, written over their first term."""

from __future__ import annotations

import numpy as np
import pytest

from gradviz.ops import scaled_sums
from gradviz.ops.scaled_sums import LONG, add_scaled, rows_product


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("alpha", [1, -1, 0.3])
@pytest.mark.parametrize("shape", [(3,), (LONG // 8, 9)])
def test_the_sum_is_written_over_the_first_term(
    kind: type[np.floating], alpha: float, shape: tuple[int, ...]
) -> None:
    random = np.random.default_rng(0)
    target, other = (random.standard_normal(shape).astype(kind) for _ in range(2))
    wanted = target + other.astype(np.float64) * alpha
    add_scaled(target, other, alpha)
    np.testing.assert_allclose(target, wanted, rtol=0, atol=4 * float(np.finfo(kind).eps))


def test_long_rows_in_single_precision_are_rounded_once() -> None:
    target = np.full(LONG, 1 + 2**-23, np.float32)
    other = np.full(LONG, 1 + 2**-12, np.float32)
    factor = float(np.float32(1 + 2**-12))
    add_scaled(target, other, -factor)
    exactly = (1 + 2**-23) - (1 + 2**-12) ** 2
    assert target[0] == np.float32(exactly)


@pytest.mark.parametrize(
    "first, second", [(slice(1, None), slice(-1)), (slice(-1), slice(1, None))]
)
def test_terms_that_share_memory_are_read_before_they_are_written(
    first: slice, second: slice
) -> None:
    memory = np.arange(LONG + 1, dtype=np.float32)
    wanted = memory[first] + memory[second] * 0.5
    add_scaled(memory[first], memory[second], 0.5)
    np.testing.assert_array_equal(memory[first], wanted)


@pytest.mark.parametrize("turned", [0, 1])
def test_terms_may_lie_in_memory_in_different_orders(turned: int) -> None:
    terms = [np.arange(LONG, dtype=np.float32).reshape(64, -1) for _ in range(2)]
    terms[turned] = np.asfortranarray(terms[turned])
    wanted = terms[0] * 1.5
    add_scaled(terms[0], terms[1], 0.5)
    np.testing.assert_array_equal(terms[0], wanted)


@pytest.mark.parametrize("count, inner, width", [(LONG // 8, 9, 8), (70, 300, 65)])
def test_a_bias_is_where_a_product_is_added_up(
    count: int, inner: int, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scaled_sums, "ALONE", True)
    random = np.random.default_rng(0)
    left, rows, bias = (
        random.standard_normal(shape).astype(np.float32)
        for shape in ((count, inner), (width, inner), (width,))
    )
    before = bias.copy()
    result = rows_product(left, rows, bias)
    assert result is not None and result.flags.c_contiguous and result.base is None
    wanted = left.astype(np.float64) @ rows.T.astype(np.float64) + bias
    np.testing.assert_allclose(result, wanted, rtol=0, atol=1e-4)
    np.testing.assert_array_equal(bias, before)


@pytest.mark.parametrize("kind, left, rows", [
    (np.float64, (70, 300), (65, 300)), (np.float32, (8, 9), (8, 9)),
    (np.float32, (1, 9), (LONG, 9)), (np.float32, (70, 0), (65, 0)),
])  # fmt: skip
def test_other_products_have_their_bias_added(
    kind: type[np.floating], left: tuple[int, ...], rows: tuple[int, ...]
) -> None:
    assert rows_product(np.ones(left, kind), np.ones(rows, kind), np.ones(rows[0], kind)) is None
    turned = np.ones(left[::-1], kind).T
    assert rows_product(turned, np.ones(rows, kind), np.ones(rows[0], kind)) is None
