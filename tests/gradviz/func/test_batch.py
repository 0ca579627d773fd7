from typing import Any

import numpy as np
import pytest

import gradviz as gv
from gradviz.func import grad, vmap


@pytest.fixture
def rows() -> Any:
    return gv.arange(6.0).reshape(3, 2)


def test_a_function_of_one_becomes_one_of_a_batch(rows: Any) -> None:
    assert vmap(gv.dot)(rows, rows).tolist() == [1.0, 13.0, 41.0]
    assert vmap(gv.dot, (0, None))(rows, rows[1]).tolist() == [3.0, 13.0, 23.0]
    assert vmap(lambda x: x * 2, in_dims=1, out_dims=1)(rows).tolist() == (rows * 2).tolist()
    assert vmap(lambda x: x.sum(), in_dims=-1)(rows).tolist() == [6.0, 9.0]


def test_arguments_and_results_may_nest(rows: Any) -> None:
    def model(pair: Any, *, scale: Any) -> Any:
        x, extra = pair
        return {"sum": (x + extra["b"]) * scale, "both": [x, extra["b"]]}

    found = vmap(model, in_dims=((0, {"b": None}),))((rows, {"b": rows[0]}), scale=rows[1])
    assert found["sum"].tolist() == ((rows + rows[0]) * rows[1]).tolist()
    assert found["both"][1].tolist() == [[0.0, 1.0]] * 3


def test_results_have_their_own_out_dims(rows: Any) -> None:
    a, b = vmap(lambda x: (x, x.sum()), out_dims=(1, 0))(rows)
    assert a.tolist() == rows.T.tolist()
    assert b.tolist() == [1.0, 5.0, 9.0]


def test_gradients_an_example_and_through_the_batch(rows: Any) -> None:
    each = vmap(grad(lambda x: (x**2).sum()))(rows)
    assert each.tolist() == (rows * 2).tolist()
    rows.requires_grad_()
    vmap(lambda x: x**2)(rows).sum().backward()
    assert np.array_equal(rows.grad.array, rows.array * 2)
    nested = vmap(vmap(lambda x: x + 1))(gv.zeros(2, 3))
    assert nested.tolist() == [[1.0] * 3] * 2


def test_random_numbers_are_the_same_where_asked(rows: Any) -> None:
    draw = vmap(lambda x: x * 0 + gv.rand(2), randomness="same")(rows)
    assert draw[0].tolist() == draw[1].tolist() == draw[2].tolist()
    differ = vmap(lambda x: x * 0 + gv.rand(2), randomness="different")(rows)
    assert differ[0].tolist() != differ[1].tolist()
    with pytest.raises(RuntimeError, match="called random operation"):
        gv.vmap(lambda x: x + gv.rand(2))(rows)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: vmap(gv.add)(x, gv.ones(2)), "Expected all tensors to have the same size"),
        (lambda x: vmap(gv.dot, in_dims=[0, 0])(x, x), "expected `in_dims` to be int or a"),
        (lambda x: vmap(gv.sum, in_dims=(None,))(x), "Expected at least one Tensor to vmap over"),
        (lambda x: vmap(lambda row: (row, None))(x), "got type <class 'NoneType'>"),
        (lambda x: vmap(gv.sum, 5)(x), "Got in_dim=5 for some input"),
        (lambda x: vmap(gv.add)(x, 3), "input is of type <class 'int'>"),
        (lambda x: vmap(gv.sum, (0, 0))(x), "in_dims is not compatible"),
        (lambda x: vmap(lambda x: 3)(x), "must only return Tensors"),
        (lambda x: vmap(gv.sum)(), "got no inputs"),
    ],
)
def test_misuse_is_named(call: Any, message: str, rows: Any) -> None:
    with pytest.raises(ValueError, match=message):
        call(rows)


def test_what_is_the_same_for_all_is_not_written_to(rows: Any) -> None:
    total = gv.zeros(2)
    with pytest.raises(RuntimeError, match="is the same for all examples"):
        vmap(lambda x, y: y.add_(x), in_dims=(0, None))(rows, total)
    assert vmap(lambda x: x.mul_(2))(rows).tolist() == rows.tolist() == [[0, 2], [4, 6], [8, 10]]
