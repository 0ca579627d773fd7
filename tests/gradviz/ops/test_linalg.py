"""Matrix products and einsum: shapes of every rank, gradients, types and refusals."""

from __future__ import annotations

import numpy as np
import pytest

import gradviz as gv

RANKS = [
    ((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 2)), ((2, 3), (3, 4)), ((5, 2, 3), (3,)),
    ((3,), (5, 3, 2)), ((5, 2, 3), (3, 4)), ((2, 3), (5, 3, 4)), ((2, 1, 2, 3), (5, 3, 4)),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right"), RANKS, ids=str)
def test_matmul_of_every_rank(left, right):
    rng = np.random.default_rng(0)
    a = gv.tensor(rng.standard_normal(left), requires_grad=True)
    b = gv.tensor(rng.standard_normal(right), requires_grad=True)
    assert np.allclose((a @ b).detach().array, a.array @ b.array)
    assert gv.autograd.gradcheck(gv.matmul, (a, b))
    assert gv.autograd.gradgradcheck(gv.matmul, (a, b))


def test_whole_numbers_stay_whole():
    whole = gv.tensor([[1, 2], [3, 4]])
    assert (whole @ whole).dtype is gv.int64
    assert gv.trace(whole).dtype is gv.int64


@pytest.mark.parametrize(
    ("left", "right", "message"),
    [
        (
            gv.ones((2, 3)),
            gv.ones((2, 3)),
            r"mat1 and mat2 shapes cannot be multiplied \(2x3 and 2x3\)",
        ),
        (gv.ones((2, 3)), gv.ones(4), r"size mismatch, got input \(2\), mat \(2x3\), vec \(4\)"),
        (gv.ones(3), gv.ones(4), "inconsistent tensor size"),
        (gv.tensor(1.0), gv.ones(1), "need to be at least 1D, but they are 0D and 1D"),
        (gv.ones((2, 2, 3)), gv.ones((3, 3, 2)), r"tensor a \(2\) must match the size of tensor b"),
        (gv.ones(2), gv.tensor([1, 2]), "same dtype, but found Float and Long"),
    ],
    ids=str,
)
def test_matmul_refusals(left, right, message):
    with pytest.raises(RuntimeError, match=message):
        left @ right


@pytest.mark.parametrize(
    ("equation", "shapes"),
    [
        ("ij,jk->ik", [(2, 3), (3, 4)]), ("ij,jk", [(2, 3), (3, 4)]), ("ba", [(2, 3)]),
        ("ii->i", [(3, 3)]), ("ii", [(3, 3)]), ("iij->ij", [(2, 2, 3)]),
        ("i,j,k->kij", [(2,), (3,), (4,)]),
        ("...ij,...jk->...ik", [(5, 2, 3), (3, 4)]), ("ij->", [(2, 3)]), ("i...->...", [(2, 3)]),
        ("ij,jk->ik", [(2, 3), (1, 4)]), ("ii,ij->j", [(3, 3), (3, 2)]),
    ],
    ids=str,
)  # fmt: skip
def test_einsum_gives_what_numpy_gives_and_its_gradient(equation, shapes):
    rng = np.random.default_rng(1)
    tensors = [gv.tensor(rng.standard_normal(s), requires_grad=True) for s in shapes]
    expected = np.einsum(equation, *[t.array for t in tensors])
    assert np.allclose(gv.einsum(equation, *tensors).detach().array, expected)
    assert gv.autograd.gradcheck(lambda *ts: gv.einsum(equation, *ts), tuple(tensors))
    assert gv.autograd.gradgradcheck(lambda *ts: gv.einsum(equation, list(ts)), tuple(tensors))


@pytest.mark.parametrize(
    ("equation", "shapes", "message"),
    [
        ("ij,jk->il", [(2, 3), (3, 2)], "output subscript l does not appear in the equation"),
        (
            "ij,jk",
            [(2, 3), (4, 2)],
            "subscript j has size 4 for operand 1 which does not broadcast",
        ),
        ("ijk", [(2, 3)], r"number of subscripts in the equation \(3\) does not match"),
        ("ij->ii", [(2, 3)], "output subscript i appears more than once in the output"),
        ("ij,jk", [(2, 3)], "fewer operands were provided"),
        ("ij", [(2, 3), (3, 2)], "more operands were provided"),
        ("i.j", [(2, 3)], "that is not part of any ellipsis"),
        ("i1", [(2, 3)], "invalid subscript given at index 1"),
        ("ii", [(2, 3)], "subscript i is repeated for operand 0 but the sizes don't match, 3 != 2"),
    ],
)
def test_einsum_refusals(equation, shapes, message):
    with pytest.raises(RuntimeError, match=message):
        gv.einsum(equation, *[gv.ones(s) for s in shapes])
