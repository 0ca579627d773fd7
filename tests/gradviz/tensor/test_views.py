"""Views: the same memory in another shape, writes that show through, gradients that follow."""

from __future__ import annotations

import numpy as np
import pytest

import gradviz as gv


def matrix(**options):
    return gv.tensor(np.arange(6.0).reshape(2, 3), **options)


VIEWS = {
    "view": lambda x: x.view(3, 2),
    "reshape": lambda x: x.reshape(-1),
    "transpose": lambda x: x.transpose(0, 1),
    "t": lambda x: x.t(),
    "T": lambda x: x.T,
    "permute": lambda x: x.permute(1, 0),
    "movedim": lambda x: x.movedim(0, 1),
    "unsqueeze": lambda x: x.unsqueeze(-1),
    "squeeze": lambda x: x.unsqueeze(0).squeeze(),
    "narrow": lambda x: x.narrow(1, 1, 2),
    "select": lambda x: x.select(1, 0),
    "scalar": lambda x: x[1, 2],
    "slice": lambda x: x[:, ::2],
    "diagonal": lambda x: x.diagonal(),
    "expand": lambda x: x.expand(4, 2, 3),
    "chunk": lambda x: x.chunk(2)[1],
    "split": lambda x: x.split([1, 2], dim=1)[1],
    "unbind": lambda x: x.unbind(1)[2],
}


@pytest.mark.parametrize("name", VIEWS)
def test_views_share_memory_and_version(name):
    x = matrix()
    view = VIEWS[name](x)
    assert np.shares_memory(view.array, x.array)
    x.mul_(10)
    assert view._version == x._version
    assert np.array_equal(view.array, VIEWS[name](matrix() * 10).array)


@pytest.mark.parametrize("name", VIEWS)
def test_gradient_of_a_view_is_that_of_a_copy_of_its_elements(name):
    x = matrix(requires_grad=True)
    places = VIEWS[name](gv.tensor(np.arange(6.0).reshape(2, 3))).array.astype(int)
    out = VIEWS[name](x)
    weights = np.arange(1.0, out.array.size + 1).reshape(out.array.shape)
    (out * gv.tensor(weights)).sum().backward()
    expected = np.zeros(6)
    np.add.at(expected, places.ravel(), weights.ravel())
    assert np.array_equal(x.grad.array.ravel(), expected)


@pytest.mark.parametrize(
    "name", [n for n in VIEWS if n not in {"expand", "chunk", "split", "unbind"}]
)
def test_writing_through_a_view_moves_the_gradient(name):
    x = matrix(requires_grad=True)
    y = x * 1
    VIEWS[name](y).mul_(10)
    y.sum().backward()
    touched = VIEWS[name](gv.tensor(np.arange(6.0).reshape(2, 3))).array.astype(int)
    expected = np.ones(6)
    expected[touched.ravel()] = 10
    assert np.array_equal(x.grad.array.ravel(), expected)


def test_reshape_copies_where_it_must():
    x = matrix()
    assert not np.shares_memory(x.t().reshape(6).array, x.array)


def test_copies_are_not_views():
    x = matrix()
    for made in (x.clone(), x.flip(0), x.repeat(1, 1), x.roll(1), gv.cat([x]), x.tril()):
        assert not np.shares_memory(made.array, x.array)


def test_contiguous_is_the_tensor_itself_where_it_can_be():
    x = matrix()
    assert x.contiguous() is x
    turned = x.t().contiguous()
    assert turned.is_contiguous()
    assert not np.shares_memory(turned.array, x.array)


def test_views_follow_a_write_to_what_they_view():
    x = matrix(requires_grad=True)
    y = x * 1
    rows = y.unbind()
    y.mul_(3)
    assert gv.autograd.grad(rows[0].sum(), x)[0].tolist() == [[3.0] * 3, [0.0] * 3]


def test_one_of_several_views_cannot_be_written_to():
    y = matrix(requires_grad=True) * 1
    with pytest.raises(RuntimeError, match="Output 1 of Split is a view and is being modified"):
        y.chunk(2)[1].mul_(2)
    matrix().unbind()[0].mul_(2)


def test_expanded_memory_cannot_be_written_to():
    x = gv.tensor([1.0]).expand(3)
    with pytest.raises(RuntimeError, match="more than one element of the written-to tensor"):
        x.add_(1)


def test_unused_parts_get_no_gradient():
    x = matrix(requires_grad=True)
    parts = x.split([1, 2], dim=1)
    parts[1].sum().backward()
    assert x.grad.tolist() == [[0.0, 1.0, 1.0]] * 2


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda x: x.view(4), RuntimeError, r"shape '\[4\]' is invalid for input of size 6"),
        (lambda x: x.t().view(6), RuntimeError, "view size is not compatible"),
        (lambda x: x.reshape(-1, -1), RuntimeError, "only one dimension can be inferred"),
        (lambda x: x.view(3, -2), RuntimeError, r"invalid shape dimension -2 at index 1"),
        (
            lambda x: x.transpose(0, 2),
            IndexError,
            r"expected to be in range of \[-2, 1\], but got 2",
        ),
        (lambda x: x.permute(0, 0), RuntimeError, "duplicate dims are not allowed"),
        (
            lambda x: x.expand(3, 3),
            RuntimeError,
            r"The expanded size of the tensor \(3\) must match",
        ),
        (lambda x: x.unsqueeze(0).t(), RuntimeError, "expects a tensor with <= 2 dimensions"),
        (lambda x: x.narrow(1, 2, 2), RuntimeError, r"start \(2\) \+ length \(2\) exceeds"),
        (lambda x: x.select(0, 2), IndexError, r"index 2 out of range for tensor of size \[2, 3\]"),
        (lambda x: x.split([1, 1], 1), RuntimeError, "to sum exactly to 3"),
        (lambda x: x.flatten(1, 0), RuntimeError, "start_dim cannot come after end_dim"),
        (lambda x: x.repeat(2), RuntimeError, "can not be smaller than number of dimensions"),
    ],
)
def test_refusals(call, error, message):
    with pytest.raises(error, match=message):
        call(matrix())


def test_t_of_other_than_a_matrix_warns():
    with pytest.warns(UserWarning, match=r"The use of `x\.T` on tensors of dimension other than 2"):
        assert gv.zeros((2, 3, 4)).T.shape == (4, 3, 2)


def test_second_gradients_flow_through_views():
    x = matrix(requires_grad=True)
    y = (x.t()[1:].reshape(-1) ** 3).sum()
    (first,) = gv.autograd.grad(y, x, create_graph=True)
    (second,) = gv.autograd.grad(first.sum(), x)
    assert np.array_equal(second.array, np.array([[0.0, 6.0, 12.0], [0.0, 24.0, 30.0]]))


def test_to_and_the_casts():
    x = matrix(requires_grad=True)
    assert x.to(gv.float64) is x
    assert x.to(gv.float64, copy=True) is not x
    assert x.long().dtype is gv.int64
    assert x.type() == "torch.DoubleTensor"
    single = x.float()
    single.sum().backward()
    assert single.dtype is gv.float32
    assert x.grad.dtype is gv.float64
    with pytest.raises(AssertionError, match="not compiled with CUDA"):
        x.to("cuda")
