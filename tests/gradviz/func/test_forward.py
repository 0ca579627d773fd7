"""Products with tangents, Jacobians by columns, linear functions, and what is refused."""

from typing import Any

import numpy as np
import pytest

import gradviz
from gradviz import func

gv: Any = gradviz


def point() -> Any:
    return gv.tensor([1.0, 2.0, 3.0])


def test_columns_and_rows_give_one_jacobian() -> None:
    weight = gv.tensor([[1.0, 2.0, -1.0], [0.5, -3.0, 2.0]])

    def curve(a: Any, b: Any) -> Any:
        return {"first": gv.tanh(weight @ (a * b)), "second": (a**3 * b.exp()).sum()}

    a, b = point(), gv.tensor([0.5, -0.25, 0.125])
    for argnums in (0, 1, (0, 1)):
        forward, back = func.jacfwd(curve, argnums)(a, b), func.jacrev(curve, argnums)(a, b)
        for name in ("first", "second"):
            mine, theirs = forward[name], back[name]
            pairs = zip(mine, theirs, strict=True) if argnums == (0, 1) else [(mine, theirs)]
            for one, other in pairs:
                assert one.shape == other.shape
                np.testing.assert_allclose(one.array, other.array, rtol=1e-5, atol=1e-6)


def test_forward_over_reverse_over_forward() -> None:
    def cubes(a: Any) -> Any:
        return (a**3).sum()

    expected = np.diag([6.0, 12.0, 18.0])
    for outer in (func.jacfwd, func.jacrev):
        for inner in (func.jacfwd, func.jacrev):
            np.testing.assert_allclose(outer(inner(cubes))(point()).array, expected, rtol=1e-6)


def test_a_linear_function_takes_any_number_of_tangents() -> None:
    value, product = func.linearize(lambda a, b: a * b, point(), point() * 2)
    assert value.tolist() == [2.0, 8.0, 18.0]
    ones, zeros = gv.ones(3), gv.zeros(3)
    assert product(ones, zeros).tolist() == [2.0, 4.0, 6.0]
    assert product(zeros, ones).tolist() == [1.0, 2.0, 3.0]
    with pytest.raises(RuntimeError, match="same structure as the primals"):
        product(ones)


def test_what_does_not_vary_has_no_slope() -> None:
    _, slope = func.jvp(lambda a: gv.ones(2), (point(),), (point(),))
    assert slope.tolist() == [0.0, 0.0]
    assert func.jacfwd(lambda a: a)(gv.ones(0)).shape == (0, 0)


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda f, x: func.jvp(f, x, (x,)), RuntimeError, "Expected primals to be a tuple"),
        (lambda f, x: func.jvp(f, (x,), x), RuntimeError, "Expected tangents to be a tuple"),
        (lambda f, x: func.jvp(f, (x,), (x, x)), RuntimeError, "to have the same python structure"),
        (lambda f, x: func.jvp(f, (), ()), RuntimeError, "to contain at least one Tensor"),
        (lambda f, x: func.jvp(f, (3.0,), (x,)), RuntimeError, "Expected primals to only contain"),
        (lambda f, x: func.jvp(f, (x,), (gv.ones(2),)), RuntimeError,
         "Trying to set a forward gradient that has a different size"),
        (lambda f, x: func.jvp(lambda a: 3.0, (x,), (x,)), RuntimeError,
         "to return only tensors, got unsupported type <class 'float'>"),
        (lambda f, x: func.jacrev(lambda a: 3.0)(x), RuntimeError,
         "to return only tensors, got unsupported type <class 'float'>"),
        (lambda f, x: func.jacfwd(f)(gv.tensor([1, 2])), ValueError,
         "Expected primal to be floating point or complex, but got: torch.int64"),
        (lambda f, x: func.jacfwd(f, randomness="z")(x), RuntimeError, "Got z"),
        (lambda f, x: func.jacrev(f, chunk_size=0), ValueError, "should be greater than 0"),
        (lambda f, x: func.jacfwd(f, 2)(x), RuntimeError,
         "Got argnum=2, but only 1 positional inputs"),
    ],
)  # fmt: skip
def test_what_is_refused(call: Any, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message):
        call(lambda a: a**2, point())


def test_batches_without_examples_and_places_of_results() -> None:
    assert func.vmap(lambda a: (a, a.sum()))(gv.ones(0, 2))[0].shape == (0, 2)
    assert func.vmap(lambda a: a, out_dims=1)(gv.ones(0, 2)).shape == (2, 0)
    with pytest.raises(ValueError, match="`out_dims` must be an int, None or a python"):
        func.vmap(lambda a: a, out_dims="x")(gv.ones(2))
    with pytest.raises(ValueError, match="can not return a BatchedTensor when out_dim is None"):
        func.vmap(lambda a: a, out_dims=None)(gv.arange(2.0))
    assert func.vmap(lambda a: gv.ones(2), out_dims=None)(gv.arange(2.0)).tolist() == [1.0, 1.0]
